"""The commands that change a draft as a whole: its sections' order, names and bounds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from gazette.cli.main import main


@main.command()
@click.argument("policy")
@click.argument("section")
@click.option("--after", metavar="OTHER", help="The section that it is to follow.")
@click.option("--first", is_flag=True, help="Make it the first section.")
@click.pass_context
def move(context: click.Context, policy: str, section: str, after: str | None, first: bool) -> None:
    """Move SECTION behind another one; the numbers in the file names follow.

    \b
    Example: gazette move privacy-policy cookies --after how-long-we-keep-data
    """
    from gazette.editorial import sections, text_folder
    from gazette.errors import UsageError

    if (after is None) != first:
        raise UsageError("where to is not said", "give either --after OTHER or --first")
    settings = context.obj()
    changed = text_folder.edit(settings.content, policy, lambda files: sections.move(files, section, after))
    _say(settings.root, changed, f"'{section}' is in its place already")


@main.command()
@click.argument("policy")
@click.argument("section")
@click.argument("new_id", required=False)
@click.option("--title", help="Its new heading.")
@click.pass_context
def rename(context: click.Context, policy: str, section: str, new_id: str | None, title: str | None) -> None:
    """Give SECTION another id, another heading, or both. The old id goes on in `formerly`, and links follow.

    \b
    Example: gazette rename privacy-policy cookies cookies-and-storage --title "Cookies and storage"
    """
    from gazette.editorial import sections, text_folder
    from gazette.errors import UsageError

    if new_id is None and title is None:
        raise UsageError("neither a new id nor a new heading is given", "give NEW_ID, --title, or both")
    settings, identity = context.obj(), new_id or section
    changed = text_folder.edit(
        settings.content, policy, lambda files: sections.rename(files, section, identity, title), section, identity
    )
    _say(settings.root, changed, "nothing changes")


@main.command()
@click.argument("policy")
@click.argument("section")
@click.option(
    "--at", required=True, metavar="HEADING|LINE", help="A heading inside the section, or a line of its file."
)
@click.option("--as", "new_id", metavar="ID", help="The id of the new section; its heading's slug by default.")
@click.option("--title", help="The heading of the new section; the heading at the cut by default.")
@click.pass_context
def split(context: click.Context, policy: str, section: str, at: str, new_id: str | None, title: str | None) -> None:
    """Cut SECTION in two. The first part keeps its id, the second becomes a section of its own.

    \b
    Example: gazette split privacy-policy your-rights --at "How to complain"
    """
    from gazette.editorial import sections, text_folder

    settings = context.obj()
    changed = text_folder.edit(
        settings.content, policy, lambda files: sections.split(files, section, at, new_id, title)
    )
    _say(settings.root, changed, "nothing changes")


@main.command()
@click.argument("policy")
@click.argument("section")
@click.argument("other")
@click.option("--heading/--no-heading", default=True, show_default=True, help="Keep OTHER's title as a heading inside.")
@click.pass_context
def merge(context: click.Context, policy: str, section: str, other: str, heading: bool) -> None:
    """Make OTHER the end of SECTION. OTHER's id goes on in `formerly`, and links follow.

    \b
    Example: gazette merge privacy-policy cookies tracking-pixels
    """
    from gazette.editorial import sections, text_folder

    settings = context.obj()
    changed = text_folder.edit(
        settings.content, policy, lambda files: sections.merge(files, section, other, heading), other, section
    )
    _say(settings.root, changed, "nothing changes")


def _say(root: Path, changed: Sequence[Path], nothing: str) -> None:
    """One line a file that changed."""
    for path in changed:
        shown = path.relative_to(root) if path.is_relative_to(root) else path
        click.echo(f"{'wrote' if path.exists() else 'removed'} {shown}")
    if not changed:
        click.echo(nothing)
