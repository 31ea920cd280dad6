"""`gazette reschedule` and `gazette withdraw`: what may still be done to an announced version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import click

from gazette.cli.day import DAY
from gazette.cli.main import main

if TYPE_CHECKING:
    from gazette.policy.model import Policy, Version


@main.command()
@click.argument("policy")
@click.argument("label", required=False)
@click.option("--effective", required=True, type=DAY, help="The new day from which it applies.")
@click.option("--reason", default="", help="Why; it is published.")
@click.pass_context
def reschedule(context: click.Context, policy: str, label: str | None, effective: datetime, reason: str) -> None:
    """Move the date of an announced version; the move stays on show. LABEL may be left out if only one is announced.

    \b
    Example: gazette reschedule privacy-policy 2026-11-02 --effective 2027-01-15 --reason "The notice went out late"
    """
    from gazette.editorial import amend

    day = context.obj().day
    _amend(
        context,
        policy,
        label,
        lambda known, version, record: amend.rescheduled(known, version, record, effective.date(), day, reason),
        f"applies from {effective.date()} instead",
    )


@main.command()
@click.argument("policy")
@click.argument("label", required=False)
@click.option("--reason", default="", help="Why; it is published.")
@click.pass_context
def withdraw(context: click.Context, policy: str, label: str | None, reason: str) -> None:
    """Take back an announced version before it applies. LABEL may be left out if only one is announced.

    A version that it had replaced does not come back: release that text again if it shall apply after all.

    \b
    Example: gazette withdraw privacy-policy 2026-11-02 --reason "Published by mistake"
    """
    from gazette.editorial import amend

    day = context.obj().day
    _amend(
        context,
        policy,
        label,
        lambda known, version, record: amend.withdrawn(version, record, day, reason),
        "is withdrawn: the text in force stays in force",
        amend.still_replaced,
    )


def _amend(
    context: click.Context,
    policy: str,
    label: str | None,
    edit: Callable[..., bytes],
    done: str,
    note: Callable[[Policy, Version], str] = lambda policy, version: "",
) -> None:
    """Read the policy, edit the one record, write it, say so."""
    from gazette.editorial import amend
    from gazette.editorial.text_folder import policy_folder
    from gazette.errors import ContentError
    from gazette.policy.reading import read_policy
    from gazette.policy.storing import write_file

    settings = context.obj()
    known, problems = read_policy(policy_folder(settings.content, policy), settings.root)
    if known is None:
        raise ContentError(problems)
    version = amend.announced_version(known, label, settings.day)
    path = settings.root / version.path
    write_file(path, edit(known, version, path.read_bytes()))
    click.echo(f"{policy} {version.label} {done}\nwrote {version.path}")
    if said := note(known, version):
        click.echo(said)
