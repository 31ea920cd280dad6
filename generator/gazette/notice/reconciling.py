"""What the relay's own log says of deliveries that are `unknown`: a Postfix log, or a CSV that any relay's log can be
turned into. Lines in, findings by Message-ID out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gazette.errors import UsageError
from gazette.notice.identity import message_mark
from gazette.notice.model import Attempt, State
from gazette.notice.outbox.ledger import Lost

QUEUED = re.compile(
    r"postfix\S*/(?:\S+/)?(cleanup|qmgr|smtp|lmtp|local|virtual|pipe|error|bounce)\[\d+\]: ([0-9A-Za-z]+): (.*)"
)
MESSAGE_ID = re.compile(r"message-id=(<[^>]*>)")
STATUS = re.compile(r"status=(\w+)(?: \((.*)\))?\s*$")
STATUSES = {"sent": State.SENT, "delivered": State.SENT, "accepted": State.SENT, "deferred": State.SENT,
            "bounced": State.BOUNCED, "failed": State.BOUNCED, "rejected": State.BOUNCED}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """What a log says of one message: the relay took it (`SENT`) or gave it up (`BOUNCED`), in its words."""

    state: State
    words: str


def from_postfix(lines: Iterable[str]) -> dict[str, Finding]:
    """Findings by Message-ID. A message counts as taken once it was in the queue, whatever became of it there."""
    ids: dict[str, str] = {}
    found: dict[str, Finding] = {}
    for line in lines:
        if (match := QUEUED.search(line)) is None:
            continue
        service, queue_id, words = match.groups()
        if service == "cleanup" and (named := MESSAGE_ID.search(words)):
            ids[queue_id] = named[1]
        elif queue_id in ids:
            status = STATUS.search(words)
            if status is not None and status[1] == "bounced":
                found[ids[queue_id]] = Finding(State.BOUNCED, status[2] or "bounced")
            elif status is not None or "queue active" in words:
                known = found.get(ids[queue_id])
                if known is None or known.state is State.SENT:
                    said = f"{status[1]}: {status[2]}" if status else f"queued as {queue_id}"
                    found[ids[queue_id]] = Finding(State.SENT, said)
    return found


def from_csv_log(lines: Iterable[str], source: str) -> dict[str, Finding]:
    """Findings from CSV with the columns `message_id`, `status` and, if there is one, `reply`."""
    reader = csv.DictReader(lines)
    if not {"message_id", "status"} <= set(reader.fieldnames or ()):
        raise UsageError(f"{source} lacks the columns 'message_id' and 'status'", "add a header row with these names")
    found: dict[str, Finding] = {}
    for row in reader:
        identity, status = (row["message_id"] or "").strip(), (row["status"] or "").strip().lower()
        if status not in STATUSES:
            known = ", ".join(sorted(STATUSES))
            raise UsageError(f"{source}:{reader.line_num}: no known status: {status}", f"use one of {known}")
        identity = identity if identity.startswith("<") else f"<{identity}>"
        found[identity] = Finding(STATUSES[status], (row.get("reply") or status).strip())
    return found


def reconcile(lost: Iterable[Lost], findings: Mapping[str, Finding], key: bytes, now: int) -> Iterator[Attempt]:
    """An outcome for each unknown delivery that the log speaks of. Relays may change the domain of a Message-ID, never
    the mark before it.
    """
    by_mark = {identity[1:].split("@")[0]: finding for identity, finding in findings.items()}
    for item in lost:
        finding = by_mark.get(message_mark(key, item.notice)(item.address))
        if finding is not None:
            yield Attempt(item.id, item.claim, finding.state, now, "relay's log", 0, finding.words[:1000], counts=False)
