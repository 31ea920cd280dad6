"""Who is on the list: rows in, recipients and bad rows out, one at a time, so that a list may be of any length.

A row needs an address (`address`, `email`, `e-mail` or `mail`); `name` and `language` (or `lang`, `locale`) are known;
every other column is a field of the list's own. Addresses are checked by email-validator without asking DNS; a domain
is brought to one case and form.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import IO, Protocol

from email_validator import EmailNotValidError, validate_email

from gazette.errors import UsageError
from gazette.notice.model import BadRow, Recipient
from gazette.notice.template import cleaned

ADDRESS = ("address", "email", "e-mail", "mail", "email_address")
NAME = ("name", "full_name")
LANGUAGE = ("language", "lang", "locale")
PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*")
LONGEST_NAME = 200
LONGEST_FIELD = 2000

Row = Mapping[str, object]


class _Reader(Protocol):
    """What `csv.reader` gives."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


def read_recipients(
    columns: Iterable[str], rows: Iterable[tuple[int, Row]], choose: Callable[[str], str], source: str
) -> Iterator[Recipient | BadRow]:
    """Recipients from numbered rows; `choose` turns the language a row asks for into one that messages exist in."""
    known = {column.strip().casefold(): column for column in columns if column}
    address_column = next((known[key] for key in ADDRESS if key in known), None)
    if address_column is None:
        raise UsageError(f"{source} has no column 'address'", f"its columns are {', '.join(known.values()) or 'none'}")
    name_column = next((known[key] for key in NAME if key in known), None)
    language_column = next((known[key] for key in LANGUAGE if key in known), None)
    fields = [column for column in known.values() if column not in {address_column, name_column, language_column}]
    languages: dict[str, str] = {}
    for line, row in rows:
        given = str(row.get(address_column) or "").strip()
        if not given.isascii() and not _is_sound(given):
            yield BadRow(line, cleaned(given)[:300], "the address is not UTF-8.")
            continue
        try:
            address = normalised(given)
        except EmailNotValidError as error:
            yield BadRow(line, cleaned(given)[:300], str(error))
            continue
        asked = _text(row.get(language_column)).strip() if language_column else ""
        if asked not in languages and len(languages) < 1000:
            languages[asked] = choose(asked)
        name = cleaned(_text(row.get(name_column)))[:LONGEST_NAME] if name_column else ""
        own = {field: _text(row.get(field))[:LONGEST_FIELD] for field in fields if row.get(field) not in (None, "")}
        yield Recipient(address, name, languages.get(asked) or choose(asked), own)


def normalised(address: str) -> str:
    """The address in one form. Raises EmailNotValidError, whose words are for people."""
    local, _, domain = address.rpartition("@")
    if len(local) <= 64 and len(address) <= 200 and PLAIN_LOCAL.fullmatch(local) and (known := _plain_domain(domain)):
        return f"{local}@{known}"
    return validate_email(address, check_deliverability=False).normalized


@lru_cache(maxsize=8192)
def _plain_domain(domain: str) -> str:
    """The domain in one form, or empty where email-validator has more to say: lists name few domains many times."""
    try:
        return validate_email(f"somebody@{domain}", check_deliverability=False).domain
    except EmailNotValidError:
        return ""


def from_csv(file: IO[str], choose: Callable[[str], str], source: str) -> Iterator[Recipient | BadRow]:
    """Recipients from CSV with a header row; `file` is opened with `newline=''`, as UTF-8 with
    `surrogateescape`: an address with a wrong byte is a bad row, and no more. Lines count from 1.
    """
    reader = csv.reader(file, strict=False)
    try:
        columns = next(reader, [])
        if columns:
            columns[0] = columns[0].removeprefix("\ufeff")
        yield from read_recipients(columns, _csv_rows(reader, columns), choose, source)
    except csv.Error as error:
        raise UsageError(f"{source}:{reader.line_num}: is no CSV: {error}", "correct the line") from error


def _csv_rows(reader: _Reader, columns: list[str]) -> Iterator[tuple[int, Row]]:
    for values in reader:
        if any(value.strip() for value in values):
            yield reader.line_num, dict(zip(columns, values, strict=False))


def _is_sound(text: str) -> bool:
    """Whether the text has no bytes that were no UTF-8 (they come as halves of characters)."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _text(value: object) -> str:
    """A cell as text that every database can keep."""
    text = "" if value is None else str(value)
    return text if text.isascii() and "\0" not in text else text.replace("\0", "").encode("utf-8", "replace").decode()
