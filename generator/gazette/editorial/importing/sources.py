"""Where the versions of a policy are taken from: files, folders of files, or the history of one file in git.

The only module of the import that reads the world.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from gazette.editorial.importing.chronology import Source, natural
from gazette.editorial.importing.document import warning
from gazette.editorial.importing.reading import KNOWN, is_known
from gazette.errors import Problem, UsageError
from gazette.policy.git import GitError, Repository


def sources_from_files(
    paths: Sequence[Path], published: Sequence[date] = ()
) -> tuple[tuple[Source, ...], tuple[Problem, ...]]:
    """The files named, and those in the folders named; what is in a folder and no text is passed over with a word."""
    files: list[Path] = []
    warnings: list[Problem] = []
    for path in paths:
        if path.is_dir():
            inside = sorted((p for p in path.iterdir() if p.is_file()), key=lambda p: natural(p.name))
            visible = [p for p in inside if not p.name.startswith(".")]
            files.extend(p for p in visible if is_known(p.name))
            warnings += [
                warning(str(p), 0, "passed over: its name is not that of a text")
                for p in visible
                if not is_known(p.name)
            ]
        else:
            files.append(path)
    if not files:
        raise UsageError("there is no text to import", f"name files that end in {', '.join(KNOWN)}")
    for file in files:
        if not is_known(file.name):
            raise UsageError(f"{file}: cannot be imported", f"save it as one of {', '.join(KNOWN)}")
    if published and len(published) != len(files):
        what = f"--published is there {len(published)} times for {len(files)} files"
        raise UsageError(what, "give it once for each, in the same order, or date the files by their names")
    days: list[date | None] = [*published] or [None] * len(files)
    return tuple(_read(file, day) for file, day in zip(files, days, strict=True)), tuple(warnings)


def sources_from_git(folder: Path, path: str) -> tuple[tuple[Source, ...], tuple[Problem, ...]]:
    """Every version of one file on the way to HEAD (first parents), oldest first, renames followed."""
    repository = Repository.find(folder.resolve())
    inside = _path_in(repository, folder, path)
    if repository.is_shallow:
        raise UsageError(f"{folder} is a shallow clone", "run 'git fetch --unshallow' in it, so that its past is there")
    if not repository.has_commits:
        raise UsageError(f"{folder} has no commit yet", "name a repository with a history")
    entries = _log(repository, inside)
    if not entries:
        raise UsageError(
            f"{folder}: no commit holds {path}", "name the file as git does, from the top of the repository"
        )
    blobs = repository.read_blobs({blob for *_, blob in entries})
    sources = [
        Source(f"{name}@{commit[:10]}", Path(name).name, blobs[blob], committed=day)
        for commit, day, name, blob in entries
    ]
    names = list(dict.fromkeys(name for _, _, name, _ in entries))
    warnings = [warning(after, 0, f"was {before} in earlier commits") for before, after in itertools.pairwise(names)]
    return tuple(sources), tuple(warnings)


def _read(path: Path, published: date | None) -> Source:
    try:
        return Source(str(path), path.name, path.read_bytes(), published)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}", "name another file") from error


def _path_in(repository: Repository, folder: Path, path: str) -> str:
    """`path` as git names it: from the top of the repository, or from the folder that was named."""
    below = (folder.resolve() / path).resolve()
    if below.is_relative_to(repository.root.resolve()):
        return below.relative_to(repository.root.resolve()).as_posix()
    return path


def _log(repository: Repository, path: str) -> list[tuple[str, date, str, str]]:
    """Commit, author's day, path and blob of each version, oldest first."""
    command = ("log", "--first-parent", "-m", "--follow", "-M", "--raw", "--no-abbrev", "-z", "--date=short")
    try:
        output = repository.ask("-c", "core.quotepath=false", *command, "--format=%x01%H %ad", "HEAD", "--", path)
    except GitError as error:
        raise UsageError(f"git cannot tell the history of {path}: {error}", "mend that first") from error
    entries = []
    for chunk in output.decode("utf-8", "surrogateescape").split("\x01")[1:]:
        header, _, changes = chunk.partition("\x00")
        commit, day = header.split(" ", 1)
        fields = changes.lstrip("\n").split("\x00")
        facts = fields[0].lstrip(":").split(" ")
        if len(facts) < 5 or facts[4].startswith("D") or not facts[1].startswith("100"):
            continue
        name = fields[2] if facts[4][0] in "RC" else fields[1]
        entries.append((commit, date.fromisoformat(day.strip()), name, facts[3]))
    entries.reverse()
    # A commit that only renamed the file, or changed its mode, published nothing.
    return [entry for place, entry in enumerate(entries) if place == 0 or entry[3] != entries[place - 1][3]]
