"""The changes of blocks gathered into sections: the tree.

Takes the changes of all blocks in reading order, and which sections are the same; gives the redline. Every block keeps
its place: what went stands in the section that it went from, or, where that one is gone or moved, in an entry of its
own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from gazette.redline.blocks import BlockKind
from gazette.redline.changes import NOTHING, BlockChange, Counts, Kind, Redline, SectionChange, State, Term
from gazette.redline.parts import Part
from gazette.redline.sections import Partners, is_other_name
from gazette.redline.texts import PreparedText

_PLACES = frozenset({Kind.ADDED, Kind.REMOVED, Kind.MOVED})


class _Key(NamedTuple):
    """An entry of the redline: a new part, or an old part that is gone (`away` if it is elsewhere now)."""

    new: int | None
    old: int | None = None
    away: bool = False


def gather(
    old: PreparedText, new: PreparedText, partners: Partners, blocks: Sequence[BlockChange], terms: tuple[Term, ...]
) -> Redline:
    """The changes of blocks, in reading order, as sections."""
    members: dict[_Key, list[BlockChange]] = {}
    for key, block in zip(_keys(old, new, partners, blocks), blocks, strict=True):
        members.setdefault(key, []).append(block)
    relations = _relations(partners, old, new)
    crossed = _crossed(old, new, partners, blocks)
    sections = [_section(old, new, partners, key, members, relations, crossed) for key in members]
    total = sum([section.counts for section in sections if section.counts is not NOTHING], NOTHING)
    return Redline(tuple(sections), total, terms)


def _keys(old: PreparedText, new: PreparedText, partners: Partners, blocks: Sequence[BlockChange]) -> list[_Key]:
    """The entry of each block, so that each entry is one stretch: what went but stands within a section of the new text
    belongs to that one, and what went from one that begins elsewhere to the one that it stands next to."""
    gone = [_old_key(partners, part) for part in range(len(old.parts))]
    here = [_Key(part) for part in range(len(new.parts))]
    own = [here[new.part_of[b.new[0]]] if b.new else gone[old.part_of[b.old[0]]] for b in blocks]
    before = list(accumulate((key if block.new else None for key, block in zip(own, blocks, strict=True)), _latest))
    after = list(accumulate((key if b.new else None for key, b in zip(own[::-1], blocks[::-1], strict=True)), _latest))
    keys: list[_Key] = []
    seen: set[_Key] = set()
    for key, above, below in zip(own, before, after[::-1], strict=True):
        if above is not None and above is below:
            key = above
        elif key.new is not None and key not in (above, below):
            key = above or below or key
        if not keys or key is not keys[-1]:
            if key in seen:
                key = keys[-1]
            seen.add(key)
        keys.append(key)
    return keys


def _latest(before: _Key | None, key: _Key | None) -> _Key | None:
    return before if key is None else key


def _old_key(partners: Partners, part: int) -> _Key:
    """The entry of what went from an old part."""
    if part in partners.moved:
        return _Key(None, part, away=True)
    if part in partners.new_of:
        return _Key(partners.new_of[part])
    return _Key(partners.merged_into[part]) if part in partners.merged_into else _Key(None, part)


def _relations(partners: Partners, old: PreparedText, new: PreparedText) -> tuple[dict[int, list[Part]], ...]:
    """By the places of new parts: the old ones merged into them, and the other new ones of the same old one."""
    merged: defaultdict[int, list[Part]] = defaultdict(list)
    for i, j in sorted(partners.merged_into.items()):
        merged[j].append(old.parts[i])
    families: defaultdict[int, list[int]] = defaultdict(list)
    for j, i in sorted(partners.split_from.items()):
        families[i].append(j)
    split: dict[int, list[Part]] = {}
    for i, family in families.items():
        whole = sorted({*family, *([partners.new_of[i]] if i in partners.new_of else [])})
        if len(whole) > 1:
            split |= {j: [new.parts[other] for other in whole if other != j] for j in whole}
    return dict(merged), split


def _crossed(old: PreparedText, new: PreparedText, partners: Partners, blocks: Sequence[BlockChange]) -> frozenset[int]:
    """The old parts that lost a block to another section, or got one, by a border that was put elsewhere."""
    pairs = {(old.part_of[i], new.part_of[j]) for block in blocks for i in block.old for j in block.new}
    away = {(i, j) for i, j in pairs if partners.new_of.get(i) != j}
    return frozenset({i for i, _ in away} | {partners.old_of[j] for _, j in away if j in partners.old_of})


def _section(
    old: PreparedText,
    new: PreparedText,
    partners: Partners,
    key: _Key,
    members: Mapping[_Key, Sequence[BlockChange]],
    relations: tuple[dict[int, list[Part]], ...],
    crossed: frozenset[int],
) -> SectionChange:
    j = key.new if key.new is not None else partners.new_of.get(key.old, -1) if key.away and key.old is not None else -1
    i = key.old if key.old is not None else partners.old_of.get(j, partners.split_from.get(j, -1))
    was = old.parts[i] if i >= 0 else None
    now = new.parts[j] if j >= 0 else None
    merged, split = (relation.get(j, []) for relation in relations)
    blocks = members[key]
    left = members.get(_Key(None, i, away=True), ()) if partners.new_of.get(i, -1) == j else ()  # counted once
    kinds: list[Kind] = []
    if was is None or now is None:
        if any(block.block.kind is not BlockKind.RULE for block in blocks):
            kinds.append(Kind.ADDED if was is None else Kind.REMOVED)
    else:
        kinds += [Kind.MOVED] if i in partners.moved else []
        kinds += [Kind.RENAMED] if _is_renamed(was, now) and j in partners.old_of else []
        kinds += [Kind.SPLIT] if split else []
        kinds += [Kind.MERGED] if merged else []
        inner = {kind for block in blocks for kind in block.kinds}
        came_or_went = any(_PLACES.intersection(block.kinds) and not _moved_along(block, kinds) for block in blocks)
        rearranged = not (split or merged) and (i in crossed or bool(inner & {Kind.SPLIT, Kind.MERGED}))
        reworded = {Kind.REWORDED} if Kind.REWORDED in inner or came_or_went or rearranged else set()
        kinds += sorted((inner - _PLACES - {Kind.SPLIT, Kind.MERGED, Kind.REWORDED}) | reworded)
    return SectionChange(
        kinds=tuple(kinds),
        old_id=was.id if was else None,
        new_id=now.id if now else None,
        old_title=was.title if was else None,
        new_title=now.title if now else None,
        blocks=tuple(blocks),
        counts=NOTHING if key.away else _total([*blocks, *left]),
        others=tuple(part.id for part in (*merged, *split)),
        other_titles=tuple(part.title for part in (*merged, *split)),
        away=key.away,
    )


def _is_renamed(was: Part, now: Part) -> bool:
    """Whether a section had a name and has another one: the text before the first heading has none."""
    return bool(was.title and now.title) and is_other_name(was.title, now.title)


def _moved_along(block: BlockChange, kinds: Sequence[Kind]) -> bool:
    """Whether a block only moved with its section."""
    return Kind.MOVED in kinds and block.kinds[0] is Kind.MOVED


def _total(blocks: Sequence[BlockChange]) -> Counts:
    touched = [block for block in blocks if not block.is_kept]
    if not touched:
        return NOTHING
    words: Counter[State] = Counter()
    attributes: Counter[Kind] = Counter()
    runs = split = merged = 0
    for block in touched:
        split += Kind.SPLIT in block.kinds and not block.runs[-1].is_break  # its last part
        merged += Kind.MERGED in block.kinds
        before = State.KEPT
        for run in block.runs:
            if run.attributes:
                attributes.update([change.kind for change in run.attributes])
            attributes[Kind.RENUMBERED] += run.renumbered and run.state is State.INSERTED
            if run.state is not State.KEPT and not run.is_break:
                words[run.state] += block.block.size if run.tokens is block.block.words else run.words
            changed = run.state in (State.INSERTED, State.DELETED)
            runs += changed and before not in (State.INSERTED, State.DELETED)
            before = run.state
    return Counts(
        added=words[State.INSERTED],
        removed=words[State.DELETED],
        moved=words[State.MOVED_HERE],
        relinked=attributes[Kind.RELINKED],
        reformatted=attributes[Kind.REFORMATTED],
        reindented=attributes[Kind.REINDENTED],
        renumbered=attributes[Kind.RENUMBERED],
        runs=runs,
        split=split,
        merged=merged,
    )
