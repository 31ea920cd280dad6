"""Folds hide what did not change, and hide nothing else."""

from __future__ import annotations

import re

import html5lib
import pytest

from gazette.redline import compare_markdown, folded, html, sections_html
from tests.redline.rendering_cases import NEW, OLD, PAIRS, redline_of

FOLD = re.compile(r'<details class="redline-unchanged"><summary>[^<]*</summary>\n(.*?)</details>\n', re.DOTALL)


@pytest.mark.parametrize("name", PAIRS)
def test_opening_every_fold_gives_the_whole_redline(name: str) -> None:
    redline = redline_of(name)
    assert FOLD.sub(r"\1", folded(redline)) == html(redline)


@pytest.mark.parametrize("name", PAIRS)
def test_no_fold_hides_a_change_or_tears_an_element(name: str) -> None:
    fragment = folded(redline_of(name))
    html5lib.HTMLParser(strict=True).parse(f"<!DOCTYPE html>{fragment}")
    for inner in FOLD.findall(fragment):
        assert not re.search(r"<ins|<del|data-was", inner)
        html5lib.HTMLParser(strict=True).parse(f"<!DOCTYPE html>{inner}")


@pytest.mark.parametrize("name", PAIRS)
def test_sections_are_whole_fragments_that_join_to_the_redline(name: str) -> None:
    redline = redline_of(name)
    fragments = list(sections_html(redline))
    assert len(fragments) == len(redline.sections)
    assert "".join(fragments) == html(redline)
    for fragment in fragments:
        html5lib.HTMLParser(strict=True).parse(f"<!DOCTYPE html>{fragment}")


def test_a_fold_says_how_much_it_hides() -> None:
    fragment = folded(compare_markdown(OLD, NEW))
    assert re.findall("<summary>(.*?)</summary>", fragment) == [
        "1 section unchanged: Example policy (22 words)",
        "1 paragraph unchanged (22 words)",
        "1 section unchanged: Contact (6 words)",
    ]


def test_the_heading_of_a_changed_section_stays_in_sight() -> None:
    old = "## A\n\n" + "many words stay as they are " * 5 + "\n\nlast\n\n## B\n\nx"
    fragment = folded(compare_markdown(old, old.replace("last", "end")))
    assert fragment.startswith("<h2>A</h2>\n<details")


def test_a_few_unchanged_words_are_not_folded() -> None:
    assert "<details" not in folded(compare_markdown("one\n\nfew words\n\ntwo", "three\n\nfew words\n\nfour"))


def test_folds_are_named_in_any_language() -> None:
    fragment = folded(compare_markdown(OLD, NEW), lambda fold: f"{fold.words} <Wörter>")
    assert "<summary>22 &lt;Wörter&gt;</summary>" in fragment
