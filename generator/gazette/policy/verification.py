"""Whether pins will hold: what keeps each pinned text, what would lose it, and how that is mended.

A pin holds if its tree is in the history of HEAD, or its files are in `archive/<label>/`, or it is the tree of the
working `text/` (which the commit that brings the record will hold). A tree that only lies in this clone's object
database is gone after a `git gc`, and was never in anybody else's clone.

`verify` and `lost_by_squash` look; `repair` writes archive folders and records, each in one step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gazette.errors import Problem
from gazette.policy import archive, timeline
from gazette.policy.canonical import digest
from gazette.policy.fields import line_of
from gazette.policy.files import is_section_path
from gazette.policy.git import Repository, mending
from gazette.policy.model import Policy, Version
from gazette.policy.pins import Pins
from gazette.policy.records import with_pin
from gazette.policy.storing import write_file

_REPAIR = "run 'gazette verify --repair', and commit what it writes"


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing that `repair` did: to which version, and what."""

    policy: str
    label: str
    path: Path
    what: str


def verify(pins: Pins, policies: Iterable[Policy]) -> tuple[Problem, ...]:
    """Every pin and digest recomputed; what does not hold, and what would not hold in a fresh clone."""
    problems: list[Problem] = []
    for policy in policies:
        problems.extend(pins.problems(policy))
        problems.extend(_assets_problem(policy, version) for version in _without_assets(pins, policy))
        problems.extend(_archive_problem(policy, version) for version in _wrongly_archived(policy))
        problems.extend(_unkept_problem(policy, version) for version in unkept(pins, policy))
    return tuple(problems)


def unkept(pins: Pins, policy: Policy) -> tuple[Version, ...]:
    """The versions whose text only this clone's object database has."""
    repository = pins.repository
    # A shallow clone does not know its history, and has nothing but what it was given from there.
    if repository is None or repository.is_shallow:
        return ()
    here = [v for v in policy.versions if (p := pins.pinned(policy, v)) and not p.archived]
    loose = [v for v in here if archive.read_archive(policy.folder, v.label, v.tree) is None]
    loose = _not_among(loose, repository.trees_in_history(policy.folder)) if loose else []
    loose = _not_among(loose, repository.trees_in_history()) if loose else []
    text = policy.folder / "text"
    return tuple(_not_among(loose, [repository.tree_of_folder(text)])) if loose and text.is_dir() else tuple(loose)


def lost_by_squash(pins: Pins, policy: Policy, base: str) -> tuple[Version, ...]:
    """The versions whose text would be gone if HEAD were merged into the revision `base` as one commit."""
    repository = pins.repository
    if repository is None or not repository.has_commits:
        return ()
    kept = repository.trees_at("HEAD") | repository.trees_in_history(revision=base).keys()
    return tuple(_not_among(policy.versions, kept))


def repair(pins: Pins, policies: Iterable[Policy], day: date) -> tuple[Repair, ...]:
    """Mend what can be mended without changing what was published; what was done, oldest version first."""
    return tuple(done for policy in policies for done in _repair_policy(pins, policy, day))


def _repair_policy(pins: Pins, policy: Policy, day: date) -> Iterator[Repair]:
    broken = [v for v in policy.versions if pins.version_problems(policy, v)]
    to_archive = [v for v in (*unkept(pins, policy), *_wrongly_archived(policy)) if v not in broken]
    for version in timeline.publication_order(tuple(dict.fromkeys(to_archive))):
        folder = archive.write_archive(policy.folder, version.label, pins.files(policy, version))
        yield Repair(policy.id, version.label, folder, f"wrote {archive.FOLDER}/{version.label}/")
    for version in timeline.publication_order(broken):
        if pins.repository is not None and (done := _repin(pins, pins.repository, policy, version, day)):
            yield done


