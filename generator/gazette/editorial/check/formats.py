"""What was found, as people and programs read it: lines for a terminal, JSON, and annotations for GitHub.

Takes problems; gives text. Paths in annotations count from the top of the repository, as GitHub wants them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from gazette.errors import Problem, Severity

#: GitHub shows so many annotations of a kind for a step; the others are in the log.
_SHOWN_BY_GITHUB = 10


def terminal(problems: Sequence[Problem]) -> str:
    """One line a problem, warnings marked, and a count."""
    lines = [f"warning: {p}" if p.severity is Severity.WARNING else str(p) for p in problems]
    return "\n".join([*lines, counted(problems)])


def counted(problems: Sequence[Problem]) -> str:
    """`2 problems, 1 warning`, or that nothing is wrong."""
    warnings = sum(problem.severity is Severity.WARNING for problem in problems)
    parts = [_number(len(problems) - warnings, "problem"), _number(warnings, "warning")]
    return ", ".join(part for part in parts if part) or "nothing is wrong"


def as_json(problems: Sequence[Problem]) -> str:
    """`{"problems": [{path, line, severity, what, remedy}, …]}`; line 0 means the whole file."""
    rows = [
        {"path": p.path, "line": p.line, "severity": p.severity.value, "what": p.what, "remedy": p.remedy}
        for p in problems
    ]
    return json.dumps({"problems": rows}, ensure_ascii=False, indent=2)


def github(problems: Sequence[Problem], from_top: Callable[[str], str] = str) -> str:
    """Workflow commands that GitHub turns into annotations on the lines; errors first, since it shows only a few."""
    ordered = sorted(problems, key=lambda problem: problem.severity is Severity.WARNING)
    lines = [_annotation(problem, from_top) for problem in ordered]
    if len(lines) > _SHOWN_BY_GITHUB:
        lines.append(terminal(problems))
    else:
        lines.append(counted(problems))
    return "\n".join(lines)


def _annotation(problem: Problem, from_top: Callable[[str], str]) -> str:
    kind = "warning" if problem.severity is Severity.WARNING else "error"
    message = f"{problem.what}; {problem.remedy}" if problem.remedy else problem.what
    if not problem.path:
        return f"::{kind}::{_message(message)}"
    path = _property(from_top(problem.path))
    place = f"file={path},line={max(1, problem.line)}"
    return f"::{kind} {place},title={_property(PurePosixPath(problem.path).name)}::{_message(message)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' if count != 1 else ''}" if count else ""
