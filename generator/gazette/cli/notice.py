"""`gazette notify`: make the notices that are due, and deliver them."""

from __future__ import annotations

import signal
import sys
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gazette.cli.main import main
from gazette.cli.office import (
    SHOWN,
    Office,
    Span,
    bracketed,
    clock_time,
    counting,
    leave_when_told,
    now,
    progress,
    read_address,
    titled,
)
from gazette.errors import GazetteError, UsageError

if TYPE_CHECKING:
    from gazette.notice.making import Desk, Prepared
    from gazette.notice.outbox import Ledger


@main.group(invoke_without_command=True)
@click.option("--recipients", "given", default="", metavar="FILE", help="The list as CSV; '-' is standard input.")
@click.option("--including", multiple=True, metavar="LABEL", help="Announce this version too, though it is older.")
@click.option("--dry-run", is_flag=True, help="Say what is due and to how many; send and write nothing.")
@click.option("--preview", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write the messages.")
@click.option("--to", "to", default="", metavar="ADDRESS", help="With --preview: send one to this address, too.")
@click.option("--max", "most", type=click.IntRange(1), help="Hand at most so many messages to the relay.")
@click.option("--wait", type=Span(), default=0.0, help="Wait so long (15m) for the site to be published.")
@click.option("--until-done", is_flag=True, help="Stay until deferred messages have had their turn.")
@click.option("--workers", is_flag=True, help="Leave the sending to 'gazette worker' on any machine (PostgreSQL).")
@click.pass_context
def notify(
    context: click.Context,
    given: str,
    including: tuple[str, ...],
    dry_run: bool,
    preview: Path | None,
    to: str,
    most: int | None,
    wait: float,
    until_done: bool,
    workers: bool,
) -> None:
    """Tell people of material changes: make the notices that are due, and deliver them.

    Run it as often as you like: each notice is made once. The ledger is made by 'gazette notify init'.

    \b
    Example: gazette notify --dry-run
             gazette notify --recipients people.csv --wait 15m
    """
    if context.invoked_subcommand is not None:
        return
    office = Office(context.obj())
    if preview is not None:
        _preview(office, preview, to, including)
    elif dry_run:
        _dry_run(office, given, including)
    else:
        with office.ledger() as ledger:
            if not workers:
                office.check_relay()
            _make_due(office, ledger, given, including, wait, workers)
            if workers:
                _leave_to_workers(office, ledger)
            else:
                _deliver(office, ledger, most, until_done)


@notify.command("init")
@click.pass_context
def init_ledger(context: click.Context) -> None:
    """Make the ledger, once. Versions published before today are not announced by themselves.

    \b
    Example: gazette notify init
    """
    from gazette.notice.options import shown
    from gazette.notice.outbox import create_ledger

    office = Office(context.obj())
    if create_ledger(office.url, office.settings.day, now()):
        click.echo(f"made the ledger at {shown(office.url)}; keep it safe, it knows who was told")
    else:
        click.echo(f"there is a ledger at {shown(office.url)}; it is up to date")


@notify.command()
@click.option("--max", "most", type=click.IntRange(1), help="Hand at most so many messages to the relay.")
@click.option("--until-done", is_flag=True, help="Stay until deferred messages have had their turn.")
@click.option("--unknown", type=click.Choice(["resend", "hold"]), help="What to do with those that are unknown.")
@click.option("--again", multiple=True, type=click.Choice(["bounced", "expired"]), help="Try these once more.")
@click.pass_context
def resume(
    context: click.Context, most: int | None, until_done: bool, unknown: str | None, again: tuple[str, ...]
) -> None:
    """Go on delivering what the ledger holds; make no new notice.

    \b
    Example: gazette notify resume --unknown resend
    """
    leave_when_told()
    from gazette.notice.model import State

    office = Office(context.obj())
    if unknown is not None:
        office.options = office.options.model_copy(update={"unknown": unknown})
    with office.ledger() as ledger:
        states = [State(state) for state in again] + ([State.UNKNOWN] if unknown == "resend" else [])
        if states:
            click.echo(f"{ledger.release(states, now()):,} deliveries are to be tried again")
        _deliver(office, ledger, most, until_done)


def _make_due(
    office: Office, ledger: Ledger, given: str, including: tuple[str, ...], wait: float, workers: bool
) -> None:
    """Compose, check the published page, and write each due notice into the ledger with its recipients."""
    from gazette.notice.due import Told
    from gazette.notice.page import await_published

    if workers and not ledger.is_shared:
        raise UsageError("workers need a ledger on PostgreSQL", "set GAZETTE_OUTBOX_URL to postgresql://…")
    desk = office.desk()
    told = Told(ledger.facts().first_day, ledger.notices())
    notices = desk.due(told, including)
    _mention_passed_over(office, desk, told, including)
    if given == "-" and len(notices) > 1:
        raise UsageError(f"{len(notices)} notices are due, and standard input can be read once", "name a file")
    if not notices:
        click.echo("no new notice is due")
    prepared = [desk.prepare(notice) for notice in notices]
    for item in prepared:
        await_published(item.content.page, wait)
    for item in prepared:
        with desk.recipients(given, item.choose(desk.words), sys.stdin) as people, counting(item.notice) as count:
            hooks = desk.webhook(item.messages[0].language)
            snapshot = ledger.make(
                item.notice, office.settings.day, now(), item.stored, chain(people, hooks), item.content.required,
                item.content.page, now(), workers, count,
            )  # fmt: skip
        if snapshot is None:
            click.echo(f"{titled(item.notice)}: made by another notifier meanwhile")
            continue
        extras = [
            f"{what}: {number:,}"
            for number, what in (
                (snapshot.suppressed, "suppressed"),
                (snapshot.repeated, "named again"),
                (snapshot.bad_rows, "rows kept apart"),
            )
            if number
        ]
        click.echo(f"{titled(item.notice)}: {snapshot.recipients:,} recipients" + bracketed(extras))
        for bad in ledger.bad_rows(snapshot.made.id)[:SHOWN]:
            click.echo(f"{given or 'recipients'}:{bad.line}: {bad.row or 'no address'}: {bad.why}", err=True)


def _deliver(office: Office, ledger: Ledger, most: int | None, until_done: bool) -> None:
    """Deliver everything that waits; exit code 1 where the relay did not let us."""
    from gazette.notice.notifying import Notifier

    notifier = Notifier(ledger, office.options, office.secrets)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: notifier.stop.set())
    if not notifier.waiting() and not until_done and not ledger.holds_any():
        click.echo("nothing waits to be sent now")
        _say_what_waits(ledger)
        return
    with progress(notifier, ledger):
        run = notifier.deliver_all(most, until_done)
    if run.recovered:
        click.echo(f"{run.recovered:,} deliveries were on the wire when a notifier died: marked unknown")
    outcomes = sum((tally.outcomes for tally in run.tallies.values()), Counter())
    said = [f"{state} {number:,}" for state, number in sorted(outcomes.items()) if number and state != "queued"]
    click.echo(", ".join(said) or "nothing was sent")
    _say_what_waits(ledger)
    if run.unsettled not in {"", "stopped", "as many as --max allows"}:
        raise GazetteError(f"{run.unsettled}; what is left waits in the ledger: run 'gazette notify resume' later")


