"""The quicker parser of blocks and search for inline patterns give Python-Markdown's own HTML."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

from gazette.policy.blocks import QuickBlocks
from gazette.policy.inline import QuickInline

HISTORIES = Path(__file__).parents[2].parent / "shared" / "histories"

SETS = [
    [],
    ["extra", "sane_lists"],
    ["extra", "nl2br", "smarty", "legacy_em"],
    ["pymdownx.betterem", "pymdownx.caret", "pymdownx.tilde", "pymdownx.mark", "pymdownx.escapeall"],
    ["pymdownx.magiclink", "pymdownx.keys", "pymdownx.smartsymbols", "pymdownx.inlinehilite", "footnotes", "abbr"],
]
PIECES = ["*", "**", "_", "__", "`", "``", "\\", "[", "]", "](u)", "![", "[^1]", "[^1]: note", "<b>", "</b>", "<", ">"]
PIECES += [
    "# ",
    "\n===",
    "\n---\n",
    "***",
    "> ",
    ": ",
    "term\n: what",
    "*[abc]: long",
    "abc",
    '<div markdown="1">\n',
    "</div>\n",
]
PIECES += ["&", "&amp;", "<a@b.c>", "<http://e.x>", "http://e.x", "  \n", "\n", "\n\n", "- ", "| a | b |", "| - | - |"]
PIECES += ["++ctrl++", "^2^", "~~no~~", "==yes==", "(c)", "--", '"so"', "word", " ", "é", "\n[x]: u\n", "[x]", "{#i}"]


@pytest.mark.parametrize("extensions", SETS, ids=" ".join)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
@settings(max_examples=120, deadline=None)
def test_the_html_is_the_same(extensions: list[str], source: str) -> None:
    quick, plain = Markdown(extensions=[*extensions, QuickBlocks(), QuickInline()]), Markdown(extensions=extensions)
    assert quick.convert(source) == plain.convert(source)


@pytest.mark.skipif(not HISTORIES.is_dir(), reason="the histories are not at hand")
def test_the_html_of_real_policies_is_the_same() -> None:
    extensions = ["extra", "sane_lists"]
    for path in sorted(HISTORIES.glob("*/*.md"))[::40]:
        source = path.read_text()
        quick = Markdown(extensions=[*extensions, QuickBlocks(), QuickInline()]).convert(source)
        assert quick == Markdown(extensions=extensions).convert(source), path


def test_an_extension_that_has_a_processor_of_its_own_keeps_it() -> None:
    markdown = Markdown()
    other = type("Other", (type(markdown.treeprocessors["inline"]),), {})(markdown)
    markdown.treeprocessors.register(other, "inline", 20)
    QuickInline().extendMarkdown(markdown)
    assert markdown.treeprocessors["inline"] is other
