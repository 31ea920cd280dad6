"""Which two texts are compared, for every way to ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gazette.editorial.compared import compared, compared_since
from gazette.errors import UsageError
from gazette.policy.canonical import digest
from gazette.policy.model import Change, Policy, Text, Version, Withdrawal
from tests.making import text

ONE, TWO, THREE, OTHER = (text(intro=f"Text {number}.") for number in ("one", "two", "three", "other"))


def version(label: str, effective: str, of: Text, **fields: object) -> Version:
    day = date.fromisoformat(effective)
    made = Version(label, date.fromisoformat(label[:10]), day, Change.MINOR, "Terms", "0" * 40, digest(of), "Words.")
    return replace(made, **fields)


FIRST = version("2023-01-01", "2023-01-10", ONE)
SECOND = version("2024-01-01", "2024-02-01", TWO)
THIRD = version("2025-01-01", "2025-06-01", THREE)


def policy(working: Text | None, *versions: Version) -> Policy:
    return Policy("terms", "Terms", "en", Path("content/terms"), versions=versions, text=working)


@pytest.mark.parametrize(
    ("working", "start", "end", "expected"),
    [
        (OTHER, None, None, ("2025-01-01", "draft")),
        (THREE, None, None, ("2024-01-01", "2025-01-01")),
        (OTHER, "2023-01-01", None, ("2023-01-01", "draft")),
        (OTHER, "2023-01-01", "2024-01-01", ("2023-01-01", "2024-01-01")),
        (OTHER, "draft", "2024-01-01", ("draft", "2024-01-01")),
        (OTHER, "draft", None, ("2025-01-01", "draft")),
        (THREE, "draft", None, ("2025-01-01", "draft")),
    ],
)
def test_the_two_texts_are_those_that_an_editor_means(
    working: Text, start: str | None, end: str | None, expected: tuple[str, str]
) -> None:
    old, new = compared(policy(working, FIRST, SECOND, THIRD), start, end)
    assert (old.name, new.name) == expected


def test_a_first_draft_and_a_first_version_are_compared_with_nothing() -> None:
    assert [side.name for side in compared(policy(ONE), None, None)] == ["nothing", "draft"]
    assert [side.name for side in compared(policy(ONE, FIRST), None, None)] == ["nothing", "2023-01-01"]


def test_a_draft_is_never_measured_against_a_withdrawn_version() -> None:
    gone = replace(THIRD, withdrawn=Withdrawal(date(2025, 2, 1)))
    assert [side.name for side in compared(policy(THREE, FIRST, SECOND, gone), None, None)] == ["2024-01-01", "draft"]


@pytest.mark.parametrize(
    ("since", "end", "day", "expected"),
    [
        ("2023-01-10", None, "2024-05-01", ("2023-01-01", "2024-01-01")),
        ("2024-01-31", None, "2024-05-01", ("2023-01-01", "2024-01-01")),
        ("2024-01-31", None, "2025-07-01", ("2023-01-01", "2025-01-01")),
        ("2024-01-31", "draft", "2024-05-01", ("2023-01-01", "draft")),
        ("2024-01-31", "2025-01-01", "2024-05-01", ("2023-01-01", "2025-01-01")),
    ],
)
def test_since_a_day_starts_from_what_was_in_force_on_it(
    since: str, end: str | None, day: str, expected: tuple[str, str]
) -> None:
    sides = compared_since(policy(OTHER, FIRST, SECOND, THIRD), since, end, date.fromisoformat(day))
    assert tuple(side.name for side in sides) == expected


def test_since_a_label_starts_from_that_version() -> None:
    named = replace(SECOND, label="2.0")
    sides = compared_since(policy(OTHER, FIRST, named, THIRD), "2.0", None, date(2025, 7, 1))
    assert [side.name for side in sides] == ["2.0", "2025-01-01"]


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda p: compared(p, "2024-01-11", None), "did you mean '2024-01-01'?"),
        (lambda p: compared(p, "x", None), "its versions are 2023-01-01, 2024-01-01, 2025-01-01"),
        (
            lambda p: compared_since(p, "2022-12-31", None, date(2025, 7, 1)),
            "the first version took effect on 2023-01-10",
        ),
        (lambda p: compared_since(p, "2023-02-30", None, date(2025, 7, 1)), "'2023-02-30' is no date"),
        (lambda p: compared_since(p, "2024-13-45", "draft", date(2025, 7, 1)), "'2024-13-45' is no date"),
        (lambda p: compared_since(p, "2025-07-02", None, date(2025, 7, 1)), "yet to come: today is 2025-07-01"),
        (lambda p: compared_since(p, "2099-01-01", "draft", date(2025, 7, 1)), "yet to come: today is 2025-07-01"),
        (lambda p: compared_since(p, "2023-01-01", None, date(2022, 7, 1)), "nothing is in force on 2022-07-01"),
        (lambda p: compared(replace(p, text=None), None, None), "no working text that can be read"),
    ],
)
def test_what_cannot_be_compared_is_said_with_what_can(ask: object, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        ask(policy(OTHER, FIRST, SECOND, THIRD))  # type: ignore[operator]
    assert said in str(raised.value)
