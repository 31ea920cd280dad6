"""The ledger, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from gazette.errors import UsageError
from gazette.notice.model import BadRow, Reason, Recipient, State, Suppression
from gazette.notice.outbox import Ledger, create_ledger, open_ledger
from gazette.notice.outbox.ledger import LedgerLostError, new_claim
from gazette.notice.outbox.opening import LedgerError, NoLedgerError, make_engine
from gazette.notice.outbox.schema import metadata
from gazette.notice.verdicts import Patience
from tests.notice.making import FIRST_DAY, NOTICE, claim, make, note, now, outcome, people

ANA, BEN = Recipient("ana@example.com", "Ana", "en"), Recipient("ben@example.com", "Ben", "de", {"plan": "ü"})


def test_migrations_and_schema_are_the_same(ledger: Ledger) -> None:
    with ledger._engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_object": lambda thing, name, kind, *rest: "procrastinate" not in (name or ""),
            },
        )
        assert compare_metadata(context, metadata) == []


def test_migrations_write_the_same_sqlite_as_the_schema(sqlite_ledger: Ledger, tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/other.sqlite")
    metadata.create_all(engine)
    query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%' ORDER BY name"
    written = []
    for each in (engine, sqlite_ledger._engine):
        with each.connect() as connection:
            written.append([(n, sql.split()) for n, sql in connection.exec_driver_sql(query)])
    engine.dispose()
    assert written[0] == written[1]


def test_a_ledger_is_made_once_and_keeps_its_key(ledger_url: str) -> None:
    assert create_ledger(ledger_url, FIRST_DAY, 0)
    ledger = open_ledger(ledger_url)
    facts = ledger.facts()
    assert facts.first_day == FIRST_DAY
    assert len(facts.key) == 32
    assert not create_ledger(ledger_url, date(2027, 1, 1), 0)
    assert ledger.facts() == facts
    ledger.close()


def test_a_missing_ledger_is_an_error_and_is_not_made(ledger_url: str, tmp_path: Path) -> None:
    with pytest.raises(NoLedgerError, match="gazette notify init"):
        open_ledger(ledger_url)
    assert not list(tmp_path.glob("outbox*"))


@pytest.mark.parametrize("url", ["nonsense", "mysql://localhost/x", "sqlite://", "oracle+x://"])
def test_an_address_that_names_no_ledger_is_a_wrong_use(url: str) -> None:
    with pytest.raises(UsageError):
        open_ledger(url)


def test_a_database_whose_driver_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError, match=r"install policy-gazette\[postgres\]"):
        open_ledger("postgresql+psycopg://localhost/gazette")


def test_what_is_no_ledger_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.sqlite"
    file.write_text("my notes, by no means a database, and long enough to be read as one")
    with pytest.raises(LedgerError, match="not a database"):
        open_ledger(f"sqlite:///{file}")
    assert file.read_text().startswith("my notes")


def test_errors_show_no_password() -> None:
    with pytest.raises(LedgerError) as caught:
        open_ledger("postgresql+psycopg://somebody:hunter2@127.0.0.1:1/gazette")
    assert "hunter2" not in str(caught.value)
    assert "somebody" not in str(caught.value)


def test_a_notice_is_made_once_with_everyone_once(ledger: Ledger) -> None:
    snapshot = make(ledger, [ANA, BEN, ANA, BadRow(4, "nobody", "no @")])
    assert (snapshot.recipients, snapshot.repeated, snapshot.bad_rows, snapshot.suppressed) == (2, 1, 1, 0)
    assert ledger.make(NOTICE, date(2026, 3, 1), now(), [], [Recipient("late@example.com")]) is None
    assert ledger.notices() == (snapshot.made,)
    assert ledger.bad_rows(snapshot.made.id) == (BadRow(4, "nobody", "no @"),)
    claimed = claim(ledger, snapshot.made.id)
    assert [(c.address, c.name, c.language, dict(c.fields)) for c in claimed] == [
        ("ana@example.com", "Ana", "en", {}),
        ("ben@example.com", "Ben", "de", {"plan": "ü"}),
    ]


def test_a_notice_that_fails_half_way_was_never_made(ledger: Ledger) -> None:
    def broken() -> object:
        yield from people(2500)
        raise UsageError("the list broke off")

    with pytest.raises(UsageError):
        make(ledger, broken())  # type: ignore[arg-type]
    assert ledger.notices() == ()
    assert make(ledger, people(3)).recipients == 3


def test_the_list_is_a_snapshot(ledger: Ledger) -> None:
    snapshot = make(ledger, people(3))
    assert ledger.make(NOTICE, date(2026, 3, 1), now(), [], people(9)) is None
    assert ledger.counts(snapshot.made.id).total == 3


def test_what_is_claimed_is_nobody_elses(ledger: Ledger) -> None:
    snapshot = make(ledger, people(5))
    first, second = claim(ledger, snapshot.made.id, 3), claim(ledger, snapshot.made.id, 3)
    assert len(first) == 3
    assert len(second) == 2
    assert not {c.id for c in first} & {c.id for c in second}
    assert claim(ledger, snapshot.made.id) == []
    assert ledger.counts(snapshot.made.id)[State.SENDING] == 5


def test_a_turn_that_is_repeated_claims_the_same(ledger: Ledger) -> None:
    snapshot = make(ledger, people(5))
    number = new_claim()
    first = ledger.turn(snapshot.made.id, [], 2, now(), now() + 1000, number)
    again = ledger.turn(snapshot.made.id, [], 2, now(), now() + 1000, number, again=True)
    assert {c.id for c in first} == {c.id for c in again}
    note(ledger, *(outcome(c, State.SENT) for c in first))
    note(ledger, *(outcome(c, State.SENT) for c in first))
    assert [line.outcome for line in ledger.evidence()].count(State.SENT) == 2


def test_what_a_dead_process_held_becomes_unknown_and_is_sent_again_or_held(ledger: Ledger) -> None:
    snapshot = make(ledger, people(4))
    held = claim(ledger, snapshot.made.id, 2, lease=-1)
    assert ledger.holds_any()
    assert ledger.recover(now(), Patience(resend=False)) == 2
    counts = ledger.counts(snapshot.made.id)
    assert (counts[State.UNKNOWN], counts.held, counts.waiting) == (2, 2, 2)
    assert {c.id for c in claim(ledger, snapshot.made.id)}.isdisjoint(c.id for c in held)
    assert ledger.release([State.UNKNOWN], now()) == 2
    assert {c.id for c in claim(ledger, snapshot.made.id)} == {c.id for c in held}


def test_a_lease_that_holds_is_respected(ledger: Ledger) -> None:
    snapshot = make(ledger, people(2))
    claimed = claim(ledger, snapshot.made.id)
    assert ledger.recover(now(), Patience()) == 0
    ledger.renew([claimed[0].claim], now() - 1)
    assert ledger.recover(now(), Patience()) == 2


def test_a_late_outcome_counts_only_under_its_own_claim(ledger: Ledger) -> None:
    snapshot = make(ledger, people(1))
    (frozen,) = claim(ledger, snapshot.made.id, lease=-1)
    ledger.recover(now(), Patience())
    (taken,) = claim(ledger, snapshot.made.id)
    assert taken.id == frozen.id
    note(ledger, outcome(frozen, State.SENT))
    assert ledger.counts(snapshot.made.id)[State.SENDING] == 1  # the other's claim stands
    note(ledger, outcome(taken, State.DEFERRED, now() + 99_000))
    note(ledger, outcome(frozen, State.BOUNCED))
    assert ledger.counts(snapshot.made.id)[State.DEFERRED] == 1
    outcomes = sorted(str(line.outcome) for line in ledger.evidence())
    assert outcomes == ["bounced", "deferred", "sent", "unknown"]  # all of it on record


def test_a_late_outcome_settles_what_nobody_took_over(ledger: Ledger) -> None:
    snapshot = make(ledger, people(1))
    (frozen,) = claim(ledger, snapshot.made.id, lease=-1)
    ledger.recover(now(), Patience())
    note(ledger, outcome(frozen, State.SENT))
    counts = ledger.counts(snapshot.made.id)
    assert counts[State.SENT] == 1
    assert counts.waiting == 0


def test_who_is_suppressed_is_left_out_then_and_later(ledger: Ledger) -> None:
    ledger.suppress([Suppression("ANA@example.com", Reason.ASKED)])
    ledger.suppress([Suppression("person1@example.com", Reason.BOUNCED, policy="another-policy")])
    snapshot = make(ledger, [ANA, BEN, *people(3)])
    assert snapshot.suppressed == 1
    ledger.suppress([Suppression("ben@example.com", Reason.UNSUBSCRIBED, "privacy-policy")])
    assert {c.address for c in claim(ledger, snapshot.made.id)} == {f"person{n}@example.com" for n in range(3)}
    assert ledger.counts(snapshot.made.id)[State.SUPPRESSED] == 2
    assert ledger.counts(snapshot.made.id).waiting == 3


def test_what_the_law_requires_passes_over_an_unsubscription_only(ledger: Ledger) -> None:
    ledger.suppress(
        [Suppression("ana@example.com", Reason.UNSUBSCRIBED), Suppression("ben@example.com", Reason.BOUNCED)]
    )
    snapshot = make(ledger, [ANA, BEN], required=True)
    assert [c.address for c in claim(ledger, snapshot.made.id)] == ["ana@example.com"]


def test_suppressions_come_and_go(ledger: Ledger) -> None:
    item = Suppression("Ana@example.com", Reason.COMPLAINED, note="arf", at=5)
    assert ledger.suppress([item, item]) == 1
    assert list(ledger.suppressions()) == [Suppression("ana@example.com", Reason.COMPLAINED, "", "arf", 5)]
    assert ledger.unsuppress("ANA@example.com") == 1
    assert not list(ledger.suppressions())


def test_a_bounce_that_comes_later_is_noted_once(ledger: Ledger) -> None:
    snapshot = make(ledger, people(1))
    (claimed,) = claim(ledger, snapshot.made.id)
    note(ledger, outcome(claimed, State.SENT))
    assert ledger.bounced(claimed.id, now(), 550, "5.1.1 gone")
    assert not ledger.bounced(claimed.id, now(), 550, "5.1.1 gone")
    assert ledger.counts(snapshot.made.id)[State.BOUNCED] == 1
    found = ledger.find(claimed.id)
    assert found is not None
    assert found.address == "person0@example.com"


def test_a_long_address_and_strange_letters_are_kept_as_they_are(ledger: Ledger) -> None:
    strange = Recipient("x" * 240 + "@" + "y" * 59 + ".example", 'O\'Brien "日本"; DROP TABLE delivery;--', "en")
    snapshot = make(ledger, [strange])
    (claimed,) = claim(ledger, snapshot.made.id)
    assert (claimed.address, claimed.name) == (strange.address, strange.name)


def test_another_user_may_not_read_the_file(sqlite_ledger: Ledger) -> None:
    assert sqlite_ledger.path is not None
    assert sqlite_ledger.path.stat().st_mode & 0o777 == 0o600


def test_a_process_frozen_in_a_transaction_gives_its_rows_back(postgres_url: str) -> None:
    create_ledger(postgres_url, FIRST_DAY, 0)
    frozen, other = open_ledger(postgres_url, patience=0.5), open_ledger(postgres_url)
    snapshot = make(frozen, people(3))
    with pytest.raises(LedgerLostError):
        freeze_and_thaw(frozen, other, snapshot.made.id)
    frozen.close()
    other.close()


def freeze_and_thaw(frozen: Ledger, other: Ledger, notice_id: int) -> None:
    with frozen._write() as connection:
        connection.exec_driver_sql("SELECT id FROM delivery FOR UPDATE")
        assert claim(other, notice_id) == []
        time.sleep(1)
        assert len(claim(other, notice_id)) == 3
        connection.exec_driver_sql("SELECT 1")
