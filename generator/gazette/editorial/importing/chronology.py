"""The order, the dates and the labels of versions that were published before Gazette knew of them.

A file's date is the one given on the command line, else in its front matter, else in its name, else in its text; a
commit's is the author's. Files are ordered by date, then by name as people count (2 before 10); commits stay in their
order, and one whose date goes back gets the date of the one before it. The second version of a day is `DATE.2`.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gazette.editorial.importing.dates import date_in_name
from gazette.editorial.importing.document import Document, warning
from gazette.errors import Problem


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a history, not yet read. `path` is as the user would type it, `name` what a date may stand in.

    `published` is the date given on the command line; `committed` that of the commit, where there is one.
    """

    path: str
    name: str
    data: bytes
    published: date | None = None
    committed: date | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """A document with the day on which it was published."""

    source: Source
    document: Document
    published: date
    sequence: int = 1

    @property
    def label(self) -> str:
        day = self.published.isoformat()
        return day if self.sequence == 1 else f"{day}.{self.sequence}"


def day_of(source: Source, document: Document) -> date | None:
    """The day on which a source was published, as far as it can be known without its text."""
    return source.published or document.published or source.committed or date_in_name(source.name)


def in_order(entries: Sequence[tuple[Source, Document, date]]) -> tuple[tuple[Dated, ...], tuple[Problem, ...]]:
    """The documents oldest first, with their sequence on each day, and what was odd about their dates."""
    committed = any(source.committed for source, _, _ in entries)
    dated, warnings = _commits(entries) if committed else _files(entries)
    count: Counter[date] = Counter()
    numbered = []
    for entry in dated:
        count[entry.published] += 1
        numbered.append(Dated(entry.source, entry.document, entry.published, count[entry.published]))
    doubled = sum(number - 1 for number in count.values())
    if doubled:
        first = next(entry for entry in numbered if entry.sequence > 1)
        were = "1 version was" if doubled == 1 else f"{doubled} versions were"
        what = f"{were} published on a day that already had one; the label says which of the day it is ({first.label})"
        warnings.append(warning(first.source.path, 0, what))
    return tuple(numbered), tuple(warnings)


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """A key that sorts names as people count: `9_a` before `10_a`."""
    return tuple((0, int(part)) if part.isdigit() else (1, part.lower()) for part in re.split(r"(\d+)", name) if part)


def _files(entries: Sequence[tuple[Source, Document, date]]) -> tuple[list[Dated], list[Problem]]:
    by_name = sorted(entries, key=lambda entry: natural(entry[0].name))
    warnings = []
    if all(re.match(r"\d+[_.\s-]", source.name) for source, _, _ in by_name):
        for (before, _, earlier), (source, _, day) in itertools.pairwise(by_name):
            if day < earlier:
                what = f"is dated {day}, before {before.name} ({earlier}), which stands before it"
                warnings.append(warning(source.path, 0, what, "it was put in the order of the dates"))
    ordered = sorted(by_name, key=lambda entry: entry[2])
    return [Dated(source, document, day) for source, document, day in ordered], warnings


def _commits(entries: Sequence[tuple[Source, Document, date]]) -> tuple[list[Dated], list[Problem]]:
    dated: list[Dated] = []
    warnings = []
    for source, document, day in entries:
        if dated and day < dated[-1].published:
            what = f"is dated {day}, before the commit that it follows"
            remedy = f"it was given that one's date, {dated[-1].published}"
            warnings.append(warning(source.path, 0, what, remedy))
            day = dated[-1].published
        dated.append(Dated(source, document, day))
    return dated, warnings
