"""Bytes of a file → text: UTF-8 with LF line ends, and nothing that a merge left unfinished."""

from __future__ import annotations

import re

from gazette.errors import Problem

_CONFLICT = re.compile(r"^(<{7}|>{7}|\|{7})(?: |$)", re.MULTILINE)
_CONFLICT_MARKS = ("<<<<<<<", ">>>>>>>", "|||||||")
_BOM = "\ufeff"


def decode(data: bytes, path: str, problems: list[Problem]) -> str | None:
    """The text of a file, with LF line ends and no byte order mark; None with a problem if it is not UTF-8."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        found = f"the byte 0x{data[error.start]:02x} at column {column} is not UTF-8"
        if guess := _windows_1252(data, error.start):
            found += f" (in Windows-1252 it would be {guess!r})"
        problems.append(Problem(path, line, found, "save the file as UTF-8"))
        return None
    return text.removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n")


def conflict(text: str, path: str, problems: list[Problem]) -> bool:
    """Whether the file still holds the marks of a merge conflict, which is a problem of its own."""
    if all(mark not in text for mark in _CONFLICT_MARKS) or (mark := _CONFLICT.search(text)) is None:
        return False
    line = text.count("\n", 0, mark.start()) + 1
    problems.append(Problem(path, line, f"a merge conflict is not resolved ({mark[1]})", "choose what should stay"))
    return True


def _windows_1252(data: bytes, place: int) -> str:
    try:
        return data[place : place + 1].decode("cp1252")
    except UnicodeDecodeError:
        return ""
