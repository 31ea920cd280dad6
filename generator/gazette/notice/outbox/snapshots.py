"""Writing a notice into the ledger: its messages, and a delivery for each recipient, all or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from sqlalchemy import Connection, and_, case, func, insert, select, text

from gazette.notice.model import BadRow, Channel, MadeNotice, Moment, Notice, Page, Recipient, State
from gazette.notice.outbox import schema
from gazette.notice.outbox.rows import Snapshot, StoredMessage, delivery_row
from gazette.notice.outbox.store import BATCH, batches
from gazette.notice.outbox.suppressions import Suppressions

d = schema.delivery


class Snapshots(Suppressions):
    """Notices come into being here."""

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
        for batch in batches(recipients, BATCH):
            people = [item for item in batch if isinstance(item, Recipient)]
            spoiled = [item for item in batch if isinstance(item, BadRow)]
            keys = [person.address.casefold() for person in people] if any_suppressed else []
            gone = self._suppressed(connection, made.notice.policy, made.required, keys) if keys else set()
            if people:
                connection.execute(add, [delivery_row(person, made, gone) for person in people])
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
        return [(ids[0], ids[-1]) for ids in batches((int(i) for i in result.scalars()), size)]
