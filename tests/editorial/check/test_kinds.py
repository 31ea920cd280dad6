"""The declared kind of change is held against the redline, and wording is not put into force before its day."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.editorial.site_of import SmallSite, small_site

PLACE = "content/privacy-policy/versions/2026-03-10.md"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    return small_site(tmp_path, monkeypatch).day("2026-03-10")


@pytest.mark.parametrize("change", ["minor", "editorial"])
def test_a_material_change_does_not_pass_for_a_small_one(site: SmallSite, change: str) -> None:
    site.write("02-what-we-keep", "We keep your name for 60 days and do not share it with anyone.")
    site.record("2026-03-10", change=change)
    result = site.run("check")
    assert result.exit_code == 1
    assert (
        f"{PLACE}:4: declared '{change}', but a period changed, "
        "'30 days' → '60 days' in 'What we keep' (#what-we-keep); "
        "write 'change: material', or say why not: 'not_material: \"…\"' (it is published)" in result.output
    )


@pytest.mark.parametrize("keys", [{"change": "material"}, {"not_material": "'A typo: it was 60 days all along'"}])
def test_it_passes_once_it_is_said(site: SmallSite, keys: dict[str, object]) -> None:
    site.write("02-what-we-keep", "We keep your name for 60 days and do not share it with anyone.")
    site.record("2026-03-10", **keys)
    assert site.run("check").output == "nothing is wrong\n"


def test_a_typo_passes_as_editorial(site: SmallSite) -> None:
    site.write("01-introduction", "We are Example. This text tells what we do with data about you.")
    site.record("2026-03-10", "A word corrected.", change="editorial")
    assert site.run("check").output == "nothing is wrong\n"


def test_weak_signs_under_editorial_are_warnings(site: SmallSite) -> None:
    site.write("03-your-rights", "You have the right to object. Write to [us](https://example.com/form).")
    site.record("2026-03-10", "The link to us leads to a form.", change="editorial")
    result = site.run("check")
    assert result.exit_code == 0
    assert "warning: " in result.output
    assert "a link to opt out or get in touch changed, 'mailto:privacy@example.com' → " in result.output


def test_a_site_can_add_words_of_its_own(site: SmallSite) -> None:
    site.write("01-introduction", "We are Example. This text says what we do with loyalty points and data about you.")
    site.record("2026-03-10")
    assert site.run("check").exit_code == 0
    (site.root / "words").mkdir()
    (site.root / "words" / "en.txt").write_text("[data]\nloyalty points\n")
    (site.root / "mkdocs.yml").write_text(
        "site_name: E\nplugins:\n  - gazette:\n      materiality:\n        words: words\n"
    )
    result = site.run("check")
    assert result.exit_code == 1
    assert "a category of data was added, 'loyalty points'" in result.output


def announce(site: SmallSite) -> None:
    site.write("02-what-we-keep", "We keep your name for 60 days and do not share it with anyone.")
    site.record("december", change="material", effective="2026-12-01")
    site.commit("announce")
    site.day("2026-03-20")


def test_a_correction_released_from_the_working_text_would_apply_what_is_only_announced(site: SmallSite) -> None:
    announce(site)
    site.write("01-introduction", "We are Example. This text tells what we do with data about you.")
    site.record("2026-03-20", "A word corrected.", change="editorial")
    result = site.run("check")
    assert result.exit_code == 1
    assert "contains the wording of 'december', announced for 2026-12-01 (what-we-keep)" in result.output
    assert "--replaces december" in result.output


def test_a_correction_of_the_version_in_force_says_what_it_corrects(site: SmallSite) -> None:
    announce(site)
    site.write("02-what-we-keep", "We keep your name for 30 days and do not share it with anyone.")
    site.write("01-introduction", "We are Example. This text tells what we do with data about you.")
    site.record("2026-03-20", "A word corrected.", change="editorial")
    result = site.run("check")
    assert result.exit_code == 1
    assert (
        "before 'december' (2026-12-01), but would be compared with it; write 'predecessor: 2026-03-01'"
        in result.output
    )
    site.record("2026-03-20", "A word corrected.", change="editorial", predecessor="2026-03-01")
    assert site.run("check").exit_code == 0


def test_a_correction_that_the_announced_version_lacks_is_a_warning_until_that_is_revised(site: SmallSite) -> None:
    announce(site)
    site.write("02-what-we-keep", "We keep your name for 30 days and do not share it with anyone.")
    site.write("01-introduction", "We are Example. This text tells what we do with data about you.")
    site.record("2026-03-20", "A word corrected.", change="editorial", predecessor="2026-03-01")
    result = site.run("check")
    assert result.exit_code == 0
    lost = "its correction is lost when 'december' applies, on 2026-12-01: that has the old words (introduction)"
    assert lost in result.output
    assert "correct text/ too, and release it with --replaces december" in result.output
    site.commit("correct a word")
    site.write("02-what-we-keep", "We keep your name for 60 days and do not share it with anyone.")
    site.record("revised", change="material", effective="2026-12-01", replaces="december", sequence=2)
    assert "is lost" not in site.run("check").output


def test_a_revision_of_what_is_announced_may_have_its_wording(site: SmallSite) -> None:
    announce(site)
    site.write("02-what-we-keep", "We keep your name for 50 days and do not share it with anyone.")
    site.record("2026-03-20", change="material", effective="2026-11-01", replaces="december")
    assert site.run("check").output == "nothing is wrong\n"


def test_a_small_revision_may_not_cut_the_notice_of_what_it_revises_short(site: SmallSite) -> None:
    announce(site)
    site.write("01-introduction", "We are Example. This text tells what we do with data about you.")
    site.record("2026-03-20", change="editorial", effective="2026-04-01", replaces="december")
    result = site.run("check")
    assert result.exit_code == 1
    early = "applies from 2026-04-01, before the material version that it revises, 'december' (2026-12-01)"
    assert early in result.output
    site.record("2026-03-20", change="editorial", effective="2026-12-01", replaces="december")
    assert site.run("check").exit_code == 0
