"""What the last build left in the site's folder, so that the next one keeps what would come out the same.

A manifest says of each file from which inputs it was made, and its size and time. `set_aside` moves the folders that
hold them out of the way before the site is cleaned, `bring_back` moves them back, without whatever else was in them:
one rename a folder. `restore` says whether a file can stay: its inputs are the same and nobody touched it. `finish`
removes what did not stay and writes the manifest. There is no manifest from `set_aside` to `finish`: a build that ends
in between, however it ends, leaves nothing that a later one would trust.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from gazette.site.cache import Cache

#: Begins with a dot, so that MkDocs' cleaning passes it over.
ASIDE = ".gazette-kept"

_FORM = 1

#: The inputs' key, the size in bytes and the time of modification in nanoseconds of a file, and what goes with it.
_Made: TypeAlias = tuple[str, int, int, tuple[str, ...]]


class Built:
    """The kept files of one site folder. Paths are relative to it, with `/`."""

    def __init__(self, cache: Cache, site: Path) -> None:
        self._cache, self._site = cache, site
        self._root, self._aside = f"{site}{os.sep}", f"{site / ASIDE}{os.sep}"
        self._before: dict[str, _Made] = {}
        self._now: dict[str, _Made] = {}
        self._folders: set[str] = set()
        self._aside_folders: set[str] = set()

    @property
    def _manifest(self) -> Path | None:
        name = hashlib.blake2b(os.fsencode(self._site.resolve()), digest_size=8).hexdigest()
        return self._cache.folder / "built" / f"{name}.json" if self._cache.folder else None

    def set_aside(self) -> None:
        """Take what an earlier build made out of the way of cleaning."""
        shutil.rmtree(self._aside, ignore_errors=True)
        self._before, self._now, self._folders = self._read(), {}, set()
        self._aside_folders = {path.partition("/")[0] for path in self._before}
        for folder in sorted(self._aside_folders):
            with contextlib.suppress(OSError):
                Path(self._aside).mkdir(exist_ok=True)
                os.rename(f"{self._root}{folder}", f"{self._aside}{folder}")  # noqa: PTH104 - thousands of them

    def _read(self) -> dict[str, _Made]:
        """The manifest, which is no longer there when it has been read."""
        if (manifest := self._manifest) is None:
            return {}
        try:
            data = json.loads(manifest.read_bytes())
            manifest.unlink()
            form, site, files = data["form"], data["site"], data["files"]
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        if form != _FORM or site != str(self._site.resolve()) or not isinstance(files, dict):
            return {}
        return {
            path: (made[0], made[1], made[2], tuple(made[3])) for path, made in files.items() if _is_made(path, made)
        }

    def bring_back(self) -> None:
        """After the cleaning: put the folders back with the files that the manifest names, and no other."""
        for folder in sorted(self._aside_folders):
            with contextlib.suppress(OSError):  # what cannot be put back is made anew
                kept = self._clear(f"{self._aside}{folder}", folder)
                os.rename(f"{self._aside}{folder}", f"{self._root}{folder}")  # noqa: PTH104
                self._folders |= kept
        shutil.rmtree(self._aside, ignore_errors=True)

    def _clear(self, aside: str, folder: str) -> set[str]:
        """Remove the files of a folder that the manifest does not name; gives the folders that hold some others."""
        kept: set[str] = set()
        with os.scandir(aside) as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    if inside := self._clear(entry.path, path):
                        kept |= inside
                    else:
                        os.rmdir(entry.path)  # noqa: PTH106
                elif path in self._before:
                    kept.add(folder)
                else:
                    os.unlink(entry.path)  # noqa: PTH108
        return kept | {folder} if kept else kept

    def restore(self, path: str, key: str) -> bool:
        """Whether a file, with those that go with it, was made from the same inputs and is as it was made."""
        made = self._before.get(path)
        if made is None or made[0] != key or not all(self.restore(other, key) for other in made[3]):
            return False
        if not self._is_untouched(path, made):
            return False
        self._now[path] = made
        return True

    def _is_untouched(self, path: str, made: _Made) -> bool:
        try:
            found = os.stat(f"{self._root}{path}", follow_symlinks=False)  # noqa: PTH116 - thousands of them
        except OSError:
            return False
        return (found.st_size, found.st_mtime_ns) == made[1:3]

    def write(self, path: str, data: bytes, key: str = "", beside: Sequence[str] = ()) -> None:
        """Write a file; `beside` are the paths of those that go with it. Without a key the next build makes it anew."""
        self._make_folder(path.rpartition("/")[0])
        if self._before.pop(path, None):
            with contextlib.suppress(OSError):
                os.unlink(f"{self._root}{path}")  # noqa: PTH108 - what is there may be a link to somewhere
        with open(f"{self._root}{path}", "wb", buffering=0) as file:  # noqa: PTH123
            left = memoryview(data)
            while left:
                left = left[file.write(left) :]
            written = os.fstat(file.fileno())
        if key:
            self._now[path] = key, written.st_size, written.st_mtime_ns, tuple(beside)

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

    def finish(self) -> None:
        """The build is whole: remove what an earlier one made and this one did not, and remember what it made."""
        for path, made in self._before.items():
            if path not in self._now and self._is_untouched(path, made):
                self._remove(path)
        manifest = self._manifest
        if manifest is not None and self._cache.is_writable:
            self._forget_others(manifest.parent)
            data = {"form": _FORM, "site": str(self._site.resolve()), "files": self._now}
            self._cache.replace(manifest, json.dumps(data, separators=(",", ":")).encode())

    def _remove(self, path: str) -> None:
        """Remove a file, and the folders that hold nothing any more."""
        with contextlib.suppress(OSError):
            os.unlink(f"{self._root}{path}")  # noqa: PTH108
            while folder := (path := path.rpartition("/")[0]):
                os.rmdir(f"{self._root}{folder}")  # noqa: PTH106 - refuses where there is something

    def _forget_others(self, manifests: Path) -> None:
        """Manifests of folders that are gone."""
        with contextlib.suppress(OSError, ValueError):
            for other in manifests.glob("*.json"):
                with other.open() as file:
                    head = file.read(4096)
                site = json.loads(head.partition('"site":')[2].partition(',"files"')[0] or "null")
                if isinstance(site, str) and not os.path.isdir(site):  # noqa: PTH112
                    other.unlink(missing_ok=True)


def _is_made(path: object, made: object) -> bool:
    """Whether this is an entry of a manifest, and names a file that can only lie inside the site's folder."""
    if not (isinstance(made, list) and [type(fact) for fact in made] == [str, int, int, list]):
        return False
    return all(
        isinstance(one, str) and "/" in one and not one.startswith(("/", ".")) and ".." not in one.split("/")
        for one in (path, *made[3])
    )
