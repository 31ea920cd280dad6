"""Finding a ledger, or making one: `create_ledger` is the only thing that makes it.

SQLite runs with WAL and synchronous=FULL, so that what is committed survives a power cut; its file is 0600.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
from datetime import date
from pathlib import Path

import alembic.command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from gazette.errors import GazetteError, UsageError
from gazette.notice.options import shown
from gazette.notice.outbox import schema
from gazette.notice.outbox.ledger import READING, Ledger

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 30
IDLE_SECONDS = 60.0
CACHE_KIB = 48 * 1024


class NoLedgerError(UsageError):
    """There is no ledger where the settings say. Never made silently: a lost one would mail everyone again."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"no ledger at {shown(url)}",
            "if there never was one, make it with 'gazette notify init'; if there was, restore it: a new one would "
            "tell everyone again",
        )


class LedgerError(GazetteError):
    """The database of the ledger can't be used."""

    def __init__(self, url: str, what: str) -> None:
        super().__init__(f"the ledger at {shown(url)}: {what}")


def create_ledger(url: str, first_day: date, made_at: int) -> bool:
    """Make the ledger at `url`; False where there was one already, which is left as it is (but migrated)."""
    address = _parse(url)
    path = _file(address)
    if path is not None and not path.exists():
        if not path.parent.is_dir():
            raise UsageError(f"no folder {path.parent} for the ledger", "make it, or name another")
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    engine = make_engine(address)
    try:
        migrate(engine)
        if path is None:
            _install_queue(engine)
        with engine.begin() as connection:
            if connection.execute(schema.ledger.select()).first() is not None:
                return False
            row = {"id": 1, "first_day": first_day, "key": secrets.token_hex(32), "made_at": made_at}
            connection.execute(insert(schema.ledger), row)
            return True
    except DBAPIError as error:
        raise LedgerError(url, _cause(error)) from error
    finally:
        engine.dispose()


def open_ledger(url: str, patience: float = IDLE_SECONDS) -> Ledger:
    """The ledger at `url`. Raises NoLedgerError where there is none, LedgerError where it can't be used.

    PostgreSQL ends a transaction that nothing was heard of for `patience` seconds: a process that is frozen in the
    middle of one must not keep its rows from the others.
    """
    address = _parse(url)
    path = _file(address)
    if path is not None and not path.exists():
        raise NoLedgerError(url)
    engine = make_engine(address, patience)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("ledger"):
                raise NoLedgerError(url)
            if _revision(connection) != _newest():
                raise LedgerError(url, "is from another version of Gazette; run 'gazette notify init' to bring it up")
        return Ledger(engine, path)
    except DBAPIError as error:
        engine.dispose()
        raise LedgerError(url, _cause(error)) from error
    except GazetteError:
        engine.dispose()
        raise


def make_engine(address: URL | str, patience: float = IDLE_SECONDS) -> Engine:
    """An engine for the ledger, set up for its dialect."""
    address = make_url(address)
    if address.get_backend_name() != "sqlite":
        settings = {"options": f"-c idle_in_transaction_session_timeout={round(patience * 1000)}"}
        return create_engine(address, pool_pre_ping=True, pool_size=2, connect_args=settings)
    engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def migrate(engine: Engine) -> None:
    """Bring the schema up to the newest revision, in one transaction."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "head")


def _install_queue(engine: Engine) -> None:
    """The workers' queue, where it can be installed: without procrastinate the ledger works, the workers don't."""
    with contextlib.suppress(ImportError):
        from gazette.notice.outbox import jobs

        jobs.install(engine)


def _set_up_sqlite(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"cache_size=-{CACHE_KIB}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A transaction that will write takes the lock at once: a later upgrade could fail half-way."""
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _parse(url: str) -> URL:
    try:
        address = make_url(url)
        address.get_dialect().import_dbapi()
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        remedy = "use sqlite:///FILE or postgresql://…, and install policy-gazette[postgres] for the latter"
        raise UsageError("GAZETTE_OUTBOX_URL names no database that is known here", remedy) from error
    if address.get_backend_name() not in {"sqlite", "postgresql"}:
        raise UsageError("GAZETTE_OUTBOX_URL names neither SQLite nor PostgreSQL", "the ledger is kept on one of these")
    return address


def _file(address: URL) -> Path | None:
    if address.get_backend_name() != "sqlite":
        return None
    if not address.database or address.database == ":memory:":
        raise UsageError("GAZETTE_OUTBOX_URL names no file", "a ledger in memory would forget who was told")
    return Path(address.database)


def _revision(connection: Connection) -> str | None:
    with contextlib.suppress(DBAPIError):
        return MigrationContext.configure(connection).get_current_revision()
    return None


def _newest() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def _cause(error: DBAPIError) -> str:
    """The driver's own words, one line, without the statement or its values."""
    return str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "cannot be used"
