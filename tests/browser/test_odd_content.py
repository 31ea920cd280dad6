"""Content that is odd and allowed: one section, 400, a title with markup, ids that are also names of pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gazette.policy.model import Change, Section, Text
from tests.browser.serving import served
from tests.making import Published, add_policy, commit, make_site, text
from tests.test_plugin import build

pytestmark = pytest.mark.browser

NAMES = ("versions", "changes", "compare", "since", "sections", "index", "feed", "top", "toc")
NAMED = Text(tuple(Section(name, name.capitalize(), f"What {name} says.") for name in NAMES))
TITLE = "Q&A <img src=x onerror=alert(1)>"
MARKUP = Text((Section("rights", "Your <i>rights</i> & *duties*", "Words."),))
MANY = Text(tuple(Section(f"s{n}", f"Clause {n}", f"The words of clause {n}.") for n in range(400)))


def _with(old: Text, place: int, body: str) -> Text:
    sections = list(old.sections)
    sections[place] = replace(sections[place], body=body)
    return Text(tuple(sections))


def _twice(first: Text, second: Text) -> list[Published]:
    return [Published("1", "2024-01-01", first, change=Change.INITIAL), Published("2", "2025-01-01", second)]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a site of odd policies is served."""
    policies = {
        "single": [Published("1", "2024-01-01", text(all="All there is."), change=Change.INITIAL)],
        "many": _twice(MANY, _with(MANY, 399, "Other words in the last clause.")),
        "named": _twice(NAMED, _with(NAMED, 0, "What versions says now.")),
    }
    root = make_site(tmp_path_factory.mktemp("odd"), policies)
    add_policy(
        root, "marked", _twice(MARKUP, _with(MARKUP, 0, "Other words.")), title="Q&A <img src=x onerror=alert(1)>"
    )
    commit(root)
    with served(Path(build(root))) as address:
        yield address


@pytest.fixture(autouse=True)
def no_alarm(page: Page, address: str) -> Iterator[None]:
    """Nothing in a policy's title runs; nothing of ours fails."""
    said: list[str] = []
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield
    assert said == []


def test_a_version_with_one_section_and_no_other_version_reads_well(page: Page, address: str) -> None:
    page.goto(address + "single/")
    expect(page.get_by_role("heading", level=2)).to_contain_text("All")
    expect(page.locator(".gz-form")).to_have_count(0)  # there is nothing to compare
    page.goto(address + "single/compare/?from=1&to=1")
    expect(page.locator("[data-gz-result]")).to_contain_text("The two versions read the same.")
    page.goto(address + "single/since/?date=2024-02-01")
    expect(page.locator("[data-gz-result]")).to_contain_text("Nothing. On February 1, 2024 version 1 was in force")


def test_of_400_sections_only_the_changed_one_is_asked_for(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith(".json") else None)
    page.goto(address + "many/compare/?from=1&to=2", wait_until="networkidle")
    expect(page.locator("[data-gz-result]")).to_contain_text("Sections changed: 1.")
    expect(page.locator("[data-gz-result] summary")).to_contain_text(["Sections unchanged: 399"])
    expect(page.locator("[data-gz-result] ins")).to_contain_text(["added", "Other"])
    assert [url for url in asked if "wordings" in url] == [address + "many/sections/s399/wordings.json"]
    page.goto(address + "many/")
    page.get_by_role("link", name="Clause 399", exact=True).first.click()
    expect(page.locator("#s399")).to_be_in_viewport()


@pytest.mark.parametrize("name", NAMES)
def test_an_id_that_is_also_a_name_of_a_page_leads_to_its_section(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}named/#{name}")
    expect(page.locator(f'.gz-section h2[id="{name}"]')).to_contain_text(name.capitalize())
    page.goto(f"{address}named/sections/{name}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name.capitalize())


def test_the_pages_keep_their_names_beside_such_sections(page: Page, address: str) -> None:
    for name, heading in {
        "versions": "all versions",
        "changes": "changes",
        "compare": "compare any two versions",
    }.items():
        page.goto(f"{address}named/{name}/")
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    page.goto(address + "named/compare/?from=1&to=2")
    expect(page.locator("[data-gz-result] ins")).to_contain_text(["added", "now"])


@pytest.mark.parametrize("path", ["", "changes/2/", "sections/rights/", "compare/?from=1&to=2", "changes/"])
def test_a_title_with_markup_is_shown_and_not_run(page: Page, address: str, path: str) -> None:
    page.goto(address + "marked/" + path, wait_until="networkidle")
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        re.compile("Q&A <img src=x onerror=alert.1.>|Your rights & duties")
    )
    expect(page.locator(".gz").get_by_text("Your rights & duties").first).to_be_attached()
    assert page.locator(".gz [onerror]").count() == 0
