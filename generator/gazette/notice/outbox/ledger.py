"""The ledger as the rest of the room sees it: values in, values out, each change one transaction.

A delivery is claimed before it is sent: `sending`, with a claim number and a lease, committed before the wire. Its
outcome is accepted only under that claim (the fence): a process that was frozen, and whose claims others took over
meanwhile, can only add to the record.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from gazette.errors import GazetteError
from gazette.notice.model import (
    Attempt,
    BadRow,
    Channel,
    Claimed,
    Counts,
    Kind,
    MadeNotice,
    Moment,
    Notice,
    Page,
    Reason,
    Recipient,
    State,
    Suppression,
    instant,
)
from gazette.notice.outbox import schema
from gazette.notice.verdicts import Patience, resend_at

READING = "gazette_reading"
BATCH = 1000
Item = TypeVar("Item")

d, a = schema.delivery, schema.attempt


class LedgerLostError(GazetteError):
    """The database failed in the middle of a change; whether it was made is not known until it is read again."""


class BusyError(GazetteError):
    """Another process works on the ledger, which only one may at a time."""


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


class Ledger:
    """An open ledger. Use in one thread at a time."""

    def __init__(self, engine: Engine, path: Path | None) -> None:
        self._engine, self.path = engine, path
        self._reader = engine.execution_options(**{READING: True})
        self._insert = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert
        self._add_attempt = self._insert(a).on_conflict_do_nothing()

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

    # -- what there is -------------------------------------------------------------------------------------------

    def facts(self) -> Facts:
        with self._read() as connection:
            row = connection.execute(select(schema.ledger)).one()
        return Facts(row.first_day, bytes.fromhex(row.key))

    def notices(self) -> tuple[MadeNotice, ...]:
        """Every notice made, oldest first."""
        with self._read() as connection:
            rows = connection.execute(select(schema.notice).order_by(schema.notice.c.made_at, schema.notice.c.id))
            return tuple(map(_made_notice, rows))

    def messages(self, notice_id: int) -> dict[str, StoredMessage]:
        """The notice's messages by language."""
        query = select(schema.message).where(schema.message.c.notice_id == notice_id)
        with self._read() as connection:
            rows = connection.execute(query)
            return {row.language: StoredMessage(row.language, row.content_hash, row.parts) for row in rows}

    def page(self, notice_id: int) -> dict[str, str]:
        """The published addresses that the notice sends people to, and the digest they showed."""
        with self._read() as connection:
            written = connection.execute(
                select(schema.notice.c.page).where(schema.notice.c.id == notice_id)
            ).scalar_one()
        page: dict[str, str] = json.loads(written)
        return page

    def counts(self, notice_id: int) -> Counts:
        held = func.sum(case((and_(d.c.state == State.UNKNOWN, d.c.next_at.is_(None)), 1), else_=0))
        query = select(d.c.state, func.count(), held).where(d.c.notice_id == notice_id).group_by(d.c.state)
        with self._read() as connection:
            rows = connection.execute(query).all()
        return Counts({State(state): n for state, n, _ in rows}, sum(int(h or 0) for _, _, h in rows))

    def next_turn(self, notice_id: int, between: tuple[int, int] | None = None) -> int | None:
        """The earliest moment at which a delivery of the notice (of a range of it) waits for a turn; None where none
        waits.
        """
        query = select(func.min(d.c.next_at)).where(d.c.notice_id == notice_id, d.c.next_at.is_not(None))
        if between is not None:
            query = query.where(d.c.id.between(*between))
        with self._read() as connection:
            found = connection.scalar(query)
        return None if found is None else int(found)

    def holds_any(self) -> bool:
        """Whether some process holds deliveries, or died while it did."""
        with self._read() as connection:
            return connection.scalar(select(d.c.id).where(d.c.lease_until.is_not(None)).limit(1)) is not None

    def now(self, clock: Callable[[], int]) -> int:
        """The moment: PostgreSQL's own where many machines share a ledger, else `clock`'s."""
        if not self.is_shared:
            return clock()
        with self._read() as connection:
            seconds = connection.execute(select(func.extract("epoch", func.clock_timestamp()))).scalar_one()
        return int(seconds * 1000)

    def evidence(self, policy: str = "", label: str = "") -> Iterator[Evidence]:
        """Every delivery with its attempts, streamed, in the order of notices and recipients."""
        n, m = schema.notice, schema.message
        query = (
            select(
                n.c.policy, n.c.label, n.c.kind, d.c.address, d.c.channel, d.c.language, d.c.state,
                a.c.outcome, a.c.at, a.c.relay, a.c.code, a.c.reply, m.c.content_hash,
            )
            .select_from(
                n.join(d, d.c.notice_id == n.c.id)
                .outerjoin(a, a.c.delivery_id == d.c.id)
                .outerjoin(m, and_(m.c.notice_id == n.c.id, m.c.language == d.c.language))
            )
            .order_by(n.c.id, d.c.id, a.c.at)
        )  # fmt: skip
        if policy:
            query = query.where(n.c.policy == policy)
        if label:
            query = query.where(n.c.label == label)
        with self._reader.connect().execution_options(yield_per=BATCH) as connection:
            for row in connection.execute(query):
                yield Evidence._make(row)

    def bad_rows(self, notice_id: int) -> tuple[BadRow, ...]:
        table = schema.bad_row
        with self._read() as connection:
            rows = connection.execute(select(table).where(table.c.notice_id == notice_id).order_by(table.c.line))
            return tuple(BadRow(row.line, row.row, row.why) for row in rows)

    # -- making a notice -----------------------------------------------------------------------------------------

    def make(
        self,
        notice: Notice,
        made_on: date,
        made_at: int,
        messages: Sequence[StoredMessage],
        recipients: Iterable[Recipient | BadRow],
        required: bool = False,
        page: Page | None = None,
        checked_at: int | None = None,
        workers: bool = False,
        progress: Callable[[int], None] = lambda n: None,
    ) -> Snapshot | None:
        """Write the notice, its messages and a delivery for each recipient, all or nothing; None if it was made before.

        `page` is what was seen published at `checked_at`. With `workers` the work is handed out to them, in the same
        transaction.
        """
        with self._write() as connection:
            if self.is_shared:  # the list may come as slowly as it likes
                connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            row = {
                "policy": notice.policy, "label": notice.label, "kind": notice.kind, "occasion": notice.occasion,
                "due_on": notice.due_on, "effective": notice.effective, "made_on": made_on, "made_at": made_at,
                "required": required, "page": json.dumps(page.to_json() if page else {}), "checked_at": checked_at,
            }  # fmt: skip
            statement = self._insert(schema.notice).values(row).on_conflict_do_nothing().returning(schema.notice.c.id)
            notice_id = connection.scalar(statement)
            if notice_id is None:
                return None
            made = MadeNotice(notice_id, notice, made_on, Moment(made_at), required)
            if messages:
                connection.execute(
                    insert(schema.message),
                    [
                        {"notice_id": notice_id, "language": m.language, "content_hash": m.content_hash,
                         "parts": m.parts}
                        for m in messages
                    ],
                )  # fmt: skip
            rows, bad = self._snapshot(connection, made, recipients, progress)
            total, suppressed = connection.execute(
                select(func.count(), func.sum(case((d.c.state == State.SUPPRESSED, 1), else_=0))).where(
                    d.c.notice_id == notice_id
                )
            ).one()
            if workers:
                from gazette.notice.outbox import jobs

                jobs.enqueue(connection, notice_id, self._ranges(connection, notice_id, jobs.RANGE))
        return Snapshot(made, total, int(suppressed or 0), bad, rows - total)

    def _snapshot(
        self,
        connection: Connection,
        made: MadeNotice,
        recipients: Iterable[Recipient | BadRow],
        progress: Callable[[int], None],
    ) -> tuple[int, int]:
        add = self._insert(d).on_conflict_do_nothing()
        add_bad = self._insert(schema.bad_row).on_conflict_do_nothing()
        seen = bad = 0
        any_suppressed = connection.scalar(select(schema.suppression.c.address).limit(1)) is not None
        for batch in _batches(recipients, BATCH):
            people = [item for item in batch if isinstance(item, Recipient)]
            spoiled = [item for item in batch if isinstance(item, BadRow)]
            keys = [person.address.casefold() for person in people] if any_suppressed else []
            gone = self._suppressed(connection, made.notice.policy, made.required, keys) if keys else set()
            if people:
                connection.execute(add, [_delivery_row(person, made, gone) for person in people])
            if spoiled:
                rows = [{"notice_id": made.id, "line": b.line, "row": b.row[:500], "why": b.why} for b in spoiled]
                connection.execute(add_bad, rows)
            seen, bad = seen + len(people), bad + len(spoiled)
            progress(seen)
        return seen, bad

    def _ranges(self, connection: Connection, notice_id: int, size: int) -> list[tuple[int, int]]:
        waiting = and_(d.c.notice_id == notice_id, d.c.next_at.is_not(None), d.c.channel == Channel.MAIL)
        query = select(d.c.id).where(waiting).order_by(d.c.id)
        result = connection.execution_options(yield_per=BATCH).execute(query)
        return [(ids[0], ids[-1]) for ids in _batches((int(i) for i in result.scalars()), size)]

    # -- delivering ----------------------------------------------------------------------------------------------

    def turn(
        self,
        notice_id: int,
        attempts: Sequence[Attempt],
        want: int,
        now: int,
        lease_until: int,
        claim: int,
        between: tuple[int, int] | None = None,
        suppress: Sequence[Suppression] = (),
        again: bool = False,
        channel: Channel = Channel.MAIL,
    ) -> list[Claimed]:
        """One transaction: note what happened, and claim up to `want` deliveries under the number `claim`.

        After LedgerLostError it may be repeated with the same arguments and `again`.
        """
        with self._write() as connection:
            if attempts:
                self._note(connection, attempts)
            for item in suppress:
                self._suppress(connection, item)
            if want <= 0:
                return []
            rows = self._claimed(connection, claim) if again else []
            if not rows:
                rows = self._claim(connection, notice_id, want, now, lease_until, claim, between, channel)
            return self._without_suppressed(connection, notice_id, rows, now)

    def _note(self, connection: Connection, attempts: Sequence[Attempt]) -> None:
        told = [item for item in attempts if item.state is not State.QUEUED or item.code]
        if told:
            connection.execute(
                self._add_attempt,
                [
                    {"delivery_id": t.delivery_id, "claim": t.claim, "outcome": t.state, "at": t.at,
                     "relay": t.relay, "code": t.code, "reply": t.reply}
                    for t in told
                ],
            )  # fmt: skip
        connection.execute(
            NOTE,
            [
                {"b_id": t.delivery_id, "b_claim": t.claim, "b_state": t.state, "b_next_at": t.next_at,
                 "b_counts": int(t.counts), "b_unknown": int(t.state is State.UNKNOWN), "b_at": t.at}
                for t in attempts
            ],
        )  # fmt: skip

    def _claim(
        self,
        connection: Connection,
        notice_id: int,
        want: int,
        now: int,
        lease_until: int,
        claim: int,
        between: tuple[int, int] | None,
        channel: Channel,
    ) -> list[Row[Any]]:
        values: dict[str, object] = {
            "b_notice": notice_id, "b_want": want, "b_now": now, "b_lease": lease_until, "b_claim": claim,
            "b_channel": channel,
        }  # fmt: skip
        statement = CLAIM
        if between is not None:
            statement = CLAIM_BETWEEN
            values |= {"b_first": between[0], "b_last": between[1]}
        return list(connection.execute(statement, values))

    def _claimed(self, connection: Connection, claim: int) -> list[Row[Any]]:
        """What an earlier try of the same turn has claimed, where its commit went through after all."""
        return list(connection.execute(select(*CLAIMED).where(d.c.lease_until.is_not(None), d.c.claim == claim)))

    def _without_suppressed(
        self, connection: Connection, notice_id: int, rows: list[Row[Any]], now: int
    ) -> list[Claimed]:
        """Those who left since the snapshot was made are marked, not written to."""
        if not rows:
            return []
        claimed = [_claimed_row(row) for row in rows]
        keys = [item.address.casefold() for item in claimed]
        columns = schema.notice.c
        policy, required = connection.execute(
            select(columns.policy, columns.required).where(columns.id == notice_id)
        ).one()
        gone = self._suppressed(connection, policy, required, keys)
        if gone:
            leaving = [item for item, key in zip(claimed, keys, strict=True) if key in gone]
            self._note(connection, [Attempt(r.id, r.claim, State.SUPPRESSED, now, counts=False) for r in leaving])
            claimed = [item for item, key in zip(claimed, keys, strict=True) if key not in gone]
        return claimed

    def later(self, notice_id: int, between: tuple[int, int], at: int) -> None:
        """Hand the rest of a range to the workers again, at a later moment."""
        from gazette.notice.outbox import jobs

        with self._write() as connection:
            jobs.enqueue(connection, notice_id, [between], instant(at))

    def sweep(self) -> int:
        """Hand out to the workers what waits and was forgotten. The number of jobs made."""
        from gazette.notice.outbox import jobs

        with self._write() as connection:
            return jobs.sweep(connection)

    def renew(self, claims: Sequence[int], lease_until: int) -> None:
        """Hold on to what is still on the wire."""
        with self._write() as connection:
            connection.execute(
                update(d).where(d.c.lease_until.is_not(None), d.c.claim.in_(claims)).values(lease_until=lease_until)
            )

    def recover(self, now: int, patience: Patience, everything: bool = False) -> int:
        """Mark as `unknown` what a process held and let go of: leases that ran out, or (where no other process can be
        at work) `everything` held. The number of deliveries.
        """
        held = d.c.lease_until.is_not(None)
        condition = held if everything else and_(held, d.c.lease_until < now)
        with self._write() as connection:
            query = select(d.c.id, d.c.claim, d.c.unknowns).where(condition)
            if self.is_shared:
                query = query.with_for_update(skip_locked=True)
            rows = connection.execute(query).all()
            if rows:
                noted = [
                    Attempt(
                        row.id, row.claim, State.UNKNOWN, now, reply="the process that sent it went away",
                        next_at=resend_at(now, row.unknowns + 1, patience),
                    )
                    for row in rows
                ]  # fmt: skip
                self._note(connection, noted)
        return len(rows)

    def mend_clock(self, now: int, longest: int) -> int:
        """Bring near what waits for a moment further ahead than any pause is long: the clock was set back."""
        with self._write() as connection:
            far = update(d).where(d.c.next_at > now + longest).values(next_at=now)
            return connection.execute(far).rowcount

    # -- a person's decisions ------------------------------------------------------------------------------------

    def release(self, states: Sequence[State], now: int, policy: str = "", label: str = "") -> int:
        """Let deliveries in these states (`unknown`, `bounced`, `expired`) be sent again. The number of them."""
        n = schema.notice
        which = select(n.c.id)
        if policy:
            which = which.where(n.c.policy == policy)
        if label:
            which = which.where(n.c.label == label)
        statement = (
            update(d)
            .where(d.c.state.in_(states), d.c.next_at.is_(None), d.c.notice_id.in_(which))
            .values(
                next_at=now,
                attempts=0,
                unknowns=0,
                state=case((d.c.state == State.UNKNOWN, State.UNKNOWN), else_=State.QUEUED),
            )
        )
        with self._write() as connection:
            return connection.execute(statement).rowcount

    def lost(self) -> Iterator[Lost]:
        """Every delivery that is `unknown`, with its notice."""
        made = {item.id: item.notice for item in self.notices()}
        query = select(d.c.id, d.c.notice_id, d.c.address, d.c.claim).where(d.c.state == State.UNKNOWN)
        with self._reader.connect().execution_options(yield_per=BATCH) as connection:
            for row in connection.execute(query):
                yield Lost(row.id, made[row.notice_id], row.address, row.claim)

    def settle(self, attempts: Sequence[Attempt]) -> int:
        """Note what was learnt afterwards (a relay's log) of deliveries that are `unknown`. The number settled."""
        with self._write() as connection:
            before = connection.scalar(select(func.count()).where(d.c.state == State.UNKNOWN))
            for batch in _batches(attempts, BATCH):
                self._note(connection, batch)
            after = connection.scalar(select(func.count()).where(d.c.state == State.UNKNOWN))
        return int(before or 0) - int(after or 0)

    def find(self, delivery_id: int) -> Lost | None:
        """A delivery by its number, whatever its state."""
        n = schema.notice
        query = select(d.c.id, d.c.address, d.c.claim, n).join(n, n.c.id == d.c.notice_id).where(d.c.id == delivery_id)
        with self._read() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else Lost(row[d.c.id], _notice(row), row[d.c.address], row[d.c.claim] or 0)

    def of_address(self, address: str) -> tuple[Lost, ...]:
        """All deliveries to an address, newest first."""
        n = schema.notice
        query = (
            select(d.c.id, d.c.address, d.c.claim, n)
            .join(n, n.c.id == d.c.notice_id)
            .where(func.lower(d.c.address) == address.lower())
            .order_by(d.c.id.desc())
        )
        with self._read() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(Lost(row[d.c.id], _notice(row), row[d.c.address], row[d.c.claim] or 0) for row in rows)

    def bounced(self, delivery_id: int, at: int, code: int, reply: str) -> bool:
        """A delivery report came back: the delivery is `bounced`. False where that was known."""
        with self._write() as connection:
            statement = (
                update(d)
                .where(d.c.id == delivery_id, d.c.state.in_([State.SENT, State.UNKNOWN]))
                .values(state=State.BOUNCED, next_at=None, changed_at=at)
                .returning(d.c.claim)
            )
            row = connection.execute(statement).first()
            if row is None:
                return False
            connection.execute(
                self._insert(a).on_conflict_do_nothing(),
                {"delivery_id": delivery_id, "claim": row.claim or 0, "outcome": State.BOUNCED, "at": at,
                 "relay": "delivery report", "code": code, "reply": reply[:1000]},
            )  # fmt: skip
            return True

    # -- suppressions --------------------------------------------------------------------------------------------

    def suppress(self, items: Iterable[Suppression]) -> int:
        """Keep these addresses from now on; the first reason stays. The number of new ones."""
        with self._write() as connection:
            return sum(self._suppress(connection, item) for item in items)

    def unsuppress(self, address: str, policy: str | None = None) -> int:
        """Forget the suppressions of an address (of one policy, '' the general one; None all)."""
        table = schema.suppression
        statement = delete(table).where(table.c.address == address.casefold())
        if policy is not None:
            statement = statement.where(table.c.policy == policy)
        with self._write() as connection:
            return connection.execute(statement).rowcount

    def suppressions(self) -> Iterator[Suppression]:
        """All of them, streamed, by address."""
        table = schema.suppression
        with self._reader.connect().execution_options(yield_per=BATCH) as connection:
            for row in connection.execute(select(table).order_by(table.c.address, table.c.policy)):
                yield Suppression(row.address, Reason(row.reason), row.policy, row.note, row.at)

    def _suppress(self, connection: Connection, item: Suppression) -> int:
        row = {"address": item.address.casefold(), "policy": item.policy, "reason": item.reason, "note": item.note,
               "at": item.at}  # fmt: skip
        add = self._insert(schema.suppression).values(row).on_conflict_do_nothing()
        return int(connection.execute(add.returning(schema.suppression.c.address)).first() is not None)

    def _suppressed(self, connection: Connection, policy: str, required: bool, keys: Sequence[str]) -> set[str]:
        """Which of the case-folded addresses get no notice of `policy`. What the law requires passes over wishes."""
        table = schema.suppression
        query: Select[tuple[str]] = select(table.c.address).where(
            table.c.address.in_(keys), or_(table.c.policy == "", table.c.policy == policy)
        )
        if required:
            query = query.where(table.c.reason != Reason.UNSUBSCRIBED)
        return {row.address for row in connection.execute(query)}

    # -- transactions --------------------------------------------------------------------------------------------

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


