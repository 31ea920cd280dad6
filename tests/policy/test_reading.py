from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gazette.errors import Severity
from gazette.policy.model import Change, NoticeSettings, Withdrawal
from gazette.policy.reading import read_policies, read_policy
from tests.policy.sites import Site

SECTION = "---\ntitle: {title}\n---\n\n{body}\n"
RECORD = """---
published: {published}
effective: {effective}
change: minor
title: Terms
text: {tree}
digest: sha256:{digest}
{more}---
Summary.
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A policy with nothing wrong: two sections, two versions."""
    site = Site.create(tmp_path / "site")
    _section(site, "01-scope.md", "Scope", "See [fees](#fees), [why](#fees--why) and [privacy](../privacy/#data).")
    _section(site, "02-fees.md", "Fees", "### Why?\n\nBecause.")
    _record(site, "2024-01-01")
    _record(site, "2024-01-05")
    other = site.content / "privacy"
    (other / "text").mkdir(parents=True)
    (other / "policy.yml").write_text("title: Privacy\nlanguage: pt-BR\n")
    (other / "text" / "01-data.md").write_text(SECTION.format(title="Data", body="None."))
    return site


def _section(site: Site, name: str, title: str, body: str) -> None:
    (site.folder / "text").mkdir(exist_ok=True)
    (site.folder / "text" / name).write_text(SECTION.format(title=title, body=body))


def _record(site: Site, label: str, more: str = "", published: str = "", effective: str = "") -> None:
    (site.folder / "versions").mkdir(exist_ok=True)
    published = published or label[:10]
    record = RECORD.format(
        published=published, effective=effective or published, tree="a" * 40, digest="b" * 64, more=more
    )
    (site.folder / "versions" / f"{label}.md").write_text(record)


def _said(site: Site) -> list[str]:
    return [str(problem) for problem in site.read()[1]]


def test_a_site_without_mistakes_has_no_problem(site: Site) -> None:
    policies, problems = site.read()
    assert problems == ()
    assert [policy.id for policy in policies] == ["privacy", "terms"]
    terms = policies[1]
    assert [version.label for version in terms.versions] == ["2024-01-01", "2024-01-05"]
    assert terms.text is not None
    assert [section.id for section in terms.text.sections] == ["scope", "fees"]
    assert terms.versions[0].path == "content/terms/versions/2024-01-01.md"


def test_policy_yml_is_read_into_values(site: Site) -> None:
    (site.folder / "policy.yml").write_text(
        "title: 'Terms: all of them'\nlanguage: en-GB\ncontact: legal@example.com\n"
        "owners: [Counsel, privacy@example.com]\nnotice:\n  material: 30 days\n  rules: [p2b]\n"
        "  reminders: 7 days\n  review: 12 months\n  reviewed: 2024-01-02\n"
    )
    policy = site.one()
    assert (policy.title, policy.language, policy.contact) == ("Terms: all of them", "en-GB", "legal@example.com")
    assert policy.owners == ("Counsel", "privacy@example.com")
    assert policy.notice == NoticeSettings("30 days", ("p2b",), ("7 days",), "12 months", date(2024, 1, 2))


def _write(path: str, text: str | bytes) -> Callable[[Site], None]:
    def write(site: Site) -> None:
        target = site.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())

    return write


def _link(body: str) -> Callable[[Site], None]:
    return lambda site: _section(site, "01-scope.md", "Scope", body)


def _rename(name: str) -> Callable[[Site], None]:
    def rename(site: Site) -> None:
        site.folder.rename(site.content / name)

    return rename


