"""A section's HTML from pieces that Markdown converts by themselves: what changes keeps most of its paragraphs.

A piece is what stands between two blank lines, together with what follows it and may belong to it. Takes sections;
gives their HTML put together, each piece converted once, or None where a section holds what may reach further. It is
the HTML of a conversion of the whole section: a piece begins with what no extension that is vouched for joins to
anything before it, and holds nothing that reaches out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import render_inner_html
from markdown.treeprocessors import Treeprocessor

from gazette.policy.anchors import ID, Heading, anchor, base_of, inner_html, level_of, marked, take_mark
from gazette.policy.crossing import closed, reaches_out
from gazette.policy.keeping import Kept
from gazette.policy.model import Section

# In the HTML of pieces: where a heading's anchor is to be, and what ends each piece. No piece is made of these.
_ANCHOR, _END = "\ue0f0", "\ue0f1"

# How a block begins that is joined to nothing before it, and how one that is joined to its like.
_BEGINNING = re.compile(
    r"(?P<like>(?:[*+-]|\d+\.)[ ]|>)|!\[|#|(?:<[a-zA-Z])|[^\s\x00-\x20!#&/:<=>?@^{}~\x7f-\xa0\ue0f0\ue0f1]"
)
_LIKE_WITHIN = re.compile(r"^\s*(?:(?:[*+-]|\d+\.)[ \t]|>)", re.MULTILINE)
# A definition takes the paragraph before it as its term, and joins the definitions before that.
_DEFINITION = re.compile(r"\n\s*:")
# What makes more than one element of a piece; a guess that is checked.
_SEVERAL = re.compile(r"\n\n|\A#.*\n|\n[ ]*#|\n[ ]{0,3}(?:>|[-*_ ]+(?:\n|\Z))")
_FOREIGN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ue0f0\ue0f1]")
_REACHING = ("```", "~~~", "&#")

#: A piece that keeps two others apart which would become one.
_BETWEEN = "."


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece as HTML; its headings, each with what its anchor says of it; and the ids that its author gave."""

    html: str
    headings: tuple[tuple[Heading, str], ...] = ()
    ids: tuple[str, ...] = ()


#: The headings and the ids of a piece.
_Found = tuple[Sequence[tuple[Heading, str]], Sequence[str]]

#: What has to be converted within its section.
_NONE = Piece("")


class Pieces(Extension):
    """Converts pieces and keeps them, up to `characters`. It extends what `markdown` gives, when it is first asked."""

    def __init__(self, characters: int, markdown: Callable[[], Markdown]) -> None:
        super().__init__()
        self._markdown = markdown
        self._kept: Kept[Piece] = Kept(characters, lambda piece: 300 + 2 * len(piece.html))

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        self._ends = _Ends(md)
        md.treeprocessors.register(self._ends, "gazette-pieces", 5)  # where the headings of sections are looked for

    def sections(self, sections: Sequence[Section]) -> Iterator[tuple[str, str, tuple[Heading, ...]] | None]:
        """Each section's title and body as HTML, and the headings in it; None for one that is not made of pieces."""
        sources = [_sources(section) for section in sections]
        found = {source: self._kept.find(source) for source in chain.from_iterable(sources)}
        made = self._convert([source for source, piece in found.items() if piece is None])
        for section, names in zip(sections, sources, strict=True):
            title, *pieces = (found[name] or made[name] for name in names) if names else (_NONE,)
            joined = None if title is _NONE or _NONE in pieces else _joined(section.id, pieces)
            yield (title.headings[0][0].title, *joined) if joined is not None else None

    def _convert(self, sources: Sequence[str]) -> Mapping[str, Piece]:
        """What each piece comes to: converted together where that can be told apart, else each alone."""
        made = dict.fromkeys(sources, _NONE)
        if fit := [source for source in sources if _is_fit(source)]:
            several = [source for source in fit if _SEVERAL.search(source)]
            single = [source for source in fit if source not in several] if several else fit
            made |= self._together(single, several) or self._together([], fit)
        for source, piece in made.items():
            self._kept.put(source, piece)
        return made

    def _together(self, single: Iterable[str], several: Iterable[str]) -> dict[str, Piece]:
        """Pieces converted in one go: those that make one element each, and others. Empty if that is not so."""
        sources = list(_apart(single))
        lines = sources + [line for source in several for line in (_END, source)]
        markdown = self._markdown()
        self._ends.begin(len(sources))
        try:
            parts = markdown.reset().convert("\n\n".join(lines)).split(_END)
        finally:
            found = self._ends.finish()
        sources += several
        if not len(sources) == len(found) == len(parts) - 1:
            return {}
        return dict(zip(sources, map(_piece, sources, parts, found), strict=True))


