"""The text of every version, from its pin: a tree in git's object database, or the same files in `archive/<label>/`.

Takes a repository and policies; gives `Text`s that match their records, or problems that name the mending command.
A text is never given whose tree or digest is not that of its record. Each tree and blob is read once, and a section
that many versions share is parsed once. Checks nothing out and writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gazette.errors import ContentError, Problem, UsageError
from gazette.policy import archive
from gazette.policy.canonical import digest
from gazette.policy.fields import line_of
from gazette.policy.files import ASSETS, assemble, blob_id, is_section_path, parse_section
from gazette.policy.git import Repository, mending
from gazette.policy.model import Policy, Section, Text, Version
from gazette.policy.objects import algorithm_of

#: More versions than these without a text are one problem, not a list.
_NAMED_ONE_BY_ONE = 3


@dataclass(frozen=True)
class Pinned:
    """What a pin leads to. `blobs` are its files, path → blob id; `archived` says that git itself lacks them."""

    text: Text
    blobs: Mapping[str, str]
    archived: bool
    unreadable: tuple[Problem, ...] = ()


class Pins:
    """The pinned texts of some policies. Without a repository only `archive/` is looked at."""

    def __init__(
        self,
        repository: Repository | None,
        policies: Iterable[Policy] = (),
        verified: set[tuple[str, str]] | None = None,
    ) -> None:
        """`verified` are the trees with the digests that their texts were seen to have; more are added."""
        self.repository = repository
        self._verified = verified if verified is not None else set()
        self._found: dict[tuple[str, str, str], Pinned | None] = {}
        self._sections: dict[tuple[str, str], tuple[Section | None, tuple[Problem, ...]]] = {}
        for policy in policies:
            self._load(policy)

    @classmethod
    def find(cls, content: Path, policies: Iterable[Policy] = ()) -> Pins:
        """The pins of the repository that holds `content`; UsageError if there is none and `archive/` lacks a text."""
        policies = tuple(policies)
        try:
            repository = Repository.find(content)
        except UsageError:
            if not any(policy.versions for policy in policies):
                return cls(None)
            if all(archive.has_archive(p.folder, v.label) for p in policies for v in p.versions):
                return cls(None, policies)
            raise
        return cls(repository, policies)

    def text(self, policy: Policy, version: Version) -> Text:
        """The text of one version; ContentError if it cannot be had or does not match its record."""
        problems = self.version_problems(policy, version)
        if problems:
            raise ContentError(problems)
        return self._only(policy, version).text

    def texts(self, policy: Policy) -> dict[str, Text]:
        """The texts of all versions of a policy by label; ContentError with every problem if one is missing."""
        problems = self.problems(policy)
        if problems:
            raise ContentError(problems)
        return {version.label: self._only(policy, version).text for version in policy.versions}

    def files(self, policy: Policy, version: Version) -> dict[str, bytes]:
        """The pinned files of one version, assets included, by path; ContentError if they cannot be had."""
        pinned = self.pinned(policy, version)
        if pinned is not None and not pinned.archived and self.repository is not None:
            blobs = self.repository.read_blobs(pinned.blobs.values())
            if all(blob in blobs for blob in pinned.blobs.values()):
                return {path: blobs[blob] for path, blob in pinned.blobs.items()}
        files = archive.read_archive(policy.folder, version.label, version.tree)
        if files is None:
            raise ContentError([self._missing(policy, version)])
        return files

    def pinned(self, policy: Policy, version: Version) -> Pinned | None:
        """What a version's pin leads to, whether or not its digest matches; None if it leads nowhere."""
        key = _key(policy, version)
        if key not in self._found:
            self._load(policy)
        return self._found.get(key)

    def problems(self, policy: Policy) -> tuple[Problem, ...]:
        """What does not hold, over all versions: a text that is missing, or that is not the recorded one."""
        missing = [v for v in policy.versions if v.tree and self.pinned(policy, v) is None]
        others = [v for v in policy.versions if v not in missing]
        found = [problem for version in others for problem in self.version_problems(policy, version)]
        if len(missing) > _NAMED_ONE_BY_ONE:
            return self._many_missing(missing), *found
        return *(self._missing(policy, version) for version in missing), *found

    def version_problems(self, policy: Policy, version: Version) -> tuple[Problem, ...]:
        """What does not hold of one version."""
        if not version.tree:
            return (Problem(version.path, 0, "the version has no pin", "write its 'text:'"),)
        pinned = self.pinned(policy, version)
        if pinned is None:
            return (self._missing(policy, version),)
        if pinned.unreadable:
            return pinned.unreadable
        if not version.digest or (version.tree, version.digest) in self._verified:
            return ()
        actual = digest(pinned.text)
        if actual == version.digest:
            self._verified.add((version.tree, version.digest))
        else:
            what = f"the digest is not that of the pinned text, {actual}"
            return (self._problem(policy, version, "digest", what, "run 'gazette verify --repair'"),)
        return ()

    def text_of_trees(self, trees: Iterable[str]) -> dict[str, Text]:
        """The texts of any trees that git has, for a search by digest."""
        return {tree: pinned.text for tree, pinned in self._from_git(trees).items() if not pinned.unreadable}

    def _only(self, policy: Policy, version: Version) -> Pinned:
        pinned = self.pinned(policy, version)
        if pinned is None:
            raise ContentError([self._missing(policy, version)])
        return pinned

    def _load(self, policy: Policy) -> None:
        """All versions of a policy that are not yet known, in one batch."""
        wanted = [version for version in policy.versions if _key(policy, version) not in self._found]
        stored = self._from_git(version.tree for version in wanted if version.tree)
        for version in wanted:
            pinned = stored.get(version.tree) or self._from_archive(policy, version)
            self._found[_key(policy, version)] = pinned

    def _from_git(self, trees: Iterable[str]) -> dict[str, Pinned]:
        if self.repository is None:
            return {}
        algorithm = self.repository.algorithm
        listed = self.repository.list_trees(tree for tree in trees if algorithm_of(tree) == algorithm)
        wanted = {
            blob
            for blobs in listed.values()
            for path, blob in blobs.items()
            if is_section_path(path) and (path, blob) not in self._sections
        }
        data = self.repository.read_blobs(wanted)
        pinned: dict[str, Pinned] = {}
        for tree, blobs in listed.items():
            if all(
                (path, blob) in self._sections or blob in data for path, blob in blobs.items() if is_section_path(path)
            ):
                pinned[tree] = self._parse(tree, blobs, data, archived=False)
        return pinned

    def _from_archive(self, policy: Policy, version: Version) -> Pinned | None:
        files = archive.read_archive(policy.folder, version.label, version.tree) if version.tree else None
        if files is None:
            return None
        blobs = {path: blob_id(data, algorithm_of(version.tree)) for path, data in files.items()}
        by_id = {blobs[path]: data for path, data in files.items()}
        return self._parse(version.tree, blobs, by_id, archived=True)

    def _parse(self, tree: str, blobs: Mapping[str, str], data: Mapping[str, bytes], archived: bool) -> Pinned:
        sections: list[tuple[str, Section]] = []
        unreadable: list[Problem] = []
        for path, blob in blobs.items():
            if not is_section_path(path):
                continue
            key = path, blob
            if key not in self._sections:
                self._sections[key] = parse_section(path, data[blob], f"{tree[:12]}:{path}", is_draft=False)
            section, problems = self._sections[key]
            if section is None:
                unreadable.extend(problems)
            else:
                sections.append((path, section))
        assets = tuple(sorted((path, blob) for path, blob in blobs.items() if path.startswith(ASSETS)))
        return Pinned(assemble(sections, assets), blobs, archived, tuple(unreadable))

    def _missing(self, policy: Policy, version: Version) -> Problem:
        if archive.has_archive(policy.folder, version.label):
            what = f"neither git nor archive/{version.label}/ has the pinned tree {version.tree}"
        else:
            what = f"git has no tree {version.tree}"
        return self._problem(policy, version, "text", what, self._mending())

    def _many_missing(self, versions: list[Version]) -> Problem:
        named = ", ".join(version.label for version in versions[:_NAMED_ONE_BY_ONE])
        what = f"git has not the texts of {named} and {len(versions) - _NAMED_ONE_BY_ONE} more versions"
        return Problem(Path(versions[0].path).parent.as_posix(), 0, what, self._mending())

    def _mending(self) -> str:
        if self.repository is None:
            return "work in a clone of the repository: here there is none"
        return mending(self.repository.is_shallow)

    def _problem(self, policy: Policy, version: Version, key: str, what: str, remedy: str) -> Problem:
        record = policy.folder / "versions" / f"{version.label}.md"
        line = line_of(record.read_bytes(), key) if record.is_file() else 0
        return Problem(version.path, line, what, remedy)


def _key(policy: Policy, version: Version) -> tuple[str, str, str]:
    return policy.id, version.label, version.tree
