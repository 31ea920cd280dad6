"""The SMTP client against a scripted real server: each fault, who is to blame, and what was certainly not accepted."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from gazette.notice.options import Relay
from gazette.notice.smtp import Connection, Envelope, RelayError
from gazette.notice.verdicts import Fate, Verdict
from tests.notice.sink import DropError, Fault, Session, Sink

MESSAGE = b"Message-ID: <1@example.com>\r\nSubject: hello\r\n\r\n.a line with a dot\r\n..two\r\nend\r\n"
EXTENSIONS = {"pipelined": Sink.extensions, "one by one": ("8BITMIME",)}


def send(sink: Sink, recipients: list[str], timeout: float = 5) -> tuple[dict[str, Verdict], RelayError | None]:
    """Every recipient's verdict, and the fault that ended the conversation."""
    waiting, verdicts = iter(recipients), dict[str, Verdict]()

    def settle(recipient: str, verdict: Verdict) -> None:
        assert recipient not in verdicts
        verdicts[recipient] = verdict

    connection = Connection(Relay(host="127.0.0.1", port=sink.port, tls="none"), timeout=timeout)
    fault = None
    try:
        connection.converse(lambda: next(waiting, None), lambda to: Envelope("from@example.com", to, MESSAGE), settle)
    except RelayError as error:
        fault = error
    connection.close(quit_=True)
    return verdicts, fault


def at(stage: str, what: str | type[Exception], who: str = "2@example.com", times: int = 1) -> Fault:
    """A fault at one stage about one recipient (or, before there is one, at the n-th time)."""
    seen = count()

    def fault(sink: Sink, session: Session, name: str, recipient: str) -> str | None:
        if name != stage or (recipient and recipient != who) or next(seen) >= times:
            return None
        if isinstance(what, str):
            return what
        raise what

    return fault


PEOPLE = [f"{n}@example.com" for n in range(5)]


@pytest.mark.parametrize("extensions", EXTENSIONS.values(), ids=EXTENSIONS)
@pytest.mark.parametrize("pieces", [False, True], ids=["whole", "in pieces"])
def test_every_message_arrives_unchanged_over_one_connection(extensions: tuple[str, ...], pieces: bool) -> None:
    with Sink(extensions=extensions, pieces=pieces, keep=True) as sink:
        verdicts, fault = send(sink, PEOPLE)
        assert fault is None
        assert [v.fate for v in verdicts.values()] == [Fate.ACCEPTED] * 5
        assert str(verdicts["0@example.com"].reply) == "250 2.0.0 ok: queued as Q1"
        assert [item.recipient for item in sink.accepted] == PEOPLE
        assert {item.message for item in sink.accepted} == {MESSAGE}
        assert sink.sessions == 1


@pytest.mark.parametrize("extensions", EXTENSIONS.values(), ids=EXTENSIONS)
@pytest.mark.parametrize(
    ("stage", "reply", "fate", "at_recipient"),
    [
        ("rcpt", "550 5.1.1 no such user", Fate.REFUSED, True),
        ("rcpt", "450 4.2.0 greylisted", Fate.DEFERRED, True),
        ("rcpt", "451 4.7.1 later", Fate.DEFERRED, True),
        ("data", "451 4.7.1 later", Fate.DEFERRED, False),
        ("data", "554 5.7.1 no", Fate.REFUSED, False),
        ("final", "451 4.7.1 later", Fate.DEFERRED, False),
        ("final", "554 5.7.1 spam", Fate.REFUSED, False),
        ("final", "552 5.3.4 too big", Fate.REFUSED, False),
    ],
)
def test_a_refusal_touches_only_its_own_recipient(
    extensions: tuple[str, ...], stage: str, reply: str, fate: Fate, at_recipient: bool
) -> None:
    with Sink(at(stage, reply), extensions) as sink:
        verdicts, fault = send(sink, PEOPLE)
        assert fault is None
        assert verdicts.pop("2@example.com") == Verdict(fate, verdicts_reply(reply), at_recipient)
        assert {v.fate for v in verdicts.values()} == {Fate.ACCEPTED}
        assert len(verdicts) == 4
        assert sink.sessions == 1


def verdicts_reply(line: str) -> object:
    from gazette.notice.verdicts import Reply

    return Reply(int(line[:3]), line[4:])


