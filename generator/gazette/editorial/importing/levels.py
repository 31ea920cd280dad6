"""The level of a heading inside a section: `###` for what stood right below the cut, never above it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gazette.editorial.importing.headings import Heading
from gazette.policy import markup

FIRST, LAST = 3, 6

_HTML_LEVEL = re.compile(r"<(?P<end>/?)h(?P<level>[1-6])\b", re.IGNORECASE)
_LIST_PREFIX = re.compile(r"(?P<prefix>[ \t>]*(?:(?:[*+-]|\d+\.)[ \t]+)*)(?P<title>.*?)[ \t]*")
_EXPLICIT = re.compile(r"[ \t]*\{:?[^{}\n]*\}[ \t]*$")


def level_inside(level: int, cut: int) -> int:
    """The level in a section of a heading of `level` in a document that was cut at level `cut`."""
    return min(LAST, max(FIRST, level - cut + FIRST - 1))


def shifted(heading: Heading, lines: Sequence[str], cut: int, keep_id: bool = True) -> str:
    """The line of a heading inside a section, which was `lines` (one or two) in the source."""
    level = level_inside(heading.level, cut)
    if lines[0].lstrip().lower().startswith("<h"):
        return html_shifted("\n".join(lines), cut)
    if len(lines) == 1:
        marks = re.match(r"(?P<prefix>.*?)#{1,6}", lines[0])
        prefix, title = (marks["prefix"], lines[0][marks.end() :].strip()) if marks else ("", lines[0])
    else:
        match = _LIST_PREFIX.fullmatch(lines[0])
        prefix, title = (match["prefix"], match["title"]) if match and not heading.top else ("", lines[0].strip())
        title = re.sub(r"#+$", lambda found: "\\" + found[0], title)
    title = title if keep_id or not heading.explicit else _EXPLICIT.sub("", title)
    return f"{prefix}{'#' * level} {title}".rstrip()


def html_shifted(body: str, cut: int) -> str:
    """Headings in raw HTML, shifted likewise; what is code stays."""
    visible = markup.masked(body)
    parts, end = [], 0
    for match in _HTML_LEVEL.finditer(visible):
        parts += [body[end : match.start()], f"<{match['end']}h{level_inside(int(match['level']), cut)}"]
        end = match.end()
    return "".join(parts) + body[end:]
