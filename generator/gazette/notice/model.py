"""The values of this room: a notice, a recipient, a delivery, an attempt, a suppression. All frozen, free of the world.

Times are whole milliseconds since 1970 UTC (`Moment`): one number that both databases store, compare and index alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple, NewType

Moment = NewType("Moment", int)


def moment(instant: datetime) -> Moment:
    """Milliseconds since 1970 UTC."""
    return Moment(round(instant.timestamp() * 1000))


def instant(value: int) -> datetime:
    """The moment as a datetime in UTC."""
    return datetime.fromtimestamp(value / 1000, UTC)


class Kind(StrEnum):
    """What a notice tells of a material version."""

    ANNOUNCEMENT = "announcement"
    REMINDER = "reminder"
    RESCHEDULED = "rescheduled"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Notice:
    """A message about one version, to everyone on the list.

    `occasion` tells notices of one kind and version apart (a reminder's date and lead time, a new effective date);
    `effective` is the date that the message states.
    """

    policy: str
    label: str
    kind: Kind
    due_on: date
    effective: date
    occasion: str = ""

    @property
    def key(self) -> str:
        """What makes a notice the same one, in every ledger and for ever."""
        return f"{self.policy}/{self.label}/{self.kind}/{self.occasion}"


@dataclass(frozen=True, slots=True)
class MadeNotice:
    """A notice as the ledger holds it: made on a day, with its recipients' snapshot."""

    id: int
    notice: Notice
    made_on: date
    made_at: Moment
    required: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What must be published before the first message goes out: addresses, the digest they must show, the title."""

    page: str
    text: str
    digest: str
    redline: str = ""
    title: str = ""

    def to_json(self) -> dict[str, str]:
        return asdict(self)


class Channel(StrEnum):
    """How a delivery travels."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class Recipient(NamedTuple):
    """Whom a notice goes to. `language` is a BCP 47 tag or empty; `fields` are the list's other columns.

    A tuple, because a million of them pass by.
    """

    address: str
    name: str = ""
    language: str = ""
    fields: Mapping[str, str] = {}
    channel: str = Channel.MAIL


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row of the recipients' list that names nobody we could write to. `line` counts from 1, the header included."""

    line: int
    row: str
    why: str


class State(StrEnum):
    """Where a delivery stands. Only `QUEUED`, `DEFERRED` and a resendable `UNKNOWN` wait for a turn."""

    QUEUED = "queued"
    SENDING = "sending"  # committed before the wire
    SENT = "sent"  # the relay accepted it
    DEFERRED = "deferred"  # 4xx: again later
    BOUNCED = "bounced"  # 5xx, or a delivery report said so afterwards
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"  # the connection or the process died after the message may have been accepted


class Claimed(NamedTuple):
    """A delivery that this process may send: nobody else may, while its claim holds."""

    id: int
    notice_id: int
    claim: int
    address: str
    name: str
    language: str
    fields: Mapping[str, str]
    attempts: int
    unknowns: int
    channel: str


class Attempt(NamedTuple):
    """What came of one claim of a delivery; a row of the ledger, never changed.

    `next_at` is when to try again, None where nothing more is to be done by itself. `counts` says whether the try
    counts against the recipient: a relay's own fault does not.
    """

    delivery_id: int
    claim: int
    state: State
    at: int
    relay: str = ""
    code: int = 0
    reply: str = ""
    next_at: int | None = None
    counts: bool = True


class Reason(StrEnum):
    """Why an address is suppressed."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    ASKED = "asked"  # the operator's decision


@dataclass(frozen=True, slots=True)
class Suppression:
    """An address that gets no notices: of one policy, or (`policy` empty) of any."""

    address: str
    reason: Reason
    policy: str = ""
    note: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """How many deliveries of a notice stand where; `held` are the unknown ones that wait for a person's decision."""

    by_state: Mapping[State, int] = field(default_factory=dict)
    held: int = 0

    def __getitem__(self, state: State) -> int:
        return self.by_state.get(state, 0)

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def waiting(self) -> int:
        """What a notifier still has to do by itself."""
        return self[State.QUEUED] + self[State.DEFERRED] + self[State.SENDING] + self[State.UNKNOWN] - self.held
