"""Workers on PostgreSQL: the queue is a hint, the ledger is the truth."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator

import pytest

from gazette.notice.model import State
from gazette.notice.outbox import Ledger, create_ledger, open_ledger
from tests.notice.making import FIRST_DAY, make, notifier_process, people, unknown_marks
from tests.notice.server import wait_for
from tests.notice.sink import Session, Sink
from tests.notice.test_faults import settled


@pytest.fixture
def shared(postgres_url: str) -> Iterator[Ledger]:
    create_ledger(postgres_url, FIRST_DAY, 0)
    ledger = open_ledger(postgres_url)
    yield ledger
    ledger.close()


def test_two_workers_share_the_work_and_nobody_hears_twice(shared: Ledger, postgres_url: str) -> None:
    make(shared, people(2300), workers=True)
    with Sink() as sink:
        workers = [notifier_process(postgres_url, sink.port, "burst") for _ in range(2)]
        outputs = [worker.communicate(timeout=120) for worker in workers]
        assert all(worker.returncode == 0 for worker in workers), outputs
        assert sum(int(output) for output, _ in outputs) == 2300
        settled(shared, sink, 2300)
        assert sink.doubles == 0


def test_what_is_deferred_comes_back_to_the_workers(shared: Ledger, postgres_url: str) -> None:
    seen = set[str]()

    def greylist(sink: Sink, session: Session, stage: str, recipient: str) -> str | None:
        if stage == "rcpt" and recipient not in seen:
            seen.add(recipient)
            return "450 4.2.0 greylisted"
        return None

    make(shared, people(40), workers=True)
    with Sink(greylist) as sink:
        worker = notifier_process(postgres_url, sink.port, "worker", first_retry=1, lease=4)
        wait_for(lambda: len(sink.counts) == 40)
        worker.send_signal(signal.SIGTERM)
        _, errors = worker.communicate(timeout=30)
        assert worker.returncode == 0, errors
        settled(shared, sink, 40)


def test_work_that_was_forgotten_is_swept_up(shared: Ledger, postgres_url: str) -> None:
    make(shared, people(700))  # no jobs at all
    assert shared.sweep() == 2
    assert shared.sweep() == 0
    with Sink() as sink:
        notifier_process(postgres_url, sink.port, "burst").communicate(timeout=60)
        settled(shared, sink, 700)


def test_the_jobs_of_a_killed_worker_are_handed_out_again(shared: Ledger, postgres_url: str) -> None:
    kill_workers(shared, postgres_url, 1200, kills=1)


@pytest.mark.long
def test_thirty_kills_of_two_workers_lose_nobody(shared: Ledger, postgres_url: str) -> None:
    kill_workers(shared, postgres_url, 20_000, kills=30)


def kill_workers(ledger: Ledger, url: str, number: int, kills: int) -> None:
    made = make(ledger, people(number), workers=True).made
    chance = random.Random(1)
    with Sink(delay=0.001 if kills == 1 else 0) as sink:
        workers = [notifier_process(url, sink.port, "worker", lease=3) for _ in range(2)]
        for _ in range(kills):
            before = len(sink.accepted)
            wait_for(lambda before=before: len(sink.accepted) > min(before + 300, number - 1))  # type: ignore[misc]
            time.sleep(chance.random() * 0.1)
            victim = workers.pop(0)
            victim.kill()
            victim.communicate()
            workers.append(notifier_process(url, sink.port, "worker", lease=3))
        wait_for(lambda: ledger.counts(made.id)[State.SENT] == number, 120)
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        for worker in workers:
            _, errors = worker.communicate(timeout=30)
            assert worker.returncode == 0, errors
        settled(ledger, sink, number)
        assert unknown_marks(ledger) <= 100 * kills


def test_a_worker_frozen_for_longer_than_its_heartbeat_does_bounded_harm(shared: Ledger, postgres_url: str) -> None:
    make(shared, people(1500), workers=True)
    with Sink(delay=0.001) as sink:
        frozen = notifier_process(postgres_url, sink.port, "worker", lease=3, connections=4)
        wait_for(lambda: len(sink.accepted) > 100)
        os.kill(frozen.pid, signal.SIGSTOP)
        other = notifier_process(postgres_url, sink.port, "worker", lease=3, connections=4)
        wait_for(lambda: len(sink.counts) == 1500, 60)
        os.kill(frozen.pid, signal.SIGCONT)
        time.sleep(1)
        for worker in (frozen, other):
            worker.send_signal(signal.SIGTERM)
        for worker in (frozen, other):
            worker.communicate(timeout=30)
        settled(shared, sink, 1500)
        assert sink.doubles <= 100


def test_a_relay_that_refuses_us_ends_the_worker_with_its_words(shared: Ledger, postgres_url: str) -> None:
    made = make(shared, people(30), workers=True).made
    with Sink(lambda sink, session, stage, recipient: "550 5.7.1 no" if stage == "mail" else None) as sink:
        worker = notifier_process(postgres_url, sink.port, "worker")
        _, errors = worker.communicate(timeout=30)
        assert worker.returncode != 0
        assert "refuses mail from us: 550 5.7.1 no" in errors
    assert shared.counts(made.id)[State.QUEUED] == 30


@pytest.mark.parametrize("mode", ["", "worker"])
def test_a_database_that_cuts_every_connection_loses_nobody(shared: Ledger, postgres_url: str, mode: str) -> None:
    import psycopg

    made = make(shared, people(1500), workers=bool(mode)).made
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
    with Sink(delay=0.001) as sink:
        process = notifier_process(postgres_url, sink.port, mode, lease=4, ledger_patience=30)
        for number in (100, 500, 900):
            wait_for(lambda number=number: len(sink.accepted) > number)  # type: ignore[misc]
            with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
                connection.execute(cut)
        wait_for(lambda: shared.counts(made.id)[State.SENT] == 1500)
        if mode:
            process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0, errors
        settled(shared, sink, 1500)
