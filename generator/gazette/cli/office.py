"""What the commands on notices share: the site's settings and ledger, how a notice is named, what shows progress."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from gazette.errors import UsageError

if TYPE_CHECKING:
    from gazette.notice.making import Desk
    from gazette.notice.model import MadeNotice, Notice
    from gazette.notice.notifying import Notifier
    from gazette.notice.options import NoticeOptions, Secrets
    from gazette.notice.outbox import Ledger
    from gazette.policy.settings import Settings


SHOWN = 20


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


def leave_when_told() -> None:
    """SIGTERM ends a command that only delivers in good order from its first line on, before it has anything in hand;
    delivery puts its own handler in the place of this one.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def read_address(given: str) -> str:
    from email_validator import EmailNotValidError

    from gazette.notice.recipients import normalised

    try:
        return normalised(given)
    except EmailNotValidError as error:
        raise UsageError(f"{given}: {error}", "correct the address") from None


@contextmanager
def counting(notice: Notice) -> Iterator[Callable[[int], None]]:
    """A progress line for the snapshot, on a terminal."""
    if not sys.stderr.isatty():
        yield lambda number: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed:,} recipients"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(titled(notice))
        yield lambda number: shown.update(task, completed=number)


@contextmanager
def progress(notifier: Notifier, ledger: Ledger) -> Iterator[None]:
    """A progress bar for each notice, on a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks = {
            made.id: bars.add_task(titled(made.notice), total=ledger.counts(made.id).waiting)
            for made in notifier.waiting()
        }

        def advance(made: MadeNotice, attempt: object) -> None:
            if made.id in tasks and getattr(attempt, "state", "") != "queued":
                bars.advance(tasks[made.id])

        notifier.progress = advance
        yield


def titled(notice: Notice) -> str:
    return f"{notice.policy} {notice.label}: {notice.kind}, effective {notice.effective}"


def bracketed(parts: list[str]) -> str:
    return f" ({', '.join(parts)})" if parts else ""


def bar(done: int, total: int, width: int = 30) -> str:
    filled = round(width * done / total) if total else width
    return "[" + "#" * filled + "-" * (width - filled) + "]"


def clock_time(moment: int) -> str:
    from gazette.notice.model import instant

    return f"{instant(moment).astimezone():%Y-%m-%d %H:%M}"


def now() -> int:
    return round(time.time() * 1000)
