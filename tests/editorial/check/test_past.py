"""What was published stays what it was: records, texts, dates, and the commit that is named."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.editorial.site_of import SmallSite, small_site

RECORD = "content/privacy-policy/versions/2026-03-01.md"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    return small_site(tmp_path, monkeypatch)


def edit(site: SmallSite, old: str, new: str) -> None:
    path = site.root / RECORD
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_site_as_it_was_published_has_no_problem(site: SmallSite) -> None:
    result = site.run("check")
    assert result.exit_code == 0, result.output
    assert result.output == "nothing is wrong\n"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("The first version", "An early version", "the summary changed after it was published (compare commit {c})"),
        ("change: initial", "change: minor", "the kind of change changed after it was published"),
        ("title: Privacy Policy", "title: Policy", "it is 'Privacy Policy' in commit {c}"),
        ("effective: 2026-03-01", "effective: 2026-03-09", "'effective' was 2026-03-01 when it was published"),
        ("published: 2026-03-01", "published: 2026-02-01", "'published' was 2026-03-01 when it was published"),
    ],
)
@pytest.mark.parametrize("how", ["in the work tree", "committed later", "against a base"])
def test_a_record_that_changed_after_publication_fails(
    site: SmallSite, old: str, new: str, message: str, how: str
) -> None:
    commit = site.git("rev-parse", "--short", "HEAD")
    site.day("2026-03-05")
    edit(site, old, new)
    if how == "against a base":
        site.day("2026-03-01")
    if how != "in the work tree":
        site.commit()
    result = site.run("check", *(["--base", commit] if how == "against a base" else []))
    assert result.exit_code == 1
    assert message.format(c=commit) in result.output
    assert f"{RECORD}:" in result.output


def test_a_version_that_is_gone_is_named_with_the_command_that_brings_it_back(site: SmallSite) -> None:
    commit = site.git("rev-parse", "--short", "HEAD")
    site.day("2026-03-05")
    (site.root / RECORD).unlink()
    site.commit("tidy")
    result = site.run("check")
    assert result.exit_code == 1
    assert f"was published (see commit {commit}" in result.output
    command = result.output.split("bring it back: ")[1].splitlines()[0]
    subprocess.run(command.split(), cwd=site.root, check=True)
    again = site.run("check")
    assert again.exit_code == 0, again.output


def test_what_is_amended_before_its_day_is_nobody_elses_business(site: SmallSite) -> None:
    site.day("2026-03-05").write("02-what-we-keep", "We keep your name for 30 days, and share it with nobody.")
    site.record("2026-04-01", published="2026-04-01", effective="2026-04-01")
    site.commit("prepare")
    site.day("2026-03-07").record(
        "2026-04-01", "We now say it plainly.", published="2026-04-01", effective="2026-04-02"
    )
    site.commit("prepare better")
    site.day("2026-04-03")
    assert site.run("check").output == "nothing is wrong\n"


def test_a_move_of_the_date_and_a_withdrawal_are_entries_of_today(site: SmallSite) -> None:
    site.day("2026-03-05").write("02-what-we-keep", "We keep your name for 20 days and do not share it with anyone.")
    path = site.record("2026-03-05", effective="2026-05-01", change="material")
    site.commit()
    original = path.read_text()
    site.day("2026-03-10")
    path.write_text(
        original.replace("\n---\nYou", "\nrescheduled: [{on: 2026-03-10, effective: 2026-06-01}]\n---\nYou")
    )
    assert site.run("check").output == "nothing is wrong\n"
    site.commit()
    site.day("2026-03-11")
    path.write_text(path.read_text().replace("2026-06-01", "2026-07-01"))
    assert "an entry of 'rescheduled' changed or went" in site.run("check").output
    path.write_text(
        original.replace("\n---\nYou", "\nrescheduled: [{on: 2026-03-09, effective: 2026-06-01}]\n---\nYou")
    )
    assert "is dated 2026-03-09, in the past" in site.run("check", "--base", "HEAD~1").output


def test_another_pin_to_the_same_words_is_no_change(site: SmallSite) -> None:
    text = (site.root / RECORD).read_text()
    tree = text.split("text: ")[1].split("\n")[0]
    folder = site.policy / "text"
    (folder / "01-introduction.md").write_bytes((folder / "01-introduction.md").read_bytes() + b"\n\n")
    site.day("2026-03-05").commit()
    other = site.git("rev-parse", "HEAD:content/privacy-policy/text")
    assert other != tree
    (site.root / RECORD).write_text(text.replace(tree, other))
    site.commit()
    assert site.run("check").output == "nothing is wrong\n"


def test_a_site_inside_a_larger_repository_is_checked_the_same_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = small_site(tmp_path / "whole", monkeypatch)
    (tmp_path / "whole" / "legal").mkdir()
    for name in ("content", "mkdocs.yml"):
        site.git("mv", name, f"legal/{name}")
    site.day("2026-03-02").commit("move the site")
    inner = SmallSite(tmp_path / "whole" / "legal", monkeypatch)
    assert inner.run("check").output == "nothing is wrong\n"
    edit(inner, "The first version", "Another version")
    result = inner.run("check", "--base", "HEAD", "--format", "github")
    assert result.exit_code == 1
    assert f"::error file=legal/{RECORD},line=9" in result.output


def test_a_policy_may_be_renamed(site: SmallSite) -> None:
    base = site.git("rev-parse", "HEAD")
    site.day("2026-03-05").git("mv", "content/privacy-policy", "content/privacy")
    assert site.run("check").output == "nothing is wrong\n"
    site.commit("call it privacy")
    assert site.run("check").output == "nothing is wrong\n"
    assert site.run("check", "--base", base).output == "nothing is wrong\n"


def test_an_unknown_base_is_wrong_use(site: SmallSite) -> None:
    result = site.run("check", "--base", "origin/nowhere")
    assert result.exit_code == 2
    assert "there is no revision 'origin/nowhere'" in result.output


@pytest.mark.parametrize("base", ["", "0" * 40])
def test_an_empty_base_as_a_first_push_has_it_means_everything(site: SmallSite, base: str) -> None:
    assert site.run("check", "--base", base).exit_code == 0
