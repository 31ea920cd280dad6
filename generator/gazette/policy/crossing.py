"""Where a section's markup can reach beyond it: found in the Markdown, mended in the HTML.

`reaches_out` answers carefully: a wrong "yes" costs time (the text is converted whole), a wrong "no" would show other
HTML than a whole conversion does. `closed` keeps what an author left open inside its section.
"""

from __future__ import annotations

import re

from gazette.policy.model import Section

_PYTHON_MARKDOWN = [
    "abbr",
    "admonition",
    "attr_list",
    "codehilite",
    "def_list",
    "extra",
    "fenced_code",
    "footnotes",
    "legacy_attrs",
    "legacy_em",
    "md_in_html",
    "nl2br",
    "sane_lists",
    "smarty",
    "tables",
]
_PYMDOWNX = [
    "betterem",
    "caret",
    "details",
    "emoji",
    "escapeall",
    "highlight",
    "inlinehilite",
    "keys",
    "magiclink",
    "mark",
    "smartsymbols",
    "superfences",
    "tabbed",
    "tasklist",
    "tilde",
]

#: Extensions that touch nothing beyond a block, or whose reach is seen in the source or in repeated ids.
KNOWN_EXTENSIONS = frozenset(
    [*_PYTHON_MARKDOWN, *(f"markdown.extensions.{name}" for name in _PYTHON_MARKDOWN)]
    + [f"pymdownx.{name}" for name in _PYMDOWNX]
)

# These end the head of every definition: of a link, a footnote, an abbreviation. The last two Python-Markdown drops
# before it reads anything.
_DEFINITIONS = ("]:", "] :", "]\t:", "\x02", "\x03")
_SIMPLE_FENCE = re.compile(r"(`{3,}|~{3,})[ ]*[\w#.+-]*[ ]*")
_FENCE = re.compile(r"(?:[>*+-]\s*|\d+[.)]\s*)*(`{3,}|~{3,})")
_AUTOLINK = re.compile(r"<(?:[a-zA-Z][a-zA-Z0-9+.-]*:[^<>\s]*|[^<>\s@/!?]+@[^<>\s]+)>")
_TAG = re.compile(
    r"""<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[^<>"'\n]*(?:"[^"<>\n]*"[^<>"'\n]*|'[^'<>\n]*'[^<>"'\n]*)*)?)>"""
)
_MARKUP = re.compile(r"<[a-zA-Z/!?%]")
_VOID = frozenset(["area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
# Elements in which a browser, and Python-Markdown, read no tags.
_RAW = frozenset(["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext"])


def reaches_out(section: Section) -> bool:
    """Whether converting `section` alone may give other HTML than converting it within its text."""
    body = section.body
    for sign in _DEFINITIONS:
        if sign in body or sign in section.title:
            return True
    if ("```" in body or "~~~" in body) and _fences_open(body):
        return True
    return ("<" in body and _markup_open(body)) or ("<" in section.title and _markup_open(section.title))


def may_hold_code(body: str) -> bool:
    """Whether a section may hold a block of code, fenced or indented."""
    return "```" in body or "~~~" in body or "    " in body or "\t" in body


def _fences_open(body: str) -> bool:
    """Whether a code fence is, or could be read as, left open."""
    fence = ""
    for line in body.split("\n"):
        stripped = line.strip()
        if fence:
            fence = "" if stripped == fence else fence
        elif _FENCE.match(stripped):
            opening = _SIMPLE_FENCE.fullmatch(stripped)
            if opening is None:
                return True
            fence = opening[1]
    return bool(fence)


def _markup_open(body: str) -> bool:
    """Whether raw HTML is anything but plain, closed elements."""
    rest = _AUTOLINK.sub("", body)
    if not _MARKUP.search(rest):
        return False
    if "markdown=" in rest:
        return True
    open_tags: list[str] = []
    for slash, name, attributes in _TAG.findall(rest):
        tag = name.lower()
        if tag in _RAW:
            return True
        if tag in _VOID or attributes.endswith("/"):
            continue
        if not slash:
            open_tags.append(tag)
        elif not open_tags or open_tags.pop() != tag:
            return True
    return bool(open_tags) or bool(_MARKUP.search(_TAG.sub("", rest)))


_ELEMENT = re.compile(r"""<!--.*?-->|<(/?)([a-zA-Z][a-zA-Z0-9-]*)(?:[^<>"']|"[^"]*"|'[^']*')*?(/?)>""", re.DOTALL)


def closed(html: str) -> str:
    """`html` as it is where every element is closed in order; else repaired, so that a page keeps its frame."""
    open_tags: list[str] = []
    for match in _ELEMENT.finditer(html):
        slash, name = match[1], (match[2] or "").lower()
        if not name or name in _VOID or match[3]:
            continue
        if not slash:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            return _repaired(html)
    return _repaired(html) if open_tags or html.count("<!--") > html.count("-->") else html


def _repaired(html: str) -> str:
    from lxml.html import fragment_fromstring, tostring  # only the rare broken markup needs it

    repaired: str = tostring(fragment_fromstring(html, create_parent="div"), encoding="unicode")
    return repaired[len("<div>") : -len("</div>")]
