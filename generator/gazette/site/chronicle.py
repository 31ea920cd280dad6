"""All that the versions of a policy say of each other: steps, threads, weaves and ages, worked out once.

Takes a history and an archive that has its texts; gives a `Chronicle` of plain values. Each text is compared with its
predecessor once, and not again where the archive remembers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gazette.policy.keeping import key_of
from gazette.site.leaves import Element, Leaf
from gazette.site.model import History
from gazette.site.placing import placed
from gazette.site.provenance import Age, ages, lineage
from gazette.site.steps import NEW, Step
from gazette.site.threads import Thread, by_id, threads
from gazette.site.weave import ABSENT, Loom, Weave


class Leaves(Protocol):
    """What a chronicle asks of the archive."""

    def leaf(self, policy: str, old: str | None, new: str) -> Leaf: ...

    def beginnings(self, policy: str, label: str) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Lead:
    """An id that a section has or had, and the section that it leads to: its newest id, its title, the versions that
    did something to it, oldest first, and a key that names all that is known of it."""

    name: str
    id: str
    title: str
    labels: tuple[str, ...]
    key: str


@dataclass(frozen=True)
class Chronicle:
    """`order` is every label, oldest first; `steps` are by the newer label; `weaves` run in parallel to `threads`;
    `ages` are those of the text in force; `ids` the sections of each version in reading order."""

    order: tuple[str, ...]
    steps: Mapping[str, Step]
    threads: tuple[Thread, ...]
    weaves: tuple[Weave, ...]
    ages: tuple[Age, ...]
    ids: Mapping[str, tuple[str, ...]]

    def section(self, name: str) -> tuple[Thread, Weave]:
        """The section that an id leads to."""
        thread = by_id(self.threads)[name]
        return thread, self.weaves[self.threads.index(thread)]

    def leads(self) -> tuple[Lead, ...]:
        """Every id that a section ever had: each has a page."""
        weaves = {id(thread): weave for thread, weave in zip(self.threads, self.weaves, strict=True)}
        return tuple(
            Lead(
                name,
                thread.id,
                thread.title,
                tuple(event.label for event in thread.events),
                key_of(thread.id, thread.title, thread.ids, thread.events, weaves[id(thread)]),
            )
            for name, thread in by_id(self.threads).items()
        )


def chronicle(history: History, archive: Leaves) -> Chronicle:
    """The chronicle of a policy."""
    standings = tuple(reversed(history.standings))
    order = tuple(standing.label for standing in standings)
    predecessors = {s.label: s.predecessor.label if s.predecessor else None for s in standings}
    leaves = {label: archive.leaf(history.id, predecessors[label], label) for label in order}
    spun = threads(order, predecessors, leaves)
    steps = {label: leaves[label].step for label in order}
    shown: tuple[Age, ...] = ()
    if history.in_force is not None:
        label = history.in_force.label
        chain = lineage(history, label)
        shown = ages(chain, steps, leaves[label], archive.beginnings(history.id, label))
    return Chronicle(
        order=order,
        steps={label: step for label, step in steps.items() if predecessors[label] is not None},
        threads=spun,
        weaves=weaves(order, predecessors, leaves, spun),
        ages=shown,
        ids={label: tuple(section.id for section in leaves[label].sections) for label in order},
    )


def weaves(
    order: Sequence[str],
    predecessors: Mapping[str, str | None],
    leaves: Mapping[str, Leaf],
    spun: Sequence[Thread],
) -> tuple[Weave, ...]:
    """The weave of each thread."""
    weaving = _Weaving(leaves, spun)
    waiting = Counter(before for before in predecessors.values() if before is not None)
    for place, label in enumerate(order):
        before = predecessors[label]
        weaving.add(place, label, before)
        waiting.subtract([before] if before is not None else [])
        for done in (label, before):
            if done is not None and not waiting[done]:
                weaving.forget(done)
    return tuple(loom.weave() for loom in weaving.looms)


@dataclass(frozen=True)
class _Woven:
    """A version that is in: the line of each of its blocks, and the state of each section by its thread."""

    lines: Sequence[int]
    states: Mapping[int, int]


class _Weaving:
    """Puts versions, oldest first, into the looms of their sections."""

    def __init__(self, leaves: Mapping[str, Leaf], spun: Sequence[Thread]) -> None:
        self.looms = [Loom() for _ in spun]
        self._leaves = leaves
        self._threads: dict[str, dict[str, int]] = {label: {} for label in leaves}
        for n, thread in enumerate(spun):
            for label, name in thread.present.items():
                self._threads[label][name] = n
        self._woven: dict[str | None, _Woven] = {None: _Woven((), {})}
        self._images: dict[tuple[str, str], str] = {}

    def forget(self, label: str | None) -> None:
        """No version that is still to come was made from this one."""
        self._woven.pop(label, None)

    def add(self, place: int, label: str, predecessor: str | None) -> None:
        leaf, threads_here, was = self._leaves[label], self._threads[label], self._woven[predecessor]
        homes = _Images({path: self._images.setdefault((path, blob), label) for path, blob in leaf.assets})
        lines = [was.lines[n] if 0 <= n < len(was.lines) else NEW for n in leaf.step.ancestors]
        states: dict[int, int] = {}
        for n in set(range(len(self.looms))).difference(threads_here.values()):
            self.looms[n].leave(place)
        for section in leaf.sections:
            n = threads_here[section.id]
            if section.id not in leaf.elements and n in was.states:
                states[n] = was.states[n]
                self.looms[n].keep(place, states[n], section.id, section.title)
                continue
            elements = [Element(placed(e.markup, homes), e.blocks) for e in leaf.elements[section.id]]
            ancestors = [Counter(lines[block] for block in element.blocks) for element in elements]
            states[n], put = self.looms[n].put(
                place, section.id, section.title, elements, ancestors, was.states.get(n, ABSENT)
            )
            for element, line in zip(elements, put, strict=True):
                for block in element.blocks:
                    lines[block] = line
        self._woven[label] = _Woven(lines, states)


@dataclass(frozen=True)
class _Images:
    """Puts each image where the first version that had it shows it."""

    homes: Mapping[str, str]

    def before(self, address: str) -> str:
        home = self.homes.get(address)
        return f"versions/{home}/" if home is not None else ""
