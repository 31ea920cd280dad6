"""Blocks: the stretches of text that two texts are compared by, with what surrounds them.

A block is the longest stretch of text with no block element's edge inside: a paragraph, a heading, the words of a list
item before its inner list, a cell. Values only; `reading` makes them from HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from gazette.redline.tokens import IMAGE

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

    @property
    def is_of_note(self) -> bool:
        """Whether it is that of the sign of a note: a link that is set high."""
        return bool(self.link) and "sup" in self.emphasis


PLAIN = Style()


@dataclass(frozen=True, slots=True, eq=False)
class Container:
    """An element that holds blocks. `number` is what an item of a numbered list shows before it, else 0."""

    tag: str
    attributes: str = ""
    id: str = ""
    number: int = 0
    column: int = 0  # of a cell in its row, from 0


class Piece(NamedTuple):
    """Text of one style, white space included; a vertical tab is a line break, U+FFFC an image."""

    text: str
    style: Style


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Wording:
    """What a stretch of text says, wherever it stands.

    `words`, `spaces` (what stands before each; a vertical tab is a line break) and `styles` run in parallel, and so do
    `spaced` (the former two joined), `code` (one character for each, the same for the same word, see `tokens.code`) and
    `sizes` (how many words it counts for, at most 255). `pieces` is the text again, `content` its HTML, `text` its
    words with a single space where there is any, `size` how many words it counts.
    """

    words: tuple[str, ...]
    spaces: tuple[str, ...]
    styles: tuple[Style, ...]
    spaced: tuple[str, ...]
    code: str
    pieces: tuple[Piece, ...]
    content: str
    text: str
    sizes: bytes
    size: int


@dataclass(frozen=True, slots=True, eq=False)
class Block(Wording):
    """A stretch of text and what is around it. `tag` is its own element, empty where the text stands directly in its
    innermost container."""

    kind: BlockKind
    tag: str
    attributes: str
    id: str
    path: tuple[Container, ...]
    level: int  # of a heading, else 0
    number: int  # of the item of a numbered list that begins with this block, else 0
    nesting: tuple[str, ...]  # the lists, quotes and definitions around it, from the outermost
    wording: Wording  # what blocks that say the same have in common

    @property
    def title(self) -> str:
        """The text as a title, in which images say nothing."""
        return " ".join("".join([piece.text for piece in self.pieces]).replace(IMAGE, "").split())

    def looks_like(self, other: Block) -> bool:
        """Whether two blocks of the same words also look the same."""
        return (
            self.tag == other.tag
            and self.number == other.number
            and self.content == other.content
            and self.level == other.level
            and self.kind is other.kind
            and self.nesting == other.nesting
        )


_KINDS = {
    "li": BlockKind.ITEM,
    "td": BlockKind.CELL,
    "th": BlockKind.CELL,
    "dt": BlockKind.TERM,
    "dd": BlockKind.DEFINITION,
    "blockquote": BlockKind.QUOTE,
    "caption": BlockKind.CAPTION,
}


def block_kind(tag: str, level: int, path: tuple[Container, ...]) -> BlockKind:
    """What a block with this element, in these containers, is to a reader."""
    if level:
        return BlockKind.HEADING
    if tag == "pre":
        return BlockKind.CODE
    if tag == "hr":
        return BlockKind.RULE
    return next((_KINDS[c.tag] for c in reversed(path) if c.tag in _KINDS), BlockKind.PARAGRAPH)
