"""The outbox: the ledger of deliveries, on SQLite or PostgreSQL. SQL is written here and nowhere else.

`opening` finds or makes a ledger. `ledger` changes it, `records` only looks, `suppressions` are those who get nothing;
all three stand on `store`, its transactions, and `rows`. `schema` and `migrations` say what it is made of. `source`
reads recipients from a database, `jobs` shares the work among machines.
"""

from gazette.notice.outbox.ledger import Ledger
from gazette.notice.outbox.opening import create_ledger, open_ledger

__all__ = ["Ledger", "create_ledger", "open_ledger"]
