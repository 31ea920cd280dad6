"""`gazette release`: a text becomes a version.

The release is checked, then worked out as a value (canonical text, digest, pin, label, dates), then written as one
record in one step. The commit that brings the record also brings `text/`, and with it the pinned tree; a text from
elsewhere is kept in `archive/<label>/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from gazette.editorial.check import release_problems
from gazette.editorial.drafts import Draft
from gazette.errors import ContentError, Problem, Severity, UsageError
from gazette.policy import timeline
from gazette.policy.archive import write_archive
from gazette.policy.between import version_problems
from gazette.policy.canonical import digest
from gazette.policy.files import parse_record, record_file
from gazette.policy.git import Repository
from gazette.policy.model import Change, Policy, Text, Version
from gazette.policy.pins import Pins
from gazette.policy.reading import VERSIONS, shown
from gazette.policy.settings import Settings
from gazette.policy.slugs import valid_label
from gazette.policy.storing import write_file


@dataclass(frozen=True, slots=True)
class Order:
    """What the editor decides about a release. `label` is empty where the day of publication is to be the label.

    `onto` names the version that a correction follows, `replaces` an announced one that this one revises.
    """

    effective: date
    change: Change
    summary: str
    label: str = ""
    onto: str = ""
    replaces: str = ""
    not_material: str = ""
    approved_by: tuple[str, ...] = ()
    comment_until: date | None = None


@dataclass(frozen=True, slots=True)
class Released:
    """A version, what was written for it (its record, then its archive folder if it has one), and warnings."""

    version: Version
    paths: tuple[Path, ...]
    warnings: tuple[Problem, ...] = ()


def release(settings: Settings, draft: Draft, order: Order) -> Released:
    """Publish a draft on the site's day; raises before anything is written if something is wrong."""
    policy, text = draft.policy, draft.text
    version = plan(policy, text, order, settings.day)
    with Repository.find(policy.folder) as repository:
        tree = _pin(repository, policy, text) if draft.files is None else repository.write_tree(draft.files)
        path = policy.folder / VERSIONS / f"{version.label}.md"
        version = replace(version, tree=tree, path=shown(path, settings.root))
        _check_record(policy, version)
        warnings = _check_release(repository, draft, version, settings)
    paths = [path]
    if draft.files is not None:
        paths.append(write_archive(policy.folder, version.label, draft.files).parent)
    write_file(path, record_file(version))
    return Released(version, tuple(paths), warnings)


def _check_release(repository: Repository, draft: Draft, version: Version, settings: Settings) -> tuple[Problem, ...]:
    """What `gazette check` would say of the version, once it is written: errors stop it, warnings are given."""
    pins = Pins(repository, [draft.policy])
    known = ((one.label, pins.pinned(draft.policy, one)) for one in draft.policy.versions)
    texts = {label: pinned.text for label, pinned in known if pinned is not None} | {version.label: draft.text}
    order = (*draft.policy.versions, version)
    ordered = tuple(sorted(order, key=lambda one: (one.effective, one.published, one.sequence, one.label)))
    found = release_problems(replace(draft.policy, versions=ordered), version, record_file(version), texts, settings)
    errors = [problem for problem in found if problem.severity is Severity.ERROR]
    if errors:
        raise ContentError(errors)
    return found


def plan(policy: Policy, text: Text, order: Order, day: date) -> Version:
    """The version that a release would bring, but for its pin; UsageError where the order does not fit the policy."""
    before = _named(policy, order) or predecessor(policy.versions, order.effective, day)
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
        replaces=order.replaces or None,
        not_material=order.not_material,
        approved_by=order.approved_by,
        comment_until=order.comment_until,
    )
    default = timeline.predecessor(version, (*policy.versions, version))
    if before is not None and (default is None or default.label != before.label):
        version = replace(version, predecessor=before.label)
    return version


def predecessor(versions: Sequence[Version], effective: date, day: date) -> Version | None:
    """The version that one taking effect on `effective` would follow, as things are known on `day`.

    That is the one in force then: while another is announced for later, what is corrected is what applies before it,
    and a correction that has had its time is not what a version after it follows.
    """
    known = [version for version in versions if version.published <= day]
    return timeline.in_force(known, effective) or timeline.newest(versions)


def _named(policy: Policy, order: Order) -> Version | None:
    """The version that the editor names as the one before."""
    return policy.version(order.onto or order.replaces) if order.onto or order.replaces else None


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
    # The text of a version that was revised, but whose revision was withdrawn, may be released again.
    standing = [known for known in policy.versions if timeline.cancelled(known, policy.versions, day) is None]
    for version in (timeline.newest(standing), before):
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
