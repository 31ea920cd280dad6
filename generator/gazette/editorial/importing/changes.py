"""What changed from one imported version to the next: the kind of change and a summary that claims no more than that.

Nobody reviewed these versions for the import, so the summary only lists sections, and the kind follows from amounts:
no word changed is `editorial`; a section that came or went, or more than a tenth of the words, is `material`; the rest
is `minor`. Imported versions are never announced, so the kind moves nobody; an editor may correct both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Indel

from gazette.editorial.importing.phrases import Phrases
from gazette.editorial.importing.titles import WORD, plain
from gazette.policy.model import Change, Section, Text

MATERIAL_SHARE = 0.1
NAMED = 8


@dataclass(frozen=True, slots=True)
class Difference:
    """What came, went and changed between two texts; `changed` holds words inserted and deleted per section."""

    added: tuple[Section, ...]
    removed: tuple[Section, ...]
    renamed: tuple[tuple[Section, Section], ...]
    moved: tuple[Section, ...]
    changed: tuple[tuple[Section, int], ...]
    share: float
    same: bool

    @property
    def kind(self) -> Change:
        if self.added or self.removed or self.share > MATERIAL_SHARE:
            return Change.MATERIAL
        return Change.MINOR if self.changed or self.renamed else Change.EDITORIAL


def difference(old: Text, new: Text) -> Difference:
    """Compare two texts section by section."""
    before = {section.id: section for section in old.sections}
    after = {section.id: section for section in new.sections}
    former = {i: before[i] for section in new.sections for i in section.formerly if i in before and i not in after}
    earlier = {section.id: _earlier(section, before, former) for section in new.sections}
    continued = {section.id for section in earlier.values() if section is not None}
    pairs = [(was, section) for section in new.sections if (was := earlier[section.id]) is not None]
    changed = [(section, _distance(was.body, section.body)) for was, section in pairs]
    total = sum(len(_words(section.body)) for section in (*old.sections, *new.sections))
    return Difference(
        added=tuple(section for section in new.sections if earlier[section.id] is None),
        removed=tuple(s for s in old.sections if s.id not in after and s.id not in continued and s.id not in former),
        renamed=tuple((was, section) for was, section in pairs if plain(was.title) != plain(section.title)),
        moved=_moved([was.id for was, _ in pairs], [s.id for s in old.sections if s.id in continued], new, earlier),
        changed=tuple((section, count) for section, count in changed if count),
        share=sum(count for _, count in changed) / max(1, total),
        same=old.sections == new.sections,
    )


def summary(found: Difference, phrases: Phrases) -> str:
    """The summary of a version, in Markdown."""
    if found.same:
        return phrases.nothing
    renamed = [phrases.to.format(_name(was), _name(now)) for was, now in found.renamed]
    changed = [f"{_name(section)} ({_counted(count, phrases)})" for section, count in found.changed]
    sentences = [
        pattern.format(_listed(names, phrases))
        for pattern, names in (
            (phrases.added, [_name(section) for section in found.added]),
            (phrases.removed, [_name(section) for section in found.removed]),
            (phrases.renamed, renamed),
            (phrases.moved, [_name(section) for section in found.moved]),
            (phrases.changed, changed),
        )
        if names
    ]
    return " ".join(sentences) or phrases.markup


def _earlier(section: Section, before: dict[str, Section], former: dict[str, Section]) -> Section | None:
    if section.id in before:
        return before[section.id]
    return next((former[i] for i in section.formerly if i in former), None)


def _moved(
    order: list[str], old_order: list[str], new: Text, earlier: dict[str, Section | None]
) -> tuple[Section, ...]:
    """The sections outside the longest run that kept its order."""
    places = {section_id: place for place, section_id in enumerate(old_order)}
    kept = _longest_increasing([places[i] for i in order])
    standing = {order[n] for n in kept}
    return tuple(s for s in new.sections if (was := earlier[s.id]) is not None and was.id not in standing)


def _longest_increasing(values: Sequence[int]) -> list[int]:
    """The places of a longest increasing run."""
    best: list[list[int]] = []
    for place, value in enumerate(values):
        runs = [run for run in best if values[run[-1]] < value]
        best.append([*max(runs, key=len, default=[]), place])
    return max(best, key=len, default=[])


def _listed(names: Sequence[str], phrases: Phrases) -> str:
    shown = list(names[:NAMED])
    if len(names) > NAMED:
        shown.append(phrases.more.format(len(names) - NAMED))
    return ", ".join(shown)


def _counted(count: int, phrases: Phrases) -> str:
    return phrases.words.format(count) if count != 1 else phrases.word


def _name(section: Section) -> str:
    """A section's title as emphasis, safe in Markdown."""
    words = re.sub(r"([\\`*_{}\[\]<>])", r"\\\1", plain(section.title)).replace("\\<", "&lt;")
    return f"*{words}*"


def _distance(old: str, new: str) -> int:
    """Words inserted and deleted; markup and link targets are no words."""
    if old == new:
        return 0
    numbers: dict[str, int] = {}
    a, b = ([numbers.setdefault(word, len(numbers) + 1) for word in _words(body)] for body in (old, new))
    return int(Indel.distance(a, b))


@lru_cache(maxsize=4_000)
def _words(body: str) -> tuple[str, ...]:
    return tuple(WORD.findall(plain(body)))
