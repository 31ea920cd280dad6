"""A year of a policy, played in a repository of its own with the commands that its editors use.

Imported from a text file in January, released five times, moved, corrected while a version is announced, merged by
squash, withdrawn. Then the site is built as of six days of that year.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree

from gazette.cli import main

BIN = Path(sys.executable).parent
ATOM = {"a": "http://www.w3.org/2005/Atom"}
POLICY = "content/privacy-policy"
TEXT = """\
PRIVACY POLICY

Last updated: January 5, 2026

INTRODUCTION

We are Example. This text says what we do with data about you, and for how long we recieve and keep it.

WHAT WE KEEP

We keep your name and your address for 30 days. We do not share them with anyone.

YOUR RIGHTS

You have the right to object. Write to privacy@example.com.
"""


@dataclass
class Year:
    """The repository and the day on which things happen."""

    root: Path
    day: str = "2026-01-05"

    def on(self, day: str) -> Year:
        self.day = day
        return self

    @property
    def environment(self) -> dict[str, str]:
        stamp = f"{self.day}T12:00:00Z"
        names = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _WHO.items()}
        return {
            **os.environ,
            **names,
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "GAZETTE_DAY": self.day,
            "GIT_AUTHOR_DATE": stamp,
            "GIT_COMMITTER_DATE": stamp,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
        }

    def run(self, *command: str, fails: int = 0, stdin: str = "") -> str:
        """Run a command; what it said, on both of its channels."""
        done = subprocess.run(
            command, cwd=self.root, env=self.environment, input=stdin, capture_output=True, text=True, check=False
        )
        said = done.stdout + done.stderr
        assert done.returncode == fails, f"{' '.join(command)}\n{said}"
        return said

    def gazette(self, *arguments: str, fails: int = 0, stdin: str = "") -> str:
        """A command of Gazette, in this process: the year has dozens."""
        with chdir(self.root):
            done = CliRunner(env=self.environment).invoke(main, list(arguments), input=stdin, catch_exceptions=False)
        assert done.exit_code == fails, f"{' '.join(arguments)}\n{done.output}"
        return done.output

    def git(self, *arguments: str) -> str:
        return self.run("git", *arguments).strip()

    def commit(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def edit(self, section: str, old: str, new: str) -> None:
        (path,) = (self.root / POLICY / "text").glob(f"*-{section}.md")
        text = path.read_text()
        assert old in text, text
        path.write_text(text.replace(old, new))

    def release(self, summary: str, *options: str) -> str:
        return self.gazette("release", "privacy-policy", "--summary-file", "-", "--commit", *options, stdin=summary)

    def build(self, day: str, target: Path) -> Path:
        self.on(day).run("mkdocs", "build", "--strict", "--quiet", "--site-dir", str(target))
        return target / "privacy-policy"


_WHO = {"NAME": "Example", "EMAIL": "editor@example.com"}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The whole year, as it happened."""
    root = tmp_path_factory.mktemp("year")
    (root / "privacy.txt").write_text(TEXT)
    year = Year(root / "policies")
    year.root.mkdir()
    begin(year, root / "privacy.txt")
    correct_a_typo(year)
    add_a_sentence(year)
    announce_a_material_change(year)
    move_its_date(year)
    correct_what_is_in_force(year)
    merge_a_release_by_squash(year)
    withdraw_it(year)
    return year


def begin(year: Year, text: Path) -> None:
    """As a new user would: a site from a text, looked at."""
    options = ["--url", "https://policies.example.com/", "--policy", f"privacy-policy={text}"]
    said = year.gazette("init", ".", "--name", "Policies of Example", *options)
    assert "wrote" in said
    policy_file = year.root / POLICY / "policy.yml"
    policy_file.write_text(policy_file.read_text() + "notice:\n  material: 30 days\n  rules: [p2b]\n")
    year.gazette("verify")
    year.commit("Begin with the policy of today")
    assert "nothing is wrong" in year.gazette("check")


