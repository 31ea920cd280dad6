"""What comes back: relay logs, delivery reports, complaints; and the evidence that goes out."""

from __future__ import annotations

import csv
import io
import json
import mailbox
from pathlib import Path

import pytest

from gazette.errors import ContentError, UsageError
from gazette.notice.bounces import parse_report, read_reports
from gazette.notice.identity import delivery_header, message_mark
from gazette.notice.model import Claimed, Reason, State, Suppression
from gazette.notice.outbox import Ledger
from gazette.notice.reconciling import Finding, from_csv_log, from_postfix, reconcile
from gazette.notice.reporting import read_suppressions, take_in, write_report, write_suppressions
from tests.notice.making import NOTICE, claim, make, note, now, outcome, people

LOG = """\
Mar  1 09:00:00 mx postfix/smtpd[11]: 4AB1: client=unknown[192.0.2.1]
Mar  1 09:00:00 mx postfix/cleanup[12]: 4AB1: message-id=<{0}@example.com>
Mar  1 09:00:00 mx postfix/qmgr[13]: 4AB1: from=<p@example.com>, size=12000, nrcpt=1 (queue active)
Mar  1 09:00:01 mx postfix/smtp[14]: 4AB1: to=<person0@example.com>, relay=mx:25, dsn=2.0.0, status=sent (250 ok)
Mar  1 09:00:01 mx postfix/qmgr[13]: 4AB1: removed
Mar  1 09:00:02 mx postfix/cleanup[12]: 4AB2: message-id=<{1}@example.com>
Mar  1 09:00:02 mx postfix/smtpd[11]: lost connection after DATA (1234 bytes) from unknown[192.0.2.1]
Mar  1 09:00:03 mx postfix/submission/cleanup[12]: 4AB3: message-id=<{2}@example.com>
Mar  1 09:00:03 mx postfix/qmgr[13]: 4AB3: from=<p@example.com>, size=12000, nrcpt=1 (queue active)
Mar  1 09:00:04 mx postfix/smtp[14]: 4AB3: to=<person2@example.com>, relay=none, status=bounced (550 5.1.1 no)
"""


@pytest.fixture
def lost(sqlite_ledger: Ledger) -> list[Claimed]:
    """Four deliveries whose outcome is unknown."""
    claimed = claim(sqlite_ledger, make(sqlite_ledger, people(4)).made.id)
    note(sqlite_ledger, *(outcome(c, State.UNKNOWN) for c in claimed))
    return claimed


def marks(ledger: Ledger, claimed: list[Claimed]) -> list[str]:
    mark = message_mark(ledger.facts().key, NOTICE)
    return [mark(c.address) for c in claimed]


def test_a_postfix_log_settles_what_it_speaks_of(sqlite_ledger: Ledger, lost: list[Claimed]) -> None:
    findings = from_postfix(LOG.format(*marks(sqlite_ledger, lost)).splitlines())
    assert [f.state for f in findings.values()] == [State.SENT, State.BOUNCED]
    attempts = list(reconcile(sqlite_ledger.lost(), findings, sqlite_ledger.facts().key, now()))
    assert sqlite_ledger.settle(attempts) == 2
    counts = sqlite_ledger.counts(lost[0].notice_id)
    assert (counts[State.SENT], counts[State.BOUNCED], counts[State.UNKNOWN]) == (1, 1, 2)
    assert sqlite_ledger.settle(attempts) == 0


def test_a_csv_log_settles_too_and_another_ledgers_ids_do_nothing(sqlite_ledger: Ledger, lost: list[Claimed]) -> None:
    ids = marks(sqlite_ledger, lost)
    lines = [
        "message_id,status,reply",
        f"<{ids[0]}@ses.example>,Delivered,ok",
        f"{ids[1]}@example.com,failed,",
        "<x@y>,sent,",
    ]
    findings = from_csv_log(lines, "log.csv")
    assert findings[f"<{ids[0]}@ses.example>"] == Finding(State.SENT, "ok")
    attempts = list(reconcile(sqlite_ledger.lost(), findings, sqlite_ledger.facts().key, now()))
    assert [a.state for a in attempts] == [State.SENT, State.BOUNCED]
    with pytest.raises(UsageError, match=r"log.csv:2: no known status"):
        from_csv_log(["message_id,status", "<a@b>,dreamt"], "log.csv")
    with pytest.raises(UsageError, match="lacks the columns"):
        from_csv_log(["id"], "log.csv")


