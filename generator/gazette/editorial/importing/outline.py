"""A `Document` → its outline: the policy's title and the parts that become sections.

Sections are cut at the shallowest heading level that occurs twice (and at single headings above that level). Text
before the first becomes an introduction; a text without headings is one part, `text`. Deeper headings are shifted so
that they start at `###`. A heading that stands alone at the top is the title. Words that leave the text on the way
are reported in `lifted`, words that are added (the title of an introduction) in `added`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from gazette.editorial.importing.dates import Stated, stated_date
from gazette.editorial.importing.document import Document, Lifted, warning
from gazette.editorial.importing.headings import Heading, find_headings
from gazette.editorial.importing.levels import shifted
from gazette.editorial.importing.titles import bare, id_for, plain, tidy_title
from gazette.errors import Problem
from gazette.policy.files import trim
from gazette.policy.slugs import slug

_ONLY_MARKUP = re.compile(
    r"\[[^\]\n]+\]:[^\n]*|<!--.*?-->|^\s*(?:[-*_]\s*){3,}$|\{:[^}\n]*\}", re.DOTALL | re.MULTILINE
)


class Role(StrEnum):
    """Where a part's heading comes from."""

    SECTION = "section"  # its own heading
    INTRODUCTION = "introduction"  # text before the first heading
    TEXT = "text"  # a whole text without headings


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes a section. `wanted` is the id that it asks for, and `chosen` whether its author wrote that id.

    `anchors` are what links in the source call it; `level` is that of its heading in the source.
    `lines` are the source's lines of each line of the body, `line` that of the heading.
    """

    title: str
    wanted: str
    body: str
    line: int
    lines: tuple[int, ...]
    role: Role = Role.SECTION
    anchors: tuple[str, ...] = ()
    chosen: bool = False
    level: int = 0


@dataclass(frozen=True, slots=True)
class Outline:
    """A document cut into parts. `stated` is the date that the text itself names."""

    title: str
    parts: tuple[Part, ...]
    stated: date | None = None
    stated_effective: bool = False
    lifted: tuple[Lifted, ...] = ()
    warnings: tuple[Problem, ...] = ()


def make_outline(document: Document, known_titles: Collection[str] = ()) -> Outline:
    """Cut a document. `known_titles` are what earlier versions of the same policy were called."""
    lines = document.markdown.split("\n")
    headings = find_headings(document.markdown)
    tops = [heading for heading in headings if heading.top and plain(heading.title)]
    known = {bare(title) for title in (*known_titles, document.title) if title}
    title = _title_heading(tops, lines, known)
    rest = [heading for heading in tops if heading is not title]
    cut = _cut_level(rest)
    bounds = [heading for heading in rest if heading.level <= cut]
    lifted = list(document.lifted)
    if title is not None:
        lifted.append(Lifted(document.line(title.first + 1), plain(title.title), "the title"))
    warnings = [*document.warnings, *_dropped_attributes(document, bounds)]
    parts = _parts(document, lines, headings, title, bounds, cut)
    parts, stated = _without_dates(parts, lifted) if bounds else (parts, _first_date(parts))
    parts = _filled(parts, document.path, warnings)
    name = tidy_title(title.title)[0] if title is not None else document.title
    outline = Outline(name, tuple(parts), document.stated, lifted=tuple(lifted), warnings=tuple(warnings))
    if stated is not None and document.stated is None:
        outline = replace(outline, stated=stated.day, stated_effective=stated.effective)
    return outline


def _title_heading(tops: Sequence[Heading], lines: Sequence[str], known: Collection[str]) -> Heading | None:
    """The heading that is the document's title, if the first one is."""
    if not tops:
        return None
    first, others = tops[0], tops[1:]
    if bare(first.title) in known and bare(first.title):
        return first
    if all(heading.level > first.level for heading in others):
        return first
    following = next((heading for heading in others if heading.level <= first.level), None)
    if following is not None and following.level == first.level:
        inner = {n for h in others for n in range(h.first, h.last + 1)}
        between = [lines[n] for n in range(first.last + 1, following.first) if n not in inner]
        if all(not line.strip() or _is_date_line(line) for line in between):
            return first
    return None


def _cut_level(headings: Sequence[Heading]) -> int:
    """The shallowest level that occurs twice, else the shallowest there is; 0 without headings."""
    counts = Counter(heading.level for heading in headings)
    twice = [level for level, count in counts.items() if count > 1]
    return min(twice or counts, default=0)


def _parts(
    document: Document,
    lines: Sequence[str],
    headings: Sequence[Heading],
    title: Heading | None,
    bounds: Sequence[Heading],
    cut: int,
) -> list[Part]:
    """The parts in order, the text before the first heading first (if there is any)."""
    level = cut or (title.level if title else 1)
    gone = {number for h in (title,) if h for number in range(h.first, h.last + 1)}
    gone |= {n for h in headings if h.top and not plain(h.title) for n in range(h.first, h.last + 1)}
    starts = [heading.first for heading in bounds]
    ends = [*starts[1:], len(lines)] if starts else []
    before = [number for number in range(starts[0] if starts else len(lines)) if number not in gone]
    role = Role.INTRODUCTION if bounds else Role.TEXT
    taken = any(id_for(heading.title) == role for heading in bounds)
    frame = Part("", "preamble" if taken else role.value, "", document.line(1), (), role)
    parts = [_part(document, lines, headings, before, level, frame)]
    for heading, end in zip(bounds, ends, strict=True):
        name, anchors = tidy_title(heading.title)
        wanted = (slug(heading.explicit) if document.ids_chosen else "") or id_for(heading.title)
        if heading.explicit:
            anchors = (heading.explicit, *anchors)
        own = [number for number in range(heading.last + 1, end) if number not in gone]
        chosen = bool(heading.explicit) and document.ids_chosen
        place = document.line(heading.first + 1)
        frame = Part(name, wanted, "", place, (), Role.SECTION, anchors, chosen, heading.level)
        parts.append(_part(document, lines, headings, own, level, frame))
    return parts


