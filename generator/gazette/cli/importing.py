"""`gazette import`: texts that exist already become a policy with its versions."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gazette.cli.day import DAY
from gazette.cli.main import main
from gazette.errors import Problem, UsageError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from gazette.editorial.importing.plan import Plan

#: Warnings beyond these are counted, unless all are asked for.
SHOWN = 40

#: In the context's `meta` where the import is a step of `gazette init`, which says itself what is next.
BEGINNING = "gazette.beginning"


@main.command("import")
@click.argument("sources", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="SOURCE…")
@click.option(
    "--policy", required=True, metavar="ID", help="The id of the new policy, as in its address: privacy-policy."
)
@click.option("--git", "repository", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="REPO",
              help="Take the history of one file from this repository instead.")  # fmt: skip
@click.option("--path", "file", metavar="FILE", help="With --git: the file, from the top of the repository.")
@click.option("--title", default="", help="The policy's title; else the text's own.")
@click.option("--language", default="", metavar="TAG", help="BCP 47, such as en or pt-BR; else detected.")
@click.option(
    "--contact", default="", help="Whom readers may ask: an address or a URL; else the text's own, if it names one."
)
@click.option(
    "--published",
    type=DAY,
    multiple=True,
    help="The day of publication; once for each SOURCE, if there are several.",
)
@click.option(
    "--effective",
    type=DAY,
    help="The day from which a single text applies; else the day of publication.",
)
@click.option("--commit", is_flag=True, help="Make one commit a version, and no archive/ folder.")
@click.option("--dry-run", is_flag=True, help="Show the outline and the warnings, and write nothing.")
@click.option("--verbose", is_flag=True, help="Show every warning.")
@click.pass_context
def import_(
    context: click.Context,
    sources: tuple[Path, ...],
    policy: str,
    repository: Path | None,
    file: str | None,
    title: str,
    language: str,
    contact: str,
    published: tuple[datetime, ...],
    effective: datetime | None,
    commit: bool,
    dry_run: bool,
    verbose: bool,
) -> None:
    """Make a policy of texts that exist: .txt, .md or .html files, folders of them, or a file's history in git.

    Several files are one history, in the order of their dates: --published, front matter, or the name
    (0002_2017-08-04.md).

    \b
    Examples:
      gazette import privacy-policy.txt --policy privacy-policy
      gazette import old-versions/ --policy terms --dry-run
      gazette import --git ../website --path legal/terms.md --policy terms
    """
    from gazette.cli.redline import renderer
    from gazette.editorial.importing.facts import Wishes
    from gazette.editorial.importing.plan import make_plan
    from gazette.editorial.importing.sources import sources_from_files, sources_from_git
    from gazette.editorial.importing.writing import check_target, commit_plan, write_plan
    from gazette.policy.git import Repository

    settings = context.obj()
    _check_options(sources, repository, file, published, language)
    check_target(settings.content, policy)
    target = Repository.find(settings.root)
    if commit and not dry_run:
        target.require_identity()
    days = [day.date() for day in published]
    if repository is not None and file is not None:
        taken, passed_over = sources_from_git(repository, file)
    else:
        taken, passed_over = sources_from_files(sources, days)
    wishes = Wishes(policy, settings.day, title, language, contact, effective.date() if effective else None)
    with _undone_by_signals(), _Bars() as bars:
        plan = make_plan(taken, wishes, _asker(settings.day, bars), bars.show, verbose, renderer(settings).sections)
        if not dry_run:
            folder = (commit_plan if commit else write_plan)(plan, settings.content, target)
    _warn((*passed_over, *plan.warnings), verbose)
    _show(plan)
    if dry_run:
        click.echo("nothing was written")
        return
    done = f"committed {len(plan.versions)} times" if commit else "not committed"
    click.echo(f"wrote {folder} ({done})")
    if not commit and BEGINNING not in context.meta:
        click.echo(f"Next: look at {folder / 'text'}, 'mkdocs serve', then 'git add' and 'git commit'.")


def _check_options(
    sources: tuple[Path, ...], repository: Path | None, file: str | None, published: tuple[datetime, ...], language: str
) -> None:
    from gazette.editorial.importing.language import is_language_tag

    if (repository is None) != (file is None):
        raise UsageError("--git and --path belong together", "name the repository and the file in it")
    if repository is not None and sources:
        raise UsageError("--git takes no SOURCE", "name files, or a repository, but not both")
    if repository is not None and published:
        raise UsageError("--git takes no --published", "the commits have dates")
    if language and not is_language_tag(language):
        raise UsageError(f"'{language}' is no language tag", "write it as BCP 47: en, pt-BR")
    if repository is None and not sources:
        raise UsageError("there is nothing to import", "name a file, a folder, or --git REPO --path FILE")


def _warn(warnings: Sequence[Problem], verbose: bool) -> None:
    shown = warnings if verbose else warnings[:SHOWN]
    for problem in shown:
        click.echo(f"warning: {problem}", err=True)
    if len(shown) < len(warnings):
        click.echo(f"… and {len(warnings) - len(shown)} more warnings; --verbose shows them all", err=True)


def _show(plan: Plan) -> None:
    """The outline of the newest version, and how many versions there are."""
    from gazette.editorial.importing.titles import plain

    click.echo(f"{plan.title} ({plan.language}){f', {plan.contact}' if plan.contact else ''}")
    for placed in plan.newest:
        former = f"  formerly {', '.join(placed.formerly)}" if placed.formerly else ""
        click.echo(f"  {placed.id}: {plain(placed.part.title)}{former}")
        for heading in placed.inner_headings():
            click.echo(f"    {'  ' * (heading.level - 3)}{plain(heading.title)}")
    for lifted in plan.lifted:
        words = lifted.text if len(lifted.text) <= 60 else lifted.text[:57] + "…"
        click.echo(f"  line {lifted.line}, not in the text: {' '.join(words.split())!r} ({lifted.into})")
    first, last = plan.versions[0].version, plan.versions[-1].version
    span = first.label if len(plan.versions) == 1 else f"{first.label} to {last.label}"
    number = "1 version" if len(plan.versions) == 1 else f"{len(plan.versions)} versions"
    left_out = f"; {plan.left_out} left out" if plan.left_out else ""
    click.echo(f"{number}: {span}{left_out}")
    if len(plan.versions) == 1 and last.effective != last.published:
        click.echo(f"published {last.published}, effective {last.effective}")


def _asker(day: date, bars: _Bars) -> Callable[[str, date | None], date | None] | None:
    """A question for a date that no source tells, if there is somebody to answer."""
    if not sys.stdin.isatty():
        return None

    def ask(question: str, default: date | None) -> date | None:
        bars.close()
        return date.fromisoformat(str(click.prompt(question, default=str(default or day), value_proc=_iso)))

    return ask


def _iso(value: str) -> str:
    try:
        return date.fromisoformat(value.strip()).isoformat()
    except ValueError as error:
        raise click.UsageError(f"{value} is no date; write it as YYYY-MM-DD") from error


class _Bars:
    """A bar for each thing that takes its time, on a terminal; nothing elsewhere. A question closes them for good."""

    def __init__(self) -> None:
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> _Bars:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress

            self._bars = Progress(console=Console(stderr=True), transient=True)
            self._bars.start()
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def close(self) -> None:
        if self._bars is not None:
            self._bars.stop()
            self._bars = None

    def show(self, doing: str, done: int, of: int) -> None:
        if self._bars is not None:
            if doing not in self._tasks:
                self._tasks[doing] = self._bars.add_task(doing, total=of)
            self._bars.update(self._tasks[doing], completed=done)


@contextmanager
def _undone_by_signals() -> Iterator[None]:
    """A request to end (SIGTERM) unwinds like Ctrl-C, so that what was begun is taken away."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
