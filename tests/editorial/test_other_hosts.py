"""What the manual says for GitLab and for any other host is run, as the workflows are."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.editorial.site_of import SmallSite, small_site
from tests.editorial.test_workflows import BIN, CALLS, ROOT, steps

HOW_TO = ROOT / "docs" / "how-to"
#: The keys that GitLab knows of a job, as far as they are used.
JOB_KEYS = {"stage", "rules", "script", "after_script", "artifacts", "resource_group", "environment"}
GLOBAL_KEYS = {"image", "variables", "cache", "before_script"}


def fenced(page: str, language: str, heading: str = "") -> str:
    """The first block of a language on a page, below a heading."""
    text = (HOW_TO / page).read_text(encoding="utf-8")
    match = re.search(rf"```{language}\n(.*?)```", text[text.index(heading) :], re.DOTALL)
    assert match is not None
    return match[1]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    """A site with a branch that brings a version, and a remote."""
    site = small_site(tmp_path / "site", monkeypatch)
    (site.root / "mkdocs.yml").write_text("site_name: Example\ndocs_dir: content\nplugins:\n  - gazette\n")
    (site.root / ".gitignore").write_text("site/\npublic/\nreview/\n.gazette-cache/\n")
    site.commit("set the site up")
    site.propose(tmp_path / "remote")
    return site


def run(site: SmallSite, line: str, **variables: str) -> str:
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", **variables}
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", line], cwd=site.root, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def jobs() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(fenced("gitlab.md", "yaml"))
    return found


def test_gitlab_is_given_what_it_knows_and_each_line_is_one_call() -> None:
    for name, job in jobs().items():
        if name in GLOBAL_KEYS:
            continue
        assert set(job) <= JOB_KEYS, name
        for line in [*job["script"], *job.get("after_script", ())]:
            assert CALLS.fullmatch(line), line
    assert jobs()["variables"]["GIT_DEPTH"] == 0
    assert jobs()["pages"]["artifacts"]["paths"] == ["public"]
    [told] = [step["run"] for step in steps("publish.yml", "notify") if step["run"].startswith("gazette notify")]
    assert jobs()["notify"]["script"] == [told]


def test_a_merge_request_is_checked_and_shown(site: SmallSite) -> None:
    job = jobs()["check"]
    for line in [*job["script"], *job["after_script"]]:
        if not line.startswith("python -m pip"):
            run(site, line, CI_MERGE_REQUEST_DIFF_BASE_SHA=site.git("rev-parse", "main"))
    review = site.root / job["artifacts"]["paths"][0]
    assert "<ins>60" in (review / "redline-privacy-policy.html").read_text()
    assert (review / "site" / "privacy-policy" / "changes" / "2026-03-10" / "index.html").is_file()


def test_gitlab_pages_get_the_site(site: SmallSite) -> None:
    run(site, "gazette release --complete --commit")
    for line in jobs()["pages"]["script"]:
        run(site, line, CI_COMMIT_BEFORE_SHA=site.git("rev-parse", "main"))
        if line.startswith("gazette check"):
            run(site, line, CI_COMMIT_BEFORE_SHA="0" * 40)  # as on a schedule
    assert (site.root / "public" / "privacy-policy" / "index.html").is_file()


def test_any_other_host_runs_these_lines(site: SmallSite) -> None:
    run(site, "gazette release --complete --commit")
    before = site.git("rev-parse", "main")
    lines = [line for line in fenced("publish.md", "sh", "## Any other host").splitlines() if line.strip()]
    ours = [line for line in lines if not line.startswith(("python3 -m pip", "gazette notify"))]
    assert len(ours) == len(lines) - 2
    for line in ours:
        run(site, line, BEFORE=before)
    assert (site.root / "site" / "privacy-policy" / "index.html").is_file()
    assert "refs/tags/privacy-policy/2026-03-10" in site.git("ls-remote", "origin")
