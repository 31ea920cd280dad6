"""A redline as a comment on a pull request: Markdown as GitHub renders it.

Takes the tree; gives Markdown of at most so many characters, cut between blocks with a count of what was left out.
Classes and styles do not survive on GitHub, so what was added and removed is `<ins>` and `<del>`, and moves have
numbers. Every block is an HTML block of CommonMark, inside of which nothing is Markdown; and what GitHub makes of plain
words afterwards (mentions, references, addresses, emoji, formulas) is kept from happening by a space of no width, so
that a policy's text pings nobody and links nowhere.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from gazette.redline.blocks import Block, BlockKind, Container
from gazette.redline.changes import AttributeChange, BlockChange, Kind, Redline, SectionChange, State
from gazette.redline.folding import (
    Fold,
    Line,
    folded_lines,
    folded_sections,
    is_kept_line,
    lines_of,
    own_heading,
    row_of,
)
from gazette.redline.phrases import (
    NAMES,
    Bit,
    Phrase,
    block_attributes,
    bullet,
    depth,
    note,
    old_number,
    phrases,
    place_of_move,
    places_of_moves,
    tagged,
)
from gazette.redline.summary import counted, facts, name_of, outline, section_line

#: GitHub takes 65,536 characters a comment; the rest is for whoever puts words around the redline.
LIMIT = 60_000
SMALLEST = 2_000
#: How many sections the head lists, and how many characters of a line in it are shown.
OUTLINE, LINE = 40, 160
#: So many list items or rows are never parted when a comment is cut.
TOGETHER = 20

_TAGS = {State.INSERTED: "ins", State.DELETED: "del", State.MOVED_HERE: "ins", State.MOVED_AWAY: "del"}
_ELEMENTS = {BlockKind.HEADING: "h5", BlockKind.QUOTE: "blockquote"}
_EMPHASIS = ("strong", "em", "code", "sub", "sup")
_LEGEND = {
    State.DELETED: "<del>removed</del>",
    State.INSERTED: "<ins>added</ins>",
    State.MOVED_AWAY: "<sup>1→</sup><del>moved away</del>",
    State.MOVED_HERE: "<sup>→1</sup><ins>moved here</ins>",
}
#: What GitHub would make a link or a picture of; a space of no width goes behind what matches.
_LIVE = re.compile(
    r"""
      (?<![a-zA-Z0-9])@(?=\w)                                             # a mention
    | \#(?=\d) | \b[Gg][Hh]-(?=\d)                                        # an issue
    | :(?=//) | \b[Ww]{3}(?=\.)                                           # an address
    | :(?=[a-z0-9_+-]+:)                                                  # an emoji
    | \b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f](?=[0-9a-f]{6,39}\b)  # a commit
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """HTML that is never cut: of which section, how many changed blocks it shows, and how many it leaves out."""

    html: str
    section: int
    shown: int = 0
    left_out: int = 0


