"""From what the relay said to what the ledger says: pure, one table's worth of decisions.

A recipient is never charged for a relay's fault: a 421, a 454, a refused sender or a lost connection puts the delivery
back as it was. After the message may have been accepted, and no reply came, the delivery is `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from gazette.notice.model import Attempt, Claimed, State

ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")
BAD_MAILBOX = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})  # RFC 3463, RFC 7505


class Fate(StrEnum):
    """What became of one message on the wire."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"  # 4xx, about this recipient or message
    REFUSED = "refused"  # 5xx, about this recipient or message
    UNSENT = "unsent"  # certainly not accepted, and not the recipient's doing
    UNKNOWN = "unknown"  # handed over whole, no reply


@dataclass(frozen=True, slots=True)
class Reply:
    """A relay's reply: the code and its text, lines joined by one space."""

    code: int
    text: str = ""

    @property
    def enhanced(self) -> str:
        """The enhanced status code of RFC 3463, or empty."""
        match = ENHANCED.match(self.text)
        return match[0] if match else ""

    @property
    def is_relays_fault(self) -> bool:
        """The relay itself is unwell or over its quota: 421, 454, or status 4.3.x (mail system status)."""
        return self.code in {421, 454} or (400 <= self.code < 500 and self.enhanced.startswith("4.3."))

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A message's fate, the reply that decided it, and whether the recipient's address itself was refused."""

    fate: Fate
    reply: Reply | None = None
    at_recipient: bool = False


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try: seconds. `resend` says whether an unknown delivery is sent again by itself."""

    first_retry: float = 300
    longest_retry: float = 4 * 3600
    expire: float = 4 * 86400
    resend: bool = True
    resends: int = 3

    def pause(self, attempts: int, random: Callable[[], float]) -> float:
        """Seconds until the next try after `attempts` tries: doubling, within 20 % of it by chance, bounded."""
        doubled = self.first_retry * 2 ** min(attempts, 20)
        return float(min(doubled, self.longest_retry) * (0.8 + 0.4 * random()))


def judge(
    claimed: Claimed,
    verdict: Verdict,
    now: int,
    made_at: int,
    patience: Patience,
    random: Callable[[], float],
    relay: str = "",
) -> Attempt:
    """The ledger's row for what happened to one claimed delivery. `now` and `made_at` are moments."""
    code = verdict.reply.code if verdict.reply else 0
    text = verdict.reply.text if verdict.reply else ""

    def attempt(state: State, next_at: int | None = None, counts: bool = True) -> Attempt:
        return Attempt(claimed.id, claimed.claim, state, now, relay, code, text[:1000], next_at, counts)

    match verdict.fate:
        case Fate.ACCEPTED:
            return attempt(State.SENT)
        case Fate.REFUSED:
            return attempt(State.BOUNCED)
        case Fate.UNSENT:
            return attempt(State.QUEUED, now, counts=False)
        case Fate.UNKNOWN:
            return attempt(State.UNKNOWN, resend_at(now, claimed.unknowns + 1, patience))
        case Fate.DEFERRED:
            again = now + round(1000 * patience.pause(claimed.attempts, random))
            if again > made_at + 1000 * patience.expire:
                return attempt(State.EXPIRED)
            return attempt(State.DEFERRED, again)


def resend_at(now: int, unknowns: int, patience: Patience) -> int | None:
    """When an unknown delivery is sent again: at once, unless the operator holds them or it was unknown too often."""
    return now if patience.resend and unknowns <= patience.resends else None


def suppresses(verdict: Verdict) -> bool:
    """Whether the address is dead for good: refused as a recipient, with a status that says so of the mailbox."""
    return verdict.fate is Fate.REFUSED and verdict.at_recipient and _names_mailbox(verdict)


def _names_mailbox(verdict: Verdict) -> bool:
    return verdict.reply is not None and verdict.reply.enhanced in BAD_MAILBOX
