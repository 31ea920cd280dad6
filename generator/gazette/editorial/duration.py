"""Lead times as people write them: `30 days`, `2 months`, `24 hours`; and their arithmetic on the calendar.

Days are counted, months follow the calendar: one month after 31 January is the last day of February. Dates have no
hours, so hours are rounded up to whole days. A day is the site's day: its time zone decides when it begins. `15
full days` have passed when the last of them is over, as European law counts a period that has to expire.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_WRITTEN = re.compile(r"(\d{1,3})\s*(full\s+)?(hour|day|week|month|year)s?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Duration:
    """A number of days, or of calendar months; `full` where the last day has to be over."""

    days: int = 0
    months: int = 0
    full: bool = False

    def after(self, day: date) -> date:
        """The day this long after `day`; in a shorter month its last day."""
        total = day.year * 12 + day.month - 1 + self.months
        year, month = divmod(total, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last)) + timedelta(days=self.days + self.full)

    def __str__(self) -> str:
        number, unit = (self.months, "month") if self.months else (self.days, "day")
        return f"{number} {'full ' if self.full else ''}{unit}{'' if number == 1 else 's'}"


def days(number: int) -> Duration:
    return Duration(days=number)


def full_days(number: int) -> Duration:
    return Duration(days=number, full=True)


def months(number: int) -> Duration:
    return Duration(months=number)


def parse_duration(words: str) -> Duration:
    """`30 days`, `15 full days`, `2 months`, `1 year`, `24 hours` as a duration; ValueError for anything else."""
    match = _WRITTEN.fullmatch(words.strip())
    if match is None:
        raise ValueError(f"{words!r} is no length of time; write it as '30 days' or '2 months'")
    number, full, unit = int(match[1]), match[2] is not None, match[3].lower()
    if unit == "hour":
        return Duration(days=-(-number // 24), full=full)
    if unit in ("month", "year"):
        return Duration(months=number * (12 if unit == "year" else 1), full=full)
    return Duration(days=number * (7 if unit == "week" else 1), full=full)
