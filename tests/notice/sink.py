"""A real SMTP server on a thread's socket that does what a script tells it, and writes down what it accepted.

Its log is the truth that the ledger is compared with. A fault is a function of (server, session, stage, recipient)
that returns a reply to give instead, or raises `DropError`, or None for the ordinary course.
"""

from __future__ import annotations

import contextlib
import re
import socket
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class DropError(Exception):
    """Close the connection without a word."""


@dataclass
class Session:
    number: int
    accepted: int = 0
    sender: str = ""
    recipient: str = ""


Fault = Callable[["Sink", Session, str, str], str | None]


@dataclass
class Accepted:
    sender: str
    recipient: str
    message_id: str
    message: bytes


@dataclass
class Sink:
    """`with Sink(fault) as sink`: listens on `sink.port`; `sink.accepted` holds what it took."""

    fault: Fault = lambda *_: None
    extensions: tuple[str, ...] = ("PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 10000000", "ENHANCEDSTATUSCODES")
    delay: float = 0.0  # before each group of replies
    pieces: bool = False  # replies one byte at a time
    keep: bool = False  # the messages' bytes too
    accepted: list[Accepted] = field(default_factory=list)
    sessions: int = 0
    port: int = 0

    def __enter__(self) -> Sink:
        sink = self
        self.lock = threading.Lock()
        self.open: set[socket.socket] = set()

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with sink.lock:
                    sink.sessions += 1
                    session = Session(sink.sessions)
                    sink.open.add(self.request)
                with contextlib.suppress(DropError, OSError):
                    _Dialogue(sink, self.request, session).run()
                with sink.lock:
                    sink.open.discard(self.request)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            request_queue_size = 128
            block_on_close = False

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.hang_up()
        self.thread.join()

    def hang_up(self) -> None:
        """Close every connection."""
        with self.lock:
            for connection in list(self.open):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    @property
    def counts(self) -> Counter[str]:
        """How often each recipient's message was accepted."""
        return Counter(item.recipient for item in list(self.accepted))

    @property
    def doubles(self) -> int:
        return sum(n - 1 for n in self.counts.values())


class _Dialogue:
    def __init__(self, sink: Sink, connection: socket.socket, session: Session) -> None:
        self.sink, self.connection, self.session = sink, connection, session
        self.unread = b""
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def run(self) -> None:
        if not self.say(self.stage("greeting") or "220 sink ESMTP").startswith("220"):
            return
        while line := self.line():
            verb, _, rest = line.partition(" ")
            if not self.answer(verb.upper(), rest):
                return

    def answer(self, verb: str, rest: str) -> bool:
        session = self.session
        if verb == "EHLO":
            lines = ["sink", *self.sink.extensions]
            reply = "\r\n".join(f"250{'-' if n < len(lines) - 1 else ' '}{line}" for n, line in enumerate(lines))
            return self.go_on(self.say(self.stage("ehlo") or reply))
        if verb == "MAIL":
            session.sender = rest[rest.index("<") + 1 : rest.index(">")]
            session.recipient = ""
            return self.go_on(self.say(self.stage("mail") or "250 2.1.0 ok"))
        if verb == "RCPT":
            address = rest[rest.index("<") + 1 : rest.index(">")]
            reply = self.stage("rcpt", address) or "250 2.1.5 ok"
            session.recipient = address if reply.startswith("250") else ""
            return self.go_on(self.say(reply))
        if verb == "DATA":
            if not session.recipient:
                return self.go_on(self.say("503 5.5.1 no valid recipients"))
            reply = self.say(self.stage("data", session.recipient) or "354 go on")
            return self.take_message() if reply.startswith("354") else self.go_on(reply)
        if verb == "QUIT":
            self.say("221 bye")
            return False
        self.say("250 ok" if verb in {"RSET", "NOOP"} else "502 5.5.2 what?")
        return True

    def take_message(self) -> bool:
        recipient = self.session.recipient
        self.stage("body", recipient)
        while (end := self.unread.find(b"\r\n.\r\n")) < 0:
            self.receive()
        message, self.unread = self.unread[: end + 2], self.unread[end + 5 :]
        self.stage("before", recipient)
        reply = self.stage("final", recipient) or "250 2.0.0 ok: queued as Q1"
        if reply.startswith("250"):
            found = MESSAGE_ID.search(message)
            self.sink.accepted.append(
                Accepted(
                    self.session.sender,
                    recipient,
                    found[1].decode() if found else "",
                    message.replace(b"\r\n..", b"\r\n.") if self.sink.keep else b"",
                )
            )
            self.session.accepted += 1
        self.stage("after", recipient)
        return self.go_on(self.say(reply))

    def go_on(self, reply: str) -> bool:
        return not reply.startswith("421")

    def stage(self, name: str, recipient: str = "") -> str | None:
        return self.sink.fault(self.sink, self.session, name, recipient)

    def say(self, reply: str) -> str:
        if self.sink.delay:
            time.sleep(self.sink.delay)
        data = reply.encode() + b"\r\n"
        if self.sink.pieces:
            for n in range(len(data)):
                self.connection.sendall(data[n : n + 1])
        else:
            self.connection.sendall(data)
        return reply

    def line(self) -> str:
        while (end := self.unread.find(b"\r\n")) < 0:
            self.receive()
        line, self.unread = self.unread[:end], self.unread[end + 2 :]
        return line.decode()

    def receive(self) -> None:
        if not (data := self.connection.recv(65536)):
            raise DropError
        self.unread += data
