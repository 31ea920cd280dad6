"""Addresses that get no notices. They are kept and compared without regard to case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, Select, delete, or_, select

from gazette.notice.model import Reason, Suppression
from gazette.notice.outbox import schema
from gazette.notice.outbox.store import BATCH, Store


class Suppressions(Store):
    """The list of those who left, bounced, complained, or were named."""

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
