from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazette.policy.canonical import digest
from gazette.policy.files import (
    parse_record,
    parse_section,
    record_file,
    section_file,
    text_files,
    text_from_files,
    trim,
)
from gazette.policy.model import Change, Rescheduling, Section, Text, Version, Withdrawal
from gazette.policy.slugs import slug

RECORD = Version(
    label="2.0",
    published=date(2023, 3, 18),
    effective=date(2023, 4, 18),
    change=Change.MATERIAL,
    title="Terms: the *second* 'edition'",
    tree="a" * 40,
    digest="sha256:" + "b" * 64,
    summary="What changed.\n\n- one\n- two",
    path="versions/2.0.md",
)

# A single line of text as a title may hold it: no line ends (they would be joined), no outer spaces.
titles = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), min_size=1, max_size=60).filter(
    lambda t: t == t.strip(" \t\n") and t
)
bodies = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=300).map(trim)
ids = titles.map(slug).filter(bool)
sections = st.builds(
    Section, id=ids, title=titles, body=bodies, formerly=st.lists(ids, unique=True, max_size=2).map(tuple)
)


@given(sections)
def test_a_section_written_and_read_is_the_same_section(section: Section) -> None:
    read, _ = parse_section(f"01-{section.id}.md", section_file(section), "01.md")
    assert read == section


@given(st.lists(sections, unique_by=lambda s: s.id, max_size=4))
def test_a_text_written_and_read_has_the_same_digest(some: list[Section]) -> None:
    text = Text(tuple(some))
    read, _ = text_from_files(text_files(text))
    assert digest(read) == digest(text)


def test_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    plain = b"---\ntitle: Scope\n---\n\nOne.\n\nTwo.\n"
    windows = b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n")
    assert parse_section("01-scope.md", windows, "") == parse_section("01-scope.md", plain, "")


def test_sections_stand_in_the_order_of_their_numbers_not_of_their_names() -> None:
    files = {f"{place}-s{place}.md": b"---\ntitle: T\n---\nx" for place in (1, 2, 10, 99, 100)}
    text, problems = text_from_files(files)
    assert [section.id for section in text.sections] == ["s1", "s2", "s10", "s99", "s100"]
    assert problems == ()


SECTION_PROBLEMS = [
    ("01-a.md", b"", "01-a.md:1: the file is empty"),
    ("01-a.md", b"no front matter", "01-a.md:1: there is no front matter"),
    ("01-a.md", b"---\ntitle: T\n", "01-a.md:1: the front matter is not closed"),
    ("01-a.md", b"---\ntitle: T\n---\n \n\n", "01-a.md:4: the section is empty"),
    ("01-a.md", b"---\nx: 1\n---\nx", "unknown key 'x'"),
    ("01-a.md", b"---\ntitel: T\n---\nx", "01-a.md:2: unknown key 'titel'; did you mean 'title'?"),
    ("01-a.md", b"---\nformerly: [b]\n---\nx", "01-a.md:2: the key 'title' is missing"),
    ("01-a.md", b"---\ntitle: ''\n---\nx", "01-a.md:2: the key 'title' is empty; write 'title: …'"),
    ("01-a.md", b"---\ntitle: T\ntitle: U\n---\nx", "01-a.md:3: the key 'title' is there twice (first in line 2)"),
    ("01-a.md", b"---\ntitle: T: U\n---\nx", "01-a.md:2: is not YAML: mapping values are not allowed here"),
    ("01-a.md", b"---\ntitle: a\n\x07\n---\nx", "01-a.md:3: is not YAML: the character U+0007"),
    ("01-a.md", b"---\n- T\n---\nx", "01-a.md:2: holds no keys"),
    ("01-a.md", b"---\ntitle: [T]\n---\nx", "01-a.md:2: 'title' should be a text"),
    ("01-a.md", b"---\ntitle: T\nformerly: [B c]\n---\nx", "'B c' is not allowed as a section id; write 'b-c'"),
    ("01-a.md", b"---\ntitle: T\nformerly: a\n---\nx", "01-a.md:3: the section was never called anything but 'a'"),
    ("01-a.md", b"---\ntitle: T\n---\n\nx\n## y\n", "01-a.md:6: a heading of level 2: y"),
    ("01-a.md", b"---\ntitle: T\n---\n\xfcber", "01-a.md:4: the byte 0xfc at column 1 is not UTF-8"),
    ("01-a.md", b"---\ntitle: T\n---\n<<<<<<< HEAD\nx\n=======\n", "01-a.md:4: a merge conflict is not resolved"),
    ("01-A.md", b"---\ntitle: T\n---\nx", "'A' is not allowed as a section id; name it 01-a.md"),
    ("a.md", b"", "a.md: is not the name of a section; name it NN-<section-id>.md"),
    ("notes.txt", b"", "notes.txt: is not the name of a section"),
    ("01-a.md", b"---\ntitle: " + b"[" * 100_000 + b"\n---\nx", "01-a.md:2: is nested too deeply"),
]


@pytest.mark.parametrize(("name", "data", "expected"), SECTION_PROBLEMS)
def test_what_is_wrong_in_a_section_is_said_with_its_line(name: str, data: bytes, expected: str) -> None:
    _, problems = parse_section(name, data, name)
    assert any(expected in str(problem) for problem in problems), [str(p) for p in problems]


def test_doubled_ids_and_living_former_ids_are_found_between_sections() -> None:
    files = {
        "01-a.md": b"---\ntitle: A\n---\nx",
        "02-a.md": b"---\ntitle: A\n---\nx",
        "03-b.md": b"---\ntitle: B\nformerly: [a]\n---\nx",
    }
    _, problems = text_from_files(files, "p/text")
    said = [str(problem) for problem in problems]
    assert said[0].startswith("p/text/02-a.md: the section id 'a' is there twice (also p/text/01-a.md)")
    assert said[1].startswith("p/text/03-b.md:3: 'formerly' names 'a', which is a living section")


