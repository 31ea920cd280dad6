"""Pairs of places in two texts: which of them keep the order of both, and which cross others.

Takes pairs in the order of their first places; knows nothing of what stands there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise

Pair = tuple[int, int]


def is_rising(pairs: Sequence[Pair]) -> bool:
    """Whether pairs in the order of their first places are in that of their second ones."""
    return all(one[1] < other[1] for one, other in pairwise(pairs))


def heaviest_run(pairs: Sequence[Pair], weights: Sequence[int]) -> list[Pair]:
    """Of pairs in the order of their first places, those whose second ones increase, with the greatest weight.

    The weighted form of patience sorting (Fredman 1975): `tails` holds, for growing sums of weight, the smallest last
    place that reaches it.
    """
    tails: list[tuple[int, int, int]] = []  # last second place, weight, pair
    came_from: list[int] = []
    n = 0
    while n < len(pairs):
        # Several pairs of one first place must not follow each other, so they are put in after all were looked up.
        group = [n]
        while group[-1] + 1 < len(pairs) and pairs[group[-1] + 1][0] == pairs[n][0]:
            group.append(group[-1] + 1)
        found = []
        for pair in group:
            place = pairs[pair][1]
            at = bisect_left(tails, (place, -1, -1))
            weight = weights[pair] + (tails[at - 1][1] if at else 0)
            came_from.append(tails[at - 1][2] if at else -1)
            found.append((place, weight, pair))
        for place, weight, pair in found:
            at = bisect_left(tails, (place, -1, -1))
            if at and tails[at - 1][1] >= weight:
                continue
            if at < len(tails) and tails[at][0] == place and tails[at][1] >= weight:
                continue
            end = at
            while end < len(tails) and tails[end][1] <= weight:
                end += 1
            tails[at:end] = [(place, weight, pair)]
        n = group[-1] + 1
    run = []
    at = tails[-1][2] if tails else -1
    while at >= 0:
        run.append(pairs[at])
        at = came_from[at]
    return run[::-1]


def crossed(lost: Sequence[Pair], order: Sequence[Pair], ends: Pair) -> tuple[set[int], set[int]]:
    """The old and the new places where pairs cross others that are in order, up to those that they do not cross."""
    olds, news = ([-1, *(pair[side] for pair in order), ends[side]] for side in (0, 1))
    spans = {(bisect_left(olds, i), bisect_left(news, j)) for i, j in lost}
    sides = [(min(span) - 1, max(span)) for span in spans if span[0] != span[1]]
    return (
        _covered((olds[first] + 1, olds[last]) for first, last in sides),
        _covered((news[first] + 1, news[last]) for first, last in sides),
    )


def _covered(spans: Iterable[Pair]) -> set[int]:
    """All places in these spans."""
    places: set[int] = set()
    reached = 0
    for start, end in sorted(spans):
        places.update(range(max(start, reached), end))
        reached = max(reached, end)
    return places
