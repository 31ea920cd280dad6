"""Processes that compare versions ahead: the same site, whatever becomes of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from gazette.errors import UsageError
from gazette.site import ahead, making
from gazette.site.ahead import Ahead
from gazette.site.cache import FOLDER
from tests.making import CONFIG, Published, make_site, text

CONFIG = CONFIG.replace("[search, gazette]", "[gazette]").replace("name: material, font: false", "name: mkdocs")
DAYS = [f"2024-0{month}-01" for month in range(1, 8)]
PRIVACY = [
    Published(
        day, day, text(use=f"We do {n} things.\n\nSee [it][x].\n\n[x]: #rights", rights="Yours.", **{day[5:7]: "A."})
    )
    for n, day in enumerate(DAYS)
]
TERMS = [
    Published(day, day, text(payment=f"Within {n} days. See [use](../privacy-policy/#use)."))
    for n, day in enumerate(DAYS)
]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(making, "WORTHWHILE", 1)
    monkeypatch.setattr(ahead, "CHUNK", 2)
    monkeypatch.setattr(ahead, "WAITING", 1)
    monkeypatch.setenv("GAZETTE_DAY", "2026-11-23")
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    return make_site(tmp_path / "site", {"privacy-policy": PRIVACY, "terms": TERMS}, config=CONFIG)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many values each taking of a policy gave."""
    counts: list[int] = []
    take = Ahead.take

    def counted(self: Ahead, policy: str) -> list[dict[str, bytes]]:
        found = take(self, policy)
        counts.extend(map(len, found))
        return found

    monkeypatch.setattr(Ahead, "take", counted)
    return counts


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process does all of it, however long that takes."""
    monkeypatch.setattr(Ahead, "_is_answered", lambda self: bool(self._sent))


def build(root: Path, jobs: int, monkeypatch: pytest.MonkeyPatch, name: str = "built") -> dict[str, bytes]:
    monkeypatch.setenv("GAZETTE_JOBS", str(jobs))
    mkdocs_build(load_config(str(root / "mkdocs.yml"), site_dir=str(root / name)))
    return {
        path.relative_to(root / name).as_posix(): path.read_bytes()
        for path in (root / name).rglob("*")
        if path.is_file()
    }


def forget(root: Path) -> None:
    for pack in (root / FOLDER).glob("*.pack"):
        pack.unlink()


def test_a_site_is_the_same_bytes_however_many_processes_make_it(
    root: Path, taken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = build(root, 1, monkeypatch, "alone")
    assert not taken
    forget(root)
    assert build(root, 2, monkeypatch, "together") == alone
    assert len(taken) == 8  # two policies of seven versions, two at a time
    assert all(taken)
    assert build(root, 2, monkeypatch, "warm") == alone
    assert build(root, 2, monkeypatch, "together") == alone
    assert len(taken) == 8  # nothing was left to find out


@pytest.mark.usefixtures("waiting")
def test_all_is_found_out_ahead(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(root, 2, monkeypatch)
    monkeypatch.setattr("gazette.site.archive.shown_redline", None)  # what nobody needs any more
    forget(root)
    build(root, 2, monkeypatch, "again")


def test_nobody_waits_for_a_process_that_takes_its_time(
    root: Path, taken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    work = Ahead._work
    monkeypatch.setattr(Ahead, "_is_answered", lambda _: False)
    monkeypatch.setattr(Ahead, "_work", lambda self: (done.append(self._tasks[0].policy.id), work(self)))
    build(root, 2, monkeypatch)
    assert done == ["privacy-policy"] * 3 + ["terms"] * 4
    assert len(taken) == 8
    assert all(taken)


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("moment", ["before it starts", "in between"])
def test_when_a_process_ends_early_the_site_is_the_same_and_that_is_said_once(
    root: Path, moment: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    alone = build(root, 1, monkeypatch, "alone")
    forget(root)
    if moment == "before it starts":
        monkeypatch.setattr(sys, "executable", "/bin/false")
    else:
        take = Ahead.take

        def killing(self: Ahead, policy: str) -> list[dict[str, bytes]]:
            if policy == "terms":
                for process in self._processes:
                    process.kill()
            return take(self, policy)

        monkeypatch.setattr(Ahead, "take", killing)
    caplog.clear()
    caplog.set_level("INFO")
    assert build(root, 2, monkeypatch, "together") == alone
    assert len([record for record in caplog.records if "could not go on" in record.getMessage()]) == 1


def test_processes_end_with_whoever_started_them(root: Path) -> None:
    script = f"""
import time
from pathlib import Path
from gazette.site import ahead
means = ahead.Means(Path({str(root / "content")!r}), (), {{}}, "")
found = ahead.Ahead(means, [ahead.Task(ahead.Policy("p", "P", "en", Path()), (), None)], 1, print)
print(found._processes[0].pid, flush=True)
time.sleep(60)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        started = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while _is_running(started):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(("given", "expected"), [("3", 3), ("1", 1), ("", len(os.sched_getaffinity(0)))])
def test_the_environment_says_how_many(given: str, expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAZETTE_JOBS", given)
    assert ahead.jobs() == expected


@pytest.mark.parametrize("given", ["0", "-1", "two", "1.5", "²"])
def test_what_is_no_number_of_processes_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAZETTE_JOBS", given)
    with pytest.raises(UsageError, match="GAZETTE_JOBS"):
        ahead.jobs()
