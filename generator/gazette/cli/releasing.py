"""`gazette release`: a draft becomes a version, by options, by questions, or by a record written in a browser."""

from __future__ import annotations

import os
import re
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gazette.cli.day import DAY
from gazette.cli.main import main

if TYPE_CHECKING:
    from gazette.editorial.drafts import Draft
    from gazette.errors import Problem
    from gazette.policy.model import Change
    from gazette.policy.settings import Settings

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@main.command()
@click.argument("policy", required=False)
@click.option(
    "--effective",
    type=DAY,
    help="The day from which it applies; the earliest permitted by default.",
)
@click.option(
    "--change",
    type=click.Choice(["initial", "material", "minor", "editorial"]),
    help="What kind of change it is: people are told of a material one. By default what the redline suggests.",
)
@click.option(
    "--summary-file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="A Markdown file: what changes, in plain language ('-' for standard input). Else $EDITOR opens.",
)
@click.option("--as", "label", default="", metavar="LABEL", help="Its label, if not the day of publication.")
@click.option("--onto", default="", metavar="LABEL", help="Correct this version while another is announced.")
@click.option("--replaces", default="", metavar="LABEL", help="Revise this announced version before it applies.")
@click.option("--from", "source", default="", metavar="FOLDER|REV", help="Take the text from there, not from text/.")
@click.option("--not-material", default="", metavar="WHY", help="Why it is not material, where signs say so (public).")
@click.option("--approved-by", multiple=True, metavar="NAME", help="Who approved it; else from the commits' trailers.")
@click.option("--comment-until", type=DAY, help="The last day for comments.")
@click.option("--commit", "commits", is_flag=True, help="Commit text and record together.")
@click.option("--push", "pushes", is_flag=True, help="With --commit: send the commit to the branch it is on.")
@click.option("--complete", "completes", is_flag=True, help="Fill in the pin of a record that was written by hand.")
@click.pass_context
def release(
    context: click.Context,
    policy: str | None,
    effective: datetime | None,
    change: str | None,
    summary_file: Path | None,
    label: str,
    onto: str,
    replaces: str,
    source: str,
    not_material: str,
    approved_by: tuple[str, ...],
    comment_until: datetime | None,
    commits: bool,
    pushes: bool,
    completes: bool,
) -> None:
    """Publish POLICY's working text: write the record of a new version, pinned to the text as it is.

    Commit the record together with text/: that keeps the pinned text for ever. On a terminal the kind of change and the
    date are asked for, with what the redline and the notice clock suggest.

    \b
    Example: gazette release privacy-policy --effective 2026-12-24 --change material --summary-file summary.md
    """
    from gazette.editorial.check.kinds import own_words
    from gazette.editorial.drafts import Basis, read_draft
    from gazette.editorial.release import Order
    from gazette.editorial.release import release as publish
    from gazette.errors import UsageError
    from gazette.policy.reading import shown

    settings = context.obj()
    if pushes and not commits:
        raise UsageError("--push sends a commit", "give --commit too")
    if completes:
        _complete(settings, policy, commits, pushes)
        return
    if policy is None:
        raise UsageError("which policy is not said", "name it: gazette release POLICY")
    if onto and replaces:
        raise UsageError("--onto corrects the text in force, --replaces an announced one", "give one of them")
    draft = read_draft(settings, policy, Basis(onto, replaces, source), own_words(settings))
    kind = _change(draft, change)
    order = Order(
        effective=effective.date() if effective else _effective(draft, kind, settings.day),
        change=kind,
        summary=_summary(summary_file, draft),
        label=label,
        onto=onto,
        replaces=replaces,
        not_material=not_material,
        approved_by=approved_by or _approvers(draft),
        comment_until=comment_until.date() if comment_until else None,
    )
    released = publish(settings, draft, order)
    version = released.version
    for warning in released.warnings:
        click.echo(f"warning: {warning}", err=True)
    click.echo(
        f"{policy} {version.label}: published {version.published}, effective {version.effective} ({version.change})"
    )
    written = " and ".join(shown(path, Path.cwd()) for path in released.paths)
    if not commits:
        click.echo(f"wrote {written}; commit it together with text/")
        return
    click.echo(f"wrote {written}")
    paths = [*released.paths, *([draft.policy.folder / "text"] if draft.files is None else [])]
    _commit(settings, paths, f"Release {policy} {version.label} ({version.change}, from {version.effective})", pushes)


def _complete(settings: Settings, policy: str | None, commits: bool, pushes: bool) -> None:
    from gazette.editorial.completion import complete
    from gazette.policy.reading import shown
    from gazette.policy.storing import write_file

    done = complete(settings, policy)
    for one in done:
        write_file(one.path, one.record)
        click.echo(f"completed {shown(one.path, Path.cwd())}: {', '.join(one.filled)}")
    if not done:
        click.echo("every record has its pin")
    elif commits:
        names = ", ".join(f"{one.policy.id} {one.path.stem}" for one in done)
        _commit(settings, [one.path for one in done], f"Pin the text of {names}", pushes)


def _commit(settings: Settings, paths: list[Path], message: str, pushes: bool) -> None:
    from gazette.editorial.committing import commit, push
    from gazette.policy.git import Repository

    with Repository.find(settings.content) as repository:
        click.echo(f"committed {commit(repository, paths, message)}")
        if pushes:
            push(repository)


def _change(draft: Draft, given: str | None) -> Change:
    """What the editor says, or what the signs suggest."""
    from gazette.policy.model import Change

    if given is not None:
        return Change(given)
    suggested = draft.suggested_change
    if draft.assessment is not None:
        for signal in draft.assessment.strong[:5]:
            click.echo(f"{signal}", err=True)
    if suggested is Change.INITIAL or not sys.stdin.isatty():
        click.echo(f"kind of change: {suggested}, as the redline suggests", err=True)
        return suggested
    kinds = click.Choice([str(kind) for kind in Change if kind is not Change.INITIAL])
    return Change(click.prompt("Kind of change", type=kinds, default=str(suggested), err=True))


def _effective(draft: Draft, change: Change, day: date) -> date:
    """What the editor says, or the earliest permitted day."""
    earliest = draft.earliest(change, day)
    if not sys.stdin.isatty():
        click.echo(f"effective: {earliest}, the earliest permitted day", err=True)
        return earliest
    answer: datetime = click.prompt("Effective from", type=DAY, default=earliest.isoformat(), err=True)
    return answer.date()


def _approvers(draft: Draft) -> tuple[str, ...]:
    from gazette.editorial.committing import approvers
    from gazette.policy.git import Repository

    with Repository.find(draft.policy.folder) as repository:
        return approvers(repository, draft.policy, draft.before)


def _summary(path: Path | None, draft: Draft) -> str:
    """The summary from a file, or from $EDITOR on a prepared one; comments are not part of it."""
    from gazette.editorial.drafts import prepared_summary
    from gazette.errors import ContentError, UsageError
    from gazette.policy.canonical import trim
    from gazette.policy.decoding import decode

    if path is None:
        if not (sys.stdin.isatty() or os.environ.get("VISUAL") or os.environ.get("EDITOR")):
            raise UsageError("there is no summary", "give --summary-file FILE, or set EDITOR")
        try:
            written = click.edit(prepared_summary(draft), extension=".md")
        except click.ClickException as error:
            raise UsageError(f"the editor failed: {error.format_message()}", "give --summary-file FILE") from error
        return trim(_COMMENT.sub("", written or ""))
    data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    problems: list[Problem] = []
    text = decode(data, str(path), problems)
    if text is None:
        raise ContentError(problems)
    return trim(text)
