"""Pictures of each kind of page, at phone and desk widths, light and dark: to be looked at.

    .venv/bin/python tests/browser/screenshots.py [SITE] [OUT]

SITE is a built site (default: site/); the pictures go to OUT (default: screenshots/). `make screenshots` builds the
repository's own content and takes them. A redline is also taken side by side, in forced colours, and as it is printed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.browser.serving import launch, served

WIDTHS = {"phone": 360, "desk": 1280}


def main(site: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    found = pages(site)
    with served(site) as address, sync_playwright() as playwright:
        browser = launch(playwright)
        for name, path in found.items():
            for scheme in ("light", "dark"):
                for width, pixels in WIDTHS.items():
                    _take(browser, address + path, pixels, scheme, out / f"{name}-{width}-{scheme}.png")
        redline = address + [path for name, path in found.items() if name.startswith("change-")][-1]
        _take_redline(browser, redline, out)
        _print(browser, address + found["in-force"], out / "in-force.pdf")
        _print(browser, redline, out / "redline.pdf")
        browser.close()


def pages(site: Path) -> dict[str, str]:
    """One page of each kind, from the policy that has most versions; and of each other policy the text in force."""
    versions = {path.parent.name: json.loads(path.read_text())["versions"] for path in site.glob("*/versions.json")}
    policy, *others = sorted(versions, key=lambda name: -len(versions[name]))
    labels = [version["label"] for version in reversed(versions[policy])]
    found = {"front": "", "in-force": f"{policy}/"} | {f"in-force-{name}": f"{name}/" for name in others}
    found |= {name: f"{policy}/{name}/" for name in ("versions", "changes")}
    found |= {f"version-{label}": f"{policy}/versions/{label}/" for label in (labels[0], labels[-1])}
    found |= {f"change-{label}": f"{policy}/changes/{label}/" for label in labels[-2:]}
    sections = sorted((site / policy / "sections").glob("*/index.html"), key=lambda path: len(path.read_text()))
    found |= {f"section-{path.parent.name}": f"{policy}/sections/{path.parent.name}/" for path in sections[-2:]}
    found["compare"] = f"{policy}/compare/?from={labels[0]}&to={labels[-1]}"
    found["since"] = f"{policy}/since/?date=2023-05-01"
    return found


def _take(browser: Browser, address: str, width: int, scheme: str, picture: Path) -> None:
    page = _page(browser, width, scheme)
    page.goto(address, wait_until="networkidle")
    _save(page, picture)


def _take_redline(browser: Browser, address: str, out: Path) -> None:
    for scheme in ("light", "dark"):
        page = _page(browser, WIDTHS["desk"], scheme)
        page.goto(address, wait_until="networkidle")
        page.get_by_role("button", name="Side by side").click()
        _save(page, out / f"redline-sides-desk-{scheme}.png")
    page = _page(browser, WIDTHS["desk"], "dark")
    page.emulate_media(forced_colors="active")
    page.goto(address, wait_until="networkidle")
    _save(page, out / "redline-forced-colours-desk.png")


def _print(browser: Browser, address: str, paper: Path) -> None:
    page = _page(browser, WIDTHS["desk"], "light")
    page.goto(address, wait_until="networkidle")
    paper.write_bytes(page.pdf(format="A4"))
    page.close()
    sys.stdout.write(f"{paper}\n")


def _page(browser: Browser, width: int, scheme: str) -> Page:
    return browser.new_page(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=1,
    )


def _save(page: Page, picture: Path) -> None:
    page.screenshot(path=picture, full_page=True)
    page.close()
    sys.stdout.write(f"{picture}\n")


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:]]
    main(given[0] if given else Path("site"), given[1] if len(given) > 1 else Path("screenshots"))
