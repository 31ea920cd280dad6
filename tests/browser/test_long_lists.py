"""Lists stay usable in a large archive: many policies, and one of many versions, are folded and searched in place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gazette.policy.model import Change
from tests.browser.conftest import PALETTE
from tests.browser.serving import served
from tests.browser.test_accessibility import FINDINGS, SCRIPT, THEME
from tests.making import CONFIG, Published, make_site, text
from tests.test_plugin import build

pytestmark = pytest.mark.browser

VERSIONS, POLICIES = 70, 45
DAYS = [date(2021, 1, 4) + timedelta(days=15 * n) for n in range(VERSIONS)]
LISTS = ["versions/", "changes/", "sections/clause/", "compare/", "since/"]
SEARCHED = [
    ("versions/", "July 3, 2021", 1),
    ("changes/", "about n12n", 1),
    ("sections/clause/", "n12n words", 2),  # one version brought it, the next took it away
]
ENTRIES = ".gz-timeline__item, .gz-change, .gz-entry-of-section"
TWELFTH = DAYS[12].isoformat()


def _published(n: int) -> Published:
    clause = f"What stays as it is.\n\nThe words of n{n}n."
    change = (Change.MINOR if n % 2 else Change.EDITORIAL) if n else Change.INITIAL
    words = text(clause=clause, rest="All else.")
    return Published(DAYS[n].isoformat(), DAYS[n].isoformat(), words, change=change, summary=f"About n{n}n.")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a site of many policies is served, one of them with many versions."""
    small = [Published("1", "2024-01-01", text(all="All there is."), change=Change.INITIAL)]
    policies = {"long": [_published(n) for n in range(VERSIONS)], **{f"small-{n}": small for n in range(1, POLICIES)}}
    config = CONFIG.replace("theme: {name: material, font: false}\n", PALETTE)
    with served(Path(build(make_site(tmp_path_factory.mktemp("long"), policies, config=config)))) as address:
        yield address


def _height(page: Page) -> int:
    height: int = page.evaluate("document.documentElement.scrollHeight")
    return height


@pytest.mark.parametrize("path", LISTS)
def test_a_long_list_is_folded_by_year_with_the_newest_open(
    browser_without_scripts: Page, address: str, path: str
) -> None:
    page = browser_without_scripts
    page.goto(f"{address}long/{path}")
    expect(page.locator(".gz-year-fold")).to_have_count(3)
    expect(page.locator(".gz-year-fold[open]")).to_have_count(1)
    expect(page.locator(".gz-year-fold").first).to_have_attribute("open", "")
    expect(page.locator(f'.gz-year-fold:has(a[href$="/long/changes/{TWELFTH}/"])').first).to_contain_text("25 versions")


@pytest.mark.parametrize("path", ["changes/", "sections/clause/"])
def test_a_version_that_is_led_to_shows_in_its_folded_year(page: Page, address: str, path: str) -> None:
    page.goto(f"{address}long/{path}#v-{TWELFTH}")
    entry = page.locator(f"#v-{TWELFTH}")
    expect(entry).to_be_in_viewport()
    page.locator(".gz-year-fold", has=entry).evaluate("fold => { fold.open = false }")
    expect(entry).to_be_hidden()
    page.evaluate("dispatchEvent(new HashChangeEvent('hashchange'))")  # as where a browser does not do it by itself
    expect(entry).to_be_in_viewport()


@pytest.mark.parametrize(("path", "words", "count"), SEARCHED)
def test_what_is_asked_for_is_found_in_folded_years(
    page: Page, address: str, path: str, words: str, count: int
) -> None:
    page.goto(f"{address}long/{path}")
    before = page.locator(ENTRIES).locator("visible=true").count()
    field = page.get_by_role("searchbox", name="Find a version")
    field.fill(words.upper())
    expect(page.locator(".gz-year-fold:visible")).to_have_count(1)
    expect(page.get_by_text(f"{count} of {VERSIONS}")).to_be_visible()
    expect(page.locator(ENTRIES).locator("visible=true")).to_have_count(count)
    expect(page.get_by_role("link", name=re.compile(f"version {TWELFTH} changed")).first).to_be_visible()
    field.fill("")
    expect(page.locator(".gz-year-fold:visible")).to_have_count(3)
    assert page.locator(ENTRIES).locator("visible=true").count() == before


