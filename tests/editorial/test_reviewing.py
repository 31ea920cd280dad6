"""What a reviewer gets: a comment that pings nobody, a page to print, and nothing where nothing changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.editorial.site_of import SmallSite, small_site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    return small_site(tmp_path / "site", monkeypatch).day("2026-03-10")


def comment(site: SmallSite, *arguments: str) -> str:
    result = site.run("review", "--output", str(site.root / "review"), *arguments)
    assert result.exit_code == 0, result.output
    return (site.root / "review" / "comment.md").read_text()


def test_where_nothing_changed_it_says_so(site: SmallSite) -> None:
    assert comment(site) == "No policy's text or versions change.\n"


def test_a_draft_is_shown_with_its_signs_and_what_it_reads_like(site: SmallSite) -> None:
    site.write("02-what-we-keep", "We keep your name for 60 days and share it with @someone and advertisers.")
    text = comment(site)
    assert "A draft: no version is released yet. It reads like a change that is **material**." in text
    assert "- a period changed, '30 days' → '60 days' in 'What we keep'" in text
    assert "@someone" not in text.replace("@\u200b", "")
    page = (site.root / "review" / "redline-privacy-policy.html").read_text()
    assert "What this draft changes" in page
    assert "<ins>" in page


def test_a_release_is_shown_with_its_record_and_the_problems_of_the_check(site: SmallSite) -> None:
    site.settings(material="30 days")
    site.write("02-what-we-keep", "We keep your name for 60 days and do not share it with anyone.")
    site.record(
        "next", "Names are kept longer.\n\nNothing else changes.", change="material", comment_until="2026-03-09"
    )
    text = comment(site)
    assert "Version `next`: published 2026-03-10, effective 2026-03-10, **material**, open for comment until" in text
    assert "> Names are kept longer.\n> \n> Nothing else changes." in text
    assert "- **problem** `content/privacy-policy/versions/next.md:3`: takes effect on 2026-03-10, too early" in text


def test_the_comparison_is_with_where_a_branch_began(site: SmallSite) -> None:
    site.git("switch", "--quiet", "--create", "branch")
    site.write("01-introduction", "We are Example. This text tells what we do with data about you.")
    site.commit()
    site.git("switch", "--quiet", "main")
    site.write("03-your-rights", "You have every right.")
    site.commit()
    site.git("switch", "--quiet", "branch")
    text = comment(site, "--base", "main")
    assert "Introduction" in text
    assert "every right" not in text


def test_a_policy_that_is_new_is_shown_whole(site: SmallSite) -> None:
    other = site.root / "content" / "terms"
    (other / "text").mkdir(parents=True)
    (other / "policy.yml").write_text("title: Terms\nlanguage: en\n")
    (other / "text" / "01-terms.md").write_text("---\ntitle: Terms\n---\n\nBe kind.\n")
    text = comment(site, "--base", "HEAD")
    assert "## Terms" in text
    assert "Be kind." in text


def test_the_summary_of_the_job_has_it_too(site: SmallSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    assert comment(site) == (tmp_path / "summary.md").read_text()


def test_many_policies_fit_into_one_comment(site: SmallSite) -> None:
    for n in range(12):
        folder = site.root / "content" / f"policy-{n}"
        (folder / "text").mkdir(parents=True)
        (folder / "policy.yml").write_text(f"title: Policy {n}\nlanguage: en\n")
        body = "\n\n".join(f"Paragraph {m} of many words that say nothing much, as it is." for m in range(200))
        (folder / "text" / "01-terms.md").write_text(f"---\ntitle: Terms\n---\n\n{body}\n")
    assert len(comment(site, "--base", "HEAD")) < 65_000
