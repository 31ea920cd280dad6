"""A saved web page → a `Document`: the main part of the page as Markdown, without its navigation.

The main part is `<main>`, else the longest `<article>`, else the body. What is left out (navigation, footers, forms,
scripts, hidden parts) is reported with its words. The Markdown itself is written by `html_markdown`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urljoin

from lxml import etree, html

from gazette.editorial.importing.dates import find_date
from gazette.editorial.importing.decoding import decode
from gazette.editorial.importing.document import Document, Lifted
from gazette.editorial.importing.html_markdown import Writer, words
from gazette.errors import Problem

_CHARSET = re.compile(rb"""<meta[^>]*?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_SILENT = frozenset(
    {"script", "style", "template", "noscript", "svg", "iframe", "object", "canvas", "head", "link", "meta"}
)
_ASIDE = frozenset({"nav", "footer", "aside", "form", "button", "select", "dialog", "menu", "input", "textarea"})
_ASIDE_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alert", "menu"})
_ASIDE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|cookie-?(?:banner|bar|consent)|skip-?link|site-?nav|navbar|sidebar)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def read_html_page(path: str, data: bytes) -> Document:
    """The document in a page's bytes."""
    text, warnings = _decoded(path, data)
    if not text.strip():
        return Document(path, "", (), ids_chosen=False, warnings=tuple(warnings))
    parser = html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(re.sub(r"\A\s*<\?xml[^>]*\?>", "", text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return Document(path, "", (), ids_chosen=False, warnings=tuple(warnings))
    name, language, published = _title(root), str(root.get("lang") or ""), _published(root)
    main = _main_part(root)
    _make_absolute(root, main)
    lifted = tuple(_left_out(root, main))
    writer = Writer(path)
    writer.blocks(main)
    return Document(
        path,
        "\n".join(line for line, _ in writer.lines).rstrip("\n"),
        tuple(place for _, place in writer.lines),
        title=name if not writer.has_first_level else "",
        published=published,
        language=language,
        ids_chosen=False,
        lifted=lifted,
        warnings=(*warnings, *writer.warnings),
    )


def _decoded(path: str, data: bytes) -> tuple[str, list[Problem]]:
    """The page's text, by the encoding that it names itself if it is not UTF-8."""
    named = _CHARSET.search(data[:4096])
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        if named and named[1].lower() not in (b"utf-8", b"utf8", b"windows-1252", b"iso-8859-1", b"latin1"):
            try:
                text, warnings = decode(data.decode(named[1].decode("ascii")).encode(), path)
                return text, list(warnings)
            except (LookupError, UnicodeDecodeError):
                pass
    text, warnings = decode(data, path)
    return text, list(warnings)


def _title(root: html.HtmlElement) -> str:
    """`<title>` without the site's name behind it."""
    found = root.find(".//title")
    title = " ".join((found.text_content() if found is not None else "").split())
    return re.split(r"\s+[|·–—-]\s+", title)[0] if title else ""


def _published(root: html.HtmlElement) -> date | None:
    """The date that the page's own metadata gives."""
    for name in ("article:modified_time", "article:published_time", "dcterms.modified", "last-modified", "date"):
        for element in root.iter("meta"):
            if str(element.get("property") or element.get("name") or "").lower() == name:
                return find_date(str(element.get("content") or ""))
    return None


def _main_part(root: html.HtmlElement) -> html.HtmlElement:
    mains = root.xpath("//main | //*[@role='main']")
    candidates = mains or root.xpath("//article")
    body = root.find("body")
    whole = body if body is not None else root
    if not candidates:
        return whole
    longest = max(candidates, key=lambda element: len(words(element)))
    return longest if len(words(longest)) * 5 > len(words(whole)) else whole


def _left_out(root: html.HtmlElement, main: html.HtmlElement) -> Iterator[Lifted]:
    """Take what is no text out of the main part, and tell of all words that are not in it."""
    for element in list(root.iter(*_SILENT)):
        if element is not main and element.tag != "head":
            _remove(element)
    for element in list(main.iter()):
        if (
            element is not main
            and isinstance(element.tag, str)
            and element.getparent() is not None
            and _is_aside(element)
        ):
            if found := words(element):
                yield Lifted(element.sourceline or 0, " ".join(found), f"left out: <{element.tag}>")
            _remove(element)
    body = root.find("body")
    if body is not None and main is not body:
        inside = set(main.iter())
        for element in body.iter():
            own = [element.text or ""] if element not in inside else []
            own += [element.tail or ""] if element.getparent() not in inside and element is not body else []
            if text := " ".join(" ".join(own).split()):
                yield Lifted(element.sourceline or 0, text, "left out: it is outside the main part of the page")


def _is_aside(element: html.HtmlElement) -> bool:
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return (
        element.tag in _ASIDE
        or str(element.get("role") or "").lower() in _ASIDE_ROLES
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(str(element.get("style") or "")))
        or bool(_ASIDE_NAMES.search(name))
        or (element.tag == "header" and element.find(".//h1") is None and element.find(".//nav") is not None)
    )


def _remove(element: html.HtmlElement) -> None:
    """Take an element out and leave the text behind it."""
    if element.getparent() is not None:
        element.drop_tree()


def _make_absolute(root: html.HtmlElement, main: html.HtmlElement) -> None:
    """Relative links become absolute where the page says what its address is."""
    bases = root.xpath("//base/@href | //link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    base = next((str(value) for value in bases if str(value).startswith(("http://", "https://"))), "")
    for link in main.iter("a"):
        target = str(link.get("href") or "").strip()
        if base and target.startswith(base.split("#")[0] + "#"):
            link.set("href", target[target.index("#") :])
        elif base and target and not target.startswith("#"):
            link.set("href", urljoin(base, target))