VERSIONS = [
    RECORD,
    replace(RECORD, label="2023-03-18.2", sequence=2, predecessor="2.0", imported=True, title="Yes"),
    replace(RECORD, replaces="1.10", rescheduled=(Rescheduling(date(2023, 3, 20), date(2023, 5, 1), "late: sorry"),)),
    replace(RECORD, withdrawn=Withdrawal(date(2023, 3, 25), "not yet"), not_material="a typo"),
    replace(RECORD, approved_by=("Counsel <counsel@example.com>",), comment_until=date(2023, 4, 1)),
]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_record_written_and_read_is_the_same_version(version: Version) -> None:
    assert parse_record(f"{version.label}.md", record_file(version), version.path) == (version, ())


@given(st.builds(replace, st.just(RECORD), title=titles, summary=bodies.filter(bool)))
def test_any_title_and_summary_survive_in_a_record(version: Version) -> None:
    if version.summary.lstrip(" \t\n").startswith(("<<<<<<<", ">>>>>>>", "|||||||")):
        return
    assert parse_record("2.0.md", record_file(version), version.path)[0] == version


def test_a_record_is_written_as_the_design_shows_it() -> None:
    lines = record_file(replace(RECORD, predecessor="2022-11-02")).decode().split("\n")
    assert lines[:3] == ["---", "published: 2023-03-18", "effective: 2023-04-18"]
    assert "change: material" in lines
    assert f"text: {'a' * 40}" in lines


def _record(**keys: str) -> bytes:
    values = {
        "published": "2023-03-18",
        "effective": "2023-03-18",
        "change": "initial",
        "title": "T",
        "text": "a" * 40,
        "digest": "sha256:" + "b" * 64,
    } | keys
    front = "".join(f"{key}: {value}\n" for key, value in values.items() if value)
    return f"---\n{front}---\nSummary.\n".encode()


RECORD_PROBLEMS = [
    (_record(published="18.03.2023"), "r.md:2: 'published' is no date: 18.03.2023; write it as YYYY-MM-DD"),
    (_record(published="2023-02-30"), "r.md:2: 'published' is no date"),
    (_record(published="20230318"), "r.md:2: 'published' is no date"),
    (_record(effective="2023-03-17"), "r.md:3: takes effect on 2023-03-17, before it was published on 2023-03-18"),
    (_record(change="substantial"), "r.md:4: 'change' cannot be 'substantial'"),
    (_record(change="materials"), "did you mean 'material'?"),
    (_record(text=""), "the key 'text' is missing"),
    (_record(digest=""), "the key 'digest' is missing"),
    (_record(text="abc"), "r.md:6: 'text' is not a git tree id of 40 or 64 hex digits: abc"),
    (_record(digest="md5:1"), "r.md:7: 'digest' is not 'sha256:' and 64 hex digits"),
    (_record(sequence="0"), "r.md:8: 'sequence' is no whole number from 1 on: 0"),
    (_record(sequence="two"), "'sequence' is no whole number"),
    (_record(imported="maybe"), "'imported' is neither true nor false"),
    (_record(efective="x"), "r.md:8: unknown key 'efective'; did you mean 'effective'?"),
    (_record(withdrawn="{on: 2023-03-17}"), "withdrawn on 2023-03-17, before it was published"),
    (_record(withdrawn="{on: 2023-03-18}"), "when it was in force since 2023-03-18"),
    (_record(withdrawn="yes"), "'withdrawn' should hold keys of its own"),
    (_record(rescheduled="[{on: 2023-03-18}]"), "the key 'effective' is missing"),
    (_record(rescheduled="[{on: 2023-03-01, effective: 2023-05-01}]"), "before it was published"),
    (_record(rescheduled="[{on: 2023-03-20, effective: 2023-03-19}]"), "to a day before"),
    (_record(rescheduled="[x]"), "'rescheduled' should be a list of entries"),
    (_record()[:60], "r.md:1: the front matter is not closed"),
    (b"", "r.md:1: the file is empty"),
    (_record() + b"<<<<<<< ours\n", "r.md:10: a merge conflict is not resolved"),
    (_record().replace(b"Summary.", b""), "r.md:9: there is no summary"),
]


@pytest.mark.parametrize(("data", "expected"), RECORD_PROBLEMS)
def test_what_is_wrong_in_a_record_is_said_with_its_line(data: bytes, expected: str) -> None:
    _, problems = parse_record("r.md", data, "r.md")
    assert any(expected in str(problem) for problem in problems), [str(p) for p in problems]


def test_a_label_that_cannot_be_an_address_is_refused() -> None:
    _, problems = parse_record("V 2.md", _record(), "versions/V 2.md")
    assert "'V 2' is not allowed as a label" in str(problems[0])


_YAML = "---\n¦title: ¦published: ¦withdrawn:\n¦  on: ¦text: [¦{¦}¦]¦\n¦- ¦*a¦&a ¦1¦!x ¦? ¦: ¦'¦\"¦#¦|¦>¦<<: ¦\t¦\r"
pieces = st.sampled_from([*(piece.encode() for piece in _YAML.split("¦")), b"\xff", b"\xef\xbb\xbf"])


@given(st.lists(pieces, max_size=30).map(b"".join) | st.binary(max_size=60))
def test_whatever_is_in_a_file_nothing_is_raised(data: bytes) -> None:
    for content in (data, b"---\n" + data, b"---\n" + data + b"\n---\nx"):
        for problem in (*parse_section("01-a.md", content, "a")[1], *parse_record("a.md", content, "a")[1]):
            assert str(problem).startswith("a")
