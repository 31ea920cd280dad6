"""A small site with a material version, its list of people, and what the web server would show of it."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import yaml

from gazette.policy.canonical import canonical_text, digest
from gazette.policy.files import record_file, section_file, section_filename
from gazette.policy.git import Repository
from gazette.policy.model import Change, Section, Text, Version

SUMMARY = "We keep data **longer**, see [your rights](#rights).\n\n- one\n- two"
OLD = Text(
    (
        Section("introduction", "Introduction", "We keep your data for 30 days."),
        Section("sharing", "Sharing", "We share nothing with anyone at all."),
        Section("old", "Old part", "This part is going away."),
    )
)
NEW = Text(
    (
        Section("introduction", "Introduction", "We keep your data for 90 days, and say so here."),
        Section("sharing", "Who we *share* with", "We share nothing with anyone at all."),
        Section("rights", "Your rights & choices", "You may ask for a copy."),
    )
)
PEOPLE = """\
address,name,language,plan
ana@example.com,Ana,pt-BR,gold
ben@example.com,Ben Ünï,de,
nobody,X,,
carl@example.com,,,
ana@EXAMPLE.com,Ana again,pt,
"""


def make_site(root: Path, site_url: str, **notices: object) -> Path:
    """The site in `root`: one policy, an initial version, and a material one published on 2026-03-01."""
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    options = {
        "sender": "Example Privacy <privacy@example.com>",
        "unsubscribe": "https://example.com/unsubscribe",
        "recipients": "people.csv",
        **notices,
    }
    config = {"site_name": "Example", "site_url": site_url, "plugins": [{"gazette": {"notices": options}}]}
    (root / "mkdocs.yml").write_text(yaml.safe_dump(config))
    (root / "people.csv").write_text(PEOPLE, "utf-8")
    policy = root / "content" / "privacy-policy"
    (policy / "versions").mkdir(parents=True)
    facts = {"title": "Privacy Policy", "language": "en", "contact": "privacy@example.com"}
    (policy / "policy.yml").write_text(yaml.safe_dump({**facts, "notice": {"reminders": ["7 days"]}}))
    add_version(root, OLD, "2026-01-01", Change.INITIAL, date(2026, 1, 1))
    add_version(root, NEW, "2026-03-01", Change.MATERIAL, date(2026, 4, 1))
    return root


def add_version(root: Path, text: Text, label: str, change: Change, effective: date) -> Version:
    """Publish a text: its files, its record, a commit."""
    policy = root / "content" / "privacy-policy"
    shutil.rmtree(policy / "text", ignore_errors=True)
    (policy / "text").mkdir()
    for place, section in enumerate(text.sections, 1):
        (policy / "text" / section_filename(place, section.id)).write_bytes(section_file(section))
    with Repository.find(root) as repository:
        tree = repository.write_tree({file.name: file.read_bytes() for file in (policy / "text").iterdir()})
    day = date.fromisoformat(label)
    version = Version(label, day, effective, change, "Privacy Policy", tree, digest(text), SUMMARY)
    (policy / "versions" / f"{label}.md").write_bytes(record_file(version))
    run = ["git", "-C", str(root), "-c", "user.name=A", "-c", "user.email=a@example.com"]
    subprocess.run([*run, "add", "-A"], check=True)
    subprocess.run([*run, "commit", "-qm", label], check=True)
    return version


def published(text: Text = NEW, label: str = "2026-03-01") -> dict[str, bytes]:
    """The pages of a version, by path, as the site shows them."""
    base = "/privacy-policy"
    page = f'<html><head><meta name="gazette-digest" content="{digest(text)}"></head></html>'
    return {
        f"{base}/versions/{label}/text.md": canonical_text(text).encode(),
        f"{base}/versions/{label}/": page.encode(),
        f"{base}/changes/{label}/": b"the redline",
    }
