"""A redline as JSON, for programs: the tree of changes as it is, in the words of the HTML vocabulary.

Takes the tree; gives text that `redline.schema.json`, beside this module, describes. The same tree gives the same
bytes. What is empty or does not apply (a move, a break, attributes) is left out of blocks and runs.
"""

from __future__ import annotations

import json as format_json
from dataclasses import asdict
from importlib import resources

from gazette.redline.blocks import Block
from gazette.redline.changes import BlockChange, Piece, Redline, Run, SectionChange

#: Names the shape; the number grows when a program that reads the shape could break.
FORMAT = "gazette-redline/1"


def json(redline: Redline) -> str:
    """The redline as JSON, ending in a line end."""
    tree = {
        "format": FORMAT,
        "summary": redline.summary,
        "is_empty": redline.is_empty,
        "counts": asdict(redline.counts),
        "terms": [asdict(term) for term in redline.terms],
        "sections": [_section(section) for section in redline.sections],
    }
    return format_json.dumps(tree, ensure_ascii=False, indent=1) + "\n"


def schema() -> str:
    """The JSON Schema (2020-12) of what `json` gives."""
    return (resources.files("gazette.redline") / "redline.schema.json").read_text("utf-8")


def _section(section: SectionChange) -> dict[str, object]:
    return {
        "kinds": list(section.kinds),
        "old_id": section.old_id,
        "new_id": section.new_id,
        "old_title": section.old_title,
        "new_title": section.new_title,
        "others": list(section.others),
        "away": section.away,
        "counts": asdict(section.counts),
        "blocks": [_block_change(change) for change in section.blocks],
    }


def _block_change(change: BlockChange) -> dict[str, object]:
    said: dict[str, object] = {"kinds": list(change.kinds), **_block(change.block)}
    if change.was is not None and _block(change.was) != _block(change.block):
        said["was"] = _block(change.was)
    said |= {"old": list(change.old), "new": list(change.new)}
    if change.move:
        said["move"] = change.move
    return said | {"runs": [_run(run) for run in change.runs]}


def _block(block: Block) -> dict[str, object]:
    """What a block is: its type and where it stands."""
    said: dict[str, object] = {"type": block.kind}
    if block.level:
        said["level"] = block.level
    if block.nesting:
        said["nesting"] = list(block.nesting)
    if block.number:
        said["number"] = block.number
    if block.id:
        said["id"] = block.id
    return said


def _run(run: Run) -> dict[str, object]:
    said: dict[str, object] = {"state": run.state, "text": run.text}
    if run.is_break:
        said["break"] = True
    if run.words:
        said["words"] = run.words
    if run.move:
        said["move"] = run.move
    if run.renumbered:
        said["renumbered"] = True
    if run.term:
        said["term"] = run.term
    if run.attributes:
        said["attributes"] = [asdict(attribute) for attribute in run.attributes]
    if any(piece.style.link or piece.style.emphasis or piece.style.atom for piece in run.pieces):
        said["pieces"] = [_piece(piece) for piece in run.pieces]
    return said


def _piece(piece: Piece) -> dict[str, object]:
    said: dict[str, object] = {"text": piece.text}
    if piece.style.link:
        said["link"] = piece.style.link
    if piece.style.emphasis:
        said["emphasis"] = list(piece.style.emphasis)
    if piece.style.atom:
        said["image"] = piece.style.atom
    return said
