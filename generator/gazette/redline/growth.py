"""Splits and mergers: blocks of one text that together are one block of the other.

Takes an alignment; lets pairs grow into neighbours that have no partner yet, as long as most of a neighbour's words are
found in what the pair's other side has left. So a paragraph split in two with a word changed is one split.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from gazette.redline.alignment import Alignment
from gazette.redline.order import Pair, heaviest_run
from gazette.redline.similarity import common_tokens, matrix
from gazette.redline.units import Unit

#: The share of a neighbour's tokens that must be found for a pair to grow into it.
FOUND = 0.65
#: The share of a block's tokens that must be found in a longer one to be taken for a part of it, and its least words.
CONTAINED, LEAST = 0.75, 8
#: The share of a block's tokens that must be found in small ones for it to be made of them.
TOGETHER = 0.5
#: How many units in a row may have come or gone within a split or merger.
REACH = 2
#: Gaps in which every pair is tried for containment.
_TRIED = 10_000


def grow(result: Alignment, old: Sequence[Unit], new: Sequence[Unit]) -> None:
    """Find splits and mergers, and note them in the alignment."""
    _seed(result, old, new)
    _gather(result, old, new)
    for i, j in list(result.in_place()):
        if old[i].is_row or new[j].is_row or old[i].key == new[j].key:
            continue
        _split(result, old, new, i, j)
        if i not in result.split:
            _merge(result, old, new, i, j)


def _seed(result: Alignment, old: Sequence[Unit], new: Sequence[Unit]) -> None:
    """Pair a block with the most of it that a longer one of the same gap contains."""
    for olds, news in list(result.gaps()):
        if len(olds) + len(news) == 2 or len(olds) * len(news) > _TRIED:
            continue
        olds = [i for i in olds if not old[i].is_row and old[i].size >= LEAST]
        news = [j for j in news if not new[j].is_row and new[j].size >= LEAST]
        if not olds or not news:
            continue
        likeness = matrix([old[i] for i in olds], [new[j] for j in news], 0.0)
        found = []
        for i, row in zip(olds, likeness.tolist(), strict=True):
            for j, alike in zip(news, row, strict=True):
                one, other = len(old[i].words), len(new[j].words)
                common = round(alike * (one + other) / 2)
                if common >= CONTAINED * min(one, other):
                    found.append((i, j, common))
        for i, j in heaviest_run([(i, j) for i, j, _ in found], [common for _, _, common in found]):
            result.join(i, j)


def _gather(result: Alignment, old: Sequence[Unit], new: Sequence[Unit]) -> None:
    """Find blocks without a partner that small ones of the same gap are made of, as where a sentence became a list.

    Each of the small ones is too short to show anything; together they must be most of the block, and of themselves.
    """
    for olds, news in list(result.gaps()):
        for i, j in _made_of(old, olds, new, news):
            result.join(i, j)
            _split(result, old, new, i, j)
    for olds, news in list(result.gaps()):
        for j, i in _made_of(new, news, old, olds):
            result.join(i, j)
            _merge(result, old, new, i, j)


def _made_of(wholes: Sequence[Unit], ones: list[int], parts: Sequence[Unit], others: list[int]) -> Iterator[Pair]:
    """Which of the units `ones` of one text are made of small ones of the `others`, in the order of both: each with the
    first that it is made of."""
    free = {n for n in others if not parts[n].is_row}
    ones = [n for n in ones if not wholes[n].is_row and wholes[n].size >= LEAST]
    others = [n for n in others if n in free and parts[n].words and parts[n].size < LEAST]
    if not ones or len(others) < 2 or len(ones) * len(others) > _TRIED:
        return
    sizes = np.array([len(parts[n].folded) for n in others])
    likeness = matrix([wholes[n] for n in ones], [parts[n] for n in others], 0.0)
    common = likeness * np.add.outer([len(wholes[n].folded) for n in ones], sizes) / 2
    for one, found in zip(ones, common >= FOUND * sizes, strict=True):
        code = wholes[one].code
        if sizes[found].sum() < TOGETHER * len(code):
            continue
        reached = -1
        for other in [n for n, is_found in zip(others, found, strict=True) if is_found and n in free]:
            if other <= reached:
                continue
            stretch = _grown(code, parts, free.__contains__, other)
            reached = stretch[-1]
            together = "".join([parts[n].code for n in stretch])
            if common_tokens(code, together) >= max(TOGETHER * len(code), CONTAINED * len(together)):
                free = {n for n in free if n > reached}
                yield one, other
                break


def _split(result: Alignment, old: Sequence[Unit], new: Sequence[Unit], i: int, j: int) -> None:
    """Let old block `i` become new block `j` and its neighbours."""

    def free(n: int) -> bool:
        return not new[n].is_row and (result.new[n] < 0 or result.new[n] in result.moved)

    parts = _grown(old[i].code, new, free, j)
    if len(parts) > 1:
        result.split[i] = parts
        result.old[i] = parts[0]
        for part in parts:
            result.leave(result.new[part])
            result.new[part] = i


def _merge(result: Alignment, old: Sequence[Unit], new: Sequence[Unit], i: int, j: int) -> None:
    """Let new block `j` be made of old block `i` and its neighbours."""

    def free(n: int) -> bool:
        return not old[n].is_row and (result.old[n] < 0 or n in result.moved)

    parts = _grown(new[j].code, old, free, i)
    if len(parts) > 1:
        result.merged[j] = parts
        result.new[j] = parts[0]
        for part in parts:
            result.leave(part)
            result.old[part] = j


def _grown(whole: str, units: Sequence[Unit], free: Callable[[int], bool], at: int) -> list[int]:
    """The units around `at`, with no partner but its own, that `whole` consists of.

    Up to REACH units that came or went between two of them do not end the stretch.
    """
    parts = [at]
    code = units[at].code
    common = common_tokens(whole, code)
    growing = True
    while growing and common < len(whole):
        growing = False
        for n, later in _next_to(parts, len(units)):
            between = range(parts[-1] + 1, n) if later else range(n + 1, parts[0])
            if not free(n) or not units[n].words or not all(free(k) for k in between):
                continue
            added = units[n].code
            longer = code + added if later else added + code
            more = common_tokens(whole, longer)
            if more - common >= max(FOUND * len(added), min(2, len(added))):
                parts.insert(len(parts) if later else 0, n)
                code, common, growing = longer, more, True
                break
    return parts


def _next_to(parts: Sequence[int], end: int) -> Iterator[tuple[int, bool]]:
    """The places next to a stretch, nearest first, and whether they come after it."""
    for step in range(1, REACH + 2):
        if parts[0] - step >= 0:
            yield parts[0] - step, False
        if parts[-1] + step < end:
            yield parts[-1] + step, True
