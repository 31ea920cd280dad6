"""What may go wrong while notices go out, each with a real server and a real ledger. Nobody is lost, ever; and nobody
gets a message twice without the ledger having said `unknown`. The sink's own log is the truth.
"""

from __future__ import annotations

import os
import random
import signal
import time
from itertools import count
from pathlib import Path

import pytest

from gazette.notice.model import State
from gazette.notice.outbox import Ledger, create_ledger, open_ledger
from gazette.notice.outbox.ledger import BusyError, LedgerLostError
from tests.notice.making import FIRST_DAY, claim, make, notifier, notifier_process, people, unknown_marks
from tests.notice.sink import DropError, Fault, Session, Sink


def settled(ledger: Ledger, sink: Sink, number: int) -> None:
    """The promise: everyone was reached, doubles are at most the unknown ones, and the ledger agrees with the sink."""
    counts = sink.counts
    assert len(counts) == number, f"{number - len(counts)} lost"
    assert sink.doubles <= unknown_marks(ledger)
    for item in sink.accepted:
        assert item.message_id.endswith("@example.com>")
    assert len({(item.recipient, item.message_id) for item in sink.accepted}) == number  # a double has the same id
    counted = ledger.counts(ledger.notices()[0].id)
    assert counted[State.SENT] + counted.held == number  # held: in doubt too often, so a person decides


def kill_loop(url: str, sink: Sink, number: int, kills: int, workers: int = 1, **given: object) -> int:
    """Notifiers that are killed again and again, spread over `number` deliveries; then one that is left alone. The
    kills made.
    """
    chance = random.Random(1)
    step, done = number // (2 * kills), 0
    for _ in range(kills):
        processes = [notifier_process(url, sink.port, **given) for _ in range(workers)]
        before = len(sink.accepted)
        while all(p.poll() is None for p in processes) and len(sink.accepted) < before + step:
            time.sleep(0.005)
        time.sleep(chance.random() * 0.05)
        for process in processes:
            done += process.poll() is None
            process.kill()
            process.communicate()
    for _ in range(20):
        last = notifier_process(url, sink.port, **given)
        _, errors = last.communicate(timeout=300)
        assert last.returncode == 0, errors
        ledger = open_ledger(url)
        waiting = ledger.counts(ledger.notices()[0].id).waiting
        ledger.close()
        if not waiting:
            break
        time.sleep(1)
    return done


def test_a_notifier_killed_in_the_middle_loses_nobody(sqlite_url: str) -> None:
    create_ledger(sqlite_url, FIRST_DAY, 0)
    ledger = open_ledger(sqlite_url)
    make(ledger, people(1500))
    with Sink() as sink:
        assert kill_loop(sqlite_url, sink, 1500, 2, connections=8) >= 1
        settled(ledger, sink, 1500)
    ledger.close()


@pytest.mark.long
def test_thirty_kills_during_20000_deliveries_lose_nobody(sqlite_url: str) -> None:
    create_ledger(sqlite_url, FIRST_DAY, 0)
    ledger = open_ledger(sqlite_url)
    make(ledger, people(20_000))
    with Sink() as sink:
        assert kill_loop(sqlite_url, sink, 20_000, 30, connections=20) >= 25
        settled(ledger, sink, 20_000)
    ledger.close()


def now_and_then(stage: str, what: str | type[Exception], every: int) -> Fault:
    """Every so many times at a stage, something happens."""
    seen = count(1)

    def fault(sink: Sink, session: Session, name: str, recipient: str) -> str | None:
        if name != stage or next(seen) % every:
            return None
        if isinstance(what, str):
            return what
        raise what

    return fault


@pytest.mark.parametrize(
    ("stage", "what"),
    [
        ("before", DropError),  # the message was handed over, and not taken
        ("after", DropError),  # it was taken, and nobody said so
        ("rcpt", DropError),
        ("rcpt", "421 4.3.2 closing"),
        ("rcpt", "454 4.7.0 quota"),
        ("final", "421 4.3.2 closing"),
        ("greeting", "421 4.3.2 too many connections"),
        ("rcpt", "450 4.2.0 greylisted"),
        ("final", "451 4.7.1 later"),
    ],
)
def test_a_relay_that_fails_now_and_then_costs_nobody_their_notice(
    sqlite_ledger: Ledger, stage: str, what: str | type[Exception]
) -> None:
    make(sqlite_ledger, people(120))
    with Sink(now_and_then(stage, what, 29 if stage != "greeting" else 2)) as sink:
        run = notifier(sqlite_ledger, sink.port, first_retry=1, unknown="resend").deliver_all(until_done=True)
        assert run.unsettled == ""
        settled(sqlite_ledger, sink, 120)


