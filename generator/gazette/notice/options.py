"""What the operator set: the plugin's option `notices:` (nothing secret), and secrets from the environment or a file.

Secrets never stand in `mkdocs.yml` and never show in an error, a log or `--help`: their values are pydantic's
`SecretStr`, and connection addresses are shown without credentials (`shown`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit, urlunsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SecretsSettingsSource, SettingsConfigDict

from gazette.errors import UsageError
from gazette.policy.settings import Settings

SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d|seconds?|minutes?|hours?|days?)?", re.IGNORECASE)
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
SECRETS_FILE = "GAZETTE_SECRETS_FILE"


def span(value: object) -> float:
    """Seconds from `90`, `15m`, `4 hours`, `5 days`."""
    match = SPAN.fullmatch(str(value).strip())
    if match is None:
        raise ValueError(f"'{value}' is no length of time: write it as '30 s', '15 m', '4 h' or '5 days'")
    return float(match[1]) * SECONDS[(match[2] or "s")[0].lower()]


Span = Annotated[float, BeforeValidator(span)]


class NoticeOptions(BaseModel):
    """`notices:` of the plugin. Lengths of time are seconds or words such as `15m`, `4 hours`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sender: str = ""
    reply_to: str = ""
    bounces: str = ""
    """The envelope's sender; with `verp` its local part also carries the delivery's mark."""
    verp: bool = False
    recipients: str = ""
    """A CSV file, relative to `mkdocs.yml`. A database goes into GAZETTE_RECIPIENTS_URL."""
    recipients_query: str = ""
    reason: str | dict[str, str] = ""
    unsubscribe: str = ""
    required: bool | tuple[str, ...] = False
    organisation: str = ""
    templates: str = ""
    ledger: str = "gazette-outbox.sqlite"
    connections: int = Field(20, ge=1, le=200)
    chunk: int = Field(100, ge=1, le=100)
    rate: float = Field(0, ge=0)
    connection_rate: float = Field(0, ge=0)
    timeout: Span = Field(300, ge=1)
    unknown: Literal["resend", "hold"] = "resend"
    first_retry: Span = Field(300, ge=1)
    longest_retry: Span = Field(4 * 3600, ge=1)
    expire: Span = Field(4 * 86400, ge=1)
    relay_patience: Span = Field(1800, ge=0)
    ledger_patience: Span = Field(120, ge=0)
    lease: Span = Field(120, ge=3)

    @field_validator("sender", "reply_to", "bounces")
    @classmethod
    def _one_address(cls, value: str) -> str:
        if value and ("@" not in parseaddr(value)[1] or re.search(r"[\x00-\x1f\x7f]", value)):
            raise ValueError(f"'{value}' holds no e-mail address: write it as 'Name <address@example.com>'")
        return value

    @field_validator("unsubscribe")
    @classmethod
    def _https_or_mailto(cls, value: str) -> str:
        if value and not re.match(r"(https?://|mailto:)[^\s<>]+$", value):
            raise ValueError(f"'{value}' is neither an https address nor a mailto")
        return value

    def is_required(self, policy: str) -> bool:
        """Whether the law requires notices of `policy`: then an unsubscription does not suppress them."""
        return self.required if isinstance(self.required, bool) else policy in self.required

    def why(self, language: str) -> str:
        """The operator's own words on why people receive notices, in `language` or its parent; else empty."""
        if isinstance(self.reason, str):
            return self.reason
        return self.reason.get(language) or self.reason.get(language.split("-")[0], "")


class Secrets(BaseSettings):
    """What only the environment (`GAZETTE_…`) or the file that GAZETTE_SECRETS_FILE names may hold.

    The file is `NAME=value` by line, as the environment; a folder of one file a value (`/run/secrets`) also works.
    """

    model_config = SettingsConfigDict(env_prefix="GAZETTE_", extra="ignore", frozen=True, hide_input_in_errors=True)

    smtp_url: SecretStr = SecretStr("")
    smtp_host: str = ""
    smtp_port: int = 0
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    smtp_ca_file: str = ""
    outbox_url: SecretStr = SecretStr("")
    recipients_url: SecretStr = SecretStr("")
    secret: SecretStr = SecretStr("")
    webhook_url: SecretStr = SecretStr("")
    webhook_secret: SecretStr = SecretStr("")
    dkim_key_file: str = ""
    dkim_selector: str = ""
    dkim_domain: str = ""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        if isinstance(file_secret_settings, SecretsSettingsSource) and file_secret_settings.secrets_dir is None:
            return init_settings, env_settings, dotenv_settings
        return init_settings, env_settings, dotenv_settings, file_secret_settings


