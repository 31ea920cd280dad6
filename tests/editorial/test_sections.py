"""Moving, renaming, splitting and merging sections: names, numbers and `formerly` in one step."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from gazette.cli import main
from gazette.editorial import changeset, sections
from gazette.errors import UsageError
from gazette.policy.files import text_from_files

INTRO = "---\ntitle: Introduction\n---\n\nWho we are. See [cookies](#cookies) and [ours](#cookies--our-cookies).\n"
COOKIES = """\
---
# counsel likes this title
title: Cookies   # short
---

What they are.

```
[not a link](#cookies)
```

### Our cookies

One of session.

#### For how long

A day.

### Their cookies

None.
"""
RIGHTS = "---\ntitle: Your rights\nformerly: [choices]\n---\n\nAsk us: [cookies](<#cookies>).\n\n[c]: #cookies\n"


def files() -> dict[str, bytes]:
    documents = {"01-introduction.md": INTRO, "02-cookies.md": COOKIES, "03-your-rights.md": RIGHTS}
    return {name: document.encode() for name, document in documents.items()}


def ids(found: dict[str, bytes]) -> list[str]:
    text, problems = text_from_files(found)
    assert problems == ()
    return [section.id for section in text.sections]


def test_a_section_moves_behind_another_and_the_numbers_follow() -> None:
    moved = sections.move(files(), "cookies", "your-rights")
    assert list(moved) == ["01-introduction.md", "03-your-rights.md", "04-cookies.md"]
    assert moved["04-cookies.md"] == COOKIES.encode()


def test_a_section_moves_to_the_front() -> None:
    assert ids(sections.move(files(), "your-rights", None)) == ["your-rights", "introduction", "cookies"]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([1, 2, 3], [1, 2, 3]),
        ([1, 3, 2], [1, 3, 4]),
        ([3, 1, 2], [3, 4, 5]),
        ([2, 3, 1], [2, 3, 4]),
        ([10, None, 20], [10, 11, 20]),
        ([1, None, 2, 3], [1, 2, 3, 4]),
        ([1, 1, 2], [1, 2, 3]),
        ([0, 5], [1, 5]),
        ([None], [1]),
        ([], []),
    ],
)
def test_as_few_numbers_as_possible_change(numbers: list[int | None], expected: list[int]) -> None:
    assert sections.places(numbers) == expected


@given(st.lists(st.one_of(st.none(), st.integers(0, 12)), max_size=12))
def test_numbers_always_ascend_from_one(numbers: list[int | None]) -> None:
    found = sections.places(numbers)
    assert found == sorted(set(found))
    assert all(number > 0 for number in found)


def test_a_renamed_section_says_what_it_was_called_and_keeps_its_comments() -> None:
    renamed = sections.rename(files(), "cookies", "storage", "Cookies: and storage")
    document = renamed["02-storage.md"].decode()
    assert document == COOKIES.replace(
        "title: Cookies   # short\n", "title: 'Cookies: and storage'   # short\nformerly: [cookies]\n"
    )
    assert text_from_files(renamed)[0].sections[1].formerly == ("cookies",)


def test_a_section_renamed_back_is_no_former_self_of_its_own() -> None:
    there = sections.rename(files(), "cookies", "storage")
    back = sections.rename(there, "storage", "cookies")
    assert text_from_files(back)[0].sections[1].formerly == ("storage",)
    assert text_from_files(back)[1] == ()


def test_links_follow_a_renamed_section_but_not_in_code() -> None:
    linked = sections.with_links(sections.rename(files(), "cookies", "storage"), "cookies", "storage")
    assert b"[cookies](#storage) and [ours](#storage--our-cookies)" in linked["01-introduction.md"]
    assert b"[cookies](<#storage>).\n\n[c]: #storage\n" in linked["03-your-rights.md"]
    assert b"[not a link](#cookies)" in linked["02-storage.md"]


def test_a_section_is_split_at_a_heading() -> None:
    cut = sections.split(files(), "cookies", "Their cookies")
    assert ids(cut) == ["introduction", "cookies", "their-cookies", "your-rights"]
    assert cut["03-their-cookies.md"] == b"---\ntitle: Their cookies\n---\n\nNone.\n"
    assert cut["02-cookies.md"].endswith(b"A day.\n")


def test_the_headings_of_a_new_section_begin_at_the_first_level() -> None:
    cut = sections.split(files(), "cookies", "our-cookies", "ours", "Ours")
    assert cut["03-ours.md"].startswith(b"---\ntitle: Ours\n---\n\nOne of session.\n\n#### For how long")
    (only,) = [name for name in sections.split(cut, "ours", "Their cookies") if "their" in name]
    first = sections.split(cut, "ours", "Their cookies")["03-ours.md"]
    assert only == "04-their-cookies.md"
    assert b"#### For how long" in first


def test_a_section_is_split_at_a_line_of_its_file() -> None:
    cut = sections.split(files(), "cookies", "8", "what", "What")
    assert cut["02-cookies.md"].endswith(b"What they are.\n")
    assert cut["03-what.md"].startswith(b"---\ntitle: What\n---\n\n```\n")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_merged_sections_are_one_under_the_title_of_the_first(newline: str) -> None:
    found = {name: data.replace(b"\n", newline.encode()) for name, data in files().items()}
    merged = sections.merge(found, "your-rights", "cookies")
    assert list(merged) == ["01-introduction.md", "03-your-rights.md"]
    document = merged["03-your-rights.md"].decode()
    assert document.count("\n") == document.count(newline)
    text = text_from_files(merged)[0]
    assert text.sections[1].formerly == ("choices", "cookies")
    assert "### Cookies\n\nWhat they are." in text.sections[1].body
    assert "\n#### Our cookies\n" in text.sections[1].body
    assert "\n##### For how long\n" in text.sections[1].body


def test_merged_without_a_heading_the_text_simply_goes_on() -> None:
    merged = sections.merge(files(), "introduction", "your-rights", heading=False)
    assert b"#cookies--our-cookies).\n\nAsk us:" in merged["01-introduction.md"]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda f: sections.move(f, "cookie", None), "did you mean 'cookies'"),
        (lambda f: sections.move(f, "cookies", "cookies"), "after itself"),
        (lambda f: sections.rename(f, "cookies", "Cookies!"), "write 'cookies'"),
        (lambda f: sections.rename(f, "cookies", "introduction"), "already"),
        (lambda f: sections.rename(f, "cookies", "choices"), "was once the id of 'your-rights'"),
        (lambda f: sections.split(f, "cookies", "Nowhere"), "no heading 'Nowhere'"),
        (lambda f: sections.split(f, "cookies", "99"), "no line 99"),
        (lambda f: sections.split(f, "cookies", "8"), "no title"),
        (lambda f: sections.merge(f, "cookies", "cookies"), "with itself"),
    ],
)
def test_what_cannot_be_done_says_why(edit: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        edit(files())  # type: ignore[operator]  # a lambda of the table


def site(folder: Path) -> Path:
    (folder / "mkdocs.yml").write_text("site_name: Example\nplugins: [gazette]\n")
    for policy in ("privacy-policy", "terms"):
        text = folder / "content" / policy / "text"
        text.mkdir(parents=True)
        (text.parent / "policy.yml").write_text("title: A policy\n")
    for name, data in files().items():
        (folder / "content" / "privacy-policy" / "text" / name).write_bytes(data)
    terms = "---\ntitle: Terms\n---\n\nSee [cookies](../privacy-policy/#cookies) and [ours](#cookies).\n"
    (folder / "content" / "terms" / "text" / "01-terms.md").write_text(terms)
    return folder


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-f", str(folder / "mkdocs.yml"), *arguments])


def test_the_commands_say_what_they_wrote_and_links_of_other_policies_follow(tmp_path: Path) -> None:
    site(tmp_path)
    result = run(tmp_path, "rename", "privacy-policy", "cookies", "storage")
    assert result.exit_code == 0, result.output
    assert "wrote content/privacy-policy/text/02-storage.md" in result.output
    assert "removed content/privacy-policy/text/02-cookies.md" in result.output
    terms = (tmp_path / "content/terms/text/01-terms.md").read_text()
    assert "(../privacy-policy/#storage) and [ours](#cookies)" in terms
    for arguments in (
        ("move", "privacy-policy", "storage", "--first"),
        ("split", "privacy-policy", "storage", "--at", "Their cookies"),
        ("merge", "privacy-policy", "your-rights", "their-cookies"),
    ):
        assert run(tmp_path, *arguments).exit_code == 0
    names = sorted(path.name for path in (tmp_path / "content/privacy-policy/text").iterdir())
    found = {name: (tmp_path / "content/privacy-policy/text" / name).read_bytes() for name in names}
    assert ids(found) == ["storage", "introduction", "your-rights"]
    assert not list(tmp_path.glob("content/.gazette-*"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("move", "privacy", "cookies", "--first"), "did you mean 'privacy-policy'"),
        (("move", "privacy-policy", "cookies"), "--after OTHER or --first"),
        (("rename", "privacy-policy", "cookies"), "neither a new id"),
    ],
)
def test_wrong_use_ends_with_two(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    result = run(site(tmp_path), *arguments)
    assert result.exit_code == 2
    assert message in result.output


def test_a_step_that_fails_half_way_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {"a": b"1", "b": b"2", "sub/c": b"3"}
    changeset.apply(tmp_path, {}, before)
    renames, real = [], Path.rename

    def failing(self: Path, target: Path) -> Path:
        renames.append(self)
        if len(renames) == 4:
            raise OSError("no")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="no"):
        changeset.apply(tmp_path, before, {"a": b"new", "d": b"4"})
    found = {str(p.relative_to(tmp_path)): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert found == before


def test_file_modes_are_kept(tmp_path: Path) -> None:
    changeset.apply(tmp_path, {}, {"a": b"1"})
    (tmp_path / "a").chmod(0o600)
    changeset.apply(tmp_path, {"a": b"1"}, {"a": b"2"})
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