class _Ends(Treeprocessor):
    """Marks where the pieces of a conversion end, and finds their headings and ids, between `begin` and `finish`."""

    _single: int | None = None

    def begin(self, single: int) -> None:
        """The first `single` pieces are one element each; others begin with an element that holds the sign only."""
        self._single = single
        self._pieces: list[_Found] = []

    def finish(self) -> Sequence[_Found]:
        """The headings and the ids of each piece; nothing where they could not be told apart."""
        self._single = None
        return self._pieces

    def run(self, root: Element) -> None:
        if self._single is None:
            return
        elements = list(root)
        signs = [place for place, element in enumerate(elements) if element.tag == "p" and element.text == _END]
        if (signs[0] if signs else len(elements)) != self._single:
            return
        groups = [elements[place : place + 1] for place in range(self._single)]
        groups += [elements[start + 1 : end] for start, end in pairwise([*signs, len(elements)])]
        for place in signs:
            root.remove(elements[place])
        for group in groups:
            if not group:
                self._pieces.clear()
                return
            self._pieces.append(self._look_at(group))
            group[-1].tail = f"{group[-1].tail or ''}{_END}"

    def _look_at(self, group: Iterable[Element]) -> _Found:
        headings: list[tuple[Heading, str]] = []
        ids: list[str] = []
        for element in (element for top in group for element in top.iter()):
            given = element.get("id", "")
            if given:
                ids.append(given)
            if take_mark(element) is not None:
                headings.append((Heading(2, "", render_inner_html(element, self.md)), ""))
            elif level := level_of(element):
                title = inner_html(element, self.md)
                headings.append((Heading(level, given, title), "" if given else base_of(title)))
                if not given:
                    element.set("id", _ANCHOR)
        return headings, ids


def _piece(source: str, html: str, found: _Found) -> Piece:
    headings, ids = found
    if "<" in source and closed(html) != html:
        return _NONE
    if [name for name in ID.findall(html) if name != _ANCHOR] != ids or not all(name in source for name in ids):
        return _NONE  # ids in what is no element, or that were counted
    return Piece(html, tuple(headings), tuple(ids))


def _is_fit(source: str) -> bool:
    """Whether nothing in a piece means anything beyond it."""
    for sign in _REACHING:
        if sign in source:
            return False
    return source.endswith(_END) or not (_FOREIGN.search(source) or reaches_out(Section("", "", source)))


def _sources(section: Section) -> list[str]:
    """The pieces of a section, its heading first; empty where it begins with what may be joined to anything."""
    body = section.body.strip("\n")
    if _FOREIGN.search(section.title) or not section.id or _END in body:
        return []
    found = [marked(section.title, 0)]
    if not body:
        return found
    if _BEGINNING.match(body) is None or (":" in body and _DEFINITION.search(body)):
        return []
    piece: list[str] = []
    for block in body.split("\n\n"):
        if piece and (block[:1].isalpha() or _begins(block, piece)):
            found.append("\n\n".join(piece) if len(piece) > 1 else piece[0])
            piece.clear()
        piece.append(block)
    return [*found, "\n\n".join(piece)]


def _begins(block: str, before: Iterable[str]) -> bool:
    """Whether a block is joined to nothing that is `before`."""
    beginning = _BEGINNING.match(block)
    if beginning is None:
        return False
    return not beginning["like"] or not any(map(_LIKE_WITHIN.search, before))


def _apart(sources: Iterable[str]) -> Iterator[str]:
    before: list[str] = []
    for source in sources:
        if before and not _begins(source, before):
            yield _BETWEEN
        yield source
        before = [source]


def _joined(section_id: str, pieces: Sequence[Piece]) -> tuple[str, tuple[Heading, ...]] | None:
    """A section's body from its pieces, with its headings anchored; None where an id is there twice."""
    ids = [section_id, *(name for piece in pieces for name in piece.ids)]
    used = set(ids)
    if len(used) != len(ids):
        return None
    headings: list[Heading] = []
    parts: list[str] = []
    for piece in pieces:
        if not piece.headings:
            parts.append(piece.html)
            continue
        html = piece.html
        for heading, base in piece.headings:
            if not heading.id:
                name = anchor(section_id, base, used)
                used.add(name)
                heading = Heading(heading.level, name, heading.title)
                html = html.replace(_ANCHOR, name, 1)
            headings.append(heading)
        parts.append(html)
    return "".join(parts).strip(), tuple(headings)
