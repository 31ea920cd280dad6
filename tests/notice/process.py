"""A notifier or worker in a process of its own: `python -m tests.notice.process JSON [worker]`.

It delivers from GAZETTE_OUTBOX_URL as the commands do, until done or killed. It says when it has begun: from then on
SIGTERM ends it in good order.
"""

from __future__ import annotations

import json
import os
import signal
import sys

STARTED = "started\n"


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # as the commands do, before anything slow
    sys.stdout.write(STARTED)
    sys.stdout.flush()
    from gazette.notice.notifying import Notifier
    from gazette.notice.options import NoticeOptions, read_secrets
    from gazette.notice.outbox import open_ledger

    options = NoticeOptions.model_validate({"sender": "privacy@example.com", "timeout": 60, **json.loads(sys.argv[1])})
    url = os.environ["GAZETTE_OUTBOX_URL"]
    ledger = open_ledger(url, min(options.lease, 60.0))
    if sys.argv[2:]:
        from gazette.notice.working import work

        sys.stdout.write(f"{work(url, ledger, options, read_secrets(), burst=sys.argv[2] == 'burst')}\n")
    else:
        notifier = Notifier(ledger, options, read_secrets())
        signal.signal(signal.SIGTERM, lambda *_: notifier.stop.set())
        run = notifier.deliver_all()
        sys.stdout.write(f"{run.done} {run.unsettled}\n")
    ledger.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
