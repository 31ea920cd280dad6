"""Whether a policy's folder still holds what it held: a name for all bytes in it, and the times of its files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Container
from contextlib import suppress
from pathlib import Path


def bytes_of(folder: Path, by_name: Container[str] = ()) -> str:
    """Names all that is in a folder; empty where something in it cannot be read. Of the folders `by_name` only the
    names of those in them count."""
    digest = hashlib.blake2b(digest_size=16)
    try:
        _add_bytes(str(folder), "", by_name, digest)
    except (OSError, UnicodeError):
        return ""
    return digest.hexdigest()


def _add_bytes(root: str, within: str, by_name: Container[str], digest: hashlib.blake2b) -> None:
    """Add what a folder holds; OSError for what cannot be read, or is elsewhere."""
    with os.scandir(root + within) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    folders = [entry.name for entry in entries if entry.is_dir()]
    digest.update(f"{within}/\0{folders}\0".encode())
    if within[1:] in by_name:
        return
    for entry in entries:
        is_link = entry.is_symlink()
        if is_link and entry.is_dir():
            raise OSError(f"{entry.path} leads to another folder")
        if not entry.is_dir():
            data = os.readlink(entry.path).encode() if is_link else _read_bytes(entry.path)  # noqa: PTH115
            digest.update(f"{entry.name}\0{is_link}\0{len(data)}\0".encode() + data)
    for name in folders:
        _add_bytes(root, f"{within}/{name}", by_name, digest)


def _read_bytes(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - a thousand times a build
        return file.readall()


def times_of(folder: Path) -> list[tuple[str, int, int]]:
    """When each file of a folder was last changed, and its size."""
    found: list[tuple[str, int, int]] = []
    for path, _, files in os.walk(folder):
        for name in files:
            with suppress(OSError):
                facts = os.lstat(f"{path}/{name}")
                found.append((name, facts.st_mtime_ns, facts.st_size))
    return found
