"""Work shared among machines, through procrastinate on the ledger's own PostgreSQL; nothing else knows of it.

A job is a range of at most 500 deliveries of one notice. Jobs are put into the queue by the transaction that writes the
rows, and are no more than a hint: which deliveries wait is in the ledger. A job whose worker died is handed out again
(`reap`), and what waits with no job to serve it gets a new one (`sweep`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import procrastinate
import psycopg
from procrastinate import exceptions
from sqlalchemy import Connection, Engine, select, text

from gazette.notice.outbox import schema

TASK = "gazette.deliver"
QUEUE = "gazette"
RANGE = 500
SWEEP_LOCK = 0x6A7E77E

STRANDED = text(
    "SELECT DISTINCT notice_id FROM delivery WHERE next_at IS NOT NULL AND channel = 'mail' AND NOT EXISTS "
    "(SELECT FROM procrastinate_jobs WHERE task_name = :task AND status IN ('todo', 'doing') "
    "AND (args->>'notice')::bigint = notice_id)"
)

logger = logging.getLogger(__name__)
Deliver = Callable[[int, int, int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Stalled:
    """How to tell that a worker died: no heartbeat for so many seconds; and how often it beats."""

    after: float = 120.0

    @property
    def beat(self) -> float:
        return max(0.5, min(10.0, self.after / 4))


def install(engine: Engine) -> None:
    """Make procrastinate's tables beside the ledger's, where they are missing."""
    with engine.begin() as connection:
        if connection.scalar(text("SELECT to_regclass('procrastinate_jobs')")) is None:
            connection.exec_driver_sql(procrastinate.schema.SchemaManager.get_schema().replace("%", "%%"))


def enqueue(
    connection: Connection, notice_id: int, ranges: Sequence[tuple[int, int]], at: datetime | None = None
) -> None:
    """Put a job for each range into the queue, in the caller's transaction; `at` is the earliest time to run it."""
    if not ranges:
        return
    driver = connection.connection.driver_connection
    app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
    deferrer = app.configure_task(TASK, queue=QUEUE, connection=driver, schedule_at=at)
    arguments: list[dict[str, Any]] = [{"notice": notice_id, "first": first, "last": last} for first, last in ranges]
    deferrer.batch_defer(*arguments)


def sweep(connection: Connection) -> int:
    """Give a job to what waits in the ledger and has none: jobs are only hints, and may get lost. The jobs made."""
    d = schema.delivery
    made = 0
    if not connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": SWEEP_LOCK}):
        return 0
    for (notice_id,) in connection.execute(STRANDED, {"task": TASK}).all():
        waiting = select(d.c.id).where(d.c.notice_id == notice_id, d.c.next_at.is_not(None), d.c.channel == "mail")
        ids = list(connection.execute(waiting.order_by(d.c.id)).scalars())
        ranges = [(part[0], part[-1]) for n in range(0, len(ids), RANGE) if (part := ids[n : n + RANGE])]
        enqueue(connection, notice_id, ranges)
        made += len(ranges)
    return made


async def run_worker(
    url: str, deliver: Deliver, concurrency: int, burst: bool, stalled: Stalled, stop: asyncio.Event
) -> None:
    """Take jobs until told to stop (or, with `burst`, until there are none). Raises what the database raises."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=_plain(url)))

    @app.task(name=TASK, queue=QUEUE)
    async def job(notice: int, first: int, last: int) -> None:
        await deliver(notice, first, last)

    async with app.open_async():
        reaper = asyncio.create_task(_reap(app, stalled))
        worker = asyncio.create_task(
            app.run_worker_async(
                queues=[QUEUE],
                concurrency=concurrency,
                wait=not burst,
                delete_jobs="successful",
                install_signal_handlers=False,
                update_heartbeat_interval=stalled.beat,
                stalled_worker_timeout=stalled.after,
            )
        )
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({worker, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not worker.done():
            worker.cancel()  # it finishes the jobs it has
        for task in (reaper, stopping):
            task.cancel()
        results = await asyncio.gather(worker, reaper, stopping, return_exceptions=True)
        if isinstance(results[0], Exception):
            raise results[0]


async def _reap(app: procrastinate.App, stalled: Stalled) -> None:
    """Hand out again, every now and then, the jobs of workers that fell silent."""
    manager: Any = app.job_manager
    while True:
        try:
            for job in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=stalled.after):
                await manager.retry_job(job)
        except exceptions.ConnectorException as error:  # another worker was first, or the database is away
            logger.info("reaping: %s", error)
        await asyncio.sleep(stalled.beat)


def is_about_database(error: Exception) -> bool:
    """Whether the database is what failed: it may come back."""
    return isinstance(error, exceptions.ConnectorException | exceptions.AppNotOpen | OSError | psycopg.Error)


def _plain(url: str) -> str:
    """The URL as libpq knows it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
