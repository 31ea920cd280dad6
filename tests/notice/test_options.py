"""Settings, and secrets that never show."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gazette.errors import UsageError
from gazette.notice.options import NoticeOptions, outbox_url, read_options, read_secrets, relay, shown, span
from gazette.policy.settings import Settings


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("GAZETTE_")]:
        monkeypatch.delenv(name)


def site(**notices: object) -> Settings:
    return Settings(Path("/site"), Path("/site/content"), date(2026, 3, 1), options={"notices": notices})


@pytest.mark.parametrize(
    ("value", "seconds"), [("90", 90), (90, 90), ("15m", 900), ("4 hours", 14400), ("5 days", 432000), ("1.5 h", 5400)]
)
def test_lengths_of_time_are_written_as_people_do(value: object, seconds: float) -> None:
    assert span(value) == seconds


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"sendr": "x"}, "sendr: is no setting"),
        ({"sender": "nobody"}, "sender: 'nobody' holds no e-mail address"),
        ({"sender": "a@example.com\nBcc: b@example.com"}, "sender"),
        ({"unsubscribe": "javascript:alert(1)"}, "neither an https address nor a mailto"),
        ({"chunk": 1000}, "chunk: Input should be less than or equal to 100"),
        ({"timeout": "soon"}, "timeout: 'soon' is no length of time"),
        ({"smtp_password": "hunter2"}, "smtp_password: is no setting"),
    ],
)
def test_a_wrong_setting_is_named(given: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        read_options(site(**given))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"SMTP_URL": "smtp://me:p%40ss@mail.example.com"}, ("mail.example.com", 587, "starttls", "me", "p@ss")),
        ({"SMTP_URL": "smtps://mail.example.com"}, ("mail.example.com", 465, "tls", "", "")),
        ({"SMTP_URL": "smtp://[::1]:2525?tls=none"}, ("::1", 2525, "none", "", "")),
        (
            {"SMTP_HOST": "mail.example.com", "SMTP_USER": "me", "SMTP_PASSWORD": "pw"},
            ("mail.example.com", 587, "starttls", "me", "pw"),
        ),
        ({"SMTP_HOST": "mail.example.com", "SMTP_TLS": "tls"}, ("mail.example.com", 465, "tls", "", "")),
    ],
)
def test_the_relay_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: tuple[object, ...]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(f"GAZETTE_{name}", value)
    found = relay(read_secrets())
    assert (found.host, found.port, found.tls, found.user, found.password.get_secret_value()) == expected
    if found.user:
        assert str(expected[4]) not in repr(found)


def test_secrets_come_from_a_file_or_a_folder_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    file.write_text("GAZETTE_SMTP_URL=smtp://me:hunter2@mail.example.com\nGAZETTE_SECRET=abc\n")
    monkeypatch.setenv("GAZETTE_SECRETS_FILE", str(file))
    assert relay(read_secrets()).user == "me"
    assert "hunter2" not in repr(read_secrets())
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "gazette_smtp_password").write_text("from a folder")
    monkeypatch.setenv("GAZETTE_SECRETS_FILE", str(folder))
    assert read_secrets().smtp_password.get_secret_value() == "from a folder"
    monkeypatch.setenv("GAZETTE_SMTP_PASSWORD", "the environment wins")
    assert read_secrets().smtp_password.get_secret_value() == "the environment wins"
    monkeypatch.setenv("GAZETTE_SECRETS_FILE", str(tmp_path / "missing"))
    with pytest.raises(UsageError, match="names a file that is not there"):
        read_secrets()


@pytest.mark.parametrize("url", ["mail.example.com", "http://mail.example.com", "smtp://x:y@host:notaport", "smtp://"])
def test_a_wrong_relay_is_told_without_its_password(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("GAZETTE_SMTP_URL", url)
    with pytest.raises(UsageError, match="GAZETTE_SMTP_URL is no mail relay") as caught:
        relay(read_secrets())
    assert "x:y" not in str(caught.value)


def test_a_wrong_value_in_the_environment_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAZETTE_SMTP_PORT", "hunter2")
    with pytest.raises(UsageError, match="GAZETTE_SMTP_PORT") as caught:
        read_secrets()
    assert "hunter2" not in str(caught.value)


def test_the_ledger_is_a_file_beside_the_site_or_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert outbox_url(Path("/site"), NoticeOptions(), read_secrets()) == "sqlite:////site/gazette-outbox.sqlite"
    monkeypatch.setenv("GAZETTE_OUTBOX_URL", "postgres://me:pw@db/gazette")
    url = outbox_url(Path("/site"), NoticeOptions(), read_secrets())
    assert url == "postgresql+psycopg://me:pw@db/gazette"
    assert shown(url) == "postgresql+psycopg://db/gazette"


@pytest.mark.parametrize(
    ("required", "expected"), [(True, True), (False, False), (["privacy"], True), (["terms"], False)]
)
def test_what_the_law_requires_is_named_by_policy(required: object, expected: bool) -> None:
    assert NoticeOptions.model_validate({"required": required}).is_required("privacy") is expected
