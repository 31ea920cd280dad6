"""Which cells of a table's row are which, so that a column that came in is one column in every row.

Takes two rows that are the same one; gives their cells in pairs, in the order of both rows. Which column became which
is found once for two tables, from what stands in the columns, and used for each row that has all of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from rapidfuzz.distance import Indel

from gazette.redline.blocks import Container
from gazette.redline.units import Cell, Unit

CellPair = tuple[Cell | None, Cell | None]
Columns = list[tuple[int, int]]
_Rows = dict[Container | None, list[Unit]]

#: How much the heading of a column counts beside what stands in it, and of a cell only its beginning is looked at.
_HEADING, _BEGINNING = 2.0, 500


class Tables:
    """The tables of two texts, and which columns of one became which of another."""

    def __init__(self, old: Iterable[Unit], new: Iterable[Unit]) -> None:
        self._units = old, new
        self._columns: dict[tuple[Container | None, Container | None], Columns] = {}

    @cached_property
    def _rows(self) -> tuple[_Rows, _Rows]:
        return _rows(self._units[0]), _rows(self._units[1])

    def match_cells(self, old: Unit, new: Unit) -> list[CellPair]:
        """The cells of two rows in pairs; None where a row lacks the cell."""
        was, now = old.cells, new.cells
        if len(was) == len(now):
            return list(zip(was, now, strict=True))
        columns = self._columns_of(old, new)
        if columns is None:
            columns = _in_order([[_alike(a.key, b.key) for b in now] for a in was])
        out: list[CellPair] = []
        at, to = 0, 0
        for i, j in [*columns, (len(was), len(now))]:
            out += [(cell, None) for cell in was[at:i]]
            out += [(None, cell) for cell in now[to:j]]
            if i < len(was):
                out.append((was[i], now[j]))
            at, to = i + 1, j + 1
        return out

    def _columns_of(self, old: Unit, new: Unit) -> Columns | None:
        """The columns of the tables of two rows, if both rows have all of them."""
        tables = old.whole, new.whole
        was, now = self._rows[0].get(tables[0], []), self._rows[1].get(tables[1], [])
        if not was or not now or len(was[0].cells) != len(old.cells) or len(now[0].cells) != len(new.cells):
            return None
        if tables not in self._columns:
            profiles, new_profiles = _profiles(was), _profiles(now)
            headings = [cell.key for cell in was[0].cells], [cell.key for cell in now[0].cells]
            likeness = [
                [
                    (p & q).total() / max(p.total(), q.total(), 1) + _HEADING * _alike(a, b)
                    for q, b in zip(new_profiles, headings[1], strict=True)
                ]
                for p, a in zip(profiles, headings[0], strict=True)
            ]
            self._columns[tables] = _in_order(likeness)
        return self._columns[tables]


def _rows(units: Iterable[Unit]) -> _Rows:
    rows: defaultdict[Container | None, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.is_row:
            rows[unit.whole].append(unit)
    return dict(rows)


def _profiles(rows: Sequence[Unit]) -> list[Counter[str]]:
    """What stands in each column of a table, by the rows that have as many cells as the first."""
    whole = [row.cells for row in rows if len(row.cells) == len(rows[0].cells)]
    return [Counter(cells[n].key for cells in whole) for n in range(len(rows[0].cells))]


def _alike(old: str, new: str) -> float:
    if old == new:
        return 1.0 if old.strip() else 0.4
    return 0.05 + 0.9 * float(Indel.normalized_similarity(old[:_BEGINNING], new[:_BEGINNING]))


def _in_order(likeness: Sequence[Sequence[float]]) -> Columns:
    """Pairs of rows and columns of a matrix, both increasing, with the greatest sum."""
    n, m = len(likeness), len(likeness[0]) if likeness else 0
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(n):
        for j in range(m):
            best[i + 1][j + 1] = max(best[i][j + 1], best[i + 1][j], best[i][j] + likeness[i][j])
    pairs = []
    while n and m:
        if best[n][m] == best[n - 1][m]:
            n -= 1
        elif best[n][m] == best[n][m - 1]:
            m -= 1
        else:
            n, m = n - 1, m - 1
            pairs.append((n, m))
    return pairs[::-1]
