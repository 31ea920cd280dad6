"""Owners, tags and their signatures, and what is said on GitHub (against a server that speaks its API)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from gazette.editorial.github import MARK
from tests.editorial.site_of import SmallSite, small_site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    return small_site(tmp_path / "site", monkeypatch)


def own(site: SmallSite, owners: str) -> None:
    (site.policy / "policy.yml").write_text(f"title: Privacy Policy\nlanguage: en\nowners: {owners}\n")


def test_owners_become_lines_for_the_host_and_other_lines_stay(site: SmallSite) -> None:
    own(site, '["@example/legal", "counsel@example.com"]')
    path = site.root / ".github" / "CODEOWNERS"
    path.parent.mkdir()
    path.write_text("* @example/everyone\n")
    assert site.run("owners", "--check").exit_code == 1
    assert site.run("owners").output == "wrote .github/CODEOWNERS\n"
    lines = path.read_text().splitlines()
    assert lines[0] == "* @example/everyone"
    assert lines[3] == "/content/privacy-policy/ @example/legal counsel@example.com"
    path.write_text(path.read_text() + "\n/docs/ @example/writers\n")
    own(site, "['@example/privacy']")
    site.run("owners")
    assert (
        "/content/privacy-policy/ @example/privacy\n# gazette owners end\n\n/docs/ @example/writers\n"
        in path.read_text()
    )
    assert site.run("owners", "--check").output == ".github/CODEOWNERS is up to date\n"


def test_each_published_version_is_tagged_where_its_record_came(site: SmallSite) -> None:
    first = site.git("rev-parse", "HEAD")
    site.day("2026-03-05").write("02-what-we-keep", "We keep your name for 20 days and do not share it with anyone.")
    site.record("2026-03-05", effective="2026-05-01", change="material")
    site.record("later", published="2026-09-01", effective="2026-09-01", sequence=2)
    site.commit()
    result = site.run("tag")
    assert result.exit_code == 0, result.output
    assert site.git("tag", "--list").split() == ["privacy-policy/2026-03-01", "privacy-policy/2026-03-05"]
    assert site.git("rev-parse", "privacy-policy/2026-03-01^{commit}") == first
    assert "digest: sha256:" in site.git("tag", "--list", "--format=%(contents)", "privacy-policy/2026-03-05")
    assert site.run("tag").output == "every published version has its tag\n"


def test_new_tags_are_pushed(site: SmallSite, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", "--bare", tmp_path / "remote"], check=True)
    site.git("remote", "add", "origin", str(tmp_path / "remote"))
    assert site.run("tag", "--dry-run").output == "privacy-policy/2026-03-01 is missing\n"
    assert site.run("tag", "--push").exit_code == 0
    assert "refs/tags/privacy-policy/2026-03-01" in site.git("ls-remote", "origin")


def test_tagging_needs_no_identity(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"):
        monkeypatch.delenv(key)
    monkeypatch.setenv("HOME", "/nonexistent")
    site.git("config", "user.useConfigOnly", "true")
    result = site.run("tag")
    assert result.exit_code == 0, result.output


def key(folder: Path, name: str) -> Path:
    path = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path], check=True)
    return path


@pytest.fixture
def signed(site: SmallSite, tmp_path: Path) -> SmallSite:
    import shutil

    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    mine, other = key(tmp_path, "mine"), key(tmp_path, "other")
    site.git("config", "gpg.format", "ssh")
    site.git("config", "user.signingkey", str(mine))
    for name, path in (("good", mine), ("bad", other)):
        public = path.with_suffix(".pub").read_text()
        (tmp_path / name).write_text(f"editor@example.com {public}")
    return site


def test_a_tag_is_signed_where_git_has_a_key_and_checked_against_the_allowed_signers(
    signed: SmallSite, tmp_path: Path
) -> None:
    result = signed.run("tag")
    assert result.exit_code == 0, result.output
    assert ", signed" in result.output
    assert signed.run("verify", "--allowed-signers", str(tmp_path / "good")).exit_code == 0
    bad = signed.run("verify", "--allowed-signers", str(tmp_path / "bad"))
    assert bad.exit_code == 1
    assert "the signature of the tag 'privacy-policy/2026-03-01' does not hold" in bad.output


def test_a_tag_that_was_moved_to_another_text_is_found(site: SmallSite) -> None:
    site.run("tag")
    path = site.policy / "versions" / "2026-03-01.md"
    before = path.read_text()
    path.write_text(before.replace("digest: sha256:", "digest: sha256:" + "0" * 8)[: len(before) + 8])
    path.write_text(before.replace(before.split("digest: ")[1][:71], "sha256:" + "0" * 64))
    site.commit("forge")
    site.git("tag", "--force", "privacy-policy/2026-03-01")
    path.write_text(before)
    result = site.run("verify")
    assert result.exit_code == 1
    assert "the tag 'privacy-policy/2026-03-01' holds another text than this record" in result.output


class Host:
    """Speaks as much of GitHub's API as is used, in pages of 100."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.issues: list[dict[str, Any]] = []
        self.tokens: set[str] = set()
        host = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *arguments: object) -> None:
                pass

            def answer(self) -> None:
                host.tokens.add(self.headers["Authorization"])
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                status, data = host.ask(self.command, self.path, body)
                payload = json.dumps(data).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            do_GET = do_POST = do_PATCH = answer  # noqa: N815 - the names are the library's

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def ask(self, method: str, url: str, body: Any) -> tuple[int, Any]:
        parts = urlsplit(url)
        path = parts.path.removeprefix("/repos/example/policies/")
        rows = self.comments if "comments" in path else self.issues
        if not parts.path.startswith("/repos/example/policies/"):
            return 404, {"message": "Not Found"}
        if method == "GET":
            page = int(parse_qs(parts.query)["page"][0])
            return 200, rows[(page - 1) * 100 : page * 100]
        if method == "PATCH":
            row = next(row for row in rows if row["id"] == int(path.rsplit("/", 1)[1]))
            row.update(body)
            return 200, row
        rows.append({"id": len(rows) + 1, **body})
        return 201, rows[-1]


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    host = Host()
    monkeypatch.setenv("GITHUB_API_URL", f"http://127.0.0.1:{host.server.server_address[1]}")
    monkeypatch.setenv("GITHUB_REPOSITORY", "example/policies")
    monkeypatch.setenv("GITHUB_TOKEN", "token")
    yield host
    host.server.shutdown()
    host.server.server_close()
    host.thread.join()