def test_a_relay_that_is_away_for_a_while_is_waited_for(sqlite_ledger: Ledger) -> None:
    import threading

    make(sqlite_ledger, people(50))
    with Sink() as sink:
        port = sink.port
    later = Sink(port=port)
    timer = threading.Timer(1.0, later.__enter__)
    timer.start()
    run = notifier(sqlite_ledger, port).deliver_all()
    assert run.unsettled == ""
    settled(sqlite_ledger, later, 50)
    later.__exit__()
    lines = list(sqlite_ledger.evidence())
    assert {line.outcome for line in lines} == {State.SENT}  # nobody was charged for it


def test_a_relay_that_stays_away_leaves_everyone_queued(sqlite_ledger: Ledger) -> None:
    snapshot = make(sqlite_ledger, people(50))
    with Sink() as sink:
        port = sink.port
    run = notifier(sqlite_ledger, port, relay_patience=0.5).deliver_all()
    assert "cannot be reached" in run.unsettled
    assert sqlite_ledger.counts(snapshot.made.id)[State.QUEUED] == 50


def test_a_relay_that_refuses_us_bounces_nobody(sqlite_ledger: Ledger) -> None:
    snapshot = make(sqlite_ledger, people(50))
    with Sink(now_and_then("mail", "550 5.7.1 you may not send as this", 1)) as sink:
        run = notifier(sqlite_ledger, sink.port).deliver_all()
    assert "you may not send as this" in run.unsettled
    assert sqlite_ledger.counts(snapshot.made.id)[State.QUEUED] == 50


def test_a_relay_that_refuses_the_message_is_not_tried_on_everyone(sqlite_ledger: Ledger) -> None:
    snapshot = make(sqlite_ledger, people(500))
    with Sink(now_and_then("final", "554 5.7.1 spam", 1)) as sink:
        run = notifier(sqlite_ledger, sink.port, chunk=20).deliver_all()
    assert "refuses the message itself" in run.unsettled
    counts = sqlite_ledger.counts(snapshot.made.id)
    assert counts[State.QUEUED] > 400
    assert not list(sqlite_ledger.suppressions())


def test_a_dead_mailbox_bounces_and_is_suppressed_from_then_on(sqlite_ledger: Ledger) -> None:
    def fault(sink: Sink, session: Session, stage: str, recipient: str) -> str | None:
        return "550 5.1.1 no such user" if stage == "rcpt" and recipient == "person3@example.com" else None

    snapshot = make(sqlite_ledger, people(10))
    with Sink(fault) as sink:
        notifier(sqlite_ledger, sink.port).deliver_all()
        assert len(sink.counts) == 9
    assert sqlite_ledger.counts(snapshot.made.id)[State.BOUNCED] == 1
    assert [item.address for item in sqlite_ledger.suppressions()] == ["person3@example.com"]


def test_what_is_held_as_unknown_is_not_sent_again(sqlite_ledger: Ledger) -> None:
    snapshot = make(sqlite_ledger, people(30))
    with Sink(now_and_then("after", DropError, 10)) as sink:
        notifier(sqlite_ledger, sink.port, unknown="hold").deliver_all()
        assert sink.doubles == 0
        assert len(sink.counts) == 30
    counts = sqlite_ledger.counts(snapshot.made.id)
    assert counts[State.UNKNOWN] == counts.held > 0
    assert counts[State.SENT] == 30 - counts.held


def test_sigterm_ends_in_good_order(sqlite_url: str) -> None:
    create_ledger(sqlite_url, FIRST_DAY, 0)
    ledger = open_ledger(sqlite_url)
    snapshot = make(ledger, people(3000))
    with Sink(delay=0.002) as sink:
        process = notifier_process(sqlite_url, sink.port)
        while len(sink.accepted) < 100:
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=30)
        assert process.returncode == 0, errors
        assert "stopped" in output
        counts = ledger.counts(snapshot.made.id)
        assert counts[State.SENT] == len(sink.accepted) < 3000
        assert counts[State.SENT] + counts[State.QUEUED] == 3000
    ledger.close()


def test_two_notifiers_at_once_are_one_too_many_for_a_file(sqlite_url: str) -> None:
    create_ledger(sqlite_url, FIRST_DAY, 0)
    ledger = open_ledger(sqlite_url)
    make(ledger, people(2000))
    with Sink() as sink:
        processes = [notifier_process(sqlite_url, sink.port) for _ in range(2)]
        outputs = [process.communicate(timeout=120) for process in processes]
        codes = sorted(process.returncode for process in processes)
        assert codes in ([0, 0], [0, 1])
        assert all(not error or "another notifier is at work" in error for _, error in outputs)
        settled(ledger, sink, 2000)
        assert sink.doubles == 0
    ledger.close()


