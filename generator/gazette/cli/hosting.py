"""What connects a repository with its host: owners, tags, and GitHub's comments and issues."""

from __future__ import annotations

import os
from pathlib import Path

import click

from gazette.cli.main import main


@main.command()
@click.option("--check", "only_check", is_flag=True, help="Write nothing; fail if the file is not up to date.")
@click.pass_context
def owners(context: click.Context, only_check: bool) -> None:
    """Write the `owners:` of the policies into CODEOWNERS, so that the host asks them for review.

    \b
    Example: gazette owners
    """
    from gazette.editorial.owners import codeowners, codeowners_path
    from gazette.errors import ContentError, Problem
    from gazette.policy.git import Repository
    from gazette.policy.reading import read_policies
    from gazette.policy.storing import write_file

    settings = context.obj()
    top = Repository.find(settings.content).root
    path = codeowners_path(top)
    existing = path.read_text("utf-8") if path.is_file() else ""
    wanted = codeowners(read_policies(settings)[0], top, existing)
    shown = path.relative_to(top)
    if wanted == existing:
        click.echo(f"{shown} is up to date")
    elif only_check:
        raise ContentError([Problem(str(shown), 0, "is not what the policies' 'owners:' say", "run 'gazette owners'")])
    else:
        write_file(path, wanted.encode())
        click.echo(f"wrote {shown}")


@main.command()
@click.option("--push", is_flag=True, help="Send the new tags to the remote.")
@click.option("--remote", default="origin", show_default=True, help="With --push: where to.")
@click.option("--dry-run", is_flag=True, help="Only say which tags are missing.")
@click.pass_context
def tag(context: click.Context, push: bool, remote: str, dry_run: bool) -> None:
    """Tag each published version as POLICY/LABEL, signed where git has a key (`user.signingkey`).

    \b
    Example: gazette tag --push
    """
    from gazette.editorial.tags import make_tags, missing_tags, push_tags, tag_name
    from gazette.policy.git import Repository
    from gazette.policy.reading import read_policies

    settings = context.obj()
    with Repository.find(settings.content) as repository:
        missing = missing_tags(repository, read_policies(settings)[0], settings.day)
        if dry_run:
            for policy, version in missing:
                click.echo(f"{tag_name(policy, version)} is missing")
            return
        made = make_tags(repository, missing)
        for one in made:
            click.echo(f"tagged {one.name} at {one.commit[:9]}{', signed' if one.signed else ''}")
        if push:
            push_tags(repository, made, remote)
    if not missing:
        click.echo("every published version has its tag")


@main.group()
def github() -> None:
    """What the GitHub workflows say on GitHub."""


@github.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--pull", type=click.IntRange(1), required=True, help="The number of the pull request.")
def comment(file: Path, pull: int) -> None:
    """Make our one comment at a pull request say what FILE says.

    \b
    Example: gazette github comment review/comment.md --pull 12
    """
    from gazette.editorial.github import GitHub

    done = GitHub.from_environment(os.environ).put_comment(pull, file.read_text("utf-8"))
    click.echo(f"{done} the comment at #{pull}")


@github.command()
@click.pass_context
def reviews(context: click.Context) -> None:
    """Open an issue for each policy that is due for review, unless one is open.

    \b
    Example: gazette github reviews
    """
    from gazette.editorial import clock
    from gazette.editorial.github import GitHub
    from gazette.policy.reading import read_policies

    settings = context.obj()
    due = [
        (policy, review)
        for policy in read_policies(settings)[0]
        for review in clock.reviews(policy, settings.day)[:1]
        if review.due < settings.day
    ]
    if not due:
        click.echo("no policy is due for review")
        return
    host = GitHub.from_environment(os.environ)
    for policy, review in due:
        title = f"Review the policy '{policy.id}'"
        body = (
            f"**{policy.title}** was last published or reviewed on {review.last}, and is due for review since "
            f"{review.due} (every {review.every}, `{review.rule}`).\n\nRelease a version if something has to change. "
            f"If not, write `reviewed: {settings.day}` under `notice:` in `policy.yml`, and close this issue.\n"
        )
        opened = host.open_issue(title, body)
        click.echo(f"{policy.id}: {'opened an issue' if opened else 'an issue is open already'}")


@github.command()
@click.pass_context
def untold(context: click.Context) -> None:
    """Say on the run's own page that this publication writes to nobody, and which versions somebody may wait for.

    \b
    Example: gazette github untold
    """
    from gazette.policy import timeline
    from gazette.policy.model import Change
    from gazette.policy.reading import read_policies

    settings = context.obj()
    waiting = [
        f"{policy.id} {version.label}"
        for policy in read_policies(settings)[0]
        for version in timeline.announced(policy.versions, settings.day)
        if version.change is Change.MATERIAL
    ]
    level, which = ("warning", ", ".join(waiting)) if waiting else ("notice", "none")
    click.echo(
        f"::{level} title=Nobody is told by mail::This site keeps no ledger of notices that outlives the run, so "
        f"'gazette notify' is skipped. Material versions announced today: {which}. "
        "See docs/how-to/publish.md to switch notices on."
    )
