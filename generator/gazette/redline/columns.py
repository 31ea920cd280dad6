"""Which cells of a table's row are which, so that a column that came in is one column in every row.

Takes two rows that are the same one; gives their cells in pairs, in the order of both rows. Which column became which
is found once for two tables, from what stands in the columns, and used for each row that has all of them. Rows of
tables whose columns changed are known by what stands in the columns that both have.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from rapidfuzz.distance import Indel

from gazette.redline.blocks import Container
from gazette.redline.order import Pair
from gazette.redline.units import Cell, Unit, with_columns

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
        columns = self._columns_of(old, new)
        if columns is None and len(was) == len(now):
            return list(zip(was, now, strict=True))
        if columns is None:
            columns = _in_order([[_alike(a.key, b.key) for b in now] for a in was], old.key > new.key)
        out: list[CellPair] = []
        at, to = 0, 0
        for i, j in [*columns, (len(was), len(now))]:
            out += [(cell, None) for cell in was[at:i]]
            out += [(None, cell) for cell in now[to:j]]
            if i < len(was):
                out.append((was[i], now[j]))
            at, to = i + 1, j + 1
        return out

    def by_columns(self, pairs: Iterable[Pair]) -> tuple[list[Unit], list[Unit]] | None:
        """The units of both texts, rows saying only what is in columns that both tables have; None where no column
        came or went. `pairs` are units that are the same, by which tables are."""
        olds, news = list(self._units[0]), list(self._units[1])
        same = [(olds[i], news[j]) for i, j in pairs if olds[i].is_row and news[j].is_row]
        rows = [(old, new) for old, new in same if old.key != new.key]
        if not rows:
            return None
        kept: dict[Container | None, list[int]] = {}
        new_kept: dict[Container | None, list[int]] = {}
        for old, new in _same_tables(rows):
            was, now = self._rows[0][old][0], self._rows[1][new][0]
            columns = self._columns_of(was, now) or []
            if columns and not len(columns) == len(was.cells) == len(now.cells):
                kept[old], new_kept[new] = [i for i, _ in columns], [j for _, j in columns]
        if not kept:
            return None
        return self._narrowed(olds, self._rows[0], kept), self._narrowed(news, self._rows[1], new_kept)

    def _narrowed(self, units: Iterable[Unit], tables: _Rows, kept: Mapping[Container | None, list[int]]) -> list[Unit]:
        """Units, the whole rows of some tables with the columns alone that are kept of these."""
        return [
            with_columns(unit, kept[table])
            if unit.is_row and (table := unit.whole) in kept and len(unit.cells) == len(tables[table][0].cells)
            else unit
            for unit in units
        ]

    def _columns_of(self, old: Unit, new: Unit) -> Columns | None:
        """The columns of the tables of two rows, if both rows have all of them."""
        tables = old.whole, new.whole
        was, now = self._rows[0].get(tables[0], []), self._rows[1].get(tables[1], [])
        if not was or not now or len(was[0].cells) != len(old.cells) or len(now[0].cells) != len(new.cells):
            return None
        if tables not in self._columns:
            self._columns[tables] = _same_columns(was, now)
        return self._columns[tables]


def _same_tables(rows: Iterable[tuple[Unit, Unit]]) -> list[tuple[Container | None, Container | None]]:
    """The tables of rows that are the same: those that are each other's in most rows."""
    times = Counter((old.whole, new.whole) for old, new in rows)
    best: dict[Container | None, Container | None] = {}
    new_best: dict[Container | None, Container | None] = {}
    for (old, new), _ in times.most_common():
        best.setdefault(old, new)
        new_best.setdefault(new, old)
    return [(old, new) for old, new in best.items() if new_best[new] is old]


def _same_columns(was: Sequence[Unit], now: Sequence[Unit]) -> Columns:
    """The columns of two tables that are the same, by their headings and by what stands in them."""
    headings = [cell.key for cell in was[0].cells], [cell.key for cell in now[0].cells]
    if headings[0] == headings[1]:
        return [(n, n) for n in range(len(headings[0]))]
    profiles, new_profiles = _profiles(was), _profiles(now)
    likeness = [
        [
            (p & q).total() / max(p.total(), q.total(), 1) + _HEADING * _alike(a, b)
            for q, b in zip(new_profiles, headings[1], strict=True)
        ]
        for p, a in zip(profiles, headings[0], strict=True)
    ]
    return _in_order(likeness, [row.key for row in was] > [row.key for row in now])


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


def _in_order(likeness: Sequence[Sequence[float]], is_backwards: bool) -> Columns:
    """Pairs of rows and columns of a matrix, both increasing, with the greatest sum; of several such the same ones if
    the matrix is turned and looked at backwards."""
    if is_backwards:
        return [(i, j) for j, i in _in_order(list(zip(*likeness, strict=True)), is_backwards=False)]
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
