"""The ledger's evidence as files: the report, the suppressions in and out, what delivery reports changed."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from email_validator import EmailNotValidError

from gazette.errors import ContentError, Problem
from gazette.notice.bounces import Report, recognise
from gazette.notice.model import Reason, Suppression, instant
from gazette.notice.outbox import Ledger
from gazette.notice.outbox.ledger import Evidence
from gazette.notice.recipients import normalised

COLUMNS = ("policy", "version", "notice", "address", "channel", "language", "state", "outcome", "at", "relay", "code",
           "reply", "content_hash")  # fmt: skip
SUPPRESSION_COLUMNS = ("address", "policy", "reason", "note", "at")


def write_report(lines: Iterable[Evidence], form: str, file: IO[str]) -> None:
    """One row for each attempt (or delivery without one), as CSV or as a JSON list, streamed. Times are UTC."""
    if form == "csv":
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([_safe(value) for value in _values(line)] for line in lines)
        return
    file.write("[")
    for number, line in enumerate(lines):
        row = dict(zip(COLUMNS, _values(line), strict=True))
        file.write(("," if number else "") + "\n" + json.dumps(row, ensure_ascii=False))
    file.write("\n]\n")


def _values(line: Evidence) -> list[object]:
    return [
        line.policy, line.label, line.kind, line.address, line.channel, line.language, line.state, line.outcome,
        None if line.at is None else instant(line.at).isoformat(timespec="milliseconds"), line.relay, line.code,
        line.reply, line.content_hash,
    ]  # fmt: skip


def _safe(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return "'" + value
    return value


def write_suppressions(items: Iterable[Suppression], file: IO[str]) -> None:
    """All suppressions as CSV, as `read_suppressions` takes them."""
    writer = csv.writer(file)
    writer.writerow(SUPPRESSION_COLUMNS)
    for item in items:
        at = instant(item.at).isoformat(timespec="seconds")
        writer.writerow([item.address, item.policy, item.reason, item.note, at])


def read_suppressions(path: Path, default: Suppression) -> list[Suppression]:
    """Suppressions from CSV with a column `address`; `policy`, `reason` and `note` where the file has them."""
    found, problems = [], []
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.DictReader(file)
        if "address" not in (reader.fieldnames or ()):
            raise ContentError([Problem(str(path), 1, "has no column 'address'", "add a header row")])
        for row in reader:
            try:
                address = normalised((row["address"] or "").strip())
                reason = Reason(row.get("reason") or default.reason)
            except (EmailNotValidError, ValueError) as error:
                problems.append(Problem(str(path), reader.line_num, str(error), "correct the row"))
                continue
            policy, note = row.get("policy") or default.policy, row.get("note") or default.note
            found.append(Suppression(address, reason, policy, note, default.at))
    if problems:
        raise ContentError(problems)
    return found


@dataclass
class Taken:
    """What a mailbox of delivery reports changed in the ledger."""

    reports: int = 0
    bounced: int = 0
    suppressed: int = 0
    unrecognised: list[str] = field(default_factory=list)


def take_in(reports: Iterable[Report], ledger: Ledger, now: int) -> Taken:
    """Note each report that bears our mark: a bounce, and the suppression that follows from it."""
    taken, key = Taken(), ledger.facts().key
    for report in reports:
        taken.reports += 1
        returned = recognise(report, ledger.find, key)
        if returned is None:
            taken.unrecognised.append(f"{report.source} {' '.join(report.addresses)}".strip())
            continue
        if report.permanent:
            code = 550 if report.status.startswith("5") else 0
            taken.bounced += ledger.bounced(returned.delivery.id, now, code, f"{report.status} {report.words}".strip())
        if returned.reason is not None:
            note = f"{report.status} {report.words}".strip()[:300]
            item = Suppression(returned.delivery.address, returned.reason, note=note, at=now)
            taken.suppressed += ledger.suppress([item])
    return taken
