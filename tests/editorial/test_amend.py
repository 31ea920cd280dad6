"""Moving an announced version's date and taking it back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.editorial.site_of import SmallSite, small_site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    site = small_site(tmp_path, monkeypatch).day("2026-03-10")
    site.write("02-what-we-keep", "We keep your name for 60 days and do not share it with anyone.")
    site.record("2026-03-10", change="material", effective="2026-05-01  # a Friday")
    site.commit()
    return site.day("2026-03-12")


def record(site: SmallSite) -> str:
    return (site.policy / "versions" / "2026-03-10.md").read_text()


def test_a_move_is_one_line_in_the_record(site: SmallSite) -> None:
    before = record(site)
    result = site.run(
        "reschedule", "privacy-policy", "--effective", "2026-06-01", "--reason", "It went out late, sorry"
    )
    assert result.exit_code == 0, result.output
    line = "rescheduled: [{on: 2026-03-12, effective: 2026-06-01, reason: 'It went out late, sorry'}]\n"
    assert record(site) == before.replace("---\nYou", line + "---\nYou")
    site.run("reschedule", "privacy-policy", "2026-03-10", "--effective", "2026-07-01")
    assert "sorry'}, {on: 2026-03-12, effective: 2026-07-01}]" in record(site)
    assert site.run("check").output == "nothing is wrong\n"


def test_an_announced_version_is_taken_back(site: SmallSite) -> None:
    result = site.run("withdraw", "privacy-policy", "--reason", "A mistake")
    assert result.exit_code == 0, result.output
    assert "withdrawn: {on: 2026-03-12, reason: A mistake}\n" in record(site)
    assert site.run("check").output == "nothing is wrong\n"
    assert "is withdrawn, no longer announced" in site.run("withdraw", "privacy-policy", "2026-03-10").output


def test_taking_back_a_revision_says_that_what_it_replaced_stays_so_and_how_to_publish_that_again(
    site: SmallSite, tmp_path: Path
) -> None:
    site.write("02-what-we-keep", "We keep your name for 90 days and do not share it with anyone.")
    site.record("2026-03-12", change="material", effective="2026-06-01", replaces="2026-03-10")
    site.commit()
    result = site.run("withdraw", "privacy-policy")
    assert result.exit_code == 0, result.output
    site.commit()
    assert "2026-03-10, which it replaced, stays replaced" in result.output
    command = result.output.rstrip().splitlines()[-1].split()
    assert command[:5] == ["gazette", "release", "privacy-policy", "--effective", "DATE"]
    command[4] = "2026-06-02"
    summary = tmp_path / "summary.txt"
    summary.write_text("The change of 10 March applies after all.\n")
    again = site.day("2026-03-13").run(*command[1:], "--change", "material", "--summary-file", str(summary))
    assert again.exit_code == 0, again.output
    assert "60 days" in (site.policy / "archive/2026-03-13/02-what-we-keep.md").read_text()


@pytest.mark.parametrize(
    ("day", "arguments", "message"),
    [
        ("2026-05-01", ("withdraw", "privacy-policy", "2026-03-10"), "'2026-03-10' is in force, no longer announced"),
        ("2026-05-02", ("reschedule", "privacy-policy", "2026-03-10", "--effective", "2026-06-01"), "is in force"),
        ("2026-05-02", ("withdraw", "privacy-policy"), "no versions of 'privacy-policy' are announced"),
        ("2026-03-12", ("withdraw", "privacy-policy", "2026-03-11"), "did you mean '2026-03-10'"),
        ("2026-03-12", ("withdraw", "terms"), "there is no policy 'terms'"),
        (
            "2026-03-12",
            ("reschedule", "privacy-policy", "--effective", "2026-05-01"),
            "applies from 2026-05-01 already",
        ),
        ("2026-03-12", ("reschedule", "privacy-policy", "--effective", "2026-03-11"), "is in the past"),
        ("2026-03-12", ("reschedule", "privacy-policy", "--effective", "2026-04-10"), "so 2026-04-11 at the earliest"),
    ],
)
def test_what_cannot_be_amended_says_why(site: SmallSite, day: str, arguments: tuple[str, ...], message: str) -> None:
    site.settings(material="30 days")
    before = record(site)
    result = site.day(day).run(*arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert record(site) == before
