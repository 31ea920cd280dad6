"""`gazette status`: where each policy stands on a day. Takes settings, gives values; prints nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gazette.editorial.drafts import measured_against
from gazette.errors import ContentError, Problem, Severity
from gazette.policy import timeline, verification
from gazette.policy.canonical import digest
from gazette.policy.model import Policy, Text, Version
from gazette.policy.pins import Pins
from gazette.policy.reading import read_policies, shown
from gazette.policy.settings import Settings
from gazette.redline import compare


@dataclass(frozen=True, slots=True)
class Draft:
    """A working text that differs from the version that will apply last, and the size of the redline between them.

    `against` is that version's label, empty where nothing was published yet. `sections` are those that changed;
    the summary is empty where the version's own text cannot be had.
    """

    against: str
    sections: int = 0
    words_added: int = 0
    words_removed: int = 0
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A version as status shows it; `effective` is the date as known on the day."""

    version: Version
    effective: date


@dataclass(frozen=True, slots=True)
class Status:
    """One policy on a day. `embargoed` versions are recorded with a later day of publication."""

    policy: Policy
    in_force: Standing | None
    announced: tuple[Standing, ...]
    embargoed: tuple[Standing, ...]
    draft: Draft | None
    problems: tuple[Problem, ...]

    @property
    def has_errors(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def read_status(settings: Settings) -> tuple[tuple[Status, ...], tuple[Problem, ...]]:
    """The status of every policy, and the problems that belong to none of them."""
    policies, problems = read_policies(settings)
    left = list(problems)
    statuses = []
    with_pins = Pins.find(settings.content, policies)
    for policy in policies:
        own = f"{shown(policy.folder, settings.root)}/"
        mine = [problem for problem in left if f"{problem.path}/".startswith(own)]
        left = [problem for problem in left if problem not in mine]
        mine.extend(verification.verify(with_pins, [policy]))
        statuses.append(_status(policy, with_pins, settings.day, mine))
    return tuple(statuses), tuple(left)


def _status(policy: Policy, pins: Pins, day: date, problems: Iterable[Problem]) -> Status:
    force = timeline.in_force(policy.versions, day)
    later = [version for version in timeline.publication_order(policy.versions) if version.published > day]
    return Status(
        policy=policy,
        in_force=_standing(force, day) if force else None,
        announced=tuple(_standing(version, day) for version in timeline.announced(policy.versions, day)),
        embargoed=tuple(_standing(version, version.published) for version in later),
        draft=_draft(policy, pins),
        problems=tuple(problems),
    )


def _standing(version: Version, day: date) -> Standing:
    return Standing(version, timeline.effective(version, day))


def _draft(policy: Policy, pins: Pins) -> Draft | None:
    """The draft, told by digest: line-ending filters change tree ids, not words."""
    if policy.text is None:
        return None
    newest = measured_against(policy)
    if newest is None:
        return _measured("", Text(()), policy.text)
    if newest.digest == digest(policy.text):
        return None
    try:
        return _measured(newest.label, pins.text(policy, newest), policy.text)
    except ContentError:
        # What is wrong with the pin is among the problems; that there is a draft is known without it.
        return Draft(newest.label)


def _measured(against: str, old: Text, new: Text) -> Draft:
    redline = compare(old, new)
    changed = [section for section in redline.sections if not section.is_kept and not section.away]
    return Draft(against, len(changed), redline.counts.added, redline.counts.removed, redline.summary)
