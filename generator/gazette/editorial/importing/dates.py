"""Dates as people write them in policies and in file names → `date`.

Month names come from Babel's locale data. A date written in digits alone is taken only where one reading is possible
(`30/10/2021`, `2021-10-30`, German `01.02.2026`); `03/04/2023` is two dates, and this module does not guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from babel import Locale

LANGUAGES = ("en", "fr", "de", "es", "pt", "it", "nl")

_ISO = re.compile(r"(?<!\d)(\d{4})[-_./](\d{1,2})[-_./](\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_DIGITS = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)")
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_UPDATED = (
    r"last\s+(?:updated|modified|revised|changed)|updated(?:\s+on)?|revised(?:\s+on)?|last\s+revision|version\s+of"
    r"|date\s+de\s+(?:modification|mise\s+à\s+jour)|dernière\s+(?:mise\s+à\s+jour|modification)|mis(?:e)?\s+à\s+jour"
    r"|stand|zuletzt\s+(?:aktualisiert|geändert)|letzte\s+(?:aktualisierung|änderung)|fecha\s+de\s+actualización"
    r"|última\s+(?:actualización|atualização|modificação|modificación)|atualizad[oa]\s+em|actualizado\s+el"
    r"|ultimo\s+aggiornamento|laatst\s+bijgewerkt|最終更新日?|更新日|published(?:\s+on)?|date"
)
_EFFECTIVE = (
    r"effective(?:\s+(?:date|as\s+of|from|on))?|in\s+force\s+(?:since|from)|valid\s+from|gültig\s+ab|in\s+kraft\s+(?:ab|seit)"
    r"|en\s+vigueur\s+(?:depuis|le|à\s+compter\s+du)|date\s+d['’]entrée\s+en\s+vigueur|data\s+de\s+(?:vigência|entrada\s+em\s+vigor)"
    r"|em\s+vigor\s+(?:desde|a\s+partir\s+de)|en\s+vigor\s+desde|fecha\s+de\s+(?:vigencia|entrada\s+en\s+vigor)|施行日|発効日"
)
_WEEKDAY = r"(?:\w+day|\w+-feira|[^\W\d]{4,10}),?\s+"
_LABEL = re.compile(rf"\W*(?:(?P<effective>{_EFFECTIVE})|(?P<updated>{_UPDATED}))?\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stated:
    """The date that a line of a text names, and whether the line says that the text applies from then."""

    day: date | None
    effective: bool
    ambiguous: str = ""


def date_in_name(name: str) -> date | None:
    """The date in a file's name: `0002_2017-08-04.md`, `policy-20170804.txt`."""
    for pattern in (_ISO, _COMPACT):
        for match in pattern.finditer(name):
            if day := _date(*map(int, match.groups())):
                return day
    return None


def find_date(text: str) -> date | None:
    """The first date in `text` that can be read in one way only."""
    return _found(text)[0]


def stated_date(line: str) -> Stated | None:
    """What a line that consists of a date says, with or without "Last updated" before it; None for any other line."""
    plain = re.sub(r"[*_`]|\{:[^}]*\}", "", line).strip()
    if not plain or len(plain) > 90:
        return None
    label = _LABEL.match(plain)
    rest = plain[label.end() :] if label else plain
    day, used = _found(rest)
    ambiguous = ""
    if day is None:
        digits = _DIGITS.search(rest)
        if digits is None:
            return None
        ambiguous, used = digits[0], digits[0]
    remainder = re.sub(_WEEKDAY, "", rest.replace(used, " "), flags=re.IGNORECASE) if used else rest
    if re.search(r"\w", re.sub(r"\b(?:on|the|le|am|vom|em|el|de|du|of)\b", "", remainder, flags=re.IGNORECASE)):
        return None
    return Stated(day, bool(label and label["effective"]), ambiguous)


def _found(text: str) -> tuple[date | None, str]:
    """A date in `text` and the words that it was read from."""
    for pattern in (_EAST_ASIAN, _ISO):
        for match in pattern.finditer(text):
            if day := _date(*map(int, match.groups())):
                return day, match[0]
    for match in _worded().finditer(text):
        parts = match.groupdict()
        month = _months()[(parts["month1"] or parts["month2"]).lower().rstrip(".")]
        if day := _date(int(parts["year1"] or parts["year2"]), month, int(parts["day1"] or parts["day2"])):
            return day, match[0]
    for match in _DIGITS.finditer(text):
        first, sign, second, year = int(match[1]), match[2], int(match[3]), int(match[4])
        one_reading = sign == "." or first > 12 or first == second
        month, number = (second, first) if one_reading else (first, second)
        if (one_reading or second > 12) and (day := _date(year, month, number)):
            return day, match[0]
    return None, ""


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1900 <= year <= 2199 else None
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    """Month names, wide and abbreviated, of the languages above."""
    names: dict[str, int] = {}
    for language in LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in Locale(language).months[context][width].items():
                    names.setdefault(name.lower().rstrip("."), number)
    return names


@cache
def _worded() -> re.Pattern[str]:
    """`18 March 2023`, `March 18th, 2023`, `1er juin 2024`, `15 de abril de 2014`, `1. Februar 2026`."""
    month = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    suffix = r"(?:st|nd|rd|th|er|\.|º|ª|o)?"
    first = rf"(?P<day1>\d{{1,2}}){suffix}\s+(?:de\s+|of\s+)?(?P<month1>{month})\.?,?\s+(?:de\s+)?(?P<year1>\d{{4}})"
    second = rf"(?P<month2>{month})\.?\s+(?P<day2>\d{{1,2}}){suffix},?\s+(?P<year2>\d{{4}})"
    return re.compile(rf"(?<!\w)(?:{first}|{second})(?!\d)", re.IGNORECASE)
