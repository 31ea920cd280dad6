"""Lead times as people write them: `30 days`, `2 months`, `24 hours`; and their arithmetic on the calendar.

Days are counted, months follow the calendar: one month after 31 January is the last day of February. Dates have no
hours, so hours are rounded up to whole days. A day is the site's day: its time zone decides when it begins.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_WRITTEN = re.compile(r"(\d{1,3})\s*(hour|day|week|month|year)s?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Duration:
    """A number of days, or of calendar months."""

    days: int = 0
    months: int = 0

    def after(self, day: date) -> date:
        """The day this long after `day`; in a shorter month its last day."""
        total = day.year * 12 + day.month - 1 + self.months
        year, month = divmod(total, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last)) + timedelta(days=self.days)

    def __str__(self) -> str:
        number, unit = (self.months, "month") if self.months else (self.days, "day")
        return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def days(number: int) -> Duration:
    return Duration(days=number)


def months(number: int) -> Duration:
    return Duration(months=number)


def parse_duration(words: str) -> Duration:
    """`30 days`, `2 months`, `1 year`, `6 weeks` or `24 hours` as a duration; ValueError for anything else."""
    match = _WRITTEN.fullmatch(words.strip())
    if match is None:
        raise ValueError(f"{words!r} is no length of time; write it as '30 days' or '2 months'")
    number, unit = int(match[1]), match[2].lower()
    if unit == "hour":
        return days(-(-number // 24))
    if unit == "year":
        return months(number * 12)
    return months(number) if unit == "month" else days(number * 7 if unit == "week" else number)
