"""Sections that nothing happened to are not looked into, and nobody can tell."""

from collections.abc import Sequence
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazette.policy.model import Section, Text
from gazette.redline import Kind, Redline, compare, comparison, html, json, prepare_text
from gazette.redline.changes import UnchangedBlocks

LONG = "We keep the records of your orders for as long as the law of the land asks us to keep them."
OTHER = "You may write to the data protection officer at any time, and an answer comes within a month."
TABLE = "| what | how long |\n|---|---|\n| orders | ten years |\n| letters | a year |"

PARAGRAPHS = [
    LONG,
    OTHER,
    LONG.replace("orders", "payments"),
    f"{OTHER} {LONG}",
    "Yes.",
    "* one\n* two",
    TABLE,
    "> Three.",
]


@st.composite
def texts(draw: st.DrawFn) -> Text:
    """Sections that say different things."""
    said = iter(draw(st.permutations(PARAGRAPHS)))
    names = draw(st.lists(st.sampled_from("abcdef"), unique=True))
    bodies = ["\n\n".join(islice(said, draw(st.integers(0, 3)))) for _ in names]
    return Text(tuple(Section(name, name.upper(), body) for name, body in zip(names, bodies, strict=True)))


def text(*bodies: str) -> Text:
    return Text(tuple(Section(f"s{n}", f"Section {n}", body) for n, body in enumerate(bodies)))


def is_whole(redline: Redline) -> Sequence[bool]:
    return [isinstance(section.blocks, UnchangedBlocks) for section in redline.sections]


def test_only_sections_that_changed_are_looked_into() -> None:
    redline = compare(text(LONG, "One.", OTHER), text(LONG, "Two.", OTHER))
    assert is_whole(redline) == [True, False, True]
    assert [block.block.text for block in redline.sections[0].blocks] == ["Section 0", LONG]


def test_what_a_section_says_that_a_changed_one_says_too_is_not_taken_for_unique() -> None:
    old, new = text(f"{LONG}\n\n{OTHER}\n\nOne.", LONG, "Two."), text(OTHER, LONG, f"Two.\n\n{LONG}")
    assert is_whole(compare(old, new)) == [False, True, False]
    assert json(compare(old, new)) == json(block_by_block(old, new))


def test_sections_that_a_long_paragraph_jumped_over_are_looked_into() -> None:
    old, new = text(f"One.\n\n{LONG * 9}", "Two.", "Three."), text("One.", "Two.", f"{LONG * 9}\n\nThree.")
    assert json(compare(old, new)) == json(block_by_block(old, new))


def test_of_sections_that_say_the_same_one_that_stayed_lends_no_words_to_one_that_went() -> None:
    gone = Section("gone", "Gone", LONG)
    redline = compare(Text((*text(LONG).sections, gone)), text(LONG))
    assert [section.kinds for section in redline.sections] == [(), (Kind.REMOVED,)]


def block_by_block(old: Text, new: Text) -> Redline:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(comparison, "same_sections", lambda *_: {})
        return compare(prepare_text(old), prepare_text(new))


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(texts(), texts())
def test_what_comes_out_is_the_same_as_block_by_block(old: Text, new: Text) -> None:
    found, expected = compare(old, new), block_by_block(old, new)
    assert (json(found), html(found)) == (json(expected), html(expected))
