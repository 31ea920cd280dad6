"""SMTP (RFC 5321) on a blocking socket: the only module that opens one.

Takes envelopes one by one and gives a verdict for each. Where the relay offers PIPELINING (RFC 2920), a message's body
and the next envelope travel together, so a message costs one round trip and not four. Hides replies in pieces, dot
stuffing, TLS, AUTH, and who is to blame when a connection breaks: a message of which the relay can't have seen the
end was certainly not accepted.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import hmac
import select
import socket
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from gazette.errors import GazetteError
from gazette.notice.options import Relay
from gazette.notice.verdicts import Fate, Reply, Verdict

CONNECT_SECONDS = 30
LONGEST_REPLY = 64 * 1024
END_OF_DATA = b".\r\n"
BROKEN = (OSError, EOFError, ssl.SSLError)
UNSENT = Verdict(Fate.UNSENT)


class Envelope(NamedTuple):
    """A message on its way: addresses as ASCII or, for SMTPUTF8, as UTF-8; `message` has CRLF line ends only."""

    sender: str
    recipient: str
    message: bytes


class RelayError(GazetteError):
    """The relay can't be used now (`lasting` False) or as it is set up (`lasting` True). No recipient's fault."""

    def __init__(self, relay: str, what: str, lasting: bool = False) -> None:
        self.relay, self.what, self.lasting = relay, what, lasting
        super().__init__(f"the mail relay {relay}: {what}")


class ProtocolError(EOFError):
    """The relay said something that is no SMTP."""


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


Job = TypeVar("Job")


@functools.cache
def our_name() -> str:
    """How this machine introduces itself: its full name, or the address literal that RFC 5321 asks for without one."""
    name = socket.getfqdn()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


@dataclass
class Connection:
    """One persistent connection to the relay, opened when first used. Not shared between threads."""

    relay: Relay
    timeout: float = 300
    hello: str = field(default_factory=our_name)
    offer: Offer = field(default_factory=Offer, init=False)
    was_of_use: bool = field(default=False, init=False)
    """Whether a message was dealt with since it was opened."""
    _socket: socket.socket | None = field(default=None, init=False, repr=False)
    _unread: bytearray = field(default_factory=bytearray, init=False, repr=False)

    @property
    def is_open(self) -> bool:
        return self._socket is not None

    def open(self) -> None:
        """Connect, secure, authenticate. Raises RelayError."""
        self.was_of_use = False
        try:
            self._connect()
        except RelayError:
            self.close()
            raise
        except ssl.SSLCertVerificationError as error:
            self.close()
            raise RelayError(self.relay.name, f"its certificate is not valid: {error.verify_message}", True) from error
        except BROKEN as error:
            self.close()
            raise RelayError(self.relay.name, f"cannot be reached: {_words(error)}") from error

    def close(self, quit_: bool = False) -> None:
        """End the connection; with `quit_`, politely."""
        if self._socket is not None:
            if quit_:
                with contextlib.suppress(*BROKEN):
                    self._socket.sendall(b"QUIT\r\n")
            with contextlib.suppress(OSError):
                self._socket.close()
        self._socket = None
        self._unread.clear()

    def went_stale(self) -> bool:
        """Whether the relay has closed, or spoken on, a connection that was idle."""
        if self._socket is None:
            return False
        readable, _, _ = select.select([self._socket], [], [], 0)
        return bool(readable)

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
        if self._socket is None:
            self.open()
        if (current := take()) is None:
            return
        following: Job | None = None
        exchange = _Exchange(self)
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
            raise RelayError(self.relay.name, f"the connection broke: {_words(error)}") from error

    def write(self, data: bytes) -> int:
        """Hand all bytes to the system; the number handed over comes with the error (`sent`) where it breaks."""
        assert self._socket is not None
        sent = 0
        try:
            while sent < len(data):
                sent += self._socket.send(memoryview(data)[sent:] if sent else data)
        except BROKEN as error:
            raise BrokenWriteError(sent, error) from error
        return sent

    def read_reply(self) -> Reply:
        """The next whole reply, of however many lines and pieces."""
        code, lines = self._read_lines()
        return Reply(code, " ".join(lines))

    def command(self, line: str) -> tuple[Reply, list[str]]:
        self.write(line.encode("utf-8", "surrogatepass") + b"\r\n")
        code, lines = self._read_lines()
        return Reply(code, " ".join(lines)), lines

    def _read_lines(self) -> tuple[int, list[str]]:
        lines: list[str] = []
        size = 0
        while True:
            line = self._read_line()
            size += len(line)
            if not line[:3].isdigit() or line[3:4] not in (b"", b" ", b"-") or size > LONGEST_REPLY:
                raise ProtocolError(f"no SMTP reply: {line[:80]!r}")
            lines.append(line[4:].decode("utf-8", "replace").strip())
            if line[3:4] != b"-":
                return int(line[:3]), lines

    def _read_line(self) -> bytes:
        unread = self._unread
        while (end := unread.find(b"\n")) < 0:
            if len(unread) > LONGEST_REPLY:
                raise ProtocolError("a reply without end")
            assert self._socket is not None
            if not (data := self._socket.recv(8192)):
                raise EOFError("the relay closed it")
            unread += data
        line = bytes(unread[:end])
        del unread[: end + 1]
        return line.removesuffix(b"\r")

    def _connect(self) -> None:
        relay = self.relay
        raw = socket.create_connection((relay.host, relay.port), timeout=min(CONNECT_SECONDS, self.timeout))
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = raw
        raw.settimeout(self.timeout)
        if relay.tls == "tls":
            self._secure(raw)
        if (greeting := self.read_reply()).code != 220:
            raise RelayError(relay.name, f"greets with {greeting}", greeting.code >= 500)
        self._greet()
        if relay.tls == "starttls":
            if "STARTTLS" not in self.offer.extensions:
                raise RelayError(relay.name, "offers no STARTTLS; GAZETTE_SMTP_TLS=none would send in the clear", True)
            reply, _ = self.command("STARTTLS")
            if reply.code != 220:
                raise RelayError(relay.name, f"refuses STARTTLS: {reply}", reply.code >= 500)
            self._unread.clear()  # nothing said before TLS counts after it (CVE-2021-38371)
            self._secure(raw)
            self._greet()
        if relay.user:
            self._authenticate()
        if relay.tls == "none":
            self._time_out_in_kernel(raw)

    def _time_out_in_kernel(self, raw: socket.socket) -> None:
        """Blocking calls that the kernel times out: without Python's poll before each of them."""
        raw.settimeout(None)
        seconds = struct.pack("ll", int(self.timeout), int(self.timeout % 1 * 1e6))
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, seconds)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, seconds)

    def _secure(self, raw: socket.socket) -> None:
        context = ssl.create_default_context(cafile=self.relay.ca_file or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._socket = context.wrap_socket(raw, server_hostname=self.relay.host)

    def _greet(self) -> None:
        reply, lines = self.command(f"EHLO {self.hello}")
        if reply.code == 250:
            self.offer = Offer.read(lines)
            return
        if reply.code in {500, 501, 502, 504}:
            reply, _ = self.command(f"HELO {self.hello}")
            self.offer = Offer()
        if reply.code != 250:
            raise RelayError(self.relay.name, f"refuses our greeting: {reply}", reply.code >= 500)

    def _authenticate(self) -> None:
        user, password = self.relay.user, self.relay.password.get_secret_value()
        if "CRAM-MD5" in self.offer.auth and not {"PLAIN", "LOGIN"} & self.offer.auth:
            reply, lines = self.command("AUTH CRAM-MD5")
            if reply.code == 334:
                answer = hmac.new(password.encode(), base64.b64decode(lines[0]), hashlib.md5).hexdigest()
                reply, _ = self.command(_base64(f"{user} {answer}"))
        elif "PLAIN" in self.offer.auth or "LOGIN" not in self.offer.auth:
            reply, _ = self.command("AUTH PLAIN " + _base64(f"\0{user}\0{password}"))
        else:
            reply, _ = self.command("AUTH LOGIN")
            for answer in (user, password):
                if reply.code == 334:
                    reply, _ = self.command(_base64(answer))
        if reply.code != 235:
            raise RelayError(self.relay.name, f"refuses the login: {reply}", reply.code >= 500)


class BrokenWriteError(OSError):
    """A write broke after `sent` bytes had been handed to the system."""

    def __init__(self, sent: int, cause: BaseException) -> None:
        self.sent = sent
        super().__init__(_words(cause))


class _Exchange:
    """The dialogue about one message at a time: envelope, body, the next envelope along with it.

    `in_peril` is true between the moment when a whole message was handed over and the relay's reply to it.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pipelining = "PIPELINING" in connection.offer.extensions
        self.in_peril = False
        self._envelope: Envelope
        self._local: Reply | None = None  # our own refusal of the envelope, which then never travels
        self._verdict: Verdict | None = None
        self._goes_on = False  # the relay waits for the message
        self._begun = False  # the next envelope is on its way

    def begin(self, envelope: Envelope) -> None:
        """Send the envelope, unless it already went along with the message before it."""
        if self._begun:
            self._begun = False
        elif commands := self._introduce(envelope):
            self._connection.write(commands)

    def read_envelope_replies(self) -> RelayError | None:
        """Hear what the relay says to the envelope. A fault is the relay's: the message is unsent."""
        if self._local is not None:
            self._verdict, self._goes_on = Verdict(Fate.REFUSED, self._local, at_recipient=True), False
            return None
        connection = self._connection
        mail = connection.read_reply()
        if mail.code != 250 and not self._pipelining:
            return self._sender_refused(mail)
        if not self._pipelining:
            connection.write(self._recipient_command())
        recipient = connection.read_reply()
        if recipient.code not in {250, 251} and not self._pipelining:
            return self._recipient_refused(recipient)
        if not self._pipelining:
            connection.write(b"DATA\r\n")
        data = connection.read_reply()
        self._goes_on = data.code == 354
        if mail.code != 250:
            return self._sender_refused(mail)
        if recipient.code not in {250, 251}:
            return self._recipient_refused(recipient)
        if data.code != 354:
            return self._refused(data, at_recipient=False)
        self._verdict = None
        return None

    def finish(self, following: Envelope | None, fault: RelayError | None) -> tuple[Verdict, RelayError | None]:
        """Send the body, where it is wanted, and the `following` envelope; the verdict on the message before it."""
        if fault is not None:
            return self._verdict or UNSENT, fault
        connection, verdict = self._connection, self._verdict
        if verdict is None:
            final_reply = self._send_body(following)
            if 200 <= final_reply.code < 300:
                return Verdict(Fate.ACCEPTED, final_reply), None
            fault = self._refused(final_reply, at_recipient=False)
            return self._verdict or UNSENT, fault
        if self._local is None:
            ends = END_OF_DATA if self._goes_on else b"RSET\r\n"
            connection.write(ends + self._along(following))
            connection.read_reply()
        return verdict, None

    def _along(self, following: Envelope | None) -> bytes:
        """The next envelope's commands, to travel with what ends this message, where the relay allows it."""
        if following is None or not self._pipelining:
            return b""
        self._begun = True
        return self._introduce(following)

    def _send_body(self, following: Envelope | None) -> Reply:
        body = _stuffed(self._envelope.message)
        self.in_peril = True
        try:
            self._connection.write(body + self._along(following))
        except BrokenWriteError as error:
            self.in_peril = error.sent >= len(body)
            raise
        reply = self._connection.read_reply()
        self.in_peril = False
        return reply

    def _introduce(self, envelope: Envelope) -> bytes:
        """The commands that open a transaction: all three where they may travel together, else the first."""
        self._envelope = envelope
        self._local = self._unacceptable(envelope)
        if self._local is not None:
            return b""
        mail = self._sender_command()
        return mail + self._recipient_command() + b"DATA\r\n" if self._pipelining else mail

    def _unacceptable(self, envelope: Envelope) -> Reply | None:
        if any(c in "\r\n<> \0" for c in envelope.recipient):
            return Reply(553, "5.1.3 not an address that SMTP can carry")
        if not envelope.recipient.isascii() and "SMTPUTF8" not in self._connection.offer.extensions:
            return Reply(550, "5.6.7 the relay carries no internationalised addresses (SMTPUTF8)")
        return None

    def _sender_command(self) -> bytes:
        envelope, extensions = self._envelope, self._connection.offer.extensions
        parameters = ""
        if "SIZE" in extensions:
            parameters += f" SIZE={len(envelope.message)}"
        if "8BITMIME" in extensions and not envelope.message.isascii():
            parameters += " BODY=8BITMIME"
        if not (envelope.recipient.isascii() and envelope.sender.isascii()):
            parameters += " SMTPUTF8"
        return f"MAIL FROM:<{envelope.sender}>{parameters}\r\n".encode()

    def _recipient_command(self) -> bytes:
        return f"RCPT TO:<{self._envelope.recipient}>\r\n".encode()

    def _sender_refused(self, reply: Reply) -> RelayError:
        """MAIL FROM is about us: never a recipient's fault. A 5xx lasts until somebody changes the set-up."""
        self._verdict = Verdict(Fate.UNSENT, reply)
        return RelayError(self._connection.relay.name, f"refuses mail from us: {reply}", reply.code >= 500)

    def _recipient_refused(self, reply: Reply) -> RelayError | None:
        return self._refused(reply, at_recipient=True)

    def _refused(self, reply: Reply, at_recipient: bool) -> RelayError | None:
        if reply.is_relays_fault:
            self._verdict = Verdict(Fate.UNSENT, reply)
            return RelayError(self._connection.relay.name, f"asks us to wait: {reply}")
        if 400 <= reply.code < 500:
            self._verdict = Verdict(Fate.DEFERRED, reply, at_recipient)
        elif 500 <= reply.code < 600:
            self._verdict = Verdict(Fate.REFUSED, reply, at_recipient)
        else:
            raise ProtocolError(f"an unexpected reply: {reply}")
        return None


def _stuffed(message: bytes) -> bytes:
    """The message as DATA carries it (RFC 5321, 4.5.2), with the line that ends it."""
    if message.rfind(b"\n.") >= 0:  # from behind: many times faster than `in`
        message = message.replace(b"\n.", b"\n..")
    if message.startswith(b"."):
        message = b"." + message
    return message + (END_OF_DATA if message.endswith(b"\r\n") else b"\r\n" + END_OF_DATA)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _words(error: BaseException) -> str:
    if isinstance(error, TimeoutError | BlockingIOError | ssl.SSLWantReadError):
        return "no reply in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
