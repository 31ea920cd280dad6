"""What the last build left in the site's folder, so that the next one keeps what would come out the same.

The files of a batch have a manifest: from which inputs each was made, its size and time. `set_aside` moves what the
manifests name out of the way before the site is cleaned, `bring_back` moves it back, without whatever else was in its
folders: one rename a policy. `open` gives the files of a batch, to be restored or written. `finish` makes the manifests
those of the build that is done. None is trusted from `set_aside` to `finish`: a build that ends in between, however it
ends, leaves nothing for a later one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote, unquote

from gazette.errors import UsageError
from gazette.site.cache import Cache
from gazette.site.publication import SITE

#: Begins with a dot, so that MkDocs' cleaning passes it over.
ASIDE = ".gazette-kept"

_ENDING = ".manifest"

#: A manifest begins with a checksum over what it says and its form.
_FORM, _CHECKSUM_BYTES = b"gazette-manifest 3\n", 16

#: The file of a folder of manifests that says which site they are about.
_SITE = "site"

#: In paths, one a line: what does not lie in the site's folder, or is hidden from MkDocs there.
_OUTSIDE = re.compile(r"(?:^|\n)(?:[/.]|\n|$)|/\.\.(?:/|\n|$)")

#: The inputs' key, the size in bytes and the time of modification in nanoseconds of a file, and what goes with it.
_Made: TypeAlias = tuple[str, int, int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was made of a batch. `inputs` names all that it was made from, empty where some of it nobody can name;
    `frames` are the names of the frames around its pages, by kind and depth. `files` are by path from the site's root.
    """

    inputs: str = ""
    frames: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, _Made] = field(default_factory=dict)

    @property
    def paths(self) -> Sequence[str]:
        """The files, without those that lie beside others."""
        beside = {path for made in self.files.values() for path in made[3]}
        return [path for path in self.files if path not in beside]


class Built:
    """The kept files of one site folder."""

    def __init__(self, cache: Cache, site: Path) -> None:
        self._cache, self._site = cache, site
        self._root, self._aside = f"{site}{os.sep}", f"{site / ASIDE}{os.sep}"
        self._folders: set[str] = set()
        self._paths: dict[str, tuple[str, Sequence[str]]] = {}
        self._last: Path | None = None
        if cache.folder is not None:
            name = hashlib.blake2b(os.fsencode(site.resolve()), digest_size=8).hexdigest()
            self._last = cache.folder / "built" / name
            self._before, self._now = self._last.with_suffix(".before"), self._last.with_suffix(".now")

    def set_aside(self) -> None:
        """Take what an earlier build made out of the way of cleaning."""
        shutil.rmtree(self._aside, ignore_errors=True)
        self._folders = set()
        if self._last is None:
            return
        for folder in (self._before, self._now):
            shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            self._last.rename(self._before)
        for name in self._names():
            for path in self._tops(name):
                with contextlib.suppress(OSError):
                    _move(f"{self._root}{path}", f"{self._aside}{path}")

    def bring_back(self) -> None:
        """After the cleaning: put back the files that the manifests name, and no other."""
        for name in self._names():
            manifest = self._read(self._before, name)
            self._paths[name] = manifest.inputs, manifest.paths
            for path in self._tops(name):
                with contextlib.suppress(OSError):  # what cannot be put back is made anew
                    if name != SITE:
                        self._folders |= _clear(f"{self._aside}{path}", path, manifest.files)
                    _move(f"{self._aside}{path}", f"{self._root}{path}")
        shutil.rmtree(self._aside, ignore_errors=True)

    def paths(self, name: str, inputs: str) -> Sequence[str] | None:
        """The files of a batch where it was made from these inputs, without those that lie beside others."""
        made, paths = self._paths.get(name, ("", ()))
        return paths if made == inputs else None

    def open(self, name: str) -> BuiltBatch:
        """The files of a batch as they were made by the last build, and by this one as far as it has come."""
        if self._last is None:
            return BuiltBatch(self._root, self._folders, Manifest())
        now = self._read(self._now, name)
        return BuiltBatch(self._root, self._folders, self._read(self._before, name), dict(now.files))

    def close(self, name: str, batch: BuiltBatch, inputs: str, frames: Mapping[str, str]) -> None:
        """All of a batch is made: remove what an earlier build made of it and this one did not, and note the rest."""
        batch.remove_others()
        if self._last is None or not self._cache.is_writable:
            return
        if Manifest(inputs, frames, batch.now) == batch.before:
            with contextlib.suppress(OSError):
                self._now.mkdir(parents=True, exist_ok=True)
                (self._now / _file_of(name)).hardlink_to(self._before / _file_of(name))
                return
        data = json.dumps([inputs, frames, batch.now], separators=(",", ":")).encode()
        self._cache.replace(self._now / _file_of(name), _checksum(data), data)

    def finish(self) -> None:
        """The site is whole: remove the batches that it no longer has, and remember what was made."""
        if self._last is None or not self._cache.is_writable or not self._now.is_dir():
            return
        for name in set(self._names()).difference(_names(self._now)):
            BuiltBatch(self._root, self._folders, self._read(self._before, name)).remove_others()
        self._cache.replace(self._now / _SITE, os.fsencode(self._site.resolve()))
        _forget_others(self._last.parent)
        with contextlib.suppress(OSError):
            self._now.rename(self._last)
        shutil.rmtree(self._before, ignore_errors=True)

    def _names(self) -> Sequence[str]:
        if self._last is None:
            return []
        return [name for name in _names(self._before) if name == SITE or not _OUTSIDE.search(name)]

    def _tops(self, name: str) -> Iterable[str]:
        """What is moved to move a batch: the folder of a policy, each file of those about all."""
        return [name] if name != SITE else self._read(self._before, name).files

    def _read(self, folder: Path, name: str) -> Manifest:
        """A manifest; an empty one where there is none that can be trusted."""
        try:
            written = (folder / _file_of(name)).read_bytes()
        except OSError:
            return Manifest()
        if not written.startswith(_checksum(data := written[_CHECKSUM_BYTES:])):
            self._cache.say(f"{self._cache.folder} is damaged: what was made from it is made again.")
            return Manifest()
        inputs, frames, files = json.loads(data)
        made = {path: (key, size, time, tuple(beside)) for path, (key, size, time, beside) in files.items()}
        paths = "\n".join([*made, *chain.from_iterable(one[3] for one in made.values())])
        return Manifest() if _OUTSIDE.search(paths) else Manifest(inputs, frames, made)


