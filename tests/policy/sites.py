"""A site on disk for tests: real folders, real git, and the records that a release would write."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gazette.errors import Problem
from gazette.policy.canonical import digest
from gazette.policy.files import record_file, section_file, section_filename, text_from_files
from gazette.policy.git import Repository
from gazette.policy.model import Change, Policy, Section, Version
from gazette.policy.pins import Pins
from gazette.policy.reading import read_policies, working_files
from gazette.policy.settings import Settings

# No identity, and no configuration of whoever runs the tests.
ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")} | {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}
IDENTITY = ("-c", "user.name=Editor", "-c", "user.email=editor@example.com")


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder; its output."""
    command = ["git", *IDENTITY, "-c", "protocol.file.allow=always", *arguments]
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout.strip()


def started_commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list to which the name of each command of git is added that begins from now on."""
    started: list[str] = []
    begin = subprocess.Popen.__init__

    def counted(self: subprocess.Popen[bytes], command: list[str], *given: Any, **options: Any) -> None:
        words = iter(command[1:])
        started.append(next(word for word in words if word != "-c" or not next(words)))  # `-c name=value` before it
        begin(self, command, *given, **options)

    monkeypatch.setattr(subprocess.Popen, "__init__", counted)
    return started


@dataclass
class Site:
    """A folder with `mkdocs.yml` and `content/`; `policy` is the id of the policy that is written to."""

    root: Path
    policy: str = "terms"
    day: date = date(2024, 1, 10)

    @classmethod
    def create(cls, root: Path, *options: str) -> Site:
        root.mkdir(parents=True, exist_ok=True)
        git(root, "init", "-q", "-b", "main", *options)
        site = cls(root)
        (root / "mkdocs.yml").write_text("site_name: Example\nplugins:\n  - gazette:\n      day: 2024-01-10\n")
        site.folder.mkdir(parents=True)
        (site.folder / "policy.yml").write_text("title: Terms\nlanguage: en\n")
        return site

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def folder(self) -> Path:
        return self.content / self.policy

    @property
    def settings(self) -> Settings:
        return Settings(root=self.root, content=self.content, day=self.day)

    def write(self, *bodies: str, policy: str = "") -> None:
        """Make `text/` hold sections `s1`, `s2`… with these bodies."""
        text = (self.content / policy if policy else self.folder) / "text"
        text.mkdir(parents=True, exist_ok=True)
        for old in text.glob("*.md"):
            old.unlink()
        for place, body in enumerate(bodies, 1):
            section = Section(f"s{place}", f"Section {place}", body)
            (text / section_filename(place, section.id)).write_bytes(section_file(section))

    def record(self, label: str, **keys: object) -> Version:
        """Write a record that pins `text/` as it is, the way a release does."""
        with Repository.find(self.root) as repository:
            tree = repository.tree_of_folder(self.folder / "text")
        text, _ = text_from_files(working_files(self.folder))
        published = date.fromisoformat(label[:10]) if label[:2] == "20" else date(2024, 1, 1)
        values: dict[str, object] = {
            "label": label,
            "published": published,
            "effective": published,
            "change": Change.MINOR,
            "title": "Terms",
            "tree": tree,
            "digest": digest(text),
            "summary": f"What {label} changed.",
        } | keys
        version = Version(**values)  # type: ignore[arg-type]
        versions = self.folder / "versions"
        versions.mkdir(exist_ok=True)
        (versions / f"{label}.md").write_bytes(record_file(version))
        return version

    def commit(self, message: str = "change") -> str:
        git(self.root, "add", "--all")
        git(self.root, "commit", "-q", "--allow-empty", "-m", message)
        return git(self.root, "rev-parse", "HEAD")

    def read(self) -> tuple[tuple[Policy, ...], tuple[Problem, ...]]:
        return read_policies(self.settings)

    def one(self) -> Policy:
        """The policy, read afresh; there must be nothing wrong with it."""
        policies, problems = self.read()
        assert not problems, [str(problem) for problem in problems]
        return next(policy for policy in policies if policy.id == self.policy)

    def pins(self) -> Pins:
        return Pins.find(self.content, self.read()[0])

    def at(self, root: Path) -> Site:
        """The same site in another clone or work tree."""
        return Site(root, self.policy, self.day)
