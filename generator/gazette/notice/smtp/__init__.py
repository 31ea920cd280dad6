"""SMTP (RFC 5321), spoken here and nowhere else: envelopes in, a verdict on each out.

`wire` holds the socket, `exchange` the dialogue about one message, `connection` what is said before and between them.
"""

from gazette.notice.smtp.connection import Connection
from gazette.notice.smtp.exchange import UNSENT, Envelope, RelayError

__all__ = ["UNSENT", "Connection", "Envelope", "RelayError"]