class BuiltBatch:
    """The files of one batch: `before` as the last build made them, `now` those that stay and those that were made."""

    def __init__(self, root: str, folders: set[str], before: Manifest, now: dict[str, _Made] | None = None) -> None:
        self._root, self._folders = root, folders
        self.before = before
        self.now = {} if now is None else now

    def restore(self, path: str, key: str | None = None) -> bool:
        """Whether a file, with those that go with it, is as it was made, and, if a key is given, from these inputs."""
        made = self.before.files.get(path)
        if made is None or (key is not None and made[0] != key):
            return False
        if not all(self.restore(other, key) for other in made[3]) or not self._is_untouched(path, made):
            return False
        self.now[path] = made
        return True

    def _is_untouched(self, path: str, made: _Made) -> bool:
        try:
            found = os.stat(f"{self._root}{path}", follow_symlinks=False)  # noqa: PTH116 - thousands of them
        except OSError:
            return False
        return (found.st_size, found.st_mtime_ns) == made[1:3]

    def write(self, path: str, data: bytes, key: str = "", beside: Sequence[str] = ()) -> None:
        """Write a file; `beside` are the paths of those that go with it. Without a key the next build makes it anew."""
        try:
            written = self._write(path, data)
        except OSError as error:
            what = f"{self._root}{path} cannot be written: {error.strerror}"
            raise UsageError(what, "see that there is room, and that no other build writes there") from error
        self.now.pop(path, None)
        if key:
            self.now[path] = key, written.st_size, written.st_mtime_ns, tuple(beside)

    def _write(self, path: str, data: bytes) -> os.stat_result:
        self._make_folder(path.rpartition("/")[0])
        if path in self.before.files:
            with contextlib.suppress(OSError):
                os.unlink(f"{self._root}{path}")  # noqa: PTH108 - what is there may be a link to somewhere
        with open(f"{self._root}{path}", "wb", buffering=0) as file:  # noqa: PTH123
            left = memoryview(data)
            while left:
                left = left[file.write(left) :]
            return os.fstat(file.fileno())

    def _make_folder(self, folder: str) -> None:
        if folder in self._folders:
            return
        if above := folder.rpartition("/")[0]:
            self._make_folder(above)
        else:
            os.makedirs(self._root, exist_ok=True)  # noqa: PTH103 - `os` for speed: thousands of them
        with contextlib.suppress(FileExistsError):
            os.mkdir(f"{self._root}{folder}")  # noqa: PTH102
        self._folders.add(folder)

    def remove_others(self) -> None:
        """Remove what was made before and not now, unless somebody else has put something in its place."""
        for path, made in self.before.files.items():
            if path not in self.now and self._is_untouched(path, made):
                self._remove(path)

    def _remove(self, path: str) -> None:
        """Remove a file, and the folders that hold nothing any more."""
        with contextlib.suppress(OSError):
            os.unlink(f"{self._root}{path}")  # noqa: PTH108
            while folder := (path := path.rpartition("/")[0]):
                os.rmdir(f"{self._root}{folder}")  # noqa: PTH106 - refuses where there is something
                self._folders.discard(folder)


def _clear(aside: str, folder: str, kept: Collection[str]) -> set[str]:
    """Remove the files of a folder that are not to be kept; gives the folders that hold some others."""
    found: set[str] = set()
    with os.scandir(aside) as entries:
        for entry in entries:
            path = f"{folder}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                if inside := _clear(entry.path, path, kept):
                    found |= inside
                else:
                    os.rmdir(entry.path)  # noqa: PTH106
            elif path in kept:
                found.add(folder)
            else:
                os.unlink(entry.path)  # noqa: PTH108
    return found | {folder} if found else found


def _move(source: str, target: str) -> None:
    try:
        os.rename(source, target)  # noqa: PTH104 - thousands of them
    except FileNotFoundError:
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        os.rename(source, target)  # noqa: PTH104


def _checksum(data: bytes) -> bytes:
    return hashlib.blake2b(_FORM + data, digest_size=_CHECKSUM_BYTES).digest()


def _file_of(name: str) -> str:
    return f"{quote(name, safe='')}{_ENDING}"


def _names(manifests: Path) -> Iterator[str]:
    """The batches that a folder of manifests is about."""
    with contextlib.suppress(OSError):
        for name in sorted(os.listdir(manifests)):  # noqa: PTH208
            if name.endswith(_ENDING):
                yield unquote(name.removesuffix(_ENDING))


def _forget_others(manifests: Path) -> None:
    """Remove the manifests of sites whose folders are gone, and those that builds left which did not end."""
    with contextlib.suppress(OSError):
        for other in manifests.iterdir():
            about = other / _SITE
            if other.suffix != ".now" and not (about.is_file() and os.path.isdir(about.read_bytes())):  # noqa: PTH112
                shutil.rmtree(other, ignore_errors=True)