def _leave_to_workers(office: Office, ledger: Ledger) -> None:
    """Send what is not theirs, the webhook."""
    from gazette.notice.notifying import Notifier

    Notifier(ledger, office.options, office.secrets).deliver_webhooks()


def _say_what_waits(ledger: Ledger) -> None:
    turns = [turn for made in ledger.notices() if (turn := ledger.next_turn(made.id)) is not None]
    if turns and min(turns) > now():
        click.echo(f"some wait until {clock_time(min(turns))}: run 'gazette notify' then, or with --until-done")
    if ledger.holds_any():
        click.echo("some are in the hands of another notifier, or of one that died: run 'gazette notify' again soon")


def _dry_run(office: Office, given: str, including: tuple[str, ...]) -> None:
    """What would be made, composed and counted, without a trace."""
    from gazette.notice.due import Told
    from gazette.notice.making import told_today
    from gazette.notice.model import BadRow
    from gazette.notice.outbox.opening import NoLedgerError

    desk = office.desk()
    told: Told
    try:
        with office.ledger() as ledger:
            told = Told(ledger.facts().first_day, ledger.notices())
    except NoLedgerError as error:
        click.echo(f"gazette: {error}", err=True)
        told = told_today(None, office.settings.day)
    notices = desk.due(told, including)
    _mention_passed_over(office, desk, told, including)
    for notice in notices:
        prepared = desk.prepare(notice)
        with desk.recipients(given, prepared.choose(desk.words), sys.stdin) as people:
            kinds = Counter(isinstance(item, BadRow) for item in people)
        bad = [f"rows to be kept apart: {kinds[True]:,}"] if kinds[True] else []
        click.echo(
            f"{titled(notice)}: would go to {kinds[False]:,} recipients, whoever is named again once" + bracketed(bad)
        )
    if not notices:
        click.echo("no new notice is due")


def _preview(office: Office, folder: Path, to: str, including: tuple[str, ...]) -> None:
    """Write the due messages (or, where none is due, each policy's newest) to look at."""
    from gazette.notice.due import Told
    from gazette.notice.making import told_today
    from gazette.notice.outbox.opening import NoLedgerError
    from gazette.notice.previewing import send_sample, write_preview

    desk = office.desk()
    try:
        with office.ledger() as ledger:
            told = Told(ledger.facts().first_day, ledger.notices())
    except NoLedgerError:
        told = told_today(None, office.settings.day)
    notices = desk.due(told, including) or desk.newest()
    if not notices:
        raise UsageError("no version is published yet", "publish one with 'gazette release'")
    prepared: list[Prepared] = [desk.prepare(notice) for notice in notices]
    for item in prepared:
        for path in write_preview(item.notice, item.messages, office.options, folder):
            click.echo(str(path))
    if to:
        item = prepared[0]
        reply = send_sample(item.notice, item.messages, office.options, office.secrets, read_address(to))
        click.echo(f"sent a sample to {to}: {reply}")


def _mention_passed_over(office: Office, desk: Desk, told: object, including: tuple[str, ...]) -> None:
    from gazette.notice.due import Told, passed_over

    assert isinstance(told, Told)
    for policy in desk.policies:
        for label in passed_over(policy, office.settings.day, told, including):
            click.echo(
                f"{policy.id} {label} is announced, but older than the ledger or imported: nobody is told of it by "
                f"itself; --including {label} tells them",
                err=True,
            )
