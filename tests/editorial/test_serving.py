"""`mkdocs serve` while somebody writes: what is wrong stands on the draft's page, and the rest of the site stays."""

from __future__ import annotations

import html
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editorial.site_of import SmallSite, small_site

MKDOCS = str(Path(sys.executable).parent / "mkdocs")
CONFLICT = "<<<<<<< HEAD\n{0}=======\n{0}>>>>>>> branch\n"


class Served:
    """A running `mkdocs serve`."""

    def __init__(self, site: SmallSite) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        command = [MKDOCS, "serve", "--dev-addr", f"127.0.0.1:{self.port}"]
        self.log = site.root.parent / "serve.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=site.root,
                stdout=log,
                stderr=log,
                # What runs in the background of a shell is deaf to this signal, and so is what it starts.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )

    def page(self, address: str) -> str:
        """A page's text without entities; nothing if there is none (yet)."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{address}", timeout=5) as answer:
                return html.unescape(answer.read().decode())
        except urllib.error.HTTPError as error:
            error.close()
            return ""
        except OSError:
            return ""

    def wait_for(self, words: str, address: str = "privacy-policy/draft/", is_there: bool = True) -> str:
        """The page, once it says the words (or says them no more)."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            page = self.page(address)
            if (words in page) is is_there:
                return page
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)
        raise AssertionError(f"{words!r} in {address}\n{self.log.read_text()}")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    site = small_site(tmp_path / "site", monkeypatch)
    site.write("03-your-rights", "You have the right to object, and to have your data deleted.")
    site.day("2026-03-10").record("2026-03-10")
    site.commit("Publish the second version")
    (site.root / "mkdocs.yml").write_text(
        "site_name: Example\ndocs_dir: content\ntheme: {name: mkdocs}\nplugins:\n  - gazette\n"
    )
    return site


@pytest.fixture
def serve(site: SmallSite) -> Iterator[list[Served]]:
    running: list[Served] = []
    yield running
    for served in running:
        served.process.send_signal(signal.SIGINT)
        served.process.wait(30)


def build(site: SmallSite) -> subprocess.CompletedProcess[str]:
    command = [MKDOCS, "build", "--quiet", "--site-dir", str(site.root.parent / "built")]
    return subprocess.run(command, cwd=site.root, check=False, capture_output=True, text=True)


def save(path: Path, text: str) -> None:
    """Write a file as editors do, in one step."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text)
    fresh.replace(path)


def test_a_site_is_served_whatever_an_editor_is_in_the_middle_of(site: SmallSite, serve: list[Served]) -> None:
    section = site.policy / "text" / "02-what-we-keep.md"
    good = section.read_text()
    section.write_text("---\ntitle: [What we keep\n---\n\nWe keep your name for 30 days.\n")
    site.write("01-introduction", "We are Example, and we are careful.")
    failed = build(site)
    assert failed.returncode == 1
    assert "content/privacy-policy/text/02-what-we-keep.md:" in failed.stderr
    assert "Traceback" not in failed.stderr
    served = Served(site)
    serve.append(served)

    # From the start: the section that cannot be read has its message beside it, and is not shown as removed.
    page = served.wait_for("problem:")
    assert "<ins>" in page
    assert "We keep your name</del>" not in page
    beside = page.split('aria-label="What we keep"')[1].split("</section>")[0]
    assert "content/privacy-policy/text/02-what-we-keep.md:" in beside
    assert "right to object" in served.page("privacy-policy/")

    record = site.policy / "versions" / "2026-03-10.md"
    policy = site.policy / "policy.yml"
    half = site.policy / "versions" / "2026-03-11.md"
    kept = record.read_text()
    digest = next(line for line in kept.splitlines() if line.startswith("digest"))
    cases: list[tuple[Path, str, str]] = [
        (section, good.replace("30 days", "30 days ![map](assets/nowhere.png)"), "02-what-we-keep.md:5: "),
        (section, CONFLICT.format(good), "02-what-we-keep.md:1: "),
        (half, "---\npublished: 2026-03-11\nchange: min", "2026-03-11.md"),
        (half, "---\npublished: 2026-03-11\neffective: 2026-04-01\nchange: minor\ntext:\n---\nSo.\n", "--complete"),
        (record, CONFLICT.format(kept), "2026-03-10.md:"),
        (record, kept.replace(digest, "digest: sha256:" + "1" * 64), "2026-03-10.md:7: the digest is not that of"),
        (record, kept.replace("text: ", "text: 1").replace("text: 1", "text: " + "1" * 40 + " #"), "has no tree"),
        (policy, "title: Privacy\nlanguage: en\ncontact [", "policy.yml:"),
    ]
    mended = {section: good, record: kept, policy: policy.read_text()}
    for path, broken, message in cases:
        save(path, broken)
        page = served.wait_for(message)
        assert "problem:" in page, message
        assert "to have your data deleted" in served.page("privacy-policy/"), message
        assert "2026-03-10" in served.page("privacy-policy/versions/"), message
        if path == half:
            half.unlink()
        else:
            save(path, mended[path])
    served.wait_for("problem:", is_there=False)
    assert "Traceback" not in served.log.read_text()


def test_a_policy_that_never_could_be_read_has_a_page_that_says_why(site: SmallSite, serve: list[Served]) -> None:
    terms = site.root / "content" / "terms"
    (terms / "text").mkdir(parents=True)
    (terms / "text" / "01-terms.md").write_text("---\ntitle: Terms\n---\n\nBe kind.\n")
    (terms / "policy.yml").write_text("title: Terms\nlanguage: en\ntitle: Terms\n")
    served = Served(site)
    serve.append(served)
    assert "content/terms/policy.yml:3:" in served.wait_for("problem:", "terms/draft/")
    assert "right to object" in served.page("privacy-policy/")
    save(terms / "policy.yml", "title: Terms\nlanguage: en\n")
    served.wait_for("It would be the first version.", "terms/draft/")
