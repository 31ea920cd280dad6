from __future__ import annotations

from collections import Counter

import pytest

from gazette.editorial.importing.html_page import read_html_page
from gazette.editorial.importing.outline import make_outline

from .texts import rendered_words, words

PAGE = """\
<!doctype html>
<html lang="en-GB">
<head><title>Privacy Policy | Example</title><link rel="canonical" href="https://example.com/privacy">
<style>p { color: red }</style></head>
<body>
<nav><a href="/">Home</a></nav>
<main>
<h1>Privacy Policy</h1>
<p>Last updated: <time>May 3, 2024</time></p>
<h2 id="what">What we <em>keep</em></h2>
<p>We keep little &amp; say so. 5 * 3 <b>bold</b><i> slanted </i>a_b &lt;tag&gt; <a href="/terms">Terms (v2)</a>.</p>
<ul><li>One<ul><li>Deep</li></ul></li><li><p>Two</p><p>More</p></li></ul>
<ol start="3"><li>third</li><li>fourth<br>line</li></ol>
<p><strong>1.1 Cookies</strong></p>
<div>Loose <span>words</span><p>Paragraph</p>tail</div>
<table><tr><th>A</th><th>B</th></tr><tr><td>1|2</td><td><p>x</p><p>y</p></td></tr></table>
<table><tr><td rowspan="2">m</td><td>n</td></tr><tr><td onclick="x()">o</td></tr></table>
<h2>Contact</h2>
<p>See <a href="#what">above</a>. <img src="/logo.png" alt="Our logo"> H<sub>2</sub>O</p>
<pre>a
 b</pre>
<aside>Related reading</aside>
<p hidden>Unseen words</p>
</main>
<footer>All rights reserved</footer>
</body></html>
"""


def test_the_main_part_of_a_page_becomes_markdown() -> None:
    document = read_html_page("privacy.html", PAGE.encode())
    assert document.language == "en-GB"
    assert document.markdown == (
        "# Privacy Policy\n\n"
        "Last updated: May 3, 2024\n\n"
        "## What we *keep* {#what}\n\n"
        "We keep little & say so. 5 * 3 **bold** *slanted* a_b &lt;tag> [Terms (v2)](https://example.com/terms).\n\n"
        "-   One\n    -   Deep\n-   Two\n\n    More\n\n"
        "3.  third\n4.  fourth  \n    line\n\n"
        "### 1.1 Cookies\n\n"
        "Loose words\n\nParagraph\n\ntail\n\n"
        "| A | B |\n| --- | --- |\n| 1\\|2 | x<br>y |\n\n"
        '<table>\n<tr><td rowspan="2">m</td><td>n</td></tr>\n<tr><td>o</td></tr>\n</table>\n\n'
        "## Contact\n\n"
        "See [above](#what). Our logo H<sub>2</sub>O\n\n"
        "```\na\n b\n```"
    )


def test_every_word_of_the_page_is_in_the_text_or_reported() -> None:
    document = read_html_page("privacy.html", PAGE.encode())
    lifted = Counter(word for entry in document.lifted for word in words(entry.text))
    assert lifted == Counter(words("Home Related reading Unseen words All rights reserved"))
    shown = Counter(rendered_words(document.markdown))
    assert shown["logo"] == 1
    assert shown["bold"] == shown["deep"] == shown["cookies"] == shown["n"] == 1


def test_ids_of_a_page_are_no_section_ids_but_links_to_them_are_known() -> None:
    outline = make_outline(read_html_page("privacy.html", PAGE.encode()))
    assert [(part.wanted, part.anchors) for part in outline.parts] == [("what-we-keep", ("what",)), ("contact", ())]
    assert outline.title == "Privacy Policy"


def test_lines_are_those_of_the_page() -> None:
    document = read_html_page("privacy.html", PAGE.encode())
    assert "privacy.html:19" in str(document.warnings[0])  # the image
    heading = document.markdown.split("\n").index("## Contact") + 1
    assert document.line(heading) == 18


@pytest.mark.parametrize(
    ("page", "markdown"),
    [
        (
            "<body><article><p>Short</p></article><p>The words are all outside of it, many of them</p></body>",
            "Short\n\nThe words are all outside of it, many of them",
        ),
        ("<p>a</p><script>b</script>", "a"),
        ("<p><a href='javascript:x()'>a</a></p>", "a"),
        ("<h2><p>Odd</p></h2><p>a</p>", "Odd\n\na"),
        ("<p>1. no list</p><p># no heading</p><p>- no item</p>", "1\\. no list\n\n\\# no heading\n\n\\- no item"),
        ("<details><summary>More</summary><p>a</p></details>", "## More\n\na"),
        ("<dl><dt>Term</dt><dd>Meaning</dd></dl>", "**Term**\n\nMeaning"),
        ("<p>a<b> b</b>c</p>", "a **b**c"),
        ("<p><code>x`y</code></p>", "`` x`y ``"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
    ],
)  # fmt: skip
def test_odd_pages_are_read_too(page: str, markdown: str) -> None:
    assert read_html_page("p.html", page.encode()).markdown == markdown


def test_the_encoding_that_a_page_names_is_used() -> None:
    page = '<meta charset="iso-8859-2"><p>Łódź</p>'.encode("iso-8859-2")
    assert read_html_page("p.html", page).markdown == "Łódź"
    assert read_html_page("p.html", b"<p>caf\xe9</p>").markdown == "café"


@pytest.mark.parametrize("page", ["", "   ", "<!-- nothing -->", "<html></html>"])
def test_a_page_without_words_is_an_empty_document(page: str) -> None:
    assert not read_html_page("p.html", page.encode()).markdown.strip()