def correct_a_typo(year: Year) -> None:
    year.on("2026-02-02").edit("introduction", "recieve", "receive")
    assert "(editorial)" in year.release("A word is spelt correctly.", "--as", "typo")


def add_a_sentence(year: Year) -> None:
    """A minor change: it waits for the 15 days that platforms give their business users."""
    year.on("2026-03-10").edit("your-rights", "Write to", "We answer every letter ourselves and gladly. Write to")
    order = ("release", "privacy-policy", "--change", "minor", "--effective", "2026-03-20", "--summary-file", "-")
    said = year.gazette(*order, fails=1, stdin="How we answer.")
    assert "p2b (Regulation (EU) 2019/1150, Art. 3(2)) asks for 15 full days" in said
    year.release("We now say how letters are answered.", "--change", "minor", "--as", "letters")


def announce_a_material_change(year: Year) -> None:
    """Written by hand, too early; the check says which day is the earliest."""
    year.on("2026-04-01").edit("what-we-keep", "30 days", "60 days")
    order = ("release", "privacy-policy", "--effective", "2026-04-20", "--summary-file", "-")
    assert "too early" in year.gazette(*order, fails=1, stdin="Names are kept for longer.")
    said = year.release("We keep names and addresses for longer.", "--effective", "2026-06-01", "--as", "longer")
    assert "(material)" in said


def move_its_date(year: Year) -> None:
    year.on("2026-04-15").gazette(
        "reschedule", "privacy-policy", "--effective", "2026-07-01", "--reason", "Late letters"
    )
    year.commit("Move the date")
    assert "nothing is wrong" in year.gazette("check")


def correct_what_is_in_force(year: Year) -> None:
    """A correction of the version in force while another is announced, made on a branch from before it."""
    year.on("2026-05-04").git("switch", "--quiet", "--create", "correction", _commit_of(year, "letters"))
    year.edit("introduction", "This text says", "This text tells")
    year.commit("Correct a word")
    year.git("switch", "--quiet", "main")
    year.release("A word is corrected.", "--onto", "letters", "--from", "correction", "--as", "word")
    year.git("branch", "--quiet", "--delete", "--force", "correction")
    year.edit("introduction", "This text says", "This text tells")
    year.commit("Correct the word in the draft too")


def merge_a_release_by_squash(year: Year) -> None:
    """While a release waits for review on its branch, a typo is fixed on main; then the branch is merged by squash."""
    year.on("2026-08-03").git("switch", "--quiet", "--create", "share")
    year.edit("what-we-keep", "We do not share them with anyone.", "We share them with service providers.")
    year.release("Names are shared with those who work for us.", "--effective", "2026-10-01", "--as", "share")
    year.on("2026-08-05").git("switch", "--quiet", "main")
    year.edit("your-rights", "ourselves and gladly", "ourselves, and gladly")
    year.release("A comma.", "--change", "editorial", "--effective", "2026-08-05", "--as", "comma")
    year.on("2026-08-06").git("switch", "--quiet", "share")
    year.git("merge", "--quiet", "--no-edit", "main")
    said = year.gazette("check", "--base", "main", fails=1)
    assert "says it was published on 2026-08-03; today is 2026-08-06" in said
    record = year.root / POLICY / "versions" / "share.md"
    record.write_text(record.read_text().replace("published: 2026-08-03", "published: 2026-08-06"))
    year.run("sed", "-i", "/^text:/d; /^digest:/d", str(record))
    year.gazette("release", "--complete", "--commit")
    assert "nothing is wrong" in year.gazette("check", "--base", "main")
    year.git("switch", "--quiet", "main")
    year.git("merge", "--quiet", "--squash", "share")
    year.commit("Share names with service providers (#1)")
    year.git("branch", "--quiet", "--delete", "--force", "share")
    year.git("-c", "gc.reflogExpire=now", "gc", "--quiet", "--prune=now")
    assert "every pin and digest holds" in year.gazette("verify")
    assert "nothing is wrong" in year.gazette("check", "--base", "HEAD~1")


