"""What the rules about sections need to see in Markdown source: headings, links and anchors outside code.

Not a Markdown parser: it knows what Python-Markdown takes for a heading, and masks code, comments and `<pre>` so that
nothing in them is taken for one. Lines count from `first_line`, so that problems name places in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gazette.errors import Problem
from gazette.policy.slugs import unique_slug

_FENCE = re.compile(
    r"^[ \t]*(?P<fence>`{3,}|~{3,})[^\n`]*\n(?:[^\n]*\n)*?[ \t]*(?P=fence)[`~]*[ \t]*$",
    re.MULTILINE,
)
_OPAQUE = re.compile(r"<!--.*?(?:-->|\Z)|<(pre|script|style|textarea)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_CODE_SPAN = re.compile(r"(?<![\\`])(`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)\1(?!`)", re.DOTALL)
_ATX = re.compile(r"^(?P<marks>#{1,6})(?P<title>(?:\\.|[^\\\n])*?)#*[ \t]*$", re.MULTILINE)
_SETEXT = re.compile(r"(?:\A|\n[ \t]*\n)\n*(?P<title>[^\S\n]*\S[^\n]*)\n(?P<line>=+|-+)[ ]*(?=\n|\Z)")
_HTML_HEADING = re.compile(r"<h([12])\b", re.IGNORECASE)
_ANY_HTML_HEADING = re.compile(r"<h[3-6]\b[^>]*>(.*?)</h[3-6]\s*>", re.IGNORECASE | re.DOTALL)
_NESTED_HEADING = re.compile(r"^[ \t]*(?:>|[-*+][ \t]|\d+[.)][ \t])[ \t>]*#{1,6}[ \t]*([^\n]*?)#*[ \t]*$", re.MULTILINE)
_TAG = re.compile(r"<[^<>]*>")
_INLINE_LINK = re.compile(r"\]\(\s*<?([^\s()<>]*)>?")
_REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*<?([^\s<>]+)>?", re.MULTILINE)
_HREF = re.compile(r"""\bhref\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_ATTRIBUTE_ID = re.compile(r"\{[^{}\n]*?#([^\s{}]+)[^{}\n]*\}")
_HTML_ID = re.compile(r"""<[a-z][^<>]*?\b(?:id|name)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_TRAILING_ATTRIBUTES = re.compile(r"[ \t]*\{:?([^{}]*)\}[ \t]*$")
_LINK_TEXT = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in a section's body. `explicit` is the id in its `{#id}`, or empty."""

    level: int
    title: str
    explicit: str
    line: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link's target as written, and its line."""

    target: str
    line: int


def masked(body: str) -> str:
    """`body` with code, comments and preformatted HTML blanked out, every line end in its place."""
    for sign, pattern in (("```", _FENCE), ("~~~", _FENCE), ("<", _OPAQUE), ("`", _CODE_SPAN)):
        if sign in body:
            body = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), body)
    return body


def headings(body: str, first_line: int = 1) -> tuple[Heading, ...]:
    """The headings that Python-Markdown sees, ATX and setext, in order."""
    visible = masked(body)
    found = [(match.span("title"), len(match["marks"])) for match in _ATX.finditer(visible)]
    found += [(match.span("title"), 1 if match["line"][0] == "=" else 2) for match in _SETEXT.finditer(visible)]
    return tuple(
        _heading(level, body[start:end], _line(body, start, first_line)) for (start, end), level in sorted(found)
    )


def links(body: str, first_line: int = 1) -> tuple[Link, ...]:
    """Inline links, reference definitions and HTML `href`s, in order."""
    visible = masked(body)
    found = {
        (match.start(1), match[1])
        for pattern in (_INLINE_LINK, _REFERENCE, _HREF)
        for match in pattern.finditer(visible)
    }
    return tuple(Link(target, _line(body, place, first_line)) for place, target in sorted(found) if target)


def anchors(section_id: str, body: str) -> frozenset[str]:
    """What a link may name inside a section: its id, `<id>--<slug>` of each heading, explicit ids."""
    return frozenset(_anchors(section_id, body))


def heading_problems(body: str, path: str, first_line: int) -> tuple[Problem, ...]:
    """Headings of level 1 and 2: inside a section they start at `###`."""
    remedy = "inside a section headings start at '###'; a section's own heading is its 'title'"
    found = [(h.line, f"a heading of level {h.level}: {h.title}") for h in headings(body, first_line) if h.level < 3]
    found += [
        (_line(body, match.start(), first_line), f"a heading of level {match[1]} in HTML")
        for match in _HTML_HEADING.finditer(masked(body))
    ]
    return tuple(Problem(path, line, what, remedy) for line, what in sorted(found))


def _anchors(section_id: str, body: str) -> Iterator[str]:
    yield section_id
    visible = masked(body)
    for pattern in (_ATTRIBUTE_ID, _HTML_ID):
        yield from (match[1] for match in pattern.finditer(visible))
    titles = [heading.title for heading in headings(body) if not heading.explicit]
    for pattern in (_ANY_HTML_HEADING, _NESTED_HEADING):
        titles += [match[1] for match in pattern.finditer(visible)]
    taken: set[str] = set()
    for title in titles:
        name = unique_slug(_TAG.sub("", _LINK_TEXT.sub(r"\1", title)), taken, "section")
        taken.add(name)
        yield f"{section_id}--{name}"


def _heading(level: int, title: str, line: int) -> Heading:
    explicit = ""
    if attributes := _TRAILING_ATTRIBUTES.search(title):
        ids = re.findall(r"#([^\s}]+)", attributes[1])
        explicit = ids[-1] if ids else ""
        title = title[: attributes.start()]
    return Heading(level, title.strip(" \t#"), explicit, line)


def _line(body: str, place: int, first_line: int) -> int:
    return body.count("\n", 0, place) + first_line
