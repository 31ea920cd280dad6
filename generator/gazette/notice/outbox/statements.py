"""The two statements that all of delivery rests on: claim, and note. Built once, whatever the values they take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    column,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from gazette.notice.model import Attempt, State
from gazette.notice.outbox import schema

d = schema.delivery

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

# The same for many at once, in PostgreSQL: each column an array.
COLUMNS: dict[str, tuple[TypeEngine[Any], Callable[[Attempt], object]]] = {
    "id": (BigInteger(), lambda t: t.delivery_id),
    "claim": (BigInteger(), lambda t: t.claim),
    "state": (Text(), lambda t: t.state.value),
    "at": (BigInteger(), lambda t: t.at),
    "relay": (Text(), lambda t: t.relay),
    "code": (Integer(), lambda t: t.code),
    "reply": (Text(), lambda t: t.reply),
    "next_at": (BigInteger(), lambda t: t.next_at),
    "counts": (Integer(), lambda t: int(t.counts)),
    "unknown": (Integer(), lambda t: int(t.state is State.UNKNOWN)),
}
_told = func.unnest(*(bindparam(f"b_{name}", type_=ARRAY(kind)) for name, (kind, _) in COLUMNS.items()))
_t = _told.table_valued(*(column(name, kind) for name, (kind, _) in COLUMNS.items()), name="told").render_derived()

ADD_ATTEMPTS = (
    postgresql.insert(schema.attempt)
    .from_select(
        ["delivery_id", "claim", "outcome", "at", "relay", "code", "reply"],
        select(_t.c.id, _t.c.claim, _t.c.state, _t.c.at, _t.c.relay, _t.c.code, _t.c.reply),
    )
    .on_conflict_do_nothing()
)
NOTE_ALL = (
    update(d)
    .where(
        d.c.id == _t.c.id, d.c.claim == _t.c.claim, or_(d.c.state == State.SENDING, d.c.state == State.UNKNOWN)
    )
    .values(
        state=_t.c.state, next_at=_t.c.next_at, lease_until=null(), attempts=d.c.attempts + _t.c.counts,
        unknowns=d.c.unknowns + _t.c.unknown, changed_at=_t.c.at,
    )
)  # fmt: skip


def in_columns(attempts: Sequence[Attempt]) -> dict[str, list[object]]:
    """The attempts as the statements for many take them."""
    return {f"b_{name}": [value(item) for item in attempts] for name, (_, value) in COLUMNS.items()}
