"""What the ledger says of what the relay said, and when to try again."""

from __future__ import annotations

import pytest

from gazette.notice.model import Claimed, State
from gazette.notice.pacing import Gate, Pace
from gazette.notice.verdicts import Fate, Patience, Reply, Verdict, judge, suppresses

CLAIMED = Claimed(7, 1, 99, "a@example.com", "", "en", {}, 0, 0, "mail")
PATIENCE = Patience(first_retry=300, longest_retry=3600, expire=86400)
NOW = 1_000_000_000_000


def even() -> float:
    return 0.5


@pytest.mark.parametrize(
    ("verdict", "state", "next_at", "counts"),
    [
        (Verdict(Fate.ACCEPTED, Reply(250, "ok")), State.SENT, None, True),
        (Verdict(Fate.REFUSED, Reply(550, "no")), State.BOUNCED, None, True),
        (Verdict(Fate.DEFERRED, Reply(450, "later")), State.DEFERRED, NOW + 300_000, True),
        (Verdict(Fate.UNSENT, Reply(421, "closing")), State.QUEUED, NOW, False),
        (Verdict(Fate.UNSENT), State.QUEUED, NOW, False),
        (Verdict(Fate.UNKNOWN), State.UNKNOWN, NOW, True),
    ],
)
def test_each_fate_has_its_state(verdict: Verdict, state: State, next_at: int | None, counts: bool) -> None:
    attempt = judge(CLAIMED, verdict, NOW, NOW, PATIENCE, even, "relay")
    assert (attempt.state, attempt.next_at, attempt.counts) == (state, next_at, counts)
    assert (attempt.delivery_id, attempt.claim, attempt.relay) == (7, 99, "relay")


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 300), (1, 600), (2, 1200), (3, 2400), (4, 3600), (40, 3600)])
def test_pauses_double_up_to_a_limit(attempts: int, seconds: float) -> None:
    assert PATIENCE.pause(attempts, even) == seconds
    assert PATIENCE.pause(attempts, lambda: 0.0) == pytest.approx(seconds * 0.8)
    assert PATIENCE.pause(attempts, lambda: 1.0) == pytest.approx(seconds * 1.2)


def test_what_would_be_tried_after_its_time_has_expired() -> None:
    made_at = NOW - 86_400_000 + 299_000
    attempt = judge(CLAIMED, Verdict(Fate.DEFERRED, Reply(450)), NOW, made_at, PATIENCE, even)
    assert (attempt.state, attempt.next_at) == (State.EXPIRED, None)


def test_unknown_is_resent_a_few_times_and_then_held() -> None:
    again = [judge(CLAIMED._replace(unknowns=n), Verdict(Fate.UNKNOWN), NOW, NOW, PATIENCE, even) for n in range(5)]
    assert [a.next_at for a in again] == [NOW, NOW, NOW, None, None]
    held = judge(CLAIMED, Verdict(Fate.UNKNOWN), NOW, NOW, Patience(resend=False), even)
    assert held.next_at is None


@pytest.mark.parametrize(
    ("code", "text", "faulty"),
    [
        (421, "closing", True),
        (454, "4.7.0 quota", True),
        (452, "4.3.1 insufficient storage", True),
        (451, "4.3.0 queue file write error", True),
        (451, "4.7.1 greylisted", False),
        (450, "4.2.1 mailbox busy", False),
        (452, "4.2.2 mailbox full", False),
        (550, "5.3.0 no", False),
        (450, "4.3.2.1 no code", False),
    ],
)
def test_a_relays_fault_is_told_from_a_recipients(code: int, text: str, faulty: bool) -> None:
    assert Reply(code, text).is_relays_fault is faulty


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict(Fate.REFUSED, Reply(550, "5.1.1 no such user"), True), True),
        (Verdict(Fate.REFUSED, Reply(550, "5.7.1 policy"), True), False),
        (Verdict(Fate.REFUSED, Reply(550, "no such user"), True), False),
        (Verdict(Fate.REFUSED, Reply(554, "5.1.1 no"), False), False),
        (Verdict(Fate.DEFERRED, Reply(450, "4.1.1 no"), True), False),
    ],
)
def test_only_a_dead_mailbox_is_suppressed(verdict: Verdict, expected: bool) -> None:
    assert suppresses(verdict) is expected


def test_a_pace_lets_so_many_go_in_a_second() -> None:
    time = [0.0]
    pace = Pace(10, lambda: time[0])
    gone = 0
    while time[0] < 5:
        wait = pace.ask()
        gone += wait == 0
        time[0] += wait or 0.001
    assert 49 <= gone <= 52
    assert Pace(0).ask() == 0


def test_a_gate_shuts_for_longer_each_time_until_the_relay_is_well() -> None:
    time = [100.0]
    gate = Gate(lambda: time[0], even)
    waits = []
    for _ in range(5):
        gate.fault(OSError(), lasting=False, broken=False)
        gate.fault(OSError(), lasting=False, broken=False)  # the other connections' word on the same fault
        waits.append(gate.wait)
        assert not gate.is_open
        time[0] += gate.wait + 0.01
        assert gate.is_open
    assert waits == pytest.approx([0.5, 1, 2, 4, 8])
    assert gate.unwell_since == 100
    gate.served()
    assert gate.is_proven
    assert gate.unwell_since is None


def test_one_broken_connection_does_not_stop_the_others() -> None:
    gate = Gate(lambda: 0.0, even)
    gate.fault(OSError(), lasting=False, broken=True)
    gate.fault(OSError(), lasting=False, broken=True)
    assert gate.is_open
    gate.fault(OSError(), lasting=False, broken=True)
    assert not gate.is_open
