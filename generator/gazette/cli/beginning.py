"""`gazette init`: a new site."""

from __future__ import annotations

from pathlib import Path

import click

from gazette.cli.importing import BEGINNING
from gazette.cli.main import main


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", help="The site's name; the folder's name by default.")
@click.option("--url", default="", help="Where the site will be, as https://policies.example.com/.")
@click.option("--timezone", default="UTC", show_default=True, help="An IANA name: in it a version takes effect.")
@click.option("--branch", default="main", show_default=True, help="The branch that is published.")
@click.option("--language", default="en", show_default=True, help="Of policies that begin empty.")
@click.option(
    "--policy", "policies", multiple=True, metavar="ID[=FILE]", help="A policy to begin with; from a text, if given."
)
@click.pass_context
def init(
    context: click.Context,
    folder: Path,
    name: str | None,
    url: str,
    timezone: str,
    branch: str,
    language: str,
    policies: tuple[str, ...],
) -> None:
    """Make a new site in FOLDER, or complete one: what is there is never touched.

    \b
    Example: gazette init policies --timezone Europe/Berlin --policy privacy-policy=privacy.txt
    """
    from gazette.editorial import init as beginning
    from gazette.errors import UsageError
    from gazette.policy.git import Repository

    wanted = [(policy, source) for policy, _, source in (entry.partition("=") for entry in policies)]
    for policy, source in wanted:
        beginning.check_policy_id(policy)
        if source and not Path(source).is_file():
            raise UsageError(f"there is no file {source}", "name a .txt, .md or .html file")
    title = name or folder.resolve().name.replace("-", " ").title()
    files = beginning.site_files(beginning.NewSite(title, url, timezone, branch))
    for policy, source in wanted:
        if not source and not (folder / "content" / policy).exists():
            files |= beginning.policy_files(policy, policy.replace("-", " ").capitalize(), language)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        Repository.find(folder)
    except UsageError:
        Repository.create(folder, branch)
        click.echo(f"began a git repository in {folder}")
    written, kept = beginning.write_missing(folder, files)
    for path in written:
        click.echo(f"wrote {folder / path}")
    for path in kept:
        click.echo(f"left {folder / path} as it is")
    for policy, source in wanted:
        if source and not (folder / "content" / policy).exists():
            _import(context, folder, policy, source)
    there = "" if folder.resolve() == Path.cwd() else f"cd {folder}, then "
    click.echo(f"\nNext: {there}'gazette status' and 'mkdocs serve'; 'git add' and 'git commit' what is right.")


def _import(context: click.Context, folder: Path, policy: str, source: str) -> None:
    """`gazette import` in the new site."""
    arguments = ["-f", str(folder / "mkdocs.yml"), "import", source, "--policy", policy]
    context.meta[BEGINNING] = True
    with main.make_context("gazette", arguments, parent=context) as nested:
        main.invoke(nested)
