"""A redline → the passages that signals look at.

Takes the tree of `redline.changes`; gives plain words. Runs that moved count on both sides, so that what only moved is
neither gained nor lost; numbers that only count on are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from gazette.redline.blocks import BlockKind
from gazette.redline.changes import BlockChange, Kind, Redline, Run, State
from gazette.redline.changes import SectionChange as ChangedSection
from gazette.redline.materiality.passages import Passage, Passages, SectionChange


def read_passages(redline: Redline) -> Passages:
    """Every changed block with its words before and after, and the sections that came or went."""
    passages: list[Passage] = []
    sections: list[SectionChange] = []
    old_words: list[str] = []
    new_words: list[str] = []
    for section in redline.sections:
        for block in section.blocks:
            old, new = _side(block, old=True), _side(block, old=False)
            old_words.append(old)
            new_words.append(new)
            if not block.is_kept:
                passages.append(_passage(section, block, old, new))
        if not section.away and (change := _came_or_went(section)):
            sections.append(change)
    return Passages(tuple(passages), tuple(sections), " ".join(old_words), " ".join(new_words))


def _came_or_went(section: ChangedSection) -> SectionChange | None:
    added, removed = Kind.ADDED in section.kinds, Kind.REMOVED in section.kinds
    if (not added and not removed) or section.others:
        return None
    # What moved in from another section, or out to one, did not come or go.
    states = {State.INSERTED} if added else {State.DELETED}
    words = " ".join(run.text for block in section.blocks for run in block.runs if run.state in states)
    return SectionChange(section.id, section.title, " ".join(words.split()), added)


def _passage(section: ChangedSection, block: BlockChange, old: str, new: str) -> Passage:
    return Passage(
        section=section.id,
        title=section.title,
        old=old,
        new=new,
        edits=tuple(_edits(block)),
        links=tuple(_links(block)),
        heading=block.block.kind is BlockKind.HEADING,
    )


def _side(block: BlockChange, old: bool) -> str:
    """The words of the block in one of the texts."""
    runs = (run for run in block.runs if not (run.state.is_new_only if old else run.state.is_old_only))
    return " ".join("".join(run.text for run in runs).split())


def _edits(block: BlockChange) -> Iterator[tuple[str, str]]:
    """What was removed and added between words that stayed, side by side."""
    removed: list[Run] = []
    added: list[Run] = []
    for run in block.runs:
        if run.state is State.DELETED:
            removed += [] if run.renumbered else [run]
        elif run.state is State.INSERTED:
            added += [] if run.renumbered else [run]
        elif run.state is not State.KEPT or run.text.strip():
            yield from _edit(removed, added)
            removed, added = [], []
    yield from _edit(removed, added)


def _edit(removed: list[Run], added: list[Run]) -> Iterator[tuple[str, str]]:
    before = " ".join("".join(run.text for run in removed).split())
    after = " ".join("".join(run.text for run in added).split())
    if before or after:
        yield before, after


def _links(block: BlockChange) -> Iterator[tuple[str, str, str]]:
    for run in block.runs:
        words = " ".join(run.text.split())
        for attribute in run.attributes:
            if attribute.kind is Kind.RELINKED:
                yield words, attribute.was, attribute.now
        if run.state in (State.DELETED, State.INSERTED):
            for piece in run.pieces:
                if piece.style.link:
                    target = piece.style.link
                    yield (
                        (piece.text.strip(), target, "")
                        if run.state is State.DELETED
                        else (piece.text.strip(), "", target)
                    )
