"""`gazette status` and `gazette verify`: where the policies stand, and whether their texts are kept."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gazette.cli.main import main

if TYPE_CHECKING:
    from datetime import date

    from rich.text import Text as Styled

    from gazette.editorial.status import Standing, Status
    from gazette.errors import Problem


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Show what is in force, what is announced, what is a draft, and what is wrong.

    \b
    Example: gazette status
    """
    from gazette.editorial.status import read_status
    from gazette.errors import Severity

    settings = context.obj()
    statuses, others = read_status(settings)
    if as_json:
        click.echo(json.dumps(_status_json(statuses, others, settings.day), ensure_ascii=False, indent=2))
    else:
        _print(_status_lines(statuses, others, settings.day))
    if any(s.has_errors for s in statuses) or any(problem.severity is Severity.ERROR for problem in others):
        sys.exit(1)


@main.command()
@click.argument("policy", required=False)
@click.option("--repair", is_flag=True, help="Mend what can be mended without changing what was published.")
@click.option(
    "--allowed-signers",
    type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path),
    help="A file of git's (see ssh-keygen) to hold signed tags against.",
)
@click.pass_context
def verify(context: click.Context, policy: str | None, repair: bool, allowed_signers: Path | None) -> None:
    """Recompute every pin and digest, and say what does not hold, or would not in a fresh clone.

    --repair writes archive/<label>/ for a text that only this clone has, and pins anew what has the recorded words
    elsewhere, or what was not yet published. Tags of versions are looked at too, with their signatures.

    \b
    Example: gazette verify privacy-policy --repair
    """
    from gazette.editorial.tags import tag_problems
    from gazette.editorial.text_folder import policy_folder
    from gazette.errors import ContentError, Severity
    from gazette.policy import verification
    from gazette.policy.pins import Pins
    from gazette.policy.reading import read_policies, record_problems

    settings = context.obj()
    if policy is not None:
        policy_folder(settings.content, policy)
    policies, problems = read_policies(settings)
    chosen = [p for p in policies if policy in (None, p.id)]
    if repair:
        with_pins = Pins.find(settings.content, chosen)
        for done in verification.repair(with_pins, chosen, settings.day):
            click.echo(f"{done.policy} {done.label}: {done.what}")
        policies, problems = read_policies(settings)
        chosen = [p for p in policies if policy in (None, p.id)]
    pins = Pins.find(settings.content, chosen)
    failures = [
        *record_problems(problems, settings, policy),
        *verification.verify(pins, chosen),
    ]
    if pins.repository is not None:
        failures.extend(tag_problems(pins.repository, chosen, allowed_signers))
        pins.repository.close()
    if any(problem.severity is Severity.ERROR for problem in failures):
        raise ContentError(failures)
    for problem in failures:
        click.echo(f"warning: {problem}", err=True)
    for one in chosen:
        click.echo(f"{one.id}: {_count(len(one.versions), 'version')}, every pin and digest holds")


def _status_json(statuses: Iterable[Status], others: Iterable[Problem], day: date) -> dict[str, object]:
    return {
        "day": day.isoformat(),
        "policies": [
            {
                "id": one.policy.id,
                "title": one.policy.title,
                "in_force": _standing_json(one.in_force) if one.in_force else None,
                "announced": [_standing_json(standing) for standing in one.announced],
                "embargoed": [_standing_json(standing) for standing in one.embargoed],
                "draft": {
                    "against": one.draft.against or None,
                    "sections": one.draft.sections,
                    "words_added": one.draft.words_added,
                    "words_removed": one.draft.words_removed,
                    "summary": one.draft.summary,
                }
                if one.draft
                else None,
                "problems": [_problem_json(problem) for problem in one.problems],
            }
            for one in statuses
        ],
        "problems": [_problem_json(problem) for problem in others],
    }


def _standing_json(standing: Standing) -> dict[str, object]:
    version = standing.version
    return {
        "label": version.label,
        "published": version.published.isoformat(),
        "effective": standing.effective.isoformat(),
        "change": str(version.change),
    }


def _problem_json(problem: Problem) -> dict[str, object]:
    return {
        "path": problem.path,
        "line": problem.line or None,
        "what": problem.what,
        "remedy": problem.remedy,
        "severity": str(problem.severity),
    }


def _status_lines(statuses: Iterable[Status], others: Iterable[Problem], day: date) -> Iterable[Styled]:
    for one in statuses:
        yield _line((one.policy.title or one.policy.id, "bold"), (f"  {one.policy.id}", "dim"))
        yield from _version_lines(one, day)
        if one.draft is not None:
            against = f", against {one.draft.against}" if one.draft.against else ", nothing published yet"
            yield _line(("  draft      ", "yellow"), (f"{one.draft.summary or 'text/ differs'}{against}", ""))
        yield from map(_problem_line, one.problems)
        yield _line()
    yield from map(_problem_line, others)


def _version_lines(one: Status, day: date) -> Iterable[Styled]:
    if one.in_force is None:
        yield _line(("  in force   ", "green"), ("nothing yet", "dim"))
    else:
        version = one.in_force.version
        yield _line(
            ("  in force   ", "green"), (f"{version.label}  since {one.in_force.effective}, {version.change}", "")
        )
    for standing in one.announced:
        version, days = standing.version, (standing.effective - day).days
        words = f"{version.label}  from {standing.effective}, in {_count(days, 'day')}, {version.change}"
        yield _line(("  announced  ", "cyan"), (words, ""))
    for standing in one.embargoed:
        version = standing.version
        words = f"{version.label}  to be published {version.published}, from {standing.effective}, {version.change}"
        yield _line(("  embargoed  ", "magenta"), (words, ""))


def _problem_line(problem: Problem) -> Styled:
    is_error = problem.severity == "error"
    return _line(
        ("  problem    " if is_error else "  warning    ", "red" if is_error else "yellow"), (str(problem), "")
    )


def _line(*parts: tuple[str, str]) -> Styled:
    from rich.text import Text as Styled

    return Styled.assemble(*parts)


def _print(lines: Iterable[Styled]) -> None:
    """In colour on a terminal, plain elsewhere."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    for line in lines:
        console.print(line)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
