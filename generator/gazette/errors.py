"""What can go wrong, as one small tree. Errors carry facts; `cli` and `plugin` turn them into words and exit codes.

`Problem` is a value, not an exception: reading content collects every problem before anything is raised.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """A warning never changes an exit code; an error does."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the content: where, what, and what to do about it.

    `path` is as the user would type it (relative to the site's folder); `line` counts from 1, 0 means the whole file.
    """

    path: str
    line: int
    what: str
    remedy: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        message = f"{self.what}; {self.remedy}" if self.remedy else self.what
        return f"{place}: {message}" if place else message


class GazetteError(Exception):
    """Whatever Gazette raises on purpose."""


class ContentError(GazetteError):
    """The content, or its history in git, has problems (exit code 1)."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class UsageError(GazetteError):
    """The command or an option is used wrongly (exit code 2)."""

    def __init__(self, what: str, remedy: str = "") -> None:
        self.what, self.remedy = what, remedy
        super().__init__(f"{what}; {remedy}" if remedy else what)
