"""The published past: what was public before, and whether it still is what it was.

Takes a repository and the site's content; gives each published record as it was, with the commit that says so, and the
problems where the present differs. A record may gain `rescheduled`, `withdrawn`, `approved_by` and another pin to the
same words; nothing else of it may change once it was public, and it may not go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from gazette.errors import Problem, UsageError
from gazette.policy.fields import line_of
from gazette.policy.git import GitError, Repository
from gazette.policy.model import Version
from gazette.policy.records import parse_record

_NOWHERE = "0" * 40

#: What must stay: the field, the key in the record, and how it is put right.
_LASTING = (
    ("change", "change", "the kind of change"),
    ("title", "title", "the title"),
    ("digest", "digest", "the digest"),
    ("predecessor", "predecessor", "the predecessor"),
    ("replaces", "replaces", "what it replaces"),
    ("sequence", "sequence", "the sequence"),
    ("imported", "imported", "'imported'"),
)


@dataclass(frozen=True, slots=True)
class Published:
    """A record as it was published, and the short id of a commit that holds it."""

    version: Version
    commit: str


@dataclass(frozen=True)
class Past:
    """What was there before: all records by path at the revision compared with, and the published ones as they were
    when their day came and as they were at that revision.

    `revision` is empty where there is nothing to compare with: no repository, or no commit yet.
    """

    revision: str = ""
    records: Mapping[str, Version] = field(default_factory=dict)
    published: Mapping[str, tuple[Published, ...]] = field(default_factory=dict)

    def brings(self, version: Version) -> bool:
        """Whether the version was not there before, in this folder or, if its policy was renamed, in another."""
        if version.path in self.records or version.path in self.published:
            return False
        return not version.digest or _identity(version) not in self._identities

    @cached_property
    def _identities(self) -> frozenset[tuple[str, str]]:
        published = (known.version for entries in self.published.values() for known in entries)
        return frozenset(map(_identity, (*self.records.values(), *published)))


def read_past(repository: Repository | None, root: Path, content: Path, base: str | None, day: date) -> Past:
    """The past of a site's content: where HEAD's line left `base`, else at HEAD, and through the history before."""
    if repository is None or not repository.has_commits:
        if base and base.strip("0"):
            raise UsageError(f"there is no revision '{base}'", "commit first, or leave --base out")
        return Past()
    revision = _revision(repository, base)
    records = _records_at(repository, revision, root, content)
    short = _short(repository, revision)
    published: dict[str, tuple[Published, ...]] = {}
    for path, known in _from_history(repository, revision, root, content):
        published[path] = (known,)
    for path, version in records.items():
        if version.published <= day:
            published[path] = (*published.get(path, ()), Published(version, short))
    return Past(revision, records, published)


def changes_to_the_past(past: Past, versions: Mapping[str, Version], root: Path, prefix: str = "") -> Iterator[Problem]:
    """What of the published past is not what it was. `versions` are all present records that could be read, by path."""
    present = frozenset(map(_identity, versions.values()))
    for path, known in sorted(past.published.items()):
        if not path.startswith(prefix):
            continue
        if not (root / path).is_file():
            if any(_identity(one.version) in present for one in known):
                continue  # the policy's folder has another name now
            label, commit = known[0].version.label, known[0].commit
            what = f"the version '{label}' was published (see commit {commit}) and is gone"
            yield Problem(path, 0, what, f"bring it back: git checkout {commit} -- {path}")
        elif path in versions:
            data = (root / path).read_bytes()
            found: dict[str, Problem] = {}
            for before in known:
                for key, what, remedy in _differences(before, versions[path]):
                    line = line_of(data, key) if key else data.count(b"\n", 0, data.find(b"\n---") + 1) + 2
                    found.setdefault(key, Problem(path, line, what, remedy))
            yield from found.values()


def _differences(before: Published, now: Version) -> Iterator[tuple[str, str, str]]:
    """(key of the record or nothing for its summary, what is wrong, what to do)."""
    was, commit = before.version, before.commit
    if was.published != now.published:
        what = f"'published' was {was.published} when it was published (commit {commit})"
        yield "published", what, f"write {was.published} again"
    if was.effective != now.effective:
        what = f"'effective' was {was.effective} when it was published (commit {commit})"
        move = f"gazette reschedule … {now.label} --effective {now.effective}"
        yield "effective", what, f"write {was.effective} again, and move the date with '{move}'"
    for name, key, shown in _LASTING:
        if getattr(was, name) != getattr(now, name):
            what = f"{shown} changed after it was published (it is '{_shown(getattr(was, name))}' in commit {commit})"
            remedy = f"bring it back: git checkout {commit} -- {now.path}; what should be said now is a new version"
            yield key, what, remedy
    if was.summary != now.summary:
        what = f"the summary changed after it was published (compare commit {commit})"
        yield "", what, "bring back what people were told"
    if now.rescheduled[: len(was.rescheduled)] != was.rescheduled:
        what = f"an entry of 'rescheduled' changed or went after it was published (commit {commit})"
        yield "rescheduled", what, "bring it back, and add another entry"
    if was.withdrawn is not None and was.withdrawn != now.withdrawn:
        what = f"'withdrawn' changed after it was published (commit {commit})"
        yield "withdrawn", what, "bring it back; to publish the text again, release it"


def _identity(version: Version) -> tuple[str, str]:
    """What stays of a version whatever its folder is called."""
    return version.label, version.digest


def _shown(value: object) -> str:
    return "nothing" if value is None or value == "" else str(value)


def _revision(repository: Repository, base: str | None) -> str:
    """The commit to compare with: where HEAD's line left that of `base`, or HEAD."""
    if not base or not base.strip("0"):
        return _commit(repository, "HEAD")
    try:
        wanted = _commit(repository, base)
    except GitError as error:
        raise UsageError(f"there is no revision '{base}'", "fetch it, or name another with --base") from error
    try:
        return repository.ask("merge-base", wanted, "HEAD").decode().strip()
    except GitError:
        return wanted


