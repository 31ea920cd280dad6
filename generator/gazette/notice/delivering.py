"""The ledger's side of delivery: claims what may go, hands it to the carriers, writes down what came of it.

Never more than one chunk is claimed ahead: what a crash can leave in doubt is bounded by it. One transaction notes the
outcomes of what is done and claims as many again. A database that is gone for a while is waited for; what the relay
accepted meanwhile is kept and written when it is back.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from gazette.notice.letters import Letters
from gazette.notice.model import Attempt, Claimed, MadeNotice, Reason, State, Suppression
from gazette.notice.options import NoticeOptions
from gazette.notice.outbox import Ledger
from gazette.notice.outbox.ledger import LedgerLostError, new_claim
from gazette.notice.pacing import steady
from gazette.notice.sending import Batch, Carriers, Finished, Lease
from gazette.notice.verdicts import Patience, Verdict, judge, suppresses

TURN_SECONDS = 0.1
IDLE_SECONDS = 0.5
SYNCHRONISE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Tally:
    """What one run did: outcomes by state, and why it ended before all was done (empty if it did not)."""

    outcomes: Counter[State]
    unsettled: str = ""

    @property
    def done(self) -> int:
        return sum(n for state, n in self.outcomes.items() if state is not State.QUEUED)


def patience_of(options: NoticeOptions) -> Patience:
    """The settings that judge outcomes."""
    return Patience(options.first_retry, options.longest_retry, options.expire, options.unknown == "resend")


class LedgerClock:
    """The ledger's moment, asked for now and then and carried on by the steady clock between."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._asked, self._offset = ledger, -SYNCHRONISE_SECONDS, 0.0

    def now(self) -> int:
        """Milliseconds since 1970."""
        seconds = steady()
        if seconds - self._asked >= SYNCHRONISE_SECONDS:
            try:
                self._offset = self._ledger.now(lambda: round(time.time() * 1000)) - seconds * 1000
                self._asked = seconds
            except LedgerLostError:
                if self._asked < 0:
                    raise
        return round(seconds * 1000 + self._offset)


