"""Sentences that moved from one block to another.

Takes the changes of all blocks; gives them again, with text that was deleted in one place and inserted in another
marked as moved, if it is the same to the word and long enough to be told from chance. Found through an index of short
sequences of tokens, in time proportional to the changed text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from gazette.redline.changes import BlockChange, Kind, Piece, Run, State
from gazette.redline.tokens import IMAGE, SENTENCE_ENDS, code, token_size

#: How many words a whole sentence must have that moved, and any other passage.
LONG_ENOUGH, LONGER = 8, 12
#: The length of the sequences of tokens that are looked up, and how often one may occur to be of use.
_SEED, _STEP, _OFTEN = 5, 4, 8

#: What became of text that moved, by what became of it where that is not known.
_MOVED = {State.DELETED: State.MOVED_AWAY, State.INSERTED: State.MOVED_HERE}


class _Stretch(NamedTuple):
    """A run that came or went: which block and run it is, and its tokens."""

    block: int
    run: int
    words: Sequence[str]
    code: str
    text: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the tokens from `start` to before `end` stand in the text, with the space before them."""
        edges = [0]
        for token in self.words[:end]:
            shown = IMAGE if token[0] == IMAGE else token
            edges.append(self.text.index(shown, edges[-1]) + len(shown))
        return edges[start], edges[end] if end < len(self.words) else len(self.text)


class _Match(NamedTuple):
    """The same tokens in two stretches, from these tokens on."""

    size: int
    length: int
    gone: int
    start: int
    come: int
    new_start: int


def find_passages(blocks: Sequence[BlockChange], moves: int) -> list[BlockChange]:
    """Mark passages that moved, numbered from `moves` + 1 on."""
    gone = list(_stretches(blocks, State.DELETED))
    come = list(_stretches(blocks, State.INSERTED)) if gone else []
    cuts: defaultdict[tuple[int, int], list[tuple[int, int, int]]] = defaultdict(list)
    for number, match in enumerate(_same(gone, come, blocks), moves + 1):
        for stretch, start in ((gone[match.gone], match.start), (come[match.come], match.new_start)):
            first, last = stretch.span(start, start + match.length)
            cuts[stretch.block, stretch.run].append((first, last, number))
    out = list(blocks)
    for n in sorted({block for block, _ in cuts}):
        runs = [part for k, run in enumerate(out[n].runs) for part in _cut(run, sorted(cuts.get((n, k), ())))]
        runs = _with_spaces(runs)
        out[n] = replace(out[n], runs=tuple(runs), kinds=_kinds(out[n], runs))
    return out


def _with_spaces(runs: Sequence[Run]) -> list[Run]:
    """The runs of a block; a space that came or went with a passage that moved beside it is a part of that passage."""
    out: list[Run] = []
    for run in runs:
        before = out[-1] if out else None
        if before and _goes_along(run, before):
            out[-1] = replace(before, pieces=(*before.pieces, *run.pieces))
        elif before and _goes_along(before, run):
            out[-1] = replace(run, pieces=(*before.pieces, *run.pieces))
        else:
            out.append(run)
    return out


def _goes_along(run: Run, passage: Run) -> bool:
    return _MOVED.get(run.state) is passage.state and not run.is_break and run.text.isspace()


def _stretches(blocks: Sequence[BlockChange], state: State) -> Iterator[_Stretch]:
    for n, block in enumerate(blocks):
        if block.is_kept:
            continue
        for k, run in enumerate(block.runs):
            if run.state is not state or run.is_break:
                continue
            if len(run.tokens) >= LONG_ENOUGH:
                whole = run.tokens is block.block.words
                yield _Stretch(n, k, run.tokens, block.block.code if whole else code(run.tokens), run.text)


def _same(gone: Sequence[_Stretch], come: Sequence[_Stretch], blocks: Sequence[BlockChange]) -> Iterator[_Match]:
    """What moved. It is looked for in one direction whichever text is the older."""
    if [stretch.words for stretch in gone] > [stretch.words for stretch in come]:
        for match in _chosen(_matches(come, gone), blocks, come, gone):
            yield _Match(match.size, match.length, match.come, match.new_start, match.gone, match.start)
    else:
        yield from _chosen(_matches(gone, come), blocks, gone, come)


