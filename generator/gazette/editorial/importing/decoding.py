"""Bytes of unknown origin → text with LF line ends, and a warning for everything that had to be mended on the way.

UTF-8 (with or without a byte order mark) and UTF-16 with one are read as they are. A byte that is not UTF-8 is read
as Windows-1252, one by one, so that a page saved by an old editor and a page glued together from two encodings both
come through. Control characters, NUL among them, mean nothing in a text and are taken out.
"""

from __future__ import annotations

import codecs
import re

from gazette.editorial.importing.document import warning
from gazette.errors import Problem

_UTF_16 = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ue000\ue001\ufeff]")
_PAGE_BREAK = re.compile("[\x0b\x0c]")
#: More control characters than this share of a file: no text at all.
_BINARY_SHARE = 0.02


def decode(data: bytes, path: str) -> tuple[str, tuple[Problem, ...]]:
    """The text of a file and what was mended in it."""
    warnings: list[Problem] = []
    text = _characters(data, path, warnings)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = _PAGE_BREAK.sub("\n", text).replace("\u2028", "\n").replace("\u2029", "\n\n").replace("\x85", "\n")
    if found := _CONTROL.search(text):
        count = len(_CONTROL.findall(text))
        line = text.count("\n", 0, found.start()) + 1
        characters = "a control character was" if count == 1 else f"{count} control characters were"
        warnings.append(warning(path, line, f"{characters} taken out (the first is U+{ord(found[0]):04X})"))
        text = _CONTROL.sub("", text)
    return text, tuple(warnings)


def is_binary(data: bytes) -> bool:
    """Whether the bytes are no text: a PDF, an archive, an image that took a text's name."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    head = data[:65536]
    if head.startswith((b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0")):
        return True
    odd = sum(head.count(byte) for byte in (*range(9), *range(14, 32)))
    return odd > _BINARY_SHARE * len(head) + 8


def _characters(data: bytes, path: str, warnings: list[Problem]) -> str:
    for mark, encoding in _UTF_16:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, "replace")
            if "\ufffd" in text:
                warnings.append(warning(path, 0, "some bytes are not UTF-16 and became \ufffd", "compare the source"))
            return text
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    text = data.decode("utf-8", "gazette-windows-1252")
    what = "is not all UTF-8: the odd bytes were read as Windows-1252"
    warnings.append(warning(path, line, what, "look at the words with accents and signs from here on"))
    return text


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    """One byte that is not UTF-8, as Windows-1252 has it; U+FFFD for the five that it leaves open."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    byte = error.object[error.start : error.start + 1]
    return byte.decode("cp1252", "replace"), error.start + 1


codecs.register_error("gazette-windows-1252", _windows_1252)
