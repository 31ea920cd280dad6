"""Which stretches of a redline say nothing new, so that a rendering can fold each to a line that says how much it is.

Takes the tree; gives its sections, and in a section its lines, in order, with a `Fold` wherever several in a row are
unchanged, or only count on. A line is a block, or the cells of one row of a table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from gazette.redline.blocks import Block, BlockKind, Container
from gazette.redline.changes import BlockChange, Kind, Redline, SectionChange
from gazette.redline.phrases import old_number
from gazette.redline.summary import counted, name_of

Line = tuple[BlockChange, ...]

#: An unchanged stretch with fewer words than these is shown: a fold would hide little and break the reading.
WORTH_FOLDING = 12
TITLES_NAMED = 6
#: So many lines in a row of which nothing but the number changed are said at once.
MANY_NUMBERS = 3

_NOUNS = {
    BlockKind.PARAGRAPH: "paragraph",
    BlockKind.HEADING: "heading",
    BlockKind.ITEM: "list item",
    BlockKind.CELL: "table row",
}


@dataclass(frozen=True, slots=True)
class Fold:
    """Where nothing changed, or nothing but numbers: whole `sections`, else `lines` of one section."""

    sections: tuple[SectionChange, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def blocks(self) -> tuple[BlockChange, ...]:
        if self.sections:
            return tuple(block for section in self.sections for block in section.blocks)
        return tuple(block for line in self.lines for block in line)

    @property
    def words(self) -> int:
        return sum(change.block.size for change in self.blocks)

    @property
    def label(self) -> str:
        """`2 sections unchanged: Cookies, Contact (310 words)`; `3 paragraphs unchanged (95 words)`."""
        return f"{self._what()} ({counted(self.words, 'word')})"

    def _what(self) -> str:
        if self.lines and not is_kept_line(self.lines[0]):
            return self._renumbered()
        if not self.sections:
            return f"{self._count()} unchanged"
        return self._titles()

    def _renumbered(self) -> str:
        """`12 list items only renumbered, 4→5 to 15→16`."""
        ends = [change for line in (self.lines[0], self.lines[-1]) for change in line if old_number(change)]
        numbers = " to ".join(f"{old_number(change)}→{change.block.number}" for change in ends)
        return f"{self._count()} only renumbered{', ' * bool(numbers)}{numbers}"

    def _count(self) -> str:
        kinds = {line[0].block.kind for line in self.lines}
        return counted(len(self.lines), _NOUNS.get(kinds.pop(), "block") if len(kinds) == 1 else "block")

    def _titles(self) -> str:
        titles = [name_of(section) for section in self.sections]
        named = ", ".join(titles[:TITLES_NAMED])
        more = f" and {len(titles) - TITLES_NAMED:,} more" if len(titles) > TITLES_NAMED else ""
        return f"{counted(len(titles), 'section')} unchanged: {named}{more}"


#: Names a fold: a site whose pages are in another language brings its own words.
Label = Callable[[Fold], str]


def english(fold: Fold) -> str:
    return fold.label


def folded_sections(redline: Redline) -> Iterator[SectionChange | Fold]:
    """The sections, each stretch of unchanged ones as one fold."""
    for is_kept, members in groupby(redline.sections, key=lambda section: section.is_kept):
        if is_kept:
            yield Fold(sections=tuple(members))
        else:
            yield from members


def folded_lines(changes: Iterable[BlockChange]) -> Iterator[Line | Fold]:
    """The lines of a section, each stretch of unchanged or only renumbered ones as one fold if that is worth it."""
    for sort, members in groupby(lines_of(changes), key=_sort):
        lines = tuple(members)
        fold = Fold(lines=lines)
        if (sort == "kept" and fold.words >= WORTH_FOLDING) or (sort == "renumbered" and len(lines) >= MANY_NUMBERS):
            yield fold
        else:
            yield from lines


def _sort(line: Line) -> str:
    if is_kept_line(line):
        return "kept"
    return "renumbered" if all(set(change.kinds) <= {Kind.RENUMBERED} for change in line) else "changed"


def own_heading(section: SectionChange) -> tuple[BlockChange | None, Sequence[BlockChange]]:
    """A section's own heading, if its first block is that, and the other blocks."""
    first = section.blocks[0] if section.blocks else None
    if first and first.block.kind is BlockKind.HEADING and first.block.title in {section.old_title, section.new_title}:
        return first, section.blocks[1:]
    return None, section.blocks


def is_kept_line(line: Line) -> bool:
    return all(change.is_kept for change in line)


def lines_of(changes: Iterable[BlockChange]) -> Iterator[Line]:
    """The blocks one by one, but the cells of a row together."""
    changes = list(changes)
    now = _rows_now(changes)
    row: Container | None = None
    cells: list[BlockChange] = []
    for change in changes:
        container = row_of(change.block)
        container = now.get(container, container) if container else None
        if cells and container is not row:
            yield tuple(cells)
            cells = []
        row = container
        if container is None:
            yield (change,)
        else:
            cells.append(change)
    if cells:
        yield tuple(cells)


def row_of(block: Block) -> Container | None:
    """The row of a table that the block is in, if it is in one."""
    return next((container for container in reversed(block.path) if container.tag == "tr"), None)


def _rows_now(changes: Iterable[BlockChange]) -> dict[Container, Container]:
    """The row of the new text that each row of the old one became: a cell removed from it still stands in it."""
    now: dict[Container, Container] = {}
    for change in changes:
        was, is_now = row_of(change.was) if change.was else None, row_of(change.block)
        if was and is_now and change.old and change.new:
            now[was] = is_now
    return now
