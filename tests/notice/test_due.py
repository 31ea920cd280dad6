"""Which notices are due: from records, a day, and what the ledger has made."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazette.errors import ContentError
from gazette.notice.due import Told, before, due, passed_over
from gazette.notice.model import Kind, MadeNotice, Moment, Notice
from gazette.policy.model import Change, NoticeSettings, Policy, Rescheduling, Version, Withdrawal

START = date(2026, 1, 1)


def version(label: str = "2026-03-01", **given: object) -> Version:
    facts = {
        "label": label, "published": date(2026, 3, 1), "effective": date(2026, 4, 1), "change": Change.MATERIAL,
        "title": "Privacy", "tree": "0" * 40, "digest": "sha256:" + "0" * 64, "summary": "It changes.", **given,
    }  # fmt: skip
    return Version(**facts)  # type: ignore[arg-type]


def policy(*versions: Version, reminders: tuple[str, ...] = ()) -> Policy:
    settings = NoticeSettings(reminders=reminders)
    return Policy("privacy", "Privacy", "en", Path("content/privacy"), notice=settings, versions=versions)


def run(subject: Policy, days: list[date], told: Told | None = None) -> list[tuple[date, Kind, str]]:
    """What a notifier that runs on these days makes: the day, the kind, the label."""
    told = told or Told(START)
    found = []
    for day in days:
        for notice in due(subject, day, told):
            found.append((day, notice.kind, notice.label))
            made = MadeNotice(len(told.made) + 1, notice, day, Moment(len(told.made) + 1))
            told = Told(told.first_day, (*told.made, made))
    return found


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


SPRING = every_day(date(2026, 2, 25), date(2026, 5, 5))
A, R, S, W = Kind.ANNOUNCEMENT, Kind.REMINDER, Kind.RESCHEDULED, Kind.WITHDRAWN
DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (policy(version()), [(DAY, A)]),
        (policy(version(change=Change.MINOR)), []),
        (policy(version(change=Change.EDITORIAL)), []),
        (policy(version(change=Change.INITIAL)), []),
        (policy(version(imported=True)), []),
        (policy(version(published=date(2025, 12, 31))), []),
        (policy(version(), reminders=("7 days",)), [(DAY, A), (date(2026, 3, 25), R)]),
        (
            policy(version(), reminders=("2 weeks", "7 days")),
            [(DAY, A), (date(2026, 3, 18), R), (date(2026, 3, 25), R)],
        ),
        (policy(version(effective=date(2026, 3, 5)), reminders=("7 days",)), [(DAY, A)]),
        (
            policy(version(rescheduled=(Rescheduling(date(2026, 3, 10), date(2026, 5, 1)),)), reminders=("7 days",)),
            [(DAY, A), (date(2026, 3, 10), S), (date(2026, 4, 24), R)],
        ),
        (policy(version(withdrawn=Withdrawal(date(2026, 3, 20)))), [(DAY, A), (date(2026, 3, 20), W)]),
        (policy(version(withdrawn=Withdrawal(DAY))), []),
        (
            policy(
                version(),
                version("2026-03-10", published=date(2026, 3, 10), replaces="2026-03-01"),
                reminders=("7 days",),
            ),
            [(DAY, A), (date(2026, 3, 10), A), (date(2026, 3, 25), R)],
        ),
    ],
)  # fmt: skip
def test_a_notifier_that_runs_every_day_tells_each_thing_once(
    subject: Policy, expected: list[tuple[date, Kind]]
) -> None:
    assert [(day, kind) for day, kind, _ in run(subject, SPRING)] == expected


def test_a_notifier_that_slept_does_not_send_everything_at_once() -> None:
    subject = policy(version(), reminders=("2 weeks", "7 days"))
    assert [kind for _, kind, _ in run(subject, [date(2026, 3, 26), date(2026, 3, 27)])] == [A]
    assert [kind for _, kind, _ in run(subject, [DAY, date(2026, 3, 26), date(2026, 3, 27)])] == [A, R]


def test_a_rescheduling_that_came_before_the_announcement_is_part_of_it() -> None:
    subject = policy(version(rescheduled=(Rescheduling(date(2026, 3, 3), date(2026, 5, 1)),)))
    found = due(subject, date(2026, 3, 4), Told(START))
    assert [(n.kind, n.effective) for n in found] == [(A, date(2026, 5, 1))]
    assert len(run(subject, SPRING[8:])) == 1


def test_a_version_older_than_the_ledger_needs_to_be_included() -> None:
    subject = policy(version(), reminders=("7 days",))
    told = Told(date(2026, 3, 2))
    assert due(subject, date(2026, 3, 26), told) == ()
    assert passed_over(subject, date(2026, 3, 26), told) == ("2026-03-01",)
    found = due(subject, date(2026, 3, 26), told, including=["2026-03-01"])
    assert [n.kind for n in found] == [A]
    made = Told(told.first_day, (MadeNotice(1, found[0], date(2026, 3, 10), Moment(1)),))
    assert [n.kind for n in due(subject, date(2026, 3, 26), made)] == [R]
    assert passed_over(subject, date(2026, 3, 26), made) == ()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(SPRING), min_size=1, max_size=12), st.booleans())
def test_whoever_runs_it_and_however_often_each_notice_is_made_once(days: list[date], withdrawn: bool) -> None:
    gone = Withdrawal(date(2026, 3, 28)) if withdrawn else None
    subject = policy(
        version(rescheduled=(Rescheduling(date(2026, 3, 10), date(2026, 4, 15)),), withdrawn=gone),
        reminders=("7 days", "1 month"),
    )
    days = sorted(days + days)
    kinds = [kind for _, kind, _ in run(subject, days)]
    assert kinds.count(A) <= 1
    assert kinds.count(S) <= 1
    assert kinds.count(W) <= 1
    assert not kinds or kinds[0] is A


@pytest.mark.parametrize(
    ("lead", "effective", "expected"),
    [
        ("7 days", date(2026, 3, 5), date(2026, 2, 26)),
        ("1 day", date(2026, 3, 1), date(2026, 2, 28)),
        ("2 weeks", date(2026, 3, 15), date(2026, 3, 1)),
        ("1 month", date(2026, 3, 31), date(2026, 2, 28)),
        ("2 months", date(2026, 1, 31), date(2025, 11, 30)),
    ],
)
def test_a_lead_time_is_counted_back_from_the_effective_date(lead: str, effective: date, expected: date) -> None:
    assert before(lead, effective, policy()) == expected


def test_a_lead_time_that_is_none_names_its_file() -> None:
    with pytest.raises(ContentError, match=r"content/privacy/policy.yml: the reminder 'soon' is no time"):
        before("soon", DAY, policy())


def test_a_notice_has_a_key_of_its_own() -> None:
    made = {Notice("p", "1", kind, DAY, DAY, occasion).key for kind in Kind for occasion in ("", "x")}
    assert len(made) == 8
