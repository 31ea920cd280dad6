"""Runs a command and says what it cost: CPU of all its processes, wall, the peak of their memory together."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: `mkdocs build`; the folder to build comes after it.
BUILD = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir"]

#: In the folder where a command runs: what programs keep for their user, so that the first one finds nothing.
USER_CACHE = ".user-cache"


@dataclass(frozen=True)
class Cost:
    """What one command cost."""

    cpu: float
    wall: float
    memory: int  # bytes
    files: int


def run(command: Sequence[str], folder: Path, site: Path, variables: Mapping[str, str] | None = None) -> Cost:
    """Run a command and wait; what it used, all its processes together."""
    start = time.monotonic()
    own = {"XDG_CACHE_HOME": str(folder / USER_CACHE), **(variables or {})}
    process = subprocess.Popen(command, cwd=folder, env=environment() | own)
    peak = Peak(process.pid)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    memory = peak.stop()  # not `ru_maxrss`, which begins with the size of the process that started this one
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed in {folder}")
    files = sum(len(names) for _, _, names in os.walk(site))
    return Cost(used.ru_utime + used.ru_stime, wall, memory, files)


def environment() -> dict[str, str]:
    """The environment of what is measured. Python may keep the bytecode of the program, as it does where one is
    installed: else a checkout would be compiled at each start."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return inherited | {"NO_MKDOCS_2_WARNING": "1"}


class Peak:
    """Looks at the memory of a process and its children now and then; shared pages count once."""

    def __init__(self, pid: int) -> None:
        self.pid, self.peak, self.ended = pid, 0, threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self) -> None:
        while not self.ended.wait(0.1):
            self.peak = max(self.peak, high_water(self.pid), sum(map(proportional_set, family(self.pid))))

    def stop(self) -> int:
        self.ended.set()
        self.thread.join()
        return self.peak


def family(pid: int) -> Iterator[int]:
    """A process and all below it, as Linux lists them."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from family(int(child))


def high_water(pid: int) -> int:
    """The most memory that a process had at once, in bytes; what it is of shared libraries counts in full."""
    return in_bytes(pid, "status", "VmHWM")


def proportional_set(pid: int) -> int:
    """The memory of a process in bytes, where what several share is divided among them."""
    return in_bytes(pid, "smaps_rollup", "Pss")


def in_bytes(pid: int, file: str, name: str) -> int:
    """A figure that the kernel keeps of a process; 0 once that is gone."""
    try:
        figures = Path(f"/proc/{pid}/{file}").read_text()
    except OSError:
        return 0
    found = re.search(rf"^{name}:\s+(\d+) kB", figures, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0
