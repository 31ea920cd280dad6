"""A reader's paths: what changed since I agreed, any two versions, step by step, on paper; and what may go wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser

REDLINE = "privacy-policy/changes/2024-06-03/"
DATES = ("2023-03-18", "March 18, 2023", "March 18, 2023")


def test_on_a_phone_what_changed_since_i_agreed(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address + "privacy-policy/")
    page.get_by_label("When did you agree?").fill("2023-05-01")
    page.get_by_role("button", name="What changed since?").click()
    page.wait_for_url("**/privacy-policy/since/?date=2023-05-01")
    result = page.locator("[data-gz-result]")
    expect(result).to_contain_text("On May 1, 2023 version 2023-03-18 was in force")
    expect(result.locator("ins")).to_contain_text(["one processor"])
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("date=2020-01-01", "no version was in force yet. The first was version 2023-03-18"),
        ("date=2025-01-01", "Nothing. On January 1, 2025 version 2024-06-03 was in force"),
        ("date=2023-02-31", "This is no day: 2023-02-31."),
        ("date=<img src=x onerror=alert(1)>", "This is no day: <img src=x onerror=alert(1)>."),
        ("date=", "This is no day:"),
    ],
)
def test_any_day_reads_well(page: Page, address: str, asked: str, said: str) -> None:
    page.goto(f"{address}privacy-policy/since/?{asked}")
    expect(page.locator("[data-gz-result]")).to_contain_text(said)
    assert page.locator("[data-gz-result] img").count() == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("from=2023-03-18&to=3.0", "From version 2023-03-18 to version 3.0."),
        ("from=3.0&to=2023-03-18", "the two have changed places"),
        ("from=3.0&to=3.0", "The two versions read the same."),
        ("from=9&to=3.0", "There is no version 9."),
        ("from=2023-03-18", "From version 2023-03-18 to version 2024-06-03."),
        ("from=%3Cscript%3Ealert(1)%3C/script%3E&to=3.0", "There is no version <script>alert(1)</script>."),
    ],
)
def test_any_two_versions_read_well(page: Page, address: str, asked: str, said: str) -> None:
    page.goto(f"{address}privacy-policy/compare/?{asked}")
    expect(page.locator("[data-gz-result]")).to_contain_text(said)


def test_two_neighbours_are_counted_as_on_the_page_of_their_redline(page: Page, address: str) -> None:
    def counted(path: str) -> list[tuple[str, list[str]]]:
        page.goto(address + path, wait_until="networkidle")
        said = page.locator(".gz-changed li").all_inner_texts()
        return [(line.split(";")[0], re.findall(r"\d+", line)) for line in said]

    assert counted(REDLINE) == counted("privacy-policy/compare/?from=2023-03-18&to=2024-06-03") != []


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("from=3.0&to=2023-03-18", ["2023-03-18", "3.0"]), ("from=2023-03-18", ["2023-03-18", "2024-06-03"])],
)
def test_the_form_says_what_is_compared(page: Page, address: str, asked: str, shown: list[str]) -> None:
    page.goto(f"{address}privacy-policy/compare/?{asked}")
    expect(page.locator("[data-gz-result]")).to_contain_text("From version")
    for name, label in zip(("From version", "To version"), shown, strict=True):
        expect(page.get_by_label(name)).to_have_value(label)


def test_the_first_and_the_last_version_are_chosen_and_compared(page: Page, address: str) -> None:
    page.goto(address + "privacy-policy/versions/")
    page.get_by_role("link", name="Compare any two versions").click()
    page.get_by_label("From version").select_option("2023-03-18")
    page.get_by_label("To version").select_option("3.0")
    page.get_by_role("button", name="Compare", exact=True).click()
    result = page.locator("[data-gz-result]")
    expect(result).to_contain_text("Section added")
    expect(result).to_contain_text("Sections changed: 2.")
    expect(result.locator(".gz-changed li")).to_have_text(
        ["Sharing reworded; words added: 2; words removed: 1", "Transfers added; words added: 4"]
    )
    page.keyboard.press("j")
    expect(page.locator("[data-gz-place]")).to_have_text(re.compile("Change 1 of "))
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") != first
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == first


@pytest.mark.parametrize("path", [REDLINE, "privacy-policy/compare/?from=2023-03-18&to=3.0"])
def test_the_steps_stay_at_hand_and_cover_no_heading_that_was_asked_for(page: Page, address: str, path: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 300})
    page.goto(address + path, wait_until="networkidle")
    page.locator(".gz-changed a").first.click()
    bar, heading = (
        page.locator(".gz-tools").bounding_box(),
        page.locator(".gz-redline--changed h2").first.bounding_box(),
    )
    assert bar is not None
    assert heading is not None
    assert 40 <= bar["y"] <= 60  # below the theme's header
    assert heading["y"] >= bar["y"] + bar["height"]


def test_single_keys_can_be_turned_off_for_good(page: Page, address: str) -> None:
    page.goto(address + REDLINE)
    page.get_by_label("with the keys J and K").uncheck()
    page.reload()
    page.keyboard.press("j")
    expect(page.locator("[data-gz-place]")).to_be_empty()


def test_a_phone_has_buttons_for_the_steps_and_no_switch_for_keys(page: Page, address: str) -> None:
    page.goto(address + REDLINE)
    expect(page.get_by_label("with the keys J and K")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.get_by_label("with the keys J and K")).to_be_hidden()
    for name in ("Previous change", "Next change"):
        expect(page.get_by_role("button", name=name)).to_be_visible()


BROKEN = """() => [...document.querySelectorAll(".gz *")].flatMap(element => [...element.childNodes])
  .filter(node => node.nodeType === Node.TEXT_NODE && node.parentElement.offsetParent)
  .flatMap(node => [...node.data.matchAll(/\\d{4}-\\d\\d-\\d\\d/g)].filter(found => {
    const range = document.createRange()
    range.setStart(node, found.index)
    range.setEnd(node, found.index + found[0].length)
    return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1
  }).map(() => node.data))"""


@pytest.mark.parametrize(
    "path", ["", "versions/", "versions/3.0/", "changes/", "changes/3.0/", "compare/?from=2023-03-18&to=2024-06-03"]
)
def test_a_label_is_never_parted_at_its_hyphens(page: Page, address: str, path: str) -> None:
    page.goto(f"{address}privacy-policy/{path}", wait_until="networkidle")
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    for width in (320, 340, 360, 390, 420):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate(BROKEN) == []


def test_side_by_side_is_remembered_and_a_narrow_screen_gets_one_column(page: Page, address: str) -> None:
    page.goto(address + REDLINE)
    page.get_by_role("button", name="Side by side").click()
    page.reload()
    sides = page.locator(".gz-redline--changed .gz-sides").first
    expect(sides).to_be_visible()
    assert sides.locator("ins").count() > 0
    assert sides.locator("del").count() > 0
    assert page.locator(".gz-sides__old ins, .gz-sides__new del").count() == 0
    expect(page.locator(".gz-redline--sides > :not(.gz-sides):visible")).to_have_count(0)
    expect(page.locator(".gz-sides:visible h2:visible").first).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.locator(".gz-sides")).to_have_count(0)
    expect(page.locator(".gz-redline--changed > h2").first).to_be_visible()


def test_side_by_side_each_item_has_the_number_that_it_has_in_its_text(page: Page, address: str) -> None:
    page.goto(address + REDLINE)
    page.locator(".gz-redline--changed").first.evaluate(
        """section => section.insertAdjacentHTML("beforeend", `<ol class="numbered"><li>One</li><li><del>Gone</del></li>
        <li value="2"><ins>New</ins></li><li>Three</li><li><ins>Four</ins></li>
        <li><span class="renumbered" data-was="4">Five</span></li></ol>`)"""
    )
    page.get_by_role("button", name="Side by side").click()
    for side, numbers in {"old": [1, 2, 3, 4], "new": [1, 2, 3, 4, 5]}.items():
        items = page.locator(f".gz-sides__{side} .numbered li")
        assert [item.evaluate("item => item.value") for item in items.all()] == numbers


def test_a_missing_file_is_said_where_it_is_missing(page: Page, address: str) -> None:
    page.route("**/wordings.json", lambda route: route.fulfill(status=404))
    page.goto(f"{address}privacy-policy/compare/?from=2023-03-18&to=3.0")
    result = page.locator("[data-gz-result]")
    expect(result).to_contain_text("This section could not be compared, since a file is missing.")
    assert result.get_by_role("link", name="as it was").first.get_attribute("href") == "../versions/2023-03-18/#sharing"


def test_a_site_that_is_half_there_says_so(page: Page, address: str) -> None:
    page.route("**/compare/index.json", lambda route: route.fulfill(status=404))
    page.goto(f"{address}privacy-policy/since/?date=2023-05-01")
    expect(page.locator("[data-gz-result]")).to_contain_text("A part of the site could not be loaded.")
    expect(page.get_by_role("heading", name="When each version applied")).to_be_visible()


def test_without_storage_everything_works_but_the_memory(page: Page, address: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused') }})")
    page.goto(address + REDLINE)
    page.get_by_role("button", name="Side by side").click()
    expect(page.locator(".gz-sides").first).to_be_visible()
    assert [error for error in errors if "gazette" in error] == []


@pytest.mark.parametrize("path", ["compare/?from=2023-03-18&to=3.0", "since/?date=2023-05-01"])
def test_without_scripts_the_redlines_are_listed(browser_without_scripts: Page, address: str, path: str) -> None:
    browser_without_scripts.goto(f"{address}privacy-policy/{path}")
    links = browser_without_scripts.get_by_role("link", name=re.compile("^What version .* changed$"))
    assert links.count() == 2


def test_the_changelog_is_filtered_by_kind(page: Page, address: str) -> None:
    page.goto(address + "privacy-policy/changes/")
    shown = page.locator("[data-gz-kind]:visible")
    before = shown.count()
    page.get_by_label("First version").uncheck()
    assert shown.count() == before - 1


def test_whoever_comes_from_an_old_version_is_told_so(page: Page, address: str) -> None:
    page.goto(address + "privacy-policy/versions/2023-03-18/")
    page.get_by_role("link", name="Read the version in force").click()
    expect(page.get_by_text("You come from version 2023-03-18.")).to_be_visible()
    page.get_by_role("link", name="Compare the two").click()
    expect(page.locator("[data-gz-result]")).to_contain_text("From version 2023-03-18 to version 2024-06-03.")


def test_a_section_tells_its_history_from_the_page_in_force(page: Page, address: str) -> None:
    page.goto(address + "privacy-policy/")
    page.locator(".gz-age summary").nth(1).click()
    page.get_by_role("link", name="History of the section “Sharing”").click()
    expect(page.get_by_role("heading", level=2)).to_have_text(["Version 2024-06-03", "Version 2023-03-18"])
    expect(page.locator("ins")).to_have_count(2)  # one explains the sign


@pytest.mark.parametrize("path", ["", "versions/2023-03-18/"])
def test_on_paper_each_sheet_says_version_dates_and_digest(page: Page, address: str, path: str) -> None:
    page.goto(f"{address}privacy-policy/{path}")
    assert page.pdf(format="A4").startswith(b"%PDF")
    sheet = page.locator(".gz-sheet")
    expect(sheet).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".gz-form, .gz-views").first).to_be_hidden()
    expect(sheet).to_be_visible()
    assert sheet.evaluate("e => getComputedStyle(e).position") == "fixed"  # browsers repeat it on each sheet
    label, published, effective = ("2024-06-03", "June 3, 2024", "July 3, 2024") if not path else DATES
    expect(sheet).to_contain_text(f"version {label} · published on {published} · effective {effective}")
    expect(sheet).to_contain_text(re.compile("sha256: [0-9a-f]{64}"))


@pytest.mark.parametrize("path", ["", "compare/?from=2023-03-18&to=3.0", "versions/3.0/", "changes/", "none"])
def test_under_the_header_that_the_build_prints_nothing_is_refused(
    page: Page, address: str, built: tuple[Path, str], path: str
) -> None:
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)

    def strictly(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "Content-Security-Policy": built[1]})

    page.route(lambda url: url.endswith(("/", ".html")) or "?" in url, strictly)
    path = f"privacy-policy/{path}" if path != "none" else "404.html"
    page.goto(address + path, wait_until="networkidle")
    if "?" in path:
        expect(page.locator("[data-gz-result] ins").first).to_be_visible()
    assert refused == []
