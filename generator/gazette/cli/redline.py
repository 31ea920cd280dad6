"""`gazette redline`: what changed between two texts, in whatever form it is to be read."""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gazette.cli.main import main

if TYPE_CHECKING:
    from gazette.editorial.compared import Side
    from gazette.policy.model import Policy, Text
    from gazette.policy.rendering import Renderer
    from gazette.policy.settings import Settings
    from gazette.redline import PreparedText, Redline

FORMATS = ("terminal", "html", "side-by-side", "markdown", "json")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:.*\n)*?---[ \t]*(?:\n|\Z)")
#: What the name of a file that is written says; one without an ending says nothing.
_FORM_OF = {".html": "html", ".htm": "html", ".md": "markdown", ".json": "json", ".txt": "terminal", "": ""}
_FILE_ENDINGS = (".md", ".markdown", ".mdown", ".mkd", ".txt", ".text", ".html", ".htm", ".xhtml")


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two texts that are ready to be compared, and how a reader calls them."""

    old: PreparedText
    new: PreparedText
    title: str
    names: tuple[str, str]
    language: str = "en"


@main.command()
@click.argument("policy", metavar="POLICY|OLD")
@click.argument("start", metavar="[FROM]", required=False)
@click.argument("end", metavar="[TO]", required=False)
@click.option(
    "--since", metavar="DATE|LABEL", help="From what was in force that day; to what is in force now, or FROM."
)
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: what the name of -o says, else terminal.")
@click.option("--standalone", is_flag=True, help="A whole HTML page, to send or to print; -o makes one too.")
@click.option("--full", is_flag=True, help="Show unchanged stretches too.")
@click.option(
    "--limit", type=click.IntRange(min=2_000), default=60_000, show_default=True, help="Of Markdown, in characters."
)
@click.option("--width", type=click.IntRange(min=20), help="In columns; the terminal's, or 80.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file to write instead.")
@click.pass_context
def redline(
    context: click.Context,
    policy: str,
    start: str | None,
    end: str | None,
    since: str | None,
    form: str | None,
    standalone: bool,
    full: bool,
    limit: int,
    width: int | None,
    output: Path | None,
) -> None:
    """Show what changed: in a POLICY between FROM and TO, or between the files OLD and FROM.

    FROM and TO are labels of versions, or 'draft' for the working text. Without TO it is the working text, without
    FROM the version published last; where nothing was edited since, that version and the one before it. OLD and FROM
    may also be two .md, .txt or .html files, wherever they are.

    \b
    Example: gazette redline privacy-policy
             gazette redline privacy-policy 2023-03-18 2024-01-10 --format html -o changes.html
             gazette redline privacy-policy --since 2023-05-01
             gazette redline old.md new.md --format markdown
    """
    from gazette.errors import UsageError
    from gazette.redline import compare

    form = form or _form_of(output) or ("html" if standalone else "terminal")
    if standalone and form not in ("html", "side-by-side"):
        raise UsageError(f"--standalone makes an HTML page, and the format is {form}", "choose html or side-by-side")
    pair = _files(policy, start, end, since) or _versions(context.obj(), policy, start, end, since)
    found = compare(pair.old, pair.new)
    page = standalone or (output is not None and form in ("html", "side-by-side"))
    if form == "terminal":
        columns = width or (80 if output else shutil.get_terminal_size((80, 24)).columns)
        written = _terminal(found, pair, columns, output is None and _has_colour(), full)
    else:
        written = _rendered(found, pair, form, full, limit, page)
    _write(written, output)


def _form_of(output: Path | None) -> str:
    """What the name of the file to write says about the format, which may be nothing."""
    from gazette.errors import UsageError

    ending = output.suffix.lower() if output else ""
    if ending not in _FORM_OF:
        known = ", ".join(filter(None, _FORM_OF))
        raise UsageError(
            f"{output}: nothing is written as '{ending}'", f"end the name in {known}, or choose a --format"
        )
    return _FORM_OF[ending]


def _files(old: str, new: str | None, more: str | None, since: str | None) -> _Pair | None:
    """The pair that two names of files stand for; None if they stand for a policy and a label."""
    from gazette.errors import UsageError

    names = [name for name in (old, new) if name is not None and _is_file(name)]
    if not names:
        return None
    if new is None or len(names) < 2 or more is not None or since is not None:
        raise UsageError(f"'{names[0]}' is a file, and files are compared in twos", "name two files and nothing else")
    was, now = (_prepared(Path(name)) for name in (old, new))
    return _Pair(was, now, "Redline", (old, new))


def _is_file(name: str) -> bool:
    return name.lower().endswith(_FILE_ENDINGS) or Path(name).is_file()


def _prepared(path: Path) -> PreparedText:
    """A file as a text: Markdown as it stands but for its front matter, other kinds as `gazette import` reads them."""
    from gazette.editorial.importing.decoding import decode, is_binary
    from gazette.editorial.importing.reading import MARKDOWN, read_document
    from gazette.errors import UsageError
    from gazette.redline import prepare

    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}", "name two .md, .txt or .html files") from error
    if is_binary(data):
        raise UsageError(f"{path}: is no text", "name two .md, .txt or .html files")
    if path.suffix.lower() in MARKDOWN:
        text, _ = decode(data, str(path))
        return prepare(_FRONT_MATTER.sub("", text, count=1))
    document = read_document(str(path), data)
    return prepare(f"# {document.title}\n\n{document.markdown}" if document.title else document.markdown)


def _versions(settings: Settings, name: str, start: str | None, end: str | None, since: str | None) -> _Pair:
    """The pair of texts of a policy."""
    from gazette.editorial.compared import compared, compared_since
    from gazette.editorial.text_folder import policy_folder
    from gazette.errors import ContentError, UsageError
    from gazette.policy.reading import read_policy
    from gazette.redline import prepare_text

    folder = policy_folder(settings.content, Path(name).name if Path(name).is_dir() else name)
    policy, problems = read_policy(folder, settings.root)
    if policy is None:
        raise ContentError(problems)
    broken = [problem for problem in problems if Path(problem.path).name in (f"{start}.md", f"{end}.md")]
    if broken and not all(policy.version(label) for label in (start, end) if label):
        raise ContentError(broken)
    if since is None:
        sides = compared(policy, start, end)
    elif end is None:
        sides = compared_since(policy, since, start, settings.day)
    else:
        raise UsageError("--since says where to start, and two more texts are named", "leave out FROM")
    texts = _Texts(settings, policy)
    old, new = (prepare_text(texts.of(one), texts.renderer.sections) for one in sides)
    return _Pair(old, new, policy.title or policy.id, (sides[0].name, sides[1].name), policy.language or "en")


def renderer(settings: Settings) -> Renderer:
    """Renders texts as the site does; UsageError where its extensions cannot be loaded."""
    from gazette.errors import UsageError
    from gazette.policy.rendering import Renderer, with_defaults

    try:
        found = Renderer(with_defaults(list(settings.extensions)), settings.extensions)
        found.load()
    except (ImportError, KeyError) as error:
        what = f"the site's markdown_extensions cannot be loaded: {error}"
        raise UsageError(what, "install what they need, or correct mkdocs.yml") from error
    return found


class _Texts:
    """Reads and renders the texts of a policy as its site does."""

    def __init__(self, settings: Settings, policy: Policy) -> None:
        self.settings, self.policy, self.renderer = settings, policy, renderer(settings)

    def of(self, side: Side) -> Text:
        from gazette.policy.model import Text
        from gazette.policy.pins import Pins

        if side.is_nothing:
            return Text(())
        if side.version is not None:
            return Pins.find(self.settings.content, [self.policy]).text(self.policy, side.version)
        return self._draft()

    def _draft(self) -> Text:
        """The working text; sections that cannot be read are an error, not removed ones."""
        from gazette.errors import ContentError, Severity
        from gazette.policy.files import text_from_files
        from gazette.policy.reading import TEXT, shown, working_files

        place = shown(self.policy.folder / TEXT, self.settings.root)
        text, problems = text_from_files(working_files(self.policy.folder), place)
        if errors := [problem for problem in problems if problem.severity is Severity.ERROR]:
            raise ContentError(errors)
        return text


def _rendered(found: Redline, pair: _Pair, form: str, full: bool, limit: int, page: bool) -> str:
    from gazette.redline import folded, html, json, markdown, side_by_side, standalone_page

    if form == "json":
        return json(found)
    if form == "markdown":
        return markdown(found, limit, _heading(pair), full)
    if form == "side-by-side":
        fragment = side_by_side(found, sides=pair.names, full=full)
    else:
        fragment = folded(found) if page and not full else html(found)
    if not page:
        return fragment if fragment.endswith("\n") else fragment + "\n"
    return standalone_page(found, fragment, pair.title, " → ".join(pair.names), pair.language)


def _terminal(found: Redline, pair: _Pair, columns: int, colour: bool, full: bool) -> str:
    from gazette.redline import terminal

    return terminal(found, columns, colour, _heading(pair), full)


def _heading(pair: _Pair) -> str:
    return f"{pair.title}: {' → '.join(pair.names)}"


def _has_colour() -> bool:
    """A terminal, unless its user wants none (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _write(written: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(written.encode())
        sys.stdout.buffer.flush()
        return
    partial = output.with_name(f".{output.name}.partial")
    try:
        partial.write_bytes(written.encode())
        partial.replace(output)
    except OSError as error:
        from gazette.errors import UsageError

        partial.unlink(missing_ok=True)
        raise UsageError(f"{output}: cannot be written: {error.strerror}", "name another file with -o") from error
