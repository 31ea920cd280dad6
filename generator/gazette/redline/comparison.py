"""The comparison of two texts: the whole way from their blocks to the tree of changes.

Align units, let splits and mergers grow, find what moved, pair what was replaced; then, from the outside in, say what
each block became and in which order a reader meets it; last, gather blocks into sections.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from gazette.policy.model import Text
from gazette.redline import flow
from gazette.redline.alignment import ALIKE, Alignment, align, find_moves, numbered, replace_rest
from gazette.redline.blocks import Block, BlockKind
from gazette.redline.changes import BlockChange, Kind, Redline, Run, State
from gazette.redline.columns import Tables
from gazette.redline.gathering import gather
from gazette.redline.growth import grow
from gazette.redline.order import Pair
from gazette.redline.passages import find_passages
from gazette.redline.recurring import mark_recurring
from gazette.redline.sections import Partners, Shared, cut_alike, partners_by_content, partners_by_id, with_passages
from gazette.redline.similarity import similarity
from gazette.redline.texts import PreparedText, prepare, prepare_text
from gazette.redline.unchanged import Same, same_sections, stay, units, with_unchanged
from gazette.redline.units import Unit


def compare(old: Text, new: Text) -> Redline:
    """What changed from one text to the other. Texts that `prepare` or `prepare_text` made are compared as they are."""
    before, after = prepare_text(old), prepare_text(new)
    return _Comparison(before, after).redline()


def compare_markdown(old: str, new: str) -> Redline:
    """What changed from one Markdown text to the other, rendered by Python-Markdown with `extra` and `sane_lists`."""
    return compare(prepare(old), prepare(new))


@dataclass
class _Moves:
    """Runs of what moved, by the places of blocks, at both ends."""

    away: dict[int, BlockChange] = field(default_factory=dict)
    here: dict[int, BlockChange] = field(default_factory=dict)


class _Comparison:
    def __init__(self, old: PreparedText, new: PreparedText) -> None:
        self.old, self.new = old, new
        self.partners: Partners = partners_by_id(old, new)
        self.moves = 0

    def redline(self) -> Redline:
        same = same_sections(self.old, self.new, self.partners)
        alignment = self._align_texts(same)
        if same and not stay(alignment, self.old_units):
            same = {}
            alignment = self._align_texts(same)
        if not self.partners.lasting:
            self.old, self.new = cut_alike(self.old, self.new, list(self._headings(alignment)))
        shared = list(self._shared(alignment))
        self.partners = partners_by_content(self.partners, shared, self.old, self.new)
        blocks = find_passages(list(self._arrange(self.old_units, self.new_units, alignment)), self.moves)
        if passages := list(self._shared_passages(blocks)):
            self.partners = with_passages(self.partners, [*shared, *passages], self.old, self.new)
        blocks, terms = mark_recurring(blocks)
        redline = gather(self.old, self.new, self.partners, blocks, terms)
        return with_unchanged(redline, self.old, self.new, same) if same else redline

    def _align_texts(self, same: Same) -> Alignment:
        self.old_units, self.new_units = units(self.old, same), units(self.new, set(same.values()))
        self.tables = Tables(self.old_units, self.new_units)
        titles = self._titles()
        alignment = self._align(self.old_units, self.new_units, titles, top=True)
        narrowed = self.tables.by_columns([(i, j) for i, j in enumerate(alignment.old) if j >= 0])
        return self._align(*narrowed, titles, top=True) if narrowed else alignment

    def _headings(self, alignment: Alignment) -> Iterator[Pair]:
        """The places of headings that are alike, and of the same words that are a heading in one text only."""
        pairs = ((was, self.new_units[j]) for was, j in zip(self.old_units, alignment.old, strict=True) if j >= 0)
        for was, now in pairs:
            is_heading = was.blocks[0].level or now.blocks[0].level
            if is_heading and (was.key == now.key or similarity(was, now) >= ALIKE):
                yield was.start, now.start

    def _shared(self, alignment: Alignment) -> Iterator[Shared]:
        """The words that parts share, by the units that are the same."""
        for i, j in enumerate(alignment.old):
            if j >= 0:
                was, now = self.old_units[i], self.new_units[j]
                words = was.size if was.key == now.key else int(similarity(was, now) * min(was.size, now.size))
                words = max(words, 1)  # of what was replaced, too: it stands in the same place
                yield Shared(self.old.part_of[was.start], self.new.part_of[now.start], words, i in alignment.moved)
        for i, places in alignment.split.items():
            for j in places[1:]:
                unit = self.new_units[j]
                yield Shared(self.old.part_of[self.old_units[i].start], self.new.part_of[unit.start], unit.size, False)

    def _shared_passages(self, blocks: Sequence[BlockChange]) -> Iterator[Shared]:
        """The words that parts share because passages moved from one to the other."""
        left: dict[int, int] = {}
        for block in blocks:
            for run in block.runs:
                if run.move > self.moves and run.state is State.MOVED_AWAY:
                    left[run.move] = self.old.part_of[block.old[0]]
        for block in blocks:
            for run in block.runs:
                if run.move > self.moves and run.state is State.MOVED_HERE:
                    yield Shared(left[run.move], self.new.part_of[block.new[0]], run.words, True)

    def _titles(self) -> list[Pair]:
        """The units of titles of sections that are the same by their ids."""
        olds = {unit.start: n for n, unit in enumerate(self.old_units)} if self.partners.new_of else {}
        news = {unit.start: n for n, unit in enumerate(self.new_units)} if self.partners.new_of else {}
        return [
            (olds[self.old.parts[i].start], news[self.new.parts[j].start])
            for i, j in self.partners.new_of.items()
            if self.old.parts[i].start in olds and self.new.parts[j].start in news
        ]

    def _align(self, old: Sequence[Unit], new: Sequence[Unit], fixed: Sequence[Pair], top: bool) -> Alignment:
        parts = [self.partners.labels(self.old, self.new)] if top else []
        olds = [(unit.is_row, *(labels[0][unit.start] for labels in parts)) for unit in old]
        news = [(unit.is_row, *(labels[1][unit.start] for labels in parts)) for unit in new]
        if _extent(old) > _extent(new):
            return _aligned(new, old, [(j, i) for i, j in fixed], (news, olds), top).reversed()
        return _aligned(old, new, fixed, (olds, news), top)

    def _arrange(self, old: Sequence[Unit], new: Sequence[Unit], alignment: Alignment) -> Iterator[BlockChange]:
        """The changes of all blocks in the order in which a reader meets them."""
        moves = self._moved(old, new, alignment)
        at, to = 0, 0
        ends = [*alignment.in_place(), (len(old), len(new))]
        for i, j in ends:
            if i < at or j < to:
                continue  # a part of a merger that is out already
            yield from self._gap(old[at:i], new[to:j], moves)
            if i == len(old):
                return
            olds, news = alignment.olds_of(i, j), alignment.news_of(i, j)
            if len(olds) == len(news) == 1:
                yield from self._pair(old[i], new[j])
            elif len(news) > 1:
                yield from self._split(old[i], new[news[0] : news[-1] + 1], [n - news[0] for n in news], moves)
            else:
                yield self._merger(old[olds[0] : olds[-1] + 1], [n - olds[0] for n in olds], new[j], moves)
            at, to = olds[-1] + 1, news[-1] + 1

    def _gap(self, olds: Sequence[Unit], news: Sequence[Unit], moves: _Moves) -> Iterator[BlockChange]:
        """What is in one text only, or moved: section by section, the old before the new."""
        waiting = list(zip(olds, self._targets(olds), strict=True))
        for unit in news:
            part = self.new.part_of[unit.start]
            while waiting and waiting[0][1] <= part:
                yield from self._gone(waiting.pop(0)[0], moves)
            yield from self._come(unit, moves)
        for unit, _ in waiting:
            yield from self._gone(unit, moves)

    def _targets(self, olds: Sequence[Unit]) -> list[float]:
        """For units that went, the new part that each belongs to; what belongs to none stands behind the part that was
        before it, whatever came there."""
        targets, target, last = [], -1.0, 0
        for unit in olds:
            part = self.old.part_of[unit.start]
            target = max(target, self._target(part, last))
            targets.append(target)
            last = part
        return targets

    def _target(self, part: int, first: int) -> float:
        """The new part that an old one became, or the place behind that of the nearest part from `first` on."""
        for before in range(part, first - 1, -1):
            if before in self.partners.new_of and before not in self.partners.moved:
                return self.partners.new_of[before] + (0.5 if before < part else 0)
        return -1

    def _gone(self, unit: Unit, moves: _Moves) -> Iterator[BlockChange]:
        """What only the old text has. A rule between blocks says nothing, so that it is no change where one went."""
        for n, block in enumerate(unit.blocks, unit.start):
            if block.kind is BlockKind.RULE:
                continue
            if n in moves.away:
                yield moves.away[n]
            else:
                yield BlockChange((Kind.REMOVED,), block, (n,), (), flow.whole(block, State.DELETED))

    def _come(self, unit: Unit, moves: _Moves) -> Iterator[BlockChange]:
        """What only the new text has. A rule that came stands where it is, and is no change."""
        for n, block in enumerate(unit.blocks, unit.start):
            if block.kind is BlockKind.RULE:
                yield BlockChange((), block, (), (n,), ())
            elif n in moves.here:
                yield moves.here[n]
            else:
                yield BlockChange((Kind.ADDED,), block, (), (n,), flow.whole(block, State.INSERTED))

    def _pair(self, old: Unit, new: Unit) -> Iterator[BlockChange]:
        if old.key != new.key and old.is_row and new.is_row:
            yield from self._row(old, new)
            return
        for n, (was, now) in enumerate(zip(old.blocks, new.blocks, strict=True)):
            yield self._block(old.start + n, was, new.start + n, now)

    def _split(self, old: Unit, news: Sequence[Unit], parts: Sequence[int], moves: _Moves) -> Iterator[BlockChange]:
        """One block that became several. What came between two of them is ended by a break, too, so that dropping what
        was inserted joins the text across it."""
        was = old.blocks[0]
        lines = iter(flow.in_place([was], [news[n].blocks[0] for n in parts]))
        for n, unit in enumerate(news):
            if n in parts:
                line = next(lines)
                kinds = (Kind.SPLIT, *_kinds(line))
                yield BlockChange(kinds, unit.blocks[0], (old.start,), (unit.start,), tuple(line), was)
            else:
                for change in self._come(unit, moves):
                    yield replace(change, runs=(*change.runs, flow.ADDED_BREAK))

    def _merger(self, olds: Sequence[Unit], parts: Sequence[int], new: Unit, moves: _Moves) -> BlockChange:
        """Several blocks that became one. What went from between two of them stands in it, between two breaks."""
        now = new.blocks[0]
        [line] = flow.in_place([olds[n].blocks[0] for n in parts], [now])
        between = [
            [
                run
                for unit in olds[first + 1 : last]
                for gone in self._gone(unit, moves)
                for run in (*gone.runs, flow.REMOVED_BREAK)
            ]
            for first, last in pairwise(parts)
        ]
        runs = flow.with_between(line, between)
        places = tuple(unit.start for unit in olds)
        return BlockChange((Kind.MERGED, *_kinds(runs)), now, places, (new.start,), tuple(runs), olds[0].blocks[0])

    def _block(self, i: int, was: Block, j: int, now: Block) -> BlockChange:
        if was is now or (was.words == now.words and was.looks_like(now)):
            return BlockChange((), now, (i,), (j,), flow.whole(now, State.KEPT), was)
        [line] = flow.in_place([was], [now])
        return BlockChange(_kinds(line), now, (i,), (j,), tuple(line), was)

    def _row(self, old: Unit, new: Unit) -> Iterator[BlockChange]:
        none = _Moves()
        for was, now in self.tables.match_cells(old, new):
            if was and now:
                alignment = self._align(was.units, now.units, (), top=False)
                yield from self._arrange(was.units, now.units, alignment)
            elif was:
                for unit in was.units:
                    yield from self._gone(unit, none)
            elif now:
                for unit in now.units:
                    yield from self._come(unit, none)

    def _moved(self, old: Sequence[Unit], new: Sequence[Unit], alignment: Alignment) -> _Moves:
        moves = _Moves()
        before = (-2, -2)
        for i in sorted(alignment.moved):
            j = alignment.old[i]
            if (i - 1, j - 1) != before:
                self.moves += 1
            before = (i, j)
            for a, b in self._same_blocks(old[i], new[j]):
                was, now = self.old.blocks[a], self.new.blocks[b]
                away, here = flow.moved(was, now, self.moves)
                shifted = any(run.move for run in here)
                kinds = _kinds(here, (Kind.MOVED,)) if shifted else (Kind.ADDED,)
                gone = (Kind.MOVED if shifted else Kind.REMOVED,)
                move = self.moves if shifted else 0  # a title may have gone along and share no word
                moves.away[a] = BlockChange(gone, was, (a,), (), tuple(away), None, move)
                moves.here[b] = BlockChange(kinds, now, (), (b,), tuple(here), was, move)
        return moves

    def _same_blocks(self, old: Unit, new: Unit) -> Iterator[Pair]:
        """The places of the blocks of two units that are the same."""
        if not (old.is_row and new.is_row):
            yield old.start, new.start
            return
        for was, now in self.tables.match_cells(old, new):
            if was and now:
                alignment = self._align(was.units, now.units, (), top=False)
                for i, j in alignment.in_place():
                    yield from self._same_blocks(was.units[i], now.units[j])


def _extent(units: Sequence[Unit]) -> tuple[int, list[str]]:
    """Texts are aligned from the lesser to the greater, so that the same is found whichever is the older."""
    return sum([unit.size for unit in units]), [unit.key for unit in units]


def _aligned(
    old: Sequence[Unit],
    new: Sequence[Unit],
    fixed: Sequence[Pair],
    labels: tuple[Sequence[Hashable], Sequence[Hashable]],
    top: bool,
) -> Alignment:
    alignment = align(old, new, fixed, numbered(*labels))
    if -1 in alignment.old or -1 in alignment.new:
        grow(alignment, old, new)
        if top:
            find_moves(alignment, old, new)
        like, new_like = (
            [(label, unit.likeness) for label, unit in zip(side, units, strict=True)]
            for side, units in zip(labels, (old, new), strict=True)
        )
        replace_rest(alignment, old, new, numbered(like, new_like))
    return alignment


def _kinds(runs: Sequence[Run], first: tuple[Kind, ...] = ()) -> tuple[Kind, ...]:
    """What happened to a block, as its runs show."""
    kinds = list(first)
    if any(run.state in (State.INSERTED, State.DELETED) and not run.is_break for run in runs):
        kinds.append(Kind.REWORDED)
    kinds += sorted({change.kind for run in runs for change in run.attributes})
    return tuple(dict.fromkeys(kinds))
