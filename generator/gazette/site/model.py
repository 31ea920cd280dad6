"""What there is to show on one day: each policy with its versions as they stand, and nothing dated later.

Takes policies and a day; gives frozen values. Every page, feed and manifest is made from these, so that the embargo is
kept in one place. All versions of a policy are worked out together, in time proportional to their number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
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
    effective = {version.label: timeline.effective(version, day) for version in visible}
    states = _states(visible, effective, day)
    until = _ends(visible, effective, states)
    published = timeline.publication_order(visible)
    predecessors, successors = _relations(visible, effective, published)
    standings = {
        version.label: Standing(
            label=version.label,
            title=version.title,
            published=version.published,
            effective=effective[version.label],
            first_effective=version.effective,
            change=version.change,
            summary=version.summary,
            digest=version.digest,
            state=states[version.label],
            applied=_has_applied(states[version.label]) and until.get(version.label) != effective[version.label],
            until=until.get(version.label),
            rescheduled=timeline.reschedulings(version, day),
            withdrawn=version.withdrawn if states[version.label] is State.WITHDRAWN else None,
            approved_by=version.approved_by,
            not_material=version.not_material,
            comment_until=version.comment_until,
            predecessor=predecessors.get(version.label),
            successor=successors.get(version.label),
        )
        for version in visible
    }
    return History(
        id=policy.id,
        title=policy.title,
        language=policy.language,
        contact=policy.contact,
        standings=tuple(standings[version.label] for version in reversed(published)),
        in_force=next((s for s in standings.values() if s.state is State.IN_FORCE), None),
        announced=tuple(s for s in standings.values() if s.state is State.ANNOUNCED),
    )


def _states(visible: Sequence[Version], effective: Mapping[str, date], day: date) -> dict[str, State]:
    """Where each version stands; of those that have begun the last one is in force. `visible` are in order."""
    revised = _revised(visible)
    states = {version.label: _state(version, revised, effective[version.label], day) for version in visible}
    begun = [label for label, state in states.items() if state is State.SUPERSEDED]
    return states | {begun[-1]: State.IN_FORCE} if begun else states


def _state(version: Version, revised: Collection[str], effective: date, day: date) -> State:
    """Where a version stands, were there no others after it."""
    if version.withdrawn and version.withdrawn.on <= day:
        return State.WITHDRAWN
    if version.label in revised:
        return State.REPLACED
    return State.ANNOUNCED if effective > day else State.SUPERSEDED


def _revised(visible: Sequence[Version]) -> frozenset[str]:
    """Labels of versions that a revision replaced before they took effect (as `timeline.cancelled` has it)."""
    published = {version.label: version for version in visible}
    return frozenset(
        revision.replaces
        for revision in visible
        if revision.replaces in published
        and revision.published < timeline.effective(published[revision.replaces], revision.published)
    )


def _has_applied(state: State) -> bool:
    return state in (State.IN_FORCE, State.SUPERSEDED)


def _ends(visible: Sequence[Version], effective: Mapping[str, date], states: Mapping[str, State]) -> dict[str, date]:
    """The first day on which a version no longer applies: that of the next one that was not taken back."""
    standing = [v.label for v in visible if states[v.label] not in (State.WITHDRAWN, State.REPLACED)]
    return {label: effective[later] for label, later in pairwise(standing)}


def _relations(
    visible: Sequence[Version], effective: Mapping[str, date], published: Sequence[Version]
) -> tuple[dict[str, Reference], dict[str, Reference]]:
    """By label: the version that each one's redline starts from, and the first, in order, that was made from it."""
    references = {v.label: Reference(v.label, v.title, v.published, effective[v.label]) for v in visible}
    before = {label: one.label for label, one in timeline.predecessors_among(published).items() if one is not None}
    after: dict[str, Reference] = {}
    for version in visible:
        if (label := before.get(version.label)) is not None:
            after.setdefault(label, references[version.label])
    return {label: references[one] for label, one in before.items()}, after
