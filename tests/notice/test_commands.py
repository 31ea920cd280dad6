"""The commands as an operator types them, on a real site, with a real web server and a real mail server."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gazette.cli import main
from tests.notice.sink import Sink
from tests.notice.site import make_site, published
from tests.notice.test_web import Site

Run = Callable[..., Result]


@pytest.fixture
def web() -> Iterator[Site]:
    made = Site()
    made.pages = published()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink(keep=True) as made:
        yield made


@pytest.fixture
def root(tmp_path: Path, web: Site) -> Path:
    return make_site(tmp_path / "site", web.url + "/")


@pytest.fixture
def gazette(root: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on a day (`on`), with the relay and nothing else in the environment."""
    import os

    for name in [name for name in os.environ if name.startswith("GAZETTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GAZETTE_SMTP_URL", f"smtp://127.0.0.1:{sink.port}?tls=none")
    monkeypatch.setattr("signal.signal", lambda *_: None)

    def run(*arguments: str, on: str = "2026-03-02", stdin: str = "") -> Result:
        return CliRunner().invoke(
            main, ["-f", str(root / "mkdocs.yml"), *arguments], env={"GAZETTE_DAY": on}, input=stdin
        )

    return run


@pytest.fixture
def ledger(gazette: Run) -> None:
    result = gazette("notify", "init", on="2026-01-15")
    assert result.exit_code == 0
    assert "made the ledger" in result.output


def test_without_a_ledger_nobody_is_told(gazette: Run, sink: Sink, root: Path) -> None:
    result = gazette("notify")
    assert result.exit_code == 2
    assert "no ledger at" in result.output
    assert "gazette notify init" in result.output
    assert not list(root.glob("*.sqlite"))
    assert not sink.accepted


@pytest.mark.usefixtures("ledger")
def test_a_material_version_is_announced_once(gazette: Run, sink: Sink) -> None:
    first = gazette("notify")
    assert first.exit_code == 0, first.output
    assert "3 recipients (named again: 1, rows kept apart: 1)" in first.output
    assert "recipients:4: nobody: " in first.output
    assert "sent 3" in first.output
    assert sorted(sink.counts) == ["ana@example.com", "ben@example.com", "carl@example.com"]
    portuguese = next(item.message for item in sink.accepted if item.recipient == "ana@example.com")
    assert b"Content-Language: pt" in portuguese
    assert "no new notice is due" in gazette("notify").output
    assert sink.doubles == 0
    reminder = gazette("notify", on="2026-03-26")
    assert "reminder" in reminder.output
    assert len(sink.accepted) == 6


@pytest.mark.usefixtures("ledger")
def test_a_dry_run_leaves_no_trace(gazette: Run, sink: Sink) -> None:
    result = gazette("notify", "--dry-run")
    assert result.exit_code == 0
    assert "would go to 4 recipients" in result.output
    assert not sink.accepted
    assert "no notice was made yet" in gazette("notify", "status").output


@pytest.mark.usefixtures("ledger")
def test_what_is_not_published_is_not_announced(gazette: Run, sink: Sink, web: Site) -> None:
    web.pages.clear()
    result = gazette("notify")
    assert result.exit_code == 1
    assert "nothing was sent: publish the site" in result.output
    assert "no notice was made yet" in gazette("notify", "status").output
    web.pages = published()
    assert "sent 3" in gazette("notify", "--wait", "5s").output


@pytest.mark.usefixtures("ledger")
def test_status_and_report_show_who_was_told(gazette: Run) -> None:
    gazette("notify", "--max", "1")
    status = gazette("notify", "status").output
    assert "1 of 3" in status
    assert "queued 2" in status
    assert gazette("notify", "resume").exit_code == 0
    rows = list(csv.DictReader(io.StringIO(gazette("notify", "report").output)))
    assert {row["state"] for row in rows} == {"sent"}
    assert {row["reply"] for row in rows} == {"2.0.0 ok: queued as Q1"}
    data = json.loads(gazette("notify", "report", "--format", "json", "--version", "2026-03-01").output)
    assert [row["address"] for row in data] == [row["address"] for row in rows]


@pytest.mark.usefixtures("ledger")
def test_who_is_suppressed_hears_nothing(gazette: Run, sink: Sink, tmp_path: Path) -> None:
    assert gazette("suppress", "BEN@example.com", "--note", "asked").exit_code == 0
    exported = gazette("suppress", "--export").output
    (tmp_path / "left.csv").write_text(exported.replace("ben@", "carl@"))
    assert "1 of 1 are new" in gazette("suppress", "--from", str(tmp_path / "left.csv")).output
    assert "1 suppressions removed" in gazette("unsuppress", "carl@example.com").output
    assert "suppressed: 1" in gazette("notify").output
    assert sorted(sink.counts) == ["ana@example.com", "carl@example.com"]
    assert gazette("suppress", "nobody").exit_code == 2
    assert gazette("suppress").exit_code == 2


def test_a_version_older_than_the_ledger_waits_for_a_person(gazette: Run, sink: Sink) -> None:
    gazette("notify", "init", on="2026-03-10")
    result = gazette("notify", on="2026-03-11")
    assert "--including 2026-03-01 tells them" in result.output
    assert not sink.accepted
    assert "sent 3" in gazette("notify", "--including", "2026-03-01", on="2026-03-11").output
    assert gazette("notify", "--including", "1999-01-01").exit_code == 2


def test_a_preview_needs_no_ledger_and_a_sample_goes_to_one_address(gazette: Run, sink: Sink, tmp_path: Path) -> None:
    result = gazette("notify", "--preview", str(tmp_path / "out"), "--to", "me@example.com")
    assert result.exit_code == 0, result.output
    assert len(list((tmp_path / "out").glob("*.eml"))) == 5
    assert set(sink.counts) == {"me@example.com"}
    html = next((tmp_path / "out").glob("*.en.html")).read_text()
    assert "Your rights &amp; choices" in html
    text = next((tmp_path / "out").glob("*.en.txt")).read_text()
    assert "- Who we share with (new heading" in text
    assert "- Old part (removed)" in text


@pytest.mark.usefixtures("ledger")
def test_the_list_may_come_from_standard_input_or_another_file(gazette: Run, sink: Sink, tmp_path: Path) -> None:
    result = gazette("notify", "--recipients", "-", stdin="email\nzoe@example.com\n")
    assert result.exit_code == 0, result.output
    assert set(sink.counts) == {"zoe@example.com"}
    missing = gazette("notify", "--dry-run", "--recipients", str(tmp_path / "none.csv"), on="2026-03-26")
    assert missing.exit_code == 2
    assert "cannot be read" in missing.output


@pytest.mark.usefixtures("ledger")
def test_an_endless_address_and_a_name_with_headers_in_it_harm_nobody(gazette: Run, sink: Sink, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    endless, eve = "x" * 288 + "@example.com", '"Eve\r\nBcc: all@example.com\r\n\r\nHello"'
    people.write_text(f"address,name\n{endless},A\neve@example.com,{eve}\nben@example.com,Ben\n", newline="")
    result = gazette("notify", "--recipients", str(people))
    assert result.exit_code == 0, result.output
    assert "2 recipients (rows kept apart: 1)" in result.output
    assert sorted(sink.counts) == ["ben@example.com", "eve@example.com"]
    message = next(item.message for item in sink.accepted if item.recipient == "eve@example.com")
    assert b"\nBcc:" not in message


@pytest.mark.usefixtures("ledger")
def test_a_list_that_changes_between_two_runs_does_not_change_the_notice(gazette: Run, sink: Sink, root: Path) -> None:
    gazette("notify", "--max", "1")
    (root / "people.csv").write_text("address\nlate@example.com\n")
    gazette("notify")
    assert sorted(sink.counts) == ["ana@example.com", "ben@example.com", "carl@example.com"]


@pytest.mark.usefixtures("ledger")
def test_a_relay_that_refuses_us_is_an_error_and_everyone_waits(gazette: Run, sink: Sink) -> None:
    sink.fault = lambda sink, session, stage, recipient: "550 5.7.1 no" if stage == "mail" else None
    result = gazette("notify")
    assert result.exit_code == 1
    assert "refuses mail from us: 550 5.7.1 no" in result.output
    sink.fault = lambda *_: None
    assert "sent 3" in gazette("notify", "resume").output


@pytest.mark.usefixtures("ledger")
def test_a_template_that_fails_sends_nothing(gazette: Run, sink: Sink, root: Path) -> None:
    config = (root / "mkdocs.yml").read_text()
    (root / "mkdocs.yml").write_text(config.replace("recipients:", "templates: mails\n      recipients:"))
    (root / "mails").mkdir()
    (root / "mails" / "notice.html").write_text("{{ nonsense }}")
    result = gazette("notify")
    assert result.exit_code == 1
    assert "notice.html:1: the template fails" in result.output
    assert not sink.accepted


@pytest.mark.usefixtures("ledger")
def test_reconciling_and_bounces_are_commands_too(gazette: Run, tmp_path: Path) -> None:
    gazette("notify")
    log = tmp_path / "mail.log"
    log.write_text("nothing of ours\n")
    assert "0 unknown deliveries settled" in gazette("notify", "reconcile", "--log", str(log)).output
    (tmp_path / "box").mkdir()
    assert "0 reports" in gazette("notify", "bounces", str(tmp_path / "box")).output


@pytest.mark.usefixtures("ledger")
def test_workers_need_a_shared_ledger(gazette: Run) -> None:
    for command in (["notify", "--workers"], ["worker", "--burst"]):
        result = gazette(*command)
        assert result.exit_code == 2
        assert "workers need a ledger on PostgreSQL" in result.output


def test_no_output_ever_shows_a_secret(gazette: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAZETTE_SMTP_URL", "smtp://me:hunter2@127.0.0.1:1?tls=none")
    monkeypatch.setenv("GAZETTE_OUTBOX_URL", "postgresql://me:hunter2@127.0.0.1:1/x")
    monkeypatch.setenv("GAZETTE_RECIPIENTS_URL", "postgresql+psycopg://me:hunter2@127.0.0.1:1/x")
    commands = (
        ["notify"],
        ["notify", "init"],
        ["notify", "status"],
        ["notify", "--dry-run"],
        ["worker"],
        ["notify", "--help"],
    )
    for command in commands:
        assert "hunter2" not in gazette(*command).output
