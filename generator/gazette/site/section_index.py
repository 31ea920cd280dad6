"""The sections that a policy has and had, for the page that lists them.

Takes a history and its chronicle; gives each section once, with how often it was worded anew and when. What makes a
wording another one, `steps` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gazette.site.chronicle import Chronicle
from gazette.site.model import History, Standing
from gazette.site.steps import REWORDING
from gazette.site.threads import Thread


@dataclass(frozen=True, slots=True)
class ListedSection:
    """A section, by the title that it has there: how many `wordings` it has had, and the versions that brought the
    `first` and the `last`. `gone` is the version that took it away, where none brought it back."""

    id: str
    title: str
    wordings: int
    first: Standing
    last: Standing
    gone: Standing | None


@dataclass(frozen=True, slots=True)
class Groups:
    """Sections of the text in force in reading order; those that only an announced version has; those that are past,
    the last to go first."""

    in_force: tuple[ListedSection, ...]
    announced: tuple[ListedSection, ...]
    past: tuple[ListedSection, ...]


def listed(history: History, found: Chronicle) -> Groups:
    """Every section that ever was, once."""
    standings = {standing.label: standing for standing in history.standings}
    weaves = {id(thread): weave for thread, weave in zip(found.threads, found.weaves, strict=True)}
    left = list(found.threads)

    def taken(label: str) -> tuple[ListedSection, ...]:
        place = found.order.index(label)
        here = {thread.present[label]: thread for thread in left if label in thread.present}
        left[:] = [thread for thread in left if label not in thread.present]
        sections = [here[name] for name in found.ids[label] if name in here]
        return tuple(_listed(thread, weaves[id(thread)].run(place).title, standings) for thread in sections)

    in_force = taken(history.in_force.label) if history.in_force else ()
    announced = tuple(section for standing in history.announced for section in taken(standing.label))
    last = {id(thread): max(map(found.order.index, thread.present)) for thread in left}
    past = sorted(left, key=lambda thread: -last[id(thread)])
    return Groups(in_force, announced, tuple(_listed(thread, thread.title, standings) for thread in past))


def _listed(thread: Thread, title: str, standings: Mapping[str, Standing]) -> ListedSection:
    worded = [event for event in thread.events if event.id is not None and REWORDING.intersection(event.kinds)]
    worded = worded or list(thread.events[:1])
    first, last = (standings[event.label] for event in (worded[0], worded[-1]))
    ended = thread.events[-1]
    gone = standings[ended.label] if ended.id is None else None
    return ListedSection(thread.id, title, len(worded), first, last, gone)
