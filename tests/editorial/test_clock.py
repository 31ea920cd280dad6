"""The notice clock: lead times on the calendar, the longest rule, dates that are moved."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazette.editorial.clock import breaches, earliest, longest, requirements, reviews, unknown_rules
from gazette.editorial.duration import Duration, parse_duration
from gazette.editorial.rules import RULES
from gazette.policy.model import Change, NoticeSettings, Policy, Rescheduling, Version, Withdrawal

DAYS = st.dates(date(1990, 1, 1), date(2200, 1, 1))


def version(published: str, effective: str, change: str = "material", **more: object) -> Version:
    values: dict[str, object] = {
        "label": published,
        "published": date.fromisoformat(published),
        "effective": date.fromisoformat(effective),
        "change": Change(change),
        "title": "Privacy Policy",
        "tree": "0" * 40,
        "digest": "sha256:" + "0" * 64,
        "summary": "We tell you sooner.",
    }
    return Version(**{**values, **more})  # type: ignore[arg-type]  # a table row


def policy(*versions: Version, **notice: object) -> Policy:
    settings = NoticeSettings(**notice)  # type: ignore[arg-type]  # a table row
    return Policy("privacy-policy", "Privacy Policy", "en", Path(), notice=settings, versions=versions)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("30 days", Duration(days=30)),
        ("1 day", Duration(days=1)),
        ("2 months", Duration(months=2)),
        ("1 Month", Duration(months=1)),
        ("6 weeks", Duration(days=42)),
        ("1 year", Duration(months=12)),
        ("24 hours", Duration(days=1)),
        ("25 hours", Duration(days=2)),
        ("15 full days", Duration(days=15, full=True)),
        (" 15 days ", Duration(days=15)),
    ],
)
def test_a_length_of_time_is_read_as_people_write_it(words: str, expected: Duration) -> None:
    assert parse_duration(words) == expected


@pytest.mark.parametrize("words", ["", "soon", "30", "days", "-3 days", "3.5 days", "30 days or so", "1000000 years"])
def test_what_is_no_length_of_time_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="no length of time"):
        parse_duration(words)


@pytest.mark.parametrize(
    ("start", "lead", "expected"),
    [
        ("2026-03-01", "15 days", "2026-03-16"),
        ("2026-03-01", "15 full days", "2026-03-17"),
        ("2026-02-14", "15 full days", "2026-03-02"),
        ("2026-01-31", "1 full month", "2026-03-01"),
        ("2026-12-20", "30 days", "2027-01-19"),
        ("2026-01-31", "1 month", "2026-02-28"),
        ("2028-01-31", "1 month", "2028-02-29"),
        ("2026-12-31", "2 months", "2027-02-28"),
        ("2026-08-31", "1 month", "2026-09-30"),
        ("2028-02-29", "12 months", "2029-02-28"),
        ("2026-10-24", "2 days", "2026-10-26"),  # the night in which European clocks change
    ],
)
def test_lead_times_follow_the_calendar(start: str, lead: str, expected: str) -> None:
    assert parse_duration(lead).after(date.fromisoformat(start)) == date.fromisoformat(expected)


@given(DAYS, st.integers(0, 60))
def test_months_never_overshoot_into_the_next_but_one(day: date, number: int) -> None:
    later = Duration(months=number).after(day)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == number
    assert later.day <= day.day


@given(DAYS, DAYS, st.sampled_from(["1 day", "15 days", "1 month", "2 months", "1 year"]))
def test_publishing_later_never_allows_an_earlier_date(one: date, other: date, lead: str) -> None:
    first, second = sorted((one, other))
    assert parse_duration(lead).after(first) <= parse_duration(lead).after(second)


@pytest.mark.parametrize(
    ("notice", "change", "published", "expected", "rule"),
    [
        ({"material": "30 days"}, "material", "2026-03-01", "2026-03-31", "notice.material"),
        ({"material": "30 days"}, "minor", "2026-03-01", "2026-03-01", None),
        ({"material": "30 days", "rules": ("p2b",)}, "minor", "2026-03-01", "2026-03-17", "p2b"),
        ({"rules": ("p2b",)}, "editorial", "2026-03-01", "2026-03-01", None),
        ({"rules": ("p2b",)}, "initial", "2026-03-01", "2026-03-01", None),
        ({"rules": ("p2b", "psd2", "eecc")}, "material", "2026-12-31", "2027-02-28", "psd2"),
        ({"material": "60 days", "rules": ("eecc",)}, "material", "2026-01-31", "2026-04-01", "notice.material"),
        ({"rules": ("github",)}, "editorial", "2026-03-01", "2026-03-02", "github"),
        ({"rules": ("wp260",)}, "material", "2026-03-01", "2026-03-01", None),
        ({"material": "whenever"}, "material", "2026-03-01", "2026-03-01", None),
    ],
)
def test_the_longest_rule_applies(
    notice: dict[str, object], change: str, published: str, expected: str, rule: str | None
) -> None:
    settings = NoticeSettings(**notice)  # type: ignore[arg-type]  # a table row
    day = date.fromisoformat(published)
    assert earliest(settings, Change(change), day) == date.fromisoformat(expected)
    found = longest(settings, Change(change), day)
    assert (found.rule if found else None) == rule


def test_a_version_on_the_earliest_day_is_in_time_and_one_a_day_before_is_not() -> None:
    notice = NoticeSettings(rules=("p2b",))
    day = date(2026, 3, 1)
    assert breaches(notice, version("2026-03-01", "2026-03-17"), day) == ()
    (breach,) = breaches(notice, version("2026-03-01", "2026-03-16"), day)
    assert (breach.requirement.rule, breach.requirement.earliest) == ("p2b", date(2026, 3, 17))


def test_moving_a_date_back_keeps_the_notice_and_moving_it_forward_starts_it_again() -> None:
    notice = NoticeSettings(material="30 days")
    later = (Rescheduling(date(2026, 3, 20), date(2026, 5, 1)),)
    sooner = (*later, Rescheduling(date(2026, 4, 10), date(2026, 4, 20)))
    day = date(2026, 4, 12)
    assert breaches(notice, version("2026-03-01", "2026-03-31", rescheduled=later), day) == ()
    (breach,) = breaches(notice, version("2026-03-01", "2026-03-31", rescheduled=sooner), day)
    assert (breach.since, breach.requirement.earliest) == (date(2026, 4, 10), date(2026, 5, 10))


def test_history_and_what_was_taken_back_are_not_held_against_the_clock() -> None:
    notice, day = NoticeSettings(material="30 days"), date(2026, 3, 2)
    assert breaches(notice, version("2026-03-01", "2026-03-01", imported=True), day) == ()
    gone = Withdrawal(date(2026, 3, 2), "a mistake")
    assert breaches(notice, version("2026-03-01", "2026-03-05", withdrawn=gone), day) == ()


def test_an_expired_row_warns_and_binds_no_more() -> None:
    notice = NoticeSettings(material="3 days", rules=("p2b",))
    day = date(2028, 3, 1)
    assert [(r.rule, r.binding) for r in requirements(notice, Change.MATERIAL, day)] == [
        ("p2b", False),
        ("notice.material", True),
    ]
    assert earliest(notice, Change.MATERIAL, day) == date(2028, 3, 4)
    (breach,) = breaches(notice, version("2028-03-01", "2028-03-05"), day)
    assert breach.requirement.rule == "p2b"
    assert not breach.requirement.binding


def test_a_review_is_due_a_year_after_the_newest_version_or_the_last_review() -> None:
    published = version("2025-03-31", "2025-03-31", "initial")
    (review,) = reviews(policy(published, rules=("ccpa",)), date(2026, 1, 1))
    assert (review.rule, review.due) == ("ccpa", date(2026, 3, 31))
    (review,) = reviews(policy(published, review="6 months", reviewed=date(2025, 8, 31)), date(2026, 1, 1))
    assert (review.rule, review.due) == ("notice.review", date(2026, 2, 28))
    assert reviews(policy(published), date(2026, 1, 1)) == ()


def test_an_unknown_rule_is_named_with_the_nearest_known_one() -> None:
    assert unknown_rules(("p2b", "psd-2", "zzzz")) == (("psd-2", "psd2"), ("zzzz", ""))


def test_every_row_has_an_id_of_its_own_a_source_and_a_scope() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.source, rule.id
        assert rule.scope, rule.id
        assert rule.duty, rule.id
        assert Change.INITIAL not in rule.lead, rule.id
