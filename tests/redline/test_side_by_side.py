"""Two columns: each is its text as it was written, rows stand beside what they became, and ids stand once."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree.ElementTree import Element

import html5lib
import pytest

from gazette.redline import compare, compare_markdown, prepare, prepare_text, side_by_side
from tests.making import text
from tests.redline.rendering_cases import HOSTILE, NEW, OLD, PAIRS, redline_of


def parsed(html: str) -> Element:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(f"<!DOCTYPE html>{html}")


def rows(html: str) -> list[tuple[Element, Element]]:
    found = [e for e in parsed(html).iter("div") if "redline-row" in e.get("class", "").split()]
    return [(row[0], row[1]) for row in found if "redline-names" not in row.get("class", "")]


@pytest.mark.parametrize("name", PAIRS)
def test_each_column_holds_its_text_and_nothing_of_the_other(name: str) -> None:
    old, new = PAIRS[name]
    left, right = zip(*rows(side_by_side(redline_of(name))), strict=True) if old or new else ((), ())
    for column, source, mark in ((left, old, "ins"), (right, new, "del")):
        said = Counter("".join(text for cell in column for text in cell.itertext() if text != "¶"))
        expected = Counter("".join(p.text for block in prepare(source).blocks for p in block.pieces))
        for blank in " \n\t\r\f\v\xa0\ufffc":
            said.pop(blank, 0)
            expected.pop(blank, 0)
        assert said == expected
        assert not [e for cell in column for e in cell.iter(mark)]


@pytest.mark.parametrize("name", PAIRS)
def test_no_id_is_given_twice_and_none_on_the_left(name: str) -> None:
    html = side_by_side(redline_of(name))
    ids = [e.get("id") for _, right in rows(html) for e in right.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert not [e for left, _ in rows(html) for e in left.iter() if e.get("id")]


def row_of(html: str, words: str) -> tuple[str, str]:
    """Both cells of the row that holds these words, as HTML."""
    cells = r'<div class="redline-old">(.*?)</div><div class="redline-new">(.*?)</div></div>'
    [found] = [pair for pair in re.findall(cells, html, re.DOTALL) if words in pair[0] + pair[1]]
    return found


@pytest.mark.parametrize(
    ("old", "new", "left", "right"),
    [
        ("one two three", "one four three", "<p>one <del>two</del> three</p>", "<p>one <ins>four</ins> three</p>"),
        ("see [this](/a)", "see [this](/b)", '<a href="/a">this</a>', '<a href="/b">this</a></span>'),
        ("see [this](/a)", "see this", '<a href="/a">this</a>', '<span class="relinked" data-was="/a">this</span>'),
        ("see this", "see [this](/a)", "<p>see this</p>", '<span class="relinked" data-was="">'),
        ("call **us**", "call us", "<strong>us</strong>", '<span class="reformatted" data-was="strong">us</span>'),
        ("call *us*", "call **us**", "<em>us</em>", "<strong>us</strong></span>"),
        ("### Words here", "#### Words here", "<h3>Words here</h3>", "<h4>"),
        (
            "1. one word\n2. two words",
            "1. two words",
            '<li value="2">two words',
            '<li value="1"><span class="renumbered"',
        ),
    ],
)
def test_each_side_is_as_it_was_written(old: str, new: str, left: str, right: str) -> None:
    html = side_by_side(compare_markdown(old, new))
    assert left in html
    assert right in html


def test_a_split_paragraph_stands_beside_its_parts() -> None:
    joined, parted = "One two three four. Five six seven eight.\n", "One two three four.\n\nFive six seven eight.\n"
    assert row_of(side_by_side(compare_markdown(joined, parted)), "One") == (
        "<p>One two three four. Five six seven eight.</p>",
        '<p>One two three four.<ins class="break">¶</ins></p>\n<p>Five six seven eight.</p>',
    )


def test_merged_paragraphs_stand_beside_what_they_became() -> None:
    joined, parted = "One two three four. Five six seven eight.\n", "One two three four.\n\nFive six seven eight.\n"
    left, right = row_of(side_by_side(compare_markdown(parted, joined)), "One")
    assert left == '<p>One two three four.<del class="break">¶</del></p>\n<p>Five six seven eight.</p>'
    assert right == "<p>One two three four. Five six seven eight.</p>"


def test_a_table_is_one_row() -> None:
    left, right = row_of(side_by_side(compare_markdown(OLD, NEW)), "<table>")
    assert left.count("<tr>") == 3
    assert right.count("<tr>") == 3
    assert right.count("<th>") == 3


def test_a_nested_item_alone_in_its_row_shows_no_bullet_but_its_own() -> None:
    html = side_by_side(compare_markdown("- one\n    - two", "- one\n    - three"), full=True)
    assert '<li class="redline-continued"><ul><li><del>two</del>' in html


def test_unchanged_stretches_are_folded_unless_all_is_wanted() -> None:
    redline = compare_markdown(OLD, NEW)
    assert "<summary>1 section unchanged: Example policy (22 words)</summary>" in side_by_side(redline)
    assert "<details" not in side_by_side(redline, full=True)


def test_the_columns_are_headed_and_folds_named_in_any_language() -> None:
    redline = compare_markdown(OLD, NEW)
    html = side_by_side(redline, lambda fold: f"{len(fold.sections)} gleich & fertig", ("Früher", "<Heute>"))
    assert "<div>Früher</div><div>&lt;Heute&gt;</div>" in html
    assert "<summary>1 gleich &amp; fertig</summary>" in html


def test_anchors_lead_into_the_new_text() -> None:
    old, new = text(cookies="One two three."), text(cookies="One two four.")
    html = side_by_side(compare(prepare_text(old), prepare_text(new)))
    assert '<div class="redline-new"><h2 id="cookies">' in html


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_an_author_wrote_stays_words(hostile: str) -> None:
    html = side_by_side(compare_markdown("before", f"before\n\n    {hostile}\n"))
    assert hostile in "".join(parsed(html).itertext())
