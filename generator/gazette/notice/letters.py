"""From a claimed delivery to the envelope that travels: fills the composed message in, in microseconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

from gazette.errors import GazetteError
from gazette.notice.addresses import ascii_address, travelling_address
from gazette.notice.dkim_signing import Signer
from gazette.notice.identity import UnsubscribeTokens, delivery_header, message_id, message_mark
from gazette.notice.model import Claimed, Notice
from gazette.notice.options import NoticeOptions
from gazette.notice.smtp import Envelope
from gazette.notice.template import Template, cleaned, header_address
from gazette.notice.words import FALLBACK


class Letters:
    """The messages of one notice, ready to be filled in. Safe to use from many threads."""

    def __init__(
        self,
        notice: Notice,
        templates: Mapping[str, Template],
        options: NoticeOptions,
        key: bytes,
        secret: str,
        sign: Signer | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if not templates:
            raise GazetteError(f"the ledger holds no message for the notice {notice.key}")
        self._fillers = {language: template.filler() for language, template in templates.items()}
        self._templates = templates
        self._default = FALLBACK if FALLBACK in templates else next(iter(templates))
        self._policy, self._options = notice.policy, options
        self._mark = message_mark(key, notice)
        self._tokens = UnsubscribeTokens(secret or key.hex())
        self._sign, self._clock = sign, clock
        sender = ascii_address(parseaddr(options.sender)[1])
        self._domain = sender.rpartition("@")[2]
        self._envelope_sender = ascii_address(parseaddr(options.bounces)[1]) if options.bounces else sender
        self._date = (0, "")

    def envelope(self, claimed: Claimed) -> Envelope:
        """The envelope and message for one delivery."""
        mark = self._mark(claimed.address)
        language = claimed.language if claimed.language in self._fillers else self._default
        travelling = travelling_address(claimed.address)
        name = cleaned(claimed.name)
        values = {
            "to": header_address(name, travelling),
            "date": self._now(),
            "message_id": message_id(mark, self._domain),
            "delivery": delivery_header(claimed.id, mark),
            "greeting": self._templates[language].greet(name),
            "name": name,
            "address": claimed.address,
        }
        if self._options.unsubscribe:
            values["unsubscribe_url"] = self._unsubscribe_url(claimed.address)
        for key, value in claimed.fields.items():
            values[f"field.{key}"] = value
        message = self._fillers[language](values)
        if self._sign is not None:
            message = self._sign(message)
        return Envelope(self._sender(claimed.id, mark), travelling, message)

    def _sender(self, delivery_id: int, mark: str) -> str:
        if not self._options.verp:
            return self._envelope_sender
        local, _, domain = self._envelope_sender.rpartition("@")
        return f"{local}+{delivery_header(delivery_id, mark)}@{domain}"

    def _unsubscribe_url(self, address: str) -> str:
        where, token = self._options.unsubscribe, self._tokens.make(address, self._policy)
        if "{token}" in where:
            return where.replace("{token}", token)
        joint = "&" if "?" in where else "?"
        if where.startswith("mailto:"):
            return f"{where}{joint}subject={quote('unsubscribe ' + token)}"
        return f"{where}{joint}token={token}"

    def _now(self) -> str:
        second = int(self._clock())
        known, text = self._date
        if known != second:
            text = format_datetime(datetime.fromtimestamp(second, UTC))
            self._date = (second, text)
        return text
