"""What one version did to the one before it, in as few facts as the site's other pages need.

Takes a redline; gives a `Step`, which is small enough to keep for every version of a policy where the redline's tree is
not. It says what happened to each section, and for each block of the new text which old block had the same words.
"""

from __future__ import annotations

from dataclasses import dataclass

from gazette.redline import BlockChange, Counts, Kind, Redline
from gazette.redline.changes import UnchangedBlocks

#: What makes a wording another one. A section or paragraph that only moved, or whose links changed, reads as before.
REWORDING = frozenset({Kind.ADDED, Kind.REMOVED, Kind.RENAMED, Kind.REWORDED, Kind.SPLIT, Kind.MERGED})

#: In place of an old block: there is none.
NEW = -1


@dataclass(frozen=True)
class SectionStep:
    """What happened to one section. `old_id` is None where it came, `new_id` where it went."""

    kinds: tuple[Kind, ...]
    old_id: str | None
    new_id: str | None
    title: str
    was: str  # the title before, where it was renamed
    counts: Counts

    @property
    def is_reworded(self) -> bool:
        return bool(REWORDING.intersection(self.kinds))


@dataclass(frozen=True)
class Step:
    """`sections` are those of both texts to which something happened, or that have another id now, in reading order,
    each once. For each block of the new text, `origins` gives the block of the old text that had its words, and
    `ancestors` the one that it was made from."""

    sections: tuple[SectionStep, ...]
    origins: tuple[int, ...]
    ancestors: tuple[int, ...]
    counts: Counts

    @property
    def changed(self) -> tuple[SectionStep, ...]:
        return tuple(section for section in self.sections if section.kinds)


def step_of(redline: Redline) -> Step:
    """The facts of a redline that outlive its tree."""
    sections = tuple(
        SectionStep(
            section.kinds,
            section.old_id,
            section.new_id,
            section.title,
            (section.old_title or "") if Kind.RENAMED in section.kinds else "",
            section.counts,
        )
        for section in redline.sections
        if not section.away and (section.kinds or section.old_id != section.new_id)
    )
    ancestors: dict[int, int] = {}
    changes: list[BlockChange] = []
    for section in redline.sections:
        if isinstance(section.blocks, UnchangedBlocks):
            ancestors.update(section.blocks.places)
        else:
            changes += section.blocks
    origins = dict(ancestors)
    left = {(c.move, id(c.block)): c.old[0] for c in changes if c.move and c.old and not c.new}
    for change in changes:
        before = change.old[0] if change.old else left.get((change.move, id(change.was)), NEW)
        for new in change.new:
            ancestors[new] = before
            origins[new] = NEW if _is_reworded(change) else before
    blocks = range(max(ancestors, default=-1) + 1)
    return Step(
        sections,
        tuple(origins.get(n, NEW) for n in blocks),
        tuple(ancestors.get(n, NEW) for n in blocks),
        redline.counts,
    )


def _is_reworded(change: BlockChange) -> bool:
    """Whether a block of the new text has other words. One that moved may have left some behind, where it was."""
    moved = bool(change.move) and change.was is not None and change.was.text != change.block.text
    return moved or bool(REWORDING.intersection(change.kinds))
