"""The tutorial's commands, pasted one after the other into an empty folder, do what the tutorial says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from lxml import html

TUTORIAL = Path(__file__).parents[1] / "docs" / "tutorial" / "from-text-to-site.md"


def paste(commands: str, folder: Path) -> str:
    """What a shell says to a block of commands; it stops at the first that fails."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "GAZETTE_"))}
    environment = kept | {"PATH": path, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "TZ": "UTC"}
    done = subprocess.run(
        ["sh", "-e", "-c", commands], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def test_the_commands_of_the_tutorial_make_the_site_that_it_shows(tmp_path: Path) -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", TUTORIAL.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    said = [paste(block, tmp_path) for block in blocks]
    assert "names Stripe without a link" in said[2]
    assert "what-we-keep: What we keep" in said[2]
    assert "draft" in said[5]
    assert "2 versions" in said[7]
    policy = tmp_path / "site" / "privacy-policy"
    versions = json.loads((policy / "versions.json").read_text("utf-8"))["versions"]
    assert len(versions) == 2
    newest = next(entry["label"] for entry in versions if entry["label"] != "2024-05-04")
    redline = html.parse(str(policy / "changes" / newest / "index.html"))
    assert redline.xpath("//section//del//text()") == ["the people who buy them"]
    assert redline.xpath("//section//ins//text()") == ["our customers"]
    assert redline.xpath("//section//span[@class='relinked']//text()") == ["Stripe"]
    assert paste("git ls-files", tmp_path).count("site/") == 0
    first = (policy / "versions" / "2024-05-04" / "index.html").read_text("utf-8")
    assert "the people who buy them" in first
    assert "our customers" in (policy / "index.html").read_text("utf-8")
