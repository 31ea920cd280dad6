"""`gazette import`, from the command line to the files and to git."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from gazette.policy.git import Repository
from gazette.policy.model import Change, Policy
from gazette.policy.pins import Pins
from gazette.policy.reading import read_policy
from gazette.policy.storing import write_folder

from .conftest import Run
from .texts import HANDED_OVER

FIRST = "# Terms\n\n## One\n\nThe first section says what the service is.\n\n## Two\n\nThe second says what it costs.\n"
SECOND = FIRST.replace("what it costs", "what it costs and when")
THIRD = SECOND.replace("## One", "## The service")


def policy(site: Path, policy_id: str = "terms") -> Policy:
    found, problems = read_policy(site / "content" / policy_id, site)
    assert found is not None
    assert [str(problem) for problem in problems] == []
    pins = Pins.find(site / "content", (found,))
    assert pins.problems(found) == ()
    return found


def git(folder: Path, *arguments: str, day: str = "2020-01-01") -> str:
    identity = ["-c", "user.name=Editor", "-c", "user.email=editor@example.com"]
    command = ["git", *identity, *arguments]
    environment = {
        "GIT_AUTHOR_DATE": f"{day}T12:00:00",
        "GIT_COMMITTER_DATE": f"{day}T12:00:00",
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, env=environment)
    return done.stdout


def history(folder: Path, **texts: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name.strip('_').replace('_', '-')}.md").write_text(text, "utf-8")
    return folder


def test_a_text_becomes_a_policy_in_a_repository_without_a_commit(site: Path, run: Run, tmp_path: Path) -> None:
    source = tmp_path / "privacy.txt"
    source.write_text(HANDED_OVER)
    result = run(source, "--policy", "privacy-policy")
    assert result.exit_code == 0, result.output
    found = policy(site, "privacy-policy")
    assert (found.title, found.language, found.contact) == ("Privacy Policy", "en", "privacy@example.com")
    (version,) = found.versions
    assert (version.label, version.published, version.effective) == ("2022-05-02", date(2022, 5, 2), date(2022, 5, 2))
    assert (version.change, version.imported) == (Change.INITIAL, True)
    assert found.text is not None
    assert [section.id for section in found.text.sections][:2] == ["introduction", "what-we-collect"]
    assert not Repository.find(site).has_commits
    assert "--effective" in result.output  # that it was taken to be the same day is said


def test_files_of_a_folder_are_one_history_in_the_order_of_their_dates(site: Path, run: Run, tmp_path: Path) -> None:
    folder = history(tmp_path / "old", _2021_05_01=SECOND, _2020_03_01=FIRST, _2022_01_01=THIRD)
    (folder / "notes.json").write_text("{}")
    result = run(folder, "--policy", "terms")
    assert result.exit_code == 0, result.output
    found = policy(site)
    assert [(v.label, v.change) for v in found.versions] == [
        ("2020-03-01", Change.INITIAL),
        ("2021-05-01", Change.MINOR),
        ("2022-01-01", Change.MINOR),
    ]
    line = "1 section changed, 1 renamed; 2 words added, 1 removed."
    assert found.versions[2].summary == f"{line} Renamed: *One* → *The service*."
    assert found.text is not None
    assert [section.id for section in found.text.sections] == ["one", "two"]
    assert "notes.json: passed over" in result.output


def test_the_pins_hold_when_git_has_thrown_away_what_no_commit_holds(site: Path, run: Run, tmp_path: Path) -> None:
    run(history(tmp_path / "old", _2021_05_01=SECOND, _2020_03_01=FIRST), "--policy", "terms")
    git(site, "gc", "--quiet", "--prune=now")
    git(site, "prune", "--expire=now")
    policy(site)
    git(site, "add", "-A")
    git(site, "commit", "-qm", "Import the terms")
    policy(site)


def test_equal_days_get_a_sequence_and_equal_texts_stay(site: Path, run: Run, tmp_path: Path) -> None:
    texts = {"1_2020-01-01": FIRST, "2_2020-01-01": SECOND, "3_2020-01-01": SECOND, "4_2020-01-02": FIRST}
    folder = tmp_path / "old"
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text)
    result = run(folder, "--policy", "terms")
    assert [(v.label, v.sequence, v.change) for v in policy(site).versions] == [
        ("2020-01-01", 1, Change.INITIAL),
        ("2020-01-01.2", 2, Change.MINOR),
        ("2020-01-01.3", 3, Change.EDITORIAL),
        ("2020-01-02", 1, Change.MINOR),
    ]
    assert "1 version says the same as the one before" in result.output


@pytest.mark.parametrize(
    ("capture", "why"),
    [
        (b"", "is empty"),
        (b" \n\xef\xbb\xbf", "has no words"),
        (b"\x00\x01\x02\x03" * 100, "is no text"),
        (b"# 404\n\nPage not found", "is no policy but a message"),
        (b"Just a moment...", "is no policy but a message"),
    ],
)
def test_empty_and_broken_captures_are_left_out_and_reported(
    site: Path, run: Run, tmp_path: Path, capture: bytes, why: str
) -> None:
    folder = history(tmp_path / "old", _2020_01_01=FIRST * 9, _2020_01_03=SECOND * 9)
    (folder / "2020-01-02.md").write_bytes(capture)
    result = run(folder, "--policy", "terms")
    assert result.exit_code == 0, result.output
    assert [v.label for v in policy(site).versions] == ["2020-01-01", "2020-01-03"]
    assert f"2020-01-02.md: {why}" in result.output


def test_a_history_in_git_is_followed_through_a_renaming(site: Path, run: Run, tmp_path: Path) -> None:
    repository = tmp_path / "website"
    repository.mkdir()
    git(repository, "init", "-q", "-b", "main")
    steps = [
        ("2020-01-01", "terms.md", FIRST),
        ("2020-02-01", "terms.md", SECOND),
        ("2021-01-01", "legal/ToS.md", SECOND),
        ("2020-12-01", "legal/ToS.md", THIRD),
    ]
    for day, name, text in steps:
        (repository / name).parent.mkdir(exist_ok=True)
        (repository / name).write_text(text)
        if name.startswith("legal") and (repository / "terms.md").exists():
            (repository / "terms.md").unlink()
        git(repository, "add", "-A")
        git(repository, "commit", "-qm", "step", day=day)
    result = run("--git", repository, "--path", "legal/ToS.md", "--policy", "terms")
    assert result.exit_code == 0, result.output
    assert [v.label for v in policy(site).versions] == ["2020-01-01", "2020-02-01", "2020-12-01"]
    assert "was terms.md in earlier commits" in result.output


def test_with_commit_each_version_is_a_commit_and_the_rest_stays(site: Path, run: Run, tmp_path: Path) -> None:
    folder = history(tmp_path / "old", _2021_05_01=SECOND, _2020_03_01=FIRST)
    (site / "staged.txt").write_text("staged")
    git(site, "add", "staged.txt")
    refused = run(folder, "--policy", "terms", "--commit")
    assert refused.exit_code == 2
    assert "git does not know who commits" in refused.output
    assert not (site / "content").exists()
    git(site, "config", "user.name", "Editor")
    git(site, "config", "user.email", "editor@example.com")
    result = run(folder, "--policy", "terms", "--commit")
    assert result.exit_code == 0, result.output
    policy(site)
    assert git(site, "log", "--format=%s").splitlines() == [
        "Terms: version 2021-05-01, imported",
        "Terms: version 2020-03-01, imported",
    ]
    assert git(site, "status", "--porcelain").splitlines() == ["A  staged.txt", "?? mkdocs.yml"]
    assert not (site / "content" / "terms" / "archive").exists()
    assert git(site, "show", "HEAD~1:content/terms/text/02-two.md").endswith("what it costs.\n")
    assert git(site, "for-each-ref").count("\n") == 1


def test_a_dry_run_shows_the_outline_and_writes_nothing(site: Path, run: Run, tmp_path: Path) -> None:
    source = tmp_path / "privacy.txt"
    source.write_text(HANDED_OVER)
    result = run(source, "--policy", "privacy-policy", "--dry-run")
    assert result.exit_code == 0
    assert "  what-we-collect: What we collect\n    Editor\n" in result.output
    assert "names Sentry without a link" in result.output
    assert "nothing was written" in result.output
    assert not (site / "content").exists()


def test_options_win_over_what_the_text_says(site: Path, run: Run, tmp_path: Path) -> None:
    source = tmp_path / "terms.md"
    source.write_text(FIRST)
    said = ["--title", "Conditions", "--language", "pt-BR", "--contact", "https://example.com/ask"]
    result = run(source, "--policy", "terms", "--published", "2020-01-01", "--effective", "2020-02-01", *said)
    assert result.exit_code == 0, result.output
    found = policy(site)
    assert (found.title, found.language, found.contact) == ("Conditions", "pt-BR", "https://example.com/ask")
    assert (found.versions[0].published, found.versions[0].effective) == (date(2020, 1, 1), date(2020, 2, 1))


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["SOURCE", "--policy", "Bad Id"], 2, "'Bad Id' is not allowed as a policy id; call it 'bad-id'"),
        (["SOURCE", "--policy", "search"], 2, "is reserved"),
        (["SOURCE", "--policy", "taken"], 2, "exists already"),
        (["--policy", "terms"], 2, "there is nothing to import"),
        (["SOURCE", "--policy", "terms", "--git", "."], 2, "--git and --path belong together"),
        (
            ["SOURCE", "--policy", "terms", "--published", "2020-01-01", "--published", "2020-01-02"],
            2,
            "2 times for 1 files",
        ),
        (
            ["SOURCE", "--policy", "terms", "--published", "2020-01-02", "--effective", "2020-01-01"],
            2,
            "before the day",
        ),
        (["SOURCE", "--policy", "terms", "--language", "English"], 2, "is no language tag"),
        (["EMPTY", "--policy", "terms"], 1, "is empty; name a text"),
        (["SOURCE", "OTHER", "--policy", "terms"], 1, "has no date, so it cannot be put in order"),
        (["ODD", "--policy", "terms"], 2, "cannot be imported"),
        (["FOLDER", "--policy", "terms"], 2, "there is no text to import"),
        (["--git", "NOWHERE", "--path", "x", "--policy", "terms"], 2, "is in no git repository"),
    ],
)
def test_wrong_use_is_a_message_and_leaves_nothing(
    site: Path, run: Run, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    made = {"SOURCE": "a.md", "OTHER": "b.md", "EMPTY": "empty.md", "ODD": "a.docx", "FOLDER": "f", "NOWHERE": "f"}
    for name, text in (("a.md", FIRST), ("b.md", SECOND), ("empty.md", ""), ("a.docx", "x")):
        (tmp_path / name).write_text(text)
    (tmp_path / "f").mkdir()
    write_folder(site / "content" / "taken", {"policy.yml": b"title: Taken\n"})
    result = run(*[str(tmp_path / made[word]) if word in made else word for word in arguments])
    assert (result.exit_code, words in result.output) == (code, True), result.output
    assert "Traceback" not in result.output
    assert [path.name for path in (site / "content").iterdir()] == ["taken"]


def test_outside_a_repository_it_says_what_to_do(run: Run, site: Path, tmp_path: Path) -> None:
    subprocess.run(["rm", "-rf", str(site / ".git")], check=True)
    source = tmp_path / "a.md"
    source.write_text(FIRST)
    result = run(source, "--policy", "terms")
    assert result.exit_code == 2
    assert "run 'git init'" in result.output


def test_an_interrupted_import_leaves_nothing(
    site: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "a.md"
    source.write_text(FIRST)

    def interrupt(self: Path, data: bytes) -> int:
        if self.name == "policy.yml":
            raise KeyboardInterrupt
        return original(self, data)

    original = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", interrupt)
    assert run(source, "--policy", "terms").exit_code != 0
    assert not list((site / "content").iterdir())


def test_a_series_that_cannot_be_committed_leaves_nothing(
    site: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(site, "config", "user.name", "Editor")
    git(site, "config", "user.email", "editor@example.com")
    (site / ".git" / "HEAD.lock").write_text("")
    result = run(history(tmp_path / "old", _2021_05_01=SECOND), "--policy", "terms", "--commit")
    assert result.exit_code == 1, result.output
    assert not (site / "content" / "terms").exists()


def test_warnings_about_many_versions_are_gathered(site: Path, run: Run, tmp_path: Path) -> None:
    texts = {f"_2020_01_{day:02}": FIRST.replace("costs", f"[costs](#gone-{day})") for day in range(1, 10)}
    folder = history(tmp_path / "old", **texts)
    result = run(folder, "--policy", "terms")
    assert "the same, or nearly so, 7 times more in 7 versions; add --verbose to see each" in result.output
    assert result.output.count("which is not there") == 2
    assert run(folder, "--policy", "again", "--verbose").output.count("which is not there") == 9


def test_a_text_whose_date_nobody_knows_is_dated_today_with_a_warning(site: Path, run: Run, tmp_path: Path) -> None:
    source = tmp_path / "a.md"
    source.write_text(FIRST)
    result = run(source, "--policy", "terms")
    assert "has no date; taken as published on 2026-11-23" in result.output
    assert policy(site).versions[0].label == "2026-11-23"
