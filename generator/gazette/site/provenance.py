"""Which version gave each section and each paragraph its present wording.

Takes the steps from the first version to the one that is shown; gives, for each section of it, since when it reads as
it does, and the same for each block in it. Putting the steps in order onto the first text gives the last: see `apply`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from gazette.site.leaves import Leaf
from gazette.site.model import History, Standing
from gazette.site.steps import NEW, Step

_Block = TypeVar("_Block")

_EXCERPT = 8  # words


@dataclass(frozen=True, slots=True)
class Stretch:
    """Blocks in a row whose wording one version gave. `first` and `last` are the beginnings of the outermost two."""

    since: str
    blocks: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Age:
    """A section of the text that is shown: its id, its plain title, the version that gave it its
    wording, and those of its stretches."""

    id: str
    title: str
    since: str
    stretches: tuple[Stretch, ...]


def apply(blocks: Sequence[_Block], step: Step, new: Sequence[_Block]) -> tuple[_Block, ...]:
    """The new text's blocks: those that stayed as the old text has them, the rest from the step's version."""
    return tuple(block if origin == NEW else blocks[origin] for origin, block in zip(step.origins, new, strict=True))


def lineage(history: History, label: str) -> tuple[Standing, ...]:
    """The version and all that it was made from, oldest first."""
    by_label = {standing.label: standing for standing in history.standings}
    found: list[Standing] = []
    standing = by_label.get(label)
    while standing is not None and standing not in found:
        found.append(standing)
        standing = by_label.get(standing.predecessor.label) if standing.predecessor else None
    return tuple(reversed(found))


def ages(
    chain: Sequence[Standing], steps: Mapping[str, Step], leaf: Leaf, beginnings: Sequence[str]
) -> tuple[Age, ...]:
    """Since when each section of the last text of the chain, which is `leaf`'s, reads as it does.

    A version that never applied gave nobody a wording: what it brought counts from the next one that did. `beginnings`
    are the first words of each block of the text.
    """
    applied = _applied(chain)
    first, *later = chain
    since: Sequence[str] = [first.label] * len(steps[first.label].origins)
    sections: dict[str, str] = {}
    for standing in later:
        step = steps[standing.label]
        since = apply(since, step, [standing.label] * len(step.origins))
        sections = _sections(sections, step, standing.label)
    shown = [applied[label] for label in since]
    return tuple(
        Age(
            section.id,
            section.title,
            applied[sections.get(section.id, first.label)],
            tuple(_stretches(beginnings, shown, section.start + 1, section.end)),
        )
        for section in leaf.sections
    )


def _sections(known: Mapping[str, str], step: Step, label: str) -> dict[str, str]:
    """For each section that is not the first version's own wording, by id, the version that gave it."""
    now = dict(known)
    for change in step.sections:
        if change.new_id is None:
            continue
        if change.is_reworded:
            now[change.new_id] = label
        elif change.old_id is not None and change.old_id in known:
            now[change.new_id] = known[change.old_id]
    return now


def _applied(chain: Sequence[Standing]) -> dict[str, str]:
    """For each version of the chain, the first from it on that was in force; the last where none was."""
    found: dict[str, str] = {}
    following = chain[-1].label
    for standing in reversed(chain):
        following = standing.label if standing.applied else following
        found[standing.label] = following
    return found


def _stretches(beginnings: Sequence[str], since: Sequence[str], start: int, end: int) -> list[Stretch]:
    places = [n for n in range(start, end) if beginnings[n]]
    found = []
    for label, members in groupby(places, key=lambda n: since[n]):
        group = list(members)
        found.append(Stretch(label, len(group), beginnings[group[0]], beginnings[group[-1]]))
    return found


def beginning(text: str) -> str:
    """The first words of a block; empty where it has none."""
    words = text.replace("\ufffc", "").split()
    return " ".join(words[:_EXCERPT]) + ("…" if len(words) > _EXCERPT else "")
