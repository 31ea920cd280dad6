"""How alike two pieces of text are, by their tokens.

Takes units; gives similarities between 0 and 1: twice the length of the longest common subsequence of tokens over the
sum of lengths (rapidfuzz's Indel, bit-parallel). Hides how many pairs there are: up to `DENSE` all are computed
(cdist); beyond that only pairs that share rare tokens are, found through an inverted index, so that two unrelated texts
of any size take time in proportion to their length.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from gazette.redline.units import Unit

#: Up to how many pairs all similarities are computed.
DENSE = 40_000
#: Tokens beyond which only the beginning and the end of a unit are compared: they suffice to tell what it is like.
LONG = 4_000
_RAREST = 10
_OFTEN = 12


def similarity(one: Unit, other: Unit, cutoff: float = 0.0) -> float:
    return float(Indel.normalized_similarity(_ends(one.folded), _ends(other.folded), score_cutoff=cutoff))


def common_tokens(one: str, other: str) -> int:
    """The length of the longest common subsequence of two codes."""
    return int(Indel.similarity(_ends(one), _ends(other))) // 2


def matrix(olds: Sequence[Unit], news: Sequence[Unit], cutoff: float) -> NDArray[Any]:
    """Similarities of all pairs; what is below `cutoff` is 0."""
    return cdist(
        [_ends(unit.folded) for unit in olds],
        [_ends(unit.folded) for unit in news],
        scorer=Indel.normalized_similarity,
        score_cutoff=cutoff,
        dtype=np.float32,
    )


def _ends(code: str) -> str:
    return code if len(code) <= LONG else code[: LONG // 2] + code[-LONG // 2 :]


def similar(olds: Sequence[Unit], news: Sequence[Unit], cutoff: float) -> list[tuple[int, int, float]]:
    """Pairs at least as alike as `cutoff`: (place in olds, place in news, similarity). All, or the likely ones."""
    if not olds or not news:
        return []
    if len(olds) * len(news) <= DENSE:
        scores = matrix(olds, news, cutoff)
        rows, columns = np.nonzero(scores)
        return [(int(i), int(j), float(scores[i, j])) for i, j in zip(rows, columns, strict=True)]
    return _likely(olds, news, cutoff)


def _likely(olds: Sequence[Unit], news: Sequence[Unit], cutoff: float) -> list[tuple[int, int, float]]:
    index: defaultdict[str, list[int]] = defaultdict(list)
    for j, unit in enumerate(news):
        for word in dict.fromkeys(unit.folded[:LONG]):
            index[word].append(j)
    pairs = []
    for i, unit in enumerate(olds):
        shared = [index[w] for w in dict.fromkeys(unit.folded[:LONG]) if w in index and len(index[w]) <= _OFTEN]
        votes: defaultdict[int, float] = defaultdict(float)
        for places in sorted(shared, key=len)[:_RAREST]:
            for j in places:
                votes[j] += 1 / len(places)
        for j in sorted(votes, key=lambda j: (-votes[j], j))[:3]:
            score = similarity(unit, news[j], cutoff)
            if score >= cutoff and score:
                pairs.append((i, j, score))
    return pairs
