"""A built site on a local server, and a browser that reaches nothing else."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.serving import served
from tests.making import CONFIG, make_site
from tests.test_plugin import PRIVACY, TERMS, build

PALETTE = """\
theme:
  name: material
  font: false
  features: [toc.follow]
  palette:
    - {media: "(prefers-color-scheme: light)", scheme: default, primary: white}
    - {media: "(prefers-color-scheme: dark)", scheme: slate, primary: black}
"""


class _Said(logging.Handler):
    """What a build says."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The site of the plugin's tests, and the Content-Security-Policy that its build prints."""
    config = CONFIG.replace("theme: {name: material, font: false}\n", PALETTE)
    root = make_site(tmp_path_factory.mktemp("browser"), {"privacy-policy": PRIVACY, "terms": TERMS}, config=config)
    said, log = _Said(), logging.getLogger("mkdocs")
    level = log.level
    log.addHandler(said)
    log.setLevel(logging.INFO)
    try:
        site = Path(build(root))
    finally:
        log.removeHandler(said)
        log.setLevel(level)
    [line] = [line for line in said.lines if "Content-Security-Policy: " in line]
    return site, line.partition("Content-Security-Policy: ")[2]


@pytest.fixture(scope="session")
def address(built: tuple[Path, str]) -> Iterator[str]:
    """Where the site of the plugin's tests is served."""
    with served(built[0]) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page that refuses, and fails on, every request to another host."""
    refused: list[str] = []

    def only_here(route: Route) -> None:
        if route.request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.route("**/*", only_here)
    yield context.new_page()
    context.close()
    assert refused == []


@pytest.fixture
def browser_without_scripts(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()
