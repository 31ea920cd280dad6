"""What there is to show on a day: states, terms, relations and the embargo, in agreement with the timeline."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazette.policy import timeline
from gazette.policy.model import Change, Policy, Rescheduling, Version, Withdrawal
from gazette.policy.timeline import State
from gazette.site.model import history_on, site_on


def version(label: str, published: str, effective: str = "", **fields: Any) -> Version:
    facts: dict[str, Any] = {
        "change": Change.MINOR,
        "title": "Policy",
        "tree": "",
        "digest": "",
        "summary": "",
        "effective": date.fromisoformat(effective or published),
    }
    return Version(label=label, published=date.fromisoformat(published), **(facts | fields))


def policy(*versions: Version) -> Policy:
    return Policy("policy", "Policy", "en", Path("content/policy"), versions=versions)


FIRST = version("1", "2023-03-18", change=Change.INITIAL)
TYPO = version("1.1", "2024-05-01", change=Change.EDITORIAL)
NEXT = version("2", "2024-04-01", "2024-06-01", change=Change.MATERIAL, predecessor="1")


@pytest.mark.parametrize(
    ("day", "in_force", "announced", "superseded"),
    [
        ("2023-03-17", None, [], []),
        ("2023-03-18", "1", [], []),
        ("2024-04-01", "1", ["2"], []),
        ("2024-05-31", "1.1", ["2"], ["1"]),
        ("2024-06-01", "2", [], ["1.1", "1"]),
    ],
)
def test_a_history_says_what_applies(
    day: str, in_force: str | None, announced: list[str], superseded: list[str]
) -> None:
    history = history_on(policy(FIRST, TYPO, NEXT), date.fromisoformat(day))
    assert (history.in_force and history.in_force.label) == in_force
    assert [standing.label for standing in history.announced] == announced
    assert [s.label for s in history.standings if s.state is State.SUPERSEDED] == superseded


def test_terms_follow_each_other_without_a_gap() -> None:
    history = history_on(policy(FIRST, TYPO, NEXT), date(2024, 7, 1))
    terms = {s.label: (s.effective, s.last_day, s.applied) for s in history.standings}
    assert terms == {
        "1": (date(2023, 3, 18), date(2024, 4, 30), True),
        "1.1": (date(2024, 5, 1), date(2024, 5, 31), True),
        "2": (date(2024, 6, 1), None, True),
    }


def test_the_version_in_force_says_when_an_announced_one_follows() -> None:
    in_force = history_on(policy(FIRST, NEXT), date(2024, 5, 1)).in_force
    assert in_force is not None
    assert in_force.until == date(2024, 6, 1)


def test_a_version_superseded_on_its_own_day_never_applied() -> None:
    second = version("1b", "2023-03-18", sequence=2)
    history = history_on(policy(FIRST, second), date(2024, 1, 1))
    assert [(s.label, s.applied) for s in history.standings] == [("1b", True), ("1", False)]


def test_entries_of_later_days_are_not_known_yet() -> None:
    put_off = Rescheduling(date(2024, 5, 10), date(2024, 8, 1), "More time.")
    taken_back = Withdrawal(date(2024, 5, 20), "Not at all.")
    moved = version("2", "2024-04-01", "2024-06-01", rescheduled=(put_off,), withdrawn=taken_back)
    told = {}
    for day in (date(2024, 5, 9), date(2024, 5, 10), date(2024, 5, 20)):
        standing = history_on(policy(FIRST, moved), day).standing("2")
        assert standing is not None
        told[day.day] = standing.effective, standing.rescheduled, standing.withdrawn, standing.state, standing.updated
    assert told == {
        9: (date(2024, 6, 1), (), None, State.ANNOUNCED, date(2024, 4, 1)),
        10: (date(2024, 8, 1), (put_off,), None, State.ANNOUNCED, date(2024, 5, 10)),
        20: (date(2024, 8, 1), (put_off,), taken_back, State.WITHDRAWN, date(2024, 5, 20)),
    }


def test_relations_follow_predecessors_not_places() -> None:
    history = history_on(policy(FIRST, TYPO, NEXT), date(2024, 7, 1))
    before = {s.label: s.predecessor and s.predecessor.label for s in history.standings}
    after = {s.label: s.successor and s.successor.label for s in history.standings}
    assert before == {"1": None, "1.1": "2", "2": "1"}
    assert after == {"1": "2", "2": "1.1", "1.1": None}


@pytest.mark.parametrize(
    ("day", "since"),
    [("2023-03-17", None), ("2024-05-31", date(2023, 3, 18)), ("2024-06-01", date(2024, 6, 1))],
)
def test_consent_is_asked_again_since_the_last_material_change_that_applied(day: str, since: date | None) -> None:
    assert history_on(policy(FIRST, TYPO, NEXT), date.fromisoformat(day)).reaccept_since == since


def test_a_small_revision_of_an_announced_material_change_is_material_to_those_who_agreed_before() -> None:
    revision = version("2.1", "2024-05-02", "2024-06-01", change=Change.EDITORIAL, replaces="2", sequence=2)
    history = history_on(policy(FIRST, NEXT, revision), date(2024, 7, 1))
    assert [standing.label for standing in history.standings if standing.applied] == ["2.1", "1"]
    assert history.reaccept_since == date(2024, 6, 1)


def test_a_site_was_updated_on_its_last_entry_or_when_a_version_came_into_force() -> None:
    assert site_on([policy(FIRST, NEXT)], date(2024, 5, 30)).updated == date(2024, 4, 1)
    assert site_on([policy(FIRST, NEXT)], date(2024, 6, 30)).updated == date(2024, 6, 1)
    assert site_on([], date(2024, 6, 30)).updated == date(2024, 6, 30)


DAYS = st.integers(0, 60).map(lambda days: date(2024, 1, 1) + timedelta(days))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    versions: list[Version] = []
    for number in range(draw(st.integers(0, 6))):
        published = draw(DAYS)
        effective = published + timedelta(draw(st.integers(0, 30)))
        labels = [v.label for v in versions if v.published <= published]
        replaces = draw(st.sampled_from([None, *labels]))
        rescheduled = [Rescheduling(published + timedelta(n), effective + timedelta(n)) for n in (1, 5)]
        versions.append(
            version(
                f"v{number}",
                published.isoformat(),
                effective.isoformat(),
                sequence=number + 1,
                replaces=replaces,
                predecessor=draw(st.sampled_from([None, *labels])),
                rescheduled=tuple(draw(st.sampled_from([rescheduled[:n] for n in range(3)]))),
                withdrawn=draw(st.sampled_from([None, Withdrawal(published + timedelta(3))])),
            )
        )
    return policy(*versions)


@given(policies(), DAYS)
def test_all_versions_together_stand_as_the_timeline_says_of_each(policy: Policy, day: date) -> None:
    history = history_on(policy, day)
    shown = {standing.label: standing for standing in history.standings}
    for one in policy.versions:
        state = timeline.state(one, policy.versions, day)
        assert (shown[one.label].state if one.label in shown else State.EMBARGOED) == state
    for label, standing in shown.items():
        one = policy.version(label)
        assert one is not None
        before = timeline.predecessor(one, timeline.visible(policy.versions, day))
        assert (standing.predecessor and standing.predecessor.label) == (before and before.label)
    in_force = timeline.in_force(policy.versions, day)
    assert (history.in_force and history.in_force.label) == (in_force and in_force.label)
    assert [s.label for s in history.announced] == [v.label for v in timeline.announced(policy.versions, day)]
