from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gazette.cli import main
from gazette.policy import verification
from gazette.policy.canonical import digest
from gazette.policy.model import Change, Version
from tests.policy.sites import Site, git


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site on 2024-01-10 with a text and no version; the commands run in its folder."""
    site = Site.create(tmp_path / "site")
    site.write("First words.", "More words.")
    monkeypatch.chdir(site.root)
    monkeypatch.delenv("GAZETTE_DAY", raising=False)
    return site


def _gazette(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def _release(change: str, effective: str = "2024-01-10", *more: str, summary: str = "What changed.\n") -> Result:
    Path("summary.md").write_text(summary)
    return _gazette(
        "release", "terms", "--effective", effective, "--change", change, "--summary-file", "summary.md", *more
    )


def _version(site: Site, label: str) -> Version:
    found = site.one().version(label)
    assert found is not None
    return found


def test_a_release_writes_a_record_that_verifies_before_and_after_its_commit(site: Site) -> None:
    done = _release("initial")
    assert done.output == (
        "terms 2024-01-10: published 2024-01-10, effective 2024-01-10 (initial)\n"
        "wrote content/terms/versions/2024-01-10.md; commit it together with text/\n"
    )
    policy = site.one()
    version = policy.versions[0]
    assert policy.text is not None
    assert version.digest == digest(policy.text)
    assert (version.title, version.summary, version.change) == ("Terms", "What changed.", Change.INITIAL)
    assert _gazette("verify").output == "terms: 1 version, every pin and digest holds\n"
    site.commit()
    assert version.tree == git(site.root, "rev-parse", "HEAD:content/terms/text")
    assert _gazette("verify", "terms").exit_code == 0


def test_without_a_draft_nothing_is_released(site: Site) -> None:
    _release("initial")
    done = _release("minor")
    assert done.exit_code == 2
    assert done.stderr == (
        "gazette: there is no draft: text/ has the words of version '2024-01-10'; change the text first\n"
    )


def test_the_second_version_on_a_day_is_numbered_and_comes_after_the_first(site: Site) -> None:
    _release("initial")
    site.commit()
    site.write("First words, corrected.", "More words.")
    assert _release("editorial").exit_code == 0
    second = _version(site, "2024-01-10.2")
    assert (second.sequence, second.predecessor) == (2, None)
    site.commit()
    site.write("Third.")
    assert _release("minor").exit_code == 0
    assert _version(site, "2024-01-10.3").sequence == 3


def test_the_editor_may_choose_the_label(site: Site) -> None:
    assert _release("initial", "2024-01-10", "--as", "1.0").exit_code == 0
    assert _version(site, "1.0").published == date(2024, 1, 10)
    site.write("Other.")
    assert "there is a version '1.0' already" in _release("minor", "2024-01-10", "--as", "1.0").stderr
    assert "'V1' is not allowed as a label" in _release("minor", "2024-01-10", "--as", "V1").stderr
    assert len(site.one().versions) == 1


def test_a_correction_while_a_version_is_announced_follows_the_one_in_force(site: Site) -> None:
    site.record("2024-01-01")
    site.commit()
    site.write("First words.", "Announced words.")
    assert _release("material", "2024-03-01").exit_code == 0
    site.commit()
    site.write("First words, corrected.", "More words.")
    assert _release("editorial", "2024-01-10").exit_code == 0
    typo = _version(site, "2024-01-10.2")
    assert (typo.predecessor, typo.sequence) == ("2024-01-01", 2)


def test_after_a_withdrawal_the_draft_follows_what_was_not_withdrawn(site: Site) -> None:
    site.record("2024-01-01")
    site.commit()
    site.write("First words.", "Announced words.")
    _release("material", "2024-03-01")
    site.commit()
    record = site.folder / "versions" / "2024-01-10.md"
    record.write_text(
        record.read_text().replace("\n---\nWhat", "\nwithdrawn: {on: 2024-01-10, reason: a slip}\n---\nWhat")
    )
    assert _release("material", "2024-04-01").exit_code == 0
    assert _version(site, "2024-01-10.2").predecessor == "2024-01-01"


REFUSALS: list[tuple[str, tuple[str, ...], str]] = [
    ("the past", ("initial", "2024-01-09"), "--effective 2024-01-09 is before the day of publication, 2024-01-10"),
    ("the first is initial", ("minor",), "this is the first version of a policy, so its change cannot be 'minor'"),
    ("no such date", ("initial", "2024-02-30"), "'2024-02-30' is no day; write it as YYYY-MM-DD"),
    ("no such kind", ("huge",), "'huge' is not one of"),
]


@pytest.mark.parametrize(("arguments", "expected"), [r[1:] for r in REFUSALS], ids=[r[0] for r in REFUSALS])
def test_an_order_that_does_not_fit_is_wrong_use(site: Site, arguments: tuple[str, ...], expected: str) -> None:
    done = _release(*arguments)
    assert done.exit_code == 2
    assert expected in done.stderr
    assert not (site.folder / "versions").exists()


def test_only_the_first_version_is_initial(site: Site) -> None:
    _release("initial")
    site.write("Other.")
    assert "not the first version, so its change cannot be 'initial'" in _release("initial").stderr


def test_a_policy_that_is_not_there_names_the_nearest(site: Site) -> None:
    done = _gazette(
        "release", "term", "--effective", "2024-01-10", "--change", "initial", "--summary-file", "mkdocs.yml"
    )
    assert done.exit_code == 2
    assert done.stderr == "gazette: there is no policy 'term'; did you mean 'terms'?\n"
    assert "did you mean 'terms'?" in _gazette("verify", "term").stderr


@pytest.mark.parametrize("summary", ["", " \n\n"])
def test_an_empty_summary_is_refused(site: Site, summary: str) -> None:
    done = _release("initial", summary=summary)
    assert (done.exit_code, "the summary is empty" in done.stderr) == (2, True)


def test_a_summary_that_is_not_utf_8_has_its_place(site: Site) -> None:
    Path("summary.md").write_bytes(b"ok\ncaf\xe9\n")
    done = _gazette(
        "release", "terms", "--effective", "2024-01-10", "--change", "initial", "--summary-file", "summary.md"
    )
    assert done.exit_code == 1
    assert done.stderr.startswith("summary.md:2: the byte 0xe9 at column 4 is not UTF-8")


def test_problems_of_the_policy_stop_its_release_and_others_do_not(site: Site) -> None:
    other = site.content / "privacy"
    other.mkdir()
    (other / "policy.yml").write_text("title: [\n")
    assert _release("initial").exit_code == 0
    site.write("# A heading of level one", "[x](#nowhere)")
    done = _release("minor")
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "content/terms/text/01-s1.md:5: a heading of level 1: A heading of level one; inside a section headings start "
        "at '###'; a section's own heading is its 'title'",
        "content/terms/text/02-s2.md:5: the link '#nowhere' leads to no section; correct it, or give that place an id: "
        "{#id}",
    ]
    assert [path.name for path in (site.folder / "versions").iterdir()] == ["2024-01-10.md"]


def test_a_text_that_git_ignores_is_not_released(site: Site) -> None:
    (site.root / ".gitignore").write_text("02-*.md\n")
    done = _release("initial")
    assert done.exit_code == 1
    assert "git would store other words" in done.stderr
    assert not (site.folder / "versions").exists()


def test_outside_git_nothing_is_released(site: Site) -> None:
    (site.root / ".git").rename(site.root.parent / "gone")
    done = _release("initial")
    assert (done.exit_code, "is in no git repository; run 'git init'" in done.stderr) == (2, True)


def test_verify_says_what_does_not_hold_and_repairs_it(site: Site) -> None:
    _release("initial")
    site.write("Edited before the commit.")
    done = _gazette("verify")
    assert done.exit_code == 1
    assert "content/terms/versions/2024-01-10.md:6: only this clone has the pinned tree" in done.stderr
    done = _gazette("verify", "--repair")
    assert done.output == (
        "terms 2024-01-10: wrote archive/2024-01-10/\nterms: 1 version, every pin and digest holds\n"
    )
    assert verification.verify(site.pins(), [site.one()]) == ()


def test_verify_does_not_mind_a_draft_that_is_wrong(site: Site) -> None:
    _release("initial")
    site.commit()
    site.write("[x](#nowhere)")
    assert _gazette("verify").exit_code == 0
    (site.folder / "versions" / "broken.md").write_text("---\n")
    done = _gazette("verify")
    assert (done.exit_code, "versions/broken.md:1: the front matter is not closed" in done.stderr) == (1, True)


def test_each_command_has_help_with_an_example() -> None:
    for command in ("status", "verify", "release"):
        done = _gazette(command, "--help")
        assert (done.exit_code, "Example: gazette" in done.output) == (0, True)
