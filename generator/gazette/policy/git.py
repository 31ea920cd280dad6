"""Everything that Gazette asks of git, behind one class; nothing else imports `git`.

Takes paths, object ids and bytes; gives object ids and bytes. Hides git's commands, its processes and its index.
Nothing is ever checked out, no reference or index is touched, and no commit and no identity is needed.
Objects are read by a `Reader`; they are written as one pack through one `git index-pack`. GitPython is loaded where
something else than reading is asked.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from subprocess import PIPE
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from gazette.errors import GazetteError, UsageError
from gazette.policy.objects import Stored, object_id, pack, store, store_leaves
from gazette.policy.reader import GitError, Reader, ask

if TYPE_CHECKING:
    from git.cmd import Git
    from git.exc import GitCommandError

#: Where a series of commits grows until HEAD takes it.
_SERIES = "refs/gazette/series"


class MissingObject(GazetteError):  # noqa: N818 - it says what is the matter
    """Objects that this clone does not have. `shallow` says that the clone does not hold its whole history."""

    def __init__(self, ids: Iterable[str], shallow: bool) -> None:
        self.ids, self.shallow = tuple(ids), shallow
        super().__init__(f"git has no tree {', '.join(self.ids)}; {mending(shallow)}")


def mending(shallow: bool) -> str:
    """The command that brings back objects which this clone lacks."""
    if shallow:
        return "this clone is shallow: run 'git fetch --unshallow'"
    return "run 'git fetch --all' to get it from another clone, then 'gazette verify --repair'"


class Repository:
    """One git repository with a work tree. `root` is the top folder of that work tree."""

    def __init__(self, root: Path, algorithm: str, is_shallow: bool) -> None:
        self.root, self.algorithm, self.is_shallow = root, algorithm, is_shallow
        self._reader = Reader(root, algorithm)

    @classmethod
    def find(cls, path: Path) -> Repository:
        """The repository that holds `path`, in that folder or above it; UsageError if there is none."""
        folder = next((p for p in (path, *path.parents) if p.is_dir()), Path.cwd())
        facts = ("--show-toplevel", "--show-object-format", "--is-shallow-repository")
        try:
            answer = ask(folder, "rev-parse", *facts)
        except FileNotFoundError as error:
            raise UsageError("git is not installed", "install git 2.30 or later") from error
        if answer.returncode:
            said = _words(answer.stderr)
            if "not a git repository" in said:
                raise UsageError(f"{folder} is in no git repository", "run 'git init' in the site's folder")
            raise UsageError(f"git cannot use the repository of {folder}: {said}", "mend that first")
        top, algorithm, shallow = os.fsdecode(answer.stdout).removesuffix("\n").rsplit("\n", 2)
        return cls(Path(top), algorithm, shallow == "true")

    @classmethod
    def create(cls, folder: Path, branch: str = "main") -> Repository:
        """A new repository without a commit, whose first branch has this name."""
        try:
            answer = ask(folder, "init", "--quiet", f"--initial-branch={branch}")
        except FileNotFoundError as error:
            raise UsageError("git is not installed", "install git 2.30 or later") from error
        if answer.returncode:
            said = _words(answer.stderr)
            raise UsageError(f"git cannot begin a repository in {folder}: {said}", "choose another")
        return cls.find(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the reading process; it starts again if something is read."""
        self._reader.close()

    def forget(self) -> None:
        """Let go of the trees that were read; they are read again when they are asked for."""
        self._reader.forget()

    def ask(self, *arguments: str, env: Mapping[str, str] | None = None) -> bytes:
        """What git answers to a command, as bytes; GitError with its words if it fails."""
        return self._run(*arguments, env=env)

    # Reading

    def read_trees(self, ids: Iterable[str]) -> dict[str, dict[str, bytes]]:
        """The files of each tree, by path in it; MissingObject if this clone lacks a tree or a file of one."""
        wanted = tuple(dict.fromkeys(ids))
        listed = self.list_trees(wanted)
        blobs = self.read_blobs({blob for paths in listed.values() for blob in paths.values()})
        missing = [i for i in wanted if i not in listed or any(blob not in blobs for blob in listed[i].values())]
        if missing:
            raise MissingObject(missing, self.is_shallow)
        return {tree: {path: blobs[blob] for path, blob in paths.items()} for tree, paths in listed.items()}

    def list_trees(self, ids: Iterable[str]) -> dict[str, dict[str, str]]:
        """Path → blob id for each of the trees that this clone has whole; links and submodules are passed over."""
        return self._reader.list_trees(ids)

    def read_blobs(self, ids: Iterable[str]) -> dict[str, bytes]:
        """The bytes of each blob that this clone has."""
        return self._reader.read_blobs(ids)

    def lacking(self, ids: Iterable[str]) -> frozenset[str]:
        """Those objects that this clone does not have; what is inside a tree is not asked for."""
        return self._reader.lacking(ids)

    # Writing

    def write_tree(self, files: Mapping[str, bytes]) -> str:
        """Store `files` (path → bytes) as they are, and give the id of their tree."""
        return self.write_trees([files])[0]

    def write_trees(self, trees: Iterable[Mapping[str, bytes]]) -> tuple[str, ...]:
        """Store many trees through one git process. Nothing refers to them: keep their files, or commit them."""
        objects: dict[str, Stored] = {}
        ids = []
        for files in trees:
            tree, needed = store(files, self.algorithm)
            objects.update(needed)
            ids.append(tree)
        self._write(objects)
        return tuple(ids)

    def tree_of_folder(self, folder: Path) -> str:
        """Store a folder as `git add` would, filters applied, and give the id of its tree.

        Works on a copy of the index, so that what is staged stays as it is.
        """
        relative = self.relative(folder)
        with tempfile.TemporaryDirectory(prefix="gazette-") as temporary:
            index = Path(temporary, "index")
            current = Path(
                self._run("rev-parse", "--path-format=absolute", "--git-path", "index").decode().rstrip("\n")
            )
            if current.is_file():
                # With its time: git trusts what the index remembers of a file only if the index is younger.
                shutil.copy2(current, index)
            env = {"GIT_INDEX_FILE": str(index)}
            self._run("-c", "core.safecrlf=false", "add", "--all", "--", f":(top,literal){relative}", env=env)
            listing = self._run("ls-files", "--stage", "-z", "--", f":(top,literal){relative}", env=env)
        leaves: dict[str, tuple[str, str]] = {}
        for line in filter(None, listing.split(b"\0")):
            facts, _, path = line.partition(b"\t")
            mode, identifier, _stage = facts.decode().split()
            name = path.decode("utf-8", "surrogateescape")
            leaves[name.removeprefix(f"{relative}/")] = mode, identifier
        objects: dict[str, Stored] = {}
        tree = store_leaves(leaves, objects, self.algorithm)
        self._write(objects)
        return tree

    def _write(self, objects: Mapping[str, Stored]) -> None:
        if not objects:
            return
        command = ["git", "index-pack", "--stdin"]
        process: Any = self._git.execute(command, istream=PIPE, as_process=True)
        _, said = process.communicate(pack(objects.values(), self.algorithm))
        if process.returncode:
            raise GitError(f"git cannot store objects: {said.decode('utf-8', 'replace').strip()}")
        # A reader that is running would look for new packs by itself, at a price for each object it lacks.
        self.close()

    def require_identity(self) -> None:
        """UsageError unless git knows who commits."""
        if not self._succeeds("var", "GIT_COMMITTER_IDENT"):
            remedy = "run 'git config user.name' and 'git config user.email' with yours"
            raise UsageError("git does not know who commits", remedy)

    def commit_series(
        self, folder: Path, commits: Iterable[tuple[str, Mapping[str, str], Mapping[str, bytes]]]
    ) -> None:
        """One commit after the other on HEAD, through one git process; each is a message, trees and files of `folder`.

        Trees (path → id) and files (path → bytes) are named from `folder`; what a commit does not name stays, but the
        first begins with an empty folder. HEAD moves once, at the end, and the index follows for this folder alone.
        """
        identity = self._run("var", "GIT_COMMITTER_IDENT").strip()
        place = self.relative(folder)
        head = self._run("rev-parse", "HEAD").strip() if self.has_commits else b""
        stream: list[bytes] = [b"feature done\n"]
        for number, (message, trees, files) in enumerate(commits):
            body = message.encode()
            stream.append(b"commit %s\ncommitter %s\ndata %d\n%s\n" % (_SERIES.encode(), identity, len(body), body))
            if number == 0:
                stream.append((b"from %s\n" % head if head else b"") + b"D %s\n" % _quoted(place))
            for path, tree in trees.items():
                stream.append(b"M 040000 %s %s\n" % (tree.encode(), _quoted(f"{place}/{path}")))
            for path, data in files.items():
                stream.append(b"M 100644 inline %s\ndata %d\n%s\n" % (_quoted(f"{place}/{path}"), len(data), data))
        stream.append(b"done\n")
        try:
            process: Any = self._git.execute(
                ["git", "fast-import", "--quiet", "--force"], istream=PIPE, as_process=True
            )
            _, said = process.communicate(b"".join(stream))
            if process.returncode:
                raise GitError(f"git cannot commit: {said.decode('utf-8', 'replace').strip()}")
            self._run("update-ref", "-m", "gazette: commits", "HEAD", _SERIES, head.decode() or "0" * _length(self))
        finally:
            self._succeeds("update-ref", "-d", _SERIES)
        self.close()
        self._run("add", "--all", "--", f":(top,literal){place}")

    # History

    @property
    def has_commits(self) -> bool:
        """False on an unborn HEAD: a repository before its first commit."""
        return self._succeeds("rev-parse", "--quiet", "--verify", "HEAD^{commit}")

    def trees_in_history(self, folder: Path | None = None, revision: str = "HEAD") -> dict[str, str]:
        """Every tree reachable from a revision → a path it had; of one folder's history only, if one is given."""
        if not self._succeeds("rev-parse", "--quiet", "--verify", f"{revision}^{{commit}}"):
            return {}
        limit = ["--full-history", "--", f":(top,literal){self.relative(folder)}"] if folder is not None else ["--"]
        listing = self._run("rev-list", "--objects", "--filter=blob:none", revision, *limit)
        lines = (line.split(" ", 1) for line in listing.decode("utf-8", "surrogateescape").split("\n"))
        return {line[0]: line[1] for line in lines if len(line) == 2}

    def published_revision(self) -> str:
        """What is public: the remote's main branch where one is known, else HEAD."""
        upstream = "refs/remotes/origin/HEAD"
        return upstream if self._succeeds("rev-parse", "--quiet", "--verify", f"{upstream}^{{commit}}") else "HEAD"

    def file_at(self, revision: str, path: Path) -> bytes | None:
        """A file as a revision holds it, or None."""
        try:
            return self._run("cat-file", "blob", f"{revision}:{self.relative(path)}")
        except GitError:
            return None

    def trees_at(self, revision: str) -> frozenset[str]:
        """The trees of a revision itself, without its history: what is left of it after a squash merge."""
        listing = self._run("ls-tree", "-r", "-d", "-z", "--full-tree", revision)
        return frozenset(line.split(b"\t")[0].split()[2].decode() for line in listing.split(b"\0") if line)

    def mentions(self, revision: str, words: str) -> bool:
        """Whether a file of a revision holds these words."""
        return self._succeeds("grep", "--quiet", "--fixed-strings", "-e", words, revision, "--", ":(top)")

    def relative(self, path: Path) -> str:
        """A path as git names it: from the top of the work tree, with slashes."""
        try:
            return path.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError as error:
            raise UsageError(f"{path} lies outside the repository {self.root}", "move it inside") from error

    @cached_property
    def _git(self) -> Git:
        os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")  # without it the import fails where git is not installed
        from git.cmd import Git

        return Git(str(self.root))

    def _succeeds(self, *arguments: str) -> bool:
        try:
            self._run(*arguments)
        except GitError:
            return False
        return True

    def _run(self, *arguments: str, env: Mapping[str, str] | None = None) -> bytes:
        from git.exc import GitCommandError

        try:
            answer = self._git.execute(
                ["git", *arguments], env=env, stdout_as_string=False, strip_newline_in_stdout=False
            )
        except GitCommandError as error:
            raise GitError(f"git {arguments[0]}: {_unframed(error)}") from error
        assert isinstance(answer, bytes)
        return answer


def _quoted(path: str) -> bytes:
    """A path as fast-import reads it."""
    return ('"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"').encode("utf-8", "surrogateescape")


def _length(repository: Repository) -> int:
    return 64 if repository.algorithm == "sha256" else 40


def _words(said: bytes) -> str:
    """git's own words, on one line, without what they begin with."""
    lines = [line for line in said.decode("utf-8", "replace").split("\n") if line and not line.startswith("hint:")]
    return " ".join(lines).removeprefix("fatal: ")


def _unframed(error: GitCommandError) -> str:
    """git's own words, without the frame that GitPython puts around them."""
    text = error.stderr.removeprefix("\n").strip()
    text = text.removeprefix("stderr:").strip().strip("'")
    return _words(text.encode()) or f"exit code {error.status}"


__all__ = ["GitError", "MissingObject", "Repository", "mending", "object_id"]
