"""Values kept on disk from one build to the next, in `.gazette-cache/`: they save time and are never needed.

A `Cache` holds packs: files of values by key, each read and written as a whole. A key names everything that its value
was made from but for what the cache's fingerprint names. A pack that is damaged, was made otherwise or cannot be read
or written is passed over, said once, and made again. Hides the files' form; takes a folder, which may be deleted at
any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pickle
import struct
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import date
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

FOLDER = ".gazette-cache"

#: What one pack and all packs together may hold; what was used longest ago goes first.
PACK_BYTES = 64_000_000
TOTAL_BYTES = 1_000_000_000

_MAGIC = b"gazette-cache 1\n"
_LENGTH = struct.Struct(">Q")
_DIGEST_BYTES = 16


class Cache:
    """The packs of one site. Without a folder nothing is read or written. `say` gets what is worth a line, once."""

    def __init__(self, folder: Path | None, fingerprint: str, say: Callable[[str], None] = lambda _: None) -> None:
        self.folder = folder
        self.fingerprint = fingerprint.encode()
        self._say = say
        self._said: set[str] = set()
        self.is_writable = folder is not None

    def pack(self, name: str) -> Pack:
        """The pack of this name, as an earlier build left it, or empty."""
        return Pack(self, name, *self._read(name))

    def has(self, name: str) -> bool:
        """Whether there seems to be a pack of this name, without reading it."""
        if self.folder is None:
            return False
        head = _MAGIC + self.fingerprint + b"\n"
        try:
            with self._path(name).open("rb") as file:
                return file.read(len(head)) == head
        except OSError:
            return False

    def say(self, what: str) -> None:
        if what not in self._said:
            self._said.add(what)
            self._say(what)

    def _path(self, name: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{quote(name, safe='')}.pack"

    def _read(self, name: str) -> tuple[bytes, dict[str, tuple[int, int]]]:
        if self.folder is None:
            return b"", {}
        try:
            data = self._path(name).read_bytes()
        except FileNotFoundError:
            return b"", {}
        except OSError as error:
            self.say(f"{self.folder} cannot be read ({error.strerror}): everything is made again.")
            return b"", {}
        head = _MAGIC + self.fingerprint + b"\n"
        if not data.startswith(head):
            self.say(f"{self.folder} is of another version or other settings: everything is made again.")
            return b"", {}
        try:
            return data, _index(data, len(head))
        except Exception:  # whatever bytes of another making may raise
            self.say(f"{self.folder} is damaged: what is unreadable in it is made again.")
            return b"", {}

    def write(self, name: str, values: dict[str, bytes]) -> None:
        """Replace a pack; whoever reads it meanwhile sees the old one or the new one."""
        if self.folder is None or not self.is_writable:
            return
        entries, offset = {}, 0
        for key, value in values.items():
            entries[key] = offset, len(value)
            offset += len(value)
        index = pickle.dumps(entries, protocol=4)
        body = [_LENGTH.pack(len(index)), index, *values.values()]
        self.replace(self._path(name), _MAGIC, self.fingerprint, b"\n", _checksum(*body), *body)

    def replace(self, path: Path, *parts: bytes) -> None:
        """Write a file of the cache, all of it or nothing. A cache that cannot be written is only said to be so."""
        temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        try:
            if not path.parent.is_dir():
                path.parent.mkdir(parents=True, exist_ok=True)
                (path.parent / ".gitignore").write_text("*\n")
            with temporary.open("wb") as file:
                file.writelines(parts)
            temporary.replace(path)
        except OSError as error:
            self.is_writable = False
            self.say(f"{self.folder} cannot be written ({error.strerror}): the next build starts anew.")
            with contextlib.suppress(OSError):
                temporary.unlink()

    def prune(self, total: int = TOTAL_BYTES) -> None:
        """Remove what was written longest ago until all packs are below `total` bytes, and what crashes left behind."""
        if self.folder is None or not self.folder.is_dir():
            return
        with contextlib.suppress(OSError):
            entries = [(entry.stat().st_mtime, entry.stat().st_size, entry.path) for entry in os.scandir(self.folder)]
            left = [entry for entry in entries if entry[2].endswith(".tmp")]
            packs = sorted(entry for entry in entries if entry[2].endswith(".pack"))
            size = sum(entry[1] for entry in packs)
            for _, bytes_of, path in [*left, *packs]:
                if path.endswith(".tmp") or size > total:
                    Path(path).unlink(missing_ok=True)
                    size -= 0 if path.endswith(".tmp") else bytes_of


class Pack:
    """Values by key. What is got or put here lasts; what no build got or put for long makes room."""

    def __init__(self, cache: Cache, name: str, data: bytes, index: dict[str, tuple[int, int]]) -> None:
        self._cache, self._name = cache, name
        self._data, self._index = data, index
        self._used: dict[str, None] = {}
        self._new: dict[str, bytes] = {}

    def get(self, key: str) -> Any:
        """The value put under this key, or None."""
        if key in self._new:
            return _loads(self._new[key])
        if key not in self._index:
            return None
        start, length = self._index[key]
        try:
            value = _loads(self._data[start : start + length])
        except Exception:  # whatever bytes of another making may raise
            self._cache.say(f"{self._cache.folder} is damaged: what is unreadable in it is made again.")
            del self._index[key]
            return None
        self._used[key] = None
        return value

    def put(self, key: str, value: object) -> None:
        """Keep a value made of strings, numbers, days, tuples, sets, mappings, enums and frozen dataclasses."""
        if self._cache.folder is not None:
            self._new[key] = pickle.dumps(value, protocol=4)

    @property
    def new(self) -> dict[str, bytes]:
        """What was put since the pack was read, ready for another pack's `add`."""
        return self._new

    def add(self, values: dict[str, bytes]) -> None:
        self._new |= values

    def save(self, is_complete: bool = False) -> None:
        """Write the pack if there is anything new in it; the least recently used values go where it is too large.

        Where all that is wanted was asked for (`is_complete`), the rest goes at once.
        """
        if not self._new:
            return
        unused = () if is_complete else (key for key in self._index if key not in self._used)
        order = [*unused, *self._used]
        kept = {key: self._data[start : start + length] for key in order for start, length in [self._index[key]]}
        kept = {key: value for key, value in kept.items() if key not in self._new} | self._new
        size = sum(map(len, kept.values()))
        for key in list(kept):
            if size <= PACK_BYTES:
                break
            size -= len(kept.pop(key))
        self._cache.write(self._name, kept)


