"""What the ledger holds, for those who only look."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from sqlalchemy import and_, case, func, select

from gazette.notice.model import BadRow, Counts, MadeNotice, State
from gazette.notice.outbox import schema
from gazette.notice.outbox.rows import Evidence, Facts, Lost, StoredMessage, made_notice, notice_of
from gazette.notice.outbox.store import BATCH, Store

d, a = schema.delivery, schema.attempt


class Records(Store):
    """The questions."""

    def facts(self) -> Facts:
        with self._read() as connection:
            row = connection.execute(select(schema.ledger)).one()
        return Facts(row.first_day, bytes.fromhex(row.key))

    def notices(self) -> tuple[MadeNotice, ...]:
        """Every notice made, oldest first."""
        with self._read() as connection:
            rows = connection.execute(select(schema.notice).order_by(schema.notice.c.made_at, schema.notice.c.id))
            return tuple(map(made_notice, rows))

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

    def lost(self) -> Iterator[Lost]:
        """Every delivery that is `unknown`, with its notice."""
        made = {item.id: item.notice for item in self.notices()}
        query = select(d.c.id, d.c.notice_id, d.c.address, d.c.claim).where(d.c.state == State.UNKNOWN)
        with self._reader.connect().execution_options(yield_per=BATCH) as connection:
            for row in connection.execute(query):
                yield Lost(row.id, made[row.notice_id], row.address, row.claim)

    def find(self, delivery_id: int) -> Lost | None:
        """A delivery by its number, whatever its state."""
        n = schema.notice
        query = select(d.c.id, d.c.address, d.c.claim, n).join(n, n.c.id == d.c.notice_id).where(d.c.id == delivery_id)
        with self._read() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else Lost(row[d.c.id], notice_of(row), row[d.c.address], row[d.c.claim] or 0)
