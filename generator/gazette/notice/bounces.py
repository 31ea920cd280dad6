"""Delivery reports that come back: DSNs (RFC 3464) and complaints (ARF, RFC 5965), from a mailbox file or folder.

Which delivery one speaks of is told by our own mark: in `Gazette-Delivery` or the Message-ID of the message it returns,
or in the address it was sent to (VERP). Nobody can suppress another's address by writing to us: a mark is a keyed hash.
Reports in other forms are read by flufl.bounce, where it is installed; these carry no mark and are only listed.
"""

from __future__ import annotations

import email
import email.policy
import mailbox
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from pathlib import Path
from typing import cast

from gazette.errors import UsageError
from gazette.notice.identity import MARK_DIGITS, message_mark
from gazette.notice.model import Reason
from gazette.notice.outbox.ledger import Lost
from gazette.notice.verdicts import BAD_MAILBOX

MARK = re.compile(rf"(\d{{1,18}})-([0-9a-f]{{{MARK_DIGITS}}})")
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True, slots=True)
class Report:
    """One report. `permanent` says that the address got nothing and won't; `marks` are what may be our own marks."""

    source: str
    complaint: bool
    permanent: bool
    status: str
    words: str
    marks: tuple[tuple[int, str], ...]
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Returned:
    """A report whose mark is ours: the delivery, and why its address is suppressed from now on (None: it is not)."""

    report: Report
    delivery: Lost
    reason: Reason | None


def read_reports(path: Path) -> Iterator[Report]:
    """Every report in a mailbox (mbox), a Maildir, or a folder of .eml files; other messages are passed over."""
    for source, message in _messages(path):
        report = parse_report(message, source)
        if report is not None:
            yield report


def recognise(report: Report, find: Callable[[int], Lost | None], key: bytes) -> Returned | None:
    """The delivery that a report speaks of, if one of its marks is truly ours."""
    for delivery_id, mark in report.marks:
        delivery = find(delivery_id)
        if delivery is not None and message_mark(key, delivery.notice)(delivery.address)[:MARK_DIGITS] == mark:
            reason = None
            if report.complaint:
                reason = Reason.COMPLAINED
            elif report.permanent and report.status in BAD_MAILBOX:
                reason = Reason.BOUNCED
            return Returned(report, delivery, reason)
    return None


def parse_report(message: EmailMessage, source: str = "") -> Report | None:
    """The report that a message is; None for any other message."""
    kind = message.get_param("report-type") if message.get_content_type() == "multipart/report" else None
    marks = tuple(dict.fromkeys(_marks(message)))
    if kind == "feedback-report":
        return Report(source, True, False, "", "complaint", marks)
    if kind == "delivery-status":
        fields = _status_fields(message)
        status = STATUS.search(fields.get("status", ""))
        permanent = fields.get("action", "").strip().lower() == "failed"
        words = " ".join(fields.get("diagnostic-code", fields.get("status", "")).split())
        return Report(source, False, permanent, status[0] if status else "", words, marks, _recipients(fields))
    addresses = _by_flufl(message)
    return Report(source, False, True, "", "in a form of its own", marks, addresses) if addresses else None


def _marks(message: EmailMessage) -> Iterator[tuple[int, str]]:
    """What looks like our marks: the address it came to, and headers of the message it returns."""
    for name in ("To", "Delivered-To", "X-Original-To"):
        for value in message.get_all(name, []):
            yield from _found(str(value))
    for part in message.walk():
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers"}:
            inner = part.get_payload(0) if part.is_multipart() else None
            text = str(inner) if inner is not None else _text(part)
            for line in re.findall(r"(?im)^Gazette-Delivery:\s*(\S+)", text):
                yield from _found(line)


def _found(value: str) -> Iterator[tuple[int, str]]:
    for match in MARK.finditer(value):
        yield int(match[1]), match[2]


def _status_fields(message: EmailMessage) -> dict[str, str]:
    """The fields of the first recipient in the delivery-status part, names in lower case."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            for block in blocks if isinstance(blocks, list) else []:
                fields = {name.lower(): str(value) for name, value in cast("Message", block).items()}
                if "action" in fields or "final-recipient" in fields:
                    return fields
    return {}


def _recipients(fields: dict[str, str]) -> tuple[str, ...]:
    value = fields.get("original-recipient") or fields.get("final-recipient") or ""
    return (value.partition(";")[2].strip(),) if ";" in value else ()


def _by_flufl(message: EmailMessage) -> tuple[str, ...]:
    try:
        from flufl.bounce import all_failures
    except ImportError:
        return ()
    try:
        _, permanent = all_failures(message)
    except (LookupError, ValueError, AttributeError):  # some of its detectors trip over messages that lack headers
        return ()
    return tuple(sorted(address.decode("utf-8", "replace") for address in permanent))


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else str(part.get_payload())


def _messages(path: Path) -> Iterator[tuple[str, EmailMessage]]:
    def parse(data: bytes) -> EmailMessage:
        return email.message_from_bytes(data, policy=email.policy.default)

    if not path.exists():
        raise UsageError(f"{path}: there is no such mailbox", "name an mbox file, a Maildir or a folder of .eml files")
    if path.is_file():
        box: mailbox.Mailbox[mailbox.mboxMessage] = mailbox.mbox(path, create=False)
        try:
            if len(box) == 0:
                yield str(path), parse(path.read_bytes())
            for key in box.iterkeys():
                yield f"{path}:{key}", parse(box.get_bytes(key))
        finally:
            box.close()
    elif (path / "cur").is_dir():
        for file in sorted([*(path / "cur").iterdir(), *(path / "new").glob("*")]):
            yield str(file), parse(file.read_bytes())
    else:
        for file in sorted(path.glob("*.eml")):
            yield str(file), parse(file.read_bytes())
