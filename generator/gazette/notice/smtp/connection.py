"""One lasting connection to a mail relay: greeting, TLS, login, then message after message.

Takes jobs one by one and settles each exactly once. Knows who is to blame when a connection breaks, and says so as a
RelayError.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from gazette.notice.options import Relay
from gazette.notice.smtp.exchange import UNSENT, Envelope, Exchange, RelayError
from gazette.notice.smtp.wire import BROKEN, CertificateError, Wire, in_words, our_name
from gazette.notice.verdicts import Fate, Verdict

Job = TypeVar("Job")


@dataclass(frozen=True, slots=True)
class Offer:
    """What the relay offers in its reply to EHLO. `size` is 0 where it names no limit."""

    extensions: frozenset[str] = frozenset()
    auth: frozenset[str] = frozenset()
    size: int = 0

    @classmethod
    def read(cls, reply_lines: list[str]) -> Offer:
        words = [line.upper().split() for line in reply_lines[1:] if line.strip()]
        auth: set[str] = set()
        size = 0
        for keyword, *values in words:
            if keyword == "AUTH":
                auth.update(values)
            if keyword == "SIZE" and values and values[0].isdigit():
                size = int(values[0])
        return cls(frozenset(w[0] for w in words), frozenset(auth), size)


@dataclass
class Connection:
    """One persistent connection to the relay, opened when first used. Not shared between threads."""

    relay: Relay
    timeout: float = 300
    hello: str = field(default_factory=our_name)
    offer: Offer = field(default_factory=Offer, init=False)
    was_of_use: bool = field(default=False, init=False)
    """Whether a message was dealt with since it was opened."""
    _wire: Wire | None = field(default=None, init=False, repr=False)

    def open(self) -> Wire:
        """Connect, secure, authenticate. Raises RelayError."""
        self.was_of_use = False
        try:
            return self._connect()
        except RelayError:
            self.close()
            raise
        except CertificateError as error:
            self.close()
            raise RelayError(self.relay.name, f"its certificate is not valid: {error}", True) from error
        except BROKEN as error:
            self.close()
            raise RelayError(self.relay.name, f"cannot be reached: {in_words(error)}") from error

    def close(self, quit_: bool = False) -> None:
        """End the connection; with `quit_`, politely."""
        if self._wire is not None:
            if quit_:
                with contextlib.suppress(*BROKEN):
                    self._wire.write(b"QUIT\r\n")
            self._wire.close()
        self._wire = None

    def went_stale(self) -> bool:
        """Whether the relay has closed, or spoken on, a connection that was idle."""
        return self._wire is not None and self._wire.has_news()

    def converse(
        self,
        take: Callable[[], Job | None],
        envelope: Callable[[Job], Envelope],
        settle: Callable[[Job, Verdict], None],
    ) -> None:
        """Send what `take` gives until it gives None; `settle` hears each job's verdict exactly once.

        Raises RelayError after every taken job is settled.
        """
        if self.went_stale():
            self.close()
        wire = self._wire or self.open()
        if (current := take()) is None:
            return
        following: Job | None = None
        exchange = Exchange(wire, self.offer.extensions, self.relay.name)
        try:
            exchange.begin(envelope(current))
            while current is not None:
                fault = exchange.read_envelope_replies()
                following = None if fault else take()
                coming = envelope(following) if following is not None else None
                verdict, fault = exchange.finish(coming, fault)
                settled, current, following = current, following, None
                settle(settled, verdict)
                self.was_of_use = True
                if fault is not None:
                    self.close()
                    if current is not None:
                        settle(current, UNSENT)
                    raise fault
                if current is not None:
                    exchange.begin(envelope(current))
        except BROKEN as error:
            self.close()
            if current is not None:
                settle(current, Verdict(Fate.UNKNOWN) if exchange.in_peril else UNSENT)
            if following is not None:
                settle(following, UNSENT)
            raise RelayError(self.relay.name, f"the connection broke: {in_words(error)}") from error

    def _connect(self) -> Wire:
        relay = self.relay
        self._wire = wire = Wire(relay.host, relay.port, self.timeout)
        if relay.tls == "tls":
            wire.secure(relay.ca_file)
        if (greeting := wire.read_reply()).code != 220:
            raise RelayError(relay.name, f"greets with {greeting}", greeting.code >= 500)
        self._greet(wire)
        if relay.tls == "starttls":
            if "STARTTLS" not in self.offer.extensions:
                raise RelayError(relay.name, "offers no STARTTLS; GAZETTE_SMTP_TLS=none would send in the clear", True)
            reply, _ = wire.command("STARTTLS")
            if reply.code != 220:
                raise RelayError(relay.name, f"refuses STARTTLS: {reply}", reply.code >= 500)
            wire.secure(relay.ca_file)
            self._greet(wire)
        if relay.user:
            self._authenticate(wire)
        if relay.tls == "none":
            wire.time_out_in_kernel()
        return wire

    def _greet(self, wire: Wire) -> None:
        reply, lines = wire.command(f"EHLO {self.hello}")
        if reply.code == 250:
            self.offer = Offer.read(lines)
            return
        if reply.code in {500, 501, 502, 504}:
            reply, _ = wire.command(f"HELO {self.hello}")
            self.offer = Offer()
        if reply.code != 250:
            raise RelayError(self.relay.name, f"refuses our greeting: {reply}", reply.code >= 500)

    def _authenticate(self, wire: Wire) -> None:
        user, password = self.relay.user, self.relay.password.get_secret_value()
        if "CRAM-MD5" in self.offer.auth and not {"PLAIN", "LOGIN"} & self.offer.auth:
            reply, lines = wire.command("AUTH CRAM-MD5")
            if reply.code == 334:
                answer = hmac.new(password.encode(), base64.b64decode(lines[0]), hashlib.md5).hexdigest()
                reply, _ = wire.command(_base64(f"{user} {answer}"))
        elif "PLAIN" in self.offer.auth or "LOGIN" not in self.offer.auth:
            reply, _ = wire.command("AUTH PLAIN " + _base64(f"\0{user}\0{password}"))
        else:
            reply, _ = wire.command("AUTH LOGIN")
            for answer in (user, password):
                if reply.code == 334:
                    reply, _ = wire.command(_base64(answer))
        if reply.code != 235:
            raise RelayError(self.relay.name, f"refuses the login: {reply}", reply.code >= 500)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
