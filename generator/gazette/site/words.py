"""The words of the interface and the form of dates, in one language.

Words come through gettext from `locale/<language>/LC_MESSAGES/gazette.mo`, dates through Babel. A language without a
catalogue gets English words, with dates still in its own form.
"""

from __future__ import annotations

import gettext
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal

_CATALOGUES = Path(__file__).parent / "locale"


class Words:
    """One language: `language` is a BCP 47 tag."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = _locale(language)
        self.catalogue = gettext.translation("gazette", _CATALOGUES, [str(self.locale)], fallback=True)

    def __call__(self, message: str) -> str:
        return self.catalogue.gettext(message)

    def date(self, day: date) -> str:
        """An absolute date, long: `March 18, 2023` in `en`, `18 March 2023` in `en-GB`."""
        return _long_date(day, self.locale)

    def number(self, number: int) -> str:
        return format_decimal(number, locale=self.locale)


@lru_cache(maxsize=10_000)
def _long_date(day: date, locale: Locale) -> str:
    return format_date(day, "long", locale=locale)


@cache
def words(language: str) -> Words:
    return Words(language)


def _locale(language: str) -> Locale:
    """The nearest locale that Babel knows: `pt-BR`, else `pt`, else English."""
    for candidate in (language, language.split("-")[0]):
        try:
            return Locale.parse(candidate, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")