@pytest.mark.parametrize("extensions", EXTENSIONS.values(), ids=EXTENSIONS)
@pytest.mark.parametrize(
    ("stage", "what", "fate"),
    [
        ("rcpt", "421 4.3.2 closing", Fate.UNSENT),
        ("rcpt", "454 4.7.0 over quota", Fate.UNSENT),
        ("rcpt", "452 4.3.1 disk full", Fate.UNSENT),
        ("data", "421 4.3.2 closing", Fate.UNSENT),
        ("final", "421 4.3.2 closing", Fate.UNSENT),
        ("final", "454 4.7.0 over quota", Fate.UNSENT),
        ("rcpt", DropError, Fate.UNSENT),
        ("data", DropError, Fate.UNSENT),
        ("before", DropError, Fate.UNKNOWN),
        ("after", DropError, Fate.UNKNOWN),
        ("final", "nonsense", Fate.UNKNOWN),
    ],
)
def test_a_relays_fault_is_nobodys_bounce(
    extensions: tuple[str, ...], stage: str, what: str | type[Exception], fate: Fate
) -> None:
    with Sink(at(stage, what), extensions) as sink:
        verdicts, raised = send(sink, PEOPLE)
        assert raised is not None
        assert not raised.lasting
        assert verdicts["2@example.com"].fate is fate
        assert [verdicts[p].fate for p in PEOPLE[:2]] == [Fate.ACCEPTED] * 2
        assert verdicts.get("3@example.com", Verdict(Fate.UNSENT)).fate is Fate.UNSENT
        assert "4@example.com" not in verdicts
        held = {p for p, v in verdicts.items() if v.fate in {Fate.ACCEPTED, Fate.UNKNOWN}}
        assert set(sink.counts) <= held


@pytest.mark.parametrize(
    ("reply", "lasting"), [("451 4.3.0 later", False), ("550 5.7.1 not you", True), ("552 5.3.4 too big", True)]
)
def test_a_refused_sender_is_our_own_fault(reply: str, lasting: bool) -> None:
    with Sink(at("mail", reply)) as sink:
        verdicts, fault = send(sink, PEOPLE)
        assert fault is not None
        assert fault.lasting is lasting
        assert {v.fate for v in verdicts.values()} == {Fate.UNSENT}
        assert not sink.accepted


@pytest.mark.parametrize(("stage", "fate"), [("rcpt", Fate.UNSENT), ("after", Fate.UNKNOWN)])
def test_a_stalled_relay_is_given_up(stage: str, fate: Fate) -> None:
    import time

    def stall(sink: Sink, session: Session, name: str, recipient: str) -> None:
        if name == stage:
            time.sleep(1.5)

    with Sink(stall) as sink:
        verdicts, fault = send(sink, PEOPLE, timeout=1)
        assert fault is not None
        assert "no reply in time" in str(fault)
        assert verdicts["0@example.com"].fate is fate


def test_a_connection_closed_while_idle_is_opened_again() -> None:
    with Sink() as sink:
        verdicts = dict[str, Verdict]()
        connection = Connection(Relay(host="127.0.0.1", port=sink.port, tls="none"), timeout=5)
        for person in PEOPLE:
            waiting = iter([person])
            connection.converse(
                lambda waiting=waiting: next(waiting, None),  # type: ignore[misc]
                lambda to: Envelope("from@example.com", to, MESSAGE),
                verdicts.__setitem__,
            )
            sink.hang_up()
            wait_until(connection.went_stale)
        connection.close()
        assert {v.fate for v in verdicts.values()} == {Fate.ACCEPTED}
        assert sink.sessions == 5


def wait_until(true: Callable[[], bool]) -> None:
    import time

    for _ in range(200):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError


def test_what_cannot_be_an_address_never_reaches_the_wire() -> None:
    hostile = "a@example.com>\r\nRCPT TO:<b@example.com"
    with Sink() as sink:
        verdicts, fault = send(sink, ["0@example.com", hostile, "1@example.com"])
        assert fault is None
        assert verdicts[hostile].fate is Fate.REFUSED
        assert set(sink.counts) == {"0@example.com", "1@example.com"}


@pytest.mark.parametrize("offered", [True, False])
def test_an_international_address_needs_the_relays_offer(offered: bool) -> None:
    with Sink(extensions=("PIPELINING", "SMTPUTF8") if offered else ("PIPELINING",)) as sink:
        verdicts, _ = send(sink, ["a@example.com", "δοκιμή@example.com", "b@example.com"])
        assert verdicts["δοκιμή@example.com"].fate is (Fate.ACCEPTED if offered else Fate.REFUSED)
        assert sink.counts["b@example.com"] == 1


def test_no_relay_is_a_fault_that_may_pass() -> None:
    with Sink() as sink:
        port = sink.port
    with pytest.raises(RelayError, match="cannot be reached") as caught:
        Connection(Relay(host="127.0.0.1", port=port, tls="none")).open()
    assert not caught.value.lasting


def test_a_relay_without_starttls_gets_nothing() -> None:
    with Sink() as sink, pytest.raises(RelayError, match="offers no STARTTLS") as caught:
        Connection(Relay(host="127.0.0.1", port=sink.port)).open()
    assert caught.value.lasting


@pytest.mark.parametrize("size", ["SIZE 10", "SIZE", "SIZE many", "SIZE 0"])
def test_a_relay_that_lies_about_the_size_it_takes_is_asked_all_the_same(size: str) -> None:
    with Sink(extensions=("PIPELINING", size)) as sink:
        verdicts, fault = send(sink, PEOPLE)
        assert fault is None
        assert {v.fate for v in verdicts.values()} == {Fate.ACCEPTED}
