"""Every wording of a section in one value, from which the redline between any two of its versions is put together.

A section is a row of passages (its heading, paragraphs, lists, tables). Between two versions, even distant ones, most
passages are the same and a changed one has few wordings, so that the redlines of passages, each made once, are enough:
no pair of versions, and not even a pair of wordings of the section, costs anything. Which passage became which is taken
from the redlines of each version to the next; the words are compared directly, oldest against newest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from gazette.policy.keeping import Kept
from gazette.redline import html
from gazette.site.leaves import Element

#: A state of a section, or a wording of a passage, that is not there.
ABSENT = -1

#: How many characters may be compared for the redlines of one passage. Beyond them (a date that changes each time, in
#: a hundred versions) only neighbours and the newest are compared word by word, other pairs passage against passage.
COMPARED_CHARACTERS = 1_000_000
NEWEST = 3

#: How many characters of redlines are kept in memory.
KEPT_CHARACTERS = 1_000_000

#: Passages that share this much are one that was reworded, where the redline does not say so.
ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Run:
    """From the version at the place `start` on, the section has the id `id` and reads as `state` has it."""

    start: int
    state: int
    id: str
    title: str


@dataclass(frozen=True)
class Weave:
    """`passages` gives the wordings of each passage as HTML, in an order that every version keeps; `states` each way in
    which the section as a whole has read, as (passage, wording); `runs` when it did."""

    passages: tuple[tuple[str, ...], ...]
    states: tuple[tuple[tuple[int, int], ...], ...]
    runs: tuple[Run, ...]

    def run(self, place: int) -> Run:
        """What holds in the version at `place`."""
        return next((run for run in reversed(self.runs) if run.start <= place), Run(0, ABSENT, "", ""))

    def between(self, old: int, new: int) -> Iterator[tuple[int, int, int]]:
        """The passages of two states in reading order: (passage, its wording in the old one, in the new one)."""
        was = dict(self.states[old]) if old != ABSENT else {}
        now = dict(self.states[new]) if new != ABSENT else {}
        for passage in sorted(was.keys() | now.keys()):
            yield passage, was.get(passage, ABSENT), now.get(passage, ABSENT)

    def pairs(self, passage: int) -> Collection[tuple[int, int]]:
        """Every two wordings of a passage of which some version has the one and a later version the other."""
        return self._pairs[passage]

    @cached_property
    def _pairs(self) -> tuple[Mapping[tuple[int, int], None], ...]:
        held: list[list[int]] = [[ABSENT] * bool(self.runs and self.runs[0].start) for _ in self.passages]
        wordings = [dict(state) for state in self.states]
        for run in self.runs:
            shown = wordings[run.state] if run.state != ABSENT else {}
            for passage, row in enumerate(held):
                row.append(shown.get(passage, ABSENT))
        return tuple(dict.fromkeys(self._compared(passage, row)) for passage, row in enumerate(held))

    def _compared(self, passage: int, held: Sequence[int]) -> Iterable[tuple[int, int]]:
        """The pairs of a passage that read as `held` has it, one version after the other."""
        first = {wording: place for place, wording in reversed(list(enumerate(held)))}
        last = {wording: place for place, wording in enumerate(held)}
        pairs = [(a, b) for a in first for b in last if a != b and first[a] < last[b]]
        size = [len(wording) for wording in self.passages[passage]]
        if sum(size[a] + size[b] for a, b in pairs if ABSENT not in (a, b)) <= COMPARED_CHARACTERS:
            return pairs
        neighbours = set(pairwise(held))
        newest = set(sorted(last, key=lambda wording: -last[wording])[:NEWEST])
        near = [pair for pair in pairs if pair in neighbours or pair[1] in newest or ABSENT in pair]
        return [*near, *(pair for n in range(len(size)) for pair in ((ABSENT, n), (n, ABSENT)))]

    def marked(self, passage: int, old: int, new: int, redline: Callable[[str, str], str] | None = None) -> str:
        """One passage as it changed from a wording to another, in the vocabulary of redlines; `redline` may know it."""
        wordings = self.passages[passage]
        if old == new:
            return wordings[new]
        was, now = (wordings[n] if n != ABSENT else "" for n in (old, new))
        return (redline or passage_redline)(was, now)


def passage_redline(was: str, now: str) -> str:
    """The redline of two wordings of a passage, each as HTML, empty where it is not there."""
    from gazette.redline import compare, prepare_html  # which take a while to load, and mostly nothing is to compare

    return _REDLINES.get((was, now), lambda: html(compare(prepare_html(was), prepare_html(now))))


#: A section's page shows some of the redlines that lie beside it.
_REDLINES: Kept[str] = Kept(KEPT_CHARACTERS, len)


@dataclass
class _Line:
    """A passage while its weave is made."""

    wordings: dict[str, int] = field(default_factory=dict)

    def wording(self, markup: str) -> int:
        return self.wordings.setdefault(markup, len(self.wordings))


class Loom:
    """Makes the weave of one section. Versions are put in one by one, in order."""

    def __init__(self) -> None:
        self._lines: list[_Line] = []
        self._states: dict[tuple[tuple[int, int], ...], int] = {}  # by (identity of the line, wording)
        self._runs: list[Run] = []

    def leave(self, place: int) -> None:
        """The version at `place` has not the section."""
        if self._runs and self._runs[-1].state != ABSENT:
            self._runs.append(Run(place, ABSENT, "", ""))

    def keep(self, place: int, state: int, section_id: str, title: str) -> None:
        """In the version at `place` the section reads as in a state that it had."""
        run = Run(place, state, section_id, title)
        if not self._runs or (self._runs[-1].state, self._runs[-1].id) != (state, section_id):
            self._runs.append(run)

    def put(
        self,
        place: int,
        section_id: str,
        title: str,
        elements: Sequence[Element],
        ancestors: Sequence[Counter[int]],
        before: int = ABSENT,
    ) -> tuple[int, tuple[int, ...]]:
        """The section as the version at `place` has it. `ancestors` counts, for each element, the lines that its blocks
        come from; `before` is the state of the version that this one was made from. Gives the state's number, and the
        line of each element."""
        lines = self._lines_of(elements, ancestors, before)
        state = tuple((id(line), line.wording(e.markup)) for line, e in zip(lines, elements, strict=True))
        number = self._states.setdefault(state, len(self._states))
        self.keep(place, number, section_id, title)
        return number, tuple(map(id, lines))

    def weave(self) -> Weave:
        places = {id(line): n for n, line in enumerate(self._lines)}
        states = tuple(tuple((places[line], wording) for line, wording in state) for state in self._states)
        return Weave(tuple(tuple(line.wordings) for line in self._lines), states, tuple(self._runs))

    def _lines_of(self, elements: Sequence[Element], ancestors: Sequence[Counter[int]], before: int) -> list[_Line]:
        places = {id(line): n for n, line in enumerate(self._lines)}
        chosen = self._chosen(elements, ancestors, places, self._alike(elements, before, places))
        lines: list[_Line] = []
        after = -1  # the place of the last line, in the lines as they are now
        inserted = 0
        for n, element in enumerate(elements):
            if n in chosen:
                after = chosen[n] + inserted
            else:
                bound = next(
                    (chosen[m] + inserted for m in range(n + 1, len(elements)) if m in chosen), len(self._lines)
                )
                known = next((p for p in range(after + 1, bound) if element.markup in self._lines[p].wordings), None)
                if known is None:
                    known = after + 1
                    self._lines.insert(known, _Line())
                    inserted += 1
                after = known
            lines.append(self._lines[after])
        return lines

    def _alike(
        self, elements: Sequence[Element], before: int, places: Mapping[int, int]
    ) -> Iterator[tuple[float, int, int]]:
        """Offers of what reads alike, for where the redline found a passage elsewhere or nowhere. They weigh less."""
        was = list(self._states)[before] if before != ABSENT else ()
        now = {element.markup for element in elements}
        left = [(line, text) for line, n in was if (text := list(self._lines[places[line]].wordings)[n]) not in now]
        kept = {list(self._lines[places[line]].wordings)[n] for line, n in was}
        for n, element in enumerate(elements):
            for line, text in left if element.markup not in kept else ():
                if likeness := _alikeness(text, element.markup):
                    yield -likeness / 2, n, places[line]

    def _chosen(
        self,
        elements: Sequence[Element],
        ancestors: Sequence[Counter[int]],
        places: Mapping[int, int],
        alike: Iterable[tuple[float, int, int]],
    ) -> dict[int, int]:
        """For each element that goes on a line, the line's place: each line once, and in the lines' order."""
        offers: list[tuple[float, int, int]] = [
            (-count, n, places[line])
            for n, lines in enumerate(ancestors)
            for line, count in lines.items()
            if line in places
        ]
        offers += alike
        taken: dict[int, int] = {}
        used: set[int] = set()
        for _, n, place in sorted(offers):
            if n not in taken and place not in used:
                taken[n] = place
                used.add(place)
        return _increasing(taken)


def _alikeness(one: str, other: str) -> float:
    """Of two passages, from 0 to 1; a section's title is its title."""
    if one.startswith("<h2") or other.startswith("<h2"):
        return float(one[:3] == other[:3])
    from rapidfuzz.distance import Indel

    return float(Indel.normalized_similarity(one, other, score_cutoff=ALIKE))


def _increasing(pairs: Mapping[int, int]) -> dict[int, int]:
    """The longest part of a mapping in which both sides increase."""
    best: list[tuple[int, int, int]] = []  # (length, key, index of the one before)
    keys = sorted(pairs)
    for n, key in enumerate(keys):
        before = max(((best[m][0], m) for m in range(n) if pairs[keys[m]] < pairs[key]), default=(0, -1))
        best.append((before[0] + 1, key, before[1]))
    at = max(range(len(best)), key=lambda n: best[n][0], default=-1)
    found: dict[int, int] = {}
    while at >= 0:
        found[best[at][1]] = pairs[best[at][1]]
        at = best[at][2]
    return found
