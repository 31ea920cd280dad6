"""The redline as a tree of typed values: sections, in them blocks, in them runs of text.

Everything that shows or judges a redline reads this tree and nothing else. Its sections stand in reading order: each
section of the new text, removed ones where they were, and, for a section that moved, a second entry (`away`) where it
used to be. Dropping what was inserted from the runs gives the old text, dropping what was deleted the new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import overload

from gazette.redline.blocks import Block, Piece
from gazette.redline.tokens import token_size, word_count

__all__ = [
    "AttributeChange",
    "BlockChange",
    "Counts",
    "Kind",
    "Piece",
    "Redline",
    "Run",
    "SectionChange",
    "State",
    "Term",
    "UnchangedBlocks",
]


class Kind(StrEnum):
    """What happened to a section or a block; several may have."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    RENAMED = "renamed"  # a section's title changed
    SPLIT = "split"  # one became several
    MERGED = "merged"  # several became one
    REWORDED = "reworded"
    RENUMBERED = "renumbered"
    RELINKED = "relinked"
    REFORMATTED = "reformatted"  # emphasis, or a paragraph that became a heading, a numbered list that became bulleted
    REINDENTED = "reindented"  # heading level, depth in lists and quotes


class State(StrEnum):
    """What happened to a run of text."""

    KEPT = "kept"
    INSERTED = "inserted"
    DELETED = "deleted"
    MOVED_HERE = "moved-here"
    MOVED_AWAY = "moved-away"

    @property
    def is_new_only(self) -> bool:
        return self is State.INSERTED or self is State.MOVED_HERE

    @property
    def is_old_only(self) -> bool:
        return self is State.DELETED or self is State.MOVED_AWAY


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """A change of what surrounds words that stayed: `was` and `now` are the link's target, the emphasis, the level."""

    kind: Kind
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one state. A `break` holds no text: a paragraph break that came (INSERTED) or went (DELETED).

    `renumbered` is true of a number in the text (a clause's, or that of a clause referred to) that only counts on.
    `term` numbers the folded replacement that this run is one place of (see `Redline.terms`), else 0. `tokens` are
    those of what came or went, where they are known.
    """

    state: State
    pieces: tuple[Piece, ...] = ()
    move: int = 0
    attributes: tuple[AttributeChange, ...] = ()
    is_break: bool = False
    renumbered: bool = False
    term: int = 0
    tokens: tuple[str, ...] = field(default=(), repr=False, compare=False)

    @property
    def text(self) -> str:
        """The text, white space included; a vertical tab is a line break, U+FFFC an image."""
        return "".join([piece.text for piece in self.pieces])

    @property
    def words(self) -> int:
        return sum(map(token_size, self.tokens)) if self.tokens else word_count(self.text)


@dataclass(frozen=True, slots=True)
class BlockChange:
    """A block as the redline shows it: in the form of the new text where it is in it, else of the old.

    `old` and `new` are places in the texts' blocks: one each for a block that stayed, none in a text that lacks it,
    several `old` for a merger. A block that was split is several changes with the same `old`; all but the last end in
    an inserted break. `move` joins the two places of a block that moved.
    """

    kinds: tuple[Kind, ...]
    block: Block
    old: tuple[int, ...]
    new: tuple[int, ...]
    runs: tuple[Run, ...]
    was: Block | None = None
    move: int = 0

    @property
    def is_kept(self) -> bool:
        return not self.kinds


class UnchangedBlocks(Sequence[BlockChange]):
    """The changes of blocks that did not change, from the places `old` and `new` on."""

    def __init__(self, blocks: Sequence[Block], old: int, new: int) -> None:
        self.blocks, self.old, self.new = blocks, old, new

    @cached_property
    def _all(self) -> tuple[BlockChange, ...]:
        return tuple(
            [
                BlockChange((), b, (self.old + n,), (self.new + n,), (Run(State.KEPT, b.pieces),) * bool(b.words), b)
                for n, b in enumerate(self.blocks)
            ]
        )

    @property
    def places(self) -> Iterator[tuple[int, int]]:
        """The place of each block in the new text, and in the old one."""
        return zip(
            range(self.new, self.new + len(self.blocks)), range(self.old, self.old + len(self.blocks)), strict=True
        )

    def __len__(self) -> int:
        return len(self.blocks)

    def __iter__(self) -> Iterator[BlockChange]:
        return iter(self._all)

    @overload
    def __getitem__(self, at: int) -> BlockChange: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[BlockChange, ...]: ...

    def __getitem__(self, at: int | slice) -> BlockChange | tuple[BlockChange, ...]:
        return self._all[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._all == tuple(other)

    def __hash__(self) -> int:
        return hash(self._all)


@dataclass(frozen=True)
class Counts:
    """Words by what happened to them, and how many changes of attributes and runs of changed words there are.

    `split` are blocks that became several, `merged` those that several became.
    """

    added: int = 0
    removed: int = 0
    moved: int = 0
    relinked: int = 0
    reformatted: int = 0
    reindented: int = 0
    renumbered: int = 0
    runs: int = 0
    split: int = 0
    merged: int = 0

    @property
    def is_rearranged(self) -> bool:
        """Whether words only stand elsewhere: none came or went, but some moved, or are in other paragraphs."""
        return not (self.added or self.removed) and bool(self.moved or self.split or self.merged)

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.added + other.added,
            self.removed + other.removed,
            self.moved + other.moved,
            self.relinked + other.relinked,
            self.reformatted + other.reformatted,
            self.reindented + other.reindented,
            self.renumbered + other.renumbered,
            self.runs + other.runs,
            self.split + other.split,
            self.merged + other.merged,
        )


#: What most sections count.
NOTHING = Counts()


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section: `old_*` are None where the old text lacks it, `new_*` where the new one does.

    `others` are the ids of further sections it was merged from (old) or split into (new), `other_titles` their titles.
    `away` is true of the place that a moved section left: its blocks are shown there as moved away, and its words are
    counted at the other entry.
    """

    kinds: tuple[Kind, ...]
    old_id: str | None
    new_id: str | None
    old_title: str | None
    new_title: str | None
    blocks: Sequence[BlockChange]
    counts: Counts
    others: tuple[str, ...] = ()
    away: bool = False
    other_titles: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.new_id if self.new_id is not None else self.old_id or ""

    @property
    def title(self) -> str:
        return self.new_title if self.new_title is not None else self.old_title or ""

    @property
    def is_kept(self) -> bool:
        return not self.kinds


@dataclass(frozen=True, slots=True)
class Term:
    """Words replaced by the same other words in many places: `Company → Provider, 12 times`."""

    old: str
    new: str
    times: int


@dataclass(frozen=True, slots=True)
class Redline:
    """The whole comparison of two texts."""

    sections: tuple[SectionChange, ...]
    counts: Counts
    terms: tuple[Term, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed that a reader could see."""
        return all(section.is_kept for section in self.sections)

    @property
    def blocks(self) -> tuple[BlockChange, ...]:
        return tuple(block for section in self.sections for block in section.blocks)

    @property
    def summary(self) -> str:
        """One line: `3 sections changed, 1 moved, 2 links; 118 words added, 64 removed`."""
        from gazette.redline.summary import summary

        return summary(self)