def new_claim() -> int:
    """A number that no other claim has."""
    return secrets.randbits(62) + 1


CLAIMED = (d.c.id, d.c.notice_id, d.c.claim, d.c.address, d.c.name, d.c.language, d.c.fields, d.c.attempts,
           d.c.unknowns, d.c.channel)  # fmt: skip


def _claiming(where: ColumnElement[bool]) -> Any:
    waiting = (
        select(d.c.id)
        .where(where, d.c.next_at <= bindparam("b_now"), d.c.channel == bindparam("b_channel"))
        .limit(bindparam("b_want"))
        .with_for_update(skip_locked=True)
        .cte("waiting")
    )
    return (
        update(d)
        .where(d.c.id.in_(select(waiting.c.id)))
        .values(
            state=State.SENDING, next_at=null(), lease_until=bindparam("b_lease"), claim=bindparam("b_claim"),
            changed_at=bindparam("b_now"),
        )
        .returning(*CLAIMED)
    )  # fmt: skip


CLAIM = _claiming(d.c.notice_id == bindparam("b_notice"))
CLAIM_BETWEEN = _claiming(
    and_(d.c.notice_id == bindparam("b_notice"), d.c.id.between(bindparam("b_first"), bindparam("b_last")))
)

# The fence: an outcome counts only under the claim it was made with, and while nobody knows better.
NOTE = (
    update(d)
    .where(
        d.c.id == bindparam("b_id"),
        d.c.claim == bindparam("b_claim"),
        or_(d.c.state == State.SENDING, d.c.state == State.UNKNOWN),
    )
    .values(
        state=bindparam("b_state"), next_at=bindparam("b_next_at"), lease_until=null(),
        attempts=d.c.attempts + bindparam("b_counts"), unknowns=d.c.unknowns + bindparam("b_unknown"),
        changed_at=bindparam("b_at"),
    )
)  # fmt: skip


def _delivery_row(person: Recipient, made: MadeNotice, gone: set[str]) -> dict[str, object]:
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


def _claimed_row(row: Row[Any]) -> Claimed:
    number, notice_id, claim, address, name, language, fields, attempts, unknowns, channel = tuple[Any, ...](row)
    own = json.loads(fields) if fields else {}
    return Claimed(number, notice_id, claim, address, name, language, own, attempts, unknowns, channel)


def _made_notice(row: Row[Any]) -> MadeNotice:
    return MadeNotice(row.id, _notice(row._mapping), row.made_on, Moment(row.made_at), row.required)


def _notice(row: Mapping[Any, Any]) -> Notice:
    n = schema.notice.c
    return Notice(row[n.policy], row[n.label], Kind(row[n.kind]), row[n.due_on], row[n.effective], row[n.occasion])


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
