"""What it takes to compare any two of many versions in the browser: the files, and the time until a redline is shown.

    python benchmarks/comparing.py [VERSIONS]

Builds a site of one policy with so many versions (default: 500) in a temporary folder, and compares a few pairs of them
in Chromium: the first and the last, neighbours, and pairs between. Times are from opening the page to the redline.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from archives import Shape, write_archive
from playwright.sync_api import Browser, Response, sync_playwright
from running import environment

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.browser.serving import launch, served

POLICY = "policy-0001"
_SHOWN = "[data-gz-result] .gz-redline--changed, [data-gz-result] .gz-changed"


def main(arguments: Sequence[str]) -> int:
    versions = int(arguments[0]) if arguments else 500
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_archive(root, Shape(versions, versions))
        command = [str(Path(sys.executable).parent / "mkdocs"), "build", "--quiet"]
        subprocess.run(command, cwd=root, check=True, env=environment())
        site = root / "site"
        weigh(site / POLICY, versions)
        labels = sorted(path.name for path in (site / POLICY / "versions").iterdir() if path.is_dir())
        last = len(labels) - 1
        with served(site) as address, sync_playwright() as playwright:
            browser = launch(playwright)
            for old, new in [(0, last), (last - 1, last), (0, 1), (0, last // 2), (last // 2, last)]:
                show(
                    browser,
                    f"{address}{POLICY}/compare/?from={labels[old]}&to={labels[new]}",
                    f"{old + 1} and {new + 1}",
                )
            browser.close()
    return 0


def weigh(folder: Path, versions: int) -> None:
    """The files that pages of comparison read."""
    wordings = [path.stat().st_size for path in folder.glob("sections/*/*.json")]
    index = (folder / "compare/index.json").stat().st_size
    total, largest = sum(wordings) / 1e6, max(wordings) / 1e3
    print(f"{versions} versions, {versions * (versions - 1) // 2} pairs: index {index / 1e3:.0f} kB;")
    print(f"  {len(wordings)} files of wordings, {total:.1f} MB in all, the largest {largest:.0f} kB")


def show(browser: Browser, address: str, name: str) -> None:
    page = browser.new_page()
    read: list[int] = []

    def answered(response: Response) -> None:
        if response.url.endswith(".json") and response.ok:
            read.append(len(response.body()))

    page.on("response", answered)
    page.goto(address, wait_until="commit")
    page.locator(_SHOWN).first.wait_for()
    taken = page.evaluate("performance.now()")
    changed = page.locator("[data-gz-result] .gz-redline--changed").count()
    print(f"  versions {name}: {taken:.0f} ms, {changed} sections changed, {len(read)} files, {sum(read) / 1e3:.0f} kB")
    page.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
