"""Sections as HTML: anchors, and the law that keeping sections never changes the HTML."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazette.policy.model import Section, Text
from gazette.policy.rendering import RenderedSection, Renderer, plain, with_defaults

HISTORIES = Path(__file__).parents[2].parent / "shared" / "histories"


def text(*bodies: str) -> Text:
    return Text(tuple(Section(f"s{n}", f"Section {n}", body) for n, body in enumerate(bodies, 1)))


def render(*bodies: str) -> tuple[RenderedSection, ...]:
    return Renderer().render(text(*bodies))


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        ("### Our *basis*", ["s1--our-basis"]),
        ("### Twice\n\n### Twice\n\n### Twice", ["s1--twice", "s1--twice-2", "s1--twice-3"]),
        ("### Named {#given}", ["given"]),
        ("### One {#same}\n\n### Two {#same}", ["same", "same-2"]),
        ("### …", ["s1--section"]),
        ("### O que é `LGPD`?", ["s1--o-que-é-lgpd"]),
        ("#### Deep\n\n##### Deeper", ["s1--deep", "s1--deeper"]),
        ("### Taken {#s1}", ["s1-2"]),
        ("> ### Quoted", ["s1--quoted"]),
    ],
)
def test_a_heading_is_anchored_by_its_section_and_its_words(body: str, ids: list[str]) -> None:
    (section,) = render(body)
    assert [heading.id for heading in section.headings] == ids
    assert re.findall(r'<h[3-6] id="([^"]+)"', section.body) == ids


@pytest.mark.parametrize(
    ("title", "html", "words"),
    [
        ("Plain", "Plain", "Plain"),
        ("What *we* `do`", "What <em>we</em> <code>do</code>", "What we do"),
        ("Q&A <b>now</b>", "Q&amp;A <b>now</b>", "Q&A now"),
        ("Terms of {{ company }}", "Terms of {{ company }}", "Terms of {{ company }}"),
        ("C#", "C#", "C#"),
        ("Ends with {#brace}", "Ends with {#brace}", "Ends with {#brace}"),
        ("1. Numbered", "1. Numbered", "1. Numbered"),
        ("a < b > c", "a &lt; b &gt; c", "a < b > c"),
    ],
)
def test_a_title_is_inline_markdown(title: str, html: str, words: str) -> None:
    (section,) = Renderer().render(Text((Section("a", title, "Words."),)))
    assert section.title == html
    assert plain(section.title) == words
    assert section.body == "<p>Words.</p>"


def test_a_section_without_a_body_is_empty() -> None:
    assert [section.body for section in render("", "Words.")] == ["", "<p>Words.</p>"]


@pytest.mark.parametrize(
    "bodies",
    [
        ("See [it][x].", "[x]: https://example.com"),
        ("See [^1].", "[^1]: A note."),
        ("The GDPR.", "*[GDPR]: a regulation"),
        ("### Same {#x}", "### Same {#x}"),
        ("<div>", "Words.\n\n</div>"),
        ("```\nopen", "```\nclosed"),
        ("~~~ some words\n~~~", "~~~\ncode\n~~~"),
        ("<!-- open", "closed -->"),
        ('<div markdown="1">\n*a*\n</div>', "Words."),
        ("Words <a href='x", "y'>."),
    ],
)
def test_what_crosses_sections_is_converted_whole(bodies: tuple[str, ...]) -> None:
    renderer = Renderer()
    for _ in range(2):
        assert renderer.render(text(*bodies)) == Renderer().convert_whole(text(*bodies))


def test_a_reference_in_another_section_is_followed() -> None:
    first, _ = render("See [it][x].", "[x]: https://example.com")
    assert first.body == '<p>See <a href="https://example.com">it</a>.</p>'


@pytest.mark.parametrize("body", ["<div>\n\nWords.", "<p>Words", "</div>", "<table><tr>", "<div><p></div>"])
def test_what_an_author_left_open_stays_in_its_section(body: str) -> None:
    from html5lib import HTMLParser

    for section in render(body, "Words.", "<b>More</b>"):
        html5 = HTMLParser(strict=False).parseFragment(section.body, "div")
        assert html5 is not None
        assert section.body.count("<div") == section.body.count("</div>")
    assert len(render(body, "Words.", "<b>More</b>")) == 3


@pytest.mark.parametrize(
    "bodies",
    [("    - indented\n```\nx\n```", "```py\nx\n```\nafter"), ("- a\n\n        code", "```py\nx\n```"), ("`a`", "b")],
)
def test_blocks_of_code_that_are_counted_are_counted_through_the_whole_text(bodies: tuple[str, ...]) -> None:
    settings = {"pymdownx.highlight": {"anchor_linenums": True}}
    extensions = with_defaults(["pymdownx.highlight", "pymdownx.superfences"])
    rendered = Renderer(extensions, settings).render(text(*bodies))
    assert rendered == Renderer(extensions, settings).convert_whole(text(*bodies))


def test_other_extensions_than_the_known_ones_have_texts_converted_whole() -> None:
    renderer = Renderer(["extra", "sane_lists", "wikilinks"])
    assert renderer.render(text("A [[Link]].", "B.")) == renderer.convert_whole(text("A [[Link]].", "B."))


def test_the_fingerprint_names_extensions_and_their_settings() -> None:
    tabs = {"pymdownx.tabbed": {"alternate_style": True}}
    fingerprints = [
        Renderer().fingerprint,
        Renderer(["extra", "sane_lists", "admonition"]).fingerprint,
        Renderer(["extra", "sane_lists", "pymdownx.tabbed"]).fingerprint,
        Renderer(["extra", "sane_lists", "pymdownx.tabbed"], tabs).fingerprint,
    ]
    assert len(set(fingerprints)) == len(fingerprints)
    assert Renderer().fingerprint == fingerprints[0]


def test_an_extension_that_is_not_there_is_said_when_it_is_loaded() -> None:
    with pytest.raises(ImportError):
        Renderer(["nowhere"]).load()


def test_a_sites_extensions_are_added_to_the_defaults() -> None:
    assert with_defaults(["toc", "sane_lists", "admonition"]) == ["extra", "sane_lists", "toc", "admonition"]


def test_a_small_memory_gives_the_same_html() -> None:
    many = text(*(f"Words {n}.\n\n### Heading" for n in range(30)))
    small = Renderer(kept_characters=500)
    assert small.render(many) == small.render(many) == Renderer().render(many)


FRAGMENTS = [
    "A paragraph with *emphasis*, `code` and a [link](#s1).",
    "- one\n- two\n    - deeper\n\n    a paragraph in it",
    "1. first\n2. second",
    "> quoted\n>\n> more",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "### A heading",
    "### A heading {#given}",
    "#### Section 1",
    "Term\n:   What it means",
    ":   A definition without a term",
    "    indented code",
    "```\ncode\n```",
    "```python title\n",
    "~~~",
    "See [this][ref] and [ref] and [^n].",
    "[ref]: https://example.com 'Title'",
    "[^n]: A note.",
    "*[HTML]: Hypertext",
    "HTML is a word.",
    "<div>raw</div>",
    "<div>",
    "</div>",
    "<p>open",
    "<br>\nline",
    "Inline <b>bold</b> and <u>open.",
    "<!-- a comment -->",
    "<!-- open",
    "-->",
    '<div markdown="1">*in*</div>',
    "<https://example.com> and <someone@example.com>",
    "a < b and c > d",
    "Setext\n---",
    "***",
    "\\",
    "{: .class }",
    "![image](assets/a.png)",
    "<script>",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from(FRAGMENTS), max_size=5).map("\n\n".join), min_size=1, max_size=4))
def test_sections_kept_are_the_same_html_as_the_whole_text_converted(bodies: list[str]) -> None:
    assert render(*bodies) == Renderer().convert_whole(text(*bodies))


def _versions() -> list[Path]:
    return sorted(HISTORIES.glob("*/*.md"))


def _cut(path: Path) -> Text:
    """A real policy cut at its headings, well enough for conversion."""
    parts = re.split(r"(?m)^#{1,2} (.*)$", path.read_text("utf-8-sig", errors="replace").replace("\r\n", "\n"))
    titles = ["Beginning", *(title.strip("# ") or "Untitled" for title in parts[1::2])]
    bodies = [body.strip("\n") for body in parts[::2]]
    return Text(tuple(Section(f"s{n}", *both) for n, both in enumerate(zip(titles, bodies, strict=True))))


@pytest.mark.skipif(not HISTORIES.exists(), reason="../shared/histories is not there")
def test_real_policies_are_the_same_html_kept_and_converted_whole() -> None:
    assert_the_same(_versions()[::25])


@pytest.mark.long
@pytest.mark.skipif(not HISTORIES.exists(), reason="../shared/histories is not there")
def test_every_version_of_every_history_is_the_same_html_kept_and_converted_whole() -> None:
    assert_the_same(_versions())


def assert_the_same(versions: list[Path]) -> None:
    kept, whole = Renderer(), Renderer()
    for path in versions:
        assert kept.render(_cut(path)) == whole.convert_whole(_cut(path)), path
