"""git's objects by their ids, read through one process that goes on; and git asked about a folder.

Takes ids, gives bytes; trees are parsed from theirs, each once. Starts git itself: a build does nothing else with git,
and GitPython takes longer to load than git to answer.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from weakref import finalize

from gazette.errors import GazetteError
from gazette.policy.objects import FOLDER, LINK, SUBMODULE, Entry, parse_tree

#: So many ids are asked for at once: their lines stay below what a pipe holds, so that neither side waits.
_REQUESTS_AT_ONCE = 500

#: How much of its packs git looks at a time: else all of them are in its memory when every text has been read.
_SMALL_WINDOWS = ("-c", "core.packedGitWindowSize=1m", "-c", "core.packedGitLimit=16m")


class GitError(GazetteError):
    """git could not do what was asked; its own words."""


def ask(folder: Path, *arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """What git answers, in its own language; FileNotFoundError where it is not installed."""
    return subprocess.run(["git", *arguments], cwd=folder, env=_environment(), input=data, capture_output=True)


class Reader:
    """The objects of one repository."""

    def __init__(self, root: Path, algorithm: str) -> None:
        self._root, self._algorithm = root, algorithm
        self._process: subprocess.Popen[bytes] | None = None
        self._end: finalize[[subprocess.Popen[bytes]], Reader] | None = None
        self._trees: dict[str, tuple[Entry, ...]] = {}

    def close(self) -> None:
        """End the process; it starts again if something is read."""
        if self._end is not None:
            self._end()
        self._process = self._end = None

    def forget(self) -> None:
        """Let go of the trees that were read; they are read again when they are asked for."""
        self._trees.clear()

    def list_trees(self, ids: Iterable[str]) -> dict[str, dict[str, str]]:
        """Path → blob id for each of the trees that this clone has whole; links and submodules are passed over."""
        wanted = tuple(dict.fromkeys(ids))
        self._load_trees(wanted)
        return {tree: paths for tree in wanted if (paths := self._list(tree)) is not None}

    def read_blobs(self, ids: Iterable[str]) -> dict[str, bytes]:
        """The bytes of each blob that this clone has."""
        return self._read(ids, "blob")

    def lacking(self, ids: Iterable[str]) -> frozenset[str]:
        """Those objects that this clone does not have; what is inside a tree is not asked for."""
        wanted = sorted(set(ids))
        if not wanted:
            return frozenset()
        lines = "".join(f"{i}\n" for i in wanted).encode()
        answer = ask(self._root, "cat-file", "--batch-check=%(objectname)", data=lines)
        if answer.returncode:
            raise GitError(f"git cannot read its objects: {answer.stderr.decode('utf-8', 'replace').strip()}")
        said = (line.split() for line in answer.stdout.decode().splitlines())
        return frozenset(line[0] for line in said if len(line) == 2)

    def _load_trees(self, ids: Iterable[str]) -> None:
        """Trees and the trees inside them, level by level, each once."""
        wanted = {tree for tree in ids if tree not in self._trees}
        while wanted:
            found = self._read(wanted, "tree")
            for tree, data in found.items():
                self._trees[tree] = parse_tree(data, self._algorithm)
            inner = {entry.id for tree in found for entry in self._trees[tree] if entry.mode == FOLDER}
            wanted = {tree for tree in inner if tree not in self._trees}

    def _list(self, tree: str) -> dict[str, str] | None:
        if tree not in self._trees:
            return None
        paths: dict[str, str] = {}
        for entry in self._trees[tree]:
            if entry.mode == FOLDER:
                inside = self._list(entry.id)
                if inside is None:
                    return None
                paths |= {f"{entry.name}/{path}": blob for path, blob in inside.items()}
            elif entry.mode not in (LINK, SUBMODULE):
                paths[entry.name] = entry.id
        return paths

    def _read(self, ids: Iterable[str], kind: str) -> dict[str, bytes]:
        """The bytes of the objects that are there and of this kind."""
        found: dict[str, bytes] = {}
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), _REQUESTS_AT_ONCE):
            found.update(self._read_batch(wanted[start : start + _REQUESTS_AT_ONCE], kind))
        return found

    def _read_batch(self, ids: Sequence[str], kind: str) -> dict[str, bytes]:
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        found: dict[str, bytes] = {}
        try:
            process.stdin.write("".join(f"{i}\n" for i in ids).encode())
            process.stdin.flush()
            for identifier in ids:
                header = process.stdout.readline().split()
                if len(header) == 2:  # "<id> missing"
                    continue
                if len(header) != 3:
                    raise self._failed(process)
                data = process.stdout.read(int(header[2]) + 1)
                if len(data) <= int(header[2]):
                    raise self._failed(process)
                if header[1].decode() == kind:
                    found[identifier] = data[:-1]
        except BrokenPipeError as error:
            raise self._failed(process) from error
        return found

    def _start(self) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        command = ["git", *_SMALL_WINDOWS, "cat-file", "--batch"]
        process = subprocess.Popen(command, cwd=self._root, env=_environment(), stdin=pipe, stdout=pipe, stderr=pipe)
        self._process, self._end = process, finalize(self, _end, process)
        return process

    def _failed(self, process: subprocess.Popen[bytes]) -> GitError:
        assert process.stderr is not None
        said = process.stderr.read().decode("utf-8", "replace").strip()
        self.close()
        return GitError(f"git cannot read its objects: {said or 'cat-file ended'}; run 'git fsck'")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process that nobody reads from any more."""
    process.terminate()
    for stream in (process.stdin, process.stdout, process.stderr):
        try:
            stream.close() if stream else None
        except OSError:  # what was not yet written to it
            continue
    process.wait()


def _environment() -> dict[str, str]:
    return {**os.environ, "LANGUAGE": "C", "LC_ALL": "C"}