def markdown(redline: Redline, limit: int = LIMIT, title: str = "", full: bool = False) -> str:
    """The redline as Markdown of at most `limit` characters (SMALLEST at least), ending in a line end.

    Unchanged sections are named in a line, other unchanged stretches folded; with `full` both are there and open.
    Where all does not fit, the words of what is unchanged are left out first.
    """
    limit = max(limit, SMALLEST)
    head = _head(redline, title, limit // 3)
    chunks: list[_Chunk] = []
    if redline.is_empty:
        return _joined(head)
    for shows_kept in (True, False):
        chunks = list(_Writer(redline, limit // 4, shows_kept, full).chunks())
        text = _joined([*head, *(chunk.html for chunk in chunks)])
        if len(text) <= limit and not any(chunk.left_out for chunk in chunks):
            return text
    return _cut(head, chunks, limit)


def safe(text: str) -> str:
    """Words as HTML in which GitHub finds nothing to link, to notify or to replace."""
    quiet = _LIVE.sub(lambda match: f"{match[0]}\u200b", text)
    return html.escape(quiet, quote=False).replace("\u200b", "&#8203;").replace("$", "<span>$</span>")


def _cut(head: Sequence[str], chunks: Sequence[_Chunk], limit: int) -> str:
    """As many chunks as fit, and a count of the changes that did not."""
    room = limit - len(_joined(head)) - 200
    fitting: list[_Chunk] = []
    for chunk in chunks:
        room -= len(chunk.html) + 2
        if room < 0:
            break
        fitting.append(chunk)
    rest = [replace(chunk, left_out=chunk.left_out + chunk.shown) for chunk in chunks[len(fitting) :]]
    missing = [chunk for chunk in (*fitting, *rest) if chunk.left_out]
    parts = [*head, *(chunk.html for chunk in fitting)]
    if missing:
        blocks = counted(sum(chunk.left_out for chunk in missing), "changed block")
        sections = counted(len({chunk.section for chunk in missing}), "section")
        parts.append(f"<p><strong>Left out of this comment, for its length: {blocks} in {sections}.</strong></p>")
    return _joined(parts)


def _head(redline: Redline, title: str, room: int) -> list[str]:
    """What comes before the sections: the summary, terms, an outline if there is room for it, the marks."""
    parts = [f"<h3>{safe(_clipped(title))}</h3>"] if title else []
    parts.append(f"<p><strong>{redline.summary}</strong></p>")
    if redline.is_empty:
        return parts
    terms = [f"“{term.old}” → “{term.new}”, {term.times} times" for term in redline.terms[:OUTLINE]]
    parts += _list(terms, room)
    sections = outline(redline)
    lines = [section_line(section) for section in sections[:OUTLINE]]
    if len(sections) > OUTLINE:
        lines.append(f"and {counted(len(sections) - OUTLINE, 'more section')}")
    parts += _list(lines, room - len(_joined(parts))) if len(sections) > 1 else []
    runs = [run for change in redline.blocks for run in change.runs]
    states = {run.state for run in runs}
    marks = [mark for state, mark in _LEGEND.items() if state in states]
    marks += ["[same words]<sub>old → new</sub>"] if any(run.attributes for run in runs) else []
    return [*parts, f"<p>Marks: {' · '.join(marks)}</p>"]


def _list(lines: Iterable[str], room: int) -> list[str]:
    items = "".join(f"<li>{safe(_clipped(line))}</li>" for line in lines)
    return [f"<ul>{items}</ul>"] if items and len(items) < room else []


def _clipped(line: str) -> str:
    line = " ".join(line.split())
    return line if len(line) <= LINE else line[: LINE - 1] + "…"


class _Writer:
    """Writes the sections of a redline. A block of more than `most` characters is left out and said to be so."""

    def __init__(self, redline: Redline, most: int, shows_kept: bool, full: bool) -> None:
        self.redline, self.most, self.shows_kept, self.full = redline, most, shows_kept, full
        self.moves = places_of_moves(redline)
        self.begun: set[Container] = set()

    def chunks(self) -> Iterator[_Chunk]:
        for n, part in enumerate(folded_sections(self.redline)):
            if isinstance(part, Fold):
                yield _Chunk(self._fold(part), n)
            else:
                yield from self._section(part, n)

    def _section(self, section: SectionChange, n: int) -> Iterator[_Chunk]:
        own, rest = own_heading(section)
        title = self._inline(own, shorten=False) if own else safe(name_of(section))
        title = title if len(title) <= self.most else safe(_clipped(name_of(section)))
        head = f"<h4>{title}</h4>\n\n<p><sub>{safe(' · '.join(facts(section)))}</sub></p>"
        shown = int(own is not None and not own.is_kept)
        for chunk in self._body(rest, n):
            yield replace(chunk, html=_together(head, chunk.html), shown=chunk.shown + shown)
            head, shown = "", 0
        if head:
            yield _Chunk(head, n, shown)

    def _body(self, blocks: Iterable[BlockChange], n: int) -> Iterator[_Chunk]:
        for sort, parts in groupby(folded_lines(blocks), key=_sort):
            if sort == "fold":
                yield from (_Chunk(self._fold(part), n) for part in parts if isinstance(part, Fold))
                continue
            lines = [part for part in parts if not isinstance(part, Fold)]
            step = 1 if sort == "block" else TOGETHER
            for at in range(0, len(lines), step):
                yield self._chunk(lines[at : at + step], sort, n)

    def _chunk(self, lines: Sequence[Line], sort: str, n: int) -> _Chunk:
        changed = sum(not is_kept_line(line) for line in lines)
        written = self._written(lines, sort, shorten=True)
        if len(written) <= self.most:
            return _Chunk(written, n, changed)
        size = sum(change.block.size for line in lines for change in line)
        what = f"Left out of this comment, for its length: {counted(size, 'word')}"
        return _Chunk(f"<p><strong>{what}.</strong></p>", n, 0, changed)

    def _fold(self, fold: Fold) -> str:
        label = safe(fold.label)
        if not self.shows_kept or (fold.sections and not self.full):
            return f"<p><sub>⋯ {label}</sub></p>"
        grouped = groupby(lines_of(fold.blocks), key=_sort)
        inner = [self._written(list(lines), sort, shorten=False) for sort, lines in grouped]
        return "\n\n".join([f"<details{' open' * self.full}><summary>{label}</summary>", *inner, "</details>"])

    def _written(self, lines: Sequence[Line], sort: str, shorten: bool) -> str:
        """Lines of one sort as HTML: items in one paragraph, rows in one table, other blocks by themselves."""
        if sort == "rows":
            rows = ("".join(f"<td>{self._inline(change, shorten)}</td>" for change in line) for line in lines)
            return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
        if sort == "items":
            return f"<p>{'<br>'.join(self._item(line[0], shorten) for line in lines)}</p>"
        return "\n\n".join(self._block(line[0], shorten) for line in lines)

    def _item(self, change: BlockChange, shorten: bool) -> str:
        dot = bullet(change.block, self.begun, old_number(change)) or "&emsp;"
        return "&emsp;" * 2 * max(depth(change.block) - 1, 0) + f"{dot} {self._inline(change, shorten)}"

    def _block(self, change: BlockChange, shorten: bool) -> str:
        kind = change.block.kind
        if kind is BlockKind.RULE:
            return "<hr>"
        if kind is BlockKind.CODE:
            return f"<pre>{self._inline(change, shorten, line_break=chr(10))}</pre>"
        element = _ELEMENTS.get(kind, "p")
        return f"<{element}>{self._inline(change, shorten)}</{element}>"

    def _inline(self, change: BlockChange, shorten: bool, line_break: str = "<br>") -> str:
        written = "".join(_phrase(phrase) for phrase in phrases(change, shorten)).replace("\n", line_break)
        place = place_of_move(change, self.moves)
        written = f"<sub>{safe(place)}:</sub> {written}" if place else written
        said = [_note(a) for a in block_attributes(change) if a.kind is not Kind.RENUMBERED]
        return f"{written} <sub>[{'; '.join(said)}]</sub>" if said else written


def _phrase(phrase: Phrase) -> str:
    inner = "".join(_bit(bit) for bit in phrase.bits) + "¶" * phrase.is_break
    if phrase.attributes:
        inner = f"[{inner}]<sub>{'; '.join(map(_note, phrase.attributes))}</sub>"
    if tag := _TAGS.get(phrase.state):
        arrow = f"{phrase.move}→" if phrase.state is State.MOVED_AWAY else f"→{phrase.move}"
        number = f"<sup>{arrow}</sup>" if phrase.move else ""
        inner = f"{number}<{tag}>{inner}</{tag}>"
    return phrase.lead + inner + phrase.trail


def _bit(bit: Bit) -> str:
    if bit.left_out:
        return f" <sub>[… {bit.left_out:,} words …]</sub> "
    written = safe(tagged(bit))
    for name in _EMPHASIS:
        if name in bit.emphasis:
            written = f"<{name}>{written}</{name}>"
    return written


def _note(attribute: AttributeChange) -> str:
    if attribute.kind is not Kind.RELINKED:
        return safe(note(attribute))
    was, now = (f"<code>{html.escape(link)}</code>" if link else "none" for link in (attribute.was, attribute.now))
    return f"{NAMES[attribute.kind]}: {was} → {now}"


def _sort(part: Line | Fold) -> str:
    """What stands together: a fold, the rows of a table, the items of a list; other blocks stand alone."""
    if isinstance(part, Fold):
        return "fold"
    block: Block = part[0].block
    if row_of(block):
        return "rows"
    return "items" if block.kind is BlockKind.ITEM else "block"


def _together(head: str, rest: str) -> str:
    return f"{head}\n\n{rest}" if head else rest


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"
