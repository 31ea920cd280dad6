"""A Markdown file → a `Document`: front matter read and lifted out, the rest as it is.

Two things are mended because the site's parser reads them otherwise than the author and every Markdown host did:
`#1 priority` is no heading, and a heading indented by up to three spaces is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

import yaml

from gazette.editorial.importing.dates import find_date
from gazette.editorial.importing.decoding import decode
from gazette.editorial.importing.document import Document, Lifted, warning
from gazette.errors import Problem

_FRONT_MATTER = re.compile(
    r"\s*---[ \t]*\n(?P<yaml>(?=\s*(?:#|[\w\"'][^\n]*:)).*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_PUBLISHED = ("published", "date", "last_updated", "lastupdated", "last-updated", "updated", "last_modified", "lastmod")
_EFFECTIVE = ("effective", "effective_date", "effective-date")
_NO_HEADING = re.compile(r"^(?=#{1,6}[^#\s])")
_INDENTED_HEADING = re.compile(r"^ {1,3}(?=#{1,6}[ \t]+\S)")
_HEADING_IN_CELL = re.compile(r"((?<!\\)\|[ \t]*)#{1,6}[ \t]+(?=[^\s|])")
_LIST_OR_INDENTED = re.compile(r"\s*(?:[*+-]|\d+[.)])\s|\s")
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")


def read_markdown_file(path: str, data: bytes) -> Document:
    """The document that the bytes of a `.md` file hold."""
    text, warnings = decode(data, path)
    return read_markdown(path, text, list(warnings))


def read_markdown(path: str, text: str, warnings: list[Problem]) -> Document:
    """The document in Markdown that is already decoded."""
    facts: dict[str, object] = {}
    lifted: tuple[Lifted, ...] = ()
    start = 0
    if match := _FRONT_MATTER.match(text):
        facts = _facts(match["yaml"], path, warnings)
        lifted = (Lifted(1, match["yaml"].strip(), "front matter"),)
        start = match.end()
    first = text.count("\n", 0, start) + 1
    lines = list(_mended(text[start:].split("\n"), path, first, warnings))
    return Document(
        path,
        "\n".join(lines),
        tuple(range(first, first + len(lines))),
        title=_text(facts, "title"),
        published=_day(facts, _PUBLISHED, path, warnings),
        effective=_day(facts, _EFFECTIVE, path, warnings),
        language=_text(facts, "language") or _text(facts, "lang"),
        lifted=lifted,
        warnings=tuple(warnings),
    )


def _facts(source: str, path: str, warnings: list[Problem]) -> dict[str, object]:
    try:
        values = yaml.safe_load(source)
    except (yaml.YAMLError, ValueError, RecursionError):
        warnings.append(warning(path, 1, "the front matter is not YAML and was left out", "give its facts as options"))
        return {}
    return {str(key).lower(): value for key, value in values.items()} if isinstance(values, dict) else {}


def _text(facts: dict[str, object], key: str) -> str:
    value = facts.get(key)
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def _day(facts: dict[str, object], keys: tuple[str, ...], path: str, warnings: list[Problem]) -> date | None:
    for key in keys:
        value = facts.get(key)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if value and (day := find_date(str(value))):
            return day
        if value:
            what = f"the date of '{key}' in the front matter cannot be read in one way only: {value}"
            warnings.append(warning(path, 1, what, "give it with --published or --effective"))
    return None


def _mended(lines: list[str], path: str, first: int, warnings: list[Problem]) -> Iterator[str]:
    fence, before = "", ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and (not fence or (mark[1].startswith(fence) and not line.strip(" `~"))):
            fence = "" if fence else mark[1]
        elif not fence and (found := _NO_HEADING.match(line)):
            warnings.append(
                warning(path, first + number, f"not a heading, since no space follows the '#': {line[:40]}")
            )
            line = line[: found.end()] + "\\" + line[found.end() :]
        elif not fence and _INDENTED_HEADING.match(line) and not _LIST_OR_INDENTED.match(before):
            line = line.lstrip(" ")
        elif not fence and line.startswith("|") and _HEADING_IN_CELL.search(line):
            what = "a table's cell can hold no heading: the '#' was left out"
            warnings.append(warning(path, first + number, what, "part the table, if it is to be one"))
            line = _HEADING_IN_CELL.sub(r"\1", line)
        if line.strip():
            before = line
        yield line
