"""Pages as a reader's browser shows them. No page may ask another host for anything: see the fixture `page`."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PAGES = [
    "",
    "privacy-policy/",
    "privacy-policy/versions/",
    "privacy-policy/changes/",
    "privacy-policy/versions/2023-03-18/",
    "privacy-policy/changes/2024-06-03/",
    "terms/versions/2.0/",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone_and_has_no_error(page: Page, address: str, path: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(address + path)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 320
    assert page.locator("h1").count() == 1
    assert errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_words_stand_out_from_their_ground(page: Page, address: str, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(address + path)
    faint = page.evaluate(_FAINT)
    assert faint == []


def test_what_did_not_change_is_folded_and_opens(page: Page, address: str) -> None:
    page.goto(address + "privacy-policy/changes/2024-06-03/")
    folded = page.locator("details.gz-unchanged").first
    assert not folded.locator("p").first.is_visible()
    folded.locator("summary").click()
    assert folded.locator("p").first.is_visible()


def test_changes_are_marked_by_more_than_colour(page: Page, address: str) -> None:
    page.goto(address + "privacy-policy/changes/2024-06-03/")
    lines = {
        name: page.locator(f".gz-redline--changed {name}").first.evaluate("e => getComputedStyle(e).textDecorationLine")
        for name in ("ins", "del")
    }
    assert lines == {"ins": "underline", "del": "line-through"}


def test_a_number_that_changed_is_struck_and_underlined_too(page: Page, address: str) -> None:
    page.goto(address + "privacy-policy/changes/2024-06-03/")
    for name, line in {"ins": "underline", "del": "line-through"}.items():
        mark = page.locator(f".gz-redline--changed {name}").first
        mark.evaluate("e => e.className = 'renumbered'")
        assert mark.evaluate("e => getComputedStyle(e).textDecorationLine") == line


def test_the_way_from_an_old_version_to_what_applies_is_one_click(page: Page, address: str) -> None:
    page.goto(address + "privacy-policy/versions/2023-03-18/")
    page.get_by_role("link", name="Read the version in force").click()
    assert page.url == address + "privacy-policy/"
    page.get_by_role("link", name="See what changes").click()
    assert page.url == address + "privacy-policy/changes/3.0/"


def test_a_reader_without_scripts_reads_everything(browser_without_scripts: Page, address: str) -> None:
    browser_without_scripts.goto(address + "privacy-policy/changes/2024-06-03/")
    assert browser_without_scripts.locator("ins").first.is_visible()
    browser_without_scripts.locator("details.gz-unchanged summary").first.click()
    assert browser_without_scripts.locator("details.gz-unchanged p").first.is_visible()


def test_a_screen_reader_is_told_what_was_added_and_removed(page: Page, address: str) -> None:
    page.goto(address + "privacy-policy/changes/2024-06-03/")
    said = {
        name: page.locator(f".gz-redline--changed {name}").first.evaluate(
            "e => getComputedStyle(e, '::before').content"
        )
        for name in ("ins", "del")
    }
    assert said == {"ins": '" [added: "', "del": '" [removed: "'}


# WCAG 2.2, 1.4.3: 4.5 to 1, or 3 to 1 for large words. Grounds are blended from the page downwards.
_FAINT = """() => {
  const parse = c => { const m = c.match(/[\\d.]+/g).map(Number); return [m[0], m[1], m[2], m[3] ?? 1] }
  const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1)
  const light = c => { const f = c.slice(0, 3).map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    return .2126 * f[0] + .7152 * f[1] + .0722 * f[2] }
  const ground = e => { const chain = []
    for (; e; e = e.parentElement) chain.push(parse(getComputedStyle(e).backgroundColor))
    return chain.reverse().reduce((below, c) => over(c, below), [255, 255, 255, 1]) }
  const faint = []
  for (const e of document.querySelectorAll('.gz *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
    const style = getComputedStyle(e)
    if (!own || !e.checkVisibility({opacityProperty: true}) || style.opacity < 1) continue
    const back = ground(e), front = over(parse(style.color), back)
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x)
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700)
    const ratio = (a + .05) / (b + .05)
    if (ratio < (large ? 3 : 4.5)) faint.push([e.tagName, e.className, e.textContent.trim().slice(0, 30), ratio])
  }
  return faint
}"""
