"""Sections of policies: the same by their ids, whatever their titles, places and words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazette.policy.model import Section, Text
from gazette.redline import Kind, Redline, SectionChange, compare, compare_markdown, html, prepare_text

WORDS = {
    "data": "We collect the name, the address and the telephone number of everyone who signs up for an account.",
    "use": "What we collect we use to run the service, to answer questions, and to keep what the law asks for.",
    "share": "Nobody else gets to see it, unless a court orders us to show it, or you asked us to pass it on.",
    "rights": "At any time you may ask us what we know about you, have it mended where it is wrong, or deleted.",
    "other": "Completely different matters stand here: opening hours, the colour of the door, the steps to it.",
}


def text(*sections: Section) -> Text:
    return Text(sections)


def section(name: str, title: str, *words: str, formerly: tuple[str, ...] = ()) -> Section:
    return Section(name, title, "\n\n".join(WORDS.get(word, word) for word in words), formerly)


DATA, USE, SHARE, RIGHTS = (
    section(name, title, name)
    for name, title in (("data", "Data"), ("use", "Its use"), ("share", "Sharing"), ("rights", "Your rights"))
)

CASES: dict[str, tuple[Text, Text, dict[str, tuple[Kind, ...]]]] = {
    "nothing": (text(DATA, USE), text(DATA, USE), {"data": (), "use": ()}),
    "a section comes": (text(DATA, USE), text(DATA, RIGHTS, USE), {"data": (), "rights": (Kind.ADDED,), "use": ()}),
    "a section goes": (text(DATA, RIGHTS, USE), text(DATA, USE), {"data": (), "rights": (Kind.REMOVED,), "use": ()}),
    "a title changes": (
        text(DATA, USE),
        text(section("data", "What we know", "data"), USE),
        {"data": (Kind.RENAMED, Kind.REWORDED), "use": ()},
    ),
    "the words change entirely under one id": (
        text(DATA, USE),
        text(section("data", "Data", "other"), USE),
        {"data": (Kind.REWORDED,), "use": ()},
    ),
    "an id is renamed": (
        text(DATA, USE),
        text(section("what-we-know", "Data", "other", formerly=("data",)), USE),
        {"what-we-know": (Kind.REWORDED,), "use": ()},
    ),
    "an id is renamed and nobody says so": (
        text(DATA, USE),
        text(section("what-we-know", "Data", "data"), USE),
        {"what-we-know": (), "use": ()},
    ),
    "a section moves": (
        text(DATA, USE, SHARE, RIGHTS),
        text(RIGHTS, DATA, USE, SHARE),
        {"rights": (Kind.MOVED,), "data": (), "use": (), "share": ()},
    ),
    "a section moves and is renamed": (
        text(DATA, USE, SHARE, RIGHTS),
        text(section("rights", "What you may ask", "rights"), DATA, USE, SHARE),
        {"rights": (Kind.MOVED, Kind.RENAMED, Kind.REWORDED), "data": (), "use": (), "share": ()},
    ),
    "one section becomes two": (
        text(section("data", "Data", "data", "use"), SHARE),
        text(DATA, section("use", "Its use", "use", formerly=("data",)), SHARE),
        {"data": (Kind.SPLIT,), "use": (Kind.SPLIT, Kind.REWORDED), "share": ()},
    ),
    "two sections become one": (
        text(DATA, USE, SHARE),
        text(section("data", "Data", "data", "use", formerly=("use",)), SHARE),
        {"data": (Kind.MERGED, Kind.REWORDED), "share": ()},
    ),
    "unrelated sections do not mix their words": (
        text(DATA, section("old", "Old", "The cat sat on the mat, and outside it rained."), SHARE),
        text(DATA, section("new", "New", "Every invoice is due on the first of the month."), SHARE),
        {"data": (), "old": (Kind.REMOVED,), "new": (Kind.ADDED,), "share": ()},
    ),
}


def here(redline: Redline) -> list[SectionChange]:
    return [section for section in redline.sections if not section.away]


@pytest.mark.parametrize("name", CASES)
def test_each_section_says_once_what_happened_to_it(name: str) -> None:
    old, new, expected = CASES[name]
    changes = here(compare(old, new))
    assert {change.id: change.kinds for change in changes} == expected
    assert len(changes) == len(expected)


def test_a_moved_section_shows_where_it_was_too_but_counts_once() -> None:
    old, new, _ = CASES["a section moves"]
    redline = compare(old, new)
    away = [section for section in redline.sections if section.away]
    assert [(section.id, section.counts.moved) for section in away] == [("rights", 0)]
    assert redline.counts.moved == len((WORDS["rights"] + " Your rights").split())
    assert redline.counts.added == redline.counts.removed == 0


def test_a_section_that_moved_away_stands_behind_what_came_to_the_one_before_it() -> None:
    use, sharing = "## Use\n\nWe use what we collect.\n\n", "## Sharing\n\nWe share it with no one, for any reason.\n\n"
    tokens = "Tokens and keys are kept in a safe place.\n\n"
    old = f"{use}## Access\n\n{tokens}{sharing}"
    new = f"{use}### How long\n\nA month.\n\n{sharing}## Tokens\n\n{tokens}"
    told = [(section.title, section.away) for section in compare_markdown(old, new).sections]
    assert told == [("Use", False), ("Tokens", True), ("Sharing", False), ("Tokens", False)]


def test_sections_split_and_merged_name_each_other() -> None:
    old, new, _ = CASES["one section becomes two"]
    assert [(s.id, s.old_id, s.others) for s in here(compare(old, new)) if s.kinds] == [
        ("data", "data", ("use",)),
        ("use", "data", ("data",)),
    ]
    old, new, _ = CASES["two sections become one"]
    assert [s.others for s in here(compare(old, new)) if s.kinds] == [("use",)]


@pytest.mark.parametrize("words", [1, 12, 30])
def test_what_goes_over_to_the_next_section_leaves_the_title_in_place(words: int) -> None:
    clause = " ".join(f"word{n}" for n in range(words))
    old = text(section("data", "Data", "data", clause), section("use", "Its use", "use", "share"))
    new = text(section("data", "Data", "data"), section("use", "Its use", clause, "use", "share"))
    redline = compare(old, new)
    assert '<h2 id="use">Its use</h2>' in html(redline)
    assert [s.kinds for s in redline.sections] == [(Kind.REWORDED,), (Kind.REWORDED,)]
    assert redline.counts.moved == (words if words >= 8 else 0)


def test_both_sections_are_told_where_the_border_between_them_was_put_elsewhere() -> None:
    old = text(section("data", "Data", "data", "share", "rights", "other"), section("use", "Its use", "use"))
    new = text(section("data", "Data", "data"), section("use", "Its use", "share", "rights", "other", "use"))
    assert [s.kinds for s in compare(old, new).sections] == [(Kind.REWORDED,), (Kind.REWORDED,)]


def test_the_title_is_the_heading_of_its_section_and_its_anchor() -> None:
    redline = compare(Text(()), text(section("data", "*Our* data", "data")))
    assert html(redline).startswith('<h2 id="data"><ins><em>Our</em> data</ins></h2>')
    assert redline.sections[0].new_title == "Our data"


def test_a_title_that_looks_like_a_list_stays_a_title() -> None:
    prepared = prepare_text(text(section("scope", "1. Scope", "data")))
    assert [(block.level, block.text) for block in prepared.blocks[:1]] == [(2, "1. Scope")]


def test_bodies_are_shown_as_the_given_renderer_makes_them() -> None:
    prepared = prepare_text(text(DATA, USE), lambda given: [f"<p>{s.id}!</p>" for s in given.sections])
    assert [block.text for block in prepared.blocks] == ["Data", "data!", "Its use", "use!"]
    assert prepared.sections == (DATA, USE)


SOME_SECTIONS = st.lists(
    st.builds(
        section,
        st.sampled_from(["one", "two", "three", "four", "five"]),
        st.sampled_from(["Data", "Use of data", "1. Rights", "Other"]),
        st.sampled_from(list(WORDS)),
        st.sampled_from(["Yes.", "- first\n- second", *WORDS.values()]),
        formerly=st.sampled_from([(), ("one",), ("two", "three")]),
    ),
    max_size=5,
    unique_by=lambda made: made.id,
)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(SOME_SECTIONS, SOME_SECTIONS)
def test_whatever_sections_are_called_both_texts_come_back(old: list[Section], new: list[Section]) -> None:
    before, after = prepare_text(text(*old)), prepare_text(text(*new))
    redline = compare(before, after)
    runs = [run for block in redline.blocks for run in block.runs]
    said_before = "".join(f" {run.text}" for run in runs if not run.state.is_new_only)
    said_after = "".join(f" {run.text}" for run in runs if not run.state.is_old_only)
    assert "".join(said_before.split()) == "".join("".join(block.words) for block in before.blocks)
    assert "".join(said_after.split()) == "".join("".join(block.words) for block in after.blocks)
    assert [s.new_id for s in here(redline) if s.new_id is not None] == [s.id for s in new]
    assert [block for section in redline.sections for block in section.blocks] == list(redline.blocks)
