"""HTML that is read the short way means what a browser would say that it means."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazette.redline.plain_html import read_plain
from gazette.redline.reading import _as_browsers_read
from gazette.redline.texts import render_markdown

HISTORIES = Path(__file__).parents[3] / "shared" / "histories"


def tree(element: Any) -> tuple[Any, ...]:
    inner = tuple(tree(child) for child in element)
    return str(element.tag), dict(element.attrib), element.text or "", inner, element.tail or ""


READ = [
    "",
    "words alone",
    "<p>One &amp; the <em>other</em>.</p>\n<p>Two<br />\nlines</p>",
    '<ul>\n<li>a <a href="/x?a=1&amp;b=2" title="t">link</a></li>\n<li>\n<p>b</p>\n</li></ul>',
    '<ul><li>a<ol start="3"><li>b</li></ol></li>\n</ul>',
    "<table>\n<thead>\n<tr>\n<th>A</th></tr></thead><tbody><tr><td><p>b</p></td></tr></tbody></table>",
    "<dl><dt>Term</dt><dd><blockquote><p>What</p></blockquote></dd></dl><hr />",
    '<p><img alt="x" src="a.png" /> &#109;&#97;&#105;l &lt; &quot;</p>',
    '<h3 id="a--b">T\xa0x</h3><pre><code>\n  a\n</code></pre>',
]
LEFT = [
    "<p>a<p>b",
    "<p>a<ul><li>b</li></ul></p>",
    "<table><tr><td>no body</td></tr></table>",
    "<table><thead>moved<tr><td>a</td></tr></thead></table>",
    "<a href='x'>single</a>",
    '<a href="x">a <em><a href="y">b</a></em></a>',
    "<p/>after",
    "<p>a</br>b</p>",
    "<pre>\ndropped</pre>",
    "<P>x</P>",
    "&copy; &#150; &#13;",
    "a\rb",
    "a\0b",
    "\ud800",
    "<!-- note --><p>a</p>",
    "<script>x</script>",
    '<p id="a" id="b">twice</p>',
    '<p title="a\nb">a line</p>',
    "<li>alone</li>",
    "a < b",
    "]]>",
]


@pytest.mark.parametrize("source", READ)
def test_plain_markup_is_read_as_browsers_read_it(source: str) -> None:
    found = read_plain(source)
    assert found is not None
    assert tree(found) == tree(_as_browsers_read(source))


@pytest.mark.parametrize("source", LEFT)
def test_what_takes_a_browsers_rules_is_left_to_them(source: str) -> None:
    assert read_plain(source) is None


TAGS = ["p", "em", "a", "ul", "li", "ol", "table", "thead", "tbody", "tr", "td", "dl", "dt", "h3", "pre", "code", "div"]
WORDS = st.sampled_from(["", "\n", " ", "word", "a &amp; b", "&lt;", "é", "&#121;", "<br />", "<hr />", "&nbsp;", "\t"])
NODE = st.recursive(
    WORDS,
    lambda inner: st.builds(
        lambda tag, attribute, parts: f"<{tag}{attribute}>{''.join(parts)}</{tag}>",
        st.sampled_from(TAGS),
        st.sampled_from(["", "", ' id="x"', ' class="a b"', ' href="/?a=1&amp;b"']),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=400, derandomize=True)
@given(st.lists(NODE, max_size=4).map("".join))
def test_whatever_is_read_the_short_way_is_the_same(source: str) -> None:
    found = read_plain(source)
    assert found is None or tree(found) == tree(_as_browsers_read(source))


@pytest.mark.skipif(not HISTORIES.is_dir(), reason="needs ../shared/histories")
def test_real_policies_are_read_the_short_way_and_mean_the_same() -> None:
    short = 0
    texts = [max(folder.glob("*.md")) for folder in sorted(HISTORIES.iterdir()) if folder.is_dir()]
    for path in texts:
        source = render_markdown(path.read_text("utf-8"))
        found = read_plain(source)
        if found is not None:
            short += 1
            assert tree(found) == tree(_as_browsers_read(source))
    assert short >= len(texts) // 2
