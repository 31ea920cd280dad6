"""Sections that nothing happened to are not looked into, and nobody can tell."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazette.policy.model import Section, Text
from gazette.redline import Redline, compare, comparison, html, json, prepare_text
from gazette.redline.changes import UnchangedBlocks

LONG = "We keep the records of your orders for as long as the law of the land asks us to keep them."
OTHER = "You may write to the data protection officer at any time, and an answer comes within a month."
TABLE = "| what | how long |\n|---|---|\n| orders | ten years |\n| letters | a year |"

PARAGRAPH = st.sampled_from(
    [LONG, OTHER, LONG.replace("orders", "payments"), "Yes.", "* one\n* two", TABLE, "> Quoted."]
)
SECTION = st.tuples(st.sampled_from("abcdef"), st.lists(PARAGRAPH, max_size=3).map("\n\n".join))
TEXT = st.lists(SECTION, max_size=6).map(
    lambda found: Text(tuple(Section(name, name.upper(), body) for name, body in dict(found).items()))
)


def text(*bodies: str) -> Text:
    return Text(tuple(Section(f"s{n}", f"Section {n}", body) for n, body in enumerate(bodies)))


def is_whole(redline: Redline) -> Sequence[bool]:
    return [isinstance(section.blocks, UnchangedBlocks) for section in redline.sections]


def test_only_sections_that_changed_are_looked_into() -> None:
    redline = compare(text(LONG, "One.", OTHER), text(LONG, "Two.", OTHER))
    assert is_whole(redline) == [True, False, True]
    assert [block.block.text for block in redline.sections[0].blocks] == ["Section 0", LONG]


def test_a_section_that_says_what_a_changed_one_says_is_looked_into() -> None:
    assert is_whole(compare(text(LONG, f"{LONG}\n\nOne.", OTHER), text(LONG, LONG, OTHER))) == [False, False, True]


def test_sections_that_a_long_paragraph_jumped_over_are_looked_into() -> None:
    old, new = text(f"One.\n\n{LONG * 9}", "Two.", "Three."), text("One.", "Two.", f"{LONG * 9}\n\nThree.")
    assert json(compare(old, new)) == json(block_by_block(old, new))


def block_by_block(old: Text, new: Text) -> Redline:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(comparison, "same_sections", lambda *_: {})
        return compare(prepare_text(old), prepare_text(new))


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(TEXT, TEXT)
def test_what_comes_out_is_the_same_as_block_by_block(old: Text, new: Text) -> None:
    found, expected = compare(old, new), block_by_block(old, new)
    assert (json(found), html(found)) == (json(expected), html(expected))
