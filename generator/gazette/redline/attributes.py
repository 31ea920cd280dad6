"""Changes of what surrounds words that stayed: link, emphasis, heading level, place in lists, numbering.

Takes two styles, or two blocks; gives the changes between them, in words that a rendering can show as `data-was`.
"""

from __future__ import annotations

from gazette.redline.blocks import Block, Style
from gazette.redline.changes import AttributeChange, Kind

NO_CHANGES: tuple[AttributeChange, ...] = ()
_LISTS = {"ul": "list", "ol": "list"}


def token_attributes(old: Style, new: Style) -> tuple[AttributeChange, ...]:
    """What changed around a word: where its link leads, how it is emphasised."""
    changes = []
    if old.link != new.link:
        changes.append(AttributeChange(Kind.RELINKED, old.link, new.link))
    was, now = _emphasis(old), _emphasis(new)
    if was != now:
        changes.append(AttributeChange(Kind.REFORMATTED, was, now))
    return tuple(changes)


def _emphasis(style: Style) -> str:
    if not style.pieces:
        return " ".join(style.emphasis)
    return ", ".join(f"{length}:{' '.join(piece.emphasis)}" for length, piece in style.pieces)


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
