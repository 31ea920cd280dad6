"""Which section of the old text is which of the new one, and which were moved, split and merged.

Takes the parts of two texts and which of their blocks are the same. Sections are the same by their lasting ids
(`formerly` included); those without a partner, and parts of loose Markdown, by their titles and the words that they
share, so that a section that was moved and renamed is still itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from gazette.redline.order import Pair
from gazette.redline.parts import cut, starts_alike
from gazette.redline.texts import PreparedText

#: The share of a section's words that must come from another one, or have gone there, for it to be a part of that one.
SHARE = 0.5

_NUMBERING = re.compile(r"^[(\[]?(?:\d+(?:\.\d+)*|[A-Za-z]|[ivxIVX]+)[.)\]:]+\s*")


@dataclass(frozen=True)
class Partners:
    """Parts of the old text and of the new one that are the same section, by their places.

    `split_from` names for a new part without a partner the old one that it was a part of, `merged_into` for an old part
    without a partner the new one that it became a part of. `moved` are old parts that are in another place now.
    """

    new_of: dict[int, int]
    old_of: dict[int, int]
    lasting: bool
    split_from: dict[int, int] = field(default_factory=dict)
    merged_into: dict[int, int] = field(default_factory=dict)
    moved: frozenset[int] = frozenset()

    def labels(self, old: PreparedText, new: PreparedText) -> tuple[list[int], list[int]]:
        """For each block a label: words of an old part may have been replaced in place by words of a new one only where
        both have the same."""
        if not self.lasting:
            return [0] * len(old.blocks), [0] * len(new.blocks)
        return [self.new_of.get(part, -1 - part) for part in old.part_of], list(new.part_of)


@dataclass(frozen=True, slots=True)
class Shared:
    """Words that an old part shares with a new one, by their places, because a block of one is one of the other."""

    old: int
    new: int
    words: int
    is_moved: bool


def cut_alike(old: PreparedText, new: PreparedText, titles: Sequence[Pair]) -> tuple[PreparedText, PreparedText]:
    """Two texts of loose Markdown, cut into parts at the same headings; other texts as they are.

    `titles` are the places of headings, and of what they became or were.
    """
    if old.level is None or new.level is None:
        return old, new
    olds, news = starts_alike(old.blocks, new.blocks, (old.level, new.level), titles)
    return _cut_at(old, olds), _cut_at(new, news)


def _cut_at(text: PreparedText, starts: set[int]) -> PreparedText:
    """The text with parts that begin at these places, the same one if they do so already."""
    if starts == {part.start for part in text.parts if part.start or part.title}:
        return text
    return replace(text, parts=cut(text.blocks, starts))


def is_other_name(was: str, now: str) -> bool:
    """Whether two titles differ in more than the number before them: one that only counts on renames nothing."""
    return was != now and _NUMBERING.sub("", was) != _NUMBERING.sub("", now)


def partners_by_id(old: PreparedText, new: PreparedText) -> Partners:
    """Partners by lasting ids, then by former ones. A former id that is still in use, or that several sections give,
    says where a section was split from; one of several that one section gives, what was merged into it."""
    if not (any(part.is_lasting for part in old.parts) and any(part.is_lasting for part in new.parts)):
        return Partners({}, {}, lasting=False)
    places = {part.id: n for n, part in enumerate(old.parts)}
    new_of = {places[part.id]: j for j, part in enumerate(new.parts) if part.id in places}
    old_of = {j: i for i, j in new_of.items()}
    split_from: dict[int, int] = {}
    merged_into: dict[int, int] = {}
    for j, part in enumerate(new.parts):
        for i in [places[name] for name in part.formerly if name in places and name != part.id]:
            if j not in old_of and i not in new_of:
                new_of[i], old_of[j] = j, i
            elif j not in old_of:
                split_from[j] = i
            elif i not in new_of:
                merged_into[i] = j
    return Partners(new_of, old_of, True, split_from, merged_into)


def partners_by_content(partners: Partners, shared: Iterable[Shared], old: PreparedText, new: PreparedText) -> Partners:
    """Partners by id completed by the words that parts share, those of one title first, and what moved."""
    words: Counter[tuple[int, int]] = Counter()
    moved: Counter[tuple[int, int]] = Counter()
    for item in shared:
        words[item.old, item.new] += item.words
        moved[item.old, item.new] += item.words if item.is_moved else 0
    new_of, old_of = dict(partners.new_of), dict(partners.old_of)
    split_from, merged_into = dict(partners.split_from), dict(partners.merged_into)
    sizes = [_sizes(old), _sizes(new)]
    other = {(i, j): is_other_name(old.parts[i].title, new.parts[j].title) for i, j in words}
    for (i, j), count in sorted(words.items(), key=lambda item: (other[item[0]], -item[1], item[0])):
        if not count:
            continue
        if i not in new_of and j not in old_of and i not in merged_into and j not in split_from:
            new_of[i], old_of[j] = j, i
        elif j not in old_of and count >= SHARE * sizes[1][j]:
            split_from.setdefault(j, i)
        elif i not in new_of and count >= SHARE * sizes[0][i]:
            merged_into.setdefault(i, j)
    if _is_beginning(old) and _is_beginning(new) and 0 not in {**new_of, **old_of, **split_from, **merged_into}:
        new_of[0] = old_of[0] = 0
    elsewhere = frozenset(i for i, j in new_of.items() if 2 * moved[i, j] > words[i, j])
    split_from = {j: i for j, i in split_from.items() if j not in old_of}
    merged_into = {i: j for i, j in merged_into.items() if i not in new_of}
    return replace(
        partners, new_of=new_of, old_of=old_of, split_from=split_from, merged_into=merged_into, moved=elsewhere
    )


def with_passages(partners: Partners, shared: Iterable[Shared], old: PreparedText, new: PreparedText) -> Partners:
    """Partners, and what was split off passage by passage: parts most words of which were those of another one."""
    complete = partners_by_content(partners, shared, old, new)
    return replace(partners, split_from=complete.split_from)


def _is_beginning(text: PreparedText) -> bool:
    """Whether a text begins with a part that has no title. Two such parts are the same, whatever they say."""
    return bool(text.parts) and not text.parts[0].is_lasting and not text.parts[0].title


def _sizes(text: PreparedText) -> list[int]:
    if len(text.contents) == len(text.parts):
        return [content.size for content in text.contents]
    return [sum(block.size for block in text.blocks[part.start : part.end]) for part in text.parts]
