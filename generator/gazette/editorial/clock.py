"""The notice clock: from which day a version may take effect, and which rule says so.

Takes a policy's `notice:` settings, the kind of change and the day of publication; gives the requirements with their
earliest days. The longest applies. Pure: no file is read here, and the day is passed in.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gazette.editorial.duration import Duration, parse_duration
from gazette.editorial.rules import BY_ID
from gazette.policy.model import Change, NoticeSettings, Policy, Version
from gazette.policy.timeline import effective, newest, visible

OWN_PROMISE = "notice.material"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One rule applied to one publication. `binding` is False where the row of the table has expired."""

    rule: str
    source: str
    lead: Duration
    earliest: date
    binding: bool = True

    def __str__(self) -> str:
        source = f" ({self.source})" if self.source else ""
        return f"{self.rule}{source} asks for {self.lead}"


@dataclass(frozen=True, slots=True)
class Breach:
    """A version that takes effect too early. `since` is the day from which its notice runs."""

    version: Version
    requirement: Requirement
    since: date
    effective: date


@dataclass(frozen=True, slots=True)
class Review:
    """When the text has to be gone through again, and by which rule."""

    rule: str
    every: Duration
    last: date
    due: date


def requirements(notice: NoticeSettings, change: Change, published: date) -> tuple[Requirement, ...]:
    """What applies to a change of this kind published that day, the longest first. Unknown rules are passed over."""
    if change is Change.INITIAL:
        return ()
    found = []
    if change is Change.MATERIAL and (own := _duration(notice.material)):
        found.append(Requirement(OWN_PROMISE, "policy.yml", own, own.after(published)))
    for name in notice.rules:
        rule = BY_ID.get(name)
        if rule is not None and (lead := rule.lead.get(change)):
            binding = rule.expires is None or published <= rule.expires
            found.append(Requirement(rule.id, rule.source, lead, lead.after(published), binding))
    return tuple(sorted(found, key=lambda requirement: requirement.earliest, reverse=True))


def longest(notice: NoticeSettings, change: Change, published: date) -> Requirement | None:
    """The binding requirement that asks for the latest day, if there is one."""
    return next((r for r in requirements(notice, change, published) if r.binding), None)


def earliest(notice: NoticeSettings, change: Change, published: date) -> date:
    """The earliest day from which the change may apply."""
    requirement = longest(notice, change, published)
    return requirement.earliest if requirement else published


def breaches(notice: NoticeSettings, version: Version, day: date) -> tuple[Breach, ...]:
    """The requirements that the version's dates, as known on `day`, do not meet; the longest binding one, then expired.

    A date moved to a later day keeps its notice. One moved to an earlier day is news, so its notice runs from the day
    of the move. Imported and withdrawn versions are history.
    """
    if version.imported or (version.withdrawn and version.withdrawn.on <= day):
        return ()
    applies = effective(version, day)
    since = notice_since(version, day)
    missed = [r for r in requirements(notice, version.change, since) if r.earliest > applies]
    binding = [r for r in missed if r.binding][:1]
    return tuple(Breach(version, r, since, applies) for r in [*binding, *(r for r in missed if not r.binding)])


def notice_since(version: Version, day: date) -> date:
    """The day from which the notice of the date in effect runs: publication, or the last move to an earlier day."""
    since, date_said = version.published, version.effective
    for entry in version.rescheduled:
        if entry.on <= day:
            since = entry.on if entry.effective < date_said else since
            date_said = entry.effective
    return since


def reviews(policy: Policy, day: date) -> tuple[Review, ...]:
    """Every duty to go through the text again, the soonest first. A version published is a review."""
    known = newest(visible(policy.versions, day))
    if known is None:
        return ()
    duties = [("notice.review", _duration(policy.notice.review))]
    duties += [(name, BY_ID[name].review) for name in policy.notice.rules if name in BY_ID]
    last = max(known.published, policy.notice.reviewed or known.published)
    found = [Review(name, every, last, every.after(last)) for name, every in duties if every]
    return tuple(sorted(found, key=lambda review: review.due))


def unknown_rules(names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """(name, nearest known name or empty) of each rule that the table has no row for."""
    return tuple((name, _nearest(name)) for name in names if name not in BY_ID)


def _nearest(name: str) -> str:
    return next(iter(difflib.get_close_matches(name.lower(), BY_ID, n=1, cutoff=0.5)), "")


def _duration(words: str) -> Duration | None:
    """The duration, None where there is none or it cannot be read (which the check says)."""
    try:
        return parse_duration(words) if words else None
    except ValueError:
        return None
