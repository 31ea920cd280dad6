"""A PostgreSQL server by its data folder: stopped, and started again as it was."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path


def wait_for(true: Callable[[], bool], seconds: float = 60) -> None:
    """Until something has happened; it has to."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def stop(data: Path) -> None:
    """At once, whoever is connected; nothing where it does not run."""
    lock = data / "postmaster.pid"
    if lock.exists():
        os.kill(int(lock.read_text().splitlines()[0]), signal.SIGINT)
        wait_for(lambda: not lock.exists())


def start(data: Path) -> None:
    """As it was started before, by the folder's owner; it outlives us."""
    owner, lock = data.stat(), data / "postmaster.pid"
    command = shlex.join(shlex.split((data / "postmaster.opts").read_text()))
    subprocess.run(
        ["/bin/sh", "-c", f"{command} </dev/null >/dev/null 2>&1 &"],
        user=owner.st_uid if os.geteuid() == 0 else None,
        group=owner.st_gid if os.geteuid() == 0 else None,
        cwd=data,
        start_new_session=True,
        check=True,
    )
    wait_for(lambda: lock.exists() and "ready" in lock.read_text())
