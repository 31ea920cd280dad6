"""The dates of versions: the notice clock, days in the past, reviews that are due, moves and withdrawals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.editorial.site_of import SmallSite, small_site

LONGER = "We keep your name for 60 days and do not share it with anyone."


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    site = small_site(tmp_path, monkeypatch)
    return site.day("2026-03-10")


def draft(site: SmallSite) -> None:
    site.write("02-what-we-keep", LONGER)


@pytest.mark.parametrize(
    ("notice", "change", "effective", "rule", "earliest"),
    [
        (
            {"material": "30 days"},
            "material",
            "2026-04-08",
            "notice.material (policy.yml) asks for 30 days",
            "2026-04-09",
        ),
        (
            {"rules": "[p2b]"},
            "material",
            "2026-03-25",
            "p2b (Regulation (EU) 2019/1150, Art. 3(2)) asks for 15 full days",
            "2026-03-26",
        ),
        ({"rules": "[p2b, psd2]", "material": "30 days"}, "material", "2026-05-09", "psd2 (", "2026-05-10"),
        ({"rules": "[eecc]"}, "material", "2026-04-09", "eecc (", "2026-04-10"),
    ],
)
def test_a_date_that_is_too_early_names_the_rule_the_earliest_day_and_the_day_that_it_has(
    site: SmallSite, notice: dict[str, object], change: str, effective: str, rule: str, earliest: str
) -> None:
    site.settings(**notice)
    draft(site)
    site.record("2026-03-10", change=change, effective=effective)
    result = site.run("check")
    assert result.exit_code == 1
    assert f"content/privacy-policy/versions/2026-03-10.md:3: takes effect on {effective}, too early: " in result.output
    assert rule in result.output
    assert f"{earliest} at the earliest; write 'effective: {earliest}' or later" in result.output
    site.record("2026-03-10", change=change, effective=earliest)
    assert site.run("check").exit_code == 0


def test_the_day_is_that_of_the_site_and_not_of_the_machine(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """At noon UTC it is already tomorrow in Kiritimati; a record of the day there is not in the future or the past."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    monkeypatch.delenv("GAZETTE_DAY")
    (site.root / "mkdocs.yml").write_text("site_name: E\nplugins:\n  - gazette:\n      timezone: Pacific/Kiritimati\n")
    draft(site)
    today = datetime.now(ZoneInfo("Pacific/Kiritimati")).date()
    monkeypatch.setenv("GAZETTE_DAY", "2026-03-10")
    site.record("new", change="material", published=today, effective=today)
    monkeypatch.delenv("GAZETTE_DAY")
    result = site.run("check")
    assert "in the past" not in result.output
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"published": "2026-03-09"}, ":2: it is new and says it was published on 2026-03-09; today is 2026-03-10"),
        (
            {"published": "2026-03-09", "effective": "2026-03-09", "change": "material"},
            ":3: a material change cannot apply from a day in the past, 2026-03-09",
        ),
        (
            {"effective": "2026-03-20", "change": "material", "comment_until": "2026-03-20"},
            "not between publication and",
        ),
    ],
)
def test_dates_that_cannot_be(site: SmallSite, keys: dict[str, object], message: str) -> None:
    draft(site)
    site.record("new", **{"change": "material", **keys})
    result = site.run("check")
    assert result.exit_code == 1
    assert message in result.output


def test_history_that_was_imported_may_lie_in_the_past(site: SmallSite) -> None:
    draft(site)
    site.settings(material="30 days")
    site.record("2025-01-01", published="2025-01-01", effective="2025-01-01", change="material", imported="true")
    assert site.run("check").exit_code == 0, site.run("check").output


def test_a_notice_that_was_too_short_is_no_longer_held_against_a_version_in_force(site: SmallSite) -> None:
    draft(site)
    site.record("2026-03-10", change="material", effective="2026-03-12")
    site.commit()
    site.settings(material="30 days")
    assert site.run("check").exit_code == 1
    site.day("2026-03-20")
    assert site.run("check").exit_code == 0


def test_an_overdue_review_is_a_warning_until_it_is_written_down(site: SmallSite) -> None:
    site.settings(rules="[ccpa]", review="24 months")
    site.day("2027-03-02")
    result = site.run("check")
    assert result.exit_code == 0
    assert "warning: content/privacy-policy/policy.yml:4: the text is due for review since 2027-03-01" in result.output
    assert "Cal. Civ. Code 1798.130(a)(5)" in result.output
    site.settings(rules="[ccpa]", reviewed="2027-02-20")
    assert site.run("check").output == "nothing is wrong\n"


@pytest.mark.parametrize(
    ("notice", "message"),
    [
        ({"material": "a while"}, "policy.yml:4: 'material': 'a while' is no length of time"),
        ({"material": "30 days", "review": "yearly"}, "policy.yml:5: 'review': 'yearly' is no length of time"),
        ({"rules": "[psd-2]"}, "policy.yml:4: there is no notice rule 'psd-2'; did you mean 'psd2'?"),
    ],
)
def test_settings_that_cannot_be_read(site: SmallSite, notice: dict[str, object], message: str) -> None:
    site.settings(**notice)
    result = site.run("check")
    assert result.exit_code == 1
    assert message in result.output


