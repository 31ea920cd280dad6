"""Sections that both texts have in the same order and that say the same: most sections of most versions.

Takes two texts and their sections that are the same by id. In the comparison such a section is one unit, which nothing
looks into, and its blocks are made when somebody asks for them. What comes out is what would come out block by block;
only where several sections say the same does one that stayed lend no words to one that changed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from gazette.redline.alignment import Alignment
from gazette.redline.changes import Redline, UnchangedBlocks
from gazette.redline.order import is_rising
from gazette.redline.sections import Partners
from gazette.redline.texts import PreparedText
from gazette.redline.units import Unit

#: Old parts, and the new ones that they are, by their places.
Same = Mapping[int, int]


def same_sections(old: PreparedText, new: PreparedText, partners: Partners) -> Same:
    """The sections that nothing needs to look into."""
    pairs = sorted(partners.new_of.items())
    if not partners.lasting or not is_rising(pairs) or not all(c.blocks for c in (*old.contents, *new.contents)):
        return {}
    return {i: j for i, j in pairs if old.contents[i] is new.contents[j]}


def units(text: PreparedText, wholes: Collection[int]) -> tuple[Unit, ...]:
    """The units of a text; the parts at these places are one each."""
    if len(text.contents) != len(text.parts):
        return text.contents[0].units
    found: list[Unit] = []
    for n, (part, content) in enumerate(zip(text.parts, text.contents, strict=True)):
        inside = (content.whole,) if n in wholes else content.units
        found += [unit.further(part.start) for unit in inside] if part.start else inside
    return tuple(found)


def stay(alignment: Alignment, old: Sequence[Unit]) -> bool:
    """Whether all units that are sections are where they were."""
    return not any(old[i].inside for i in alignment.moved)


def with_unchanged(redline: Redline, old: PreparedText, new: PreparedText, same: Same) -> Redline:
    """The redline with all blocks of sections of which only the first is in it."""
    firsts = {new.parts[j].start: (i, j) for i, j in same.items()}
    sections = list(redline.sections)
    for n, section in enumerate(sections):
        for at, change in enumerate(section.blocks):
            if change.is_kept and change.new[0] in firsts:
                i, j = firsts[change.new[0]]
                blocks = UnchangedBlocks(new.contents[j].blocks, old.parts[i].start, new.parts[j].start)
                before, after = section.blocks[:at], section.blocks[at + 1 :]
                sections[n] = replace(section, blocks=(*before, *blocks, *after) if before or after else blocks)
    return replace(redline, sections=tuple(sections))
