"""The tables of the ledger: one schema for SQLite and PostgreSQL.

Times are whole milliseconds since 1970 UTC. A delivery waits for a turn exactly while `next_at` is set, and is held by
a process exactly while `lease_until` is set; both columns are indexed only where they are.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Identity = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only for INTEGER

ledger = Table(
    "ledger",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("first_day", Date, nullable=False),
    Column("key", Text, nullable=False),  # hex; signs Message-IDs
    Column("made_at", BigInteger, nullable=False),
)

notice = Table(
    "notice",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("policy", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("effective", Date, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("required", Boolean, nullable=False, server_default=false()),
    Column("checked_at", BigInteger),  # when the published page was last seen to hold the record's text
    Column("page", Text, nullable=False),  # JSON: the addresses that were checked, and the digest they showed
    UniqueConstraint("policy", "label", "kind", "occasion"),
)

message = Table(
    "message",
    metadata,
    Column("notice_id", Identity, ForeignKey("notice.id"), primary_key=True, autoincrement=False),
    Column("language", Text, primary_key=True),
    Column("content_hash", Text, nullable=False),
    Column("parts", Text, nullable=False),  # JSON: the message as composed, with its blanks
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("notice_id", Identity, ForeignKey("notice.id"), nullable=False),
    Column("channel", Text, nullable=False, server_default=text("'mail'")),
    Column("address", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("fields", Text),  # JSON, NULL where there are none
    Column("state", Text, nullable=False),
    Column("next_at", BigInteger),
    Column("lease_until", BigInteger),
    Column("claim", BigInteger),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("unknowns", SmallInteger, nullable=False, server_default=text("0")),
    Column("changed_at", BigInteger, nullable=False),
    UniqueConstraint("notice_id", "address"),
    Index(
        "ix_delivery_waiting",
        "notice_id",
        "next_at",
        "id",
        sqlite_where=text("next_at IS NOT NULL"),
        postgresql_where=text("next_at IS NOT NULL"),
    ),
    Index(
        "ix_delivery_held",
        "lease_until",
        sqlite_where=text("lease_until IS NOT NULL"),
        postgresql_where=text("lease_until IS NOT NULL"),
    ),
)

attempt = Table(
    "attempt",
    metadata,
    Column("delivery_id", Identity, ForeignKey("delivery.id"), primary_key=True, autoincrement=False),
    Column("claim", BigInteger, primary_key=True, autoincrement=False),
    Column("outcome", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("relay", Text, nullable=False),
    Column("code", SmallInteger, nullable=False),
    Column("reply", Text, nullable=False),
)

bad_row = Table(
    "bad_row",
    metadata,
    Column("notice_id", Identity, ForeignKey("notice.id"), primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("row", Text, nullable=False),
    Column("why", Text, nullable=False),
)

suppression = Table(
    "suppression",
    metadata,
    Column("address", Text, primary_key=True),  # without regard to case
    Column("policy", Text, primary_key=True),  # empty: every policy
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
