"""What the ledger's rows are as values."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row

from gazette.notice.model import Claimed, Kind, MadeNotice, Moment, Notice, Recipient, State
from gazette.notice.outbox import schema


@dataclass(frozen=True, slots=True)
class Facts:
    """What a ledger knows of itself: since when it exists, and the key that signs its Message-IDs."""

    first_day: date
    key: bytes


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A notice's message in one language, as composed: JSON parts and their hash."""

    language: str
    content_hash: str
    parts: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What came of making a notice: how many deliveries, of these suppressed, how many rows kept apart."""

    made: MadeNotice
    recipients: int
    suppressed: int
    bad_rows: int
    repeated: int


class Evidence(NamedTuple):
    """One line of the report: who was told of what, when, and what the relay said."""

    policy: str
    label: str
    kind: str
    address: str
    channel: str
    language: str
    state: str
    outcome: str | None
    at: int | None
    relay: str | None
    code: int | None
    reply: str | None
    content_hash: str | None


class Lost(NamedTuple):
    """A delivery whose outcome is unknown, for reconciling."""

    id: int
    notice: Notice
    address: str
    claim: int


def new_claim() -> int:
    """A number that no other claim has."""
    return secrets.randbits(62) + 1


def delivery_row(person: Recipient, made: MadeNotice, gone: set[str]) -> dict[str, object]:
    suppressed = bool(gone) and person.address.casefold() in gone
    return {
        "notice_id": made.id,
        "channel": person.channel,
        "address": person.address,
        "name": person.name,
        "language": person.language,
        "fields": json.dumps(person.fields, ensure_ascii=False) if person.fields else None,
        "state": State.SUPPRESSED if suppressed else State.QUEUED,
        "next_at": None if suppressed else made.made_at,
        "changed_at": made.made_at,
    }


def claimed_row(row: Row[Any]) -> Claimed:
    number, notice_id, claim, address, name, language, fields, attempts, unknowns, channel = tuple[Any, ...](row)
    own = json.loads(fields) if fields else {}
    return Claimed(number, notice_id, claim, address, name, language, own, attempts, unknowns, channel)


def made_notice(row: Row[Any]) -> MadeNotice:
    return MadeNotice(row.id, notice_of(row._mapping), row.made_on, Moment(row.made_at), row.required)


def notice_of(row: Mapping[Any, Any]) -> Notice:
    n = schema.notice.c
    return Notice(row[n.policy], row[n.label], Kind(row[n.kind]), row[n.due_on], row[n.effective], row[n.occasion])
