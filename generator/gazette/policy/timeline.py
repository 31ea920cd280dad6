"""What a version is on a day, derived from the records and the day alone.

draft → announced (published, not yet effective) → in force → superseded; or withdrawn, or replaced by a revision,
before it took effect. Records and entries dated after the day do not exist yet: a future record is under embargo.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from gazette.policy.model import Rescheduling, Version


class State(StrEnum):
    """Where a published version stands on a day."""

    EMBARGOED = "embargoed"  # published later than the day: not to be shown
    ANNOUNCED = "announced"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"  # an announced version whose revision was published before it took effect


def effective(version: Version, day: date) -> date:
    """The effective date as known on `day`: the newest entry made by then, else the one first announced."""
    known = reschedulings(version, day)
    return known[-1].effective if known else version.effective


def reschedulings(version: Version, day: date) -> tuple[Rescheduling, ...]:
    """The entries made by `day`, in the order of their days."""
    if not version.rescheduled:
        return ()
    return tuple(sorted((entry for entry in version.rescheduled if entry.on <= day), key=lambda entry: entry.on))


def order(version: Version, day: date) -> tuple[date, date, int]:
    """The sort key of versions; the last one wins."""
    return effective(version, day), version.published, version.sequence


def visible(versions: Sequence[Version], day: date) -> tuple[Version, ...]:
    """The versions published on or before `day`, in order."""
    return tuple(sorted((v for v in versions if v.published <= day), key=lambda v: order(v, day)))


def cancelled(version: Version, versions: Sequence[Version], day: date) -> State | None:
    """WITHDRAWN or REPLACED if the version was taken back, or revised, before it took effect; else None.

    A version that was revised stays REPLACED even if its revision is withdrawn: nothing comes into force that was
    not announced as it stands.
    """
    return _cancelled(version, [other for other in versions if other.replaces == version.label], day)


def _cancelled(version: Version, revisions: Sequence[Version], day: date) -> State | None:
    if version.withdrawn and version.withdrawn.on <= day:
        return State.WITHDRAWN
    before = (v for v in revisions if v.published <= day and v.published < effective(version, v.published))
    return State.REPLACED if any(before) else None


def _standing(versions: Sequence[Version], day: date) -> list[Version]:
    """The visible versions that were not cancelled, in order."""
    revisions: dict[str, list[Version]] = {}
    for version in versions:
        if version.replaces is not None:
            revisions.setdefault(version.replaces, []).append(version)
    return [v for v in visible(versions, day) if _cancelled(v, revisions.get(v.label, ()), day) is None]


def in_force(versions: Sequence[Version], day: date) -> Version | None:
    """The version with the latest effective date not after `day`."""
    candidates = [version for version in _standing(versions, day) if effective(version, day) <= day]
    return candidates[-1] if candidates else None


def announced(versions: Sequence[Version], day: date) -> tuple[Version, ...]:
    """The versions that people can read on `day` and that take effect later, in order."""
    return tuple(version for version in _standing(versions, day) if effective(version, day) > day)


def state(version: Version, versions: Sequence[Version], day: date) -> State:
    """Where `version` stands on `day` among all `versions` of its policy."""
    if version.published > day:
        return State.EMBARGOED
    if gone := cancelled(version, versions, day):
        return gone
    if effective(version, day) > day:
        return State.ANNOUNCED
    current = in_force(versions, day)
    return State.IN_FORCE if current is not None and current.label == version.label else State.SUPERSEDED


def publication_order(versions: Sequence[Version]) -> tuple[Version, ...]:
    """The versions as they were published, oldest first: by day, `sequence`, then label (`1.9` before `1.10`)."""
    return tuple(sorted(versions, key=lambda v: (v.published, v.sequence, _counted(v.label))))


def predecessor(version: Version, versions: Sequence[Version]) -> Version | None:
    """The version that this one's redline starts from: the one it names, else the one published just before it."""
    return predecessors(versions).get(version.label)


def predecessors(versions: Sequence[Version]) -> dict[str, Version | None]:
    """The predecessor of every version, by label."""
    return predecessors_among(publication_order(versions))


def predecessors_among(published: Sequence[Version]) -> dict[str, Version | None]:
    """As `predecessors`, from the versions in the order of their publication."""
    labels = {version.label: version for version in published}
    found: dict[str, Version | None] = {}
    before: Version | None = None
    for version in published:
        named = version.predecessor if version.predecessor is not None else version.replaces
        found[version.label] = labels.get(named) if named is not None else before
        before = version
    return found


def newest(versions: Sequence[Version]) -> Version | None:
    """The version published last and not withdrawn: what the working text is a draft against."""
    published = [version for version in publication_order(versions) if version.withdrawn is None]
    return published[-1] if published else None


def _counted(label: str) -> tuple[tuple[int, str], ...]:
    """A label's parts such that numbers are ordered as numbers."""
    parts = re.findall(r"[0-9]+|[a-z]+", label)
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)
