"""The dialogue about one message (RFC 5321): MAIL, RCPT, DATA, and what the relay says to each.

Takes envelopes one by one and gives a verdict for each. Where the relay offers PIPELINING (RFC 2920), a message's body
and the next envelope travel together, so a message costs one round trip and not four. Hides dot stuffing, and keeps
account of whether the relay can have seen the end of a message: one of which it can't was certainly not accepted.
"""

from __future__ import annotations

from typing import NamedTuple

from gazette.errors import GazetteError
from gazette.notice.smtp.wire import BrokenWriteError, ProtocolError, Wire
from gazette.notice.verdicts import Fate, Reply, Verdict

END_OF_DATA = b".\r\n"
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


class Exchange:
    """The dialogue about one message at a time: envelope, body, the next envelope along with it.

    `in_peril` is true between the moment when a whole message was handed over and the relay's reply to it.
    """

    def __init__(self, wire: Wire, extensions: frozenset[str], relay: str) -> None:
        self._wire, self._extensions, self._relay = wire, extensions, relay
        self._pipelining = "PIPELINING" in extensions
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
            self._wire.write(commands)

    def read_envelope_replies(self) -> RelayError | None:
        """Hear what the relay says to the envelope. A fault is the relay's: the message is unsent."""
        if self._local is not None:
            self._verdict, self._goes_on = Verdict(Fate.REFUSED, self._local, at_recipient=True), False
            return None
        wire = self._wire
        mail = wire.read_reply()
        if mail.code != 250 and not self._pipelining:
            return self._sender_refused(mail)
        if not self._pipelining:
            wire.write(self._recipient_command())
        recipient = wire.read_reply()
        if recipient.code not in {250, 251} and not self._pipelining:
            return self._recipient_refused(recipient)
        if not self._pipelining:
            wire.write(b"DATA\r\n")
        data = wire.read_reply()
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
        wire, verdict = self._wire, self._verdict
        if verdict is None:
            final_reply = self._send_body(following)
            if 200 <= final_reply.code < 300:
                return Verdict(Fate.ACCEPTED, final_reply), None
            fault = self._refused(final_reply, at_recipient=False)
            return self._verdict or UNSENT, fault
        if self._local is None:
            ends = END_OF_DATA if self._goes_on else b"RSET\r\n"
            wire.write(ends + self._along(following))
            wire.read_reply()
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
            self._wire.write(body + self._along(following))
        except BrokenWriteError as error:
            self.in_peril = error.sent >= len(body)
            raise
        reply = self._wire.read_reply()
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
        if not envelope.recipient.isascii() and "SMTPUTF8" not in self._extensions:
            return Reply(550, "5.6.7 the relay carries no internationalised addresses (SMTPUTF8)")
        return None

    def _sender_command(self) -> bytes:
        envelope, extensions = self._envelope, self._extensions
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
        return RelayError(self._relay, f"refuses mail from us: {reply}", reply.code >= 500)

    def _recipient_refused(self, reply: Reply) -> RelayError | None:
        return self._refused(reply, at_recipient=True)

    def _refused(self, reply: Reply, at_recipient: bool) -> RelayError | None:
        if reply.is_relays_fault:
            self._verdict = Verdict(Fate.UNSENT, reply)
            return RelayError(self._relay, f"asks us to wait: {reply}")
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
