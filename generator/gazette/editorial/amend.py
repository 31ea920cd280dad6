"""What may still be done to a version that is announced: move its date, or take it back.

Takes a policy and the day; gives the new bytes of the record. Both are entries that stay on show; everything else in
the record, comments included, stays as it is. A version in force can be neither moved nor withdrawn. `still_replaced`
alone looks at the world, for where a text lies.
"""

from __future__ import annotations

import contextlib
import os
import shlex
from datetime import date

from gazette.editorial import clock, front_matter
from gazette.errors import UsageError
from gazette.policy import timeline
from gazette.policy.archive import FOLDER
from gazette.policy.fields import nearest
from gazette.policy.git import GitError, Repository
from gazette.policy.model import Policy, Version
from gazette.policy.reading import VERSIONS


def announced_version(policy: Policy, label: str | None, day: date) -> Version:
    """The version of this label, or the only one that is announced; UsageError if it cannot be amended."""
    if label is None:
        open_ones = [v for v in policy.versions if _is_open(v, policy, day)]
        if len(open_ones) != 1:
            names = ", ".join(v.label for v in open_ones)
            raise UsageError(
                f"{len(open_ones) or 'no'} versions of '{policy.id}' are announced",
                f"name one of {names}" if names else "",
            )
        return open_ones[0]
    version = policy.version(label)
    if version is None:
        labels = [v.label for v in policy.versions]
        raise UsageError(
            f"'{policy.id}' has no version '{label}'", nearest(label, labels) or f"known are {', '.join(labels)}"
        )
    if not _is_open(version, policy, day):
        state = timeline.state(version, policy.versions, day).value.replace("_", " ")
        raise UsageError(f"'{label}' is {state}, no longer announced", "release a new version instead")
    return version


def rescheduled(policy: Policy, version: Version, record: bytes, effective: date, day: date, reason: str) -> bytes:
    """The record with an entry that moves the date. An earlier date needs its notice again, counted from today."""
    known = timeline.effective(version, day)
    if effective == known:
        raise UsageError(f"'{version.label}' applies from {known} already", "give another --effective")
    if effective < max(day, version.published):
        raise UsageError(f"{effective} is in the past", f"choose {max(day, version.published)} or later")
    rule = clock.longest(policy.notice, version.change, day)
    if effective < known and rule is not None and effective < rule.earliest:
        raise UsageError(
            f"{effective} is too early: {rule} from today, so {rule.earliest} at the earliest", "choose later"
        )
    entry: dict[str, front_matter.Value] = {"on": max(day, version.published), "effective": effective}
    return _edited(version, record, "rescheduled", entry | ({"reason": reason} if reason else {}))


def withdrawn(version: Version, record: bytes, day: date, reason: str) -> bytes:
    """The record with the entry that takes it back."""
    entry: dict[str, front_matter.Value] = {"on": max(day, version.published)}
    return _edited(version, record, "withdrawn", entry | ({"reason": reason} if reason else {}))


def still_replaced(policy: Policy, version: Version) -> str:
    """What to say, once `version` is withdrawn, of the one that it had replaced, and how to publish that text again."""
    if version.replaces is None or policy.version(version.replaces) is None:
        return ""
    source = _source(policy, version.replaces)
    return (
        f"{version.replaces}, which it replaced, stays replaced: nothing applies that is not announced as it stands.\n"
        f"If that text shall apply after all, release it again:\n"
        f"  gazette release {policy.id} --effective DATE --from {source or 'REV'}"
        + ("" if source else "\n(REV is a commit or tag that has its text)")
    )


def _source(policy: Policy, label: str) -> str:
    """Where a version's text is at hand for `gazette release --from`: its archive, else the commit that brought it."""
    archive = policy.folder / FOLDER / label
    if archive.is_dir():
        return shlex.quote(os.path.relpath(archive))
    with contextlib.suppress(UsageError, GitError), Repository.find(policy.folder) as repository:
        place = repository.relative(policy.folder / VERSIONS / f"{label}.md")
        return repository.ask("log", "-1", "--diff-filter=A", "--format=%h", "--", place).decode().strip()
    return ""


def _edited(version: Version, record: bytes, key: str, entry: dict[str, front_matter.Value]) -> bytes:
    document = record.decode()
    try:
        if key == "rescheduled":
            return front_matter.append_to_list(document, key, entry).encode()
        return front_matter.set_key(document, key, entry).encode()
    except ValueError as error:
        raise UsageError(f"{version.path}: {error}", "run 'gazette check' first") from error


def _is_open(version: Version, policy: Policy, day: date) -> bool:
    """Announced, or not even published yet."""
    open_states = timeline.State.ANNOUNCED, timeline.State.EMBARGOED
    return timeline.state(version, policy.versions, day) in open_states and not version.withdrawn
