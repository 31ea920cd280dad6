"""What changed around words that stayed, and how it is said."""

from __future__ import annotations

import re
from html import escape
from json import loads

import pytest

from gazette.redline import Kind, compare_markdown, html, json, markdown, side_by_side, terminal
from tests.redline.laws import broken_laws


@pytest.mark.parametrize(
    ("old", "new", "was", "said"),
    [
        ("**un**limited use", "unlimited use", "part strong", "format: in part bold → none"),
        ("unlimited use", "un**limited** use", "", "format: none → in part bold"),
        ("**unlimited** use", "**un**limited use", "strong", "format: bold → in part bold"),
        ("**un**limited use", "un**limited** use", "part strong", "format: in part bold → in part bold"),
        ("**un**_limited_ use", "unlimited use", "part em strong", "format: in part italic and bold → none"),
        ("***unlimited*** use", "unlimited use", "em strong", "format: italic and bold → none"),
        ("x<sup>2</sup> use", "x2 use", "part sup", "format: in part superscript → none"),
    ],
)
def test_an_emphasis_of_a_part_of_a_word_is_named_as_a_reader_would(old: str, new: str, was: str, said: str) -> None:
    redline = compare_markdown(old, new)
    assert f'class="reformatted" data-was="{was}"' in html(redline)
    assert said in terminal(redline, 200)
    assert redline.summary == "1 section changed, 1 format"


@pytest.mark.parametrize(
    ("old", "new", "was"),
    [
        ("[un](/a)limited", "unlimited", "/a"),
        ("un[limited](/a)", "unlimited", "/a"),
        ("unlimited", "un[limited](/a)", ""),
        ("[un](/a)limited", "un[limited](/a)", "/a"),
        ("un[limited](/a)", "un[limited](/b)", "/a"),
    ],
)
def test_a_link_on_a_part_of_a_word_is_a_link_and_no_emphasis(old: str, new: str, was: str) -> None:
    redline = compare_markdown(old, new)
    assert f'class="relinked" data-was="{was}"' in html(redline)
    assert redline.summary == "1 section changed, 1 link"


@pytest.mark.parametrize(
    ("old", "new", "was", "said"),
    [
        ("You <del>must</del> may sell.", "You must may sell.", "del", "[~must~ format: struck out → none]"),
        ("You must may sell.", "You <del>must</del> may sell.", "", "[~<del>must</del>~ format: none → struck out]"),
        ("You <ins>may</ins> sell.", "You may sell.", "ins", "[~may~ format: inserted → none]"),
        ("You <ins>may</ins> sell.", "You <del>may</del> sell.", "ins", "format: inserted → struck out"),
    ],
)
def test_a_strike_of_the_author_that_is_lifted_or_made_is_a_change(old: str, new: str, was: str, said: str) -> None:
    redline = compare_markdown(old, new)
    assert not redline.is_empty
    assert redline.sections[0].kinds == (Kind.REFORMATTED,)
    assert f'class="reformatted" data-was="{was}"' in html(redline)
    assert broken_laws(old, new, html(redline)) == []
    assert said in terminal(redline, 200)


def test_what_the_author_struck_or_wrote_in_is_told_from_what_changed() -> None:
    text = "You <del>must</del> <ins>may</ins> ask <s>never</s> {}."
    redline = compare_markdown(text.format("now"), text.format("today"))
    shown = "You <del>must</del> <ins>may</ins> ask <s>never</s>"
    assert f"{shown} [-now-]{{+today+}}." in terminal(redline, 200)
    assert f"<p>{escape(shown)} <del>now</del><ins>today</ins>.</p>" in markdown(redline)


def test_a_word_that_the_author_struck_and_that_went_has_both_marks() -> None:
    assert "[-<del>must</del>-]" in terminal(compare_markdown("You <del>must</del> may sell.", "You may sell."), 200)


@pytest.mark.parametrize("tag", ["ins", "del"])
def test_the_old_column_shows_what_the_author_had_struck_or_written_in(tag: str) -> None:
    old, new = f"You <{tag}>must</{tag}> may sell.", "You must may sell."
    assert f'<div class="redline-old"><p>You <span data-author="{tag}">must</span> may' in side_by_side(
        compare_markdown(old, new)
    )
    assert '<div class="redline-old"><p>You must may' in side_by_side(compare_markdown(new, old))


ITEMS = "1. Alpha stays as it is here.\n2. Beta comes behind it in the text.\n3. Gamma is the last.\n"
MERGED = "1. Alpha stays as it is here. Beta comes behind it in the text.\n2. Gamma is the last.\n"


@pytest.mark.parametrize(("old", "new", "was"), [(ITEMS, MERGED, "3"), (MERGED, ITEMS, "2")])
def test_an_item_that_joined_another_or_left_it_has_no_number_that_changed(old: str, new: str, was: str) -> None:
    redline = compare_markdown(old, new)
    assert html(redline).count('class="renumbered"') == 1
    assert f'<span class="renumbered" data-was="{was}">Gamma is the last.</span>' in html(redline)
    assert redline.counts.renumbered == 1


RULED = [
    ("a b c\n\n---\n\nd e f", "a b c\n\nd e f"),
    ("---\n\n# A\n\nwords", "# A\n\nwords"),
    ("- a b c\n\n    ---\n\n- d e f", "- a b c\n\n- d e f"),
    ("# A\n\nb c\n\n***\n\n# D\n\ne f", "# A\n\nb c\n\n# D\n\ne f"),
    ("---", ""),
]


@pytest.mark.parametrize(("old", "new"), [*RULED, *((new, old) for old, new in RULED)])
def test_a_rule_that_came_or_went_is_no_change_and_stands_as_the_new_text_has_it(old: str, new: str) -> None:
    redline = compare_markdown(old, new)
    assert redline.is_empty
    assert redline.summary == "No change"
    assert html(redline).count("<hr>") == len(re.findall(r"---|\*\*\*", new))
    assert broken_laws(old, new, html(redline)) == []
    assert terminal(redline) == "No change\n"
    assert "Marks" not in markdown(redline)
    assert loads(json(redline))["is_empty"]


def test_a_rule_beside_a_change_is_as_the_new_text_has_it() -> None:
    ruled, plain = "a b c\n\n---\n\nd e f", "a b c\n\nd e g"
    assert compare_markdown(ruled, plain).summary == "1 section changed; 1 word added, 1 removed"
    assert "———" not in terminal(compare_markdown(ruled, plain))
    assert "———" in terminal(compare_markdown(plain, ruled))
    assert "<hr>" in markdown(compare_markdown(plain, ruled))
