"""Tags of published versions: `<policy>/<label>`, signed where git has a key, and whether their signatures hold.

A tag is an author's signature for the auditor; nothing reads it to build. Takes a repository and policies; makes the
tags that are missing, and gives problems of those that are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gazette.errors import Problem, Severity
from gazette.policy import timeline
from gazette.policy.git import GitError, Repository
from gazette.policy.model import Policy, Version
from gazette.policy.records import parse_record

#: Who tags where git knows nobody, as on a fresh runner.
_NOBODY = ("-c", "user.name=Gazette", "-c", "user.email=gazette@localhost")
_SIGNATURES = (b"-----BEGIN SSH SIGNATURE-----", b"-----BEGIN PGP SIGNATURE-----", b"-----BEGIN SIGNED MESSAGE-----")


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tag that was made."""

    name: str
    commit: str
    signed: bool


def tag_name(policy: Policy, version: Version) -> str:
    return f"{policy.id}/{version.label}"


def missing_tags(repository: Repository, policies: Sequence[Policy], day: date) -> tuple[tuple[Policy, Version], ...]:
    """The versions published by `day` and committed, that have no tag yet, oldest first."""
    there = set(repository.ask("tag", "--list").decode().split())
    return tuple(
        (policy, version)
        for policy in policies
        for version in timeline.publication_order(policy.versions)
        if version.published <= day
        and tag_name(policy, version) not in there
        and repository.file_at("HEAD", _record(policy, version)) is not None
    )


def make_tags(repository: Repository, versions: Sequence[tuple[Policy, Version]]) -> tuple[Tagged, ...]:
    """Tag each version at the commit that brought its record."""
    signs = _has(repository, "user.signingkey") or _setting(repository, "tag.gpgSign") == "true"
    identity = () if _has(repository, "user.email") or _can_commit(repository) else _NOBODY
    made = []
    for policy, version in versions:
        name, commit = tag_name(policy, version), _commit_of(repository, _record(policy, version))
        message = f"{version.title} {version.label}\n\neffective: {version.effective}\ndigest: {version.digest}\n"
        repository.ask(*identity, "tag", "--sign" if signs else "--annotate", "--message", message, name, commit)
        made.append(Tagged(name, commit, signs))
    return tuple(made)


def push_tags(repository: Repository, tags: Sequence[Tagged], remote: str = "origin") -> None:
    """Send the new tags to the remote, in one step."""
    if tags:
        repository.ask("push", "--quiet", "--atomic", remote, *(f"refs/tags/{tag.name}" for tag in tags))


def tag_problems(repository: Repository, policies: Sequence[Policy], allowed: Path | None) -> Iterator[Problem]:
    """Tags that hold another record than the present one, and signatures that are not by an allowed signer."""
    there = set(repository.ask("tag", "--list").decode().split())
    for policy in policies:
        for version in policy.versions:
            name = tag_name(policy, version)
            if name in there:
                yield from _tag_problems(repository, policy, version, name, allowed)


def _tag_problems(
    repository: Repository, policy: Policy, version: Version, name: str, allowed: Path | None
) -> Iterator[Problem]:
    data = repository.file_at(f"refs/tags/{name}", _record(policy, version))
    tagged = parse_record(f"{version.label}.md", data, version.path)[0] if data is not None else None
    if tagged is None or tagged.digest != version.digest:
        what = f"the tag '{name}' holds another text than this record"
        yield Problem(version.path, 0, what, "find out which of them was published: git show " + name)
    signed = any(mark in repository.ask("cat-file", "-p", f"refs/tags/{name}") for mark in _SIGNATURES)
    if not signed:
        return
    if allowed is None:
        what = f"the tag '{name}' is signed, and there is no file of allowed signers to hold it against"
        yield Problem(version.path, 0, what, "name it with --allowed-signers", Severity.WARNING)
        return
    try:
        repository.ask("-c", f"gpg.ssh.allowedSignersFile={allowed}", "verify-tag", name)
    except GitError as error:
        what = f"the signature of the tag '{name}' does not hold"
        yield Problem(version.path, 0, f"{what} ({error})", "ask who signed it; allowed signers are in " + str(allowed))


def _record(policy: Policy, version: Version) -> Path:
    return policy.folder / "versions" / f"{version.label}.md"


def _commit_of(repository: Repository, record: Path) -> str:
    """The commit of the main line that brought the record, or HEAD if the history does not say."""
    path = f":(top,literal){repository.relative(record)}"
    found = repository.ask("log", "--first-parent", "--diff-filter=A", "--format=%H", "-1", "HEAD", "--", path)
    return found.decode().strip() or repository.ask("rev-parse", "HEAD").decode().strip()


def _has(repository: Repository, key: str) -> bool:
    return bool(_setting(repository, key))


def _setting(repository: Repository, key: str) -> str:
    try:
        return repository.ask("config", "--get", key).decode().strip()
    except GitError:
        return ""


def _can_commit(repository: Repository) -> bool:
    try:
        repository.ask("var", "GIT_COMMITTER_IDENT")
    except GitError:
        return False
    return True
