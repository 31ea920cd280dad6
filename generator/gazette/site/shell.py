"""The theme's frame around an archive page, rendered once and filled in many times.

Takes the HTML that the theme made of a page whose every word is a mark; gives a `Shell` that puts a page's own words
where the marks are. Hides where those places are: a mark that the theme did not print, or printed where it must not
(the article twice), makes the shell unusable, and `ShellError` says why.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from markupsafe import Markup

from gazette.errors import GazetteError
from gazette.policy.keeping import Kept, key_of
from gazette.site.bodies import Entry

#: How many characters of entries in tables of contents are kept for each shell.
KEPT_CHARACTERS = 1_000_000


class ShellError(GazetteError):
    """The theme's frame has not the places that a page needs."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What goes into a shell: `title` and `description` are plain text, `address` is absolute or empty."""

    title: str
    description: str
    address: str
    head: str
    article: str
    contents: Sequence[Entry] = ()


# The marks are words that survive escaping, templates and minifiers. Themes add a heading of their own to an article
# that has none, so the article's mark is one. Entries: a has the children b and c, and d follows it.
_TITLE = "gazette-mark-title"
_DESCRIPTION = "gazette-mark-description"
_ADDRESS = "https://gazette-mark.invalid/address/"
_HEAD = '<meta name="gazette-mark-head">'
_ARTICLE = '<h1 id="gazette-mark-article"></h1>'
_ENTRIES = {name: Entry(f"gazette-mark-anchor-{name}", f"gazette-mark-entry-{name}", 3) for name in "abcd"}

#: What the theme renders to make a shell: for pages with a table of contents, and for pages without.
MARKS = Filling(
    _TITLE,
    _DESCRIPTION,
    _ADDRESS,
    _HEAD,
    _ARTICLE,
    (Entry(_ENTRIES["a"].id, _ENTRIES["a"].title, 2, (_ENTRIES["b"], _ENTRIES["c"])), _ENTRIES["d"]),
)
MARKS_WITHOUT_CONTENTS = Filling(_TITLE, _DESCRIPTION, _ADDRESS, _HEAD, _ARTICLE)

_MARKS = re.compile("|".join(map(re.escape, (_TITLE, _DESCRIPTION, _ADDRESS, _HEAD, _ARTICLE))))


class Shell:
    """One kind of page at one depth, ready to be filled in; `name` names all of it."""

    def __init__(self, rendered: str) -> None:
        if rendered.count(_HEAD) != 1:
            raise ShellError("the block 'extrahead' of its main.html is not printed")
        if rendered.count(_ARTICLE) != 1:
            raise ShellError("the page's content is not printed once")
        if _TITLE not in rendered:
            raise ShellError("the page's title is not printed")
        self._parts: list[str | _Contents] = []
        self._marks: list[tuple[int, str]] = []
        place = 0
        for found in _Contents.find(rendered):
            self._add(rendered[place : found.start])
            self._parts.append(found)
            place = found.end
        self._add(rendered[place:])
        if any("gazette-mark-" in part for part in self._parts if isinstance(part, str) and part not in _KNOWN):
            raise ShellError("the table of contents is no list that could be filled in")

        self.name = key_of(rendered)

    def _add(self, rendered: str) -> None:
        texts, marks = _MARKS.split(rendered), _MARKS.findall(rendered)
        for text, mark in zip(texts, [*marks, ""], strict=True):
            self._parts += [text, mark] if mark else [text]

    def fill(self, filling: Filling) -> str:
        """The page."""
        words = {
            _TITLE: html.escape(filling.title),
            _DESCRIPTION: html.escape(filling.description),
            _ADDRESS: html.escape(filling.address),
            _HEAD: filling.head,
            _ARTICLE: filling.article,
        }
        return "".join(
            words.get(part, part) if isinstance(part, str) else part.fill(filling.contents) for part in self._parts
        )


_KNOWN = frozenset({_TITLE, _DESCRIPTION, _ADDRESS, _HEAD, _ARTICLE})


def _leaf(name: str) -> str:
    """An entry without entries inside, as an expression: the `<li>` nearest around the anchor."""
    return rf"(?P<{name}><li\b(?:(?!<li\b|</li>).)*?#gazette-mark-anchor-{name}\b(?:(?!<li\b).)*?</li>)"


_LIST = re.compile(
    r"(?P<head><li\b(?:(?!<li\b|</li>).)*?#gazette-mark-anchor-a\b(?:(?!<li\b|</li>).)*?)"
    + _leaf("b")
    + r"(?P<inner>\s*)"
    + _leaf("c")
    + r"(?P<tail>(?:(?!<li\b|</li>).)*</li>)(?P<outer>\s*)"
    + _leaf("d"),
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Contents:
    """A theme's table of contents: how it prints an entry, one with entries inside, and what it puts between."""

    start: int
    end: int
    leaf: str
    head: str
    child: str
    tail: str
    inner: str
    outer: str
    printed: Kept[str] = field(default_factory=lambda: Kept(KEPT_CHARACTERS, len), compare=False)

    @classmethod
    def find(cls, rendered: str) -> list[_Contents]:
        return [
            cls(
                match.start(),
                match.end(),
                leaf=_neutral(match["d"], "d"),
                head=_neutral(match["head"], "a"),
                child=_neutral(match["b"], "b"),
                tail=match["tail"],
                inner=match["inner"],
                outer=match["outer"],
            )
            for match in _LIST.finditer(rendered)
        ]

    def fill(self, entries: Sequence[Entry]) -> str:
        return self.outer.join([self.printed.get(entry, partial(self._entry, entry)) for entry in entries])

    def _entry(self, entry: Entry) -> str:
        if not entry.children:
            return _printed(self.leaf, entry)
        children = self.inner.join(_printed(self.child, child) for child in entry.children)
        return _printed(self.head, entry) + children + self.tail


_ANCHOR, _WORDS, _QUOTED = "\ue0f2", "\ue0f3", "\ue0f4"


def _neutral(markup: str, name: str) -> str:
    """The theme's form of an entry, with one sign for its anchor, one for its title, and one for it in an attribute."""
    words = f"gazette-mark-entry-{name}"
    markup = markup.replace(f"gazette-mark-anchor-{name}", _ANCHOR)
    return markup.replace(f'="{words}"', f'="{_QUOTED}"').replace(words, _WORDS)


def _printed(form: str, entry: Entry) -> str:
    quoted = html.escape(Markup(entry.title).striptags()) if _QUOTED in form else ""
    return form.replace(_QUOTED, quoted).replace(_ANCHOR, entry.id).replace(_WORDS, entry.title)