MISTAKES: list[tuple[str, Callable[[Site], None], list[str]]] = [
    ("unknown key", _write("policy.yml", "title: T\nlanguage: en\nlangauge: de\n"), [
        "content/terms/policy.yml:3: unknown key 'langauge'; did you mean 'language'?"]),
    ("unknown key in notice", _write("policy.yml", "title: T\nlanguage: en\nnotice:\n  rule: [p2b]\n"), [
        "content/terms/policy.yml:4: unknown key 'rule'; did you mean 'rules'?"]),
    ("missing keys", _write("policy.yml", "contact: a@example.com\n"), [
        "content/terms/policy.yml:1: the key 'language' is missing; add 'language: …'",
        "content/terms/policy.yml:1: the key 'title' is missing; add 'title: …'"]),
    ("empty policy.yml", _write("policy.yml", ""), [
        "content/terms/policy.yml:1: the key 'language' is missing; add 'language: …'",
        "content/terms/policy.yml:1: the key 'title' is missing; add 'title: …'"]),
    ("no language tag", _write("policy.yml", "title: T\nlanguage: English please\n"), [
        "content/terms/policy.yml:2: 'English please' is no language tag; write it as BCP 47: en, pt-BR"]),
    ("broken YAML", _write("policy.yml", "title: T\nlanguage: 'en\n"), [
        "content/terms/policy.yml:3: is not YAML: found unexpected end of stream; "
        "put the value in quotes, or correct its indentation"]),
    ("Windows-1252", _write("policy.yml", b"title: caf\xe9\nlanguage: fr\n"), [
        "content/terms/policy.yml:1: the byte 0xe9 at column 11 is not UTF-8 (in Windows-1252 it would be 'é'); "
        "save the file as UTF-8"]),
    ("conflict", _write("policy.yml", "<<<<<<< HEAD\ntitle: A\n=======\ntitle: B\n>>>>>>> b\nlanguage: en\n"), [
        "content/terms/policy.yml:1: a merge conflict is not resolved (<<<<<<<); choose what should stay"]),
    ("link to no section", _link("[x](#fee)"), [
        "content/terms/text/01-scope.md:5: the link '#fee' leads to no section; did you mean 'fees'?"]),
    ("link to no heading", _link("[x](#fees--how)"), [
        "content/terms/text/01-scope.md:5: the link '#fees--how' leads to no section; did you mean 'fees--why'?"]),
    ("link to no policy", _link("[x](../privcy/#data)"), [
        "content/terms/text/01-scope.md:5: the link '../privcy/#data' leads to no policy; did you mean 'privacy'?"]),
    ("link into another policy", _link("x\n\n[x](../privacy/#dta)"), [
        "content/terms/text/01-scope.md:7: the link '../privacy/#dta' leads to no section; did you mean 'data'?"]),
    ("link to a version", _link("x\n\n[x](versions/2024-01-06/#fees) [y](changes/2001-01-01/)"), [
        "content/terms/text/01-scope.md:7: the link 'changes/2001-01-01/' leads to no version; "
        "did you mean '2024-01-01'?",
        "content/terms/text/01-scope.md:7: the link 'versions/2024-01-06/#fees' leads to no version; "
        "did you mean '2024-01-05'?"]),
    ("link to a version of another policy", _link("[x](../privacy/versions/2.0/)"), [
        "content/terms/text/01-scope.md:5: the link '../privacy/versions/2.0/' leads to no version; "
        "correct the link, unless that version comes next"]),
    ("link to a version of no policy", _link("[x](../privcy/versions/2.0/)"), [
        "content/terms/text/01-scope.md:5: the link '../privcy/versions/2.0/' leads to no policy; "
        "did you mean 'privacy'?"]),
    ("link to a file", _link("[x](02-fees.md)"), [
        "content/terms/text/01-scope.md:5: the link '02-fees.md' names a file; link to the section: '#fees'"]),
    ("image that is not there", _link("![map](assets/map.png)"), [
        "content/terms/text/01-scope.md:5: there is no file 'assets/map.png' in text/; "
        "put it there, where it is pinned with the text, or correct its name"]),
    ("good links", _link("[a](https://example.com/#x) [b](../privacy/) `[c](#none)` [d](mailto:x) [e](#)"), []),
    ("good links to pages", _link("[a](versions/) [b](versions/2024-01-05/#x) [c](../terms/changes/2024-01-05/) "
                                  "[d](compare/?from=a) [e](../feed.xml) [f](sections/gone/)"), []),
    ("foreign file", _write("text/notes.txt", "x"), [
        "content/terms/text/notes.txt: is not the name of a section; name it NN-<section-id>.md"]),
    ("hidden file", _write("text/.DS_Store", b"\x00\xff"), []),
    ("foreign record", _write("versions/notes.txt", "x"), [
        "content/terms/versions/notes.txt: is no version record; name it <label>.md, or put it elsewhere"]),
    ("half-written record", _write("versions/2024-01-09.md", "---\npublished: 2024-01-09\neffec"), [
        "content/terms/versions/2024-01-09.md:1: the front matter is not closed; end it with a line '---'"]),
    ("tie", lambda site: _record(site, "2.0", published="2024-01-05"), [
        "content/terms/versions/2024-01-05.md:1: equals '2.0' in effective, published and sequence; "
        "give the later one the next 'sequence:'"]),
    ("no tie", lambda site: _record(site, "2024-01-05.2", "sequence: 2\n"), []),
    ("unknown predecessor", lambda site: _record(site, "2.0", "predecessor: 2024-01-02\n", "2024-01-06"), [
        "content/terms/versions/2.0.md:8: 'predecessor' names '2024-01-02', which is no version; "
        "did you mean '2024-01-05'?"]),
    ("unknown replaced", lambda site: _record(site, "2.0", "replaces: x\n", "2024-01-06"), [
        "content/terms/versions/2.0.md:8: 'replaces' names 'x', which is no version; "
        "write the label of a version that is there"]),
    ("replaced in force", lambda site: _record(site, "2.0", "replaces: 2024-01-05\n", "2024-01-06"), [
        "content/terms/versions/2.0.md:8: 'replaces' names '2024-01-05', which was in force already on 2024-01-06; "
        "take it out: a later version supersedes it by its dates"]),
    ("circle", lambda site: _record(site, "2024-01-01", "predecessor: 2024-01-05\n"), [
        "content/terms/versions/2024-01-01.md:8: the predecessors go round in a circle: "
        "2024-01-01 → 2024-01-05 → 2024-01-01; let each version name an earlier one"]),
    ("own predecessor", lambda site: _record(site, "2024-01-05", "predecessor: 2024-01-05\n"), [
        "content/terms/versions/2024-01-05.md:8: the predecessors go round in a circle: "
        "2024-01-05 → 2024-01-05; let each version name an earlier one"]),
    ("label", lambda site: _record(site, "V 1", published="2024-01-06"), [
        "content/terms/versions/V 1.md: 'V 1' is not allowed as a label; use lower-case letters and digits, "
        "parted by '.' or '-', at most 64, not ending in '.lock'"]),
    ("archive without version", _write("archive/2023-01-01/01-a.md", "x"), [
        "content/terms/archive/2023-01-01: no version has the label '2023-01-01'; "
        "delete the folder, or add the record"]),
    ("reserved id", _rename("search"), [
        "content/search: the policy id 'search' is reserved for the site; rename the folder"]),
    ("policy id", _rename("Our Terms"), [
        "content/Our Terms: 'Our Terms' is not allowed as a policy id; rename the folder to 'our-terms'"]),
    ("no policy.yml", lambda site: (site.folder / "policy.yml").unlink(), [
        "content/terms/policy.yml: there is no such file; add it, with title and language"]),
]  # fmt: skip


