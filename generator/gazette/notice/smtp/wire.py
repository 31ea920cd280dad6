"""The wire to a mail relay: a blocking socket on which lines are written and replies read. The only module that opens
one.

Hides replies in several pieces and lines, TLS, and time-outs. A break comes as one of BROKEN, with what was handed over
before it where that matters.
"""

from __future__ import annotations

import contextlib
import functools
import select
import socket
import ssl
import struct

from gazette.notice.verdicts import Reply

CONNECT_SECONDS = 30
LONGEST_REPLY = 64 * 1024
BROKEN = (OSError, EOFError, ssl.SSLError)


class ProtocolError(EOFError):
    """The relay said something that is no SMTP."""


class BrokenWriteError(OSError):
    """A write broke after `sent` bytes had been handed to the system."""

    def __init__(self, sent: int, cause: BaseException) -> None:
        self.sent = sent
        super().__init__(in_words(cause))


class CertificateError(OSError):
    """The relay's certificate is not valid for it."""


class Wire:
    """A connection to a relay's port, open from the start. Not shared between threads."""

    def __init__(self, host: str, port: int, timeout: float) -> None:
        self._host, self._timeout = host, timeout
        self._socket = socket.create_connection((host, port), timeout=min(CONNECT_SECONDS, timeout))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(timeout)
        self._unread = bytearray()

    def secure(self, ca_file: str) -> None:
        """Speak TLS from now on. Raises CertificateError."""
        self._unread.clear()  # nothing said before TLS counts after it (CVE-2021-38371)
        context = ssl.create_default_context(cafile=ca_file or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            self._socket = context.wrap_socket(self._socket, server_hostname=self._host)
        except ssl.SSLCertVerificationError as error:
            raise CertificateError(error.verify_message) from error

    def time_out_in_kernel(self) -> None:
        """Blocking calls that the kernel times out: without Python's poll before each of them. Not under TLS."""
        self._socket.settimeout(None)
        seconds = struct.pack("ll", int(self._timeout), int(self._timeout % 1 * 1e6))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, seconds)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, seconds)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.close()

    def has_news(self) -> bool:
        """Whether there is something to read, if only that the other side has closed it."""
        readable, _, _ = select.select([self._socket], [], [], 0)
        return bool(readable)

    def write(self, data: bytes) -> int:
        """Hand all bytes to the system; the number handed over comes with the error (`sent`) where it breaks."""
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
        """Say a line, and hear the reply to it: as one, and line by line."""
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
            if not (data := self._socket.recv(8192)):
                raise EOFError("the relay closed it")
            unread += data
        line = bytes(unread[:end])
        del unread[: end + 1]
        return line.removesuffix(b"\r")


@functools.cache
def our_name() -> str:
    """How this machine introduces itself: its full name, or the address literal that RFC 5321 asks for without one."""
    name = socket.getfqdn()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def in_words(error: BaseException) -> str:
    """What broke the wire."""
    if isinstance(error, TimeoutError | BlockingIOError | ssl.SSLWantReadError):
        return "no reply in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
