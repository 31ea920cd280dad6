"""What notices stand on gives way, for real: a full disk, a database that is stopped, a clock that is set back."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gazette.notice.model import State
from gazette.notice.outbox import Ledger, create_ledger, open_ledger
from gazette.notice.outbox.ledger import LedgerLostError
from tests.notice import server
from tests.notice.making import FIRST_DAY, make, notifier, notifier_process, people
from tests.notice.server import wait_for
from tests.notice.sink import Session, Sink
from tests.notice.test_faults import settled


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 16 MB: room for the ledger and the log in front of it (4 MB before SQLite folds it in)."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "gazette", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, stderr=subprocess.DEVNULL, check=False).returncode != 0:
        pytest.skip("only root may mount a small file system here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_is_really_full_stops_delivery_and_loses_nobody(small_disk: Path) -> None:
    url = f"sqlite:///{small_disk}/outbox.sqlite"
    create_ledger(url, FIRST_DAY, 0)
    ledger = open_ledger(url)
    make(ledger, people(1500))
    ledger.close()
    filler = small_disk / "filler"
    space = os.statvfs(small_disk)
    filler.write_bytes(bytes(space.f_bavail * space.f_frsize - 200_000))
    with Sink() as sink:
        ledger = open_ledger(url)
        with pytest.raises(LedgerLostError, match="full"):
            notifier(ledger, sink.port, ledger_patience=0.5, chunk=40).deliver_all()
        ledger.close()
        assert 0 < len(sink.counts) < 1500
        filler.unlink()
        ledger = open_ledger(url)
        notifier(ledger, sink.port).deliver_all()
        settled(ledger, sink, 1500)
        ledger.close()


def test_a_file_that_may_not_grow_stops_delivery_and_loses_nobody(sqlite_url: str) -> None:
    create_ledger(sqlite_url, FIRST_DAY, 0)
    ledger = open_ledger(sqlite_url)
    make(ledger, people(1500))
    ledger.close()
    with Sink() as sink:
        process = notifier_process(sqlite_url, sink.port, ledger_patience=0.5, chunk=40)
        size = Path(sqlite_url.removeprefix("sqlite:///")).stat().st_size
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size + 100_000, size + 100_000))
        _, errors = process.communicate(timeout=60)
        assert process.returncode != 0
        assert "LedgerLostError: the ledger can't be written: disk I/O error" in errors
        assert 0 < len(sink.counts) < 1500
        ledger = open_ledger(sqlite_url)
        notifier(ledger, sink.port).deliver_all()
        settled(ledger, sink, 1500)
        ledger.close()


@contextmanager
def stopped(url: str) -> Iterator[None]:
    """The PostgreSQL server behind the URL, stopped and afterwards started as it was."""
    import psycopg

    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    data = Path(folder)
    if not os.access(data, os.R_OK | os.X_OK):
        pytest.skip("the PostgreSQL server is another's")
    server.stop(data)
    try:
        yield
    finally:
        server.start(data)


@pytest.mark.parametrize("mode", ["", "worker"])
@pytest.mark.parametrize("seconds", [1, pytest.param(10, marks=pytest.mark.long)])
def test_a_database_that_is_stopped_for_a_while_is_waited_for(postgres_url: str, mode: str, seconds: float) -> None:
    create_ledger(postgres_url, FIRST_DAY, 0)
    ledger = open_ledger(postgres_url)
    made = make(ledger, people(1500), workers=bool(mode)).made
    with Sink(delay=0.001) as sink:
        process = notifier_process(postgres_url, sink.port, mode, lease=30, ledger_patience=60)
        wait_for(lambda: len(sink.accepted) > 300)
        with stopped(postgres_url):
            time.sleep(seconds)
            assert len(sink.accepted) < 1500
            assert process.poll() is None
        wait_for(lambda: ledger.counts(made.id)[State.SENT] == 1500)
        if mode:
            process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0, errors
        settled(ledger, sink, 1500)
        assert sink.doubles == 0  # what was accepted meanwhile was kept, and written when the database was back
    ledger.close()


def test_a_clock_set_back_by_a_year_in_the_middle_stops_nobody(
    sqlite_ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = make(sqlite_ledger, people(300))
    real, seen, year = time.time, set[str](), 365 * 86_400

    def greylist(sink: Sink, session: Session, stage: str, recipient: str) -> str | None:
        if stage == "rcpt" and recipient not in seen and recipient.endswith("7@example.com"):
            seen.add(recipient)
            return "450 4.2.0 greylisted"
        return None

    with Sink(greylist) as sink:
        monkeypatch.setattr(time, "time", lambda: real() - (year if len(sink.accepted) > 100 else 0))
        notifier(sqlite_ledger, sink.port, chunk=20).deliver_all()
        assert sqlite_ledger.counts(snapshot.made.id)[State.DEFERRED] == 30
        notifier(sqlite_ledger, sink.port).deliver_all()  # a year before their turn, as this one sees it
        settled(sqlite_ledger, sink, 300)
        assert sink.doubles == 0
