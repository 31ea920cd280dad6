"""The versions of a policy on a line of time, as a picture: from when each was announced, from when it applied.

Takes a history; gives places in a drawing of WIDTH units, one lane for each kind of change that occurs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gazette.policy.model import Change
from gazette.policy.timeline import State
from gazette.site.model import History, Standing

WIDTH = 720
LANE = 28
MARGIN = 14
_LABEL = 46  # units between two years' labels, at least
_APART = 2  # units; signs that are nearer to each other cannot be told apart


@dataclass(frozen=True, slots=True)
class Mark:
    """A version: `x` is where it took effect or will, `start` where it was published, `y` its lane."""

    standing: Standing
    x: float
    start: float
    y: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """`lanes` are (kind, y), `ticks` are (year, x, whether it is labelled); `marks` are oldest first,
    without those that lie under a newer one that looks the same."""

    marks: tuple[Mark, ...]
    lanes: tuple[tuple[Change, float], ...]
    ticks: tuple[tuple[int, float, bool], ...]
    height: int
    width: int = WIDTH


def timeline(history: History) -> Timeline | None:
    """None where there are fewer than two versions to be drawn."""
    standings = history.standings
    if len(standings) < 2:
        return None
    days = [day for standing in standings for day in (standing.published, standing.effective)]
    first, last = min(days), max(days)
    span = max((last - first).days, 1)

    def place(day: date) -> float:
        return round(MARGIN + (day - first).days / span * (WIDTH - 2 * MARGIN), 1)

    kinds = [change for change in Change if any(standing.change is change for standing in standings)]
    lanes = {change: MARGIN + LANE * n for n, change in enumerate(kinds)}
    marks = [Mark(s, place(s.effective), place(s.published), lanes[s.change]) for s in standings]
    years = range(first.year + 1, last.year + 1)
    every = max(1, -(-len(years) * _LABEL // WIDTH))
    ticks = tuple(
        (year, x, (year - first.year - 1) % every == 0 and x < WIDTH - _LABEL / 2)
        for year in years
        for x in [place(date(year, 1, 1))]
    )
    return Timeline(tuple(reversed(_told_apart(marks))), tuple(lanes.items()), ticks, LANE * len(lanes) + MARGIN + 16)


def _told_apart(marks: list[Mark]) -> list[Mark]:
    """Of `marks`, newest first, those that do not lie under one of the same lane and state."""
    kept: list[Mark] = []
    above: dict[tuple[float, State], Mark] = {}
    for mark in marks:
        look = (mark.y, mark.standing.state)
        over = above.get(look)
        if over is None or abs(over.x - mark.x) >= _APART or abs(over.start - mark.start) >= _APART:
            above[look] = mark
            kept.append(mark)
    return kept
