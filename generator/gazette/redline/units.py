"""Units: what is aligned as a whole. A block by itself, or a table's row with its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from gazette.redline.blocks import Block, BlockKind, Container


@dataclass(frozen=True, eq=False)
class Unit:
    """Blocks from `start` on. `row` is set where they are the cells of one row."""

    start: int
    blocks: tuple[Block, ...]
    depth: int = 0
    row: Container | None = None

    @property
    def end(self) -> int:
        return self.start + len(self.blocks)

    @cached_property
    def key(self) -> str:
        """The text, and the edges of cells: units of the same key say the same."""
        if self.row is None:
            block = self.blocks[0]
            return block.text or f"\0{block.tag}"
        return "\0row\0" + "\0".join(" \0 ".join(u.key for u in cell.units) for cell in self.cells)

    @cached_property
    def kind(self) -> BlockKind | str:
        """Units of one kind may replace each other."""
        return "row" if self.row else self.blocks[0].kind

    @cached_property
    def words(self) -> tuple[str, ...]:
        return self.blocks[0].words if len(self.blocks) == 1 else tuple(w for b in self.blocks for w in b.words)

    @cached_property
    def size(self) -> int:
        return sum(block.size for block in self.blocks)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The cells of a row, empty ones included."""
        place = self.depth + 1
        groups = groupby(self.blocks, key=lambda block: block.path[place] if len(block.path) > place else None)
        cells, start = [], self.start
        for container, members in groups:
            blocks = tuple(members)
            cells.append(Cell(container, units_of(blocks, start, place + 1)))
            start += len(blocks)
        return tuple(cells)


@dataclass(frozen=True, eq=False)
class Cell:
    """A cell of a row and what is in it."""

    container: Container | None
    units: tuple[Unit, ...]

    @cached_property
    def key(self) -> str:
        return "\0".join(unit.key for unit in self.units)


def units_of(blocks: Sequence[Block], start: int = 0, depth: int = 0) -> tuple[Unit, ...]:
    """The units of blocks, which begin at place `start` of their text and share `depth` containers."""
    units: list[Unit] = []
    row: Container | None = None
    members: list[Block] = []
    place = 0
    for n, block in enumerate(blocks):
        at = next((d for d in range(depth, len(block.path)) if block.path[d].tag == "tr"), -1)
        container = block.path[at] if at >= 0 else None
        if container is not None and container is row:
            members.append(block)
            continue
        if row is not None:
            units.append(Unit(start + n - len(members), tuple(members), place, row))
        row, members, place = container, [block], at
        if container is None:
            units.append(Unit(start + n, (block,), depth))
            members = []
    if row is not None:
        units.append(Unit(start + len(blocks) - len(members), tuple(members), place, row))
    return tuple(units)
