"""Small sites in real repositories, for the tests of the editors' commands."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gazette.cli import main
from gazette.policy.canonical import digest
from gazette.policy.files import text_from_files
from gazette.policy.git import Repository

SUMMARY = "You can now ask for a copy of your data."


@dataclass(frozen=True)
class SmallSite:
    """A site with one policy, `privacy-policy`; `day` is the day of every command."""

    root: Path
    monkeypatch: pytest.MonkeyPatch

    @property
    def policy(self) -> Path:
        return self.root / "content" / "privacy-policy"

    def day(self, day: str) -> SmallSite:
        """Make it this day for the commands and for git."""
        self.monkeypatch.setenv("GAZETTE_DAY", day)
        self.monkeypatch.setenv("GIT_AUTHOR_DATE", f"{day}T12:00:00Z")
        self.monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T12:00:00Z")
        return self

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.root, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, message: str = "change") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "--short", "HEAD")

    def run(self, *arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(main, ["-f", str(self.root / "mkdocs.yml"), *arguments], input=stdin)

    def settings(self, **notice: object) -> None:
        """Write `policy.yml` with these keys under `notice:`."""
        lines = [f"  {key}: {value}" for key, value in notice.items()]
        text = "title: Privacy Policy\nlanguage: en\n" + ("notice:\n" + "\n".join(lines) + "\n" if lines else "")
        (self.policy / "policy.yml").write_text(text)

    def write(self, section: str, body: str, title: str = "") -> None:
        """Write a section's file."""
        heading = title or section.split("-", 1)[1].replace("-", " ").capitalize()
        path = self.policy / "text" / f"{section}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\ntitle: {heading}\n---\n\n{body}\n")

    def record(self, label: str, summary: str = SUMMARY, **keys: object) -> Path:
        """Write a record of the working text by hand; keys that are None are left out."""
        folder = self.policy / "text"
        text, _ = text_from_files({path.name: path.read_bytes() for path in folder.glob("*.md")})
        day = os.environ["GAZETTE_DAY"]
        values: dict[str, object] = {
            "published": day,
            "effective": day,
            "change": "minor",
            "title": "Privacy Policy",
            "text": Repository.find(self.root).tree_of_folder(folder),
            "digest": digest(text),
        }
        lines = [f"{key}: {value}" for key, value in {**values, **keys}.items() if value is not None]
        path = self.policy / "versions" / f"{label}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text("---\n" + "\n".join(lines) + f"\n---\n{summary}\n")
        return path

    def propose(self, remote: Path) -> None:
        """Push what there is to a new remote, and begin a branch there that brings a version, as a web editor would."""
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", remote], check=True)
        self.git("remote", "add", "origin", str(remote))
        self.git("push", "--quiet", "origin", "main")
        self.day("2026-03-10").git("switch", "--quiet", "--create", "longer")
        self.write("02-what-we-keep", "We keep your name for 60 days and do not share it with anyone.")
        record = self.policy / "versions" / "2026-03-10.md"
        record.write_text("---\nchange: material\neffective: 2026-05-01\ntext:\n---\nWe keep names for longer.\n")
        self.commit("Keep names for longer")


def small_site(root: Path, monkeypatch: pytest.MonkeyPatch, day: str = "2026-03-01") -> SmallSite:
    """A site with one policy of three sections, published and committed on `day`."""
    for key, value in (("NAME", "Example"), ("EMAIL", "editor@example.com")):
        monkeypatch.setenv(f"GIT_AUTHOR_{key}", value)
        monkeypatch.setenv(f"GIT_COMMITTER_{key}", value)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    root.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", root], check=True)
    (root / "mkdocs.yml").write_text("site_name: Example\nplugins:\n  - gazette\n")
    site = SmallSite(root, monkeypatch).day(day)
    site.write("01-introduction", "We are Example. This text says what we do with data about you.")
    site.write("02-what-we-keep", "We keep your name for 30 days and do not share it with anyone.")
    site.write("03-your-rights", "You have the right to object. Write to [us](mailto:privacy@example.com).")
    site.settings()
    site.record(day, "The first version of this policy.", change="initial")
    site.commit("Publish the first version")
    return site
