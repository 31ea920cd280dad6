"""Which words of two stretches of text stayed.

Takes two sequences of tokens; gives hunks: where in the old and the new one tokens differ. Between hunks they are the
same. The longest common subsequence comes from rapidfuzz's Indel (bit-parallel, Hyyrö 2004), exact up to `LARGEST`
pairs of tokens; a stretch beyond that is first cut at sentences that occur once on both sides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
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


def hunks(old: Sequence[str], new: Sequence[str], code: str, new_code: str) -> list[Hunk]:
    """The hunks of two sequences of tokens with these codes, in their order, none touching the next."""
    if len(old) * len(new) <= LARGEST:
        return _exact(old, new, code, new_code)
    found: list[Hunk] = []
    at, to = 0, 0
    for start, end, new_start, new_end in [*_same_sentences(old, new), (len(old), len(old), len(new), len(new))]:
        if (start - at) * (new_start - to) <= LARGEST:
            inner = _exact(old[at:start], new[to:new_start], code[at:start], new_code[to:new_start])
        else:
            inner = [Hunk(0, start - at, 0, new_start - to)]
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


def _same_sentences(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
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


def sentences(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the sentences of a sequence of tokens begin and end."""
    start = 0
    for n, word in enumerate(words):
        if word[0] in SENTENCE_ENDS and n + 1 < len(words):
            yield start, n + 1
            start = n + 1
    if start < len(words):
        yield start, len(words)