@pytest.mark.parametrize(("mistake", "expected"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_said_with_its_place_and_what_to_do(
    site: Site, mistake: Callable[[Site], None], expected: list[str]
) -> None:
    mistake(site)
    assert _said(site) == expected


@pytest.mark.parametrize("page", ["about.md", "about/index.md"])
def test_a_link_to_an_ordinary_page_is_left_to_the_build(page: str, site: Site) -> None:
    (site.content / page).parent.mkdir(exist_ok=True)
    (site.content / page).write_text("# About\n")
    _section(site, "01-scope.md", "Scope", "[x](../about/) [y](../about/#us)")
    assert _said(site) == []


def test_a_link_to_a_version_that_may_come_is_no_error(site: Site) -> None:
    _section(site, "01-scope.md", "Scope", "[x](versions/2030-01-01/)")
    assert [problem.severity for problem in site.read()[1]] == [Severity.WARNING]


def test_a_link_to_a_former_id_names_the_section_of_today(site: Site) -> None:
    (site.folder / "text" / "02-fees.md").write_text("---\ntitle: Fees\nformerly: [prices]\n---\n### Why?\n")
    _section(site, "01-scope.md", "Scope", "[x](#prices)")
    assert _said(site) == [
        "content/terms/text/01-scope.md:5: the link '#prices' leads to a section that was renamed; write '#fees'"
    ]


def test_what_cannot_be_read_makes_no_second_problem_of_the_links_to_it(site: Site) -> None:
    (site.folder / "text" / "02-fees.md").write_bytes(b"\xff")
    (site.content / "privacy" / "policy.yml").write_text("title: [\n")
    assert [line.split(": ")[0] for line in _said(site)] == [
        "content/privacy/policy.yml:2",
        "content/terms/text/02-fees.md:1",
    ]


def test_every_problem_is_collected_in_the_order_of_the_files(site: Site) -> None:
    _write("policy.yml", "title: T\n")(site)
    _write("text/01-scope.md", b"\xff")(site)
    _write("text/03-more.md", "---\ntitle: M\n---\n")(site)
    _record(site, "2024-01-05", published="soon")
    said = _said(site)
    assert [line.split(": ")[0] for line in said] == [
        "content/terms/policy.yml:1",
        "content/terms/text/01-scope.md:1",
        "content/terms/text/03-more.md:4",
        "content/terms/versions/2024-01-05.md:2",
        "content/terms/versions/2024-01-05.md:3",
    ]


def test_no_text_and_no_content_are_said(site: Site) -> None:
    for path in (site.folder / "text").iterdir():
        path.unlink()
    assert _said(site) == ["content/terms/text: there is no section; add one: 01-introduction.md"]
    (site.folder / "text").rmdir()
    assert _said(site) == ["content/terms/text: there is no such folder; make it, with one file a section"]
    site.content.rename(site.root / "elsewhere")
    assert _said(site) == ["content: there is no such folder; make it, or name another with 'content:'"]


def test_a_symbolic_link_is_no_text(site: Site) -> None:
    (site.folder / "text" / "03-linked.md").symlink_to("02-fees.md")
    assert _said(site)[0].startswith("content/terms/text/03-linked.md: is a symbolic link")


class _Kept(dict[str, Any]):
    def put(self, key: str, value: object) -> None:
        self[key] = value


def test_what_was_kept_is_read_again_where_any_file_says_something_else(site: Site) -> None:
    kept = _Kept()
    text = site.folder / "text"

    def titles() -> list[str]:
        found = read_policies(site.settings, kept)
        assert found == read_policies(site.settings, kept) == read_policies(site.settings)
        terms = found[0][-1].text
        return [section.title for section in terms.sections] if terms else []

    assert titles() == ["Scope", "Fees"]
    _section(site, "02-fees.md", "Costs", "### Why?\n\nBecause.")
    assert titles() == ["Scope", "Costs"]
    (text / "02-fees.md").rename(text / "00-fees.md")
    assert titles() == ["Costs", "Scope"]
    (text / "assets").mkdir()
    (text / "assets" / "a.svg").write_text("<svg/>")
    assert titles() == ["Costs", "Scope"]
    elsewhere = text.rename(site.root / "elsewhere")
    text.symlink_to(elsewhere, target_is_directory=True)
    assert titles() == ["Costs", "Scope"]
    (elsewhere / "00-fees.md").unlink()
    assert titles() == ["Scope"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_problem(site: Site) -> None:
    (site.folder / "text" / "01-scope.md").chmod(0)
    assert _said(site) == ["content/terms/text/01-scope.md: cannot be read: Permission denied; mend its permissions"]


def test_versions_stand_in_the_order_of_their_effective_dates(site: Site) -> None:
    _record(site, "2024-01-06", effective="2024-06-01")
    _record(site, "2024-01-07", "withdrawn: {on: 2024-01-08, reason: a slip}\n", effective="2024-02-01")
    versions = site.one().versions
    assert [version.label for version in versions] == ["2024-01-01", "2024-01-05", "2024-01-07", "2024-01-06"]
    assert versions[2].withdrawn == Withdrawal(date(2024, 1, 8), "a slip")
    assert versions[0].change is Change.MINOR


def test_one_policy_is_read_without_the_others(site: Site) -> None:
    policy, problems = read_policy(site.folder, site.root)
    assert policy is not None
    assert policy.id == "terms"
    assert problems == ()
    assert read_policy(site.root, site.root)[0] is None
