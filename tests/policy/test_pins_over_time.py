"""Whatever editors do with git, after `verify --repair` and a commit a fresh clone has every published text."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from gazette.policy import verification
from tests.policy.sites import Site, git


class Editors:
    """Edits, releases and git's commands in an order drawn by chance; remembers what was published."""

    def __init__(self, site: Site, seed: int) -> None:
        self.site, self.chance = site, random.Random(seed)
        self.published: dict[str, list[str]] = {}
        self.words = 0

    def edit(self) -> None:
        self.words += 1
        count = self.chance.randint(1, 3)
        bodies = [f"Section {n}." if self.chance.random() < 0.5 else f"Words {self.words}." for n in range(count)]
        self.site.write(*bodies)

    def release(self) -> None:
        self.edit()
        label = f"v{len(self.published) + 1}"
        self.site.record(label, sequence=len(self.published) + 1)
        text = self.site.one().text
        assert text is not None
        self.published[label] = [section.body for section in text.sections]
        if self.chance.random() < 0.7:
            self.site.commit(label)

    def squash(self) -> None:
        self.site.commit("before the branch")
        git(self.site.root, "checkout", "-q", "-b", "branch")
        for _ in range(self.chance.randint(1, 3)):
            self.release()
        self.site.commit("branch")
        git(self.site.root, "checkout", "-q", "main")
        git(self.site.root, "merge", "-q", "--squash", "branch")
        git(self.site.root, "commit", "-q", "--allow-empty", "-m", "squashed")
        git(self.site.root, "branch", "-q", "-D", "branch")

    def amend(self) -> None:
        git(self.site.root, "add", "--all")
        git(self.site.root, "commit", "-q", "--amend", "--allow-empty", "-m", "amended")

    def rename(self) -> None:
        self.site.commit("before the move")
        name = f"terms-{self.chance.randint(0, 99)}"
        if not (self.site.content / name).exists():
            git(self.site.root, "mv", f"content/{self.site.policy}", f"content/{name}")
            self.site.policy = name

    def collect(self) -> None:
        git(self.site.root, "reflog", "expire", "--expire=now", "--all")
        git(self.site.root, "gc", "-q", "--prune=now")

    def step(self) -> None:
        steps: list[Callable[[], None]] = [self.edit, self.release, self.release, self.squash, self.amend, self.rename]
        self.chance.choice(steps)()


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 40))])
def test_a_fresh_clone_has_every_published_text(tmp_path: Path, seed: int) -> None:
    site = Site.create(tmp_path / "site")
    site.commit("empty")
    editors = Editors(site, seed)
    editors.release()
    for number in range(8):
        editors.step()
        verification.repair(site.pins(), site.read()[0], site.day)
        assert verification.verify(site.pins(), site.read()[0]) == ()
        site.commit("repaired")
        editors.collect()
        clone = tmp_path / f"clone-{number}"
        git(tmp_path, "clone", "-q", f"file://{site.root}", str(clone))
        fresh = site.at(clone)
        policy = fresh.one()
        texts = fresh.pins().texts(policy)
        assert {label: [s.body for s in text.sections] for label, text in texts.items()} == editors.published
        assert verification.verify(fresh.pins(), [policy]) == ()
