"""Blocks: the stretches of text that two texts are compared by, with what surrounds them.

A block is the longest stretch of text with no block element's edge inside: a paragraph, a heading, the words of a list
item before its inner list, a cell. Values only; `reading` makes them from HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from gazette.redline.tokens import word_count

NESTING = frozenset({"ul", "ol", "blockquote", "dd"})


class BlockKind(StrEnum):
    """What a block is to a reader."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    CELL = "cell"
    TERM = "term"
    DEFINITION = "definition"
    QUOTE = "quote"
    CODE = "code"
    CAPTION = "caption"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Style:
    """What surrounds a piece of text inside its block.

    `wrappers` are the elements from the outermost, as (name, attributes as HTML); `atom` is the HTML of a token that is
    no text (an image); `pieces` are set where one token has several styles, as (characters, style).
    """

    wrappers: tuple[tuple[str, str], ...] = ()
    link: str = ""
    emphasis: tuple[str, ...] = ()
    atom: str = ""
    pieces: tuple[tuple[int, Style], ...] = ()


PLAIN = Style()


@dataclass(frozen=True, slots=True, eq=False)
class Container:
    """An element that holds blocks. `number` is what an item of a numbered list shows before it, else 0."""

    tag: str
    attributes: str = ""
    id: str = ""
    number: int = 0
    column: int = 0  # of a cell in its row, from 0


@dataclass(frozen=True, eq=False)
class Block:
    """A stretch of text and what is around it.

    `tag` is its own element, empty where the text stands directly in its innermost container. `words`, `spaces` (what
    stands before each; a vertical tab is a line break) and `styles` run in parallel.
    """

    tag: str
    attributes: str
    id: str
    path: tuple[Container, ...]
    words: tuple[str, ...]
    spaces: tuple[str, ...]
    styles: tuple[Style, ...]
    level: int
    number: int = 0  # of the item of a numbered list that begins with this block, else 0

    @cached_property
    def text(self) -> str:
        """The words with a single space where there is any."""
        return "".join([" " + w if s else w for s, w in zip(self.spaces, self.words, strict=True)]).lstrip()

    @cached_property
    def size(self) -> int:
        return sum(map(word_count, self.words))

    @cached_property
    def kind(self) -> BlockKind:
        return _kind(self)

    @cached_property
    def nesting(self) -> tuple[str, ...]:
        """The lists, quotes and definitions around the block, from the outermost."""
        return tuple(container.tag for container in self.path if container.tag in NESTING)

    @cached_property
    def look(self) -> tuple[object, ...]:
        """All that can differ between two blocks of the same words."""
        return (self.tag, self.level, self.nesting, self.number, self.styles, self.spaces[1:])


def _kind(block: Block) -> BlockKind:
    if block.level:
        return BlockKind.HEADING
    if block.tag == "pre":
        return BlockKind.CODE
    if block.tag == "hr":
        return BlockKind.RULE
    kinds = {
        "li": BlockKind.ITEM,
        "td": BlockKind.CELL,
        "th": BlockKind.CELL,
        "dt": BlockKind.TERM,
        "dd": BlockKind.DEFINITION,
        "blockquote": BlockKind.QUOTE,
        "caption": BlockKind.CAPTION,
    }
    return next((kinds[c.tag] for c in reversed(block.path) if c.tag in kinds), BlockKind.PARAGRAPH)
