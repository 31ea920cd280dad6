"""How long an editor waits: from a saved edit to the page that shows it, under `mkdocs serve`.

    python benchmarks/serving.py [VERSIONS ...]

Makes a site of so many versions, 50 a policy (default: 100 and 3,000), serves it, and edits a section nine times. Timed
is what the editor sees: from the file being written to the Draft page with the new words, fetched as MkDocs' own script
in an open page does it, when the server says that there is a newer one. MkDocs looks for changed files twice a second
and then waits a tenth: that is in the figure. Shown is the median, and the CPU that the server took for each edit.
"""

from __future__ import annotations

import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

from archives import Shape, write_archive
from running import environment

EDITS = 9
PAGE = "policy-0001/draft/"


def main(arguments: Sequence[str]) -> int:
    for versions in [int(given) for given in arguments] or [100, 3000]:
        with tempfile.TemporaryDirectory() as folder:
            write_archive(Path(folder), Shape(versions))
            seconds, cpu = serve(Path(folder))
        print(f"{versions:,} versions: {statistics.median(seconds):.2f} s until the edit is shown ", end="")
        print(f"(from {min(seconds):.2f} to {max(seconds):.2f}; CPU {statistics.median(cpu):.2f} s; goal < 1 s)")
    return 0


def serve(site: Path) -> tuple[list[float], list[float]]:
    """For each edit the seconds until it is shown, and the server's CPU seconds."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "mkdocs"), "serve", "--quiet", "--dev-addr", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, cwd=site, env=environment())
    try:
        wait_for(f"http://127.0.0.1:{port}/", "", 1800)
        section = min((site / "content/policy-0001/text").glob("*.md"))
        seconds, cpu = [], []
        for n in range(EDITS + 1):
            words = f"An edit that has the number {n}."
            time.sleep(2 + n / EDITS)  # the rebuild before is over; the server looks for changes at any moment
            epoch = epoch_of(f"http://127.0.0.1:{port}/")
            before, start = cpu_of(server.pid), time.monotonic()
            section.write_text(f"{section.read_text('utf-8').rstrip()}\n\n{words}\n", "utf-8")
            urlopen(
                f"http://127.0.0.1:{port}/livereload/{epoch}/{epoch}", timeout=60
            ).read()  # answers when it is newer
            wait_for(f"http://127.0.0.1:{port}/{PAGE}", words, 120)
            seconds.append(time.monotonic() - start)
            cpu.append(cpu_of(server.pid) - before)
    finally:
        server.terminate()
        server.wait()
    return seconds[1:], cpu[1:]  # the first edit makes a draft where there was none


def epoch_of(address: str) -> int:
    """Which build an open page is of."""
    with urlopen(address) as answer:
        found = re.search(r"livereload\((\d+), ", answer.read().decode())
    assert found is not None, "MkDocs puts its script into the pages that it serves"
    return int(found[1])


def wait_for(address: str, words: str, limit: float) -> None:
    end = time.monotonic() + limit
    while time.monotonic() < end:
        with suppress(OSError), urlopen(address, timeout=limit) as answer:
            if words in answer.read().decode():
                return
        time.sleep(0.02)
    sys.exit(f"{address} does not show {words!r} after {limit:.0f} s")


def cpu_of(process: int) -> float:
    """The CPU seconds that a process took so far (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
