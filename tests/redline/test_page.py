"""A redline as a file of its own: whole, quiet, and readable on a phone, in the dark and on paper."""

from __future__ import annotations

import re
from pathlib import Path

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
