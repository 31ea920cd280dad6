"""Which cells of a table's row are which, so that a column that came in is one column in every row.

Takes two rows that are the same one; gives their cells in pairs, in the order of both rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Indel

from gazette.redline.units import Cell, Unit

CellPair = tuple[Cell | None, Cell | None]


def match_cells(old: Unit, new: Unit) -> list[CellPair]:
    """The cells of two rows in pairs; None where a row lacks the cell."""
    was, now = old.cells, new.cells
    if len(was) == len(now):
        return list(zip(was, now, strict=True))
    pairs = _in_order([[_alike(a, b) for b in now] for a in was])
    out: list[CellPair] = []
    at, to = 0, 0
    for i, j in [*pairs, (len(was), len(now))]:
        out += [(cell, None) for cell in was[at:i]]
        out += [(None, cell) for cell in now[to:j]]
        if i < len(was):
            out.append((was[i], now[j]))
        at, to = i + 1, j + 1
    return out


def _alike(old: Cell, new: Cell) -> float:
    if old.key == new.key:
        return 1.0 if old.key.strip() else 0.4
    return 0.05 + 0.9 * float(Indel.normalized_similarity(old.key[:500], new.key[:500]))


def _in_order(likeness: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
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
