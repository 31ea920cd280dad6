"""Progress is told where it takes long, in the way that suits who looks."""

from __future__ import annotations

import pytest

from gazette.progress import BETWEEN_LINES, PATIENCE, Progress


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def run(steps: int, seconds: float, is_watched: bool = False) -> list[str]:
    clock, said = Clock(), list[str]()
    progress = Progress("Pages", steps, said.append, is_watched, clock)
    for _ in progress.over(range(steps)):
        clock.now += seconds
    return said


def test_a_short_task_says_nothing() -> None:
    assert run(100, PATIENCE / 101) == []


def test_a_long_task_says_a_line_now_and_then() -> None:
    said = run(3000, (PATIENCE + 2.5 * BETWEEN_LINES) / 3000)
    assert len(said) == 3
    assert said[0] == "Pages: 223 of 3,000"


def test_on_a_terminal_a_bar_is_drawn_and_taken_away(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert run(50, 1.0, is_watched=True) == []
    assert "Pages" in capsys.readouterr().err