def withdraw_it(year: Year) -> None:
    year.on("2026-09-01").gazette("withdraw", "privacy-policy", "--reason", "We changed our minds")
    year.commit("Take it back")
    assert "nothing is wrong" in year.gazette("check")


def _commit_of(year: Year, label: str) -> str:
    return year.git("log", "-1", "--format=%H", "--", f"{POLICY}/versions/{label}.md")


def manifest(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / "versions.json").read_text()))


def entries(folder: Path) -> list[str]:
    """The versions in the feed, newest first, by the last part of their address."""
    feed = etree.parse(folder / "feed.xml")
    links = [link.get("href") for link in feed.iterfind("a:entry/a:link", ATOM)]
    return [str(link).rstrip("/").rsplit("/", 1)[1] for link in links]


FIRST = "2026-01-05"


@pytest.mark.parametrize(
    ("day", "in_force", "announced", "feed"),
    [
        ("2026-01-10", FIRST, {}, [FIRST]),
        ("2026-03-12", "typo", {"letters": "2026-03-26"}, ["letters", "typo", FIRST]),
        ("2026-04-10", "letters", {"longer": "2026-06-01"}, ["longer", "letters", "typo", FIRST]),
        ("2026-05-10", "word", {"longer": "2026-07-01"}, ["word", "longer", "letters", "typo", FIRST]),
        (
            "2026-08-20",
            "comma",
            {"share": "2026-10-01"},
            ["share", "comma", "word", "longer", "letters", "typo", FIRST],
        ),
        ("2026-10-02", "comma", {}, ["share", "comma", "word", "longer", "letters", "typo", FIRST]),
    ],
)
def test_the_site_is_true_on_each_day(
    year: Year, tmp_path: Path, day: str, in_force: str, announced: dict[str, str], feed: Sequence[str]
) -> None:
    folder = year.build(day, tmp_path / "site")
    found = manifest(folder)
    versions = {version["label"]: version for version in found["versions"]}  # type: ignore[attr-defined]
    assert found["in_force"] == in_force
    assert {label: versions[label]["effective"] for label in found["announced"]} == announced  # type: ignore[attr-defined]
    assert entries(folder) == list(feed)
    assert set(versions) == set(feed)
    page = (folder / "index.html").read_text()
    days = "60 days" if versions[in_force]["published"] > "2026-07-01" else "30 days"
    assert days in page


def test_what_was_withdrawn_stays_on_show(year: Year, tmp_path: Path) -> None:
    folder = year.build("2026-10-02", tmp_path / "site")
    versions = {version["label"]: version for version in manifest(folder)["versions"]}  # type: ignore[attr-defined]
    assert versions["share"]["withdrawn"] == {"on": "2026-09-01", "reason": "We changed our minds"}
    assert versions["longer"]["rescheduled"] == [
        {"on": "2026-04-15", "effective": "2026-07-01", "reason": "Late letters"}
    ]
    assert versions["word"]["predecessor"] == "letters"
    assert (folder / "versions" / "share" / "index.html").is_file()


def test_a_shallow_clone_says_how_to_mend_it_and_then_builds(year: Year, tmp_path: Path) -> None:
    clone = Year(tmp_path / "clone", "2026-10-02")
    year.run("git", "clone", "--quiet", "--depth=1", f"file://{year.root}", str(clone.root))
    assert "git fetch --unshallow" in clone.gazette("verify", fails=1)
    said = clone.run("mkdocs", "build", "--quiet", fails=1)
    assert "git fetch --unshallow" in said
    clone.git("fetch", "--quiet", "--unshallow")
    assert "every pin and digest holds" in clone.gazette("verify")
    built = clone.build("2026-10-02", tmp_path / "site")
    assert manifest(built)["in_force"] == "comma"


def test_every_version_gets_its_tag(year: Year) -> None:
    year.on("2026-10-02").gazette("tag")
    assert len(year.git("tag", "--list").split()) == 7
    assert "every pin and digest holds" in year.gazette("verify")