def test_the_redline_is_one_comment_that_is_updated_in_place(site: SmallSite, host: Host, tmp_path: Path) -> None:
    host.comments = [{"id": n, "body": f"comment {n}"} for n in range(1, 151)]
    file = tmp_path / "comment.md"
    file.write_text("first")
    assert site.run("github", "comment", str(file), "--pull", "7").output == "created the comment at #7\n"
    file.write_text("second")
    assert site.run("github", "comment", str(file), "--pull", "7").output == "updated the comment at #7\n"
    assert [row["body"] for row in host.comments[150:]] == [f"{MARK}\nsecond"]
    assert host.tokens == {"Bearer token"}


def test_a_review_that_is_due_opens_one_issue(site: SmallSite, host: Host) -> None:
    site.settings(review="12 months")
    assert site.run("github", "reviews").output == "no policy is due for review\n"
    site.day("2027-04-01")
    assert site.run("github", "reviews").output == "privacy-policy: opened an issue\n"
    assert site.run("github", "reviews").output == "privacy-policy: an issue is open already\n"
    (issue,) = host.issues
    assert "due for review since 2027-03-01" in issue["body"]


def test_what_the_host_refuses_is_said_in_its_words(
    site: SmallSite, host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", "example/other")
    (tmp_path / "c.md").write_text("x")
    result = site.run("github", "comment", str(tmp_path / "c.md"), "--pull", "7")
    assert result.exit_code == 1
    assert "GitHub answered 404 to GET" in result.output
    monkeypatch.delenv("GITHUB_TOKEN")
    assert site.run("github", "comment", str(tmp_path / "c.md"), "--pull", "7").exit_code == 2
