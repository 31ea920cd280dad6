"""Records that were written by hand, in an editor or on a host's web page, and lack their pin.

Takes a site's settings; fills in `text:` and `digest:` of the working text, and what else can be known: the day of
publication, the title, the earliest date. What a person has to decide stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gazette.editorial import clock
from gazette.editorial.committing import approvers
from gazette.editorial.front_matter import set_key
from gazette.editorial.release import predecessor
from gazette.editorial.text_folder import policy_folder
from gazette.errors import ContentError, Problem, UsageError
from gazette.policy import timeline
from gazette.policy.canonical import digest
from gazette.policy.fields import split_front_matter
from gazette.policy.git import Repository
from gazette.policy.model import Change, Policy, Version
from gazette.policy.reading import read_policies, shown
from gazette.policy.records import parse_record
from gazette.policy.settings import Settings


@dataclass(frozen=True, slots=True)
class Completed:
    """A record and what it is to be."""

    policy: Policy
    path: Path
    record: bytes
    filled: tuple[str, ...]


def complete(settings: Settings, only: str | None = None) -> tuple[Completed, ...]:
    """Every record without a pin, completed; ContentError if one cannot be."""
    if only is not None:
        policy_folder(settings.content, only)
    policies, _ = read_policies(settings)
    done: list[Completed] = []
    for policy in policies:
        if only in (None, policy.id):
            done.extend(_policy(policy, settings))
    return tuple(done)


def _policy(policy: Policy, settings: Settings) -> Iterator[Completed]:
    incomplete = [path for path in sorted((policy.folder / "versions").glob("*.md")) if _missing(path, settings.root)]
    if len(incomplete) > 1:
        names = ", ".join(path.stem for path in incomplete)
        place = shown(policy.folder / "versions", settings.root)
        remedy = "release them one after the other: each pins the text as it is then"
        raise ContentError([Problem(place, 0, f"{names} have no pin, and there is one text", remedy)])
    for path in incomplete:
        if policy.text is None:
            raise UsageError(f"'{policy.id}' has no text to pin", "write its sections")
        yield _completed(policy, path, settings)


def _missing(path: Path, root: Path) -> tuple[str, ...]:
    """Which of the keys that can be filled in are not there, if the pin is among them."""
    problems: list[Problem] = []
    parts = split_front_matter(path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n"), path.name, problems)
    if parts is None:
        return ()
    keys = tuple(key for key in ("published", "effective", "title", "text", "digest") if not parts[0].text(key))
    return keys if "text" in keys or "digest" in keys else ()


def _completed(policy: Policy, path: Path, settings: Settings) -> Completed:
    missing = _missing(path, settings.root)
    document = path.read_bytes().decode()
    assert policy.text is not None
    with Repository.find(policy.folder) as repository:
        document = set_key(document, "text", repository.tree_of_folder(policy.folder / "text"))
        document = set_key(document, "digest", digest(policy.text))
        if "published" in missing:
            document = set_key(document, "published", settings.day)
        if "title" in missing:
            document = set_key(document, "title", policy.title)
        if "effective" in missing:
            document = set_key(document, "effective", _earliest(document, policy, settings))
        version, problems = parse_record(path.name, document.encode(), shown(path, settings.root))
        if version is not None:
            document = _with_history(document, version, policy, repository)
    if version is None:
        raise ContentError(problems)
    return Completed(policy, path, document.encode(), missing)


def _with_history(document: str, version: Version, policy: Policy, repository: Repository) -> str:
    """The record with what the other versions and the commits say: whom it follows, and who approved it."""
    others = [other for other in policy.versions if other.label != version.label]
    before = predecessor(others, version.effective, version.published)
    default = timeline.predecessor(version, [*others, version])
    if not (version.predecessor or version.replaces) and before is not None and default is not before:
        document = set_key(document, "predecessor", before.label)
    names = approvers(repository, policy, before) if not version.approved_by else ()
    return set_key(document, "approved_by", [*names]) if names else document


def _earliest(document: str, policy: Policy, settings: Settings) -> str:
    """The earliest date for the kind of change that the record has."""
    problems: list[Problem] = []
    parts = split_front_matter(document.replace("\r\n", "\n"), policy.id, problems)
    written = parts[0].text("change") if parts else ""
    change = Change(written) if written in set(Change) else Change.MATERIAL
    return clock.earliest(policy.notice, change, settings.day).isoformat()