def _repin(pins: Pins, repository: Repository, policy: Policy, version: Version, day: date) -> Repair | None:
    """Pin a version anew: to another tree with the same words, or, before anyone saw it, to the working text."""
    record = policy.folder / "versions" / f"{version.label}.md"
    working = digest(policy.text) if policy.text is not None else ""
    recorded = version.digest
    if working == recorded:
        tree, what = repository.tree_of_folder(policy.folder / "text"), "pinned to text/, which has the recorded words"
    elif same := _tree_with_digest(pins, repository, recorded):
        tree, what = same, "pinned to another tree of the history, which has the recorded words"
    elif working and _is_unpublished(repository, policy, version, day):
        tree, recorded = repository.tree_of_folder(policy.folder / "text"), working
        what = "not yet published: pinned to text/ as it is now"
    else:
        return None
    write_file(record, with_pin(record.read_bytes(), tree, recorded))
    return Repair(policy.id, version.label, record, what)


def _tree_with_digest(pins: Pins, repository: Repository, wanted: str) -> str | None:
    """A tree in the history that was a `text/` or an archived one and has the recorded words."""
    history = repository.trees_in_history()
    candidates = [
        tree for tree, path in history.items() if path.endswith("/text") or f"/{archive.FOLDER}/" in f"/{path}"
    ]
    texts = pins.text_of_trees(candidates)
    return next((tree for tree, text in texts.items() if wanted and digest(text) == wanted), None)


def _is_unpublished(repository: Repository, policy: Policy, version: Version, day: date) -> bool:
    """Whether nobody can have seen the version: it is the newest, not imported, and not in what is public."""
    newest = timeline.newest(policy.versions)
    if version.imported or newest is None or newest.label != version.label:
        return False
    if version.published > day:
        return True
    public = repository.published_revision()
    record = policy.folder / "versions" / f"{version.label}.md"
    return repository.file_at(public, record) is None and not repository.mentions(public, version.digest)


def _wrongly_archived(policy: Policy) -> list[Version]:
    """The versions whose archive folder is not what they pin."""
    return [
        version
        for version in policy.versions
        if version.tree
        and archive.has_archive(policy.folder, version.label)
        and archive.read_archive(policy.folder, version.label, version.tree) is None
    ]


def _without_assets(pins: Pins, policy: Policy) -> list[Version]:
    """The versions whose sections git has, but not every other file."""
    repository = pins.repository
    if repository is None:
        return []
    found = [(v, p) for v in policy.versions if (p := pins.pinned(policy, v)) and not p.archived]
    wanted = {v.label: {blob for path, blob in p.blobs.items() if not is_section_path(path)} for v, p in found}
    there = repository.read_blobs({blob for blobs in wanted.values() for blob in blobs})
    lacking = [version for version, _ in found if not wanted[version.label] <= there.keys()]
    return [v for v in lacking if archive.read_archive(policy.folder, v.label, v.tree) is None]


def _assets_problem(policy: Policy, version: Version) -> Problem:
    what = f"git has the sections of the pinned tree {version.tree}, but not all of its other files"
    return Problem(version.path, _line(policy, version), what, mending(shallow=False))


def _archive_problem(policy: Policy, version: Version) -> Problem:
    what = f"{archive.FOLDER}/{version.label}/ does not hold the pinned tree {version.tree}"
    return Problem(version.path, _line(policy, version), what, _REPAIR)


def _unkept_problem(policy: Policy, version: Version) -> Problem:
    what = f"only this clone has the pinned tree {version.tree}: it is in no commit, archive or text/"
    return Problem(version.path, _line(policy, version), what, _REPAIR)


def _not_among(versions: Iterable[Version], trees: Iterable[str]) -> list[Version]:
    kept = frozenset(trees)
    return [version for version in versions if version.tree not in kept]


def _line(policy: Policy, version: Version) -> int:
    record = policy.folder / "versions" / f"{version.label}.md"
    return line_of(record.read_bytes(), "text") if record.is_file() else 0


__all__ = ["Repair", "lost_by_squash", "repair", "unkept", "verify"]
