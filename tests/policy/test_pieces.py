"""The law that putting sections together from pieces, in whatever order they came, never changes the HTML."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazette.policy.model import Section, Text
from gazette.policy.rendering import Renderer, with_defaults
from tests.policy.test_rendering import FRAGMENTS

PYMDOWNX = "betterem caret details emoji escapeall highlight inlinehilite keys magiclink mark smartsymbols superfences"
SETS = {
    "default": [],
    "python-markdown": ["toc", "footnotes", "attr_list", "admonition", "def_list", "tables", "smarty", "nl2br"],
    "code": ["codehilite", "legacy_em", "legacy_attrs"],
    "pymdownx": [f"pymdownx.{name}" for name in [*PYMDOWNX.split(), "tabbed", "tasklist", "tilde"]],
}
MORE = [
    "- one\n\n- two",
    "- one\n\n    more of it\n\n        code\n\n- two",
    "- a\n1. b",
    "1. one\n\n2. two",
    "3. three",
    "+ other",
    "* * *",
    "- - -\n- a",
    "### H\n- a",
    "### H\nwords",
    "## Two",
    "words\n### H",
    "words\n***\n- a",
    "words\n- a\n- b",
    "1. ### In a list",
    "- > quoted",
    "> quoted",
    ">> deeper",
    "words\n> quoted",
    "Term\n: What",
    ": What",
    "    : What",
    "  three spaces",
    "\tcode",
    "words  ",
    "\xa0words",
    "!!! note\n    Words.",
    "    Words.",
    "??? note\n    Words.",
    '=== "One"\n    Words.',
    '=== "Two"\n\n    Words.',
    "- !!! note",
    "- [ ] do\n- [x] done",
    "{: .after }",
    "words\n{: .last }",
    "*a*{: #given } and **b**{.c}",
    "- item {: #given }",
    "| a {: .c } | b |\n|---|---|\n| 1 | 2 |",
    "a | b\n--|--\n1 | 2",
    "*[GDPR] : a regulation",
    "*[GDPR]\t: a regulation",
    "The GDPR.",
    '<table><tr><td id="cell">x</td></tr></table>',
    "<table>\n\n<tr>\n\n</table>",
    "<hr>",
    "Words <br> and <span id='x'>more</span>.",
    "R&D, AT&amp;T, &#39;x&#39; and &#12",
    "\"Quotes\" -- 'and' ... dashes",
    "[a](u \"title id='b'\")",
    "an id= in words",
    "`code` and ``co`de``",
    "++ctrl+c++ :smile: (c) ==mark== ~~no~~ ^up^ https://example.com/a?b=c @someone",
    ":smile:",
    "\\- no item",
    "\\",
    ".",
    "\x02\x03",
    "\ue0f0",
    "end \ue0f1",
    "",
    "\n",
    "   ",
]


@pytest.mark.parametrize("extensions", SETS.values(), ids=SETS)
@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(FRAGMENTS + MORE), max_size=5), min_size=1, max_size=4))
def test_what_came_before_never_changes_the_html(extensions: list[str], bodies: list[list[str]]) -> None:
    renderer, whole = Renderer(with_defaults(extensions)), Renderer(with_defaults(extensions))
    for blocks in bodies:
        text = Text((Section("s1", "One", "\n\n".join(blocks)), Section("s2", "Two", "\n\n".join(reversed(blocks)))))
        assert renderer.render(text) == whole.convert_whole(text)
