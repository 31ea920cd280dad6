from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gazette.cli import main
from gazette.policy.model import Change
from tests.policy.sites import Site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site on 2024-01-10; the commands run in its folder."""
    site = Site.create(tmp_path / "site")
    monkeypatch.chdir(site.root)
    monkeypatch.delenv("GAZETTE_DAY", raising=False)
    return site


def _status(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["status", *arguments], catch_exceptions=False)


def _lines(result: Result) -> list[str]:
    return [line.rstrip() for line in result.output.splitlines() if line.strip()]


def test_a_policy_that_was_never_published_is_all_draft(site: Site) -> None:
    site.write("Five words of new text.")
    lines = _lines(_status())
    assert lines[:2] == ["Terms  terms", "  in force   nothing yet"]
    assert lines[2].startswith("  draft      ")
    assert lines[2].endswith(", nothing published yet")
    draft = json.loads(_status("--json").output)["policies"][0]["draft"]
    assert (draft["against"], draft["sections"]) == (None, 1)
    assert draft["words_added"] >= 5


def test_what_is_in_force_announced_embargoed_and_drafted_is_told_apart(site: Site) -> None:
    site.write("Old words.")
    site.record("2024-01-01", change=Change.INITIAL)
    site.commit()
    site.write("Old words and more.")
    site.record("2024-01-05", change=Change.MATERIAL, effective=date(2024, 2, 10))
    site.commit()
    site.write("Old words and even more.")
    site.record("2024-01-20", effective=date(2024, 3, 1))
    site.commit()
    assert _lines(_status()) == [
        "Terms  terms",
        "  in force   2024-01-01  since 2024-01-01, initial",
        "  announced  2024-01-05  from 2024-02-10, in 31 days, material",
        "  embargoed  2024-01-20  to be published 2024-01-20, from 2024-03-01, minor",
    ]
    site.write("Old words and quite a lot more.")
    done = _status("--json")
    assert done.exit_code == 0
    read = json.loads(done.output)
    assert read["day"] == "2024-01-10"
    one = read["policies"][0]
    assert one["in_force"] == {
        "label": "2024-01-01", "published": "2024-01-01", "effective": "2024-01-01", "change": "initial"
    }  # fmt: skip
    assert [version["label"] for version in one["announced"]] == ["2024-01-05"]
    assert [version["label"] for version in one["embargoed"]] == ["2024-01-20"]
    assert one["draft"] == {
        "against": "2024-01-20",
        "sections": 1,
        "words_added": 3,
        "words_removed": 1,
        "summary": one["draft"]["summary"],
    }
    assert one["draft"]["summary"]
    assert _lines(_status())[-1] == f"  draft      {one['draft']['summary']}, against 2024-01-20"


def test_line_ends_make_no_draft(site: Site) -> None:
    site.write("Words.\n\nMore words.")
    site.record("2024-01-01")
    text = site.folder / "text" / "01-s1.md"
    text.write_bytes(b"\xef\xbb\xbf" + text.read_bytes().replace(b"\n", b"\r\n"))
    assert json.loads(_status("--json").output)["policies"][0]["draft"] is None


def test_problems_stand_with_their_policy_and_set_the_exit_code(site: Site) -> None:
    site.write("[x](#nowhere)")
    other = site.content / "privacy"
    other.mkdir()
    (other / "policy.yml").write_text("title: [\n")
    done = _status()
    assert done.exit_code == 1
    lines = _lines(done)
    assert lines[3].startswith("  problem    content/terms/text/01-s1.md:5: the link '#nowhere' leads to no section")
    assert lines[4].startswith("  problem    content/privacy/policy.yml:2: is not YAML")
    read = json.loads(_status("--json").output)
    assert read["policies"][0]["problems"][0]["line"] == 5
    assert read["problems"][0]["path"] == "content/privacy/policy.yml"


def test_a_warning_does_not_set_the_exit_code(site: Site) -> None:
    site.write("Words.")
    (site.folder / "archive" / "2020-01-01").mkdir(parents=True)
    done = _status()
    assert done.exit_code == 0
    assert _lines(done)[-1].startswith("  warning    content/terms/archive/2020-01-01: no version has the label")


def test_a_lost_text_is_a_problem_and_the_draft_is_still_seen(site: Site) -> None:
    site.write("Words.")
    version = site.record("2024-01-01")
    record = site.folder / "versions" / "2024-01-01.md"
    record.write_text(record.read_text().replace(version.tree, "1" * 40))
    site.write("Other words.")
    done = _status()
    assert done.exit_code == 1
    lines = _lines(done)
    assert lines[2] == "  draft      text/ differs, against 2024-01-01"
    assert lines[3].startswith("  problem    content/terms/versions/2024-01-01.md:6: git has no tree 1111")


def test_colour_is_for_terminals_only(site: Site) -> None:
    site.write("Words.")
    assert "\x1b[" not in _status().output


def test_long_lines_are_not_broken(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    site.write("[x](#nowhere)")
    assert any(len(line) > 80 for line in _lines(_status()))


def test_outside_a_site_it_says_where_to_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = _status()
    assert done.exit_code == 2
    assert "no mkdocs.yml in" in done.stderr
