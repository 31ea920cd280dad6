"""Material's instant navigation: whichever pages it takes over, each is the one that was asked for, and works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.serving import served
from tests.making import CONFIG, make_site
from tests.test_plugin import PRIVACY, TERMS, build

pytestmark = pytest.mark.browser

THEME = "theme: {name: material, font: false, features: [navigation.instant, navigation.instant.progress]}\n"


@pytest.fixture(scope="module")
def instant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a site with instant navigation is served, under the address that it was built for."""
    folder = tmp_path_factory.mktemp("instant")
    config = CONFIG.replace("theme: {name: material, font: false}\n", THEME)
    root = make_site(folder, {"privacy-policy": PRIVACY, "terms": TERMS}, config=config)
    with served(Path(build(root))) as address:
        yield address


def test_links_between_pages_of_all_kinds_lead_to_them(browser: Browser, instant: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page: Page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{instant}privacy-policy/")
    page.wait_for_load_state("networkidle")
    ways = ["versions/", "versions/2023-03-18/", "", "changes/", "changes/2024-06-03/", ""]
    for way in ways:
        address = f"{instant}privacy-policy/{way}"
        page.locator("article a:visible").evaluate_all(
            "(links, address) => { const found = links.find(link => link.href.split('#')[0] === address);"
            " if (!found) throw Error('no link to ' + address); found.click() }",
            address,
        )
        page.wait_for_url(lambda url, wanted=address: url.partition("#")[0] == wanted)
        page.wait_for_load_state("networkidle")
        fresh = context.new_page()
        fresh.goto(address)
        assert page.locator("h1").first.inner_text() == fresh.locator("h1").first.inner_text(), way
        assert page.title() == fresh.title(), way
        fresh.close()
    context.close()
    assert errors == []
