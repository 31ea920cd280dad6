from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazette.policy import timeline
from gazette.policy.model import Change, Rescheduling, Version, Withdrawal
from gazette.policy.timeline import State

FIRST = date(2024, 1, 1)


def _day(number: int) -> date:
    return FIRST + timedelta(days=number)


def _version(label: str, published: int, effective: int, **keys: object) -> Version:
    version = Version(
        label=label,
        published=_day(published),
        effective=_day(effective),
        change=Change.MINOR,
        title="Terms",
        tree="a" * 40,
        digest="sha256:" + "b" * 64,
        summary="",
    )
    return replace(version, **keys)  # type: ignore[arg-type]


OLD = _version("old", 0, 0)
NEW = _version("new", 10, 20)
TYPO = _version("typo", 12, 12, predecessor="old")
MOVED = replace(NEW, rescheduled=(Rescheduling(_day(15), _day(30)),))
TAKEN_BACK = replace(NEW, withdrawn=Withdrawal(_day(15)))
REVISED = _version("revised", 15, 25, replaces="new")
LATE = _version("late", 20, 25, replaces="new")
SECOND = replace(OLD, label="second", sequence=2)

# versions, day, in force, announced, the states of what else is there
STATES: list[tuple[str, list[Version], int, str, str, dict[str, State]]] = [
    ("before anything", [OLD], -1, "", "", {"old": State.EMBARGOED}),
    ("on its first day", [OLD], 0, "old", "", {}),
    ("under embargo", [OLD, NEW], 9, "old", "", {"new": State.EMBARGOED}),
    ("announced", [OLD, NEW], 10, "old", "new", {}),
    ("the last day before", [OLD, NEW], 19, "old", "new", {}),
    ("in force", [OLD, NEW], 20, "new", "", {"old": State.SUPERSEDED}),
    ("a typo meanwhile", [OLD, NEW, TYPO], 12, "typo", "new", {"old": State.SUPERSEDED}),
    ("the announced one wins after the typo", [OLD, NEW, TYPO], 20, "new", "", {"typo": State.SUPERSEDED}),
    ("before the rescheduling is known", [OLD, MOVED], 14, "old", "new", {}),
    ("rescheduled", [OLD, MOVED], 20, "old", "new", {}),
    ("rescheduled and begun", [OLD, MOVED], 30, "new", "", {}),
    ("before it was withdrawn", [OLD, TAKEN_BACK], 14, "old", "new", {}),
    ("withdrawn", [OLD, TAKEN_BACK], 20, "old", "", {"new": State.WITHDRAWN}),
    ("before the revision", [OLD, NEW, REVISED], 14, "old", "new", {"revised": State.EMBARGOED}),
    ("revised", [OLD, NEW, REVISED], 20, "old", "revised", {"new": State.REPLACED}),
    ("the revision in force", [OLD, NEW, REVISED], 25, "revised", "", {"new": State.REPLACED}),
    ("revised too late", [OLD, NEW, LATE], 20, "new", "late", {}),
    ("two on one day", [OLD, SECOND], 0, "second", "", {"old": State.SUPERSEDED}),
    ("only announced", [NEW], 12, "", "new", {}),
    ("nothing", [], 5, "", "", {}),
]


@pytest.mark.parametrize(
    ("versions", "day", "force", "ahead", "others"), [s[1:] for s in STATES], ids=[s[0] for s in STATES]
)
def test_a_day_and_the_records_say_what_each_version_is(
    versions: list[Version], day: int, force: str, ahead: str, others: dict[str, State]
) -> None:
    on = _day(day)
    found = timeline.in_force(versions, on)
    assert (found.label if found else "") == force
    assert " ".join(version.label for version in timeline.announced(versions, on)) == ahead
    assert {v.label: timeline.state(v, versions, on) for v in versions if v.label in others} == others


PREDECESSORS: list[tuple[list[Version], dict[str, str]]] = [
    ([OLD, NEW], {"old": "", "new": "old"}),
    ([OLD, NEW, TYPO], {"typo": "old", "new": "old"}),
    ([OLD, NEW, REVISED], {"revised": "new"}),
    ([OLD, SECOND], {"second": "old", "old": ""}),
    ([_version("1.9", 0, 5), _version("1.10", 0, 0)], {"1.10": "1.9"}),
    ([_version("2024-01-01", 0, 30), _version("2024-01-01.2", 0, 0)], {"2024-01-01.2": "2024-01-01"}),
    ([replace(OLD, predecessor="gone")], {"old": ""}),
]


