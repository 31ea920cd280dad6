"""Pictures of each kind of page, at phone and desk widths, light and dark: to be looked at.

    .venv/bin/python tests/browser/screenshots.py [SITE] [OUT]

SITE is a built site (default: site/); the pictures go to OUT (default: screenshots/).
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.browser.serving import launch, served

WIDTHS = {"phone": 360, "desk": 1280}


def main(site: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with served(site) as address, sync_playwright() as playwright:
        browser = launch(playwright)
        for name, path in pages(site).items():
            for scheme in ("light", "dark"):
                for width in WIDTHS:
                    picture = out / f"{name}-{width}-{scheme}.png"
                    _take(browser, address + path, WIDTHS[width], scheme, picture)
                    sys.stdout.write(f"{picture}\n")
        browser.close()


def pages(site: Path) -> dict[str, str]:
    """One page of each kind, from the first policy that has most of them."""
    policy = max((path.parent for path in site.glob("*/versions.json")), key=lambda p: len(list(p.glob("versions/*"))))
    found = {"front": "", "in-force": f"{policy.name}/"}
    found |= {name: f"{policy.name}/{name}/" for name in ("versions", "changes")}
    for kind in ("versions", "changes"):
        labels = sorted(path.name for path in (policy / kind).iterdir() if path.is_dir())
        chosen = dict.fromkeys([labels[0], labels[-1]]) if labels else {}
        found |= {f"{kind[:-1]}-{label}": f"{policy.name}/{kind}/{label}/" for label in chosen}
    sections = sorted(path.name for path in (policy / "sections").iterdir())
    found["section"] = f"{policy.name}/sections/{sections[0]}/"
    found["compare"] = f"{policy.name}/compare/?from={labels[0]}"
    found["since"] = f"{policy.name}/since/?date=2023-05-01"
    return found


def _take(browser: Browser, address: str, width: int, scheme: str, picture: Path) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=1,
    )
    page.goto(address, wait_until="networkidle")
    page.screenshot(path=picture, full_page=True)
    page.close()


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:]]
    main(given[0] if given else Path("site"), given[1] if len(given) > 1 else Path("screenshots"))
