"""Units: what is aligned as a whole. A block by itself, or a table's row with its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from gazette.redline.blocks import Block, BlockKind, Container
from gazette.redline.tokens import code

#: Up to how many tokens neither case nor numbering matters: `4. FEES` is like `5. Fees`.
SHORT = 12

#: Kinds of blocks that may replace each other: running text in whatever form.
_LIKE = {BlockKind.ITEM: "text", BlockKind.PARAGRAPH: "text", BlockKind.QUOTE: "text", BlockKind.DEFINITION: "text"}


#: The likeness of a section that is aligned as a whole. Of its blocks such a unit has only the first.
SECTION = "section"


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """Blocks from place `start` of their text on; `cells` are set where they are a table's row.

    `key` is the text, and the edges of cells: units of the same key say the same. `likeness` tells which units may
    replace each other.
    """

    start: int
    blocks: tuple[Block, ...]
    cells: tuple[Cell, ...]
    key: str
    likeness: str
    words: tuple[str, ...]
    code: str  # of the words, as `tokens.code` makes it
    folded: str  # of a short unit, the code of its words in lower case without punctuation and numbers; else `code`
    size: int
    depth: int = 0  # of a row in the containers around its blocks
    inside: tuple[str, ...] = ()  # of a section that is aligned as a whole, the keys of its units

    @property
    def whole(self) -> Container | None:
        """The list that an item stands in, the table that a row does."""
        path = self.blocks[0].path
        if self.is_row:
            return next(container for container in reversed(path[: self.depth + 1]) if container.tag == "table")
        return path[-2] if len(path) > 1 and path[-1].tag == "li" else None

    @property
    def is_row(self) -> bool:
        return bool(self.cells)

    def further(self, places: int) -> Unit:
        """The same, so many places further on in a text."""
        cells = self.cells and tuple([Cell(tuple([u.further(places) for u in c.units]), c.key) for c in self.cells])
        return Unit(
            self.start + places,
            self.blocks,
            cells,
            self.key,
            self.likeness,
            self.words,
            self.code,
            self.folded,
            self.size,
            self.depth,
            self.inside,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A cell of a row and what is in it."""

    units: tuple[Unit, ...]
    key: str


def units_of(blocks: Sequence[Block], start: int = 0, depth: int = 0) -> tuple[Unit, ...]:
    """The units of blocks, which begin at place `start` of their text and share `depth` containers."""
    units: list[Unit] = []
    for row, members in groupby(blocks, key=lambda block: _row(block, depth)):
        if row is None:
            units += [_single(start + n, block) for n, block in enumerate(members)]
            start += len(units) and units[-1].start + 1 - start
        else:
            unit = _row_unit(start, tuple(members), row)
            units.append(unit)
            start += len(unit.blocks)
    return tuple(units)


def _row(block: Block, depth: int) -> Container | None:
    """The outermost row around a block, below the containers that all share."""
    if block.kind is not BlockKind.CELL and not any(c.tag == "tr" for c in block.path):
        return None
    return next((container for container in block.path[depth:] if container.tag == "tr"), None)


def _single(start: int, block: Block) -> Unit:
    key, likeness = block.text or f"\0{block.tag}", _LIKE.get(block.kind, block.kind)
    return Unit(
        start, (block,), (), key, likeness, block.words, block.code, _folded(block.words, block.code), block.size
    )


def _folded(words: tuple[str, ...], exact: str) -> str:
    """Of a few words, what tells them from others: neither case, nor punctuation, nor the number before a heading."""
    if len(words) > SHORT:
        return exact
    return code([word.lower() for word in words if word.isalpha()] or words)


def _row_unit(start: int, blocks: tuple[Block, ...], row: Container) -> Unit:
    place = blocks[0].path.index(row) + 1
    cells, at = [], start
    for _, group in groupby(blocks, key=lambda block: block.path[place] if len(block.path) > place else None):
        members = tuple(group)
        units = units_of(members, at, place + 1)
        cells.append(Cell(units, "\0".join([unit.key for unit in units])))
        at += len(members)
    words = tuple([word for block in blocks for word in block.words])
    exact = "".join([block.code for block in blocks])
    size = sum([block.size for block in blocks])
    return Unit(
        start, blocks, tuple(cells), _row_key(cells), "row", words, exact, _folded(words, exact), size, place - 1
    )


def _row_key(cells: Sequence[Cell]) -> str:
    return "\0row\0" + "\0 \0".join([cell.key for cell in cells])


def with_columns(row: Unit, columns: Sequence[int]) -> Unit:
    """A row that says only what is in some of its cells, so that it is aligned by these."""
    cells = [row.cells[n] for n in columns]
    units = [unit for cell in cells for unit in cell.units]
    words = tuple([word for unit in units for word in unit.words])
    exact = "".join([unit.code for unit in units])
    size = sum([unit.size for unit in units])
    return replace(row, key=_row_key(cells), words=words, code=exact, folded=_folded(words, exact), size=size)
