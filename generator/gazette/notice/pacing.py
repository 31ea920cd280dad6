"""When the next message may go: rates, and pauses for the relay's own faults. Times are seconds of one steady clock."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 300.0
SHRUGGED_OFF = 2  # broken connections in a row that are no reason to pause
REFUSALS = 20  # of the message itself, in a row: then it is the message, not the people


def steady() -> float:
    """Seconds of a clock that nobody sets, and that goes on while the machine sleeps where the system has such."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Pace:
    """At most `rate` a second, evenly; 0 is without limit. Shared by threads."""

    def __init__(self, rate: float, clock: Callable[[], float] = steady) -> None:
        self._interval = 1 / rate if rate > 0 else 0.0
        self._clock, self._lock, self._next = clock, threading.Lock(), 0.0

    def ask(self) -> float:
        """Take the next place if its time has come: then 0, else the seconds until there is one."""
        if not self._interval:
            return 0.0
        with self._lock:
            now = self._clock()
            if self._next > now:
                return self._next - now
            self._next = max(self._next, now - self._interval) + self._interval
            return 0.0


class Gate:
    """Open while the relay is well. Each fault shuts it for longer, until something is accepted again."""

    def __init__(self, clock: Callable[[], float] = steady, chance: Callable[[], float] = random.random) -> None:
        self._clock, self._chance, self._lock = clock, chance, threading.Lock()
        self._shut_until = 0.0
        self._faults = 0
        self._refusals = 0
        self.unwell_since: float | None = None
        self.last_fault: Exception | None = None
        self.lasting: Exception | None = None

    @property
    def wait(self) -> float:
        """Seconds until it opens; 0 while it is open."""
        return max(0.0, self._shut_until - self._clock())

    @property
    def is_open(self) -> bool:
        return self.lasting is None and self._shut_until <= self._clock()

    @property
    def is_proven(self) -> bool:
        """Whether the relay did anything for us since its last fault."""
        return self._faults == 0

    def fault(self, error: Exception, lasting: bool, broken: bool) -> None:
        """Note a fault: `lasting` ones need a person, `broken` says that only one connection broke."""
        with self._lock:
            if lasting:
                self.lasting = self.lasting or error
            if not self.is_open:
                return
            now = self._clock()
            self._faults += 1
            self.last_fault = error
            self.unwell_since = self.unwell_since or now
            if not broken or self._faults > SHRUGGED_OFF:
                pause = min(FIRST_PAUSE * 2 ** min(self._faults - 1, 20), LONGEST_PAUSE)
                self._shut_until = now + pause * (0.8 + 0.4 * self._chance())

    def served(self) -> None:
        """The relay dealt with a message."""
        if self._faults:
            with self._lock:
                self._faults, self.unwell_since = 0, None

    def refused_message(self) -> bool:
        """Note that the message itself was refused; True once that happened too often without one accepted."""
        self._refusals += 1
        return self._refusals >= REFUSALS

    def accepted(self) -> None:
        self._refusals = 0
