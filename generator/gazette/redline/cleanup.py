"""Hunks made fit for a human reader.

Takes the hunks of a longest common subsequence, which keeps every `the` that two different sentences happen to share;
gives hunks that tell the same two texts apart in fewer, wholer steps. Four rules, each measured (see the benchmark):

- Sliding: an insertion or deletion that could stand a little earlier or later (`[A B] A` = `A [B A]`) goes where it
  touches another change, else covers whole sentences, else begins and ends at punctuation or between words. (Neil
  Fraser's "semantic lossless" step in diff-match-patch, on tokens.)
- Islands: what was kept between two changes but is only punctuation, only stop words, or at most two words is not worth
  a reader's jump.
- Recovery: where a change still holds a stretch of words that both texts have, because the longest common subsequence
  preferred scattered ones that are absorbed by now, the stretch is kept after all.
- Sentences: one of which little was kept is replaced whole.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from gazette.redline.order import heaviest_run
from gazette.redline.stopwords import STOP_WORDS
from gazette.redline.tokens import CLOSING, SENTENCE_ENDS
from gazette.redline.words import Hunk, sentences

#: A kept island of at most so many words is absorbed.
SMALL = 2
#: A stretch of at least so many tokens, and so many words, is recovered.
WORTH = 3
#: A sentence of which less is kept is replaced whole.
LITTLE = 0.4

#: Of how many tokens a figure is made at most: 5, 2020.
FIGURES = 5

_MONEY = frozenset("$€£¥")
_CLAUSE_ENDS = frozenset(",;:–—)]")


def clean(found: list[Hunk], old: Sequence[str], new: Sequence[str], counts: bytes) -> list[Hunk]:
    """Clean hunks. `counts` tells for each new token how many words it counts for."""
    if not found:
        return found
    found = slide(found, old, new)
    found = recover(absorb(found, old, new, counts), old, new, counts)
    return absorb_sentences(found, old, new, counts) if len(found) > 1 else found


def clean_lightly(found: list[Hunk], old: Sequence[str], new: Sequence[str], counts: bytes) -> list[Hunk]:
    """Clean hunks, but absorb only what is no word at all or a stop word."""
    return absorb(slide(found, old, new), old, new, counts, small=0) if found else found


def slide(found: list[Hunk], old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    out: list[Hunk] = []
    for n, hunk in enumerate(found):
        following = found[n + 1] if n + 1 < len(found) else Hunk(len(old), len(old), len(new), len(new))
        before = out[-1] if out else Hunk(0, 0, 0, 0)
        if hunk.start == hunk.end:
            shift = _best_shift(
                new, hunk.new_start, hunk.new_end, before.new_end, following.new_start, bool(out), n + 1 < len(found)
            )
        elif hunk.new_start == hunk.new_end:
            shift = _best_shift(old, hunk.start, hunk.end, before.end, following.start, bool(out), n + 1 < len(found))
        else:
            shift = 0
        if shift:
            hunk = Hunk(hunk.start + shift, hunk.end + shift, hunk.new_start + shift, hunk.new_end + shift)
        if out and hunk.start == out[-1].end and hunk.new_start == out[-1].new_end:
            out[-1] = Hunk(out[-1].start, hunk.end, out[-1].new_start, hunk.new_end)
        else:
            out.append(hunk)
    return out


def _best_shift(words: Sequence[str], start: int, end: int, low: int, high: int, left: bool, right: bool) -> int:
    """By how much to shift words[start:end] between `low` and `high`; `left`, `right`: whether a change is there."""
    first = 0
    while start + first > low and words[start + first - 1] == words[end + first - 1]:
        first -= 1
    last = 0
    while end + last < high and words[start + last] == words[end + last]:
        last += 1
    if not first and not last:
        return 0

    def worth(shift: int) -> tuple[int, int]:
        s, e = start + shift, end + shift
        if (left and s == low) or (right and e == high):
            return 9, 0
        return _edge(words, s) + _edge(words, e), -abs(shift)

    return max(range(first, last + 1), key=worth)


def _edge(words: Sequence[str], at: int) -> int:
    """How good a place the edge before words[at] is to cut."""
    if at == 0 or at == len(words):
        return 3
    before = words[at - 1][0]
    if before in CLOSING and at > 1:
        before = words[at - 2][0] if words[at - 2][0] in SENTENCE_ENDS else before
    if before in SENTENCE_ENDS:
        return 3
    if before in _CLAUSE_ENDS:
        return 2
    return 1 if words[at][0].isalnum() else 0


def absorb(found: list[Hunk], old: Sequence[str], new: Sequence[str], counts: bytes, small: int = SMALL) -> list[Hunk]:
    """Join hunks that are parted by an island not worth keeping.

    Where the same words were replaced by the same others on both sides of it, as where a term was, or one figure by
    another, an island with a word of its own stays.
    """
    out = [found[0]]
    for hunk in found[1:]:
        before, island = out[-1], range(out[-1].new_end, hunk.new_start)
        idle = all(not counts[n] or new[n].lower() in STOP_WORDS for n in island)
        if idle or (
            sum(counts[before.new_end : hunk.new_start]) <= small
            and not _same_replacement(before, hunk, old, new)
            and not (_is_of_figures(before, old, new) and _is_of_figures(hunk, old, new))
        ):
            out[-1] = Hunk(before.start, hunk.end, before.new_start, hunk.new_end)
        else:
            out.append(hunk)
    return out


def _same_replacement(one: Hunk, other: Hunk, old: Sequence[str], new: Sequence[str]) -> bool:
    was, now = old[one.start : one.end], new[one.new_start : one.new_end]
    return bool(was and now) and was == old[other.start : other.end] and now == new[other.new_start : other.new_end]


def _is_of_figures(hunk: Hunk, old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether a figure, or a few with signs between them as in a date, came, went or became others: a reader sees it at
    a glance."""
    if max(hunk.end - hunk.start, hunk.new_end - hunk.new_start) > FIGURES:
        return False
    words = (*old[hunk.start : hunk.end], *new[hunk.new_start : hunk.new_end])
    return _is_figure(words[0]) and all(_is_figure(word) or not word[0].isalnum() for word in words)


