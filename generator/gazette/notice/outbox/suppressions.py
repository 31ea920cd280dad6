"""Addresses that get no notices. They are kept and compared without regard to case."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ARRAY, Boolean, ColumnElement, Connection, Text, any_, bindparam, delete, func, or_, select

from gazette.notice.model import Reason, Suppression
from gazette.notice.outbox import schema
from gazette.notice.outbox.store import BATCH, Store

s = schema.suppression


def _among(condition: ColumnElement[bool]) -> Any:
    """Which addresses get no notice. Made once, and with one value for all keys: it is asked in every turn."""
    return select(s.c.address).where(
        condition,
        or_(s.c.policy == "", s.c.policy == bindparam("b_policy")),
        or_(bindparam("b_wishes", type_=Boolean), s.c.reason != Reason.UNSUBSCRIBED),
    )


AMONG_ARRAY = _among(s.c.address == any_(bindparam("b_keys", type_=ARRAY(Text))))
AMONG_JSON = _among(
    s.c.address.in_(select(func.json_each(bindparam("b_keys", type_=Text)).table_valued("value").c.value))
)


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
        given = keys if self.is_shared else json.dumps(keys)
        values = {"b_policy": policy, "b_wishes": not required, "b_keys": given}
        return {row.address for row in connection.execute(AMONG_ARRAY if self.is_shared else AMONG_JSON, values)}
