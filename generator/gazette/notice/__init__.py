"""Telling people: which notices are due, to whom, the message, the outbox, its delivery and its evidence.

The pure part is in `model`, `due`, `identity`, `verdicts`, `words`, `template` and `compose`. The world is at the edge:
SQL only in `outbox`, SMTP only in `smtp`, the published site in `page` and `webhook`.
"""
