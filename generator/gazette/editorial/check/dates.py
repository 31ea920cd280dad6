"""The dates of versions against the notice clock and the day: too early, in the past, out of order, overdue.

Takes policies, what was there before, and the day; gives problems.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from gazette.editorial import clock
from gazette.editorial.check.past import Past
from gazette.editorial.duration import parse_duration
from gazette.editorial.rules import BY_ID
from gazette.errors import Problem, Severity
from gazette.policy import timeline
from gazette.policy.fields import line_of
from gazette.policy.model import Change, Policy, Version


def notice_settings(policy: Policy, root: Path) -> Iterator[Problem]:
    """Lead times that cannot be read and rules that the table does not have."""
    path = policy.folder / "policy.yml"
    place, data = _shown(path, root), path.read_bytes()
    for key, words in (("material", policy.notice.material), ("review", policy.notice.review)):
        try:
            parse_duration(words or "1 day")
        except ValueError as error:
            what, _, remedy = str(error).partition("; ")
            yield Problem(place, _nested_line(data, key), f"'{key}': {what}", remedy)
    for name, nearest in clock.unknown_rules(policy.notice.rules):
        remedy = f"did you mean '{nearest}'?" if nearest else "'gazette rules' lists them"
        yield Problem(place, _nested_line(data, "rules"), f"there is no notice rule '{name}'", remedy)


def overdue_reviews(policy: Policy, day: date, root: Path) -> Iterator[Problem]:
    """A warning if nothing was published or reviewed for longer than a rule allows."""
    for review in clock.reviews(policy, day)[:1]:
        if review.due < day:
            path = policy.folder / "policy.yml"
            rule = BY_ID.get(review.rule)
            source = f" ({rule.source})" if rule else ""
            times = f"last on {review.last}, every {review.every}, {review.rule}"
            what = f"the text is due for review since {review.due}: {times}"
            remedy = f"release a version, or write 'reviewed: {day}' under 'notice:'"
            line = _nested_line(path.read_bytes(), "review" if rule is None else "rules")
            yield Problem(_shown(path, root), line, what + source, remedy, Severity.WARNING)


def version_dates(policy: Policy, version: Version, data: bytes, past: Past, day: date) -> Iterator[Problem]:
    """Everything about the dates of one version; `data` is its record, for the lines."""
    fresh = past.brings(version)
    applies = timeline.effective(version, day)
    if fresh and not version.imported:
        yield from _in_the_past(version, day, data)
    if fresh or applies > day:
        yield from _too_early(policy, version, day, data)
        yield from _before_the_revised(policy, version, day, data)
    yield from _entries(version, past, day, data)
    if version.comment_until and not version.published <= version.comment_until < applies:
        what = f"comments are open until {version.comment_until}, which is not between publication and {applies}"
        yield Problem(version.path, line_of(data, "comment_until"), what, "choose a day before it applies")


def _in_the_past(version: Version, day: date, data: bytes) -> Iterator[Problem]:
    if version.published < day:
        said = f"it is new and says it was published on {version.published}"
        what = f"{said}; today is {day}, so its notice would be shorter"
        remedy = f"write 'published: {day}' (and a later 'effective:' if need be), or 'imported: true' for history"
        yield Problem(version.path, line_of(data, "published"), what, remedy)
    if version.change is Change.MATERIAL and version.effective < day:
        what = f"a material change cannot apply from a day in the past, {version.effective}"
        yield Problem(version.path, line_of(data, "effective"), what, f"choose a day after {day}")


def _too_early(policy: Policy, version: Version, day: date, data: bytes) -> Iterator[Problem]:
    """The record's first date and, where it was moved, the date in effect."""
    key = "rescheduled" if version.rescheduled else "effective"
    for breach in clock.breaches(policy.notice, version, max(day, version.published)):
        rule = breach.requirement
        asked = f"{rule} after {breach.since}, so {rule.earliest} at the earliest"
        what = f"takes effect on {breach.effective}, too early: {asked}"
        if rule.binding:
            yield Problem(version.path, line_of(data, key), what, f"write 'effective: {rule.earliest}' or later")
        else:
            remedy = f"the row expired on {BY_ID[rule.rule].expires}: confirm the rule, or take it out of policy.yml"
            yield Problem(version.path, line_of(data, key), what, remedy, Severity.WARNING)


def _before_the_revised(policy: Policy, version: Version, day: date, data: bytes) -> Iterator[Problem]:
    """A small revision of a material version has its wording, so it may not cut that version's notice short."""
    applies, current, seen = timeline.effective(version, day), version, {version.label}
    while current.change is not Change.MATERIAL and current.replaces and current.replaces not in seen:
        revised = policy.version(current.replaces)
        if revised is None:
            return
        seen.add(revised.label)
        announced = timeline.effective(revised, version.published)
        if revised.change is Change.MATERIAL and applies < announced:
            what = f"it applies from {applies}, before the material version that it revises, '{revised.label}'"
            remedy = f"write 'effective: {announced}' or later, or 'change: material', which needs its notice again"
            yield Problem(version.path, line_of(data, "effective"), f"{what} ({announced})", remedy)
        current = revised


def _entries(version: Version, past: Past, day: date, data: bytes) -> Iterator[Problem]:
    """Entries that this change adds must be of today, and of a version that is not yet in force."""
    before = past.records.get(version.path)
    known = len(before.rescheduled) if before else 0
    for place, entry in enumerate(version.rescheduled):
        said = version.rescheduled[place - 1].effective if place else version.effective
        line = line_of(data, "rescheduled")
        if entry.on >= said:
            what = f"rescheduled on {entry.on}, when it was in force since {said}"
            yield Problem(version.path, line, what, "take the entry out; a new version can replace the text")
        elif place >= known and past.revision and entry.on < day:
            yield Problem(version.path, line, f"the new entry is dated {entry.on}, in the past", f"write 'on: {day}'")
    withdrawn = version.withdrawn
    if withdrawn and past.revision and not (before and before.withdrawn) and withdrawn.on < day:
        what = f"it is withdrawn on {withdrawn.on}, in the past"
        yield Problem(version.path, line_of(data, "withdrawn"), what, f"write 'on: {day}'")


def _nested_line(data: bytes, key: str) -> int:
    """The line of a key at any depth; 1 if it is not there."""
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.lstrip().startswith(key.encode() + b":"):
            return number
    return 1


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
