"""Headings as names: tidied for a section's title, bared for comparison, and turned into the start of an id."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from gazette.policy.slugs import slug

#: A word, to count and compare by: one sign of a script that parts no words, else letters and digits in a row.
WORD = re.compile(r"[぀-ヿ㐀-鿿가-힯]|[^\W_]+")

_EMPHASIS = re.compile(r"(?P<mark>\*{1,4}|_{1,3})(?P<inside>(?:(?!(?P=mark)).)+)(?P=mark)")
_WRAPPER = re.compile(r"</?(?:span|font|a|strong|b|u|big)\b[^>]*>", re.IGNORECASE)
_ANCHOR = re.compile(r"<a\b[^>]*?\b(?:name|id)\s*=\s*[\"']?(?P<id>[^\"'\s>]+)[^>]*>(?:\s*</a>)?", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])")
_IMAGE = re.compile(r"!\[([^\[\]]*)\]\([^()]*\)")
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]+|[^<>@\s]+@[^<>\s]+)>")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()>#+\-.!|])")
_MARKS = re.compile(r"(?<!\\)(?:\*+|(?<!\w)_+|_+(?!\w)|`+)")
_PERMALINK = re.compile(r"(?<=[a-z\s)?!.])(?:\\?#|[¶🔗])$")
_TRANSLATION_RESIDUE = re.compile(r"\{\w{1,3}>|<\w{1,3}\}")
_NEEDLESS_ESCAPE = re.compile(r"\\([.()!+\-])")
_WORDED_ENUMERATOR = (
    r"(?:section|article|clause|part|chapter|abschnitt|artikel|artigo|artículo|capítulo|partie|chapitre)"
)
_ENUMERATOR = re.compile(
    rf"""\s*(?:
      {_WORDED_ENUMERATOR}\s+(?:\d+(?:\.\d+)*|[IVXLC]+|[A-Z])\s*[.:)–—-]\s*
    | §\s*\d+\w?[.:)]?\s*
    | \d+(?:\.\d+)+\s+
    | \(?(?:\d+(?:\.\d+)+|\d+)\)?[.:)]\s*
    | \d{{1,2}}\s+(?=[^\W\d_])
    | \((?:[A-Za-z]|[ivxlc]+)\)\s+
    | (?:[A-Z]|[IVXLC]+|[a-z])[.)]\s+
    )(?=\S)""",
    re.VERBOSE | re.IGNORECASE,
)


def tidy_title(source: str) -> tuple[str, tuple[str, ...]]:
    """A heading's inline Markdown as a section's title, and the anchors that stood in it.

    Markup around the whole heading goes (a heading is emphasis enough); links and code inside stay.
    """
    anchors = tuple(match["id"] for match in _ANCHOR.finditer(source))
    title = _IMAGE.sub(r"\1", source)
    title = _WRAPPER.sub("", re.sub(r"<br\s*/?>", " ", title, flags=re.IGNORECASE))
    title = " ".join(title.replace("\u00a0", " ").split())
    while (match := _EMPHASIS.fullmatch(title)) and match["inside"].strip():
        title = match["inside"].strip()
    title = _NEEDLESS_ESCAPE.sub(r"\1", title)
    title = _PERMALINK.sub("", title)
    title = re.sub(r"(?<!\\)#+$", lambda match: "\\" + match[0], title)
    return title, anchors


@lru_cache(maxsize=8_192)
def plain(source: str) -> str:
    """The words of inline Markdown."""
    text = _LINK.sub(r"\1", source)
    text = _AUTOLINK.sub(r"\1", text)
    text = html.unescape(_TAG.sub("", text))
    text = _ESCAPE.sub("\ue002\\1", _MARKS.sub("", text)).replace("\ue002", "")
    return " ".join(text.split())


@lru_cache(maxsize=8_192)
def bare(title: str) -> str:
    """A title's words alone, to compare titles by: no markup, enumerator, case or punctuation."""
    words = without_enumerator(_plain_name(title))
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", words).casefold()))


def without_enumerator(words: str) -> str:
    """`3.1 Cookies`, `A. Cookies`, `Article 5 – Cookies` → `Cookies`; what is only a number stays."""
    return _ENUMERATOR.sub("", words, count=1) if _ENUMERATOR.match(words) else words


def id_for(title: str) -> str:
    """The id that a title asks for; empty where nothing is left of it."""
    return slug(without_enumerator(_plain_name(title)))


def _plain_name(title: str) -> str:
    """A title's words without the tags that a translation program left behind (`{B>II.<B}`)."""
    return plain(_TRANSLATION_RESIDUE.sub("", title))
