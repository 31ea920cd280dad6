"""How far a long task is: a bar where somebody watches a terminal, else a line now and then, nothing if it is short.

Takes how many steps there are and a way to say a line; `step` is called once a step and costs next to nothing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_One = TypeVar("_One")

#: Seconds before anything is shown, and between two lines.
PATIENCE = 2.0
BETWEEN_LINES = 10.0


class Progress:
    """One task of `total` steps. `is_watched` says whether standard error is a terminal that may be drawn on."""

    def __init__(
        self,
        what: str,
        total: int,
        say: Callable[[str], None],
        is_watched: bool | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what, self._total, self._say, self._clock = what, total, say, clock
        self._is_watched = sys.stderr.isatty() if is_watched is None else is_watched
        self._done = 0
        self._next = clock() + PATIENCE
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def over(self, steps: Iterable[_One]) -> Iterator[_One]:
        """The steps, each told as it is done."""
        try:
            for one in steps:
                yield one
                self.step()
        finally:
            self.close()

    def step(self, steps: int = 1) -> None:
        self._done += steps
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._done)
        elif self._clock() >= self._next and self._done < self._total:
            self._show()

    def close(self) -> None:
        """Take the bar away; whatever comes next is printed where it was."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _show(self) -> None:
        if not self._is_watched:
            self._next = self._clock() + BETWEEN_LINES
            self._say(f"{self._what}: {self._done:,} of {self._total:,}")
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task(self._what, total=self._total, completed=self._done)
        self._bar.start()
