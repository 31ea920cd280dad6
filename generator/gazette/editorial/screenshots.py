"""Pictures of pages, by the browser that a machine has: for reviewers who want to see what a change looks like.

Takes files of a built site; hides the browser's command line. Nothing is fetched from anywhere.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from gazette.errors import GazetteError

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "chrome")
#: Width and height in CSS pixels: a desk's, and a phone's.
SIZES = {"desk": (1280, 2000), "phone": (390, 1600)}
_SECONDS = 60


class ScreenshotFailed(GazetteError):  # noqa: N818 - it says what is the matter
    """The browser made no picture; its own words."""


def browser() -> str | None:
    """The browser of this machine, if it has one."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def take(command: str, pages: Iterable[Path], folder: Path) -> tuple[Path, ...]:
    """One picture of each page in each size, named after the page's place; gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for page in pages:
        name = page.parent.name if page.name == "index.html" else page.stem
        for size, (width, height) in SIZES.items():
            target = folder / f"{name}-{size}.png"
            _take(command, page, target, width, height)
            made.append(target)
    return tuple(made)


def _take(command: str, page: Path, target: Path, width: int, height: int) -> None:
    with tempfile.TemporaryDirectory(prefix="gazette-") as profile:
        arguments = [
            command,
            "--headless",
            "--no-sandbox",  # a runner's container has none; the pages are our own build
            "--disable-gpu",
            "--disable-background-networking",
            "--hide-scrollbars",
            f"--user-data-dir={profile}",
            f"--window-size={width},{height}",
            f"--screenshot={target.resolve()}",
            page.resolve().as_uri(),
        ]
        try:
            done = subprocess.run(arguments, capture_output=True, timeout=_SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise ScreenshotFailed(f"{command} did not finish within {_SECONDS} seconds") from error
    if not target.is_file():
        raise ScreenshotFailed(f"{command} made no picture of {page}: {done.stderr.decode('utf-8', 'replace')[-300:]}")
