"""A site in a repository without a commit and without an identity, and the command run in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gazette.cli import main
from gazette.policy.git import Repository

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration and no identity of whoever runs the tests."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.useConfigOnly")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "true")
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{who}_NAME", raising=False)
        monkeypatch.delenv(f"GIT_{who}_EMAIL", raising=False)
    monkeypatch.setenv("GAZETTE_DAY", "2026-11-23")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    root.mkdir()
    (root / "mkdocs.yml").write_text("site_name: Example\nplugins:\n  - gazette\n")
    Repository.create(root)
    return root


@pytest.fixture
def run(site: Path) -> Run:
    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, ["-f", str(site / "mkdocs.yml"), "import", *map(str, arguments)])

    return run
