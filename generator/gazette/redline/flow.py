"""The text of blocks that are the same, old and new, as runs: what was kept, inserted, deleted, moved.

Takes blocks of the old text and the blocks of the new one that they became (one to one, one to several, several to
one), or two places of what moved. Gives the runs of each block. The two laws of a redline hold by construction: kept
and inserted runs in their order are the new blocks' text, kept and deleted ones the old blocks', where an inserted
break joins the old text across two blocks and a deleted one parts it inside one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from gazette.redline.attributes import NO_CHANGES, block_attributes, token_attributes
from gazette.redline.blocks import PLAIN, Block, Piece, Style
from gazette.redline.changes import AttributeChange, Kind, Run, State
from gazette.redline.cleanup import clean, clean_lightly
from gazette.redline.inline import shared, styled
from gazette.redline.words import Hunk, hunks

#: The share of a moved text that a clean-up must leave in place.
MOSTLY = 0.6

ADDED_BREAK = Run(State.INSERTED, is_break=True)
REMOVED_BREAK = Run(State.DELETED, is_break=True)


class Flow:
    """Blocks one after another as one sequence of tokens; `breaks` are the tokens before which a new block begins,
    `dressed` has a 1 for each that has a style of its own."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        if len(blocks) == 1:
            self.words, self.spaces, self.styles = blocks[0].words, blocks[0].spaces, blocks[0].styles
            self.spaced, self.code, self.sizes = blocks[0].spaced, blocks[0].code, blocks[0].sizes
            self.is_plain = len(blocks[0].pieces) == 1 and blocks[0].pieces[0].style is PLAIN
            self.breaks: frozenset[int] = frozenset()
        else:
            self.words = tuple(word for block in blocks for word in block.words)
            self.spaces = tuple(space for block in blocks for space in block.spaces)
            self.styles = tuple(style for block in blocks for style in block.styles)
            self.spaced = tuple(token for block in blocks for token in block.spaced)
            self.is_plain = all(style is PLAIN for style in self.styles)
            self.code = "".join([block.code for block in blocks])
            self.sizes = b"".join([block.sizes for block in blocks])
            self.breaks = frozenset(list(accumulate(len(block.words) for block in blocks))[:-1])
        self.dressed = b"" if self.is_plain else bytes([style is not PLAIN for style in self.styles])

    def block(self, at: int) -> Block:
        """The block that holds a token."""
        for block in self.blocks:
            if at < len(block.words):
                return block
            at -= len(block.words)
        return self.blocks[-1]

    def is_first(self, at: int) -> bool:
        """Whether a token is the first of its block, so that the space before it is nothing."""
        return at == 0 or at in self.breaks

    def style_before(self, at: int) -> Style:
        """What surrounds the space before a token."""
        return shared(self.styles[at - 1], self.styles[at]) if at else PLAIN

    def run(self, state: State, start: int, end: int, lead: str, attributes: tuple[AttributeChange, ...] = ()) -> Run:
        """Tokens as a run, with `lead` as the space before the first."""
        words = self.words
        if 1 not in self.dressed[start:end]:
            text = lead + words[start] + "".join(self.spaced[start + 1 : end])
            pieces: tuple[Piece, ...] = (Piece(text, PLAIN),)
        else:
            pieces = tuple([Piece(*piece) for piece in styled(words, self.spaces, self.styles, start, end, lead)])
        return Run(state, pieces, 0, attributes, tokens=() if state is State.KEPT else words[start:end])


def whole(block: Block, state: State, move: int = 0) -> tuple[Run, ...]:
    """A block's text as one run."""
    if not block.words:
        return ()
    return (Run(state, block.pieces, move, tokens=() if state is State.KEPT else block.words),)


def in_place(olds: Sequence[Block], news: Sequence[Block]) -> list[list[Run]]:
    """The runs of each of the new blocks that the old ones became."""
    weaver = _Weaver(Flow(olds), Flow(news))
    return weaver.weave()


def with_between(line: Sequence[Run], between: Sequence[Sequence[Run]]) -> list[Run]:
    """A line with more runs behind each of its removed breaks."""
    more = iter(between)
    return [r for run in line for r in ((run, *next(more)) if run is REMOVED_BREAK else (run,))]


