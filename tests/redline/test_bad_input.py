"""Markup and characters that are not ours: they neither break the laws nor reach the page as more than Markdown would
have put there."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazette.redline import compare_markdown, html, json, markdown, prepare_html, side_by_side, terminal
from gazette.redline.comparison import compare
from tests.redline.laws import blocks_of, broken_laws, read

BAD = {
    "an unclosed paragraph": "<p>one two <b>three <i>four",
    "elements closed in the wrong order": "one <b>two <i>three</b> four</i> five",
    "ends without beginnings": "one </b></p></div></ins></del> two",
    "an unclosed tag": "one <a href='x two three",
    "an unclosed comment": "one <!-- two three",
    "an unclosed table": "<table><tr><td>one<td>two<tr><td>three",
    "cells without a table": "<td>one</td><tr>two</tr> three",
    "text in a table": "<table>one<tr>two<td>three</td></tr>four</table>",
    "items without a list": "<li>one<li>two",
    "a list in a paragraph": "<p>one<ul><li>two</ul>three</p>",
    "a heading in a heading": "<h2>one <h3>two</h3> three</h2>",
    "a link in a link": '<a href="/a">one <a href="/b">two</a> three</a>',
    "a block in a link": '<a href="/a"><div>one <p>two</div></a> three',
    "a block in emphasis": "<em>one<div>two</div>three</em>",
    "definitions without a list": "<dt>one<dd>two three",
    "a script": "one <script>alert('<p>two')</script> three",
    "a script across blocks": "one\n\n<script>\nalert(1)\n\n</script>\n\ntwo three",
    "a handler": '<p onclick="alert(1)">one <img src=x onerror="alert(1)"> two</p> three',
    "a script in a link": "[one two](javascript:alert(1)) three",
    "a style": "<style>p { display: none }</style>\n\none two three",
    "a frame": '<iframe src="https://example.com">one</iframe> two three',
    "a form": '<form action="/x"><input value="one"><button>two</button></form> three',
    "a select": "<select><option>one<option>two</select> three",
    "a text area": "<textarea><b>one</b></textarea> two three",
    "vector graphics": "<svg><text>one</text><a xlink:href='/x'>two</a></svg> three",
    "formulas": "<math><mi>one</mi></math> two three",
    "a template": "<template><p>one</p></template> two three",
    "a whole page": "<html><head><title>zero</title></head><body class=x>one two</body></html> three",
    "plain text for ever": "one <plaintext> two <b>three",
    "an author's own marks": "one <ins>two</ins> <del>gone</del> three",
    "an author's own marks around blocks": "<ins><p>one</p><p>two</p></ins> three",
    "marks that look like ours": '<ins class="moved" data-move="1">one</ins> <del class="break">¶</del> two',
    "a span that looks like ours": '<span class="relinked" data-was="/x">one</span> two three',
    "ids given twice": '<p id="a">one</p><p id="a">two <b id="a">three</b></p>',
    "an id with quotes": "<p id='\"><script>alert(1)</script>'>one two three</p>",
    "an attribute with a tag": '<p title="</p><script>alert(1)</script>">one two three</p>',
    "odd entities": "one &amp;amp; &lt;b&gt; &#0; &#xD800; &#x110000; &nosuch; &copy &notit; two",
    "ampersands": "AT&T & Q&A; <3 a<b a>b one two",
    "nul": "one\0two \0 three\0",
    "control characters": "one\x01\x08\x0b\x0c\x1b\x7f\x85 two\x1c\x1f three",
    "lone surrogates": "one \ud800 two\udfff three \udc00\ud800",
    "no characters": "one \ufffe two \uffff three \ufdd0 \U0001ffff",
    "what Markdown uses itself": "one \x02two\x03 three \x02wzxhzdk:0\x03",
    "direction and joiners": "one \u202etwo\u202c \u200bthree\u200d\ufeff \u2028 \u2029 four",
    "our own signs": "one ¶ two \ufffc three \v four",
    "line ends": "one\r\ntwo\rthree\n\rfour\u2028five",
    "marks alone": "\u0301\u0302 one\u0301\u0302\u0303 \u0e31 two",
    "markup signs alone": "<<<>>> &&& ``` ** __ [] () ![]( <!DOCTYPE> <?php ?> <![CDATA[x]]>",
}
EDITED = {name: text.replace("two", "2 two2").replace("three", "x") + "\n\nmore words" for name, text in BAD.items()}


@pytest.mark.parametrize("name", BAD)
def test_the_laws_hold_whatever_the_markup(name: str) -> None:
    text, edited = BAD[name], EDITED[name]
    plain = "one two three"
    for old, new in ((text, edited), (edited, text), (plain, text), (text, plain), ("", text), (text, "")):
        assert not broken_laws(old, new, html(compare_markdown(old, new)))
    assert read(html(compare_markdown(text, text))).marks == 0


@pytest.mark.parametrize("name", BAD)
def test_every_rendering_can_be_written_as_utf_8(name: str) -> None:
    redline = compare_markdown(BAD[name], EDITED[name])
    for render in (html, json, markdown, side_by_side, terminal):
        out = render(redline)
        out.encode("utf-8")
        assert "\0" not in out
    assert "<script" not in (html(redline) + side_by_side(redline)).lower()


_SIGNS = [*"<>/&;='", '"', "\n", "\0", "\ud800", "&#", "<!--"]
_TAGS = ["<p>", "</p>", "<ins>", "</del>", "<li>", "<td>", "<table>", "<b>", "<a href=x>", "<h2>", "<pre>", "<svg>"]
_soup = st.lists(st.sampled_from([*_SIGNS, *_TAGS, "one ", "two ", "\n\n"]), max_size=30)


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(_soup, st.integers(0, 29))
def test_the_laws_hold_for_soup(parts: list[str], at: int) -> None:
    old, new = "".join(parts), "".join([*parts[:at], "new ", *parts[at + 1 :]])
    assert not broken_laws(old, new, html(compare_markdown(old, new)))


def test_an_authors_own_marks_are_content_and_told_apart() -> None:
    kept = "One <del>gone</del> <ins>here</ins> "
    shown = '<p>One <span data-author="del">gone</span> <span data-author="ins">here</span> '
    markup = html(compare_markdown(kept + "two.", kept + "three."))
    assert markup.strip() == shown + "<del>two</del><ins>three</ins>.</p>"


def test_a_mark_that_an_author_put_around_words_changes_no_word() -> None:
    reading = read(html(compare_markdown("one two three", "one <del>two</del> three")))
    assert (reading.wrong, reading.inserted, reading.deleted) == ([], [], [])


def test_words_of_a_script_are_no_words() -> None:
    redline = compare_markdown("one two", "one <script>alert(1)</script>two")
    assert "alert" not in html(redline) + json(redline) + terminal(redline)


def test_an_attribute_is_escaped_in_what_it_was() -> None:
    markup = html(compare_markdown('[a](</x"><script>>)', "[a](/y)"))
    assert not read(markup).wrong
    assert "<script" not in markup


@pytest.mark.parametrize(
    "markup",
    [
        "<blockquote>" * 400 + "deep",
        "<ul><li>" * 400 + "deep",
        "<div>" * 3000 + "deep",
        "<b>" * 400 + "deep",
        "<table><tr><td>" * 150 + "deep",
        "<span class=x>" * 1000 + "deep",
    ],
    ids=["quotes", "lists", "boxes", "emphasis", "tables", "spans"],
)
def test_nesting_as_deep_as_one_likes_is_read(markup: str) -> None:
    old, new = prepare_html(markup + " one two"), prepare_html(markup + " one three")
    reading = read(html(compare(old, new)))
    assert not reading.wrong
    assert ("".join(reading.old), "".join(reading.new)) == ("deep one two", "deep one three")


def test_quotes_nested_in_markdown_are_read() -> None:
    text = "> " * 60 + "one two"
    assert not broken_laws(text, text + " three", html(compare_markdown(text, text + " three")))


def test_what_is_no_character_is_shown_as_such() -> None:
    assert blocks_of("a\ud800b") == ["a\ufffdb"]
    assert re.sub(r"\s", "", html(compare_markdown("", "a\ud800b"))) == "<p><ins>a\ufffdb</ins></p>"