def _checksum(*body: bytes | memoryview) -> bytes:
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for part in body:
        digest.update(part)
    return digest.digest()


def _index(data: bytes, start: int) -> dict[str, tuple[int, int]]:
    """Where each value lies, from a pack's bytes; ValueError if they are not those that were written."""
    body = memoryview(data)[start + _DIGEST_BYTES :]
    if _checksum(body) != data[start : start + _DIGEST_BYTES]:
        raise ValueError("other bytes than were written")
    (length,) = _LENGTH.unpack(body[: _LENGTH.size])
    entries: dict[str, tuple[int, int]] = _loads(bytes(body[_LENGTH.size : _LENGTH.size + length]))
    first = start + _DIGEST_BYTES + _LENGTH.size + length
    return {key: (first + offset, size) for key, (offset, size) in entries.items()}


class Packs:
    """The packs of a cache, of which the `most` that were asked for last are held. One that is let go is saved."""

    def __init__(self, cache: Cache, ending: str = "", most: int = 1) -> None:
        self._cache, self._ending, self._most = cache, ending, most
        self._packs: OrderedDict[str, Pack] = OrderedDict()

    def of(self, name: str) -> Pack:
        if name not in self._packs:
            self._packs[name] = self._cache.pack(name + self._ending)
            if len(self._packs) > self._most:
                self._packs.popitem(last=False)[1].save()
        self._packs.move_to_end(name)
        return self._packs[name]

    def close(self) -> None:
        """Save all packs that are held."""
        while self._packs:
            self._packs.popitem()[1].save()


class _Unpickler(pickle.Unpickler):
    """Makes values only: a cache that someone else wrote can hold wrong words, but run nothing."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == (date.__module__, date.__name__):
            return date
        if (module, name) == (Markup.__module__, Markup.__name__):
            return Markup
        if (module, name) == (type(Path()).__module__, type(Path()).__name__):
            return Path
        if module.startswith("gazette."):
            found = getattr(import_module(module), name)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no value")


def _loads(data: bytes) -> Any:
    return _Unpickler(io.BytesIO(data)).load()
