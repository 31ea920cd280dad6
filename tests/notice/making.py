"""Values that the tests of this room share: a notice, its message and recipients; a notifier, here or in a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pydantic import SecretStr

from gazette.notice.model import Attempt, BadRow, Claimed, Kind, Notice, Recipient, State
from gazette.notice.notifying import Notifier
from gazette.notice.options import NoticeOptions, Secrets
from gazette.notice.outbox import Ledger
from gazette.notice.outbox.ledger import Snapshot, StoredMessage, new_claim
from gazette.notice.template import Blank, Template
from tests.notice.process import STARTED

FIRST_DAY = date(2026, 1, 1)
NOTICE = Notice("privacy-policy", "2026-03-01", Kind.ANNOUNCEMENT, date(2026, 3, 1), date(2026, 4, 1))
ROOT = Path(__file__).parents[2]


def header(name: str, value: str) -> tuple[str | Blank, ...]:
    return (f"{name}: ", Blank("header", value), "\r\n")


TEMPLATE = Template(
    (
        "From: Example <privacy@example.com>\r\n",
        *header("To", "to"),
        *header("Message-ID", "message_id"),
        *header("Date", "date"),
        *header("Gazette-Delivery", "delivery"),
        "Subject: changes\r\n\r\n",
        Blank("quoted-text", "greeting"),
        "\r\nThe policy changes.\r\n",
    )
)


def people(number: int, start: int = 0) -> list[Recipient]:
    return [Recipient(f"person{n}@example.com", f"Person {n}", "en") for n in range(start, start + number)]


def now() -> int:
    return round(time.time() * 1000)


def make(
    ledger: Ledger,
    recipients: Iterable[Recipient | BadRow],
    notice: Notice = NOTICE,
    required: bool = False,
    workers: bool = False,
) -> Snapshot:
    stored = [StoredMessage("en", "0" * 64, TEMPLATE.to_json())]
    snapshot = ledger.make(notice, notice.due_on, now(), stored, recipients, required, workers=workers)
    assert snapshot is not None
    return snapshot


def claim(ledger: Ledger, notice_id: int, want: int = 100, at: int | None = None, lease: int = 60_000) -> list[Claimed]:
    at = now() if at is None else at
    return ledger.turn(notice_id, [], want, at, at + lease, new_claim())


def note(ledger: Ledger, *attempts: Attempt) -> None:
    ledger.turn(0, attempts, 0, now(), 0, 0)


def outcome(claimed: Claimed, state: State, next_at: int | None = None) -> Attempt:
    return Attempt(claimed.id, claimed.claim, state, now(), "relay", 250, "said", next_at)


def options(**given: object) -> NoticeOptions:
    return NoticeOptions.model_validate(
        {"sender": "Example <privacy@example.com>", "connections": 4, "timeout": 10, **given}
    )


def secrets(port: int, **given: object) -> Secrets:
    return Secrets(smtp_url=SecretStr(f"smtp://127.0.0.1:{port}?tls=none"), **given)  # type: ignore[arg-type]


def notifier(ledger: Ledger, port: int, **given: object) -> Notifier:
    return Notifier(ledger, options(**given), secrets(port))


def notifier_process(url: str, port: int, mode: str = "", **given: object) -> subprocess.Popen[str]:
    """A notifier (or, with a `mode`, a worker) in a process of its own, to be killed; from its start on, SIGTERM ends
    it in good order.
    """
    environment = {
        **os.environ,
        "GAZETTE_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none",
        "GAZETTE_OUTBOX_URL": url,
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.notice.process", json.dumps(given), *([mode] if mode else [])],
        env=environment,
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == STARTED
    return process


def unknown_marks(ledger: Ledger) -> int:
    """How many times a delivery was put on record as unknown."""
    return sum(1 for line in ledger.evidence() if line.outcome == State.UNKNOWN)
