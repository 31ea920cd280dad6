"""A new site: what is written, what is left alone, and that this repository uses the same workflows."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from gazette.cli import main
from gazette.editorial import init
from gazette.editorial.init import INSTALL_SOURCE, NewSite, midnight_cron, workflow_files

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["init", *arguments])


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts[:1])
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_new_site_has_what_it_needs(tmp_path: Path) -> None:
    result = run(str(tmp_path / "policies"), "--timezone", "Europe/Berlin", "--policy", "terms", "--name", "A: B")
    assert result.exit_code == 0, result.output
    found = contents(tmp_path / "policies")
    assert {
        "mkdocs.yml",
        "requirements.txt",
        ".gitattributes",
        ".gitignore",
        "README.md",
        ".github/workflows/check.yml",
        ".github/workflows/publish.yml",
        ".github/workflows/review.yml",
        "content/index.md",
        "content/terms/policy.yml",
        "content/terms/text/01-introduction.md",
    } == set(found)
    settings = yaml.safe_load(found["mkdocs.yml"])
    assert settings["site_name"] == "A: B"
    assert settings["plugins"][1]["gazette"]["timezone"] == "Europe/Berlin"
    assert (tmp_path / "policies" / ".git").is_dir()
    assert b"@" not in found["mkdocs.yml"]


def test_a_new_site_is_light_or_dark_as_the_project_s_own_is(tmp_path: Path) -> None:
    run(str(tmp_path))
    own, new = (yaml.safe_load((folder / "mkdocs.yml").read_text())["theme"] for folder in (ROOT, tmp_path))
    assert new["palette"] == own["palette"]
    assert [choice.get("scheme") for choice in new["palette"]] == [None, "default", "slate"]


def test_a_text_to_begin_with_is_imported_and_what_is_next_is_said_once(tmp_path: Path) -> None:
    source = tmp_path / "privacy.md"
    source.write_text("# Privacy\n\nDated 2026-03-02.\n\n## [What **we** do](#x)\n\nLittle.\n\n## Whom to ask\n\nUs.\n")
    result = run(str(tmp_path / "policies"), "--policy", f"privacy-policy={source}")
    assert result.exit_code == 0, result.output
    assert "what-we-do: What we do\n" in result.output
    assert result.output.count("Next:") == 1


def test_running_it_again_changes_nothing_that_is_there(tmp_path: Path) -> None:
    run(str(tmp_path), "--policy", "terms")
    (tmp_path / "mkdocs.yml").write_text("site_name: Mine\nplugins: [gazette]\n")
    (tmp_path / "content/terms/text/01-introduction.md").rename(tmp_path / "content/terms/text/01-who-we-are.md")
    (tmp_path / "README.md").unlink()
    before = contents(tmp_path)
    result = run(str(tmp_path), "--policy", "terms")
    assert result.exit_code == 0, result.output
    after = contents(tmp_path)
    assert after.pop("README.md")
    assert after == before
    assert f"left {tmp_path}/mkdocs.yml as it is" in result.output


def test_a_site_inside_a_repository_begins_no_other(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    result = run(str(tmp_path / "legal"))
    assert result.exit_code == 0
    assert not (tmp_path / "legal" / ".git").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--policy", "Privacy Policy"), "write 'privacy-policy'"),
        (("--policy", "assets"), "an address of the site itself"),
        (("--policy", "terms=absent.txt"), "there is no file absent.txt"),
        (("--timezone", "Europe/Nowhere"), "names no time zone"),
    ],
)
def test_wrong_use_writes_nothing(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    result = run(str(tmp_path / "new"), *arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("timezone", "cron"),
    [
        ("UTC", "7 0 * * *"),
        ("Europe/Berlin", "7 22,23 * * *"),
        ("America/Sao_Paulo", "7 3 * * *"),
        ("Asia/Kolkata", "37 18 * * *"),
        ("Pacific/Kiritimati", "7 10 * * *"),
    ],
)
def test_the_site_is_published_shortly_after_midnight_where_it_lives(timezone: str, cron: str) -> None:
    assert midnight_cron(timezone) == cron


def test_the_workflows_of_this_repository_are_those_of_a_new_site() -> None:
    site = NewSite("Gazette", timezone="America/Sao_Paulo", install=INSTALL_SOURCE)
    for path, data in workflow_files(site).items():
        assert (ROOT / path).read_bytes() == data, path


def test_every_template_is_used() -> None:
    folder = Path(init.__file__).parent / "files"
    templates = {path.name for path in folder.iterdir()}
    plain = {"mkdocs.yml", "index.md", "gitattributes", "gitignore", "requirements.txt", "README.md", "policy.yml"}
    assert templates == plain | set(init.WORKFLOWS)
