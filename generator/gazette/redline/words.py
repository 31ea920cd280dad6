"""Which words of two stretches of text stayed.

Takes two sequences of tokens; gives hunks: where in the old and the new one tokens differ. Between hunks they are the
same. The longest common subsequence comes from rapidfuzz's Indel (bit-parallel, Hyyrö 2004), exact up to `LARGEST`
pairs of tokens. What is beyond that is first cut: at what both sides begin and end with, at sentences that occur once
on both sides, last at any that they have in common.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel

from gazette.redline.order import heaviest_run
from gazette.redline.tokens import SENTENCE_ENDS

#: Up to how many pairs of tokens the longest common subsequence is exact (one bit of memory each).
LARGEST = 400_000_000


class Hunk(NamedTuple):
    """Old tokens from `start` to before `end` became new ones from `new_start` to before `new_end`."""

    start: int
    end: int
    new_start: int
    new_end: int

    def reversed(self) -> Hunk:
        """The same from the new tokens to the old ones."""
        return Hunk(self.new_start, self.new_end, self.start, self.end)


#: Finds stretches that are the same on both sides, in the order of both: where they begin and end on each.
Cut = Callable[[Sequence[str], Sequence[str]], list[Hunk]]


def hunks(old: Sequence[str], new: Sequence[str], code: str, new_code: str) -> list[Hunk]:
    """The hunks of two sequences of tokens with these codes, in their order, none touching the next."""
    return _cut_up(old, new, code, new_code, (_equal_ends, _sentences_once, _sentences_in_order))


def _cut_up(old: Sequence[str], new: Sequence[str], code: str, new_code: str, cuts: Sequence[Cut]) -> list[Hunk]:
    """The same, in what is too large by making the first of these cuts, then the others between what it found."""
    if len(old) * len(new) <= LARGEST:
        return _exact(old, new, code, new_code)
    if not cuts:
        return [Hunk(0, len(old), 0, len(new))]
    found: list[Hunk] = []
    at, to = 0, 0
    for start, end, new_start, new_end in [*cuts[0](old, new), (len(old), len(old), len(new), len(new))]:
        olds, news = slice(at, start), slice(to, new_start)
        inner = _cut_up(old[olds], new[news], code[olds], new_code[news], cuts[1:])
        found += [Hunk(h.start + at, h.end + at, h.new_start + to, h.new_end + to) for h in inner]
        at, to = end, new_end
    return merged(found)


def _exact(old: Sequence[str], new: Sequence[str], code: str, new_code: str) -> list[Hunk]:
    found: list[Hunk] = []
    for op in Indel.opcodes(code, new_code):
        same = Hunk(op.src_start, op.src_end, op.dest_start, op.dest_end)
        if op.tag != "equal":
            found.append(same)
        elif old[same.start : same.end] != new[same.new_start : same.new_end]:  # two tokens with one code
            pairs = zip(range(same.start, same.end), range(same.new_start, same.new_end), strict=True)
            found += [Hunk(i, i + 1, j, j + 1) for i, j in pairs if old[i] != new[j]]
    return merged(found)


def merged(found: Sequence[Hunk]) -> list[Hunk]:
    """Hunks with those that touch made one."""
    out: list[Hunk] = []
    for hunk in found:
        if out and out[-1].end == hunk.start and out[-1].new_end == hunk.new_start:
            out[-1] = Hunk(out[-1].start, hunk.end, out[-1].new_start, hunk.new_end)
        else:
            out.append(hunk)
    return out


def _equal_ends(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """What both sides begin with, and what both end with."""
    shorter = min(len(old), len(new))
    start = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    end = next((n for n in range(shorter - start) if old[-1 - n] != new[-1 - n]), shorter - start)
    return [Hunk(0, start, 0, start), Hunk(len(old) - end, len(old), len(new) - end, len(new))]


def _sentences_once(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Sentences that occur once on both sides, in the order of both."""
    sides = [{}, {}]  # type: list[dict[tuple[str, ...], tuple[int, int]]]
    times: list[Counter[tuple[str, ...]]] = [Counter(), Counter()]
    for n, words in enumerate((old, new)):
        for start, end in sentences(words):
            sentence = tuple(words[start:end])
            sides[n][sentence] = (start, end)
            times[n][sentence] += 1
    same = [s for s in sides[0] if times[0][s] == 1 and times[1][s] == 1]
    pairs = [(sides[0][s][0], sides[1][s][0]) for s in same]
    lengths = {start: end - start for start, end in sides[0].values()}
    run = heaviest_run(pairs, [lengths[start] for start, _ in pairs])
    return [Hunk(i, i + lengths[i], j, j + lengths[i]) for i, j in run]


def _sentences_in_order(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """The longest common subsequence of sentences, however often they occur; nothing if there are too many."""
    olds, news = list(sentences(old)), list(sentences(new))
    if len(olds) * len(news) > LARGEST:
        return []
    numbers: dict[tuple[str, ...], int] = {}
    was = [numbers.setdefault(tuple(old[start:end]), len(numbers)) for start, end in olds]
    now = [numbers.setdefault(tuple(new[start:end]), len(numbers)) for start, end in news]
    return [
        Hunk(olds[op.src_start][0], olds[op.src_end - 1][1], news[op.dest_start][0], news[op.dest_end - 1][1])
        for op in Indel.opcodes(was, now)
        if op.tag == "equal"
    ]


def sentences(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the sentences of a sequence of tokens begin and end."""
    start = 0
    for n, word in enumerate(words):
        if word[0] in SENTENCE_ENDS and n + 1 < len(words):
            yield start, n + 1
            start = n + 1
    if start < len(words):
        yield start, len(words)
