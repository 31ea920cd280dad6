"""The picture of versions on a line of time: what it draws of few versions, and of very many."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from gazette.policy.model import Change
from gazette.policy.timeline import State
from gazette.site.model import history_on
from gazette.site.timeline import WIDTH, Timeline, timeline
from tests.site.test_model import policy, version

FIRST_DAY = date(2010, 1, 1)


def drawn(days: list[int]) -> Timeline:
    """The picture of versions that were published so many days after the first, and applied at once."""
    published = [(FIRST_DAY + timedelta(days=n)).isoformat() for n in (0, *days)]
    kinds = [Change.INITIAL, *[Change.MINOR] * len(days)]
    versions = [version(str(n), day, change=kind) for n, (day, kind) in enumerate(zip(published, kinds, strict=True))]
    found = timeline(history_on(policy(*versions), date(2024, 1, 1)))
    assert found is not None
    return found


def test_versions_that_can_be_told_apart_are_all_drawn() -> None:
    assert [mark.standing.label for mark in drawn([300, 320, 700]).marks] == ["0", "1", "2", "3"]


@pytest.mark.parametrize("count", [1_600, 5_000])
def test_of_versions_that_lie_on_each_other_the_newest_is_drawn(count: int) -> None:
    marks = drawn(list(range(1, count + 1))).marks
    assert len(marks) < WIDTH / 2
    assert marks[0].standing.change is Change.INITIAL
    assert marks[-1].standing.label == str(count)
    assert marks[-1].standing.state is State.IN_FORCE
    minor = [mark.x for mark in marks if mark.standing.change is Change.MINOR]
    assert max(b - a for a, b in pairwise(minor)) < 5  # signs are 10 wide: they leave no gap
