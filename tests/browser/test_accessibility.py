"""axe-core finds nothing on any kind of page, light and dark, narrow and wide; the keyboard reaches everything."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

axe = pytest.importorskip("axe_playwright_python", reason="axe-core is not installed")

pytestmark = pytest.mark.browser

SCRIPT = (Path(axe.__file__).parent / "axe.min.js").read_text()
FINDINGS = """axe.run({exclude: [['.md-copyright']]}).then(
  found => found.violations.map(rule => [rule.id, rule.nodes.map(node => node.html.slice(0, 160))]))"""
PAGES = [
    "",
    "privacy-policy/",
    "privacy-policy/versions/",
    "privacy-policy/changes/",
    "privacy-policy/versions/2023-03-18/",
    "privacy-policy/changes/2024-06-03/",
    "privacy-policy/sections/",
    "privacy-policy/sections/sharing/",
    "privacy-policy/compare/?from=2023-03-18&to=3.0",
    "privacy-policy/since/?date=2023-05-01",
]

#: What the theme's own templates cause on every page, ours or not; and so does its line "Made with", in light.
THEME = {
    "aria-dialog-name",  # the theme's search has none
}


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(page: Page, address: str, path: str, scheme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(address + path, wait_until="networkidle")
    page.evaluate(SCRIPT)
    found = page.evaluate(FINDINGS)
    assert [(rule, nodes) for rule, nodes in found if rule not in THEME] == []


@pytest.mark.parametrize("path", PAGES)
def test_at_twice_the_size_nothing_is_cut_off(page: Page, address: str, path: str) -> None:
    page.set_viewport_size({"width": 640, "height": 400})  # what is left of 1280 by 800
    page.goto(address + path, wait_until="networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_the_keyboard_reaches_every_control_of_a_redline(page: Page, address: str) -> None:
    page.goto(address + "privacy-policy/changes/2024-06-03/")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.textContent.trim()"))
    assert {"Previous change", "Next change", "One column", "Side by side"} <= reached


@pytest.mark.parametrize("path", PAGES)
def test_the_keyboard_reaches_all_that_a_pointer_does(page: Page, address: str, path: str) -> None:
    page.goto(address + path, wait_until="networkidle")
    wanted = page.evaluate(_REACHABLE)
    assert wanted > 0
    for _ in range(wanted + 60):  # what the theme has besides
        page.keyboard.press("Tab")
        page.evaluate("document.activeElement.dataset.reached = ''")
    left = page.evaluate("all => [...document.querySelectorAll(all)].map(e => e.outerHTML.slice(0, 160))", _LEFT)
    assert left == []


def test_in_forced_colours_changes_keep_their_lines(page: Page, address: str) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(address + "privacy-policy/changes/2024-06-03/")
    for name, line in {"ins": "underline", "del": "line-through"}.items():
        mark = page.locator(f".gz-redline--changed {name}").first
        assert mark.evaluate("e => getComputedStyle(e).textDecorationLine") == line


def test_a_page_brings_at_most_40_kb_of_our_own(page: Page, address: str) -> None:
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())) if "/assets/gazette/" in answer.url else None)
    page.goto(address + "privacy-policy/", wait_until="networkidle")
    assert 0 < sum(sizes) <= 40_000


_LEFT = "[data-wanted]:not([data-reached])"
_REACHABLE = """() => {
  const all = [...document.querySelectorAll(".gz :is(a[href], button, input, select, summary, [tabindex='0'])")]
  const shown = all.filter(e => e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}))
  for (const e of shown) e.dataset.wanted = ""
  return shown.length
}"""
