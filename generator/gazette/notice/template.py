"""A message with blanks: composed once for each notice and language, filled in for each recipient in microseconds.

While a message is composed, each blank is a private-use character pair around its name and the way its value is to be
written (`html`, `text`, `url`, `header`). `blanks` turns the finished text into parts: strings and blanks in turn.
Bodies are quoted-printable, so that 7-bit relays carry every language; soft line breaks around a blank keep the lines
short whatever comes in. Values lose their control characters before anything else: a header or a command can't be
smuggled in.
"""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import NamedTuple
from urllib.parse import quote

from markupsafe import escape

OPEN, CLOSE = "\ue000", "\ue001"
BLANK = re.compile(f"{OPEN}([a-z]+):([^{OPEN}{CLOSE}]+){CLOSE}")
SPOILED = re.compile("[\ue000\ue001]|%EE%80%8[01]|&#57344;|&#xe000;|=EE=80=8[01]", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ue000\ue001\ud800-\udfff]+")
PLAIN = re.compile(r"[A-Za-z0-9 ,;:!?@/_&#+'\"()\-][A-Za-z0-9 ,;:!?@/_&#+'\"().\-]{0,60}(?<! )")
ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/?^_`{|}~ -]+")
LONGEST_LINE = 60


class Blank(NamedTuple):
    """A place for a recipient's value: how it is written, and which value."""

    writing: str
    name: str


Part = str | Blank


class BlankError(ValueError):
    """A template did something to a blank that can't be done: it is filled in long after."""


def blank(writing: str, name: str) -> str:
    """The text that stands for a recipient's value until the message is composed."""
    return f"{OPEN}{writing}:{name}{CLOSE}"


def split(text: str) -> list[Part]:
    """The text as strings and blanks in turn. Raises BlankError where a blank was spoiled on the way."""
    parts: list[Part] = []
    at = 0
    for match in BLANK.finditer(text):
        parts += [text[at : match.start()], Blank(match[1], match[2])]
        at = match.end()
    parts.append(text[at:])
    if any(isinstance(part, str) and SPOILED.search(part) for part in parts):
        raise BlankError("a recipient's value was changed in the template; use it as it is, or as recipient.url(…)")
    return parts


def quoted_body(text: str) -> list[Part]:
    """A body's parts in quoted-printable, CRLF line ends; a blank stands between soft line breaks."""
    parts: list[Part] = []
    for part in split(text):
        if isinstance(part, str):
            parts.append(_quoted(part))
        else:
            before = next((p for p in reversed(parts) if p), "\r\n")
            at_start = isinstance(before, str) and before.endswith("\r\n")
            parts += ["" if at_start else "=\r\n", Blank(f"quoted-{part.writing}", part.name), "=\r\n"]
    return parts


def joined(parts: list[Part]) -> tuple[Part, ...]:
    """Strings that touch, as one."""
    found: list[Part] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        elif part != "":
            found.append(part)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Template:
    """A composed message: `parts` as they are stored, `fill` makes the bytes for one recipient. The greetings are those
    of its language, for someone unnamed and for `{name}`.
    """

    parts: tuple[Part, ...]
    greeting: str = ""
    greeting_named: str = "{name}"

    @classmethod
    def from_json(cls, text: str) -> Template:
        data = json.loads(text)
        parts = tuple(p if isinstance(p, str) else Blank(*p) for p in data["parts"])
        return cls(parts, data["greeting"], data["greeting_named"])

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=True, separators=(",", ":"))

    def greet(self, name: str) -> str:
        """The first words to someone called `name`, which may be empty."""
        return self.greeting_named.replace("{name}", name) if name else self.greeting

    def filler(self) -> Callable[[Mapping[str, str]], bytes]:
        """A function from a recipient's values to the message. A missing value is empty."""
        fixed: list[bytes] = [part.encode("ascii") if isinstance(part, str) else b"" for part in self.parts]
        places = [
            (n, WRITINGS[part.writing], part.name) for n, part in enumerate(self.parts) if isinstance(part, Blank)
        ]

        def fill(values: Mapping[str, str]) -> bytes:
            pieces = fixed.copy()
            for n, write, name in places:
                pieces[n] = write(values.get(name, ""))
            return b"".join(pieces)

        return fill


def cleaned(value: str) -> str:
    """The value without control characters, line ends or halves of characters: one line of text."""
    return CONTROL.sub(" ", value).strip() if CONTROL.search(value) else value


def header_address(name: str, address: str) -> str:
    """`Name <address>` as a header carries it (RFC 5322, RFC 2047)."""
    if not name:
        return address
    if len(name) <= LONGEST_LINE and ATOM.fullmatch(name):
        return f"{name} <{address}>"
    if len(name) <= LONGEST_LINE and name.isascii():
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'
    return f"{_encoded_words(name)} <{address}>"


def _quoted(text: str) -> str:
    """Quoted-printable (RFC 2045) of a text with LF or CRLF line ends, blanks not included."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\r\n".join(_quoted_line(line) for line in lines)


def _quoted_line(line: str) -> str:
    return binascii.b2a_qp(line.encode("utf-8", "replace"), istext=False).decode("ascii").replace("=\n", "=\r\n")


def _quoted_value(value: str) -> bytes:
    if PLAIN.fullmatch(value):
        return value.encode("ascii")
    encoded = _quoted_line(value)
    if encoded.startswith("."):
        encoded = "=2E" + encoded[1:]
    if encoded.endswith(" "):
        encoded = encoded[:-1] + "=20"
    return encoded.encode("ascii")


def _encoded_words(text: str) -> str:
    """RFC 2047 encoded words of at most 75 characters, folded."""
    words, piece = [], ""
    for character in text:
        if len((piece + character).encode()) > 42:
            words.append(piece)
            piece = ""
        piece += character
    words.append(piece)
    encoded = (binascii.b2a_base64(word.encode(), newline=False).decode("ascii") for word in words)
    return "\r\n ".join(f"=?utf-8?b?{word}?=" for word in encoded)


def _header(value: str) -> bytes:
    """A header's value that was made for it: only folding may bring line ends, anything else is a defect."""
    data = value.encode("utf-8", "replace")
    if b"\n" in data and re.search(rb"\r(?!\n)|(?<!\r)\n|\n(?![ \t])", data):
        raise BlankError("a header's value holds a line end")
    return data


WRITINGS: Mapping[str, Callable[[str], bytes]] = {
    "header": _header,
    "quoted-text": lambda value: _quoted_value(cleaned(value)),
    "quoted-html": lambda value: _quoted_value(str(escape(cleaned(value)))),
    "quoted-url": lambda value: _quoted_value(quote(cleaned(value), safe="")),
}
