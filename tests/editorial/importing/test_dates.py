from __future__ import annotations

from datetime import date

import pytest

from gazette.editorial.importing.dates import date_in_name, find_date, stated_date


@pytest.mark.parametrize(
    ("line", "day", "effective"),
    [
        ("Last updated March 18th, 2023", date(2023, 3, 18), False),
        ("*Last Updated: April 10, 2026*", date(2026, 4, 10), False),
        ("18 March 2023", date(2023, 3, 18), False),
        ("Effective date: Jan. 1, 2020", date(2020, 1, 1), True),
        ("Date de modification : 30/10/2021", date(2021, 10, 30), False),
        ("1er juin 2024", date(2024, 6, 1), False),
        ("Stand: 1. Februar 2026", date(2026, 2, 1), False),
        ("Gültig ab 01.02.2026", date(2026, 2, 1), True),
        ("15 de abril de 2014", date(2014, 4, 15), False),
        ("Data de vigência: segunda-feira, 4 de maio de 2026", date(2026, 5, 4), True),
        ("Data de vigência: 1o de novembro de 2023", date(2023, 11, 1), True),
        ("最終更新　2025 年 6 月 10 日", date(2025, 6, 10), False),
        ("Updated 2020-01-31", date(2020, 1, 31), False),
    ],
)
def test_a_line_that_is_a_date_is_read(line: str, day: date, effective: bool) -> None:
    stated = stated_date(line)
    assert stated is not None
    assert (stated.day, stated.effective) == (day, effective)


@pytest.mark.parametrize(
    "line", ["In May 2020 we changed.", "Version 2", "", "We have kept logs since 1 May 2020.", "Last updated recently"]
)
def test_a_line_that_says_more_than_a_date_is_none(line: str) -> None:
    assert stated_date(line) is None


def test_digits_with_two_readings_are_not_guessed() -> None:
    stated = stated_date("Last updated: 03/04/2023")
    assert stated is not None
    assert stated.day is None
    assert stated.ambiguous == "03/04/2023"
    assert find_date("03/03/2023") == date(2023, 3, 3)
    assert find_date("31.02.2023") is None


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("0002_2017-08-04.md", date(2017, 8, 4)),
        ("policy-20170804.txt", date(2017, 8, 4)),
        ("2017_08_04.html", date(2017, 8, 4)),
        ("policy-v2.md", None),
        ("12345678.md", None),
        ("2017-13-01.md", None),
    ],
)
def test_the_date_in_a_name_is_found(name: str, day: date | None) -> None:
    assert date_in_name(name) == day
