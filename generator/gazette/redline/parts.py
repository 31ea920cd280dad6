"""Where a text is cut into parts: at its sections, or, in loose Markdown, at the headings that look like theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from gazette.policy.slugs import unique_slug
from gazette.redline.blocks import Block
from gazette.redline.order import Pair

#: Places of the blocks that parts begin with, in an old text and in a new one.
Starts = tuple[set[int], set[int]]


@dataclass(frozen=True, slots=True)
class Part:
    """A section as a stretch of blocks, from `start` to before `end`.

    `is_lasting` is true where the id was given by an editor, so that the same id means the same section; parts of loose
    Markdown are cut at its headings and named after them.
    """

    id: str
    title: str
    start: int
    end: int
    formerly: tuple[str, ...] = ()
    is_lasting: bool = False


def implied_level(blocks: Sequence[Block]) -> int:
    """The shallowest heading level that occurs twice, else the shallowest there is; 0 without headings."""
    levels = Counter([block.level for block in blocks if block.level])
    return min((level for level, times in levels.items() if times > 1), default=min(levels, default=0))


def starts_at(blocks: Sequence[Block], level: int) -> set[int]:
    """The places of the headings down to a level."""
    return {n for n, block in enumerate(blocks) if block.level and block.level <= level}


def starts_alike(old: Sequence[Block], new: Sequence[Block], levels: tuple[int, int], pairs: Sequence[Pair]) -> Starts:
    """Where two texts begin parts, so that what is a section in one of them is a section in the other.

    These are the headings down to the level implied by each, or to the one at which those of the other text stand
    here if that is deeper, and whatever such a heading became or was: a heading of another level, or a paragraph of the
    same words. `pairs` are the places of blocks that are the same.
    """
    olds = starts_at(old, max(levels[0], _level_for(levels[1], ((new[j], old[i]) for i, j in pairs))))
    news = starts_at(new, max(levels[1], _level_for(levels[0], ((old[i], new[j]) for i, j in pairs))))
    for i, j in pairs:
        if (i in olds) != (j in news) and (old[i].words == new[j].words or (old[i].level and new[j].level)):
            olds.add(i)
            news.add(j)
    return olds, news


def _level_for(level: int, pairs: Iterable[tuple[Block, Block]]) -> int:
    """At which level most headings of a level stand in the other text; the same level where none are there."""
    found = Counter([other.level for block, other in pairs if other.level and block.level == level])
    return min(found, key=lambda other: (-found[other], other), default=level)


def cut(blocks: Sequence[Block], starts: Collection[int]) -> tuple[Part, ...]:
    """Loose Markdown in parts that begin at these places and are named after the blocks there.

    What stands before the first of them is a part without a title, with the id `introduction`.
    """
    if not blocks:
        return ()
    begins = sorted({0, *starts})
    taken: set[str] = set()
    parts: list[Part] = []
    for start, end in zip(begins, [*begins[1:], len(blocks)], strict=True):
        title = blocks[start].title if start in starts else ""
        name = unique_slug(title or "introduction", taken)
        taken.add(name)
        parts.append(Part(name, title, start, end))
    return tuple(parts)
