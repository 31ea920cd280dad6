"""A version as the history of its sections needs it: which sections it has, and the passages of those that it changed.

Takes a text that is ready to be compared and its redline from the version before; gives a `Leaf` of plain values, which
depends on these two texts alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gazette.redline import BlockChange, Counts
from gazette.redline.as_html import elements_html
from gazette.site.steps import NEW, Step

if TYPE_CHECKING:  # what compares is loaded where something is to be compared
    from gazette.redline import PreparedText

_ID = re.compile(r"""(<[a-zA-Z][^<>]*?) id="[^"]*\"""")


@dataclass(frozen=True)
class Element:
    """A passage of a version (a heading, paragraph, list or table): its HTML without ids, since many wordings may stand
    on one page, and the places of its blocks."""

    markup: str
    blocks: tuple[int, ...]


@dataclass(frozen=True)
class LeafSection:
    """A section by id and plain title, from block `start` to before `end`."""

    id: str
    title: str
    start: int
    end: int
    formerly: tuple[str, ...]


@dataclass(frozen=True)
class Leaf:
    """One version. `elements` has the passages of each section that is not, to the letter, the predecessor's."""

    sections: tuple[LeafSection, ...]
    step: Step
    elements: Mapping[str, tuple[Element, ...]]
    assets: tuple[tuple[str, str], ...] = ()


def leaf_of(text: PreparedText, step: Step | None) -> Leaf:
    """`step` leads from the predecessor; None for a version without one."""
    sections = tuple(LeafSection(p.id, p.title, p.start, p.end, p.formerly) for p in text.parts)
    blank = (NEW,) * len(text.blocks)
    changed = {s.new_id for s in (step.sections if step else ())}
    elements = {
        section.id: tuple(_elements(text, section))
        for section, source in zip(sections, text.sections, strict=True)
        if step is None or section.id in changed or "assets/" in source.body
    }
    return Leaf(sections, step or Step((), blank, blank, Counts()), elements, text.assets)


def _elements(text: PreparedText, section: LeafSection) -> list[Element]:
    places = range(section.start, section.end)
    kept = [BlockChange((), text.blocks[n], (n,), (n,), (), text.blocks[n]) for n in places]
    return [
        Element(_ID.sub(r"\1", markup.strip()), tuple(change.new[0] for change in changes))
        for changes, markup in elements_html(kept)
    ]