def _part(
    document: Document, lines: Sequence[str], headings: Sequence[Heading], own: list[int], level: int, frame: Part
) -> Part:
    """A part's frame with the lines of the document that are its `own`, headings shifted below the cut."""
    inside = {heading.first: heading for heading in headings if heading.first in set(own)}
    body: list[tuple[int, str]] = []
    skip = -1
    for number in own:
        if number <= skip:
            continue
        if heading := inside.get(number):
            body.append((number, shifted(heading, lines[number : heading.last + 1], level, document.ids_chosen)))
            skip = heading.last
        else:
            body.append((number, lines[number]))
    while body and not body[0][1].strip():
        body.pop(0)
    text = trim("\n".join(line for _, line in body))
    places = [document.line(n + 1) for n, line in body for _ in range(line.count("\n") + 1)]
    return replace(frame, body=text, lines=tuple(places[: text.count("\n") + 1]))


def _without_dates(parts: list[Part], lifted: list[Lifted]) -> tuple[list[Part], Stated | None]:
    """Text before the first heading that is only a date goes into the record; link definitions go to where text is."""
    first, *rest = parts
    written = [(n, line) for n, line in zip(first.lines, first.body.split("\n"), strict=False) if line.strip()]
    stated = _first_date(parts)
    if not written:
        return rest, stated
    if all(_is_date_line(line) for _, line in written):
        lifted += [Lifted(number, plain(line), "the record's dates") for number, line in written]
        return rest, stated
    if not re.search(r"\w", _ONLY_MARKUP.sub("", first.body)):
        return [_above(first, rest[0]), *rest[1:]], stated
    return parts, stated


def _above(definitions: Part, part: Part) -> Part:
    """A part with link definitions and comments put before its text; behind it, if that starts with an indentation."""
    parts = (part, definitions) if part.body.startswith((" ", "\t")) else (definitions, part)
    body = "\n\n".join(filter(None, (p.body for p in parts)))
    lines = (*parts[0].lines, parts[0].line, *parts[1].lines) if part.body else definitions.lines
    return replace(part, body=body, lines=lines)


def _first_date(parts: Sequence[Part]) -> Stated | None:
    """The date that a line of its own names at the top of the text."""
    for part in parts[:2]:
        for line in [line for line in part.body.split("\n") if line.strip()][:6]:
            said = stated_date(line)
            if said is not None and said.day is not None:
                return said
    return None


def _is_date_line(line: str) -> bool:
    return stated_date(line) is not None or re.fullmatch(r"\s*\{:[^}]*\}\s*", line) is not None


def _filled(parts: list[Part], path: str, warnings: list[Problem]) -> list[Part]:
    """A heading without text joins the heading that follows, or ends the section above: a section is never empty."""
    full: list[Part] = []
    for place, part in enumerate(parts):
        following = parts[place + 1] if place + 1 < len(parts) else None
        if part.role is not Role.SECTION or _has_text(part.body):
            full.extend([part] if part.body else [])
        elif following is not None and following.level >= part.level:
            warnings.append(warning(path, part.line, f"no text under '{plain(part.title)}'", _JOINED))
            anchors = (*part.anchors, id_for(part.title), *following.anchors)
            title = f"{part.title} – {following.title}"
            parts[place + 1] = replace(following, title=title, anchors=anchors, line=part.line)
        elif not full:
            body = trim(f"### {part.title}\n\n{part.body}")
            lines = (part.line,) * (body.count("\n") + 1)
            full.append(replace(part, title="", wanted=Role.TEXT, role=Role.TEXT, body=body, lines=lines))
        else:
            warnings.append(warning(path, part.line, f"no text under '{plain(part.title)}'", _LAST))
            body = f"{full[-1].body}\n\n### {part.title}" + (f"\n\n{part.body}" if part.body else "")
            padding = (part.line,) * (body.count("\n") + 1 - len(full[-1].lines))
            full[-1] = replace(full[-1], body=body, lines=(*full[-1].lines, *padding))
    return full


def _has_text(body: str) -> bool:
    return re.search(r"\w|!\[", body) is not None


_JOINED = "it was joined to the heading that follows; give it its text, or part them again"
_LAST = "it became a sub-heading at the end of the section above; give it its text, or delete it"


def _dropped_attributes(document: Document, bounds: Sequence[Heading]) -> list[Problem]:
    return [
        warning(
            document.path, document.line(h.first + 1), f"attributes of a section's heading left out: {h.attributes}"
        )
        for h in bounds
        if h.attributes
    ]
