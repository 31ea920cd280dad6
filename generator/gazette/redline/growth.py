"""Splits and mergers: blocks of one text that together are one block of the other.

Takes an alignment; lets pairs grow into neighbours that have no partner yet, as long as most of a neighbour's words are
found in what the pair's other side has left. So a paragraph split in two with a word changed is one split.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Indel

from gazette.redline.alignment import Alignment, heaviest_run
from gazette.redline.similarity import Vocabulary
from gazette.redline.units import Unit

#: The share of a neighbour's tokens that must be found for a pair to grow into it.
FOUND = 0.65
#: The share of a block's tokens that must be found in a longer one to be taken for a part of it, and its least words.
CONTAINED, LEAST = 0.75, 8
#: Gaps in which every pair is tried for containment.
_TRIED = 10_000


def grow(result: Alignment, old: Sequence[Unit], new: Sequence[Unit], vocabulary: Vocabulary) -> None:
    """Find splits and mergers, and note them in the alignment."""
    _seed(result, old, new, vocabulary)
    for i, j in list(result.in_place()):
        if old[i].is_row or new[j].is_row or old[i].key == new[j].key:
            continue
        _split(result, old, new, vocabulary, i, j)
        if i not in result.split:
            _merge(result, old, new, vocabulary, i, j)


def _seed(result: Alignment, old: Sequence[Unit], new: Sequence[Unit], vocabulary: Vocabulary) -> None:
    """Pair a block with the most of it that a longer one of the same gap contains."""
    for olds, news in list(result.gaps()):
        if len(olds) + len(news) == 2 or len(olds) * len(news) > _TRIED:
            continue
        olds = [i for i in olds if not old[i].is_row and old[i].size >= LEAST]
        news = [j for j in news if not new[j].is_row and new[j].size >= LEAST]
        if not olds or not news:
            continue
        likeness = vocabulary.matrix([old[i] for i in olds], [new[j] for j in news], 0.0)
        found = []
        for i, row in zip(olds, likeness.tolist(), strict=True):
            for j, alike in zip(news, row, strict=True):
                one, other = len(old[i].words), len(new[j].words)
                common = round(alike * (one + other) / 2)
                if common >= CONTAINED * min(one, other):
                    found.append((i, j, common))
        for i, j in heaviest_run([(i, j) for i, j, _ in found], [common for _, _, common in found]):
            result.join(i, j)


def _common(vocabulary: Vocabulary, one: Sequence[str], other: Sequence[str]) -> int:
    return int(Indel.similarity(vocabulary.code(one), vocabulary.code(other))) // 2


def _split(result: Alignment, old: Sequence[Unit], new: Sequence[Unit], vocabulary: Vocabulary, i: int, j: int) -> None:
    """Let old block `i` become new block `j` and its neighbours."""
    parts = _grown(old[i].words, new, result.new, j, vocabulary)
    if len(parts) > 1:
        result.split[i] = parts
        result.old[i] = parts[0]
        for part in parts:
            result.new[part] = i


def _merge(result: Alignment, old: Sequence[Unit], new: Sequence[Unit], vocabulary: Vocabulary, i: int, j: int) -> None:
    """Let new block `j` be made of old block `i` and its neighbours."""
    parts = _grown(new[j].words, old, result.old, i, vocabulary)
    if len(parts) > 1:
        result.merged[j] = parts
        result.new[j] = parts[0]
        for part in parts:
            result.old[part] = j


def _grown(
    whole: Sequence[str], units: Sequence[Unit], partners: Sequence[int], at: int, vocabulary: Vocabulary
) -> list[int]:
    """The stretch of units around `at`, without partners but for it, that `whole` consists of."""
    first, last = at, at
    words = list(units[at].words)
    common = _common(vocabulary, whole, words)
    growing = True
    while growing:
        growing = False
        for step in (-1, 1):
            n = first - 1 if step < 0 else last + 1
            if not 0 <= n < len(units) or partners[n] >= 0 or units[n].is_row or not units[n].words:
                continue
            longer = [*units[n].words, *words] if step < 0 else [*words, *units[n].words]
            more = _common(vocabulary, whole, longer)
            if more - common >= max(2, FOUND * len(units[n].words)):
                first, last = min(first, n), max(last, n)
                words, common, growing = longer, more, True
    return list(range(first, last + 1))
