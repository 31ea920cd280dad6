"""What there is to show on one day: each policy with its versions as they stand, and nothing dated later.

Takes policies and a day; gives frozen values. Every page, feed and manifest is made from these, so that the embargo is
kept in one place. All versions of a policy are worked out together, in time proportional to their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from gazette.policy import timeline
from gazette.policy.model import Change, Policy, Rescheduling, Version, Withdrawal
from gazette.policy.timeline import State


@dataclass(frozen=True, slots=True)
class Reference:
    """Another version, as much as a page says of it."""

    label: str
    title: str
    published: date
    effective: date


@dataclass(frozen=True, slots=True)
class Standing:
    """A version as it stands on the day.

    `effective` is the date as known on the day; `until` the first day on which it no longer applied, or, as announced,
    will no longer apply; None where it applies for as long as is known, or never did. `applied` says whether it was in
    force for at least a day. `predecessor` is where its redline starts; `successor` the next version made from it.
    """

    label: str
    title: str
    published: date
    effective: date
    first_effective: date
    change: Change
    summary: str
    digest: str
    state: State
    applied: bool = False
    until: date | None = None
    rescheduled: tuple[Rescheduling, ...] = ()
    withdrawn: Withdrawal | None = None
    approved_by: tuple[str, ...] = ()
    not_material: str = ""
    comment_until: date | None = None
    predecessor: Reference | None = None
    successor: Reference | None = None

    @property
    def reference(self) -> Reference:
        return Reference(self.label, self.title, self.published, self.effective)

    @property
    def last_day(self) -> date | None:
        """The last day on which it applied, or will apply."""
        return self.until - timedelta(days=1) if self.until else None

    @property
    def updated(self) -> date:
        """The day of the last entry about this version."""
        entries = [self.published, *(entry.on for entry in self.rescheduled)]
        return max([*entries, self.withdrawn.on] if self.withdrawn else entries)


@dataclass(frozen=True, slots=True)
class History:
    """A policy on the day: its versions as published, newest first, and which of them apply."""

    id: str
    title: str
    language: str
    contact: str
    standings: tuple[Standing, ...]
    in_force: Standing | None
    announced: tuple[Standing, ...]

    @property
    def newest(self) -> Standing | None:
        return self.standings[0] if self.standings else None

    @property
    def updated(self) -> date | None:
        """The day of the last entry: published, rescheduled, withdrawn, or come into force."""
        days = [standing.updated for standing in self.standings]
        return max([*days, self.in_force.effective] if self.in_force else days, default=None)

    @property
    def reaccept_since(self) -> date | None:
        """Whoever agreed before this day agreed to a text that has been changed materially since."""
        days = [standing.effective for standing in self.standings if standing.applied and self._is_material(standing)]
        return max(days, default=None)

    def _is_material(self, standing: Standing) -> bool:
        """Whether what applied before was changed materially: by the version, or by one that it revised before that
        applied."""
        seen: set[str] = set()
        current: Standing | None = standing
        while current is not None and current.label not in seen:
            if current.change in (Change.INITIAL, Change.MATERIAL):
                return True
            seen.add(current.label)
            before = self.standing(current.predecessor.label) if current.predecessor else None
            current = before if before is not None and before.state is State.REPLACED else None
        return False

    def standing(self, label: str) -> Standing | None:
        return next((standing for standing in self.standings if standing.label == label), None)


@dataclass(frozen=True, slots=True)
class Site:
    """All that is published on `day`."""

    name: str
    url: str
    language: str
    day: date
    histories: tuple[History, ...]

    @property
    def updated(self) -> date:
        """The day of the last entry of any policy; the day of the build where there is none."""
        return max((history.updated for history in self.histories if history.updated), default=self.day)


def site_on(policies: Iterable[Policy], day: date, name: str = "", url: str = "", language: str = "en") -> Site:
    """The site of `policies` on `day`."""
    return Site(name, url, language, day, tuple(history_on(policy, day) for policy in policies))


@lru_cache(maxsize=512)  # the builds of one `mkdocs serve` share what did not change
def history_on(policy: Policy, day: date) -> History:
    """`policy` with every version that may be shown on `day`."""
    visible = timeline.visible(policy.versions, day)
    revised = _revised(visible)
    standings = _with_terms([_standing(version, revised, day) for version in visible], day)
    standings = _with_relations(standings, visible)
    published = [v.label for v in reversed(timeline.publication_order(visible))]
    by_label = {standing.label: standing for standing in standings}
    return History(
        id=policy.id,
        title=policy.title,
        language=policy.language,
        contact=policy.contact,
        standings=tuple(by_label[label] for label in published),
        in_force=next((s for s in standings if s.state is State.IN_FORCE), None),
        announced=tuple(s for s in standings if s.state is State.ANNOUNCED),
    )


def _revised(visible: Sequence[Version]) -> frozenset[str]:
    """Labels of versions that a revision replaced before they took effect (as `timeline.cancelled` has it)."""
    published = {version.label: version for version in visible}
    return frozenset(
        revision.replaces
        for revision in visible
        if revision.replaces in published
        and revision.published < timeline.effective(published[revision.replaces], revision.published)
    )


def _standing(version: Version, revised: frozenset[str], day: date) -> Standing:
    effective = timeline.effective(version, day)
    withdrawn = version.withdrawn if version.withdrawn and version.withdrawn.on <= day else None
    state = State.ANNOUNCED if effective > day else State.SUPERSEDED
    if withdrawn:
        state = State.WITHDRAWN
    elif version.label in revised:
        state = State.REPLACED
    return Standing(
        label=version.label,
        title=version.title,
        published=version.published,
        effective=effective,
        first_effective=version.effective,
        change=version.change,
        summary=version.summary,
        digest=version.digest,
        state=state,
        rescheduled=tuple(sorted((e for e in version.rescheduled if e.on <= day), key=lambda entry: entry.on)),
        withdrawn=withdrawn,
        approved_by=version.approved_by,
        not_material=version.not_material,
        comment_until=version.comment_until,
    )


def _with_terms(standings: Sequence[Standing], day: date) -> list[Standing]:
    """From when until when each version applied; the last one that has begun is in force. `standings` are in order."""
    valid = [s for s in standings if s.state in (State.SUPERSEDED, State.ANNOUNCED)]
    ends: dict[str, date | None] = {s.label: None for s in valid}
    ends |= {s.label: later.effective for s, later in pairwise(valid)}
    begun = [s.label for s in valid if s.state is State.SUPERSEDED]
    current = begun[-1] if begun else None
    return [
        replace(
            s,
            state=State.IN_FORCE if s.label == current else s.state,
            until=ends[s.label],
            applied=s.effective <= day and ends[s.label] != s.effective,
        )
        if s.label in ends
        else s
        for s in standings
    ]


def _with_relations(standings: Sequence[Standing], visible: Sequence[Version]) -> list[Standing]:
    """Each version with the one that its redline starts from, and the first, in order, that was made from it."""
    references = {standing.label: standing.reference for standing in standings}
    before = {label: found.label for label, found in timeline.predecessors(visible).items() if found is not None}
    after: dict[str, Reference] = {}
    for standing in standings:
        if (label := before.get(standing.label)) is not None:
            after.setdefault(label, standing.reference)
    return [
        replace(s, predecessor=references.get(before.get(s.label, "")), successor=after.get(s.label)) for s in standings
    ]
