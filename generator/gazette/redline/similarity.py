"""How alike two pieces of text are, by their tokens.

Takes units; gives similarities between 0 and 1: twice the length of the longest common subsequence of tokens over the
sum of lengths (rapidfuzz's Indel, bit-parallel). Hides how many pairs there are: up to `DENSE` all are computed
(cdist); beyond that only pairs that share rare tokens are, found through an inverted index, so that two unrelated texts
of any size take time in proportion to their length.

Tokens become integers, and sequences of integers become strings of the characters with these code points, which is what
rapidfuzz compares fastest. (Of other hashables it compares only the hashes.)
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
#: Up to how many tokens upper and lower case are the same: a heading in capitals is like the same one without.
SHORT = 12
#: Tokens beyond which only the beginning and the end of a unit are compared.
LONG = 4_000
_CODE_POINTS = 0x10FFFF
_RAREST = 10
_OFTEN = 12

Coded = str | list[int]


class Vocabulary:
    """Numbers for tokens, in the order in which they come: the same for the same two texts on every machine."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._coded: dict[int, tuple[Sequence[str], Coded]] = {}

    def code(self, words: Sequence[str]) -> Coded:
        """The tokens as numbers. The same tuple is numbered once."""
        known = self._coded.get(id(words))
        if known is None:
            numbers = self._numbers
            codes = [numbers.setdefault(word, len(numbers) + 1) for word in words]
            known = words, "".join(map(chr, codes)) if len(numbers) < _CODE_POINTS else codes
            self._coded[id(words)] = known  # holds the tuple, so that its id stays its own
        return known[1]

    def coded(self, unit: Unit) -> Coded:
        """The unit's tokens; of a very long one its beginning and end, which suffice to tell what it is like."""
        if len(unit.words) <= SHORT:
            return self.code(unit.folded)
        coded = self.code(unit.words)
        return coded if len(coded) <= LONG else coded[: LONG // 2] + coded[-LONG // 2 :]  # type: ignore[operator]

    def similarity(self, one: Unit, other: Unit, cutoff: float = 0.0) -> float:
        return float(Indel.normalized_similarity(self.coded(one), self.coded(other), score_cutoff=cutoff))

    def matrix(self, olds: Sequence[Unit], news: Sequence[Unit], cutoff: float) -> NDArray[Any]:
        """Similarities of all pairs; what is below `cutoff` is 0."""
        return cdist(
            [self.coded(unit) for unit in olds],
            [self.coded(unit) for unit in news],
            scorer=Indel.normalized_similarity,
            score_cutoff=cutoff,
            dtype=np.float32,
        )

    def similar(self, olds: Sequence[Unit], news: Sequence[Unit], cutoff: float) -> list[tuple[int, int, float]]:
        """Pairs at least as alike as `cutoff`: (place in olds, place in news, similarity). All, or the likely ones."""
        if not olds or not news:
            return []
        if len(olds) * len(news) <= DENSE:
            matrix = self.matrix(olds, news, cutoff)
            rows, columns = np.nonzero(matrix)
            return [(int(i), int(j), float(matrix[i, j])) for i, j in zip(rows, columns, strict=True)]
        return self._likely(olds, news, cutoff)

    def _likely(self, olds: Sequence[Unit], news: Sequence[Unit], cutoff: float) -> list[tuple[int, int, float]]:
        index: defaultdict[str, list[int]] = defaultdict(list)
        for j, unit in enumerate(news):
            for word in dict.fromkeys(unit.words[:LONG]):
                index[word].append(j)
        pairs = []
        for i, unit in enumerate(olds):
            shared = [index[w] for w in dict.fromkeys(unit.words[:LONG]) if w in index and len(index[w]) <= _OFTEN]
            votes: defaultdict[int, float] = defaultdict(float)
            for places in sorted(shared, key=len)[:_RAREST]:
                for j in places:
                    votes[j] += 1 / len(places)
            for j in sorted(votes, key=lambda j: (-votes[j], j))[:3]:
                score = self.similarity(unit, news[j], cutoff)
                if score >= cutoff and score:
                    pairs.append((i, j, score))
        return pairs
