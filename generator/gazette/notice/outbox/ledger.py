"""The ledger as the rest of the room sees it: values in, values out, each change one transaction.

A delivery is claimed before it is sent: `sending`, with a claim number and a lease, committed before the wire. Its
outcome is accepted only under that claim (the fence): a process that was frozen, and whose claims others took over
meanwhile, can only add to the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, case, func, select, update

from gazette.notice.model import Attempt, Channel, Claimed, State, Suppression, instant
from gazette.notice.outbox import schema
from gazette.notice.outbox.records import Records
from gazette.notice.outbox.rows import Evidence, Facts, Lost, Snapshot, StoredMessage, claimed_row, new_claim
from gazette.notice.outbox.snapshots import Snapshots
from gazette.notice.outbox.statements import ADD_ATTEMPTS, CLAIM, CLAIM_BETWEEN, CLAIMED, NOTE, NOTE_ALL, in_columns
from gazette.notice.outbox.store import BATCH, READING, BusyError, LedgerLostError, batches
from gazette.notice.verdicts import Patience, resend_at

__all__ = [
    "READING", "BusyError", "Evidence", "Facts", "Ledger", "LedgerLostError", "Lost", "Snapshot", "StoredMessage",
    "new_claim",
]  # fmt: skip

d = schema.delivery


class Ledger(Records, Snapshots):
    """An open ledger. Threads may share it: each call takes a connection of its own from the pool."""

    def __init__(self, engine: Engine, path: Path | None) -> None:
        super().__init__(engine, path)
        self._terms_of: dict[int, tuple[str, bool]] = {}

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
        if self.is_shared:  # one statement for all: a round trip and a plan, not one for each
            if told:
                connection.execute(ADD_ATTEMPTS, in_columns(told))
            connection.execute(NOTE_ALL, in_columns(attempts))
            return
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
        claimed = [claimed_row(row) for row in rows]
        keys = [item.address.casefold() for item in claimed]
        gone = self._suppressed(connection, *self._terms(connection, notice_id), keys)
        if gone:
            leaving = [item for item, key in zip(claimed, keys, strict=True) if key in gone]
            self._note(connection, [Attempt(r.id, r.claim, State.SUPPRESSED, now, counts=False) for r in leaving])
            claimed = [item for item, key in zip(claimed, keys, strict=True) if key not in gone]
        return claimed

    def _terms(self, connection: Connection, notice_id: int) -> tuple[str, bool]:
        """A notice's policy, and whether the law requires it: neither ever changes."""
        if notice_id not in self._terms_of:
            n = schema.notice.c
            row = connection.execute(select(n.policy, n.required).where(n.id == notice_id)).one()
            self._terms_of[notice_id] = (row.policy, row.required)
        return self._terms_of[notice_id]

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

    def settle(self, attempts: Sequence[Attempt]) -> int:
        """Note what was learnt afterwards (a relay's log) of deliveries that are `unknown`. The number settled."""
        with self._write() as connection:
            before = connection.scalar(select(func.count()).where(d.c.state == State.UNKNOWN))
            for batch in batches(attempts, BATCH):
                self._note(connection, batch)
            after = connection.scalar(select(func.count()).where(d.c.state == State.UNKNOWN))
        return int(before or 0) - int(after or 0)

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
                self._add_attempt,
                {"delivery_id": delivery_id, "claim": row.claim or 0, "outcome": State.BOUNCED, "at": at,
                 "relay": "delivery report", "code": code, "reply": reply[:1000]},
            )  # fmt: skip
            return True
