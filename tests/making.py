"""Small sites for tests, made through the real code in a real git repository."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from gazette.policy.canonical import digest
from gazette.policy.files import text_files
from gazette.policy.git import Repository
from gazette.policy.model import Change, Section, Text, Version
from gazette.policy.records import record_file

CONFIG = """\
site_name: Example Policies
site_url: https://policies.example.com/
docs_dir: content
theme: {name: material, font: false}
plugins: [search, gazette]
"""


def text(**sections: str) -> Text:
    """A text: `text(data_use="Words.")` has the section `data-use` with the title "Data use"."""
    return Text(tuple(Section(name.replace("_", "-"), _title(name), body) for name, body in sections.items()))


@dataclass(frozen=True)
class Published:
    """A version to be published. `published` is the effective date where it is not given."""

    label: str
    effective: str
    text: Text
    published: str = ""
    change: Change = Change.MINOR
    summary: str = "What changed, in plain language."
    images: Mapping[str, bytes] = field(default_factory=dict)
    entries: Mapping[str, Any] = field(default_factory=dict)  # other fields of the record


def make_site(
    root: Path, policies: Mapping[str, Sequence[Published]], *, config: str = CONFIG, front: str | None = None
) -> Path:
    """A site in a new repository, committed. Each policy's `text/` is its last version's text."""
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "--quiet", "--initial-branch=main")
    (root / "mkdocs.yml").write_text(config)
    (root / "content").mkdir(exist_ok=True)
    if front is not None:
        (root / "content" / "index.md").write_text(front)
    for policy, versions in policies.items():
        add_policy(root, policy, versions)
    commit(root)
    return root


def add_policy(
    root: Path, policy: str, versions: Sequence[Published], *, language: str = "en", title: str = ""
) -> None:
    """Write a policy's folder, and a record with a pin for each of `versions`."""
    folder = root / "content" / policy
    (folder / "versions").mkdir(parents=True)
    title = title or _title(policy)
    (folder / "policy.yml").write_text(f"title: {title!r}\nlanguage: {language}\ncontact: privacy@example.com\n")
    files = [text_files(one.text, one.images) for one in versions]
    with Repository.find(root) as repository:
        trees = repository.write_trees(files)
    for one, tree in zip(versions, trees, strict=True):
        (folder / "versions" / f"{one.label}.md").write_bytes(record_file(_version(one, title, tree)))
    last = files[-1] if versions else text_files(text(introduction="A draft."))
    for name, data in last.items():
        path = folder / "text" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def commit(root: Path) -> None:
    """Commit everything; objects that only a pin names stay in the repository all the same."""
    git(root, "add", "--all")
    identity = ("-c", "user.name=Example", "-c", "user.email=someone@example.com")
    git(root, *identity, "commit", "--quiet", "--allow-empty", "--message", "Make a site")


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout


def _version(one: Published, title: str, tree: str) -> Version:
    effective = date.fromisoformat(one.effective)
    return Version(
        label=one.label,
        published=date.fromisoformat(one.published) if one.published else effective,
        effective=effective,
        change=one.change,
        title=title,
        tree=tree,
        digest=digest(one.text),
        summary=one.summary,
        **one.entries,
    )


def _title(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()
