"""Which notices are due, from the records, a day, and what the ledger has already made. Nothing here sends.

An announcement of a material version; a reminder some time before it takes effect; the news that it was rescheduled or
withdrawn. Never for `minor` or `editorial` changes, never for imported history or for versions older than the ledger,
unless a person includes them by label. What nobody was told of needs no correction: a version withdrawn before its
announcement went out is passed over in silence.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gazette.errors import ContentError, Problem
from gazette.notice.model import Kind, MadeNotice, Notice
from gazette.policy import timeline
from gazette.policy.model import Change, Policy, Version

LEAD = re.compile(r"(\d{1,4})\s*(day|week|month)s?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """What the ledger knows: since when it exists, and the notices it made."""

    first_day: date
    made: tuple[MadeNotice, ...] = ()

    def about(self, policy: str, label: str) -> tuple[MadeNotice, ...]:
        """The notices of a version, in the order in which they were made."""
        found = (m for m in self.made if m.notice.policy == policy and m.notice.label == label)
        return tuple(sorted(found, key=lambda m: m.made_at))


def due(policy: Policy, day: date, told: Told, including: Collection[str] = ()) -> tuple[Notice, ...]:
    """The notices of `policy` to be made on `day`, oldest version first.

    `including` are labels to be announced although they are imported or older than the ledger.
    """
    found: list[Notice] = []
    for version in timeline.visible(policy.versions, day):
        if version.change is not Change.MATERIAL:
            continue
        made = told.about(policy.id, version.label)
        if made or is_ours(version, told.first_day) or version.label in including:
            found.extend(_due_of(policy, version, day, made))
    return tuple(found)


def passed_over(policy: Policy, day: date, told: Told, including: Collection[str] = ()) -> tuple[str, ...]:
    """Labels of announced versions that would be told, were they not imported or older than the ledger."""
    return tuple(
        version.label
        for version in timeline.announced(policy.versions, day)
        if version.change is Change.MATERIAL
        and not is_ours(version, told.first_day)
        and version.label not in including
        and not told.about(policy.id, version.label)
    )


def is_ours(version: Version, first_day: date) -> bool:
    """Whether the version was published in the ledger's time and not brought in from elsewhere."""
    return version.published >= first_day and not version.imported


def _due_of(policy: Policy, version: Version, day: date, made: Sequence[MadeNotice]) -> Iterator[Notice]:
    """What is due about one visible material version; `made` are its notices so far."""
    effective = timeline.effective(version, day)
    cancelled = timeline.cancelled(version, policy.versions, day)
    if not made:
        if cancelled is None:
            yield Notice(policy.id, version.label, Kind.ANNOUNCEMENT, version.published, effective)
        return
    if cancelled is timeline.State.WITHDRAWN and version.withdrawn is not None:
        if all(m.notice.kind is not Kind.WITHDRAWN for m in made):
            yield Notice(policy.id, version.label, Kind.WITHDRAWN, version.withdrawn.on, effective)
        return
    if cancelled is not None:  # replaced: its successor's announcement tells
        return
    if made[-1].notice.effective != effective:
        moved = [entry.on for entry in version.rescheduled if entry.on <= day]
        occasion = f"{moved[-1]:%Y-%m-%d}:{effective:%Y-%m-%d}" if moved else f"{effective:%Y-%m-%d}"
        if all(m.notice.occasion != occasion for m in made):
            yield Notice(policy.id, version.label, Kind.RESCHEDULED, moved[-1] if moved else day, effective, occasion)
        return
    yield from _reminder(policy, version, day, effective, made)


def _reminder(
    policy: Policy, version: Version, day: date, effective: date, made: Sequence[MadeNotice]
) -> Iterator[Notice]:
    """The newest reminder whose time has come, unless people heard of the version since then."""
    if day >= effective:
        return
    leads = [(before(lead, effective, policy), lead) for lead in policy.notice.reminders]
    ripe = [(on, lead) for on, lead in sorted(leads) if on <= day]
    if ripe and ripe[-1][0] > made[-1].made_on:
        on, lead = ripe[-1]
        yield Notice(policy.id, version.label, Kind.REMINDER, on, effective, f"{effective:%Y-%m-%d}:{lead}")


def before(lead: str, effective: date, policy: Policy) -> date:
    """The day that lies `lead` (`7 days`, `2 weeks`, `1 month`) before `effective`; month ends are kept to."""
    match = LEAD.fullmatch(lead.strip())
    if match is None:
        path = (policy.folder / "policy.yml").as_posix()
        what = f"the reminder '{lead}' is no time"
        raise ContentError([Problem(path, 0, what, "write it as '7 days', '2 weeks' or '1 month'")])
    number, unit = int(match[1]), match[2].lower()
    if unit != "month":
        return effective - timedelta(days=number * (7 if unit == "week" else 1))
    year, month = divmod(effective.year * 12 + effective.month - 1 - number, 12)
    return date(year, month + 1, min(effective.day, calendar.monthrange(year, month + 1)[1]))
