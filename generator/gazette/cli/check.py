"""`gazette check` and `gazette rules`: what keeps a mistake from being merged."""

from __future__ import annotations

import sys

import click

from gazette.cli.main import main


@main.command()
@click.argument("policy", required=False)
@click.option("--base", metavar="REV", help="Only what has come since this revision, as a pull request brings it.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "json", "github"]),
    default="terminal",
    show_default=True,
    help="'github' puts each message at its line of a pull request.",
)
@click.pass_context
def check(context: click.Context, policy: str | None, base: str | None, form: str) -> None:
    """Hold the content, the records and their dates against the rules. POLICY limits it to one.

    \b
    Example: gazette check --base origin/main
    """
    from gazette.editorial.check import check as find_problems
    from gazette.editorial.check import formats, from_top
    from gazette.errors import Severity

    settings = context.obj()
    problems = find_problems(settings, policy, base)
    if form == "github":
        click.echo(formats.github(problems, from_top(settings)))
    else:
        click.echo(formats.as_json(problems) if form == "json" else formats.terminal(problems))
    if any(problem.severity is Severity.ERROR for problem in problems):
        sys.exit(1)


@main.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "json", "markdown"]),
    default="terminal",
    show_default=True,
    help="How to write the list.",
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
