"""`python -m tests.notice.process JSON`: deliver from GAZETTE_OUTBOX_URL as `gazette notify` does, until done or killed."""

from __future__ import annotations

import json
import os
import signal
import sys

from gazette.notice.notifying import Notifier
from gazette.notice.options import NoticeOptions, read_secrets
from gazette.notice.outbox import open_ledger


def main() -> int:
    given = {"sender": "privacy@example.com", "timeout": 60, **json.loads(sys.argv[1])}
    ledger = open_ledger(os.environ["GAZETTE_OUTBOX_URL"])
    notifier = Notifier(ledger, NoticeOptions.model_validate(given), read_secrets())
    signal.signal(signal.SIGTERM, lambda *_: notifier.stop.set())
    run = notifier.deliver_all()
    print(run.done, run.unsettled)
    ledger.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
