"""The notifier: delivers what the ledger holds, notice by notice, and says how it went."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import parseaddr

from gazette.errors import UsageError
from gazette.notice import dkim_signing, webhook
from gazette.notice.delivering import Delivering, LedgerClock, Tally, patience_of
from gazette.notice.letters import Letters
from gazette.notice.model import Attempt, Channel, MadeNotice
from gazette.notice.options import NoticeOptions, Secrets, relay
from gazette.notice.outbox import Ledger
from gazette.notice.outbox.ledger import Facts, new_claim
from gazette.notice.sending import Carriers
from gazette.notice.template import Template
from gazette.notice.verdicts import judge

CLOCK_TOLERANCE = 2.0


@dataclass
class Run:
    """What one call of the notifier did."""

    tallies: dict[int, Tally] = field(default_factory=dict)
    recovered: int = 0
    unsettled: str = ""

    @property
    def done(self) -> int:
        return sum(tally.done for tally in self.tallies.values())


@dataclass
class Notifier:
    """Delivers from one ledger through one relay. `progress` hears every attempt and its notice."""

    ledger: Ledger
    options: NoticeOptions
    secrets: Secrets
    stop: threading.Event = field(default_factory=threading.Event)
    progress: Callable[[MadeNotice, Attempt], None] = lambda made, attempt: None

    def __post_init__(self) -> None:
        self.facts: Facts = self.ledger.facts()
        self.clock = LedgerClock(self.ledger)
        self._letters: dict[int, Letters] = {}

    def recover(self, everything: bool) -> int:
        """Mark what dead processes left behind as unknown, and mend a clock that was set back."""
        now, patience = self.clock.now(), patience_of(self.options)
        self.ledger.mend_clock(now, round(self.options.longest_retry * CLOCK_TOLERANCE * 1000))
        return self.ledger.recover(now, patience, everything)

    def deliver_all(self, most: int | None = None, until_done: bool = False) -> Run:
        """Deliver every notice that has something waiting, the oldest first."""
        run = Run()
        with self.ledger.alone() as alone, self.carriers() as carriers:
            run.recovered = self.recover(alone)
            while True:
                for made in self.waiting():
                    left = None if most is None else most - run.done
                    if left is not None and left <= 0:
                        run.unsettled = "as many as --max allows"
                        return run
                    self._deliver_webhook(made)
                    tally = self.deliver(made, carriers, most=left)
                    _add(run, made, tally)
                    if tally.unsettled:
                        run.unsettled = tally.unsettled
                        return run
                if not until_done or not self._wait_for_turn():
                    return run

    def deliver_webhooks(self) -> None:
        """Only what goes over the web: workers see to the mail."""
        for made in self.waiting():
            self._deliver_webhook(made)

    def waiting(self) -> list[MadeNotice]:
        """The notices with deliveries whose turn it is."""
        now = self.clock.now()
        turns = ((made, self.ledger.next_turn(made.id)) for made in self.ledger.notices())
        return [made for made, turn in turns if turn is not None and turn <= now]

    @contextlib.contextmanager
    def carriers(self) -> Iterator[Carriers]:
        """Connections to the relay, opened when first used."""
        with Carriers(relay(self.secrets), self.options, self.stop) as carriers:
            yield carriers

    def deliver(
        self,
        made: MadeNotice,
        carriers: Carriers,
        between: tuple[int, int] | None = None,
        most: int | None = None,
        ledger: Ledger | None = None,
    ) -> Tally:
        """Deliver one notice, or a range of it."""
        return Delivering(
            ledger or self.ledger, made, self.letters(made), carriers, self.options, between, most,
            progress=lambda attempt: self.progress(made, attempt),
            clock=self.clock if ledger is None else LedgerClock(ledger),
        ).run()  # fmt: skip

    def letters(self, made: MadeNotice) -> Letters:
        """The notice's messages as the ledger holds them."""
        if made.id not in self._letters:
            if not parseaddr(self.options.sender)[1]:
                raise UsageError("no sender is set", "set 'sender' under 'notices:' in mkdocs.yml")
            stored = self.ledger.messages(made.id)
            templates = {name: Template.from_json(message.parts) for name, message in stored.items()}
            secret = self.secrets.secret.get_secret_value()
            sign = dkim_signing.signer(self.secrets, self.options.sender)
            self._letters[made.id] = Letters(made.notice, templates, self.options, self.facts.key, secret, sign)
        return self._letters[made.id]

    def _deliver_webhook(self, made: MadeNotice) -> None:
        """The one row that goes over the web, where there is one."""
        url = self.secrets.webhook_url.get_secret_value()
        if not url:
            return
        now, lease = self.clock.now(), round(self.options.lease * 1000)
        rows = self.ledger.turn(made.id, [], 1, now, now + lease, new_claim(), channel=Channel.WEBHOOK)
        if not rows:
            return
        claimed = rows[0]
        secret = self.secrets.webhook_secret.get_secret_value()
        send = webhook.sender(url, secret, self.facts.key, made.notice, time.time)
        page = self.ledger.page(made.id)
        verdict = send(claimed, webhook.body(made.notice, page))
        attempt = judge(
            claimed, verdict, self.clock.now(), made.made_at, patience_of(self.options), random.random, claimed.address
        )
        self.ledger.turn(made.id, [attempt], 0, now, 0, 0)
        self.progress(made, attempt)

    def _wait_for_turn(self) -> bool:
        """Sleep until something waits again; False where nothing will, or we are stopped."""
        while not self.stop.is_set():
            if self.ledger.is_shared:
                self.recover(everything=False)
            turns = [turn for made in self.ledger.notices() if (turn := self.ledger.next_turn(made.id)) is not None]
            missing = min(turns) - self.clock.now() if turns else None
            if missing is not None and missing <= 0:
                return True
            if missing is None and not self.ledger.holds_any():
                return False
            self.stop.wait(1.0 if missing is None else min(missing / 1000, 1.0))
        return False


def _add(run: Run, made: MadeNotice, tally: Tally) -> None:
    before = run.tallies.get(made.id)
    run.tallies[made.id] = Tally(before.outcomes + tally.outcomes, tally.unsettled) if before else tally
