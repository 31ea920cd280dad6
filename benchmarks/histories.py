#!/usr/bin/env python3
"""Import real histories, build their site, and hold every redline against its two laws.

    benchmarks/histories.py ../shared/histories/*
    benchmarks/histories.py --no-site folder-of-dated-texts

Each folder is one history: its files are imported as one policy into a repository made for the purpose. For every
version and the one before it, the redline is checked: without what is marked as added its blocks are those of the old
text, without what is marked as removed those of the new one; and a strict HTML5 parser finds nothing wrong with it.
Exits 1 if a version is missing, a pin does not hold, a law is broken or the site does not build without a warning.

Columns: versions imported of the files there; sections in the first and the newest; ids that the history used in all;
CPU ms of the import for each version; redlines compared; how many fail the round trip, and the parser; their CPU ms,
median and 95th percentile, texts rendered.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import html5lib
from rich.console import Console
from rich.table import Table
from running import environment

from gazette.editorial.importing.facts import Wishes
from gazette.editorial.importing.plan import make_plan
from gazette.editorial.importing.sources import sources_from_files
from gazette.editorial.importing.writing import write_plan
from gazette.policy import timeline
from gazette.policy.git import Repository
from gazette.policy.model import Policy, Text
from gazette.policy.pins import Pins
from gazette.policy.reading import read_policies
from gazette.policy.rendering import Renderer
from gazette.policy.settings import Settings, find_config, read_settings
from gazette.policy.slugs import slug
from gazette.redline import compare, html, prepare_text

CONFIG = """\
site_name: Histories
site_url: https://policies.example.com/
docs_dir: content
theme: {name: material, font: false}
plugins: [search, gazette]
"""

_BLOCK_NAMES = """
p li ul ol dl dt dd td th tr table thead tbody tfoot caption h1 h2 h3 h4 h5 h6 div pre blockquote hr section article
aside header footer nav main figure figcaption details summary address center form fieldset
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())

_ROW = "history versions sections ids import pairs trip html median p95"


