"""A worker: takes ranges of deliveries from the queue that machines share, and delivers them as any notifier does.

It keeps its connections to the relay from job to job. What it leaves undone (deferred, or a relay that is unwell) goes
back into the queue for later. Leases that ran out anywhere are marked unknown by whichever worker sees it first.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable

from gazette.errors import GazetteError, UsageError
from gazette.notice.model import MadeNotice
from gazette.notice.notifying import Notifier
from gazette.notice.options import NoticeOptions, Secrets
from gazette.notice.outbox import Ledger
from gazette.notice.outbox import jobs as queue
from gazette.notice.outbox.ledger import LedgerLostError
from gazette.notice.pacing import steady
from gazette.notice.sending import Carriers

UNWELL_SECONDS = 30
AGAIN_SECONDS = 2.0


class Worker:
    """One process's share of the work."""

    def __init__(self, ledger: Ledger, options: NoticeOptions, secrets: Secrets, concurrency: int) -> None:
        if not ledger.is_shared:
            raise UsageError("workers need a ledger on PostgreSQL", "set GAZETTE_OUTBOX_URL to postgresql://…")
        share = max(1, options.chunk // concurrency)  # together no more than one chunk ahead
        self.options = options.model_copy(update={"chunk": share})
        self.notifier = Notifier(ledger, self.options, secrets)
        self.ledger, self.concurrency, self.done = ledger, concurrency, 0
        self.failure: GazetteError | None = None
        self._made: dict[int, MadeNotice] = {}
        self._end: Callable[[], None] = self.notifier.stop.set

    async def run(self, url: str, burst: bool) -> None:
        """Work until SIGTERM or SIGINT; a database that is away for a while is waited for."""
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        self._end = lambda: _ask(loop, self._stop, stop)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop, stop)
        stalled = queue.Stalled(self.options.lease)
        failing_since: float | None = None
        with self.notifier.carriers() as carriers:
            while not stop.is_set():
                keeping = asyncio.create_task(self._keep_house(stalled.beat))
                started = steady()
                try:
                    deliver = self._deliver(carriers)
                    await queue.run_worker(url, deliver, self.concurrency, burst, stalled, stop)
                    if burst:
                        return
                except Exception as error:
                    failing_since = failing_since if failing_since and steady() - started < 60 else started
                    if not queue.is_about_database(error) or steady() - failing_since > self.options.ledger_patience:
                        raise
                finally:
                    keeping.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await keeping
                if not stop.is_set():
                    await asyncio.sleep(AGAIN_SECONDS)

    def _stop(self, stop: asyncio.Event) -> None:
        self.notifier.stop.set()
        stop.set()

    def _deliver(self, carriers: Carriers) -> queue.Deliver:
        async def deliver(notice: int, first: int, last: int) -> None:
            await asyncio.to_thread(self._deliver_range, carriers, notice, (first, last))

        return deliver

    def _deliver_range(self, carriers: Carriers, notice_id: int, between: tuple[int, int]) -> None:
        if notice_id not in self._made:
            self._made = {made.id: made for made in self.ledger.notices()}
        made = self._made[notice_id]
        tally = self.notifier.deliver(made, carriers, between)
        self.done += tally.done
        turn = self.ledger.next_turn(notice_id, between)
        if turn is not None:
            at = max(turn, self.notifier.clock.now() + (UNWELL_SECONDS * 1000 if tally.unsettled else 0))
            if self.notifier.stop.is_set():
                at = self.notifier.clock.now()
            self.ledger.later(notice_id, between, at)
        if carriers.gate.lasting is not None:  # every job would fail like this one: a person is needed
            self.failure = GazetteError(f"{carriers.gate.lasting}; what is left waits in the ledger")
            self._end()

    async def _keep_house(self, pause: float) -> None:
        """Every now and then: leases that ran out become unknown, what waits without a job gets one."""
        while True:
            with contextlib.suppress(LedgerLostError):
                await asyncio.to_thread(self.notifier.recover, False)
                await asyncio.to_thread(self.ledger.sweep)
            await asyncio.sleep(pause)


def _ask(loop: asyncio.AbstractEventLoop, stop: Callable[[asyncio.Event], None], event: asyncio.Event) -> None:
    """Have the loop stop, from a job's thread."""
    loop.call_soon_threadsafe(stop, event)


def work(
    url: str, ledger: Ledger, options: NoticeOptions, secrets: Secrets, burst: bool = False, concurrency: int = 2
) -> int:
    """Run a worker; how many deliveries it did. Raises GazetteError where the relay does not let us for good."""
    worker = Worker(ledger, options, secrets, concurrency)
    asyncio.run(worker.run(url, burst))
    if worker.failure is not None:
        raise worker.failure
    return worker.done
