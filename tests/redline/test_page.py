"""A redline as a file of its own: whole, quiet, and readable on a phone, in the dark and on paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import html5lib
import pytest
from playwright.sync_api import Browser

from gazette.redline import compare, compare_markdown, folded, prepare_text, side_by_side, standalone_page, style_sheet
from tests.making import text
from tests.redline.rendering_cases import NEW, OLD


def page(old: str = OLD, new: str = NEW, sides: bool = False) -> str:
    redline = compare_markdown(old, new)
    fragment = side_by_side(redline) if sides else folded(redline)
    return standalone_page(redline, fragment, "Example <policy>", "1.0 → draft")


def test_the_page_is_valid_and_says_what_it_is() -> None:
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page())
    assert document.find("head/title").text == "Example <policy>: 1.0 → draft"
    header = "".join(document.find("body/header").itertext())
    assert compare_markdown(OLD, NEW).summary in header
    assert "Cookies and similar things: renamed" in header


def test_nothing_is_fetched_and_no_script_runs() -> None:
    document = page(new=NEW + "\n<img src=https://example.com/a.png>\n\n<script>alert(1)</script>\n")
    assert "default-src 'none'" in document
    assert "<script" not in document
    assert not re.search(r"url\(|@import", style_sheet())


def test_the_legend_shows_the_marks_that_occur() -> None:
    head = page("one two", "one three").split("</header>")[0]
    assert "<ins>added</ins>" in head
    assert "moved from here" not in head


@pytest.mark.parametrize(
    ("old", "new", "explained"),
    [
        ("[a](/x)", "[a](/y)", ["same words, other link"]),
        ("**a**", "a", ["same words, other form"]),
        ("### a", "#### a", ["same words, other level"]),
        ("1. a\n2. b\n", "3. a\n4. b\n", ["same words, other number"]),
        ("## 1. A\n\nb\n\n## 2. C\n\nd", "## 2. A\n\nb\n\n## 3. C\n\nd", ["a number that only counts on"]),
    ],
)
def test_the_legend_explains_each_change_that_is_none_of_words(old: str, new: str, explained: list[str]) -> None:
    legend = page(old, new).split('<p class="redline-legend">')[1].split("</p>")[0]
    assert re.findall(r"same words, other \w+|a number that only counts on|added<|removed<", legend) == explained


def test_the_outline_leads_to_the_sections() -> None:
    redline = compare(prepare_text(text(cookies="One two.")), prepare_text(text(cookies="One three.")))
    document = standalone_page(redline, folded(redline), "Example")
    assert '<a href="#cookies">Cookies</a>: reworded' in document
    assert document.count('id="cookies"') == 1


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("pt-BR", "ltr"), ("ar", "rtl"), ("he-IL", "rtl")])
def test_the_page_runs_as_its_language_does(language: str, direction: str) -> None:
    redline = compare_markdown("a", "b")
    assert f'<html lang="{language}" dir="{direction}">' in standalone_page(redline, "", "x", "", language)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_number_that_counts_on_is_struck_where_it_was_and_underlined_where_it_is(
    tmp_path: Path, browser: Browser, scheme: Literal["light", "dark"]
) -> None:
    file = tmp_path / "redline.html"
    old, new = "## 1. A\n\nb\n\n## 2. C\n\nd", "## 1. A\n\nb\n\n## 2. B\n\nx\n\n## 3. C\n\nd"
    file.write_text(page(old, new), "utf-8")
    context = browser.new_context(color_scheme=scheme)
    view = context.new_page()
    view.goto(file.as_uri())
    lines = [
        view.locator(f"main {tag}.renumbered").evaluate("mark => getComputedStyle(mark).textDecorationLine")
        for tag in ("del", "ins")
    ]
    assert lines == ["line-through", "underline"]
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("***us***", "us", "::after", "(was italic and bold)"),
        ("**un**limited", "unlimited", "::after", "(was in part bold)"),
        ("us", "**us**", "::after", "(was plain)"),
        ("> us", "us", "::after", "(was quote)"),
        ("### us\n\n### a", "#### us\n\n### a", "::after", "(was heading 3)"),
        ("- a\n    - us\n", "- a\n- us\n", "::after", "(was bullets › bullets)"),
        ("[us](strong)", "[us](/b)", "::after", "(was strong)"),
        ("1. us\n", "4. us\n", "::before", "(was 1)"),
    ],
)
def test_what_it_was_is_said_in_the_words_of_a_reader(
    tmp_path: Path, browser: Browser, old: str, new: str, place: str, said: str
) -> None:
    file = tmp_path / "redline.html"
    file.write_text(page(old, new), "utf-8")
    context = browser.new_context()
    view = context.new_page()
    view.goto(file.as_uri())
    mark = view.locator("main span[data-was]").first
    told = mark.evaluate("(mark, place) => getComputedStyle(mark, place).content", place)
    assert told.strip('" ') == said
    context.close()


@pytest.mark.browser
def test_on_a_phone_one_column_is_left_and_on_paper_every_fold_is_open(tmp_path: Path, browser: Browser) -> None:
    file = tmp_path / "redline.html"
    wide = "\n\n| " + " | ".join(f"column{n}" for n in range(20)) + " |\n" + "|---" * 20 + "|\n"
    file.write_text(page(OLD + wide, NEW + wide.replace("column7", "column_seven"), sides=True), "utf-8")
    context = browser.new_context(viewport={"width": 360, "height": 800})
    view = context.new_page()
    view.goto(file.as_uri())
    assert view.evaluate("document.documentElement.scrollWidth") <= 360
    changed = view.locator(".redline-row:not(.redline-kept):not(.redline-names)", has_text="local storage")
    old, new = (changed.locator(side).bounding_box() for side in (".redline-old", ".redline-new"))
    assert old
    assert new
    assert old["x"] == new["x"]
    assert old["y"] < new["y"]
    view.set_viewport_size({"width": 1280, "height": 800})
    old, new = (changed.locator(side).bounding_box() for side in (".redline-old", ".redline-new"))
    assert old
    assert new
    assert old["y"] == new["y"]
    assert old["x"] < new["x"]
    folded_words = view.locator(".redline-new", has_text="nobody needs again")
    assert not folded_words.is_visible()
    view.emulate_media(media="print")
    assert folded_words.is_visible()
    context.close()
