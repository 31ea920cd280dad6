"""A draft while it is written: the redline, and what concerns each section beside it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gazette.editorial.preview import Preview, previews
from gazette.policy.pins import Pins
from gazette.policy.reading import read_policies
from gazette.policy.settings import read_settings
from tests.editorial.site_of import SmallSite, small_site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    return small_site(tmp_path / "site", monkeypatch).day("2026-03-10")


def drafts(site: SmallSite) -> tuple[Preview, ...]:
    settings = read_settings(site.root / "mkdocs.yml")
    policies, problems = read_policies(settings)
    pins = Pins.find(settings.content, policies)
    try:
        return previews(settings, policies, problems, pins)
    finally:
        if pins.repository is not None:
            pins.repository.close()


def test_what_is_published_has_no_draft(site: SmallSite) -> None:
    assert drafts(site) == ()


def test_a_draft_shows_its_redline_its_signs_and_the_earliest_date(site: SmallSite) -> None:
    site.settings(material="30 days")
    site.write("02-what-we-keep", "We keep your name for 60 days and do not share it with anyone.")
    (draft,) = drafts(site)
    assert draft.contents == (("what-we-keep", "What we keep"),)
    assert "compared with version 2026-03-01" in draft.html
    assert "<del>30" in draft.html
    assert "<ins>60" in draft.html
    assert "like a change that is material; released today it could apply from 2026-04-09." in draft.html
    section = draft.html.split('aria-label="What we keep"')[1].split("</section>")[0]
    assert "<strong>sign:</strong> a period changed, &#x27;30 days&#x27; → &#x27;60 days&#x27;" in section


def test_the_messages_of_the_check_stand_beside_the_section_that_they_concern(site: SmallSite) -> None:
    site.settings(rules="[psd-2]")
    site.write("03-your-rights", "See [nothing](#nowhere) & <b>more</b>.")
    (draft,) = drafts(site)
    section = draft.html.split('aria-label="Your rights"')[1].split("</section>")[0]
    assert "<strong>problem:</strong> content/privacy-policy/text/03-your-rights.md:5:" in section
    head = draft.html.split("</header>")[0]
    assert "there is no notice rule &#x27;psd-2&#x27;" in head


def test_what_did_not_change_is_folded(site: SmallSite) -> None:
    site.write("01-introduction", "We are Example.")
    (draft,) = drafts(site)
    assert draft.html.count("<details") == 2


def test_a_correction_of_what_is_in_force_makes_no_draft_of_what_is_announced(site: SmallSite) -> None:
    site.write("02-what-we-keep", "We keep your name for 60 days and do not share it with anyone.")
    site.record("december", change="material", effective="2026-12-01")
    site.commit()
    assert drafts(site) == ()


def test_a_policy_that_was_never_published_is_a_draft_as_a_whole(site: SmallSite) -> None:
    folder = site.root / "content" / "terms"
    (folder / "text").mkdir(parents=True)
    (folder / "policy.yml").write_text("title: Terms\nlanguage: en\n")
    (folder / "text" / "01-terms.md").write_text("---\ntitle: Terms\n---\n\nBe kind.\n")
    (draft,) = drafts(site)
    assert "draft, nothing is published yet" in draft.html
    assert "It would be the first version." in draft.html


@pytest.mark.parametrize(("drafts", "is_there"), [("false", False), ("true", True)])
def test_a_published_site_has_a_draft_only_where_it_asks_for_one(
    site: SmallSite, tmp_path: Path, drafts: str, is_there: bool
) -> None:
    (site.root / "mkdocs.yml").write_text(
        "site_name: Example\ndocs_dir: content\ntheme: {name: material, font: false}\n"
        f"plugins:\n  - gazette:\n      drafts: {drafts}\n"
    )
    site.write("02-what-we-keep", "We keep your name for 60 days and do not share it with anyone.")
    target = tmp_path / "built"
    command = [str(Path(sys.executable).parent / "mkdocs"), "build", "--strict", "--quiet", "--site-dir", str(target)]
    subprocess.run(command, cwd=site.root, check=True, capture_output=True)
    page = target / "privacy-policy" / "draft" / "index.html"
    assert page.is_file() is is_there
    if is_there:
        assert "<ins>60" in page.read_text()
        assert 'name="robots" content="noindex' in page.read_text()
        assert "draft" not in (target / "sitemap.xml").read_text()