def _matches(gone: Sequence[_Stretch], come: Sequence[_Stretch]) -> list[_Match]:
    """All longest sequences of tokens that a stretch that went shares with one that came.

    Every _STEP-th short sequence of what went is looked for in all of what came, so that none that is long enough is
    missed; each hit then grows in both directions.
    """
    index: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for n, stretch in enumerate(gone):
        for at in range(0, len(stretch.code) - _SEED + 1, _STEP):
            index[stretch.code[at : at + _SEED]].append((n, at))
    useful = {seed: places for seed, places in index.items() if len(places) <= _OFTEN}
    found = []
    for m, stretch in enumerate(come):
        code = stretch.code
        reached: dict[tuple[int, int], int] = {}  # by stretch and diagonal, how far the last match went
        for to in [to for to in range(len(code) - _SEED + 1) if code[to : to + _SEED] in useful]:
            for n, at in useful[code[to : to + _SEED]]:
                if reached.get((n, at - to), -1) >= to:
                    continue
                match = _grown(n, gone[n].words, at, m, stretch.words, to)
                reached[n, at - to] = match.new_start + match.length - 1
                if match.size >= LONGER or (
                    match.size >= LONG_ENOUGH
                    and _is_sentence(stretch.words, match.new_start, match.new_start + match.length)
                ):
                    found.append(match)
    return found


def _grown(n: int, theirs: Sequence[str], at: int, m: int, ours: Sequence[str], to: int) -> _Match:
    """The longest common sequence of tokens through a place in each of two stretches."""
    start = end = 0
    while at + end < len(theirs) and to + end < len(ours) and theirs[at + end] == ours[to + end]:
        end += 1
    while at > start and to > start and theirs[at - start - 1] == ours[to - start - 1]:
        start += 1
    size = sum(map(token_size, ours[to - start : to + end]))
    return _Match(size, start + end, n, at - start, m, to - start)


def _is_sentence(words: Sequence[str], start: int, end: int) -> bool:
    """Whether tokens begin and end where sentences do."""
    return all(at in (0, len(words)) or words[at - 1][0] in SENTENCE_ENDS for at in (start, end))


def _chosen(
    found: list[_Match], blocks: Sequence[BlockChange], gone: Sequence[_Stretch], come: Sequence[_Stretch]
) -> Iterator[_Match]:
    """The longest matches that do not overlap, none of them within one change."""
    used: tuple[set[tuple[int, int]], set[tuple[int, int]]] = set(), set()
    for match in sorted(found, key=lambda m: (-m.size, m.gone, m.start, m.come, m.new_start)):
        old = {(match.gone, match.start + n) for n in range(match.length)}
        new = {(match.come, match.new_start + n) for n in range(match.length)}
        if old & used[0] or new & used[1] or _is_one_change(blocks, gone[match.gone], come[match.come]):
            continue
        used[0].update(old)
        used[1].update(new)
        yield match


def _is_one_change(blocks: Sequence[BlockChange], gone: _Stretch, come: _Stretch) -> bool:
    """Whether nothing kept stands between what went and what came."""
    if gone.block != come.block:
        return False
    first, last = sorted((gone.run, come.run))
    return all(run.state is not State.KEPT for run in blocks[gone.block].runs[first:last])


def _cut(run: Run, cuts: Sequence[tuple[int, int, int]]) -> Iterator[Run]:
    """A run cut into what moved and what did not."""
    if not cuts:
        yield run
        return
    at = 0
    state = _MOVED[run.state]
    for first, last, move in cuts:
        if at < first:
            yield replace(run, pieces=_between(run.pieces, at, first), tokens=())
        yield replace(run, state=state, move=move, pieces=_between(run.pieces, first, last), tokens=())
        at = last
    if at < sum(len(piece.text) for piece in run.pieces):
        yield replace(run, pieces=_between(run.pieces, at, len(run.text)), tokens=())


def _between(pieces: Sequence[Piece], start: int, end: int) -> tuple[Piece, ...]:
    out, at = [], 0
    for text, style in pieces:
        inner = text[max(0, start - at) : max(0, end - at)]
        if inner:
            out.append(Piece(inner, style))
        at += len(text)
    return tuple(out)


def _kinds(block: BlockChange, runs: Sequence[Run]) -> tuple[Kind, ...]:
    """The kinds of a block in which passages moved; it still came or went if it did as a whole."""
    changed = any(run.state in (State.INSERTED, State.DELETED) for run in runs)
    rest = [kind for kind in block.kinds if kind is not Kind.REWORDED or changed]
    return tuple(dict.fromkeys((*rest, Kind.MOVED)))
