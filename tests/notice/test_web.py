"""The published page is looked at before the first message; the webhook says the same to a machine."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import SecretStr

from gazette.notice.model import Channel, Page, Recipient, State
from gazette.notice.notifying import Notifier
from gazette.notice.options import Secrets, shown
from gazette.notice.outbox import Ledger
from gazette.notice.page import NotPublishedError, await_published, check_published, digest_of
from tests.notice.making import make, options, people
from tests.notice.sink import Sink

TEXT = b"## Title {#title}\n\nThe text.\n"
DIGEST = "sha256:" + hashlib.sha256(TEXT).hexdigest()
HTML = f"<html><head><meta content=\"{DIGEST}\" name='gazette-digest'></head></html>".encode()


class Site:
    """A web server whose pages a test may change."""

    def __init__(self) -> None:
        site = self
        self.pages: dict[str, bytes] = {}
        self.posts: list[tuple[dict[str, str], bytes]] = []
        self.answer: Callable[[], int] = lambda: 204

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = site.pages.get(self.path)
                self.send_response(200 if body is not None else 404)
                self.end_headers()
                self.wfile.write(body or b"")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                site.posts.append((dict(self.headers), body))
                self.send_response(site.answer())
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def publish(self) -> Page:
        self.pages = {"/p/versions/1/": HTML, "/p/versions/1/text.md": TEXT, "/p/changes/1/": b"redline"}
        return self.page

    @property
    def page(self) -> Page:
        base = f"{self.url}/p"
        return Page(f"{base}/versions/1/", f"{base}/versions/1/text.md", DIGEST, f"{base}/changes/1/")


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_what_is_published_may_be_announced(site: Site) -> None:
    check_published(site.publish())


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/p/versions/1/text.md", None, "answers 404"),
        ("/p/versions/1/text.md", TEXT + b"more", "holds another text than the record"),
        ("/p/versions/1/", None, "answers 404"),
        ("/p/versions/1/", b"<html></html>", "its digest is missing"),
        ("/p/versions/1/", HTML.replace(b"sha256:", b"sha256:0"), "is not the page of this text"),
        ("/p/changes/1/", None, "answers 404"),
    ],
)
def test_what_is_not_published_is_not(site: Site, path: str, body: bytes | None, message: str) -> None:
    page = site.publish()
    if body is None:
        del site.pages[path]
    else:
        site.pages[path] = body
    with pytest.raises(NotPublishedError, match=message):
        check_published(page)


def test_a_site_that_is_away_is_not_published(site: Site) -> None:
    page = site.publish()
    site.server.shutdown()
    site.server.server_close()
    with pytest.raises(NotPublishedError, match="can't be fetched"):
        check_published(page)


def test_one_may_wait_for_the_site(site: Site) -> None:
    threading.Timer(0.3, site.publish).start()
    await_published(site.page, 5, pause=0.1)
    site.pages.clear()
    with pytest.raises(NotPublishedError):
        await_published(site.page, 0.3, pause=0.1)


@pytest.mark.parametrize(
    ("html", "digest"),
    [
        ('<meta name="gazette-digest" content="x">', "x"),
        ("<META CONTENT=x NAME=gazette-digest />", "x"),
        ('<meta name="other" content="x">', ""),
        ("", ""),
    ],
)
def test_the_pages_digest_is_found(html: str, digest: str) -> None:
    assert digest_of(html) == digest


def hooked(ledger: Ledger, site: Site, port: int, **given: object) -> Notifier:
    secrets = Secrets(
        smtp_url=SecretStr(f"smtp://127.0.0.1:{port}?tls=none"),
        webhook_url=SecretStr(site.url + "/hook?token=hunter2"),
        webhook_secret=SecretStr("key"),
    )
    return Notifier(ledger, options(**given), secrets)


def test_a_webhook_hears_once_signed_and_is_on_record(sqlite_ledger: Ledger, site: Site) -> None:
    hook = Recipient(shown(site.url + "/hook?token=hunter2"), channel=Channel.WEBHOOK)
    made = make(sqlite_ledger, [*people(3), hook]).made
    with Sink() as sink:
        for _ in range(2):
            hooked(sqlite_ledger, site, sink.port).deliver_all()
        assert len(sink.accepted) == 3
    ((headers, body),) = site.posts
    assert json.loads(body)["policy"] == "privacy-policy"
    seconds, _, digest = headers["Gazette-Signature"].removeprefix("t=").partition(",v1=")
    assert digest == hmac.new(b"key", f"{seconds}.".encode() + body, "sha256").hexdigest()
    assert sqlite_ledger.counts(made.id)[State.SENT] == 4
    assert "hunter2" not in str(list(sqlite_ledger.evidence()))


def test_a_webhook_that_fails_is_tried_again(sqlite_ledger: Ledger, site: Site) -> None:
    answers = iter([500, 429, 200])
    site.answer = lambda: next(answers)
    made = make(sqlite_ledger, [Recipient(site.url + "/hook", channel=Channel.WEBHOOK)]).made
    with Sink() as sink:
        hooked(sqlite_ledger, site, sink.port, first_retry=1, longest_retry=1).deliver_all(until_done=True)
    assert len(site.posts) == 3
    assert len({headers["Gazette-Delivery"] for headers, _ in site.posts}) == 1
    assert sqlite_ledger.counts(made.id)[State.SENT] == 1


def test_with_workers_the_webhook_is_still_told_at_once(sqlite_ledger: Ledger, site: Site) -> None:
    make(sqlite_ledger, [*people(2), Recipient(site.url + "/hook", channel=Channel.WEBHOOK)])
    hooked(sqlite_ledger, site, 1).deliver_webhooks()
    assert len(site.posts) == 1
