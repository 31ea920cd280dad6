"""Several files changed in one step: all of them or none.

Takes a folder and what its files are to be; writes temporary files first, so that a full disk changes nothing, then
renames. If a rename fails, those before it are undone.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def apply(folder: Path, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[str, ...]:
    """Make the files `before` into `after` (names relative to `folder`). Gives the names that came, went or changed."""
    written = [name for name in after if before.get(name) != after[name]]
    removed = [name for name in before if name not in after]
    if not written and not removed:
        return ()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".gazette-", dir=folder) as scratch:
        _replace(folder, Path(scratch), {name: after[name] for name in written}, removed)
    return tuple(sorted({*written, *removed}))


def _replace(folder: Path, scratch: Path, written: Mapping[str, bytes], removed: list[str]) -> None:
    """Write into `scratch`, set the old files aside there, put the new ones in their place."""
    fresh, aside = scratch / "new", scratch / "old"
    for name, data in written.items():
        _write(fresh / name, data, folder / name)
    steps = [(folder / name, aside / name) for name in (*written, *removed) if (folder / name).exists()]
    steps += [(fresh / name, folder / name) for name in written]
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in steps:
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)
            done.append((source, target))
    except BaseException:
        for source, target in reversed(done):
            target.rename(source)
        raise


def _write(path: Path, data: bytes, like: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    if like.exists():
        path.chmod(like.stat().st_mode & 0o7777)