@dataclass
class Figures:
    """What was found out about one history."""

    history: str
    files: int
    versions: int = 0
    first: int = 0
    last: int = 0
    ids: int = 0
    import_ms: float = 0.0
    times: tuple[float, ...] = ()
    broken: tuple[str, ...] = ()
    invalid: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return self.versions == self.files and not self.broken and not self.invalid


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("histories", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--no-site", action="store_true", help="leave out the site")
    options = parser.parse_args()
    folders = [path for path in options.histories if path.is_dir()]
    with tempfile.TemporaryDirectory(prefix="gazette-histories-") as temporary:
        root = Path(temporary)
        (root / "mkdocs.yml").write_text(CONFIG)
        settings = read_settings(find_config(root))
        with Repository.create(root) as repository:
            figures = [import_history(folder, settings, repository) for folder in folders]
        problems = check(settings, figures)
        show(figures)
        if not options.no_site:
            problems += build(root)
    for problem in problems:
        print(problem)
    return 0 if not problems and all(entry.holds for entry in figures) else 1


def import_history(folder: Path, settings: Settings, repository: Repository) -> Figures:
    """Import one folder, as `gazette import FOLDER` does."""
    start = cpu()
    sources, _ = sources_from_files([folder])
    plan = make_plan(sources, Wishes(slug(folder.name), settings.day))
    write_plan(plan, settings.content, repository)
    return Figures(slug(folder.name), len(sources), import_ms=1000 * (cpu() - start) / len(sources))


def check(settings: Settings, figures: Sequence[Figures]) -> list[str]:
    """Read everything back, as the site does, and compare every two neighbours."""
    policies, found = read_policies(settings)
    pins = Pins.find(settings.content, policies)
    problems = [str(problem) for problem in found]
    for policy in policies:
        problems += [str(problem) for problem in pins.problems(policy)]
        entry = next(entry for entry in figures if entry.history == policy.id)
        compare_neighbours(policy, pins.texts(policy), entry)
    return problems


def compare_neighbours(policy: Policy, texts: dict[str, Text], entry: Figures) -> None:
    renderer = Renderer()
    order = timeline.publication_order(policy.versions)
    in_order = [texts[version.label] for version in order]
    entry.versions, entry.first, entry.last = len(order), len(in_order[0].sections), len(in_order[-1].sections)
    entry.ids = len({section.id for text in in_order for section in text.sections})
    times, broken, invalid = [], [], []
    blocks = [plain_blocks(text, renderer) for text in in_order]
    for place, (old, new) in enumerate(pairwise(in_order)):
        prepared = [prepare_text(text, renderer.sections) for text in (old, new)]
        start = cpu()
        written = html(compare(*prepared))
        times.append(1000 * (cpu() - start))
        before, after, errors = sides(written)
        label = f"{policy.id} {order[place].label}..{order[place + 1].label}"
        broken += [f"{label} old"] * (before != blocks[place]) + [f"{label} new"] * (after != blocks[place + 1])
        invalid += [f"{label}: {error}" for error in errors[:1]]
    entry.times, entry.broken, entry.invalid = tuple(sorted(times)), tuple(broken), tuple(invalid)


def plain_blocks(text: Text, renderer: Renderer) -> list[str]:
    """What a text's own page says, block by block, without white space."""
    pages = (f"<h2>{section.title}</h2>{section.body}" for section in renderer.render(text))
    return [block for block in read_blocks("".join(pages), marks=False)[0] if block]


def sides(written: str) -> tuple[list[str], list[str], list[str]]:
    """The blocks of a redline as they were, as they are, and what the parser says."""
    new, errors = read_blocks(written, drop="del")
    old, _ = read_blocks(written, drop="ins")
    return [block for block in old if block], [block for block in new if block], errors


def read_blocks(fragment: str, drop: str = "", marks: bool = True) -> tuple[list[str], list[str]]:
    """The texts of a fragment's blocks without white space, and what a strict parser finds wrong.

    What stands in an element `drop` is left out. Seen from the old text (`drop` is `ins`) a break that was added joins
    its block with the next one that says something, and one that was removed parts its block.
    """
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    page = parser.parse(f"<!DOCTYPE html><html><head><title>x</title></head><body>{fragment}</body></html>")
    blocks: list[str] = [""]
    joining = False

    def say(text: str | None) -> None:
        nonlocal joining
        if words := re.sub(r"\s+", "", text or ""):
            if joining:
                while len(blocks) > 1 and not blocks[-1]:
                    blocks.pop()
                joining = False
            blocks[-1] += words

    def walk(element: Any, dropped: bool) -> None:
        nonlocal joining
        if not isinstance(element.tag, str):
            return
        if marks and element.tag in ("ins", "del") and "break" in element.get("class", "").split():
            if drop == "ins" and element.tag == "ins" and not dropped:
                joining = True
            elif drop == "ins" and element.tag == "del":
                blocks.append("")
            return
        dropped = dropped or (marks and element.tag == drop)
        if element.tag in _BLOCKS:
            blocks.append("")
        if not dropped:
            say(element.text)
        for child in element:
            walk(child, dropped)
            if child.tag in _BLOCKS:
                blocks.append("")
            if not dropped:
                say(child.tail)

    walk(page.find("body"), False)
    return blocks, [str(code) for _, code, _ in parser.errors]


def build(root: Path) -> list[str]:
    """Build the site of all histories, strictly."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    start = children()
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=environment())
    pages = sum(1 for _ in (root / "site").rglob("*.html"))
    print(f"site: {pages} pages, {children() - start:.1f} s CPU, exit code {done.returncode}")
    return [line for line in done.stderr.splitlines() if done.returncode and line.strip()]


def show(figures: Sequence[Figures]) -> None:
    table = Table(*_ROW.split(), box=None, header_style="bold")
    for entry in [*figures, total(figures)]:
        table.add_row(*cells(entry))
    Console(width=130).print(table)
    for entry in figures:
        for line in (*entry.broken[:5], *entry.invalid[:5]):
            print(f"  {line}")


def cells(entry: Figures) -> Iterator[str]:
    times = entry.times or (0.0,)
    yield entry.history
    yield f"{entry.versions} of {entry.files}"
    yield f"{entry.first} → {entry.last}" if entry.last else ""
    yield str(entry.ids)
    yield f"{entry.import_ms:.1f}"
    yield str(len(entry.times))
    yield str(len(entry.broken))
    yield str(len(entry.invalid))
    yield f"{times[len(times) // 2]:.1f}"
    yield f"{times[int(len(times) * 0.95)]:.1f}"


def total(figures: Sequence[Figures]) -> Figures:
    everything = Figures("all", sum(entry.files for entry in figures))
    everything.versions = sum(entry.versions for entry in figures)
    everything.ids = sum(entry.ids for entry in figures)
    everything.import_ms = sum(entry.import_ms * entry.files for entry in figures) / max(1, everything.files)
    everything.times = tuple(sorted(time for entry in figures for time in entry.times))
    everything.broken = tuple(line for entry in figures for line in entry.broken)
    everything.invalid = tuple(line for entry in figures for line in entry.invalid)
    return everything


def cpu() -> float:
    """CPU seconds of this process and of those that it started and that ended."""
    return time.process_time() + children()


def children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
