"""Which units of the old text are which of the new one.

Takes two sequences of units; gives pairs in the order of both texts, and pairs that moved. Steps, each working on what
the ones before left over:

1. Units whose text occurs once in each text are anchors; the heaviest run of them that keeps its order (a longest
   increasing subsequence weighted by words) stays in place (patience diff, B. Cohen). The others moved. Where a long
   one would move, what was edited between them has weight, too.
2. Between anchors: equal neighbours, then anchors of this gap alone, then similar units, in the order that keeps most
   words (Needleman and Wunsch, without a price for gaps).
3. Units that are alike but elsewhere moved, if they are long enough to be told from chance, and their neighbours with
   them.
4. What is left in a gap on both sides and is of one kind was replaced.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from gazette.redline.order import Pair, crossed, heaviest_run, is_rising
from gazette.redline.similarity import DENSE, matrix, similar, similarity
from gazette.redline.units import Unit

#: From how much alike on a unit is the same one edited: where it was; elsewhere; next to one that moved.
ALIKE, MOVED, BESIDE = 0.5, 0.6, 0.5
#: How many words a unit must have for its likeness elsewhere not to be chance.
LONG_ENOUGH = 8

Labels = tuple[Sequence[int], Sequence[int]]  # of old and new units: what has one label may be the same in place


@dataclass
class Alignment:
    """What is known so far: for each unit of a text its partner in the other one, or -1, and who moved."""

    old: list[int]
    new: list[int]
    moved: set[int]  # places in the old text
    split: dict[int, list[int]]  # the new units that an old one became
    merged: dict[int, list[int]]  # the old units that a new one is made of

    def join(self, i: int, j: int) -> None:
        self.old[i], self.new[j] = j, i

    def leave(self, i: int) -> None:
        """Part an old unit from where it moved, if it did."""
        if i in self.moved:
            self.moved.discard(i)
            self.new[self.old[i]] = -1
            self.old[i] = -1

    def reversed(self) -> Alignment:
        """The same from the new units to the old ones."""
        return Alignment(self.new, self.old, {self.old[i] for i in self.moved}, self.merged, self.split)

    def in_place(self) -> Iterator[Pair]:
        return ((i, j) for i, j in enumerate(self.old) if j >= 0 and i not in self.moved)

    def settle(self, end: int) -> None:
        """What was found elsewhere but crosses nothing that stayed did not move."""
        places = [i for i, _ in self.in_place()]
        partners = [self.split.get(i, [self.old[i]])[-1] for i in places]
        for i in sorted(self.moved):
            j = self.old[i]
            at = bisect_left(places, i)
            if (partners[at - 1] if at else -1) < j < (self.old[places[at]] if at < len(places) else end):
                self.moved.discard(i)
                places.insert(at, i)
                partners.insert(at, j)

    def gaps(self) -> Iterator[tuple[list[int], list[int]]]:
        """Units without a partner between two pairs in place, where there are any on both sides."""
        at, to = 0, 0
        for i, j in [*self.in_place(), (len(self.old), len(self.new))]:
            if i == at and j == to and i not in self.split and j not in self.merged:
                at, to = i + 1, j + 1
                continue
            olds = [n for n in range(at, i) if self.old[n] < 0]
            news = [n for n in range(to, j) if self.new[n] < 0]
            if olds and news:
                yield olds, news
            at, to = max(at, self.olds_of(i, j)[-1] + 1), max(to, self.news_of(i, j)[-1] + 1)

    def olds_of(self, i: int, j: int) -> list[int]:
        """The old units that a pair stands for: more than `i` where several were merged."""
        return self.merged.get(j, [i])

    def news_of(self, i: int, j: int) -> list[int]:
        """The new units that a pair stands for: more than `j` where one was split."""
        return self.split.get(i, [j])


def align(old: Sequence[Unit], new: Sequence[Unit], fixed: Iterable[Pair], labels: Labels) -> Alignment:
    """Align two texts. `fixed` pairs are the same whatever they say (section titles of one id); `labels` tells which
    units may be the same in place although they differ, being alike."""
    result = Alignment([-1] * len(old), [-1] * len(new), set(), {}, {})
    aligner = _Aligner(old, new, labels, result)
    aligner.anchor(dict(fixed))
    aligner.fill_gaps()
    return result


def find_moves(result: Alignment, old: Sequence[Unit], new: Sequence[Unit]) -> None:
    """Step 3: what is alike, but elsewhere."""
    if -1 in result.old and -1 in result.new:
        _Aligner(old, new, ([], []), result).find_moves()
    if result.moved:
        result.settle(len(new))


def replace_rest(result: Alignment, old: Sequence[Unit], new: Sequence[Unit], labels: Labels) -> None:
    """Pair what is left in the gaps: units of one kind, most alike first, else by their order."""
    aligner = _Aligner(old, new, labels, result)
    for olds, news in list(result.gaps()):
        aligner.match(olds, news, cutoff=0.0)


class _Aligner:
    def __init__(self, old: Sequence[Unit], new: Sequence[Unit], labels: Labels, result: Alignment) -> None:
        self.old, self.new, self.labels, self.result = old, new, labels, result

    def anchor(self, fixed: dict[int, int]) -> None:
        """Step 1 over the whole texts. Anchors that are out of order moved, if they are long enough."""
        old, new = self.old, self.new
        given = {j: i for i, j in fixed.items()}

        def same(i: int, j: int) -> bool:
            return old[i].key == new[j].key and fixed.get(i, j) == j and given.get(j, i) == i

        start, shorter = 0, min(len(old), len(new))
        while start < shorter and same(start, start):
            self.result.join(start, start)
            start += 1
        end = 0
        while end < shorter - start and same(len(old) - 1 - end, len(new) - 1 - end):
            self.result.join(len(old) - 1 - end, len(new) - 1 - end)
            end += 1
        olds, news = range(start, len(old) - end), range(start, len(new) - end)
        if not olds or not news:
            return
        pairs = self._unique(olds, news, fixed)
        order = set(pairs if is_rising(pairs) else self._in_order(pairs, olds, news, fixed))
        for i, j in pairs:
            if (i, j) in order:
                self.result.join(i, j)
            elif i in fixed or self.old[i].size >= LONG_ENOUGH:
                self.result.join(i, j)
                self.result.moved.add(i)

    def _in_order(
        self, pairs: Sequence[Pair], olds: Iterable[int], news: Iterable[int], fixed: dict[int, int]
    ) -> list[Pair]:
        """The anchors that stay. Where a long one would not, what was edited between them weighs, too."""
        weights = self._weights(pairs, fixed)
        order = heaviest_run(pairs, weights)
        kept = set(order)
        lost = [pair for pair in pairs if pair not in kept and self.old[pair[0]].size >= LONG_ENOUGH]
        if not lost:
            return order
        passed = crossed(lost, order, (len(self.old), len(self.new)))
        free = [places - {pair[side] for pair in pairs} for side, places in enumerate(passed)]
        olds = [i for i in olds if i in free[0] and self.old[i].size >= LONG_ENOUGH]
        news = [j for j in news if j in free[1] and self.new[j].size >= LONG_ENOUGH]
        alike = similar([self.old[i] for i in olds], [self.new[j] for j in news], MOVED)
        edited = [((olds[i], news[j]), 1 + round(s * self.old[olds[i]].size)) for i, j, s in alike]
        every = sorted([*zip(pairs, weights, strict=True), *edited])
        return heaviest_run([pair for pair, _ in every], [weight for _, weight in every])

    def _weights(self, pairs: Sequence[Pair], fixed: Mapping[int, int]) -> list[int]:
        """How much each pair would be missed. A title stands for what its section keeps, so that a paragraph goes over
        to the next section, and not the border over the paragraph; and no word or two push a title aside."""
        kept: Counter[int] = Counter()
        for i, j in [*pairs, *self.result.in_place()] if fixed else ():
            if self.labels[0][i] == self.labels[1][j]:
                kept[self.labels[0][i]] += self.old[i].size
        return [1 + self.old[i].size + (LONG_ENOUGH + kept[self.labels[0][i]] if i in fixed else 0) for i, _ in pairs]

    def _unique(self, olds: Iterable[int], news: Iterable[int], fixed: dict[int, int]) -> list[Pair]:
        """Pairs of units whose text occurs once on each side, and fixed ones, in the old order."""
        olds, news = list(olds), list(news)
        taken = set(fixed.values())
        places = {self.new[j].key: j for j in news if j not in taken}
        old_times = Counter([self.old[i].key for i in olds if i not in fixed])
        new_times = Counter([self.new[j].key for j in news if j not in taken])
        for times, units in ((old_times, [self.old[i] for i in olds]), (new_times, [self.new[j] for j in news])):
            times.update(chain.from_iterable([unit.inside[1:] for unit in units]))
        pairs = []
        for i in olds:
            key = self.old[i].key
            if i in fixed:
                pairs.append((i, fixed[i]))
            elif old_times[key] == 1 and new_times.get(key) == 1:
                pairs.append((i, places[key]))
        return pairs

    def fill_gaps(self) -> None:
        for olds, news in list(self.result.gaps()):
            self._fill(olds, news)

    def _fill(self, olds: list[int], news: list[int]) -> None:
        """Step 2 in one gap: trim what is equal at both ends, anchor what is unique here, match what is alike."""
        while olds and news:
            if self.old[olds[0]].key == self.new[news[0]].key:
                self.result.join(olds.pop(0), news.pop(0))
            elif self.old[olds[-1]].key == self.new[news[-1]].key:
                self.result.join(olds.pop(), news.pop())
            else:
                break
        if not olds or not news:
            return
        pairs = self._unique(olds, news, {})
        if not pairs:
            self.match(olds, news, ALIKE)
            return
        for i, j in [*heaviest_run(pairs, [1 + self.old[i].size for i, _ in pairs])]:
            self.result.join(i, j)
            left, right = bisect_left(olds, i), bisect_left(news, j)
            self._fill(olds[:left], news[:right])
            olds, news = olds[left + 1 :], news[right + 1 :]
        self._fill(olds, news)

    def match(self, olds: list[int], news: list[int], cutoff: float) -> None:
        """Join units of a gap that are alike and labels, in the order that keeps most words."""
        if len(olds) == len(news) == 1:
            i, j = olds[0], news[0]
            if self.labels[0][i] == self.labels[1][j] and similarity(self.old[i], self.new[j], cutoff) >= cutoff:
                self.result.join(i, j)
            return
        if len(olds) * len(news) > DENSE:
            self._match_many(olds, news, cutoff)
            return
        old, new = [self.old[i] for i in olds], [self.new[j] for j in news]
        weights = matrix(old, new, cutoff)
        lengths = np.add.outer([len(u.words) for u in old], [len(u.words) for u in new])
        fits = np.equal.outer([self.labels[0][i] for i in olds], [self.labels[1][j] for j in news])
        weights = np.where(fits & (weights >= cutoff), weights * lengths + 0.01, 0.0)
        best = np.zeros((len(olds) + 1, len(news) + 1))
        for n, row in enumerate(weights):
            best[n + 1, 1:] = np.maximum.accumulate(np.maximum(best[n, 1:], best[n, :-1] + row))
        n, m = len(olds), len(news)
        while n and m:
            if best[n, m] == best[n - 1, m]:
                n -= 1
            elif best[n, m] == best[n, m - 1]:
                m -= 1
            else:
                n, m = n - 1, m - 1
                self.result.join(olds[n], news[m])

    def _match_many(self, olds: list[int], news: list[int], cutoff: float) -> None:
        """The same in a gap so large that only likely pairs are looked at; between them the small gaps remain."""
        old, new = [self.old[i] for i in olds], [self.new[j] for j in news]
        found = similar(old, new, max(cutoff, 0.2))
        found = [(i, j, s) for i, j, s in found if self.labels[0][olds[i]] == self.labels[1][news[j]]]
        pairs = [(i, j) for i, j, _ in found]
        run = heaviest_run(pairs, [1 + round(s * len(old[i].words)) for i, _, s in found])
        at, to = 0, 0
        for i, j in [*run, (len(olds), len(news))]:
            self._match_between(olds[at:i], news[to:j], cutoff)
            if i < len(olds):
                self.result.join(olds[i], news[j])
            at, to = i + 1, j + 1

    def _match_between(self, olds: list[int], news: list[int], cutoff: float) -> None:
        if olds and news and len(olds) * len(news) <= DENSE:
            self.match(olds, news, cutoff)
        elif not cutoff:
            for i, j in zip(olds, news, strict=False):
                if self.labels[0][i] == self.labels[1][j]:
                    self.result.join(i, j)

    def find_moves(self) -> None:
        """Step 3: alike, but elsewhere."""
        result = self.result
        olds = [i for i, j in enumerate(result.old) if j < 0 and self.old[i].size >= LONG_ENOUGH]
        news = [j for j, i in enumerate(result.new) if i < 0 and self.new[j].size >= LONG_ENOUGH]
        found = similar([self.old[i] for i in olds], [self.new[j] for j in news], MOVED)
        found = [(olds[i], news[j], s) for i, j, s in found]
        found = [(i, j, s) for i, j, s in found if self._same_kind(i, j)]
        for i, j, _ in sorted(found, key=lambda pair: (-pair[2] * self.old[pair[0]].size, pair[0], pair[1])):
            if result.old[i] < 0 and result.new[j] < 0 and self._is_itself(i, j):
                result.join(i, j)
                result.moved.add(i)
        self._find_rotated()
        for i in sorted(result.moved):
            self._spread(i, 1)
            self._spread(i, -1)

    def _find_rotated(self) -> None:
        """Items of one list and rows of one table, however short, that are the same to the word but elsewhere in it."""
        result = self.result
        wholes = {(self.old[i].whole, self.new[j].whole) for i, j in result.in_place()}
        olds = [i for i, j in enumerate(result.old) if j < 0 and self.old[i].whole]
        news = [j for j, i in enumerate(result.new) if i < 0 and self.new[j].whole]
        for i, j in self._unique(olds, news, {}) if olds and news else ():
            if (self.old[i].whole, self.new[j].whole) in wholes:
                result.join(i, j)
                result.moved.add(i)

    def _is_itself(self, i: int, j: int) -> bool:
        """Whether what two units share tells them from their neighbours: rows that are filled in after one pattern are
        as alike as an edit leaves them."""
        old, new = self.old, self.new
        return old[i].key == new[j].key or similarity(old[i], new[j]) > max(_pattern(old, i), _pattern(new, j))

    def _same_kind(self, i: int, j: int) -> bool:
        return self.old[i].is_row == self.new[j].is_row

    def _spread(self, i: int, step: int) -> None:
        """The neighbours of what moved, however short, moved with it."""
        result, j = self.result, self.result.old[i]
        while True:
            i, j = i + step, j + step
            if not (0 <= i < len(self.old) and 0 <= j < len(self.new)) or result.old[i] >= 0 or result.new[j] >= 0:
                return
            if not self._same_kind(i, j) or similarity(self.old[i], self.new[j], BESIDE) < BESIDE:
                return
            result.join(i, j)
            result.moved.add(i)


def _pattern(units: Sequence[Unit], at: int) -> float:
    """How much alike a unit is to one beside it."""
    beside = [n for n in (at - 1, at + 1) if 0 <= n < len(units) and units[n].is_row == units[at].is_row]
    return max([similarity(units[at], units[n], MOVED) for n in beside], default=0.0)


def numbered(olds: Sequence[Hashable], news: Sequence[Hashable]) -> Labels:
    """Labels of any kind as numbers."""
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(o, len(numbers)) for o in olds], [numbers.setdefault(n, len(numbers)) for n in news]