@pytest.mark.parametrize(("versions", "expected"), PREDECESSORS)
def test_a_redline_starts_from_the_predecessor(versions: list[Version], expected: dict[str, str]) -> None:
    for label, before in expected.items():
        version = next(v for v in versions if v.label == label)
        found = timeline.predecessor(version, versions)
        assert (found.label if found else "") == before


def test_a_withdrawn_version_is_not_what_a_draft_is_measured_against() -> None:
    newest = timeline.newest([OLD, TAKEN_BACK])
    assert newest is not None
    assert newest.label == "old"
    assert timeline.newest([TAKEN_BACK]) is None


@st.composite
def _valid_versions(draw: st.DrawFn) -> list[Version]:
    """Records that `reading` finds nothing wrong with: what is in force is never moved, replaced or withdrawn."""
    versions: list[Version] = []
    for number in range(draw(st.integers(0, 6))):
        published = draw(st.integers(0, 40))
        starts = published + draw(st.integers(0, 30))
        version = _version(f"v{number}", published, starts, sequence=number + 1)
        known, entries = published, []
        for _ in range(draw(st.integers(0, 2))):
            if known >= starts:
                break
            known = draw(st.integers(known, starts - 1))
            starts = known + draw(st.integers(0, 30))
            entries.append(Rescheduling(_day(known), _day(starts)))
        version = replace(version, rescheduled=tuple(entries))
        if known < starts and draw(st.booleans()):
            version = replace(version, withdrawn=Withdrawal(_day(draw(st.integers(known, starts - 1)))))
        revised = [v for v in versions if v.published <= version.published]
        revised = [v for v in revised if version.published < timeline.effective(v, version.published)]
        if revised and draw(st.booleans()):
            version = replace(version, replaces=draw(st.sampled_from(revised)).label)
        versions.append(version)
    return draw(st.permutations(versions))


days = st.integers(-1, 110).map(_day)


@given(_valid_versions(), days)
def test_every_version_has_one_state_and_at_most_one_is_in_force(versions: list[Version], day: date) -> None:
    states = {version.label: timeline.state(version, versions, day) for version in versions}
    force = timeline.in_force(versions, day)
    assert [label for label, state in states.items() if state is State.IN_FORCE] == ([force.label] if force else [])
    ahead = {version.label for version in timeline.announced(versions, day)}
    assert ahead == {label for label, state in states.items() if state is State.ANNOUNCED}
    shown = {version.label for version in timeline.visible(versions, day)}
    assert shown == {label for label, state in states.items() if state is not State.EMBARGOED}


@given(_valid_versions(), days)
def test_nothing_dated_after_the_day_has_an_effect(versions: list[Version], day: date) -> None:
    known = [
        replace(
            version,
            rescheduled=tuple(entry for entry in version.rescheduled if entry.on <= day),
            withdrawn=version.withdrawn if version.withdrawn and version.withdrawn.on <= day else None,
        )
        for version in versions
        if version.published <= day
    ]
    for version in known:
        original = next(v for v in versions if v.label == version.label)
        assert timeline.state(version, known, day) == timeline.state(original, versions, day)


@given(_valid_versions(), days, st.integers(0, 60))
def test_what_ended_does_not_come_back(versions: list[Version], day: date, more: int) -> None:
    later = day + timedelta(days=more)
    ended = {State.SUPERSEDED, State.WITHDRAWN, State.REPLACED}
    for version in versions:
        if timeline.state(version, versions, day) in ended:
            assert timeline.state(version, versions, later) in ended
    if timeline.in_force(versions, day) is not None:
        assert timeline.in_force(versions, later) is not None


@given(_valid_versions(), days)
def test_the_order_of_the_records_does_not_matter(versions: list[Version], day: date) -> None:
    assert timeline.in_force(versions, day) == timeline.in_force(versions[::-1], day)
    assert timeline.publication_order(versions) == timeline.publication_order(versions[::-1])