def moved(old: Block, new: Block, move: int) -> tuple[list[Run], list[Run]]:
    """The runs of a block that moved, at the place it left and at the place where it is now."""
    before, after = Flow((old,)), Flow((new,))
    found = _moved_changes(before, after)
    away: list[Run] = []
    here: list[Run] = []
    base = block_attributes(old, new)
    at, to = 0, 0
    for hunk in [*found, Hunk(len(old.words), len(old.words), len(new.words), len(new.words))]:
        if at < hunk.start:
            run = before.run(State.MOVED_AWAY, at, hunk.start, before.spaces[at])
            away.append(replace(run, move=move))
            for start, end, changed in _alike(before, after, at, hunk.start, to, base):
                run = after.run(State.MOVED_HERE, to + start - at, to + end - at, after.spaces[to + start - at])
                here.append(replace(run, move=move, attributes=changed))
        if hunk.start < hunk.end:
            away.append(before.run(State.DELETED, hunk.start, hunk.end, before.spaces[hunk.start]))
        if hunk.new_start < hunk.new_end:
            here.append(after.run(State.INSERTED, hunk.new_start, hunk.new_end, after.spaces[hunk.new_start]))
        at, to = hunk.end, hunk.new_end
    return away, here


def _changes(old: Flow, new: Flow) -> list[Hunk]:
    if old.words == new.words:
        return []
    if _is_backwards(old, new):
        return [hunk.reversed() for hunk in _changes(new, old)]
    return clean(hunks(old.words, new.words, old.code, new.code), old.words, new.words, new.sizes)


def _is_backwards(old: Flow, new: Flow) -> bool:
    """Whether to look from the new words to the old ones: always from the fewer to the more, so that the same changes
    are found whichever text is the older."""
    return (len(old.words), old.words) > (len(new.words), new.words)


def _moved_changes(old: Flow, new: Flow) -> list[Hunk]:
    """The changes in what moved. Kept words are what shows that it is the same text, so that no clean-up may leave less
    of it than MOSTLY."""
    if old.words == new.words:
        return []
    if _is_backwards(old, new):
        return [hunk.reversed() for hunk in _moved_changes(new, old)]
    found = hunks(old.words, new.words, old.code, new.code)
    cleaned = clean(found, old.words, new.words, new.sizes)
    kept = len(old.words) - sum(hunk.end - hunk.start for hunk in cleaned)
    if kept < MOSTLY * max(len(old.words), len(new.words)):
        return clean_lightly(found, old.words, new.words, new.sizes)
    return cleaned


def _alike(
    old: Flow, new: Flow, start: int, end: int, new_start: int, base: tuple[AttributeChange, ...]
) -> list[tuple[int, int, tuple[AttributeChange, ...]]]:
    """Stretches of kept tokens (by their old places) in which the same attributes changed."""
    out: list[tuple[int, int, tuple[AttributeChange, ...]]] = []
    for n in range(start, end):
        was, now = old.styles[n], new.styles[new_start + n - start]
        changed = base if was is now or was == now else base + token_attributes(was, now)
        if out and out[-1][2] == changed:
            out[-1] = (out[-1][0], n + 1, changed)
        else:
            out.append((n, n + 1, changed))
    return out


