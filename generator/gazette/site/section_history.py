"""A section through time, as its page shows it: what each version did to it, newest first.

Takes a thread and its weave; gives entries with the redline from each wording to the next in parts, unchanged passages
apart, so that a page can fold them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from gazette.site.chronicle import Chronicle
from gazette.site.threads import Event, Thread
from gazette.site.weave import ABSENT, Weave


@dataclass(frozen=True, slots=True)
class Part:
    """Passages in a row that changed, or that did not. Addresses are as in the texts."""

    is_changed: bool
    passages: int
    html: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What one version did. `parts` are empty where it only moved the section; `is_first` says that there is nothing to
    compare with, so that the parts are the whole text."""

    event: Event
    parts: tuple[Part, ...]
    is_first: bool


def entries(
    found: Chronicle, thread: Thread, weave: Weave, redline: Callable[[str, str], str] | None = None
) -> tuple[Entry, ...]:
    """What happened to a section, newest first."""
    places = {label: place for place, label in enumerate(found.order)}
    made = []
    for event in reversed(thread.events):
        new = weave.run(places[event.label]).state
        old = weave.run(places[event.predecessor]).state if event.predecessor is not None else ABSENT
        made.append(Entry(event, tuple(_parts(weave, old, new, redline)), old == ABSENT))
    return tuple(made)


def _parts(weave: Weave, old: int, new: int, redline: Callable[[str, str], str] | None) -> list[Part]:
    shown: list[tuple[bool, str]] = []
    for passage, was, now in weave.between(old, new):
        if old == ABSENT:
            markup = weave.passages[passage][now]
        elif (was, now) in weave.pairs(passage) or was == now:
            markup = weave.marked(passage, was, now, redline)
        else:
            markup = weave.marked(passage, was, ABSENT, redline) + weave.marked(passage, ABSENT, now, redline)
        if was != now or not markup.startswith("<h2"):
            shown.append((was != now, markup))
    parts = []
    for is_changed, members in groupby(shown, key=lambda one: one[0]):
        group = [markup for _, markup in members]
        parts.append(Part(is_changed, len(group), "\n".join(group)))
    return parts