class Relay(BaseModel):
    """The mail relay and how to speak to it. Its `repr` and `name` hold no password."""

    model_config = ConfigDict(frozen=True)

    host: str
    port: int
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    ca_file: str = ""

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"


def read_options(settings: Settings) -> NoticeOptions:
    """The plugin's `notices:`; a UsageError names each wrong key."""
    given = settings.options.get("notices") or {}
    if not isinstance(given, Mapping):
        raise UsageError("the option 'notices' holds no settings", "see docs/reference/notices.md")
    try:
        return NoticeOptions.model_validate({key.replace("-", "_"): value for key, value in given.items()})
    except ValidationError as error:
        raise UsageError(_told(error, "notices"), "see docs/reference/notices.md") from None


def read_secrets() -> Secrets:
    """The secrets of the environment and of GAZETTE_SECRETS_FILE; the environment wins."""
    where = os.environ.get(SECRETS_FILE, "")
    given: dict[str, Any] = {}
    if where and not Path(where).exists():
        raise UsageError(f"{SECRETS_FILE} names a file that is not there: {where}", "correct the path")
    if where:
        given = {"_secrets_dir": where} if Path(where).is_dir() else {"_env_file": where}
    try:
        return Secrets(**given)
    except ValidationError as error:
        raise UsageError(_told(error, "the environment", "GAZETTE_"), "see docs/reference/notices.md") from None


def relay(secrets: Secrets) -> Relay:
    """The relay from GAZETTE_SMTP_URL (`smtp://user:password@host:587`, `smtps://…`) or GAZETTE_SMTP_HOST and the rest.

    `?tls=none` in the URL, or GAZETTE_SMTP_TLS=none, is the only way to speak without TLS.
    """
    url = secrets.smtp_url.get_secret_value()
    if not url:
        if not secrets.smtp_host:
            raise UsageError("no mail relay is set", "set GAZETTE_SMTP_URL or GAZETTE_SMTP_HOST in the environment")
        port = secrets.smtp_port or (465 if secrets.smtp_tls == "tls" else 587)
        return Relay(
            host=secrets.smtp_host,
            port=port,
            tls=secrets.smtp_tls,
            user=secrets.smtp_user,
            password=secrets.smtp_password,
            ca_file=secrets.smtp_ca_file,
        )
    try:
        parts = urlsplit(url)
        port = parts.port or (465 if parts.scheme == "smtps" else 587)
        host = parts.hostname
    except ValueError:
        host = None
    query = parts.query if host else ""
    if not host or parts.scheme not in {"smtp", "smtps"} or query not in {"", "tls=none", "tls=starttls"}:
        raise UsageError("GAZETTE_SMTP_URL is no mail relay", "write it as smtp://user:password@host:587 or smtps://…")
    tls: Literal["starttls", "tls", "none"] = secrets.smtp_tls
    if parts.scheme == "smtps":
        tls = "tls"
    elif query:
        tls = "none" if query == "tls=none" else "starttls"
    return Relay(
        host=host,
        port=port,
        tls=tls,
        user=unquote(parts.username or ""),
        password=SecretStr(unquote(parts.password or "")),
        ca_file=secrets.smtp_ca_file,
    )


def outbox_url(settings_root: Path, options: NoticeOptions, secrets: Secrets) -> str:
    """Where the ledger is: GAZETTE_OUTBOX_URL, else a SQLite file beside `mkdocs.yml` (`notices: ledger`)."""
    url = secrets.outbox_url.get_secret_value()
    if not url:
        return f"sqlite:///{(settings_root / options.ledger).absolute()}"
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def shown(url: str) -> str:
    """A connection address that may be printed: no user, no password, no query."""
    if url.startswith("sqlite:///"):
        return url.removeprefix("sqlite:///")
    parts = urlsplit(url)
    host = parts.hostname or ""
    place = f"{host}:{parts.port}" if parts.port else host
    return urlunsplit((parts.scheme, place, parts.path, "", ""))


def _told(error: ValidationError, where: str, prefix: str = "") -> str:
    """pydantic's findings in one line, without the values, which may be secret."""
    found = []
    for entry in error.errors(include_input=False, include_url=False):
        key = ".".join(str(part) for part in entry["loc"])
        known = (
            "is no setting" if entry["type"] == "extra_forbidden" else str(entry["msg"]).removeprefix("Value error, ")
        )
        found.append(f"{prefix}{key.upper() if prefix else key}: {known}")
    return f"{where}: " + "; ".join(found)
