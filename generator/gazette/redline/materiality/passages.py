"""What the signals look at: the changed blocks of a redline as words, and the sections that came and went.

Pure values; `reading` makes them from a redline.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Passage:
    """One changed block. `old` is empty where it was added, `new` where it was removed.

    `edits` are the (removed, added) words in order, one of them empty where nothing stands against the other; `links`
    are (words, old target, new target), a target empty where the link came or went.
    """

    section: str
    title: str
    old: str
    new: str
    edits: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()
    heading: bool = False


@dataclass(frozen=True)
class SectionChange:
    """A section that was added or removed as a whole."""

    section: str
    title: str
    words: str
    added: bool


@dataclass(frozen=True)
class Passages:
    """All that changed. `old_text` and `new_text` hold every word, to tell what is new to the whole text."""

    passages: tuple[Passage, ...]
    sections: tuple[SectionChange, ...] = ()
    old_text: str = ""
    new_text: str = ""

    @cached_property
    def reworded(self) -> tuple[Passage, ...]:
        """The blocks that are there before and after."""
        return tuple(passage for passage in self.passages if passage.old and passage.new)