def _is_figure(word: str) -> bool:
    return word[0].isdigit() or word[0] in _MONEY


def recover(found: list[Hunk], old: Sequence[str], new: Sequence[str], counts: bytes) -> list[Hunk]:
    """Keep the stretches of at least so many words that a change has on both sides, as far as they keep their order."""
    out: list[Hunk] = []
    for hunk in found:
        if hunk.end - hunk.start < WORTH or hunk.new_end - hunk.new_start < WORTH:
            out.append(hunk)
            continue
        stretches = [s for s in _common_stretches(hunk, old, new) if _is_worth(new[s.new_start : s.new_end], counts, s)]
        pairs = [(s.start, s.new_start) for s in stretches]
        kept = set(heaviest_run(pairs, [sum(counts[s.new_start : s.new_end]) for s in stretches]))
        at, to = hunk.start, hunk.new_start
        for s in stretches:
            if (s.start, s.new_start) in kept and s.start >= at and s.new_start >= to:
                out.append(Hunk(at, s.start, to, s.new_start))
                at, to = s.end, s.new_end
        out.append(Hunk(at, hunk.end, to, hunk.new_end))
    return [hunk for hunk in out if hunk.start < hunk.end or hunk.new_start < hunk.new_end]


def _is_worth(words: Sequence[str], counts: bytes, where: Hunk) -> bool:
    return sum(counts[where.new_start : where.new_end]) >= WORTH and not all(w.lower() in STOP_WORDS for w in words)


def _common_stretches(hunk: Hunk, old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """The longest stretches of tokens that a hunk has on both sides, in the order of the old one."""
    places: dict[tuple[str, ...], int] = {}
    for j in range(hunk.new_end - WORTH, hunk.new_start - 1, -1):
        places[tuple(new[j : j + WORTH])] = j
    out: list[Hunk] = []
    i = hunk.start
    while i <= hunk.end - WORTH:
        j = places.get(tuple(old[i : i + WORTH]), -1)
        if j < 0:
            i += 1
            continue
        length = WORTH
        while i + length < hunk.end and j + length < hunk.new_end and old[i + length] == new[j + length]:
            length += 1
        out.append(Hunk(i, i + length, j, j + length))
        i += length
    return out


def absorb_sentences(found: list[Hunk], old: Sequence[str], new: Sequence[str], counts: bytes) -> list[Hunk]:
    """Join the hunks in a sentence of which little is kept, besides figures that are others."""
    changed = bytearray(len(new))
    for hunk in found:
        if _is_of_figures(hunk, old, new):
            continue
        changed[hunk.new_start : hunk.new_end] = b"\1" * (hunk.new_end - hunk.new_start)
    starts = [hunk.new_start for hunk in found]
    joined = set()
    for start, end in sentences(new):
        total = sum(counts[start:end])
        if not any(changed[start:end]):
            continue
        kept = sum(counts[n] for n in range(start, end) if not changed[n])
        if kept < LITTLE * total:
            near = range(bisect_left(starts, start), bisect_right(starts, end))
            inside = [k for k in near if found[k].new_end <= end]
            joined.update(inside[1:])
    out = [found[0]]
    for k, hunk in enumerate(found[1:], 1):
        if k in joined:
            out[-1] = Hunk(out[-1].start, hunk.end, out[-1].new_start, hunk.new_end)
        else:
            out.append(hunk)
    return out
