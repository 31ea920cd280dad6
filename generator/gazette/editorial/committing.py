"""The commit of a release, and who approved it according to the commits before.

Takes a repository and paths; hides git's ways. Only the given paths are committed, whatever else is staged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from gazette.errors import UsageError
from gazette.policy.git import GitError, Repository
from gazette.policy.model import Policy, Version

_TRAILERS = ("Reviewed-by", "Approved-by")
_ADDRESS = re.compile(r"\s*<[^>]*>\s*$")


def commit(repository: Repository, paths: Sequence[Path], message: str) -> str:
    """Commit these paths and nothing else; the short id of the commit."""
    names = [f":(top,literal){repository.relative(path)}" for path in paths]
    try:
        repository.ask("add", "--all", "--", *names)
        repository.ask("commit", "--quiet", "--message", message, "--only", "--", *names)
    except GitError as error:
        if "tell me who you are" in str(error) or "empty ident" in str(error):
            remedy = "git config user.name and user.email, or commit by hand"
            raise UsageError("git does not know who commits", remedy) from error
        raise
    return repository.ask("rev-parse", "--short", "HEAD").decode().strip()


def push(repository: Repository, remote: str = "origin") -> None:
    """Send HEAD to the branch it was checked out from."""
    branch = repository.ask("rev-parse", "--abbrev-ref", "HEAD").decode().strip()
    if branch == "HEAD":
        raise UsageError("HEAD is no branch, so there is nothing to push to", "check out the branch itself")
    repository.ask("push", "--quiet", remote, f"HEAD:refs/heads/{branch}")


def approvers(repository: Repository, policy: Policy, before: Version | None) -> tuple[str, ...]:
    """Who the trailers `Reviewed-by` and `Approved-by` name in the commits since the version before, without addresses.

    Trailers are read from the commits that touch the policy's folder.
    """
    if not repository.has_commits:
        return ()
    since = _commit_of(repository, policy, before) if before is not None else ""
    keys = ",".join(f"key={name}" for name in _TRAILERS)
    found = repository.ask(
        "log",
        "--reverse",
        f"--format=%(trailers:{keys},valueonly,unfold)",
        f"{since}..HEAD" if since else "HEAD",
        "--",
        f":(top,literal){repository.relative(policy.folder)}",
    )
    names = (_ADDRESS.sub("", line).strip() for line in found.decode("utf-8", "replace").splitlines())
    return tuple(dict.fromkeys(name for name in names if name))


def _commit_of(repository: Repository, policy: Policy, version: Version) -> str:
    """The last commit that touched the version's record, or nothing."""
    record = f":(top,literal){repository.relative(policy.folder / 'versions' / f'{version.label}.md')}"
    return repository.ask("log", "-1", "--format=%H", "HEAD", "--", record).decode().strip()
