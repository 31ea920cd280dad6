"""Tables and links of HTML pages, where they need more than Markdown has signs for.

A table without a heading row or with merged cells stays a table in HTML, with nothing but its structure, words, links.
"""

from __future__ import annotations

import re
from html import escape as html_escape

from lxml import html

_BLOCK_NAMES = """
address article blockquote body center dd details div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header
hgroup hr legend li main ol p pre section summary table ul
"""
#: Elements that stand for themselves and are no part of a line.
BLOCKS = frozenset(_BLOCK_NAMES.split())

_KEPT_NAMES = "b strong i em cite dfn var sup sub u s strike del ins mark q kbd p ul ol li code"
_KEPT = frozenset(_KEPT_NAMES.split())


def target(element: html.HtmlElement) -> str:
    """Where a link leads, fit for Markdown; empty where it runs a script or leads nowhere."""
    address = str(element.get("href") or "").strip()
    if not address or address.lower().startswith(("javascript:", "data:", "vbscript:")):
        return ""
    return re.sub(r"[\s()<>]", lambda match: f"%{ord(match[0]):02X}", address)


def nearest_table(row: html.HtmlElement) -> html.HtmlElement | None:
    return next((ancestor for ancestor in row.iterancestors("table")), None)


def is_rich(cell: html.HtmlElement) -> bool:
    """Whether a cell holds more than words and paragraphs."""
    return any(child.tag in BLOCKS and child.tag != "p" for child in cell.iter() if child is not cell)


def plain_table(rows: list[list[html.HtmlElement]]) -> list[str]:
    """A table as HTML with nothing but its structure, words and links."""
    written = ("<tr>" + "".join(_plain_cell(cell) for cell in row) + "</tr>" for row in rows)
    return ["<table>", *written, "</table>"]


def _plain_cell(cell: html.HtmlElement) -> str:
    spans = "".join(
        f' {name}="{cell.get(name)}"' for name in ("rowspan", "colspan") if str(cell.get(name) or "").isdigit()
    )
    return f"<{cell.tag}{spans}>{_plain_html(cell)}</{cell.tag}>"


def _plain_html(element: html.HtmlElement) -> str:
    parts = [html_escape(re.sub(r"\s+", " ", element.text or ""), quote=False)]
    for child in element:
        if isinstance(child.tag, str):
            inside, tag = _plain_html(child), str(child.tag)
            if tag == "br":
                parts.append("<br>")
            elif tag == "a" and (address := target(child)):
                parts.append(f'<a href="{html_escape(address)}">{inside}</a>')
            elif tag in _KEPT:
                parts.append(f"<{tag}>{inside}</{tag}>")
            else:
                parts.append(f" {inside} " if tag in BLOCKS else inside)
        parts.append(html_escape(re.sub(r"\s+", " ", child.tail or ""), quote=False))
    return "".join(parts)
