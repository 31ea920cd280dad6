"""A redline as a comment: as CommonMark renders it, nothing live in it, never longer than told, nothing lost unsaid."""

from __future__ import annotations

import re

import html5lib
import pytest
from markdown_it import MarkdownIt

from gazette.redline import compare_markdown, markdown
from gazette.redline.as_markdown import LIMIT, SMALLEST, safe
from tests.redline.rendering_cases import HOSTILE, NEW, OLD, PAIRS, redline_of

ALLOWED = {
    *("h3", "h4", "h5", "p", "ul", "li", "strong", "em", "code", "pre", "blockquote", "hr", "br", "table", "tbody"),
    *("tr", "td", "sub", "sup", "ins", "del", "details", "summary", "span"),
}


def rendered(comment: str) -> str:
    return MarkdownIt("commonmark").render(comment)


def elements(html: str) -> list[str]:
    return [e.tag for e in html5lib.parse(html, namespaceHTMLElements=False).find("body").iter()][1:]


def words(html: str) -> str:
    text = "".join(html5lib.parse(html, namespaceHTMLElements=False).find("body").itertext())
    return " ".join(text.replace("\u200b", "").split())


@pytest.mark.parametrize("name", PAIRS)
def test_a_comment_renders_to_elements_that_github_keeps(name: str) -> None:
    comment = markdown(redline_of(name))
    assert len(comment) <= LIMIT
    assert set(elements(rendered(comment))) <= ALLOWED


@pytest.mark.parametrize("name", PAIRS)
def test_the_html_of_a_comment_is_whole(name: str) -> None:
    html5lib.HTMLParser(strict=True).parse("<!DOCTYPE html>" + rendered(markdown(redline_of(name))))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("one two three", "one three", "<p>one <del>two</del> three</p>"),
        ("one three", "one two three", "<p>one <ins>two</ins> three</p>"),
        ("see [this](/a) now", "see [this](/b) now", "[this]<sub>link: <code>/a</code> → <code>/b</code></sub>"),
        ("call **us** now", "call us now", "[us]<sub>format: bold → none</sub>"),
        ("one **two** three", "one **two** four", "<strong>two</strong>"),
        ("1. alpha beta\n2. gamma delta", "2. new here\n3. alpha beta\n4. gamma delta", "1→3. alpha beta"),
        ("- alpha beta\n    - gamma delta", "- alpha beta\n    - gamma zeta", "<br>&emsp;&emsp;• gamma"),
        (
            "    a = 1\n\n    b = 2",
            "    a = 1\n\n    b = 3",
            "<pre><code>a = 1\n\nb =</code> <del><code>2</code></del>",
        ),
        ("> quoted words", "> quoted sayings", "<blockquote>quoted <del>words</del>"),
    ],
)
def test_each_change_has_its_form(old: str, new: str, expected: str) -> None:
    assert expected in markdown(compare_markdown(old, new))


def test_a_table_is_a_table() -> None:
    comment = markdown(compare_markdown(OLD, NEW))
    assert "<tr><td>sid</td><td><ins>one day</ins></td><td>session of the user</td></tr>" in comment


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_an_author_wrote_stays_words(hostile: str) -> None:
    comment = markdown(compare_markdown("before", f"before\n\n    {hostile}\n"))
    html = rendered(comment)
    assert hostile in words(html)
    assert set(elements(html)) <= ALLOWED


@pytest.mark.parametrize(
    "live",
    ["@someone", "(@example/team", "#12", "example/repo#3", "GH-7", "https://example.com", "www.example.com", ":tada:",
     "1f0c3b2", "deadbeef01"],
)  # fmt: skip
def test_nothing_is_left_for_github_to_link(live: str) -> None:
    assert live not in safe(f"see {live} there")
    assert safe(f"see {live} there").replace("&#8203;", "") == f"see {live} there"


@pytest.mark.parametrize(
    "dead", ["someone@example.com", "section 12", "a # sign", "at 10:30", "1234567", "facade", "GH"]
)
def test_other_words_are_left_as_they_are(dead: str) -> None:
    assert safe(dead) == dead


def test_dollars_begin_no_formula() -> None:
    assert safe("$5 and $10") == "<span>$</span>5 and <span>$</span>10"


def test_unchanged_sections_are_named_and_other_stretches_folded() -> None:
    comment = markdown(compare_markdown(OLD, NEW))
    assert "⋯ 1 section unchanged: Example policy (22 words)" in comment
    assert "nothing at all changes in here" not in comment
    assert "<details><summary>1 paragraph unchanged (22 words)</summary>" in comment


def test_full_shows_unchanged_sections_too() -> None:
    assert "nothing at all changes in here" in markdown(compare_markdown(OLD, NEW), full=True)


def test_no_change_is_said() -> None:
    assert markdown(compare_markdown(OLD, OLD)) == "<p><strong>No change</strong></p>\n"


@pytest.mark.parametrize("limit", [SMALLEST, 5_000, 20_000])
@pytest.mark.parametrize("name", PAIRS)
def test_a_comment_is_never_longer_than_told_and_what_is_left_out_is_counted(name: str, limit: int) -> None:
    redline = redline_of(name)
    comment = markdown(redline, limit)
    assert len(comment) <= limit
    html5lib.HTMLParser(strict=True).parse("<!DOCTYPE html>" + rendered(comment))
    if len(markdown(redline, 10**9)) > limit and "Left out" not in comment:
        assert "⋯" in comment  # only words that nobody changed are missing


def test_the_count_of_what_is_left_out_is_exact() -> None:
    def policy(word: str) -> str:
        return "\n\n".join(f"## Section {n}\n\nPlain {word}{n} words. " + "More of them. " * 30 for n in range(60))

    comment = markdown(compare_markdown(policy("old"), policy("new")), 10_000)
    [said] = re.findall(r"Left out of this comment, for its length: (\d+) changed blocks in (\d+) sections", comment)
    shown = len(re.findall(r"<p>Plain <del>", comment))
    assert 0 < shown < 60
    assert said == (str(60 - shown), str(60 - shown))


def test_one_huge_paragraph_does_not_hide_what_comes_after_it() -> None:
    old = "## A\n\none\n\n## B\n\nlast words here\n"
    new = f"## A\n\none {'very long ' * 10_000}\n\n## B\n\nlast new words here\n"
    comment = markdown(compare_markdown(old, new))
    assert "last <ins>new</ins> words here" in comment
    assert "Left out of this comment, for its length: 1 changed block in 1 section." in comment


def test_a_run_of_renumbered_items_is_said_once() -> None:
    old = "".join(f"{n}. item number {n} with words\n" for n in range(1, 9))
    comment = markdown(compare_markdown(old, f"1. quite another thing\n{old}"))
    assert "<summary>8 list items only renumbered, 1→2 to 8→9 (40 words)</summary>" in comment


def test_a_picture_that_was_replaced_by_one_of_the_same_name_has_its_source() -> None:
    told = markdown(compare_markdown("See ![Logo](old.png) here.", "See ![Logo](new.png) here."))
    assert "<del>[image: Logo, old.png]</del><ins>[image: Logo, new.png]</ins>" in told
