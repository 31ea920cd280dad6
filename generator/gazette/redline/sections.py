"""Sections of the two texts: which is which, and what happened to each.

Takes the parts of two texts and the changes of their blocks; gives the changes gathered into sections. Sections are the
same by their lasting ids (`formerly` included); those without a partner, and parts of loose Markdown, by the words that
they share.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gazette.redline.changes import BlockChange, Counts, Kind, Redline, SectionChange, State
from gazette.redline.texts import Part, PreparedText

#: The share of a section's words that must come from another one for it to be a part of that one.
SHARE = 0.5


@dataclass(frozen=True)
class Partners:
    """Parts of the old text and of the new one that are the same section, by their places."""

    new_of: dict[int, int]
    old_of: dict[int, int]
    lasting: bool

    def labels(self, old: PreparedText, new: PreparedText) -> tuple[list[int], list[int]]:
        """For each block a label: words of an old part may have been replaced in place by words of a new one only where
        both have the same."""
        if not self.lasting:
            return [0] * len(old.blocks), [0] * len(new.blocks)
        return [self.new_of.get(part, -1 - part) for part in old.part_of], list(new.part_of)


def partners_by_id(old: Sequence[Part], new: Sequence[Part]) -> Partners:
    """Partners by lasting ids, then by former ones."""
    lasting = any(part.is_lasting for part in old) and any(part.is_lasting for part in new)
    new_of: dict[int, int] = {}
    if lasting:
        places = {part.id: n for n, part in enumerate(old)}
        for j, part in enumerate(new):
            if part.id in places:
                new_of[places[part.id]] = j
        for j, part in enumerate(new):
            if part.id in places:
                continue
            for name in part.formerly:
                if name in places and places[name] not in new_of:
                    new_of[places[name]] = j
                    break
    return Partners(new_of, {j: i for i, j in new_of.items()}, lasting)


def gather(old: PreparedText, new: PreparedText, partners: Partners, blocks: Sequence[BlockChange]) -> Redline:
    """The changes of blocks, in reading order, as sections."""
    shared = _shared_words(old, new, blocks)
    partners = _completed(partners, shared, old, new)
    moved = _moved_parts(partners, blocks, old, new)
    stretches: list[tuple[int | None, int | None, list[BlockChange]]] = []
    for block in blocks:
        i = old.part_of[block.old[0]] if block.old else None
        j = new.part_of[block.new[0]] if block.new else None
        if j is not None:
            i = partners.old_of.get(j)
        elif i is not None and i not in moved:
            j = partners.new_of.get(i)
        if stretches and stretches[-1][:2] == (i, j):
            stretches[-1][2].append(block)
        else:
            stretches.append((i, j, [block]))
    sections = [_section(old, new, i, j, members, partners, shared, moved) for i, j, members in _joined(stretches)]
    total = sum((section.counts for section in sections if not section.away), Counts())
    return Redline(tuple(sections), total)


def _joined(
    stretches: Iterable[tuple[int | None, int | None, list[BlockChange]]],
) -> list[tuple[int | None, int | None, list[BlockChange]]]:
    return list(stretches)


def _shared_words(old: PreparedText, new: PreparedText, blocks: Iterable[BlockChange]) -> dict[tuple[int, int], int]:
    """How many words each part of the old text shares with each of the new one."""
    shared: Counter[tuple[int, int]] = Counter()
    away = {}
    for block in blocks:
        if block.old and not block.new and block.move:
            away[block.move, block.block.text] = block.old[0]
    for block in blocks:
        if not block.new:
            continue
        j = new.part_of[block.new[0]]
        if block.old:
            words = block.block.size if block.is_kept else _words(block, State.KEPT)
            for place in block.old:
                shared[old.part_of[place], j] += words // len(block.old)
        elif block.move and block.was is not None and (block.move, block.was.text) in away:
            shared[old.part_of[away[block.move, block.was.text]], j] += _words(block, State.MOVED_HERE)
    return dict(shared)


def _words(block: BlockChange, state: State) -> int:
    return sum(run.words for run in block.runs if run.state is state)


def _completed(
    partners: Partners, shared: dict[tuple[int, int], int], old: PreparedText, new: PreparedText
) -> Partners:
    """Partners by id, and for the rest by the most words shared."""
    new_of = dict(partners.new_of)
    taken = set(new_of.values())
    for (i, j), words in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if i in new_of or j in taken or not words:
            continue
        new_of[i] = j
        taken.add(j)
    return Partners(new_of, {j: i for i, j in new_of.items()}, partners.lasting)


def _moved_parts(partners: Partners, blocks: Iterable[BlockChange], old: PreparedText, new: PreparedText) -> set[int]:
    """Parts of the old text most words of which moved."""
    words: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    for block in blocks:
        if block.old and not block.is_kept:
            tally = words[old.part_of[block.old[0]]]
            tally[0] += _words(block, State.MOVED_AWAY)
            tally[1] += _words(block, State.KEPT)
        elif block.old:
            words[old.part_of[block.old[0]]][1] += block.block.size
    return {i for i, (away, kept) in words.items() if away > kept and i in partners.new_of}


def _section(
    old: PreparedText,
    new: PreparedText,
    i: int | None,
    j: int | None,
    blocks: list[BlockChange],
    partners: Partners,
    shared: dict[tuple[int, int], int],
    moved: set[int],
) -> SectionChange:
    was = old.parts[i] if i is not None else None
    now = new.parts[j] if j is not None else None
    away = j is None and i in moved
    if away and i is not None:
        now = new.parts[partners.new_of[i]]
    counts = sum((_counts(block) for block in blocks if not block.is_kept), Counts())
    kinds: list[Kind] = []
    if was is None:
        kinds.append(Kind.ADDED)
    elif now is None:
        kinds.append(Kind.REMOVED)
    else:
        if i in moved:
            kinds.append(Kind.MOVED)
        if was.title != now.title:
            kinds.append(Kind.RENAMED)
    kinds += sorted({k for block in blocks for k in block.kinds if k not in (Kind.ADDED, Kind.REMOVED, Kind.MOVED)})
    if (
        now is not None
        and was is not None
        and any(set(block.kinds) & {Kind.ADDED, Kind.REMOVED, Kind.MOVED} for block in blocks)
        and i not in moved
    ):
        kinds.append(Kind.REWORDED)
    return SectionChange(
        tuple(dict.fromkeys(kinds)),
        was.id if was else None,
        now.id if now else None,
        was.title if was else None,
        now.title if now else None,
        tuple(blocks),
        counts,
        (),
        away,
    )


def _counts(block: BlockChange) -> Counts:
    words: Counter[State] = Counter()
    for run in block.runs:
        if run.state is not State.KEPT:
            words[run.state] += run.words
    attributes = Counter(change.kind for run in block.runs for change in run.attributes)
    return Counts(
        words[State.INSERTED],
        words[State.DELETED],
        words[State.MOVED_HERE],
        attributes[Kind.RELINKED],
        attributes[Kind.REFORMATTED],
        attributes[Kind.REINDENTED],
        attributes[Kind.RENUMBERED],
        0,
    )
