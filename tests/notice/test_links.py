"""Where a notice's links lead: to pages and places that the built site has."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest
import yaml
from click.testing import CliRunner
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from gazette.cli import main
from gazette.policy.model import Change, Section, Text
from tests.notice.site import NEW, add_version, make_site

MIDDLE = " ".join(f"Sentence {n} tells what we do with the things that people entrust to us here." for n in range(9))
GONE = Section("gone", "A part that goes", "It goes.")
BEFORE = Text((*NEW.sections, GONE, Section("über-uns", "Über uns", "Wir."), Section("long", "A long one", MIDDLE)))
AFTER = Text(
    (
        Section("introduction", "Introduction", "We keep your data for ten days."),  # changed
        Section("long", "A long one", MIDDLE),  # moved
        Section("sharing", "What we share", "We share nothing with anyone at all."),  # renamed
        Section("cookies", "Cookies & *more*", "We set one."),  # new
        NEW.sections[2],  # as it was: the summary has a link to it
        Section("über-uns", "Über uns", "Wir alle."),  # an id that an address has to escape
    )
)


def test_every_link_of_a_notice_leads_to_a_place_on_the_built_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_site(tmp_path / "site", "https://example.com/docs/")
    add_version(root, BEFORE, "2026-04-01", Change.MINOR, date(2026, 4, 2))
    add_version(root, AFTER, "2026-05-01", Change.MATERIAL, date(2026, 6, 1))
    file = root / "mkdocs.yml"
    config = yaml.safe_load(file.read_text())
    file.write_text(yaml.safe_dump({**config, "docs_dir": "content", "theme": "mkdocs"}))
    monkeypatch.setenv("GAZETTE_DAY", "2026-05-02")
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    mkdocs_build(load_config(str(file), site_dir=str(root / "built")))
    preview = root / "preview"
    result = CliRunner().invoke(main, ["-f", str(file), "notify", "--preview", str(preview)])
    assert result.exit_code == 0, result.output
    html = next(preview.glob("*2026-05-01*.en.html")).read_text()
    text = next(preview.glob("*2026-05-01*.en.txt")).read_text()
    links = {str(link) for *_, link, _ in lxml.html.fromstring(html).iterlinks()}
    links |= set(re.findall(r"https://[^\s()]+", text))
    ours = sorted(link for link in links if link.startswith("https://example.com/docs/"))
    places = [urlsplit(link).fragment for link in ours if urlsplit(link).fragment]
    assert {"introduction", "sharing", "cookies", "%C3%BCber-uns"} <= set(places)
    for link in ours:
        parts = urlsplit(link)
        page = root / "built" / unquote(parts.path.removeprefix("/docs/")) / "index.html"
        assert page.is_file(), link
        if parts.fragment:
            ids = set(lxml.html.fromstring(page.read_bytes()).xpath("//@id"))
            assert unquote(parts.fragment) in ids, link
