"""`gazette notify` and what belongs to it: telling people of material changes, and the evidence of it."""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gazette.cli.main import main
from gazette.errors import ContentError, GazetteError, UsageError

if TYPE_CHECKING:
    from gazette.notice.making import Desk, Prepared
    from gazette.notice.model import MadeNotice, Notice
    from gazette.notice.notifying import Notifier
    from gazette.notice.options import NoticeOptions, Secrets
    from gazette.notice.outbox import Ledger
    from gazette.policy.settings import Settings

BAD_ROWS_SHOWN = 20
REASONS = ("asked", "bounced", "complained", "unsubscribed")


class Span(click.ParamType):  # type: ignore[type-arg]  # generic only for mypy, in some releases of click
    """A length of time: 90, 15m, 4h."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        from gazette.notice.options import span

        try:
            return span(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Office:
    """The settings of one site's notices, and its ledger; opened when asked for."""

    def __init__(self, settings: Settings) -> None:
        from gazette.notice.options import outbox_url, read_options, read_secrets

        self.settings = settings
        self.options: NoticeOptions = read_options(settings)
        self.secrets: Secrets = read_secrets()
        self.url = outbox_url(settings.root, self.options, self.secrets)

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        from gazette.notice.outbox import open_ledger

        ledger = open_ledger(self.url, min(self.options.lease, 60.0))
        try:
            yield ledger
        finally:
            ledger.close()

    def check_relay(self) -> None:
        """Whether a relay is set, before anything is made that would wait for it."""
        from gazette.notice.options import relay

        relay(self.secrets)

    def desk(self) -> Desk:
        from gazette.notice.making import Desk

        return Desk(self.settings, self.options, self.secrets)


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
    if create_ledger(office.url, office.settings.day, _now()):
        click.echo(f"made the ledger at {shown(office.url)}; keep it safe, it knows who was told")
    else:
        click.echo(f"there is a ledger at {shown(office.url)}; it is up to date")


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
        click.echo(_titled(made.notice) + f", made on {made.made_on}")
        settled = counts.total - counts.waiting - counts.held
        click.echo(f"  {_bar(settled, counts.total)} {settled:,} of {counts.total:,}")
        said = [f"{state} {counts[state]:,}" for state in State if counts[state]]
        click.echo("  " + ", ".join(said))
        if counts.held:
            click.echo("  unknown and held: 'gazette notify reconcile --log FILE' or 'gazette notify resume' decides")
        if turn is not None and turn > _now():
            click.echo(f"  next try at {_clock_time(turn)}; run 'gazette notify' then, or with --until-done")


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
    from gazette.notice.model import State

    office = Office(context.obj())
    if unknown is not None:
        office.options = office.options.model_copy(update={"unknown": unknown})
    with office.ledger() as ledger:
        states = [State(state) for state in again] + ([State.UNKNOWN] if unknown == "resend" else [])
        if states:
            click.echo(f"{ledger.release(states, _now()):,} deliveries are to be tried again")
        _deliver(office, ledger, most, until_done)


@notify.command()
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
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
    "--log", "logs", multiple=True, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--format", "form", type=click.Choice(["postfix", "csv"]), default="postfix", show_default=True)
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
        attempts = list(reconciling.reconcile(ledger.lost(), findings, key, _now()))
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
        taken = take_in(read_reports(mailbox), ledger, _now())
    for line in taken.unrecognised[:BAD_ROWS_SHOWN]:
        click.echo(f"not ours, or without our mark: {line}", err=True)
    click.echo(
        f"{taken.reports:,} reports: {taken.bounced:,} deliveries bounced, {taken.suppressed:,} addresses suppressed, "
        f"{len(taken.unrecognised):,} not recognised"
    )


@main.command()
@click.argument("addresses", nargs=-1)
@click.option("--policy", default="", help="Only notices of this policy (default: all).")
@click.option("--reason", type=click.Choice(REASONS), default="asked", show_default=True)
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
        items = [Suppression(_address(a), Reason(reason), policy, note, _now()) for a in addresses]
        if source is not None:
            default = Suppression("", Reason(reason), policy, note, _now())
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
        click.echo(f"{sum(ledger.unsuppress(_address(a), policy) for a in addresses):,} suppressions removed")


