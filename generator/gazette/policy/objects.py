"""git's objects as bytes and ids: what a tree is, and what id it has. Pure; knows no repository.

Takes files as a mapping of relative path → bytes; gives the blobs and trees that `git add` would store for them
(without filters), their ids in SHA-1 or SHA-256, and a pack that brings many of them into a repository at once.
Source: gitformat-pack(5), and git's documentation of hash-object.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import starmap

FILE = "100644"
FOLDER = "40000"
LINK = "120000"
SUBMODULE = "160000"

_ID_BYTES = {"sha1": 20, "sha256": 32}
_LINES = {name: re.compile(rb"([0-7]+) ([^\0]+)\0(.{%d})" % size, re.DOTALL) for name, size in _ID_BYTES.items()}
_PACK_KINDS = {"tree": 2, "blob": 3}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a tree."""

    mode: str
    name: str
    id: str


@dataclass(frozen=True, slots=True)
class Stored:
    """One object, as git would store it."""

    id: str
    kind: str  # "blob" or "tree"
    data: bytes


def object_id(kind: str, data: bytes, algorithm: str = "sha1") -> str:
    """The id of an object, in hex digits; `algorithm` is `sha1` or `sha256`."""
    return hashlib.new(algorithm, f"{kind} {len(data)}\0".encode() + data).hexdigest()


def algorithm_of(object_id: str) -> str:
    """The algorithm that made an id: it shows in the length."""
    return "sha256" if len(object_id) == 64 else "sha1"


def store(files: Mapping[str, bytes], algorithm: str = "sha1") -> tuple[str, dict[str, Stored]]:
    """The id of the tree that holds `files`, and every object it needs, by id."""
    objects: dict[str, Stored] = {}
    leaves: dict[str, tuple[str, str]] = {}
    for path, data in files.items():
        blob = Stored(object_id("blob", data, algorithm), "blob", data)
        objects[blob.id] = blob
        leaves[path] = FILE, blob.id
    return store_leaves(leaves, objects, algorithm), objects


def store_leaves(leaves: Mapping[str, tuple[str, str]], objects: dict[str, Stored], algorithm: str = "sha1") -> str:
    """The id of the tree that holds `leaves` (path → mode and id); adds the trees to `objects`."""
    entries: list[Entry] = []
    folders: dict[str, dict[str, tuple[str, str]]] = {}
    for path, (mode, leaf) in leaves.items():
        first, slash, rest = path.partition("/")
        if slash:
            folders.setdefault(first, {})[rest] = mode, leaf
        else:
            entries.append(Entry(mode, first, leaf))
    entries += [Entry(FOLDER, name, store_leaves(inside, objects, algorithm)) for name, inside in folders.items()]
    data = b"".join(map(_entry_bytes, sorted(entries, key=_tree_order)))
    tree = Stored(object_id("tree", data, algorithm), "tree", data)
    objects[tree.id] = tree
    return tree.id


def tree_id(files: Mapping[str, bytes], algorithm: str = "sha1") -> str:
    """The id of the tree that holds exactly these bytes, whatever filters a repository has."""
    return store(files, algorithm)[0]


def parse_tree(data: bytes, algorithm: str = "sha1") -> tuple[Entry, ...]:
    """The lines of a raw tree object."""
    return tuple(starmap(_entry, _LINES[algorithm].findall(data)))


@lru_cache(maxsize=4096)  # a tree shares most of its lines with the one before it
def _entry(mode: bytes, name: bytes, identifier: bytes) -> Entry:
    return Entry(mode.decode(), name.decode("utf-8", "surrogateescape"), identifier.hex())


def pack(objects: Iterable[Stored], algorithm: str = "sha1") -> bytes:
    """A pack file of whole objects, for `git index-pack --stdin`."""
    parts = list(_packed(objects))
    body = b"".join([struct.pack(">4sII", b"PACK", 2, len(parts)), *parts])
    return body + hashlib.new(algorithm, body).digest()


def _packed(objects: Iterable[Stored]) -> Iterator[bytes]:
    for stored in objects:
        size = len(stored.data)
        byte, size = (_PACK_KINDS[stored.kind] << 4) | (size & 15), size >> 4
        header = bytearray()
        while size:
            header.append(byte | 0x80)
            byte, size = size & 0x7F, size >> 7
        header.append(byte)
        yield bytes(header) + zlib.compress(stored.data, 1)


def _entry_bytes(entry: Entry) -> bytes:
    name = entry.name.encode("utf-8", "surrogateescape")
    return entry.mode.encode() + b" " + name + b"\0" + bytes.fromhex(entry.id)


def _tree_order(entry: Entry) -> bytes:
    """git sorts folders as if their names ended in a slash."""
    name = entry.name.encode("utf-8", "surrogateescape")
    return name + b"/" if entry.mode == FOLDER else name
