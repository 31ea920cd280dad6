"""Changes of what surrounds words that stayed: link, emphasis, heading level, place in lists, numbering.

Takes two styles, or two blocks; gives the changes between them, in words that a rendering can show as `data-was`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from gazette.redline.blocks import Block, Style
from gazette.redline.changes import AttributeChange, Kind

NO_CHANGES: tuple[AttributeChange, ...] = ()
_LISTS = {"ul": "list", "ol": "list"}


def token_attributes(old: Style, new: Style) -> tuple[AttributeChange, ...]:
    """What changed around a word: where its link leads, how it is emphasised."""
    changes = []
    if _each(old, _link) != _each(new, _link):
        changes.append(AttributeChange(Kind.RELINKED, _leads_to(old), _leads_to(new)))
    if _each(old, _emphasis) != _each(new, _emphasis):
        changes.append(AttributeChange(Kind.REFORMATTED, _emphasised(old), _emphasised(new)))
    return tuple(changes)


def _each(style: Style, ask: Callable[[Style], str]) -> str | list[tuple[str, int]]:
    """What a word has throughout, else what each stretch of it has, and how many characters that is."""
    if not style.pieces:
        return ask(style)
    runs = [
        (found, sum(length for length, _ in same)) for found, same in groupby(style.pieces, lambda piece: ask(piece[1]))
    ]
    return runs if len(runs) > 1 else runs[0][0]


def _link(style: Style) -> str:
    return style.link


def _emphasis(style: Style) -> str:
    return " ".join(style.emphasis)


def _leads_to(style: Style) -> str:
    """The target of a word's link, or of the first link in it."""
    return next((piece.link for _, piece in style.pieces if piece.link), style.link)


def _emphasised(style: Style) -> str:
    """How a word is emphasised: `em strong`, or `part strong` if not all of it is."""
    found = _each(style, _emphasis)
    if isinstance(found, str):
        return found
    return " ".join(["part", *sorted({name for names, _ in found for name in names.split()})])


def block_attributes(old: Block, new: Block) -> tuple[AttributeChange, ...]:
    """What changed around a block."""
    if old.tag == new.tag and old.path is new.path:
        return NO_CHANGES
    changes = []
    if old.level != new.level:
        kind = Kind.REINDENTED if old.level and new.level else Kind.REFORMATTED
        changes.append(AttributeChange(kind, _form(old), _form(new)))
    if old.nesting != new.nesting:
        same_depth = [_LISTS.get(tag, tag) for tag in old.nesting] == [_LISTS.get(tag, tag) for tag in new.nesting]
        kind = Kind.REFORMATTED if same_depth else Kind.REINDENTED
        changes.append(AttributeChange(kind, " ".join(old.nesting), " ".join(new.nesting)))
    elif old.level == new.level and old.kind != new.kind:
        changes.append(AttributeChange(Kind.REFORMATTED, _form(old), _form(new)))
    if old.number != new.number and old.number and new.number:
        changes.append(AttributeChange(Kind.RENUMBERED, str(old.number), str(new.number)))
    return tuple(changes)


def _form(block: Block) -> str:
    return f"h{block.level}" if block.level else str(block.kind)
