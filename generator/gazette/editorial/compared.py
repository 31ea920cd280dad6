"""Which two texts of a policy are compared: the pair that an editor, or a reader who agreed once, asks for.

Takes a policy, labels or a day; gives two `Side`s. Pure: texts are read by whoever asks. Versions count whatever the
day, since an editor sees what is under embargo.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from gazette.errors import UsageError
from gazette.policy import timeline
from gazette.policy.canonical import digest
from gazette.policy.fields import nearest
from gazette.policy.model import Policy, Version

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

#: Names the working text where a label could stand.
DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts: a version's, or (None) the working text; `is_nothing` is the text before the first."""

    version: Version | None
    is_nothing: bool = False

    @property
    def name(self) -> str:
        return "nothing" if self.is_nothing else self.version.label if self.version else DRAFT


def compared(policy: Policy, start: str | None, end: str | None) -> tuple[Side, Side]:
    """From `start` to `end`, labels or DRAFT.

    The end is the working text if it is not given, the start the version published last. Where neither is given and
    the working text is as published, it is the version published last against the one that it follows. DRAFT alone is
    the draft against the version published last.
    """
    newest = timeline.newest(policy.versions)
    if start == DRAFT and end is None:
        return (Side(newest) if newest else Side(None, is_nothing=True)), side(policy, DRAFT)
    if start is None and newest is not None and not has_draft(policy, newest):
        before = timeline.predecessor(newest, policy.versions)
        return (Side(before) if before else Side(None, is_nothing=True)), Side(newest)
    if start is None:
        return (Side(newest) if newest else Side(None, is_nothing=True)), side(policy, DRAFT)
    return side(policy, start), side(policy, end or DRAFT)


def compared_since(policy: Policy, since: str, end: str | None, day: date) -> tuple[Side, Side]:
    """From what was in force on the day `since`, or from the version with this label, to `end`.

    The end is what is in force on `day`, which is today, if it is not given. Nobody agreed on a day to come.
    """
    if end is not None:
        last = side(policy, end)
    elif current := timeline.in_force(policy.versions, day):
        last = Side(current)
    else:
        raise UsageError(f"nothing is in force on {day}", f"name what to compare with: a version, or '{DRAFT}'")
    when = _day(since)
    if when is None and _DAY.fullmatch(since) and policy.version(since) is None:
        raise UsageError(f"'{since}' is no date", "write one as 2024-01-31, or name a version")
    if when is None:
        return side(policy, since), last
    if when > day:
        raise UsageError(f"{when} is yet to come: today is {day}", "name a day on which somebody may have agreed")
    version = timeline.in_force(policy.versions, when)
    if version is None:
        first = min((timeline.effective(v, day) for v in policy.versions if not v.withdrawn), default=None)
        remedy = f"the first version took effect on {first}" if first else "nothing is published yet"
        raise UsageError(f"nothing of '{policy.id}' was in force on {when}", remedy)
    return Side(version), last


def side(policy: Policy, label: str) -> Side:
    """The version with this label, or the working text; a UsageError that names the nearest label if there is none."""
    if label == DRAFT:
        if policy.text is None:
            raise UsageError(f"'{policy.id}' has no working text that can be read", "run 'gazette check'")
        return Side(None)
    version = policy.version(label)
    if version is None:
        labels = [version.label for version in policy.versions]
        known = f"its versions are {', '.join(labels[-5:])}" if labels else "nothing is published yet"
        raise UsageError(f"'{policy.id}' has no version '{label}'", nearest(label, [*labels, DRAFT]) or known)
    return Side(version)


def has_draft(policy: Policy, newest: Version) -> bool:
    """Whether the working text differs from the version published last, or cannot be read."""
    return policy.text is None or digest(policy.text) != newest.digest


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        return None