class _Weaver:
    """Weaves two flows into the runs of the new blocks."""

    def __init__(self, old: Flow, new: Flow) -> None:
        self.old, self.new = old, new
        self.found = _changes(old, new)
        self.lines: list[list[Run]] = [[]]
        self.lead_given = False  # the space before the next kept token is out already
        self.bases: dict[tuple[int, int], tuple[AttributeChange, ...]] = {}

    def weave(self) -> list[list[Run]]:
        at, to = 0, 0
        end = Hunk(len(self.old.words), len(self.old.words), len(self.new.words), len(self.new.words))
        for hunk in [*self.found, end]:
            if at < hunk.start:
                self._keep(at, hunk.start, to)
            if hunk is not end:
                self._change(hunk)
            at, to = hunk.end, hunk.new_end
        return self.lines

    def _keep(self, start: int, end: int, to: int) -> None:
        """Kept tokens: cut where a block begins on either side, where attributes or spaces change."""
        old, new, shift = self.old, self.new, to - start
        cuts = {
            start,
            *(n for n in old.breaks if start < n < end),
            *(n - shift for n in new.breaks if to < n < end + shift),
        }
        if old.spaces[start:end] != new.spaces[to : end + shift]:
            cuts.update(n for n in range(start + 1, end) if bool(old.spaces[n]) != bool(new.spaces[n + shift]))
        edges = [*sorted(cuts), end]
        for first, last in pairwise(edges):
            self._breaks(first, first + shift)
            lead = self._lead(first, first + shift)
            base = self._base(first, first + shift)
            if not base and old.styles[first:last] == new.styles[first + shift : last + shift]:
                self._put(new.run(State.KEPT, first + shift, last + shift, lead))
                continue
            for a, b, changed in _alike(old, new, first, last, first + shift, base):
                space = lead if a == first else new.spaces[a + shift]
                if space and (changed or a > first):
                    self._put(Run(State.KEPT, (Piece(space, new.style_before(a + shift)),)))
                    space = ""
                self._put(new.run(State.KEPT, a + shift, b + shift, space, changed))

    def _breaks(self, at: int, to: int) -> None:
        """Breaks before a kept token; where both sides have one, the block simply ends."""
        if to in self.new.breaks:
            if at not in self.old.breaks:
                self._put(ADDED_BREAK)
            self.lines.append([])
        elif at in self.old.breaks:
            self._put(REMOVED_BREAK)

    def _lead(self, at: int, to: int) -> str:
        """The space before a kept token, so that it is in both texts, or marked as the one's that has it."""
        was, now = self.old.spaces[at], self.new.spaces[to]
        if self.lead_given:
            self.lead_given = False
            return ""
        first_in_old, first_in_new = self.old.is_first(at), self.new.is_first(to)
        if first_in_new:
            if first_in_old:
                return now
            if was and self.lines[-1]:
                self._attach(State.DELETED, was, at)
            return ""
        if first_in_old:
            if (
                now
                and self.lines[-1]
                and self.lines[-1][-1].state is State.INSERTED
                and not self.lines[-1][-1].is_break
            ):
                self._attach(State.INSERTED, now, to)
                return ""
            return now
        if bool(was) == bool(now):
            return now
        self._attach(State.DELETED if was else State.INSERTED, was or now, at if was else to)
        return ""

    def _attach(self, state: State, space: str, at: int) -> None:
        """Put a space of one text only, that before its token `at`, behind the last run of its state if nothing kept is
        between."""
        line, place = self.lines[-1], len(self.lines[-1])
        while place and line[place - 1].state is not State.KEPT and not line[place - 1].is_break:
            if line[place - 1].state is state:
                break
            place -= 1
        else:
            place = len(line)
        style = (self.old if state is State.DELETED else self.new).style_before(at)
        line.insert(place, Run(state, (Piece(space, style),)))

    def _change(self, hunk: Hunk) -> None:
        """Changed tokens. A space that both texts have stands before the marks, not in them."""
        old, new = self.old, self.new
        drops, adds = hunk.start < hunk.end, hunk.new_start < hunk.new_end
        was = old.spaces[hunk.start] if drops else ""
        now = new.spaces[hunk.new_start] if adds else ""
        trail = "" if drops and adds else self._trail(hunk)
        inside = not (drops and old.is_first(hunk.start)) and not (adds and new.is_first(hunk.new_start))
        if inside and self.lines[-1] and (was and now if drops and adds else (was or now) and trail):
            flow, at = (new, hunk.new_start) if adds else (old, hunk.start)
            self._put(Run(State.KEPT, (Piece(now or was, flow.style_before(at)),)))
            self.lead_given = bool(trail)
            was = now = ""
        else:
            trail = ""
        if drops:
            self._drop(hunk.start, hunk.end, was, trail)
        if adds:
            self._add(hunk.new_start, hunk.new_end, now, trail)

    def _trail(self, hunk: Hunk) -> str:
        """The space before the kept token after a hunk, if it has one in both texts."""
        old, new = self.old, self.new
        if hunk.end >= len(old.words) or hunk.new_end >= len(new.words):
            return ""
        if old.is_first(hunk.end) or new.is_first(hunk.new_end) or not old.spaces[hunk.end]:
            return ""
        return new.spaces[hunk.new_end]

    def _drop(self, start: int, end: int, lead: str, trail: str) -> None:
        edges = [start, *sorted(n for n in self.old.breaks if start < n < end), end]
        for first, last in pairwise(edges):
            if first in self.old.breaks:
                self._put(REMOVED_BREAK)
            self._put(self.old.run(State.DELETED, first, last, lead if first == start else ""))
        if trail:
            self._put(Run(State.DELETED, (Piece(trail, self.old.style_before(end)),)))

    def _add(self, start: int, end: int, lead: str, trail: str) -> None:
        edges = [start, *sorted(n for n in self.new.breaks if start < n < end), end]
        for first, last in pairwise(edges):
            if first in self.new.breaks:
                self._put(ADDED_BREAK)
                self.lines.append([])
            self._put(self.new.run(State.INSERTED, first, last, lead if first == start else ""))
        if trail:
            self._put(Run(State.INSERTED, (Piece(trail, self.new.style_before(end)),)))

    def _put(self, run: Run) -> None:
        self.lines[-1].append(run)

    def _base(self, at: int, to: int) -> tuple[AttributeChange, ...]:
        was, now = self.old.block(at), self.new.block(to)
        key = (id(was), id(now))
        if key not in self.bases:
            changes = block_attributes(was, now) if was is not now else NO_CHANGES
            if was is not self.old.blocks[0] or now is not self.new.blocks[0]:  # part of an item, without its number
                changes = tuple([change for change in changes if change.kind is not Kind.RENUMBERED])
            self.bases[key] = changes
        return self.bases[key]
