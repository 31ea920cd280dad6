"""Filling a frame that the theme rendered once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from markupsafe import Markup, escape

from gazette.site import shell
from gazette.site.bodies import Entry
from gazette.site.shell import Filling, Shell, ShellError


def theme(page: Filling) -> str:
    """What a theme makes of a page, in little."""
    contents = f"<b>Contents</b><ul class='toc'>\n{_items(page.contents)}\n</ul>" if page.contents else ""
    return (
        f'<head><title>{page.title} - Site</title><link rel="canonical" href="{page.address}">{page.head}</head>'
        f"<ul><li>Navigation<ul><li>More</li></ul></li></ul>{contents}<p>{page.title}</p>"
        f"<article>{page.article}</article>{contents}"
    )


def _items(entries: Sequence[Entry]) -> str:
    return "\n ".join(
        f'<li class="item"><a href="#{e.id}"><span>{e.title}</span></a>'
        + (f'<ul aria-label="{escape(Markup(e.title).striptags())}">{_items(e.children)} </ul>' if e.children else "")
        + "</li>"
        for e in entries
    )


NESTED = Entry("a", "<b>A</b> &amp; co", 2, (Entry("a--1", "One", 3), Entry("a--2", "Two", 3), Entry("a--3", "3", 3)))
FLAT = Entry("b", "B", 2)


@pytest.mark.parametrize("contents", [(NESTED, FLAT), (FLAT,), (FLAT, FLAT, NESTED), (NESTED, NESTED)])
def test_a_filled_shell_is_what_the_theme_makes_of_the_page(contents: tuple[Entry, ...]) -> None:
    page = Filling("A title", "What it is", "https://example.com/a/", "<meta>", "<h1>A</h1>", contents)
    assert Shell(theme(shell.MARKS)).fill(page) == theme(page)


def test_a_page_without_contents_has_a_shell_without() -> None:
    page = Filling("A title", "", "", "", "<h1>A</h1>")
    assert Shell(theme(shell.MARKS_WITHOUT_CONTENTS)).fill(page) == theme(page)


def test_words_are_escaped_and_never_read_as_marks() -> None:
    page = Filling("<Q&A> gazette-mark-title", "d", "", "", "gazette-mark-description", ())
    filled = Shell(theme(shell.MARKS)).fill(page)
    assert "<title>&lt;Q&amp;A&gt; gazette-mark-title - Site</title>" in filled
    assert "<article>gazette-mark-description</article>" in filled


@pytest.mark.parametrize(
    ("lost", "found", "complaint"),
    [
        (shell._HEAD, "", "extrahead"),
        (shell._ARTICLE, "", "content"),
        (shell._ARTICLE, shell._ARTICLE * 2, "content"),
        (shell._TITLE, "", "title"),
        ("</li>", "</p>", "contents"),
    ],
)
def test_a_theme_without_the_places_is_refused(lost: str, found: str, complaint: str) -> None:
    with pytest.raises(ShellError, match=complaint):
        Shell(theme(shell.MARKS).replace(lost, found))
