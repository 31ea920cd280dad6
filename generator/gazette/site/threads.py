"""Sections through time: which section of one version is which of the next, and what became of each.

Takes the versions of a policy in the order of their publication and what each brought; gives threads, one for each
section that ever was. A section is the same by its id, by a former id, or, where an editor named none, because the
redline found it to be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gazette.redline import Counts, Kind
from gazette.site.leaves import Leaf
from gazette.site.steps import SectionStep

NOTHING = Counts()


@dataclass(frozen=True, slots=True)
class Event:
    """What a version did to a section: `id` is the section's in that version, None where it went, `old_id` that in the
    version before, None where it came.

    `split_from` and `merged_from` name other sections by what they were called before, `merged_into` the one that took
    this one up; all are (id, title).
    """

    label: str
    predecessor: str | None
    id: str | None
    old_id: str | None
    title: str
    kinds: tuple[Kind, ...]
    was: str = ""
    counts: Counts = NOTHING
    split_from: tuple[tuple[str, str], ...] = ()
    merged_from: tuple[tuple[str, str], ...] = ()
    merged_into: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Thread:
    """A section through time: `id` and `title` are its newest, `ids` all that it ever had; `events` are oldest first.

    `present` gives the id under which each version has it, by label.
    """

    id: str
    title: str
    ids: tuple[str, ...]
    events: tuple[Event, ...]
    present: Mapping[str, str]


@dataclass
class _Open:
    """A thread while it is spun."""

    present: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def closed(self) -> Thread:
        ids = tuple(dict.fromkeys(reversed(self.present.values())))
        return Thread(ids[0], list(self.titles.values())[-1], ids, tuple(self.events), self.present)


def threads(
    order: Sequence[str],
    predecessors: Mapping[str, str | None],
    leaves: Mapping[str, Leaf],
) -> tuple[Thread, ...]:
    """All sections that ever were, in the order in which they came. `order` holds every label, oldest first."""
    spun: list[_Open] = []
    held: dict[str, dict[str, _Open]] = {}
    last: dict[str, _Open] = {}
    for label in order:
        before = predecessors.get(label)
        was = held.get(before, {}) if before else {}
        leaf = leaves[label]
        partners = _partners(leaf, was)
        held[label] = now = {}
        taken: set[int] = set()
        for section in leaf.sections:
            thread = was.get(partners.get(section.id, ""))
            if thread is None and section.id in last and id(last[section.id]) not in taken:
                thread = last[section.id]
            if thread is None or id(thread) in taken:
                thread = _Open()
                spun.append(thread)
            taken.add(id(thread))
            thread.present[label] = section.id
            thread.titles[label] = section.title
            now[section.id] = last[section.id] = thread
        for event in _events(label, before, leaves):
            owner = now.get(event.id) if event.id is not None else was.get(event.old_id or "")
            if owner is not None:
                owner.events.append(event)
    return tuple(thread.closed() for thread in spun)


def by_id(found: Sequence[Thread]) -> dict[str, Thread]:
    """The thread that each id leads to: the one that has it, else the last that had it."""
    leads = {name: thread for thread in found for name in thread.ids[1:]}
    return leads | {thread.id: thread for thread in found}


def _partners(leaf: Leaf, was: Mapping[str, object]) -> dict[str, str]:
    """For each section the id under which the predecessor has it."""
    changed = {s.new_id: s.old_id for s in leaf.step.sections if s.new_id is not None}
    partners = {section.id: changed.get(section.id, section.id) for section in leaf.sections}
    return {new: old for new, old in partners.items() if old is not None and old in was}


def _events(
    label: str,
    before: str | None,
    leaves: Mapping[str, Leaf],
) -> list[Event]:
    leaf = leaves[label]
    if before is None:
        return [Event(label, None, s.id, None, s.title, (Kind.ADDED,)) for s in leaf.sections]
    step = leaf.step
    old_titles = {section.id: section.title for section in leaves[before].sections}
    new_titles = {section.id: section.title for section in leaf.sections}
    formerly = {section.id: section.formerly for section in leaf.sections}
    partner = {s.new_id: s.old_id for s in step.sections if s.new_id is not None}
    events = []
    for change in step.changed:
        others: tuple[str, ...] = ()
        if change.new_id is not None:
            mine = partner.get(change.new_id, change.new_id)
            others = tuple(name for name in formerly.get(change.new_id, ()) if name in old_titles and name != mine)
        split = tuple((n, old_titles[n]) for n in others if n in new_titles and change.old_id is None)
        merged = tuple((n, old_titles[n]) for n in others if n not in new_titles)
        into = tuple(
            (name, new_titles[name])
            for name, names in formerly.items()
            if change.new_id is None and change.old_id in names
        )
        events.append(
            Event(
                label,
                before,
                change.new_id,
                change.old_id,
                change.title,
                _kinds(change, bool(split), bool(merged or into)),
                change.was,
                change.counts,
                split,
                merged,
                into,
            )
        )
    return events


def _kinds(change: SectionStep, is_split: bool, is_merged: bool) -> tuple[Kind, ...]:
    """What happened to a section, with what only its former ids tell."""
    told = [Kind.SPLIT] * is_split + [Kind.MERGED] * is_merged
    return tuple(dict.fromkeys([*told, *change.kinds]))
