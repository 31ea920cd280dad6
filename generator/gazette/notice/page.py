"""Before the first message: is the version really published, and is it the text of the record?"""

from __future__ import annotations

import hashlib
import http.client
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from html import unescape

from gazette.errors import GazetteError
from gazette.notice.model import Page
from gazette.notice.pacing import steady

TIMEOUT_SECONDS = 30
LARGEST = 32 * 1024 * 1024
EVERY_SECONDS = 10.0
META = re.compile(r"<meta\b[^>]*>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")

Fetch = Callable[[str], bytes]


class NotPublishedError(GazetteError):
    """The page that a notice would send people to is not there, or holds another text."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; nothing was sent: publish the site, then run it again (or let --wait 15m wait)")


def check_published(page: Page, fetch: Fetch | None = None) -> None:
    """Fetch the page, its `text.md` and its redline, and compare digests with the record. Raises NotPublishedError."""
    fetch = fetch or fetch_page
    found = "sha256:" + hashlib.sha256(fetch(page.text)).hexdigest()
    if found != page.digest:
        raise NotPublishedError(f"{page.text} holds another text than the record: {found}, not {page.digest}")
    shown = digest_of(fetch(page.page).decode("utf-8", "replace"))
    if shown != page.digest:
        raise NotPublishedError(f"{page.page} is not the page of this text: its digest is {shown or 'missing'}")
    if page.redline:
        fetch(page.redline)


def await_published(page: Page, seconds: float, fetch: Fetch | None = None, pause: float = EVERY_SECONDS) -> None:
    """`check_published` until it holds, for at most so many seconds."""
    end = steady() + seconds
    while True:
        try:
            return check_published(page, fetch)
        except NotPublishedError:
            if steady() + pause > end:
                raise
            time.sleep(pause)


def digest_of(html: str) -> str:
    """What the page's `<meta name="gazette-digest">` says, or empty."""
    for tag in META.findall(html):
        attributes = {m[1].lower(): unescape(m[2] or m[3] or m[4] or "") for m in ATTRIBUTE.finditer(tag)}
        if attributes.get("name") == "gazette-digest":
            return attributes.get("content", "")
    return ""


def fetch_page(url: str) -> bytes:
    """What the web gives for `url`, not from a cache. Raises NotPublishedError."""
    if not url.startswith(("https://", "http://")):
        raise NotPublishedError(f"{url} is no address on the web")
    request = urllib.request.Request(url, headers={"User-Agent": "gazette-notify", "Cache-Control": "no-cache"})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            data: bytes = response.read(LARGEST)
            return data
    except urllib.error.HTTPError as error:
        error.close()
        raise NotPublishedError(f"{url} answers {error.code}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotPublishedError(f"{url} can't be fetched: {getattr(error, 'reason', None) or error}") from error
