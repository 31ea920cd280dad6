"""Sections through time: which section of one version is which of the next, and what became of each.

Takes the versions of a policy in the order of their publication and what each brought; gives threads, one for each
section that ever was. A section is the same by its id, by a former id, or, where an editor named none, because the
redline found it to be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count

from gazette.redline import Counts, Kind
from gazette.site.leaves import Leaf, LeafSection
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
    """A section through time: `id` is its newest, or another where a later section has that; `ids` are all that it ever
    had, newest first, `title` its newest; `events` are oldest first.

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

    def closed(self, taken: set[str]) -> Thread:
        ids = tuple(dict.fromkeys(reversed(self.present.values())))
        names = chain(ids, (f"{ids[0]}--{n}" for n in count(2)))
        name = next(name for name in names if name not in taken)
        taken.add(name)
        return Thread(name, list(self.titles.values())[-1], ids, tuple(self.events), self.present)


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
        for section in sorted(leaf.sections, key=lambda one: one.id not in was):
            thread = _thread(section, partners, was, last)
            if thread is None or id(thread) in taken:
                thread = _Open()
                spun.append(thread)
            taken.add(id(thread))
            thread.present[label] = section.id
            thread.titles[label] = section.title
            now[section.id] = last[section.id] = thread
        goes_on = {name: old for name, thread in now.items() for old, one in was.items() if one is thread}
        for event in _events(label, before, leaves, goes_on):
            owner = now.get(event.id) if event.id is not None else was.get(event.old_id or "")
            if owner is not None and (not owner.events or owner.events[-1].label != label):
                owner.events.append(event)
    order_of = {label: n for n, label in enumerate(order)}
    latest = sorted(spun, key=lambda thread: -max(order_of[label] for label in thread.present))
    names: set[str] = set()
    closed = {id(thread): thread.closed(names) for thread in latest}
    return tuple(closed[id(thread)] for thread in spun)


def _thread(
    section: LeafSection, partners: Mapping[str, str], was: Mapping[str, _Open], last: Mapping[str, _Open]
) -> _Open | None:
    """The thread that a section goes on: by its id, a former id, an id that once was, or what the redline found."""
    partner = partners.get(section.id, "")
    once = last.get(section.id)
    if once is not None and any(once is thread for thread in was.values()):
        once = None  # it goes on under another id
    if once is not None and partner not in (section.id, *section.formerly):
        return once
    return was.get(partner) or once


def by_id(found: Sequence[Thread]) -> dict[str, Thread]:
    """The thread that each id leads to: the one that has it, else the last that had it."""
    leads = {name: thread for thread in found for name in thread.ids}
    return leads | {thread.id: thread for thread in found}


def _partners(leaf: Leaf, was: Mapping[str, object]) -> dict[str, str]:
    """For each section the id under which the predecessor has it. An id that is in both is the same section."""
    changed = {s.new_id: s.old_id for s in leaf.step.sections if s.new_id is not None}
    partners = {s.id: s.id if s.id in was else changed.get(s.id) for s in leaf.sections}
    return {new: old for new, old in partners.items() if old is not None and old in was}


def _events(label: str, before: str | None, leaves: Mapping[str, Leaf], goes_on: Mapping[str, str]) -> Iterator[Event]:
    """What a version did. `goes_on` gives the old id of each section that is not new. Where several things are told of
    one section, the first is the section's own."""
    leaf = leaves[label]
    if before is None:
        yield from (Event(label, None, s.id, None, s.title, (Kind.ADDED,)) for s in leaf.sections)
        return
    old_titles = {section.id: section.title for section in leaves[before].sections}
    new_titles = {section.id: section.title for section in leaf.sections}
    changed = {change.new_id for change in leaf.step.sections}
    sources = {s.id: dict.fromkeys([*s.formerly, *([] if s.id in changed else [s.id])]) for s in leaf.sections}
    for change in leaf.step.sections:
        if change.new_id is not None and change.old_id is not None:
            sources[change.new_id][change.old_id] = None
    own = [c for c in leaf.step.changed if c.new_id is None or goes_on.get(c.new_id) in (None, c.old_id)]
    for change in own:
        name = change.new_id
        others = [n for n in sources.get(name or "", ()) if n in old_titles and n != goes_on.get(name or "")]
        is_new = name is not None and name not in goes_on
        split = tuple((n, old_titles[n]) for n in others if n in new_titles and is_new)
        merged = tuple((n, old_titles[n]) for n in others if n not in new_titles and n not in goes_on.values())
        into = _into(change.old_id, sources, new_titles) if name is None else ()
        kinds = _kinds(change, bool(split), bool(merged or into))
        yield Event(
            label, before, name, change.old_id, change.title, kinds, change.was, change.counts, split, merged, into
        )
    staying = set(goes_on.values())
    for name in old_titles:
        if name not in staying:
            into = _into(name, sources, new_titles)
            kinds = (Kind.MERGED, Kind.REMOVED) if into else (Kind.REMOVED,)
            yield Event(label, before, None, name, old_titles[name], kinds, merged_into=into)


def _into(
    name: str | None, sources: Mapping[str, Mapping[str, None]], titles: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """The sections that took up the one that had this id."""
    return tuple((new, titles[new]) for new, names in sources.items() if name in names)


def _kinds(change: SectionStep, is_split: bool, is_merged: bool) -> tuple[Kind, ...]:
    """What happened to a section, with what only its former ids tell."""
    told = [Kind.SPLIT] * is_split + [Kind.MERGED] * is_merged
    return tuple(dict.fromkeys([*told, *change.kinds]))