def dsn(header: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    return f"""\
From: MAILER-DAEMON@mx.example.com
To: bounces@example.com
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not work.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; person0@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such
 user
--b
Content-Type: text/rfc822-headers

From: Example <privacy@example.com>
Gazette-Delivery: {header}
Message-ID: <x@example.com>
--b--
""".encode()


COMPLAINT = """\
From: fbl@example.com
To: bounces+{}@example.com
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

A complaint.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: x
Version: 1
--b
Content-Type: message/rfc822

From: Example <privacy@example.com>
Subject: changes

x
--b--
"""


def sent(ledger: Ledger, number: int = 3) -> list[Claimed]:
    claimed = claim(ledger, make(ledger, people(number)).made.id)
    note(ledger, *(outcome(c, State.SENT) for c in claimed))
    return claimed


@pytest.mark.parametrize(
    ("action", "status", "state", "reason"),
    [
        ("failed", "5.1.1", State.BOUNCED, Reason.BOUNCED),
        ("failed", "5.7.1", State.BOUNCED, None),
        ("delayed", "4.4.1", State.SENT, None),
    ],
)
def test_a_delivery_report_bounces_its_delivery(
    sqlite_ledger: Ledger, tmp_path: Path, action: str, status: str, state: State, reason: Reason | None
) -> None:
    claimed = sent(sqlite_ledger)[0]
    header = delivery_header(claimed.id, message_mark(sqlite_ledger.facts().key, NOTICE)(claimed.address))
    (tmp_path / "1.eml").write_bytes(dsn(header, action, status))
    (tmp_path / "2.eml").write_bytes(b"From: a@example.com\nSubject: hello\n\nI like your policy.\n")
    taken = take_in(read_reports(tmp_path), sqlite_ledger, now())
    assert (taken.reports, taken.unrecognised) == (1, [])
    found = {line.address: line.state for line in sqlite_ledger.evidence()}
    assert found["person0@example.com"] == state
    assert [s.reason for s in sqlite_ledger.suppressions()] == ([reason] if reason else [])


def test_a_complaint_is_known_by_the_address_it_came_to(sqlite_ledger: Ledger, tmp_path: Path) -> None:
    claimed = sent(sqlite_ledger)[1]
    header = delivery_header(claimed.id, message_mark(sqlite_ledger.facts().key, NOTICE)(claimed.address))
    box = mailbox.mbox(tmp_path / "box")
    box.add(COMPLAINT.format(header).encode())
    box.add(dsn(f"{claimed.id}-{'0' * 16}"))  # somebody's invention
    box.close()
    taken = take_in(read_reports(tmp_path / "box"), sqlite_ledger, now())
    assert (taken.reports, taken.suppressed, len(taken.unrecognised)) == (2, 1, 1)
    assert [(s.address, s.reason) for s in sqlite_ledger.suppressions()] == [("person1@example.com", Reason.COMPLAINED)]


def test_an_ordinary_message_is_no_report() -> None:
    import email
    import email.policy

    assert parse_report(email.message_from_bytes(b"Subject: x\n\nx", policy=email.policy.default)) is None


def test_the_report_names_everyone_and_every_attempt(sqlite_ledger: Ledger) -> None:
    sent(sqlite_ledger)
    written = io.StringIO(newline="")
    write_report(sqlite_ledger.evidence(), "csv", written)
    rows = list(csv.DictReader(io.StringIO(written.getvalue(), newline="")))
    assert [row["address"] for row in rows] == [f"person{n}@example.com" for n in range(3)]
    assert {(row["state"], row["code"], row["reply"], row["relay"]) for row in rows} == {
        ("sent", "250", "said", "relay")
    }
    assert {len(row["content_hash"]) for row in rows} == {64}
    data = io.StringIO()
    write_report(sqlite_ledger.evidence("privacy-policy"), "json", data)
    assert [row["address"] for row in json.loads(data.getvalue())] == [row["address"] for row in rows]
    nothing = io.StringIO()
    write_report(sqlite_ledger.evidence("another"), "json", nothing)
    assert json.loads(nothing.getvalue()) == []


def test_suppressions_go_out_and_come_in_again(sqlite_ledger: Ledger, tmp_path: Path) -> None:
    items = [
        Suppression("a@example.com", Reason.BOUNCED, "", "5.1.1", 5),
        Suppression("b@example.com", Reason.ASKED, "p"),
    ]
    sqlite_ledger.suppress(items)
    path = tmp_path / "out.csv"
    with path.open("w", newline="") as file:
        write_suppressions(sqlite_ledger.suppressions(), file)
    default = Suppression("", Reason.ASKED)
    assert [(s.address, s.reason, s.policy) for s in read_suppressions(path, default)] == [
        ("a@example.com", Reason.BOUNCED, ""),
        ("b@example.com", Reason.ASKED, "p"),
    ]
    path.write_text("address,reason\nnobody,asked\na@example.com,bored\n")
    with pytest.raises(ContentError) as caught:
        read_suppressions(path, default)
    assert [problem.line for problem in caught.value.problems] == [2, 3]
