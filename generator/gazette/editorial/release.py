"""`gazette release`: the working text becomes a version.

The release is checked, then worked out as a value (canonical text, digest, pin, label, dates), then written as one
record in one step. The commit that brings the record also brings `text/`, and with it the pinned tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from gazette.editorial.text_folder import policy_folder
from gazette.errors import ContentError, Problem, Severity, UsageError
from gazette.policy import timeline
from gazette.policy.canonical import digest
from gazette.policy.files import parse_record, record_file
from gazette.policy.git import Repository
from gazette.policy.model import Change, Policy, Text, Version
from gazette.policy.pins import Pins
from gazette.policy.reading import VERSIONS, read_policies, shown, version_problems
from gazette.policy.settings import Settings
from gazette.policy.slugs import valid_label
from gazette.policy.storing import write_file


@dataclass(frozen=True, slots=True)
class Order:
    """What the editor decides about a release. `label` is empty where the day of publication is to be the label."""

    effective: date
    change: Change
    summary: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Released:
    """A version, and the record that was written for it."""

    version: Version
    path: Path


def release(settings: Settings, policy_id: str, order: Order) -> Released:
    """Publish a policy's working text on the site's day; raises before anything is written if something is wrong."""
    policy, text = _releasable(settings, policy_id)
    version = plan(policy, text, order, settings.day)
    with Repository.find(policy.folder) as repository:
        version = replace(version, tree=_pin(repository, policy, text))
    path = policy.folder / VERSIONS / f"{version.label}.md"
    version = replace(version, path=shown(path, settings.root))
    _check_record(policy, version)
    write_file(path, record_file(version))
    return Released(version, path)


def plan(policy: Policy, text: Text, order: Order, day: date) -> Version:
    """The version that a release would bring, but for its pin; UsageError where the order does not fit the policy."""
    before = predecessor(policy.versions, order.effective, day)
    _check_order(policy, text, order, day, before)
    same_day = [version for version in policy.versions if version.published == day]
    version = Version(
        label=order.label or _free_label(policy, day),
        published=day,
        effective=order.effective,
        change=order.change,
        title=policy.title,
        tree="",
        digest=digest(text),
        summary=order.summary,
        sequence=max((other.sequence for other in same_day), default=0) + 1,
    )
    default = timeline.predecessor(version, (*policy.versions, version))
    if before is not None and (default is None or default.label != before.label):
        version = replace(version, predecessor=before.label)
    return version


def predecessor(versions: Sequence[Version], effective: date, day: date) -> Version | None:
    """The version that one taking effect on `effective` would follow, as things are known on `day`.

    That is the newest, unless the newest takes effect later still: then a correction is released while it is
    announced, and what is corrected is the version in force.
    """
    newest = timeline.newest(versions)
    if newest is None or timeline.effective(newest, day) <= effective:
        return newest
    return timeline.in_force([v for v in versions if v.published <= day], effective) or newest


def _releasable(settings: Settings, policy_id: str) -> tuple[Policy, Text]:
    """The policy and its working text; ContentError with everything that is wrong with that policy."""

    folder = policy_folder(settings.content, policy_id)
    policies, problems = read_policies(settings)
    own = f"{shown(folder, settings.root)}/"
    errors = [p for p in problems if f"{p.path}/".startswith(own) and p.severity is Severity.ERROR]
    if errors:
        raise ContentError(errors)
    policy = next(policy for policy in policies if policy.id == policy_id)
    if policy.text is None:
        raise ContentError([Problem(f"{own}text", 0, "there is no text to release", "write its sections")])
    return policy, policy.text


def _check_order(policy: Policy, text: Text, order: Order, day: date, before: Version | None) -> None:
    if order.effective < day:
        raise UsageError(f"--effective {order.effective} is before the day of publication, {day}", "give a later day")
    if not order.summary.strip():
        raise UsageError("the summary is empty", "say in plain language what changes: it is what people will read")
    if order.label and not valid_label(order.label):
        remedy = "use lower-case letters and digits, parted by '.' or '-', at most 64, not ending in '.lock'"
        raise UsageError(f"'{order.label}' is not allowed as a label", remedy)
    if order.label and policy.version(order.label) is not None:
        raise UsageError(f"there is a version '{order.label}' already", "give another label with --as")
    if (order.change is Change.INITIAL) != (not policy.versions):
        what = "the first version of a policy" if not policy.versions else "not the first version"
        kinds = "initial" if not policy.versions else "material, minor or editorial"
        raise UsageError(f"this is {what}, so its change cannot be '{order.change}'", f"give --change {kinds}")
    for version in (timeline.newest(policy.versions), before):
        if version is not None and version.digest == digest(text):
            what = f"there is no draft: text/ has the words of version '{version.label}'"
            raise UsageError(what, "change the text first")


def _free_label(policy: Policy, day: date) -> str:
    """The day, or the day and the next free number."""
    label, number = day.isoformat(), 1
    while policy.version(label) is not None:
        number += 1
        label = f"{day.isoformat()}.{number}"
    return label


def _pin(repository: Repository, policy: Policy, text: Text) -> str:
    """The tree of `text/`, which must give back the words that were read."""
    folder = policy.folder / "text"
    tree = repository.tree_of_folder(folder)
    stored = Pins(repository).text_of_trees([tree]).get(tree)
    if stored is None or digest(stored) != digest(text):
        what = f"git would store other words than {folder} has"
        raise ContentError([Problem(str(folder), 0, what, "look for a filter in .gitattributes, or an ignored file")])
    return tree


def _check_record(policy: Policy, version: Version) -> None:
    """What is about to be written reads back as the same version and stands well among the others."""
    data = record_file(version)
    read, problems = parse_record(f"{version.label}.md", data, version.path)
    between = version_problems([*policy.versions, version], {version.path: data})
    if read != version or problems or between:
        raise ContentError([*problems, *between])
