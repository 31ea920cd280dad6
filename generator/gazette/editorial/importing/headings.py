"""Where the headings of a Markdown text are, as the parser of the site itself sees them.

Takes Markdown, gives `Heading`s with their lines. What is a heading and what only looks like one (in a fence, in raw
HTML, in a table) is asked of Python-Markdown: every line that might be a heading gets a mark from Unicode's private
use area, the text goes through the parser's block phase alone (a tenth of a rendering), and the marks are looked for
in the tree. Hides that trick.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from xml.etree.ElementTree import Element

import markdown

EXTENSIONS = ("extra", "sane_lists")

_MARK = "\ue000{}\ue001"
_MARKED = re.compile("\ue000(\\d+)\ue001")
_ATX = re.compile(r"(?P<before>[ \t>*+.)\d-]*?)(?P<marks>#{1,6})(?=[ \t]|$)")
_UNDERLINE = re.compile(r"[ \t>]*(=+|-+)[ \t]*")
_HTML = re.compile(r" {0,3}<h(?P<level>[1-6])\b(?P<attributes>[^>]*)>", re.IGNORECASE)
_ATTRIBUTES = re.compile(r"[ \t]+\{:?[ \t]*(?P<attributes>[^{}\n]*?)[ \t]*\}[ \t]*$")
_HTML_ID = re.compile(r"""\bid\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in Markdown: its lines `first` to `last` (counted from 0, both included), its level and inline text.

    `prefix` is what stands before it on its line (a list item's mark); `top` is whether it stands at the top level of
    the document and not in a list, a quote or an HTML element. `attributes` is what stood in its `{…}`.
    """

    first: int
    last: int
    level: int
    title: str
    explicit: str = ""
    attributes: str = ""
    prefix: str = ""
    top: bool = True


def find_headings(text: str) -> tuple[Heading, ...]:
    """The headings of a Markdown text in order, nested ones too."""
    lines = text.split("\n")
    candidates = dict(_candidates(lines))
    if not candidates:
        return ()
    tops = _parsed(_marked(lines, candidates))
    return tuple(_placed(candidates[number], top) for number, top in sorted(tops.items()))


def _candidates(lines: list[str]) -> list[tuple[int, Heading]]:
    """Every line that might be a heading, by its number."""
    found: list[tuple[int, Heading]] = []
    for number, line in enumerate(lines):
        if match := _ATX.match(line):
            title = re.sub(r"(?<!\\)#+[ \t]*$", "", line[match.end() :].rstrip()).strip()
            found.append((number, _heading(number, number, len(match["marks"]), title, match["before"])))
        elif line.strip() and number + 1 < len(lines) and (under := _UNDERLINE.fullmatch(lines[number + 1])):
            found.append((number, _heading(number, number + 1, 1 if under[1][0] == "=" else 2, line.strip())))
        elif match := _HTML.match(line):
            found.extend(_html_candidate(lines, number, match))
    return found


def _html_candidate(lines: list[str], number: int, match: re.Match[str]) -> list[tuple[int, Heading]]:
    """A raw `<h2 id="…">…</h2>` that ends within a few lines and has its end to itself."""
    close = re.compile(rf"</h{match['level']}\s*>[ \t]*$", re.IGNORECASE)
    for last in range(number, min(number + 5, len(lines))):
        whole = "\n".join(lines[number : last + 1])
        if end := close.search(whole):
            title = " ".join(whole[match.end() : end.start()].split())
            explicit = _HTML_ID.search(match["attributes"])
            heading = Heading(number, last, int(match["level"]), title, explicit[1] if explicit else "", "", "<")
            return [(number, heading)]
    return []


def _heading(first: int, last: int, level: int, title: str, prefix: str = "") -> Heading:
    explicit = attributes = ""
    if match := _ATTRIBUTES.search(" " + title):
        words = match["attributes"].split()
        ids = [word[1:] for word in words if word.startswith("#")]
        explicit = ids[-1] if ids else ""
        attributes = " ".join(word for word in words if not word.startswith("#"))
        title = (" " + title)[: match.start()].strip()
    return Heading(first, last, level, title, explicit, attributes, prefix)


def _placed(heading: Heading, top: bool) -> Heading:
    return Heading(
        heading.first,
        heading.last,
        heading.level,
        heading.title,
        heading.explicit,
        heading.attributes,
        "" if heading.prefix == "<" else heading.prefix,
        top,
    )


def _marked(lines: list[str], candidates: dict[int, Heading]) -> list[str]:
    """The lines with each candidate's number in it, where the parser takes it for a part of the heading."""
    marked = list(lines)
    for number, heading in candidates.items():
        line, mark = lines[number], _MARK.format(number)
        if match := _ATX.match(line):
            marked[number] = f"{line[: match.end()]} {mark}{line[match.end() :]}"
        elif heading.prefix == "<" and (match := _HTML.match(line)):
            marked[number] = line[: match.end()] + mark + line[match.end() :]
        else:
            marked[number] = line.rstrip() + mark
    return marked


def _parsed(lines: list[str]) -> dict[int, bool]:
    """The numbers of the lines that are headings, and whether each stands at the top level."""
    parser = _parser()
    parser.reset()
    for preprocessor in parser.preprocessors:
        lines = preprocessor.run(lines)
    root = parser.parser.parseDocument(lines).getroot()
    assert root is not None
    found: dict[int, bool] = {}
    for element in root.iter():
        if re.fullmatch("h[1-6]", str(element.tag)):
            for mark in _MARKED.finditer(element.text or ""):
                found[int(mark[1])] = False
    top = {int(mark[1]) for child in root if str(child.tag) in _LEVELS for mark in _MARKED.finditer(child.text or "")}
    found.update(dict.fromkeys(top, True))
    for block in parser.htmlStash.rawHtmlBlocks:
        if not isinstance(block, Element) and (match := _HTML.match(block.lstrip("\n"))):
            mark_match = _MARKED.match(block.lstrip("\n"), match.end())
            if mark_match:
                found[int(mark_match[1])] = True
    return found


_LEVELS = frozenset(f"h{level}" for level in range(1, 7))


@cache
def _parser() -> markdown.Markdown:
    return markdown.Markdown(extensions=list(EXTENSIONS))
