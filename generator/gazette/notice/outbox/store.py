"""One database, and its transactions. What fails in it fails as LedgerLostError, without statements or values."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from gazette.errors import GazetteError
from gazette.notice.outbox import schema

READING = "gazette_reading"
BATCH = 1000
Item = TypeVar("Item")


class LedgerLostError(GazetteError):
    """The database failed in the middle of a change; whether it was made is not known until it is read again."""


class BusyError(GazetteError):
    """Another process works on the ledger, which only one may at a time."""


class Store:
    """An open ledger's engine, which threads may share."""

    def __init__(self, engine: Engine, path: Path | None) -> None:
        self._engine, self.path = engine, path
        self._reader = engine.execution_options(**{READING: True})
        self._insert = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert
        self._add_attempt = self._insert(schema.attempt).on_conflict_do_nothing()

    @property
    def is_shared(self) -> bool:
        """Whether many processes may work on it at once (PostgreSQL)."""
        return self.path is None

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Hold the ledger against other processes. A SQLite ledger has one notifier: whatever else is held was left
        behind by a process that died, and True says so. A shared one has many; their leases part them.
        """
        if self.path is None:
            yield False
            return
        lock = self.path.with_name(self.path.name + ".lock")
        handle = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BusyError("another notifier is at work on this ledger; wait until it has finished") from error
            yield True
        finally:
            os.close(handle)

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        try:
            with self._reader.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise LedgerLostError(f"the ledger can't be read: {error.orig}") from error

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise LedgerLostError(f"the ledger can't be written: {error.orig}") from error


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
