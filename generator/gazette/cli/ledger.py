"""What the ledger knows, and what is learnt afterwards: status, report, reconcile, bounces; suppressions; workers."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gazette.cli.main import main
from gazette.cli.notice import notify
from gazette.cli.office import SHOWN, Office, bar, clock_time, leave_when_told, now, read_address, titled
from gazette.errors import UsageError

REASONS = ("asked", "bounced", "complained", "unsubscribed")


@notify.command()
@click.pass_context
def status(context: click.Context) -> None:
    """Show every notice and how its deliveries stand.

    \b
    Example: gazette notify status
    """
    from gazette.notice.model import State

    office = Office(context.obj())
    with office.ledger() as ledger:
        rows = [(made, ledger.counts(made.id), ledger.next_turn(made.id)) for made in ledger.notices()]
    if not rows:
        click.echo("no notice was made yet")
    for made, counts, turn in rows:
        click.echo(titled(made.notice) + f", made on {made.made_on}")
        settled = counts.total - counts.waiting - counts.held
        click.echo(f"  {bar(settled, counts.total)} {settled:,} of {counts.total:,}")
        said = [f"{state} {counts[state]:,}" for state in State if counts[state]]
        click.echo("  " + ", ".join(said))
        if counts.held:
            click.echo("  unknown and held: 'gazette notify reconcile --log FILE' or 'gazette notify resume' decides")
        if turn is not None and turn > now():
            click.echo(f"  next try at {clock_time(turn)}; run 'gazette notify' then, or with --until-done")


@notify.command()
@click.option(
    "--format", "form", type=click.Choice(["csv", "json"]), default="csv", show_default=True, help="How to write it."
)
@click.option("--policy", default="", help="Only notices of this policy.")
@click.option("--version", "label", default="", metavar="LABEL", help="Only notices of this version.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file instead of the screen.")
@click.pass_context
def report(context: click.Context, form: str, policy: str, label: str, output: Path | None) -> None:
    """Write the evidence: who was told of what, when, and what the relay replied.

    \b
    Example: gazette notify report --policy privacy-policy -o evidence.csv
    """
    from gazette.notice.reporting import write_report

    office = Office(context.obj())
    with office.ledger() as ledger:
        if output is None:
            write_report(ledger.evidence(policy, label), form, sys.stdout)
            return
        partial = output.with_name(output.name + ".partial")
        with partial.open("w", encoding="utf-8", newline="") as file:
            write_report(ledger.evidence(policy, label), form, file)
        partial.replace(output)


@notify.command()
@click.option(
    "--log",
    "logs",
    multiple=True,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The log; as often as there are.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["postfix", "csv"]),
    default="postfix",
    show_default=True,
    help="What the log is.",
)
@click.pass_context
def reconcile(context: click.Context, logs: tuple[Path, ...], form: str) -> None:
    """Settle what is unknown by the relay's own log: Postfix's, or a CSV with message_id, status and reply.

    \b
    Example: gazette notify reconcile --log /var/log/mail.log
    """
    from gazette.notice import reconciling

    office = Office(context.obj())
    with office.ledger() as ledger:
        findings: dict[str, reconciling.Finding] = {}
        for path in logs:
            with path.open(encoding="utf-8", errors="replace", newline="") as lines:
                read = reconciling.from_postfix(lines) if form == "postfix" else None
                findings |= read if read is not None else reconciling.from_csv_log(lines, str(path))
        key = ledger.facts().key
        attempts = list(reconciling.reconcile(ledger.lost(), findings, key, now()))
        settled = ledger.settle(attempts)
        left = sum(1 for _ in ledger.lost())
    click.echo(f"{settled:,} unknown deliveries settled, {left:,} are still unknown")


@notify.command()
@click.argument("mailbox", type=click.Path(path_type=Path))
@click.pass_context
def bounces(context: click.Context, mailbox: Path) -> None:
    """Read delivery reports and complaints from a mailbox (mbox, Maildir or a folder of .eml files).

    \b
    Example: gazette notify bounces ~/Maildir/.bounces
    """
    from gazette.notice.bounces import read_reports
    from gazette.notice.reporting import take_in

    office = Office(context.obj())
    with office.ledger() as ledger:
        taken = take_in(read_reports(mailbox), ledger, now())
    for line in taken.unrecognised[:SHOWN]:
        click.echo(f"not ours, or without our mark: {line}", err=True)
    click.echo(
        f"{taken.reports:,} reports: {taken.bounced:,} deliveries bounced, {taken.suppressed:,} addresses suppressed, "
        f"{len(taken.unrecognised):,} not recognised"
    )


@main.command()
@click.argument("addresses", nargs=-1)
@click.option("--policy", default="", help="Only notices of this policy (default: all).")
@click.option("--reason", type=click.Choice(REASONS), default="asked", show_default=True, help="Why; for the record.")
@click.option("--note", default="", help="A note for the record.")
@click.option("--from", "source", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A CSV to read.")
@click.option("--export", is_flag=True, help="Write all suppressions as CSV instead.")
@click.pass_context
def suppress(
    context: click.Context,
    addresses: tuple[str, ...],
    policy: str,
    reason: str,
    note: str,
    source: Path | None,
    export: bool,
) -> None:
    """Send no more notices to these addresses.

    \b
    Example: gazette suppress ana@example.com --note "asked by phone"
             gazette suppress --from left.csv
             gazette suppress --export > suppressions.csv
    """
    from gazette.notice.model import Reason, Suppression
    from gazette.notice.reporting import read_suppressions, write_suppressions

    office = Office(context.obj())
    with office.ledger() as ledger:
        if export:
            write_suppressions(ledger.suppressions(), sys.stdout)
            return
        if not addresses and source is None:
            raise UsageError("no address is named", "name addresses, or a CSV with --from")
        items = [Suppression(read_address(a), Reason(reason), policy, note, now()) for a in addresses]
        if source is not None:
            default = Suppression("", Reason(reason), policy, note, now())
            items += read_suppressions(source, default)
        click.echo(f"{ledger.suppress(items):,} of {len(items):,} are new")


@main.command()
@click.argument("addresses", nargs=-1, required=True)
@click.option("--policy", help="Only the suppression for this policy (default: every one of the address).")
@click.pass_context
def unsuppress(context: click.Context, addresses: tuple[str, ...], policy: str | None) -> None:
    """Send notices to these addresses again.

    \b
    Example: gazette unsuppress ana@example.com
    """
    office = Office(context.obj())
    with office.ledger() as ledger:
        click.echo(f"{sum(ledger.unsuppress(read_address(a), policy) for a in addresses):,} suppressions removed")


@main.command()
@click.option("--burst", is_flag=True, help="End when there is nothing to do.")
@click.option("--concurrency", type=click.IntRange(1, 16), default=2, show_default=True, help="Jobs at a time.")
@click.pass_context
def worker(context: click.Context, burst: bool, concurrency: int) -> None:
    """Deliver what 'gazette notify --workers' left to the workers; run as many as you like, anywhere.

    \b
    Example: GAZETTE_OUTBOX_URL=postgresql://… GAZETTE_SMTP_URL=smtp://… gazette worker
    """
    leave_when_told()
    office = Office(context.obj())
    with office.ledger() as ledger:
        if not ledger.is_shared:
            raise UsageError("workers need a ledger on PostgreSQL", "set GAZETTE_OUTBOX_URL to postgresql://…")
        from gazette.notice.working import work

        done = work(office.url, ledger, office.options, office.secrets, burst, concurrency)
    click.echo(f"{done:,} deliveries done")