def test_many_that_are_found_stay_folded(page: Page, address: str) -> None:
    page.goto(f"{address}long/changes/")
    page.get_by_role("searchbox", name="Find a version").fill("about")
    expect(page.get_by_text("70 of 70")).to_be_visible()
    expect(page.locator(".gz-year-fold[open]")).to_have_count(1)


def test_words_and_kinds_narrow_the_changelog_together(page: Page, address: str) -> None:
    page.goto(f"{address}long/changes/")
    page.get_by_role("searchbox", name="Find a version").fill("n1")
    expect(page.get_by_text("11 of 70")).to_be_visible()
    page.get_by_label("Minor change").uncheck()
    expect(page.get_by_text("5 of 70")).to_be_visible()
    expect(page.locator(".gz-change:visible")).to_have_count(5)
    page.get_by_label("Minor change").check()
    expect(page.locator(".gz-change:visible")).to_have_count(11)


def test_what_a_section_keeps_is_led_to_and_not_repeated_in_a_long_history(page: Page, address: str) -> None:
    page.goto(f"{address}long/sections/clause/")
    expect(page.get_by_text("What stays as it is.")).to_have_count(1)  # in the first version, folded
    page.locator(f"#v-{DAYS[-1].isoformat()}").get_by_role("link", name="1 passage unchanged").click()
    expect(page).to_have_url(f"{address}long/versions/{DAYS[-1].isoformat()}/#clause")


def test_any_of_many_versions_is_chosen_by_its_year(page: Page, address: str) -> None:
    page.goto(f"{address}long/compare/")
    expect(page.locator("select[name=from] optgroup")).to_have_count(3)
    expect(page.locator("select[name=from]")).to_have_value(DAYS[0].isoformat())
    expect(page.locator("select[name=to]")).to_have_value(DAYS[-1].isoformat())
    page.get_by_label("From version").select_option(TWELFTH)
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("[data-gz-result] del", has_text="n12n").first).to_be_visible()


def test_many_policies_are_a_compact_list(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(address)
    assert _height(page) < 400 + 80 * POLICIES
    page.set_viewport_size({"width": 1280, "height": 800})
    assert _height(page) < 400 + 48 * POLICIES
    page.get_by_role("searchbox", name="Find a policy").fill("small 44")
    expect(page.locator(".gz-policy:visible")).to_have_count(1)
    expect(page.get_by_text(f"1 of {POLICIES}")).to_be_visible()


_EDGE = """field => {
  const colours = getComputedStyle(field), ground = getComputedStyle(document.body).backgroundColor
  const light = colour => {
    const canvas = Object.assign(document.createElement("canvas"), {width: 1, height: 1}).getContext("2d")
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(n => n / 255)
      .map(n => n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const [a, b] = [light(colours.borderTopColor), light(ground)].sort((a, b) => b - a)
  return parseFloat(colours.borderTopWidth) && (a + 0.05) / (b + 0.05)
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "long/versions/"])
def test_the_field_to_search_in_has_an_edge_and_fills_its_frame(
    page: Page, address: str, path: str, scheme: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(address + path)
    field = page.locator("[data-gz-find] input")
    assert field.evaluate(_EDGE) >= 3
    box, frame = field.bounding_box(), page.locator("[data-gz-find]").bounding_box()
    assert box is not None
    assert frame is not None
    assert box["height"] >= 24
    assert frame["x"] + frame["width"] - 24 < box["x"] + box["width"] < frame["x"] + frame["width"]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", *[f"long/{path}" for path in LISTS]])
def test_axe_finds_nothing_in_a_long_list(page: Page, address: str, path: str, scheme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(address + path, wait_until="networkidle")
    page.evaluate(SCRIPT)
    assert [(rule, nodes) for rule, nodes in page.evaluate(FINDINGS) if rule not in THEME] == []