def test_a_version_in_force_is_neither_rescheduled_nor_withdrawn(site: SmallSite) -> None:
    draft(site)
    path = site.record("2026-03-10", change="material", effective="2026-03-12")
    site.commit()
    site.day("2026-03-15")
    text = path.read_text()
    path.write_text(text.replace("\n---\nYou", "\nrescheduled: [{on: 2026-03-15, effective: 2026-05-01}]\n---\nYou"))
    assert "rescheduled on 2026-03-15, when it was in force since 2026-03-12" in site.run("check").output
    path.write_text(text.replace("\n---\nYou", "\nwithdrawn: {on: 2026-03-15}\n---\nYou"))
    assert "withdrawn on 2026-03-15, when it was in force since 2026-03-12" in site.run("check").output
    path.write_text(text.replace("\n---\nYou", "\nwithdrawn: {on: 2026-03-11}\n---\nYou"))
    assert "it is withdrawn on 2026-03-11, in the past" in site.run("check").output


@pytest.mark.parametrize(
    "summary",
    [
        "",
        "Updates",
        "Various changes to our privacy policy.",
        "tbd",
        "- wip",
        "<!-- outline -->",
        "Wir haben unsere Datenschutzerklärung aktualisiert.",
    ],
)
def test_a_summary_that_says_nothing_is_sent_back(site: SmallSite, summary: str) -> None:
    draft(site)
    site.record("2026-03-10", summary, change="material", effective="2026-04-10")
    result = site.run("check")
    assert result.exit_code == 1
    assert "say in plain language what changed" in result.output
    assert "2026-03-10.md:9:" in result.output


@pytest.mark.parametrize(
    "summary", ["We keep names longer.", "Typos corrected.", "Fewer cookies.", "最終更新日を変更しました"]
)
def test_a_summary_that_says_something_passes(site: SmallSite, summary: str) -> None:
    draft(site)
    site.record("2026-03-10", summary, change="material", effective="2026-04-10")
    assert site.run("check").exit_code == 0


def test_a_pull_request_is_told_only_of_what_it_brings(site: SmallSite) -> None:
    site.write("03-your-rights", "See [nothing](#nowhere) and [cookies](#what-we-keep).")
    site.commit("bring a broken link to main")
    site.git("switch", "--quiet", "--create", "branch")
    draft(site)
    site.record("2026-03-10", "Updates", change="material")
    site.commit()
    everything = json.loads(site.run("check", "--format", "json").output)["problems"]
    brought = json.loads(site.run("check", "--format", "json", "--base", "main").output)["problems"]
    assert {p["path"].split("/")[-1] for p in everything} == {"03-your-rights.md", "2026-03-10.md"}
    assert [(p["path"], p["severity"]) for p in brought] == [("content/privacy-policy/versions/2026-03-10.md", "error")]


def test_a_link_that_a_pull_request_breaks_elsewhere_is_its_problem(site: SmallSite) -> None:
    site.write("03-your-rights", "See [what we keep](#what-we-keep).")
    site.commit()
    site.git("switch", "--quiet", "--create", "branch")
    (site.policy / "text" / "02-what-we-keep.md").unlink()
    site.commit()
    result = site.run("check", "--base", "main")
    assert result.exit_code == 1
    assert "03-your-rights.md:5:" in result.output


def test_several_new_versions_say_how_to_merge(site: SmallSite) -> None:
    site.git("switch", "--quiet", "--create", "branch")
    draft(site)
    site.record("one", change="material", effective="2026-04-10")
    site.commit("first")
    site.write("02-what-we-keep", "We keep your name for 90 days and do not share it with anyone.")
    site.record("two", change="material", effective="2026-05-10", sequence=2)
    site.commit("second")
    result = site.run("check", "--base", "main")
    assert result.exit_code == 0, result.output
    assert (
        "warning: content/privacy-policy/versions/one.md:6: the text of 'one' is in an earlier commit" in result.output
    )
    assert "'two'" not in result.output
    assert site.run("verify", "--repair").exit_code == 0


def test_a_record_without_a_pin_is_told_which_command_completes_it(site: SmallSite) -> None:
    draft(site)
    site.record("2026-03-10", change="material", effective="2026-04-10", text="", digest=None)
    result = site.run("check")
    assert result.exit_code == 1
    assert "the key 'text' is missing; run 'gazette release --complete', or let the workflow do it" in result.output


def test_a_merge_conflict_is_one_problem_of_its_own(site: SmallSite) -> None:
    (site.policy / "text" / "02-what-we-keep.md").write_text(
        "---\ntitle: What we keep\n---\n\n<<<<<<< HEAD\nA\n=======\nB\n>>>>>>> branch\n"
    )
    result = site.run("check")
    assert result.exit_code == 1
    assert "02-what-we-keep.md:5: a merge conflict is not resolved" in result.output


def test_one_policy_can_be_checked_alone(site: SmallSite) -> None:
    other = site.root / "content" / "terms"
    (other / "text").mkdir(parents=True)
    (other / "policy.yml").write_text("title: Terms\nlanguage: en\n")
    assert site.run("check").exit_code == 1
    assert site.run("check", "privacy-policy").output == "nothing is wrong\n"
    assert site.run("check", "term").exit_code == 2


def test_annotations_escape_what_github_would_take_for_its_own(site: SmallSite) -> None:
    from gazette.editorial.check.formats import github
    from gazette.errors import Problem, Severity

    shown = github([Problem("a,b:c.md", 0, "100 %\nbad", "", Severity.WARNING), Problem("", 0, "worse", "mend")])
    assert shown.splitlines() == [
        "::error::worse; mend",
        "::warning file=a%2Cb%3Ac.md,line=1,title=a%2Cb%3Ac.md::100 %25%0Abad",
        "1 problem, 1 warning",
    ]
