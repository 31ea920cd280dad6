"""`gazette check` and `gazette rules`: what keeps a mistake from being merged."""

from __future__ import annotations

import click

from gazette.cli.main import main


@main.command()
@click.option(
    "--format", "form", type=click.Choice(["terminal", "json", "markdown"]), default="terminal", show_default=True
)
def rules(form: str) -> None:
    """List the notice rules: their source, lead times, and how sure we are of them.

    \b
    Example: gazette rules
    """
    from gazette.editorial import rules_page

    if form == "terminal":
        click.echo(rules_page.in_lines())
    else:
        click.echo(rules_page.as_json() if form == "json" else rules_page.page(), nl=form == "json")