@dataclass
class Delivering:
    """One notice's delivery by this process: all of it, or the deliveries numbered `between`.

    `most` bounds how many are handed to the relay; `progress` hears every attempt.
    """

    ledger: Ledger
    made: MadeNotice
    letters: Letters
    carriers: Carriers
    options: NoticeOptions
    between: tuple[int, int] | None = None
    most: int | None = None
    progress: Callable[[Attempt], None] = lambda attempt: None
    clock: LedgerClock | None = None

    _held: int = field(default=0, init=False)
    _pending: Finished = field(default_factory=list, init=False)
    _pending_since: float = field(default=0.0, init=False)
    _leases: dict[int, Lease] = field(default_factory=dict, init=False)
    _out: Counter[int] = field(default_factory=Counter, init=False)
    _handed: int = field(default=0, init=False)
    _exhausted: bool = field(default=False, init=False)

    def run(self) -> Tally:
        """Deliver until nothing waits right now, or we are stopped. Raises LedgerLostError; the relay's faults are told
        in the tally.
        """
        self._patience = patience_of(self.options)
        self._clock = self.clock or LedgerClock(self.ledger)
        self._finished: SimpleQueue[Finished] = SimpleQueue()
        self._outcomes: Counter[State] = Counter()
        self._renewed = steady()
        while True:
            self._gather()
            if self._is_time_for_turn():
                self._turn()
            if self._held == 0 and not self._pending and (ending := self._ending()) is not None:
                return Tally(self._outcomes, ending)

    def _gather(self) -> None:
        """Take in what the carriers have finished, waiting a little where they have not."""
        in_the_air = self._held - len(self._pending)
        try:
            if in_the_air:
                wait = TURN_SECONDS / 2 if self._pending else IDLE_SECONDS
                self._take_in(self._finished.get(timeout=wait))
            while True:
                self._take_in(self._finished.get_nowait())
        except Empty:
            pass
        if self._leases and steady() - self._renewed > self.options.lease / 3:
            self._renew()

    def _take_in(self, finished: Finished) -> None:
        if not self._pending:
            self._pending_since = steady()
        self._pending.extend(finished)

    def _is_time_for_turn(self) -> bool:
        if self._pending:
            all_back = len(self._pending) == self._held
            enough = len(self._pending) >= self.options.chunk // 2
            return all_back or enough or steady() - self._pending_since > TURN_SECONDS
        return self._held == 0 and self._wanted() > 0

    def _wanted(self) -> int:
        """How many deliveries to claim: what is missing to a chunk; a few while the relay has to prove itself."""
        carriers = self.carriers
        if self._exhausted or carriers.stop.is_set() or not carriers.gate.is_open:
            return 0
        room = self.options.chunk - (self._held - len(self._pending))
        if self.most is not None:
            room = min(room, self.most - self._handed)
        return room if carriers.gate.is_proven else min(room, 2)

    def _turn(self) -> None:
        now, pending, want = self._clock.now(), self._pending, self._wanted()
        attempts = [self._judged(claimed, verdict, now) for claimed, verdict in pending]
        dead = [
            Suppression(c.address, Reason.BOUNCED, note=str(v.reply)[:300], at=now) for c, v in pending if suppresses(v)
        ]
        claim = new_claim()
        claimed, lease = self._written(attempts, want, claim, dead)
        self._pending = []
        self._held += len(claimed) - len(pending)
        for attempt in attempts:
            self._note(attempt)
        if claimed:
            self._hand_out(claimed, lease)
        elif want > 0:
            self._exhausted = True

    def _judged(self, claimed: Claimed, verdict: Verdict, now: int) -> Attempt:
        relay = self.carriers.relay.name
        return judge(claimed, verdict, now, self.made.made_at, self._patience, random.random, relay)

    def _written(
        self, attempts: list[Attempt], want: int, claim: int, dead: list[Suppression]
    ) -> tuple[list[Claimed], Lease]:
        """The turn's transaction, tried again while the database is away."""
        started, again = steady(), False
        while True:
            lease = Lease(claim, steady() + self.options.lease * 0.8)
            now = self._clock.now()
            until = now + round(self.options.lease * 1000)
            try:
                claimed = self.ledger.turn(
                    self.made.id, attempts, want, now, until, claim, self.between, dead, again=again
                )
                return claimed, lease
            except LedgerLostError:
                if steady() - started > self.options.ledger_patience:
                    raise
                again = True
                time.sleep(0.3)

    def _note(self, attempt: Attempt) -> None:
        self._outcomes[attempt.state] += 1
        if attempt.state is State.QUEUED or (attempt.next_at is not None and attempt.state is State.UNKNOWN):
            self._exhausted = False
        if attempt.state is State.QUEUED:
            self._handed -= 1
        self._out[attempt.claim] -= 1
        if self._out[attempt.claim] <= 0:
            del self._out[attempt.claim]
            self._leases.pop(attempt.claim, None)
        self.progress(attempt)

    def _hand_out(self, claimed: list[Claimed], lease: Lease) -> None:
        size = max(1, self.options.chunk // (2 * self.options.connections))
        self._handed += len(claimed)
        self._out[lease.claim] = len(claimed)
        self._leases[lease.claim] = lease
        for start in range(0, len(claimed), size):
            self.carriers.carry(Batch(claimed[start : start + size], self.letters, lease, self._finished))

    def _renew(self) -> None:
        """Keep what is on the wire ours. A lease that has run out is not renewed: others may have taken it over."""
        holding = [lease for lease in self._leases.values() if lease.holds]
        began = steady()
        try:
            self.ledger.renew([lease.claim for lease in holding], self._clock.now() + round(self.options.lease * 1000))
        except LedgerLostError:
            return
        self._renewed = began
        for lease in holding:
            if lease.holds:
                lease.deadline = began + self.options.lease * 0.8

    def _ending(self) -> str | None:
        """Why to end now (empty: nothing waits); None to go on."""
        gate = self.carriers.gate
        if gate.lasting is not None:
            return str(gate.lasting)
        if self.carriers.stop.is_set():
            return "stopped"
        if self.most is not None and self._handed >= self.most:
            return "as many as --max allows"
        if self._exhausted:
            return ""
        if not gate.is_open:
            unwell = steady() - gate.unwell_since if gate.unwell_since is not None else 0.0
            if unwell > self.options.relay_patience:
                return str(gate.last_fault)
            self.carriers.stop.wait(min(gate.wait + 0.01, IDLE_SECONDS))
        return None
