"""The marks of a redline on a page of the site: what something was is seen, whatever the language."""

from __future__ import annotations

from importlib import resources

import pytest
from playwright.sync_api import Browser

from gazette.redline import compare_markdown, html

CSS = (resources.files("gazette.site") / "assets" / "gazette.css").read_text("utf-8")


def content(browser: Browser, old: str, new: str, place: str) -> str:
    """What the style sheet puts before or after the first mark."""
    fragment = html(compare_markdown(old, new))
    page = browser.new_page()
    page.set_content(f'<style>{CSS}</style><div class="md-typeset"><div class="gz gz-redline">{fragment}</div></div>')
    told = page.locator("span[data-was]").first.evaluate("(m, place) => getComputedStyle(m, place).content", place)
    page.close()
    return str(told).strip('" ').replace("\xa0", " ")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[us](/a)", "[us](/b)", "(← /a)"),
        ("***us***", "us", "(← BI)"),
        ("**un**limited", "unlimited", "(← B)"),
        ("x<sup>2</sup>", "x2", "(← x²)"),
        ("<del>must</del>", "must", "(← S̶)"),
        ("### us\n\n### a", "#### us\n\n### a", "(← H3)"),
        ("words", "## words", "(← ¶)"),
        ("> us", "us", "(← ❝)"),
        ("- a\n    - us\n", "- a\n- us\n", "(← • •)"),
        ("- us\n", "1. us\n", "(← •)"),
        ("- a\n    - b\n        - us\n", "- a\n    - b\n    - us\n", "(← …)"),
        ("[us](code)", "[us](/b)", "(← code)"),
        ("us", "**us**", "none"),
    ],
)
def test_a_former_link_form_or_level_stands_behind_its_words(browser: Browser, old: str, new: str, said: str) -> None:
    assert content(browser, old, new, "::after") == said


@pytest.mark.browser
def test_the_former_number_of_an_item_stands_at_its_beginning(browser: Browser) -> None:
    assert content(browser, "2. us and them\n", "4. us and them\n", "::before") == "(← 2)"
    assert content(browser, "2. us and them\n", "4. us and them\n", "::after") == "none"


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_a_number_that_counts_on_is_struck_and_underlined_in_the_colour_of_what_is_quiet(
    browser: Browser, scheme: str
) -> None:
    page = browser.new_page()
    marks = '<del class="renumbered">4</del><ins class="renumbered">5</ins>'
    page.set_content(
        f'<style>{CSS}</style><body data-md-color-scheme="{scheme}"><div class="md-typeset"><p class="gz gz-redline">'
        f"{marks}</p></div>"
    )
    look = "m => { const s = getComputedStyle(m); return [s.textDecorationLine, s.backgroundColor] }"
    found = [page.locator(f"{tag}.renumbered").evaluate(look) for tag in ("del", "ins")]
    assert found == [["line-through", "rgba(0, 0, 0, 0)"], ["underline", "rgba(0, 0, 0, 0)"]]
    page.close()