def test_a_second_notifier_is_told_so(sqlite_ledger: Ledger) -> None:
    make(sqlite_ledger, people(1))
    with Sink() as sink, sqlite_ledger.alone(), pytest.raises(BusyError):
        notifier(sqlite_ledger, sink.port).deliver_all()


def test_a_frozen_notifier_that_thaws_does_bounded_harm_on_record(postgres_url: str) -> None:
    create_ledger(postgres_url, FIRST_DAY, 0)
    ledger = open_ledger(postgres_url)
    make(ledger, people(1500))
    with Sink(delay=0.001) as sink:
        given = {"lease": 3, "connections": 4, "chunk": 40}
        frozen = notifier_process(postgres_url, sink.port, **given)
        while len(sink.accepted) < 100:
            time.sleep(0.01)
        os.kill(frozen.pid, signal.SIGSTOP)
        time.sleep(3.5)
        other = notifier_process(postgres_url, sink.port, **given)
        other.communicate(timeout=60)
        os.kill(frozen.pid, signal.SIGCONT)
        frozen.communicate(timeout=60)
        settled(ledger, sink, 1500)
        assert sink.doubles <= 40
    ledger.close()


def test_a_database_that_is_gone_for_a_while_is_waited_for(
    sqlite_ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(sqlite_ledger, people(400))
    turn, turns, gone_at = sqlite_ledger.turn, count(), range(3, 9)

    def unreliable(*arguments: object, **named: object) -> object:
        number = next(turns)
        if number in gone_at and number % 2:
            raise LedgerLostError("gone before the commit")
        result = turn(*arguments, **named)  # type: ignore[arg-type]
        if number in gone_at:
            raise LedgerLostError("gone after the commit")
        return result

    monkeypatch.setattr(sqlite_ledger, "turn", unreliable)
    with Sink() as sink:
        run = notifier(sqlite_ledger, sink.port, chunk=40).deliver_all()
        assert run.unsettled == ""
        settled(sqlite_ledger, sink, 400)
        assert sink.doubles == 0


def test_a_full_disk_stops_delivery_and_loses_nobody(sqlite_url: str) -> None:
    create_ledger(sqlite_url, FIRST_DAY, 0)
    ledger = open_ledger(sqlite_url)
    make(ledger, people(1500))
    with ledger._engine.connect() as connection:  # a limit is as good as a full disk: SQLite gives the same error
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    ledger.close()

    from sqlalchemy import event

    full = open_ledger(sqlite_url)
    full._engine.dispose()
    event.listen(full._engine, "connect", lambda c, _: c.execute(f"PRAGMA max_page_count={pages + 8}"))
    with Sink() as sink:
        with pytest.raises(LedgerLostError, match="full"):
            notifier(full, sink.port, ledger_patience=0.5, chunk=40).deliver_all()
        full.close()
        assert 0 < len(sink.counts) < 1500
        ledger = open_ledger(sqlite_url)
        notifier(ledger, sink.port).deliver_all()
        settled(ledger, sink, 1500)
    ledger.close()


def test_a_clock_that_is_set_back_makes_nobody_wait_for_ever(ledger: Ledger) -> None:
    snapshot = make(ledger, people(3))
    with Sink() as sink:
        person = notifier(ledger, sink.port)
        rows = claim(ledger, snapshot.made.id)
        from tests.notice.making import note, now, outcome

        a_year = now() + 365 * 86_400_000
        note(ledger, *(outcome(row, State.DEFERRED, a_year) for row in rows))
        person.deliver_all()
        assert len(sink.counts) == 3


@pytest.mark.long
def test_the_postgres_ledger_survives_thirty_kills_of_two_notifiers(postgres_url: str) -> None:
    create_ledger(postgres_url, FIRST_DAY, 0)
    ledger = open_ledger(postgres_url)
    make(ledger, people(20_000))
    with Sink() as sink:
        assert kill_loop(postgres_url, sink, 20_000, 30, workers=2, connections=10, lease=3) >= 25
        settled(ledger, sink, 20_000)
    ledger.close()


def test_the_ledger_file_is_for_its_owner_only(sqlite_url: str) -> None:
    create_ledger(sqlite_url, FIRST_DAY, 0)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    ledger = open_ledger(sqlite_url)
    make(ledger, people(10))
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.glob("outbox.sqlite*")}
    assert set(modes.values()) == {0o600}
    ledger.close()
