from __future__ import annotations

import pytest

from gazette.policy import markup

LOW_HEADINGS = [
    ("## Two", [1]),
    ("#One without a space", [1]),
    ("text\n\nTitle\n=====\n", [3]),
    ("Title\n---\n", [1]),
    ("### Three\n\n#### Four", []),
    ("one\ntwo\n---\n", []),
    ("```\n# code\n```\n", []),
    ("~~~ text\n# code\n~~~\n\n# not code", [5]),
    ("    # indented code", []),
    ("<!--\n# hidden\n-->", []),
    ("<pre>\n# raw\n</pre>", []),
    ("| a |\n|---|\n| b |", []),
    ("a `code\n# in a span` b", []),
    ("```\nnever closed\n# heading", [3]),
    ("<h2>HTML</h2>", [1]),
    ("<h3>HTML</h3>\n\n* * *\n\n---\n", []),
    ("\\# escaped", []),
]


@pytest.mark.parametrize(("body", "lines"), LOW_HEADINGS)
def test_headings_of_level_one_and_two_are_found_outside_code(body: str, lines: list[int]) -> None:
    assert [problem.line for problem in markup.heading_problems(body, "x.md", 1)] == lines


def test_anchors_are_the_section_its_headings_and_explicit_ids() -> None:
    body = "### Why? {#reasons}\n\n### `Code` here\n\n### Code here\n\nText {: #spot }\n\n<a name='old'></a>"
    assert markup.anchors("scope", body) == {
        "scope",
        "reasons",
        "scope--code-here",
        "scope--code-here-2",
        "spot",
        "old",
    }


def test_headings_in_quotes_lists_and_html_have_anchors_too() -> None:
    body = "> ### Quoted\n\n- #### In a list\n\n<h3 class='x'>As <em>HTML</em></h3>"
    assert markup.anchors("s", body) == {"s", "s--quoted", "s--in-a-list", "s--as-html"}


def test_links_of_every_form_have_their_line() -> None:
    body = "[a](#one) and ![b](assets/i.png 'T')\n[c][r] `[no](#code)`\n\n[r]: ../terms/#two\n<a href=\"#three\">x</a>"
    assert [(link.target, link.line) for link in markup.links(body, 10)] == [
        ("#one", 10),
        ("assets/i.png", 10),
        ("../terms/#two", 13),
        ("#three", 14),
    ]
