"""The wire's side of delivery: K threads, each with a persistent connection, that carry batches of claimed deliveries.

A batch carries its lease: nothing of it is put on the wire once the lease may have run out. Every delivery handed in
comes back with a verdict, exactly once, through the batch's `finished`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from gazette.notice.letters import Letters
from gazette.notice.model import Claimed
from gazette.notice.options import NoticeOptions, Relay
from gazette.notice.pacing import Gate, Pace, steady
from gazette.notice.smtp import UNSENT, Connection, Envelope, RelayError
from gazette.notice.verdicts import Fate, Reply, Verdict

Finished = list[tuple[Claimed, Verdict]]
NO_ENVELOPE = Envelope("", "", b"")


@dataclass(slots=True)
class Lease:
    """How long a claim holds: `deadline` in seconds of the steady clock, moved on while the claim is renewed."""

    claim: int
    deadline: float

    @property
    def holds(self) -> bool:
        return steady() < self.deadline


@dataclass(slots=True)
class Batch:
    """Deliveries for one connection, their letters, and where their verdicts go."""

    items: Sequence[Claimed]
    letters: Letters
    lease: Lease
    finished: SimpleQueue[Finished]


@dataclass
class Carriers:
    """The threads and their connections. `stop` makes them give back what is not on the wire yet."""

    relay: Relay
    options: NoticeOptions
    stop: threading.Event = field(default_factory=threading.Event)
    gate: Gate = field(default_factory=Gate)

    def __post_init__(self) -> None:
        self._work: SimpleQueue[Batch | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._pace = Pace(self.options.rate)

    def __enter__(self) -> Carriers:
        return self

    def __exit__(self, *_: object) -> None:
        for _thread in self._threads:
            self._work.put(None)
        for thread in self._threads:
            thread.join(timeout=self.options.timeout)

    def carry(self, batch: Batch) -> None:
        """Hand a batch to the next free connection."""
        if len(self._threads) < self.options.connections:
            thread = threading.Thread(target=self._run, name=f"carrier-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._work.put(batch)

    def _run(self) -> None:
        connection = Connection(self.relay, self.options.timeout)
        pace = Pace(self.options.connection_rate)
        while (batch := self._work.get()) is not None:
            hand = _Hand(self, batch, pace)
            while hand.has_more and hand.may_go_on and hand.wait_for_place():
                try:
                    connection.converse(hand.take, hand.envelope, hand.settle)
                except RelayError as fault:
                    self.gate.fault(fault, fault.lasting, fault.__cause__ is not None and connection.was_of_use)
                except Exception as defect:  # of ours: nothing may be lost by it, and delivery must end
                    connection.close()
                    self.gate.fault(defect, lasting=True, broken=False)
                    hand.abandon()
            hand.give_back()
        connection.close(quit_=True)

    def next_batch(self) -> Batch | None:
        """Another batch, if one is waiting."""
        try:
            batch = self._work.get_nowait()
        except Empty:
            return None
        if batch is None:  # the end: for the outer loop to see
            self._work.put(None)
        return batch

    def paces(self, own: Pace) -> float:
        """Seconds until the next message may go, 0 having taken its place."""
        return own.ask() or self._pace.ask()


class _Hand:
    """What one connection has in hand: the current batch, how far it got, and the verdicts so far."""

    def __init__(self, carriers: Carriers, batch: Batch, pace: Pace) -> None:
        self._carriers, self._pace = carriers, pace
        self._batch, self._next = batch, 0
        self._verdicts: Finished = []
        self._taken: dict[int, tuple[Batch, Finished, Envelope]] = {}
        self._paid = False

    @property
    def has_more(self) -> bool:
        return self._next < len(self._batch.items)

    @property
    def may_go_on(self) -> bool:
        carriers = self._carriers
        return self._batch.lease.holds and carriers.gate.is_open and not carriers.stop.is_set()

    def wait_for_place(self) -> bool:
        """Wait until the rate allows a message; False where the batch must not go on meanwhile."""
        while not self._paid and (seconds := self._carriers.paces(self._pace)):
            time.sleep(min(seconds, 0.2))
            if not self.may_go_on:
                return False
        self._paid = True
        return True

    def take(self) -> Claimed | None:
        """The next delivery to go, or None where none may go right now."""
        if not self.has_more and not self._turn_to_next():
            return None
        if not self.may_go_on:
            return None
        if not self._paid and self._carriers.paces(self._pace):
            return None
        while self.has_more or self._turn_to_next():
            claimed = self._batch.items[self._next]
            self._next += 1
            try:
                envelope = self._batch.letters.envelope(claimed)
            except (ValueError, KeyError) as error:  # UnicodeError is a ValueError
                self._taken[claimed.id] = (self._batch, self._verdicts, NO_ENVELOPE)
                reply = Reply(550, f"5.6.0 the message to this recipient can't be made: {error}")
                self.settle(claimed, Verdict(Fate.REFUSED, reply, at_recipient=True))
                continue
            self._taken[claimed.id] = (self._batch, self._verdicts, envelope)
            self._paid = False
            return claimed
        return None

    def envelope(self, claimed: Claimed) -> Envelope:
        return self._taken[claimed.id][2]

    def settle(self, claimed: Claimed, verdict: Verdict) -> None:
        batch, verdicts, _ = self._taken.pop(claimed.id)
        verdicts.append((claimed, verdict))
        gate = self._carriers.gate
        if verdict.fate is Fate.ACCEPTED:
            gate.accepted()
        elif verdict.fate is Fate.REFUSED and not verdict.at_recipient and gate.refused_message():
            relay = self._carriers.relay.name
            gate.fault(RelayError(relay, f"refuses the message itself: {verdict.reply}", True), True, False)
        if verdict.fate in {Fate.ACCEPTED, Fate.DEFERRED, Fate.REFUSED}:
            gate.served()
        if len(verdicts) == len(batch.items):
            batch.finished.put(verdicts)

    def abandon(self) -> None:
        """After a defect: what was taken may have been accepted."""
        for claimed, (batch, verdicts, _) in list(self._taken.items()):
            del self._taken[claimed]
            item = next(i for i in batch.items if i.id == claimed)
            verdicts.append((item, Verdict(Fate.UNKNOWN)))
            if len(verdicts) == len(batch.items):
                batch.finished.put(verdicts)

    def give_back(self) -> None:
        """Return what was not put on the wire."""
        if self.has_more:
            rest = self._batch.items[self._next :]
            self._next = len(self._batch.items)
            self._verdicts.extend((claimed, UNSENT) for claimed in rest)
            self._batch.finished.put(self._verdicts)

    def _turn_to_next(self) -> bool:
        batch = self._carriers.next_batch()
        if batch is None:
            return False
        self._batch, self._next, self._verdicts = batch, 0, []
        return self.has_more