@main.command()
@click.option("--burst", is_flag=True, help="End when there is nothing to do.")
@click.option("--concurrency", type=click.IntRange(1, 16), default=2, show_default=True, help="Jobs at a time.")
@click.pass_context
def worker(context: click.Context, burst: bool, concurrency: int) -> None:
    """Deliver what 'gazette notify --workers' left to the workers; run as many as you like, anywhere.

    \b
    Example: GAZETTE_OUTBOX_URL=postgresql://… GAZETTE_SMTP_URL=smtp://… gazette worker
    """
    from gazette.notice.working import work

    office = Office(context.obj())
    with office.ledger() as ledger:
        done = work(office.url, ledger, office.options, office.secrets, burst, concurrency)
    click.echo(f"{done:,} deliveries done")


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
        with desk.recipients(given, item.choose(desk.words), sys.stdin) as people, _counting(item.notice) as count:
            hooks = desk.webhook(item.messages[0].language)
            snapshot = ledger.make(
                item.notice, office.settings.day, _now(), item.stored, chain(people, hooks), item.content.required,
                item.content.page, _now(), workers, count,
            )  # fmt: skip
        if snapshot is None:
            click.echo(f"{_titled(item.notice)}: made by another notifier meanwhile")
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
        click.echo(f"{_titled(item.notice)}: {snapshot.recipients:,} recipients" + _bracketed(extras))
        for bad in ledger.bad_rows(snapshot.made.id)[:BAD_ROWS_SHOWN]:
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
    with _progress(notifier, ledger):
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
    if turns and min(turns) > _now():
        click.echo(f"some wait until {_clock_time(min(turns))}: run 'gazette notify' then, or with --until-done")


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
            f"{_titled(notice)}: would go to {kinds[False]:,} recipients, whoever is named again once" + _bracketed(bad)
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
        for path in write_preview(item.notice, item.messages, desk.words, office.options, folder):
            click.echo(str(path))
    if to:
        item = prepared[0]
        reply = send_sample(item.notice, item.messages, desk.words, office.options, office.secrets, _address(to))
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


def _address(given: str) -> str:
    from email_validator import EmailNotValidError

    from gazette.notice.recipients import normalised

    try:
        return normalised(given)
    except EmailNotValidError as error:
        raise UsageError(f"{given}: {error}", "correct the address") from None


@contextmanager
def _counting(notice: Notice) -> Iterator[Callable[[int], None]]:
    """A progress line for the snapshot, on a terminal."""
    if not sys.stderr.isatty():
        yield lambda number: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed:,} recipients"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(_titled(notice))
        yield lambda number: progress.update(task, completed=number)


@contextmanager
def _progress(notifier: Notifier, ledger: Ledger) -> Iterator[None]:
    """A progress bar for each notice, on a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks = {
            made.id: bars.add_task(_titled(made.notice), total=ledger.counts(made.id).waiting)
            for made in notifier.waiting()
        }

        def advance(made: MadeNotice, attempt: object) -> None:
            if made.id in tasks and getattr(attempt, "state", "") != "queued":
                bars.advance(tasks[made.id])

        notifier.progress = advance
        yield


def _titled(notice: Notice) -> str:
    return f"{notice.policy} {notice.label}: {notice.kind}, effective {notice.effective}"


def _bracketed(parts: list[str]) -> str:
    return f" ({', '.join(parts)})" if parts else ""


def _bar(done: int, total: int, width: int = 30) -> str:
    filled = round(width * done / total) if total else width
    return "[" + "#" * filled + "-" * (width - filled) + "]"


def _clock_time(moment: int) -> str:
    from gazette.notice.model import instant

    return f"{instant(moment).astimezone():%Y-%m-%d %H:%M}"


def _now() -> int:
    return round(time.time() * 1000)


__all__ = ["ContentError", "notify", "suppress", "unsuppress", "worker"]
