"""A redline in a line: what is counted, and in which words."""

from __future__ import annotations

import pytest

from gazette.redline import compare, compare_markdown, outline, prepare_text, section_line
from gazette.redline.changes import Counts
from gazette.redline.summary import facts, words
from tests.making import text

LONG = "This sentence is long enough to be found again when it has moved to some other place in the text."


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("## A\n\nsame", "## A\n\nsame", "No change"),
        ("## A\n\none two three", "## A\n\none two four three", "1 section changed; 1 word added"),
        ("## A\n\none two three", "## A\n\none three", "1 section changed; 1 word removed"),
        ("## A\n\nsee [this](/a) here", "## A\n\nsee [this](/b) here", "1 section changed, 1 link"),
        ("## A\n\ncall **us** now", "## A\n\ncall us now", "1 section changed, 1 format"),
    ],
)
def test_the_summary_counts_sections_then_attributes_then_words(old: str, new: str, expected: str) -> None:
    assert compare_markdown(old, new).summary == expected


def test_sections_that_came_and_went_are_not_counted_as_changed() -> None:
    old, new = (
        text(one="Alpha beta gamma.", two="Delta epsilon."),
        text(one="Alpha beta gamma.", three="Zeta eta theta."),
    )
    redline = compare(prepare_text(old), prepare_text(new))
    assert redline.summary.startswith("1 section added, 1 removed;")


def test_a_section_that_only_moved_is_not_counted_as_changed() -> None:
    other = "Quite other words stand in this section, and they are many more than those of the first one."
    old, new = text(one=LONG, two=other, three=other.upper()), text(two=other, three=other.upper(), one=LONG)
    redline = compare(prepare_text(old), prepare_text(new))
    assert redline.summary.startswith("1 section moved;")
    assert [section.id for section in outline(redline)] == ["one"]
    [away] = [section for section in redline.sections if section.away]
    assert facts(away) == ("moved away from here",)


def test_a_section_is_said_in_one_line() -> None:
    redline = compare(
        prepare_text(text(cookies="One two three four.")), prepare_text(text(cookies="One two five six four."))
    )
    assert [section_line(section) for section in redline.sections] == ["Cookies: reworded; 2 words added, 1 removed"]


MORE = "Before an account is closed we ask whoever opened it, and wait a month for what they have to say about it."
OTHER = "Quite other words stand in this one, so that nobody takes it for a part of what comes before or after it."


@pytest.mark.parametrize(
    ("old", "new", "summary", "line", "swapped"),
    [
        (
            f"## A\n\n{LONG}\n\n{MORE}\n\n{OTHER}",
            f"## A\n\n{LONG} {MORE} {OTHER}",
            "1 section changed, 1 passage merged",
            "A: 1 passage merged",
            "1 section changed, 1 passage split",
        ),
        (
            f"## A\n\n{LONG} {MORE}\n\n{OTHER}",
            f"## A\n\n{LONG}\n\n{MORE} Really.\n\n{OTHER}",
            "1 section changed, 1 passage split; 1 word added",
            "A: reworded; 1 passage split; 1 word added",
            "1 section changed, 1 passage merged; 1 word removed",
        ),
        (
            f"## A\n\n- {LONG}\n- {MORE}\n- Contact",
            f"## A\n\n- Contact\n- {LONG}\n- {MORE}",
            "1 section changed, 1 passage moved; 1 word moved",
            "A: 1 passage moved; 1 word moved",
            "1 section changed, 1 passage moved; 1 word moved",
        ),
        (
            f"## A\n\n{LONG}\n\n## B\n\n{MORE}\n\n{OTHER}",
            f"## A\n\n{LONG}\n\n{OTHER}\n\n## B\n\n{MORE}",
            "2 sections changed, 1 passage moved; 22 words moved",
            "A: 1 passage moved; 22 words moved",
            "2 sections changed, 1 passage moved; 22 words moved",
        ),
        (
            f"## A\n\n{LONG} {MORE}",
            f"## A\n\n{LONG}\n\n## B\n\n{MORE}",
            "2 sections changed, 2 split, 1 passage split; 1 word added",
            "A: split (with “B”)",
            "1 section changed, 1 merged, 1 passage merged; 1 word removed",
        ),
    ],
)
def test_passages_that_were_only_put_elsewhere_or_together_are_not_called_reworded(
    old: str, new: str, summary: str, line: str, swapped: str
) -> None:
    redline = compare_markdown(old, new)
    assert redline.summary == summary
    assert section_line(outline(redline)[0]) == line
    assert compare_markdown(new, old).summary == swapped


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (Counts(moved=3), True),
        (Counts(split=1), True),
        (Counts(merged=1), True),
        (Counts(merged=1, added=1), False),
        (Counts(moved=3, removed=1), False),
        (Counts(relinked=1), False),
    ],
)
def test_words_are_rearranged_where_none_came_or_went(counts: Counts, expected: bool) -> None:
    assert counts.is_rearranged is expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (Counts(), ""),
        (Counts(added=1), "1 word added"),
        (Counts(added=1204, removed=1), "1,204 words added, 1 removed"),
        (Counts(removed=2, moved=3), "2 words removed, 3 moved"),
    ],
)
def test_the_noun_stands_with_the_first_number(counts: Counts, expected: str) -> None:
    assert words(counts) == expected