def _commit(repository: Repository, revision: str) -> str:
    return repository.ask("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").decode().strip()


def _short(repository: Repository, revision: str) -> str:
    return repository.ask("rev-parse", "--short", revision).decode().strip()


def _records_at(repository: Repository, revision: str, root: Path, content: Path) -> dict[str, Version]:
    """The records of a revision by their path from the site's folder."""
    listing = repository.ask("ls-tree", "-r", "-z", "--full-tree", revision, "--", f"{repository.relative(content)}/")
    blobs: dict[str, str] = {}
    for line in filter(None, listing.split(b"\0")):
        facts, _, name = line.partition(b"\t")
        path = name.decode("utf-8", "surrogateescape")
        if _is_record(path):
            blobs[path] = facts.split()[2].decode()
    data = repository.read_blobs(blobs.values())
    return {
        place: version
        for path, blob in blobs.items()
        if blob in data
        and (place := _from_root(repository, root, path))
        and (version := _parsed(place, data[blob])) is not None
    }


def _from_history(repository: Repository, revision: str, root: Path, content: Path) -> Iterator[tuple[str, Published]]:
    """Each record as it stood when its day of publication had come, and the commit of that, along the first parents."""
    steps = _steps(repository, revision, content)
    length = len(_short(repository, "HEAD"))
    data = repository.read_blobs({blob for entries in steps.values() for _, _, blob in entries if blob})
    for path, entries in steps.items():
        place = _from_root(repository, root, path)
        known: Published | None = None
        for commit, on, blob in entries:
            if known is not None and on > known.version.published:
                break
            version = _parsed(place, data[blob]) if blob in data else None
            known = Published(version, commit[:length]) if version is not None else None
        if known is not None:
            yield place, known


def _steps(repository: Repository, revision: str, content: Path) -> dict[str, list[tuple[str, date, str]]]:
    """For each record's path (commit, its day, the blob or nothing), oldest first."""
    command = [
        "log",
        "--first-parent",
        "--diff-merges=first-parent",
        "--reverse",
        "--raw",
        "--no-renames",
        "--no-abbrev",
    ]
    listing = repository.ask(
        *command, "-z", "--format=%H %cs", revision, "--", f":(top,literal){repository.relative(content)}"
    )
    steps: dict[str, list[tuple[str, date, str]]] = {}
    commit, on, blob = "", date.min, ""
    for part in listing.decode("utf-8", "surrogateescape").replace("\n", "\0").split("\0"):
        if part.startswith(":"):
            blob = part.split(" ")[3]
        elif blob and part:
            if _is_record(part):
                steps.setdefault(part, []).append((commit, on, "" if blob == _NOWHERE else blob))
            blob = ""
        elif part:
            commit, _, written = part.partition(" ")
            on = date.fromisoformat(written)
    return steps


def _is_record(path: str) -> bool:
    parts = path.split("/")
    return len(parts) > 2 and parts[-2] == "versions" and path.endswith(".md")


def _from_root(repository: Repository, root: Path, path: str) -> str:
    """A path of git's as the user types it, from the site's folder."""
    prefix = repository.relative(root)
    return path if prefix == "." else path.removeprefix(f"{prefix}/")


def _parsed(path: str, data: bytes) -> Version | None:
    return parse_record(Path(path).name, data, path)[0]
