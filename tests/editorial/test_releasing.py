"""Releasing by proposals, by an editor, onto and in place of other versions, with a commit, and in the browser."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.editorial.site_of import SmallSite, small_site

SUMMARY = "We keep names for longer."


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    for name in ("EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    site = small_site(tmp_path / "site", monkeypatch).day("2026-03-10")
    monkeypatch.chdir(site.root)
    return site


def longer(site: SmallSite, days: int = 60) -> None:
    site.write("02-what-we-keep", f"We keep your name for {days} days and do not share it with anyone.")


def typo(site: SmallSite) -> None:
    site.write("01-introduction", "We are Example. This text tells what we do with data about you.")


def front(site: SmallSite, label: str) -> dict[str, object]:
    text = (site.policy / "versions" / f"{label}.md").read_text()
    return dict(yaml.safe_load(text.split("---\n")[1]))


def release(site: SmallSite, *arguments: str, summary: str = SUMMARY) -> str:
    result = site.run("release", "privacy-policy", "--summary-file", "-", *arguments, stdin=summary)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_kind_of_change_and_the_earliest_date_are_proposed(site: SmallSite) -> None:
    site.settings(material="30 days", rules="[p2b]")
    longer(site)
    output = release(site)
    assert "a period changed, '30 days' → '60 days'" in output
    assert "kind of change: material, as the redline suggests" in output
    assert "effective: 2026-04-09, the earliest permitted day" in output
    record = front(site, "2026-03-10")
    assert (str(record["effective"]), record["change"]) == ("2026-04-09", "material")


def test_a_typo_is_proposed_as_editorial_and_applies_today(site: SmallSite) -> None:
    typo(site)
    release(site, summary="A word corrected.")
    record = front(site, "2026-03-10")
    assert (str(record["effective"]), record["change"]) == ("2026-03-10", "editorial")


@pytest.mark.parametrize(
    ("arguments", "summary", "message"),
    [
        (("--change", "material", "--effective", "2026-04-08"), SUMMARY, "so 2026-04-09 at the earliest"),
        (("--change", "minor", "--effective", "2026-03-10"), SUMMARY, "declared 'minor', but a period changed"),
        (("--change", "material", "--effective", "2026-04-09"), "Various updates.", "the summary says nothing"),
    ],
)
def test_what_the_check_would_refuse_is_not_written(
    site: SmallSite, arguments: tuple[str, ...], summary: str, message: str
) -> None:
    site.settings(material="30 days")
    longer(site)
    result = site.run("release", "privacy-policy", "--summary-file", "-", *arguments, stdin=summary)
    assert result.exit_code == 1
    assert message in result.output
    assert not (site.policy / "versions" / "2026-03-10.md").exists()


def test_a_reason_why_it_is_not_material_is_kept(site: SmallSite) -> None:
    longer(site)
    release(site, "--change", "minor", "--not-material", "It was 60 days all along")
    assert front(site, "2026-03-10")["not_material"] == "It was 60 days all along"


def test_the_editor_opens_on_an_outline_that_is_not_published(
    site: SmallSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    longer(site)
    script = tmp_path / "editor.py"
    script.write_text(
        "import pathlib, sys\n"
        "path = pathlib.Path(sys.argv[1]); text = path.read_text()\n"
        f"pathlib.Path({str(tmp_path / 'seen')!r}).write_text(text)\n"
        "path.write_text('We keep names for **longer**.\\n' + text)\n"
    )
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    result = site.run("release", "privacy-policy", "--change", "material", "--effective", "2026-05-01")
    assert result.exit_code == 0, result.output
    seen = (tmp_path / "seen").read_text()
    assert "Compared with 2026-03-01: 1 section changed" in seen
    assert "- What we keep: reworded" in seen
    assert "- strong: a period changed, '30 days' → '60 days'" in seen
    record = (site.policy / "versions" / "2026-03-10.md").read_text()
    assert record.endswith("---\nWe keep names for **longer**.\n")


def test_without_a_summary_or_an_editor_it_says_what_to_give(site: SmallSite) -> None:
    longer(site)
    result = site.run("release", "privacy-policy", "--change", "material", "--effective", "2026-05-01")
    assert result.exit_code == 2
    assert "give --summary-file FILE, or set EDITOR" in result.output


def test_text_and_record_are_committed_together_and_nothing_else(site: SmallSite) -> None:
    longer(site)
    (site.root / "notes.txt").write_text("mine")
    site.git("add", "notes.txt")
    output = release(site, "--commit")
    assert "committed " in output
    files = site.git("show", "--name-only", "--format=%s").splitlines()
    assert files[0].startswith("Release privacy-policy 2026-03-10 (material, from 2026-03-10)")
    assert files[2:] == [
        "content/privacy-policy/text/02-what-we-keep.md",
        "content/privacy-policy/versions/2026-03-10.md",
    ]
    assert site.git("status", "--short") == "A  notes.txt"
    assert site.run("verify").exit_code == 0


def test_who_approved_is_read_from_the_commits(site: SmallSite) -> None:
    longer(site)
    site.commit("Keep names for longer\n\nReviewed-by: A. Counsel <counsel@example.com>\nApproved-by: The board\n")
    release(site)
    assert front(site, "2026-03-10")["approved_by"] == ["A. Counsel", "The board"]


def test_who_approved_can_be_said(site: SmallSite) -> None:
    longer(site)
    release(site, "--approved-by", "A. Counsel", "--comment-until", "2026-03-20", "--effective", "2026-05-01")
    record = front(site, "2026-03-10")
    assert (record["approved_by"], str(record["comment_until"])) == (["A. Counsel"], "2026-03-20")


def announce(site: SmallSite) -> None:
    longer(site)
    release(site, "--as", "december", "--effective", "2026-12-01", "--commit")
    site.day("2026-03-20")


def test_a_correction_is_released_onto_the_version_in_force_from_a_folder(site: SmallSite, tmp_path: Path) -> None:
    announce(site)
    corrected = tmp_path / "corrected"
    corrected.mkdir()
    site.git("archive", "--output", str(tmp_path / "text.tar"), "main~1:content/privacy-policy/text")
    subprocess.run(["tar", "-xf", tmp_path / "text.tar", "-C", corrected], check=True)
    first = corrected / "01-introduction.md"
    first.write_text(first.read_text().replace("This text says", "This text tells"))
    output = release(site, "--onto", "2026-03-01", "--from", str(corrected), summary="A word corrected.")
    assert "wrote content/privacy-policy/versions/2026-03-20.md and content/privacy-policy/archive" in output
    record = front(site, "2026-03-20")
    assert (record["predecessor"], record["change"]) == ("2026-03-01", "editorial")
    assert "60 days" in (site.policy / "text" / "02-what-we-keep.md").read_text()
    assert site.run("verify").exit_code == 0, site.run("verify").output
    site.commit()
    result = site.run("check", "--base", "HEAD~1")
    assert result.exit_code == 0
    assert "its correction is lost when 'december' applies" in result.output


def test_a_correction_is_released_from_a_branch(site: SmallSite) -> None:
    announce(site)
    site.git("switch", "--quiet", "--create", "correction", "main~1")
    typo(site)
    site.commit("correct a word")
    site.git("switch", "--quiet", "main")
    release(site, "--onto", "2026-03-01", "--from", "correction", "--commit", summary="A word corrected.")
    assert site.run("verify").exit_code == 0
    assert site.git("status", "--short") == ""
    site.git("branch", "--quiet", "-D", "correction")
    site.git("-c", "gc.reflogExpire=now", "gc", "--quiet", "--prune=now")
    assert site.run("verify").exit_code == 0, site.run("verify").output


def test_the_working_text_is_not_released_as_a_correction_of_what_is_in_force(site: SmallSite) -> None:
    announce(site)
    typo(site)
    result = site.run(
        "release", "privacy-policy", "--summary-file", "-", "--effective", "2026-03-20", "--change", "editorial",
        "--onto", "2026-03-01", stdin="A word corrected.",
    )  # fmt: skip
    assert result.exit_code == 1
    assert "contains the wording of 'december', announced for 2026-12-01" in result.output


def test_an_announced_version_is_revised(site: SmallSite) -> None:
    announce(site)
    longer(site, 45)
    release(site, "--replaces", "december", "--effective", "2026-11-01")
    assert front(site, "2026-03-20")["replaces"] == "december"
    assert site.run("check").output == "nothing is wrong\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("release",), "which policy is not said"),
        (("release", "privacy-policy", "--push"), "give --commit too"),
        (("release", "privacy-policy", "--onto", "nowhere"), "has no version 'nowhere'"),
        (("release", "privacy-policy", "--onto", "a", "--replaces", "b"), "give one of them"),
        (("release", "privacy-policy", "--from", "nowhere"), "neither a folder nor a revision"),
        (("release", "privacy-polic"), "did you mean 'privacy-policy'"),
    ],
)
def test_wrong_use_says_what_to_do(site: SmallSite, arguments: tuple[str, ...], message: str) -> None:
    result = site.run(*arguments)
    assert result.exit_code == 2
    assert message in result.output


def test_a_record_written_in_the_browser_is_completed(site: SmallSite) -> None:
    site.settings(material="30 days")
    longer(site)
    path = site.policy / "versions" / "next.md"
    path.write_text("---\nchange: material  # agreed on Monday\ntext:\n---\nWe keep names for longer.\n")
    site.commit("Release\n\nReviewed-by: A. Counsel <counsel@example.com>")
    assert site.run("check").exit_code == 1
    result = site.run("release", "--complete", "--commit")
    assert result.exit_code == 0, result.output
    assert (
        "completed content/privacy-policy/versions/next.md: published, effective, title, text, digest" in result.output
    )
    record = front(site, "next")
    assert path.read_text().startswith("---\nchange: material  # agreed on Monday\ntext: ")
    assert (str(record["published"]), str(record["effective"])) == ("2026-03-10", "2026-04-09")
    assert record["approved_by"] == ["A. Counsel"]
    assert site.run("verify").exit_code == 0
    assert site.run("check").output == "nothing is wrong\n"
    assert site.run("release", "--complete").output == "every record has its pin\n"


def test_two_records_cannot_pin_one_text(site: SmallSite) -> None:
    for name in ("one", "two"):
        (site.policy / "versions" / f"{name}.md").write_text("---\nchange: minor\ntext:\n---\nWords.\n")
    result = site.run("release", "--complete")
    assert result.exit_code == 1
    assert "one, two have no pin, and there is one text" in result.output


def test_a_commit_without_an_identity_says_so(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"):
        monkeypatch.delenv(key)
    monkeypatch.setenv("HOME", "/nonexistent")
    site.git("config", "user.useConfigOnly", "true")
    longer(site)
    result = site.run("release", "privacy-policy", "--summary-file", "-", "--commit", stdin=SUMMARY)
    assert result.exit_code == 2
    assert "git does not know who commits" in result.output
