"""Making a notice: from what is due to rows in the ledger. The messages are composed, and the page checked, before.

Every language's message is kept in the ledger as composed, so that delivery needs neither the content nor git, on any
machine, and so that what was said can be shown years later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import IO

from gazette.errors import ContentError, Problem, Severity, UsageError
from gazette.notice.compose import Composed, compose
from gazette.notice.content import Content, notice_content
from gazette.notice.due import Told, due
from gazette.notice.model import BadRow, Channel, Kind, Notice, Recipient
from gazette.notice.options import NoticeOptions, Secrets, shown
from gazette.notice.outbox.ledger import StoredMessage
from gazette.notice.outbox.source import from_database
from gazette.notice.recipients import from_csv
from gazette.notice.words import Words, choose, read_words
from gazette.policy import timeline
from gazette.policy.model import Change, Policy, Version
from gazette.policy.pins import Pins
from gazette.policy.reading import read_policies
from gazette.policy.settings import Settings
from gazette.redline import Redline, compare


@dataclass(frozen=True)
class Prepared:
    """A notice ready to be made: what it says, composed in every language."""

    policy: Policy
    content: Content
    messages: tuple[Composed, ...]

    @property
    def notice(self) -> Notice:
        return self.content.notice

    @property
    def stored(self) -> tuple[StoredMessage, ...]:
        return tuple(StoredMessage(m.language, m.content_hash, m.template.to_json()) for m in self.messages)

    def choose(self, words: Mapping[str, Words]) -> Callable[[str], str]:
        """From the language that a recipient asks for to one that the message exists in."""
        return lambda wanted: choose(wanted, self.policy.language, words)


class Desk:
    """Where notices are written: the site's policies, their texts, the operator's settings and templates."""

    def __init__(self, settings: Settings, options: NoticeOptions, secrets: Secrets) -> None:
        self.settings, self.options, self.secrets = settings, options, secrets
        self.templates = settings.root / options.templates if options.templates else None
        if self.templates is not None and not self.templates.is_dir():
            raise UsageError(f"no folder {self.templates} for templates", "correct 'templates' under 'notices:'")
        self.words = read_words(self.templates)
        self.policies = _policies(settings)

    def due(self, told: Told, including: Sequence[str] = ()) -> tuple[Notice, ...]:
        """What is due today. `including` are labels, or `policy/label` where several policies share one."""
        self._known(including)
        return tuple(
            notice
            for policy in self.policies
            for notice in due(policy, self.settings.day, told, _labels(including, policy.id))
        )

    def newest(self) -> tuple[Notice, ...]:
        """An announcement of each policy's newest material version: something to look at where nothing is due."""
        found = []
        for policy in self.policies:
            visible = timeline.visible(policy.versions, self.settings.day)
            material = [v for v in visible if v.change is Change.MATERIAL] or list(visible)
            if material:
                version = material[-1]
                effective = timeline.effective(version, self.settings.day)
                found.append(Notice(policy.id, version.label, Kind.ANNOUNCEMENT, version.published, effective))
        return tuple(found)

    def prepare(self, notice: Notice) -> Prepared:
        """Write the notice in every language. Raises ContentError for a template that fails."""
        self._ready()
        policy = next(policy for policy in self.policies if policy.id == notice.policy)
        required = self.options.is_required(policy.id)
        if not self.options.unsubscribe and not required:
            remedy = (
                "set 'unsubscribe' under 'notices:' to an https address or a mailto, or mark the notices 'required'"
            )
            raise UsageError("notices need a way to unsubscribe", remedy)
        content = notice_content(
            notice, policy, self.settings, lambda old, new: self._redline(policy, old, new),
            self.options.organisation, required,
        )  # fmt: skip
        languages = sorted(self.words)
        messages = tuple(compose(content, self.words[name], self.options, self.templates) for name in languages)
        return Prepared(policy, content, messages)

    @contextmanager
    def recipients(
        self, given: str, choose_language: Callable[[str], str], stdin: IO[str]
    ) -> Iterator[Iterable[Recipient | BadRow]]:
        """The list, streamed: `given` is a file, or `-` for standard input; empty for what the settings say."""
        url = self.secrets.recipients_url.get_secret_value()
        path = given or ("" if url else self.options.recipients)
        if path == "-":
            yield from_csv(stdin, choose_language, "standard input")
        elif path:
            file = Path(path) if given else self.settings.root / path
            try:
                with file.open(encoding="utf-8", errors="surrogateescape", newline="") as opened:
                    yield from_csv(opened, choose_language, str(path))
            except OSError as error:
                raise UsageError(f"{path}: cannot be read: {error.strerror}", "name the list of recipients") from error
        elif url:
            yield from_database(url, self.options.recipients_query, choose_language)
        else:
            remedy = "name a CSV file with --recipients, or set 'recipients' under 'notices:' or GAZETTE_RECIPIENTS_URL"
            raise UsageError("no list of recipients", remedy)

    def webhook(self, language: str) -> tuple[Recipient, ...]:
        """The webhook as one more recipient; its address in the ledger shows no secret."""
        url = self.secrets.webhook_url.get_secret_value()
        return (Recipient(shown(url), "", language, {}, Channel.WEBHOOK),) if url else ()

    def _redline(self, policy: Policy, old: Version, new: Version) -> Redline:
        pins = Pins.find(self.settings.content, (replace(policy, versions=(old, new)),))
        try:
            return compare(pins.text(policy, old), pins.text(policy, new))
        finally:
            if pins.repository is not None:
                pins.repository.close()

    def _ready(self) -> None:
        if not self.options.sender:
            raise UsageError(
                "no sender is set", "set 'sender' under 'notices:' in mkdocs.yml: Name <address@example.com>"
            )

    def _known(self, including: Sequence[str]) -> None:
        for label in including:
            found = (policy.version(name) for policy in self.policies for name in _labels([label], policy.id))
            if not any(found):
                raise UsageError(f"no policy has a version {label}", "name one that 'gazette status' lists")


def told_today(first_day: date | None, today: date) -> Told:
    """What a ledger that was never made would know: for previews and dry runs."""
    return Told(first_day or today)


def _labels(including: Iterable[str], policy: str) -> tuple[str, ...]:
    """The labels of one policy among `label` and `policy/label`."""
    return tuple(
        name.removeprefix(f"{policy}/") for name in including if "/" not in name or name.startswith(policy + "/")
    )


def _policies(settings: Settings) -> tuple[Policy, ...]:
    policies, problems = read_policies(settings)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        raise ContentError(errors)
    if not policies:
        where = str(settings.content)
        raise ContentError([Problem(where, 0, "holds no policy", "add one with 'gazette import'")])
    return policies
