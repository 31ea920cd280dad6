"""`gazette review`: what a change brings, for the people who review it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gazette.cli.main import main

if TYPE_CHECKING:
    from gazette.editorial.reviewing import Review


@main.command()
@click.option("--base", metavar="REV", help="Compare with where this revision and HEAD parted; else with HEAD.")
@click.option(
    "--output",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder for comment.md, redline-POLICY.html and screenshots/.",
)
@click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The built site, for pictures of the pages that change.",
)
@click.option("--screenshots", is_flag=True, help="Take pictures, if this machine has a browser.")
@click.pass_context
def review(context: click.Context, base: str | None, output: Path, site: Path | None, screenshots: bool) -> None:
    """Write what changes: a comment for a pull request, and the redline as a page to print.

    \b
    Example: gazette review --base origin/main --output review
    """
    from gazette.editorial import reviewing
    from gazette.editorial.check import check
    from gazette.policy.storing import write_file

    reviewing.check_output(str(output))
    settings = context.obj()
    reviews = reviewing.review(settings, base)
    text = reviewing.comment(reviews, check(settings, base=base))
    write_file(output / "comment.md", text.encode())
    click.echo(f"wrote {output / 'comment.md'}")
    for one in reviews:
        write_file(output / one.page_name, reviewing.page(one).encode("utf-8", "replace"))
        click.echo(f"wrote {output / one.page_name}: {one.redline.summary}")
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as stream:
            stream.write(text)
    if screenshots:
        _pictures(reviews, output, site)


def _pictures(reviews: Sequence[Review], output: Path, site: Path | None) -> None:
    from gazette.editorial import screenshots

    command = screenshots.browser()
    if command is None:
        click.echo(f"no pictures: this machine has none of {', '.join(screenshots.BROWSERS)}", err=True)
        return
    pages = []
    for one in reviews:
        pages.append(output / one.page_name)
        if site is not None:
            wanted = [site / one.policy.id, *(site / one.policy.id / "changes" / v.label for v in one.versions)]
            pages += [page for folder in wanted if (page := folder / "index.html").is_file()]
    for path in screenshots.take(command, pages, output / "screenshots"):
        click.echo(f"wrote {path}")
