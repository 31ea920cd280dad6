"""A redline in the terminal: readable without colour, as wide as it is told, folded."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from gazette.redline import compare, compare_markdown, prepare_text, terminal
from tests.making import text
from tests.redline.rendering_cases import HOSTILE, NEW, OLD, PAIRS, redline_of

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def shown(old: str, new: str, width: int = 80, full: bool = False) -> str:
    return terminal(compare_markdown(old, new), width, full=full)


def flat(old: str, new: str) -> str:
    """What is shown of the changed part, on one line."""
    return " ".join(shown(old, new, 10_000).split("\n\n", 1)[-1].split())


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("one two three", "one three", "one [-two-] three"),
        ("one three", "one two three", "one {+two+} three"),
        ("one two three", "one four three", "one [-two-]{+four+} three"),
        ("see [this](/a) now", "see [this](/b) now", "see [~this~ link: /a → /b] now"),
        ("see [this](/a) now", "see this now", "see [~this~ link: /a → none] now"),
        ("call **us** now", "call us now", "call [~us~ format: bold → none] now"),
        (
            "### Words here\n\nsame",
            "#### Words here\n\nsame",
            "## Words here [~ level: heading 3 → heading 4] · reindented",
        ),
        ("1. alpha beta\n", "- alpha beta\n", "• alpha beta [~ format: numbers → bullets]"),
        ("see ![a plan](p.png) here", "see ![a map](p.png) here", "see [-[image: a plan]-]{+[image: a map]+} here"),
        (
            "see ![Logo](old.png) here",
            "see ![Logo](new.png) here",
            "see [-[image: Logo, old.png]-]{+[image: Logo, new.png]+} here",
        ),
        ("see ![](old.png) here", "see ![](new.png) here", "see [-[image: old.png]-]{+[image: new.png]+} here"),
        ("![Logo](a.png) is old", "![Logo](a.png) is new", "[image: Logo] is [-old-]{+new+}"),
        ("one  \ntwo", "one  \nthree", "one [-two-]{+three+}"),
        ("個人情報を収集します", "個人情報を利用します", "個人情報を[-収集-]{+利用+}します"),
    ],
)
def test_each_change_has_its_marks(old: str, new: str, expected: str) -> None:
    assert expected in flat(old, new).replace("-] {+", "-]{+")


def test_a_paragraph_break_that_came_or_went_is_a_pilcrow() -> None:
    parted, joined = "One two three four.\n\nFive six seven eight.\n", "One two three four. Five six seven eight.\n"
    assert "[-¶-]" in shown(parted, joined)
    assert "{+¶+}" in shown(joined, parted)


def test_what_moved_has_a_number_at_both_places_and_is_short_where_it_was() -> None:
    told = shown(OLD, NEW)
    assert "{→1" in told
    assert "[1→" in told
    assert "words …]" in told
    assert "moved away from here" in told


def test_renumbering_is_shown_at_the_number() -> None:
    assert "1→2. one item that stays" in shown(OLD, NEW)
    assert "2→3. two item that stays" in shown(OLD, NEW)


def test_cells_of_a_row_stand_on_one_line() -> None:
    assert "│ sid │ {+one day+} │ session of the user" in shown(OLD, NEW)


def test_unchanged_stretches_are_a_line_that_says_how_much() -> None:
    told = shown(OLD, NEW)
    assert "⋯ 1 section unchanged: Example policy (22 words)" in told
    assert "⋯ 1 paragraph unchanged (22 words)" in told
    assert "nobody needs again" not in told


def test_full_shows_every_word_of_both_texts() -> None:
    told = shown(OLD, NEW, full=True)
    assert "⋯" not in told
    assert "nobody needs again" in told


def test_the_middle_of_a_long_paragraph_is_left_out_and_counted() -> None:
    words = " ".join(f"word{n}" for n in range(200))
    told = " ".join(shown(f"{words} end", f"{words} finish").split())
    assert "[… 175 words …] word175" in told
    assert told.endswith("word199 [-end-]{+finish+}")


def test_the_title_the_summary_and_the_marks_come_first() -> None:
    told = terminal(compare_markdown("one two", "one three"), title="Terms: 1.0 → draft").splitlines()
    assert told[:3] == [
        "Terms: 1.0 → draft",
        "1 section changed; 1 word added, 1 removed",
        "Marks:  [-removed-]  {+added+}",
    ]


def test_no_change_is_one_line() -> None:
    assert shown(OLD, OLD) == "No change\n"


def test_sections_have_their_kinds_and_counts() -> None:
    old, new = text(cookies="One two three four."), text(cookies="One two five four.", contact="Write to us.")
    told = terminal(compare(prepare_text(old), prepare_text(new)))
    assert "## Cookies · reworded · 1 word added, 1 removed" in told
    assert "## {+Contact+} · added · " in told


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("width", [40, 80])
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    told = terminal(redline_of(name), width)
    assert max(map(cell_len, told.splitlines())) <= width
    assert told.endswith("\n")
    assert not [line for line in told.splitlines() if line != line.rstrip()]


@pytest.mark.parametrize("name", PAIRS)
def test_colour_adds_nothing_but_escape_sequences(name: str) -> None:
    redline = redline_of(name)
    plain, coloured = terminal(redline), terminal(redline, colour=True)
    assert "\x1b" not in plain
    assert ESCAPE.sub("", coloured) == plain


@pytest.mark.parametrize("words", HOSTILE)
def test_what_an_author_wrote_stays_words(words: str) -> None:
    told = " ".join(shown("before", f"before\n\n    {words}\n", 10_000).split())
    assert f"{{+{words}+}}" in told


def test_control_characters_do_not_reach_the_terminal() -> None:
    told = shown("one", "one \x1b[31mred\x07 two\x00 three")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", told)


def test_a_run_of_renumbered_items_is_said_once() -> None:
    items = [f"item number {word} with some words" for word in ("one", "two", "three", "four", "five")]
    old = "".join(f"{n}. {item}\n" for n, item in enumerate(items, 1))
    new = "".join(f"{n}. {item}\n" for n, item in enumerate([items[0], "quite another thing", *items[1:]], 1))
    told = shown(old, new)
    assert "⋯ 4 list items only renumbered, 2→3 to 5→6 (24 words)" in told
    assert "2→3. item number two with some words" in shown(old, new, full=True)
