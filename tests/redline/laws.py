"""What every redline must be, checked on its HTML alone: the two laws, the vocabulary, validity.

Takes HTML and what the texts themselves render to; gives sentences that say what is wrong, none where all is well.
Reads both with html5lib, as a browser would, and knows nothing of the engine but the vocabulary.

A side of a redline is read as a line of events: text that is in it, text that is only in the other one, the edge of a
block, and, on the old side, a break that joins two blocks (it came) or parts one (it went).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import html5lib
from markdown import Markdown

from gazette.redline.tokens import word_count

ATTRIBUTE_SPANS = {"relinked", "reformatted", "reindented", "renumbered"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
PHRASES_ONLY = {"p", "pre", "span", "ins", "del", "a", "strong", "em", "code", "b", "i", *HEADINGS}
LIST_LIKE = {
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"dt", "dd", "div"},
    "table": {"caption", "thead", "tbody", "tfoot", "tr"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tfoot": {"tr"},
    "tr": {"td", "th"},
}
ONLY_IN = {"li": {"ul", "ol"}, "td": {"tr"}, "th": {"tr"}, "dt": {"dl", "div"}, "dd": {"dl", "div"}}
_OTHER_BLOCKS = """
p div ul ol li dl dt dd table caption thead tbody tfoot tr td th pre hr blockquote section article aside header footer
nav main address center form fieldset figure figcaption details summary
"""
EDGES = HEADINGS | set(_OTHER_BLOCKS.split())
JOINT = "\0"
_PLANE_ENDS = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))


@dataclass
class Reading:
    """A redline, read: the blocks of both sides, its marked text, and what is wrong with it."""

    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    kept: str = ""
    inserted: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    moved_here: list[str] = field(default_factory=list)
    moved_away: list[str] = field(default_factory=list)
    spans: list[tuple[str, str, str]] = field(default_factory=list)  # class, what was, text
    breaks: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def marks(self) -> int:
        marked = (self.inserted, self.deleted, self.moved_here, self.moved_away, self.spans)
        return sum(len(texts) for texts in marked) + self.breaks


def broken_laws(old: str, new: str, redline_html: str) -> list[str]:
    """What is wrong with the redline of two Markdown texts."""
    reading = read(redline_html)
    wrong = list(reading.wrong)
    for name, got, want in (("old", reading.old, blocks_of(old)), ("new", reading.new, blocks_of(new))):
        if len(got) != len(want):
            wrong.append(f"{name}: {len(got)} blocks instead of {len(want)}: {_first_difference(got, want)}")
        elif not all(map(_says, got, want)):
            wrong.append(f"{name}: {_first_difference(got, want)}")
    return wrong


@lru_cache(maxsize=8)
def blocks_of(markdown: str) -> list[str]:
    """The blocks of a Markdown text as its page shows them; an author's <ins> and <del> are text like any other."""
    rendered = Markdown(extensions=["extra", "sane_lists"]).convert(markdown)
    body, _ = _parsed(_shown(rendered))
    return _side([(kind, _shown(text)) for kind, text in _events(body, marked=False)], "new")


@lru_cache(maxsize=2)
def read(redline_html: str) -> Reading:
    body, errors = _parsed(redline_html)
    reading = Reading(wrong=[f"invalid: {error}" for error in errors])
    _walk(body, reading)
    events = list(_events(body, marked=True))
    reading.old, reading.new = _side(events, "old"), _side(events, "new")
    return reading


def _shown(text: str) -> str:
    """Text with the characters that no page may hold as the engine shows them."""
    text = re.sub(r"[\x0b\x1c-\x1f\x85]", " ", text.replace("\0", ""))
    return re.sub(f"[\x01-\x08\x0e-\x1b\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_PLANE_ENDS}]", "\ufffd", text)


def _parsed(markup: str) -> tuple[Any, list[str]]:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    page = parser.parse(f"<!DOCTYPE html><title>x</title><body>{markup}</body></html>")
    return page.find("body"), [str(code) for _, code, _ in parser.errors]


Event = tuple[str, str]  # both, new, old: text of the sides that have it; edge; joined, parted: breaks


def _events(body: Any, marked: bool) -> Iterator[Event]:
    """Everything that makes or ends a block, in order, without recursion."""
    stack: list[tuple[str, Any, str]] = [("in", body, "both")]
    while stack:
        step, element, side = stack.pop()
        if step == "text":
            yield side, element
            continue
        if step == "edge":
            yield "edge", ""
            continue
        tag = element.tag
        if not isinstance(tag, str) or tag in ("script", "style"):
            continue
        inner = side
        if marked and tag in ("ins", "del"):
            if element.get("class") == "break":
                yield ("joined" if tag == "ins" else "parted"), ""
                continue
            inner = "new" if tag == "ins" else "old"
        if tag in ("br", "img"):
            yield side, " "
        is_edge = tag in EDGES
        if is_edge:
            yield "edge", ""
        todo: list[tuple[str, Any, str]] = [("text", element.text or "", inner)]
        for child in element:
            todo += [("in", child, inner), ("text", child.tail or "", inner)]
        todo += [("edge", None, side)] if is_edge else []
        stack += reversed(todo)


def _side(events: list[Event], side: str) -> list[str]:
    """The blocks of one side; where two were joined there is a JOINT, which stands for a space or nothing."""
    blocks = [""]
    joins = False
    for kind, text in events:
        if kind == "edge":
            if not joins and blocks[-1].strip():
                blocks.append("")
        elif kind == "joined":
            joins = side == "old"
            blocks[-1] += JOINT if joins and blocks[-1].strip() else ""
        elif kind == "parted":
            if side == "old" and blocks[-1].strip():
                blocks.append("")
        elif kind not in ("both", side):
            joins = joins and not text.strip()
        elif text.strip() or not joins:
            joins = False
            blocks[-1] += text
    return [one for block in blocks if (one := " ".join(block.split()).strip(f" {JOINT}"))]


def _says(got: str, want: str) -> bool:
    """Whether a block says what it should."""
    if JOINT not in got:
        return got == want
    for part in got.split(JOINT):
        part = part.strip()
        if not want.startswith(part):
            return False
        want = want[len(part) :].lstrip()
    return not want


def _first_difference(got: list[str], want: list[str]) -> str:
    pairs = zip([*got, "(nothing)"], [*want, "(nothing)"], strict=False)
    return next((f"{one!r} instead of {other!r}" for one, other in pairs if not _says(one, other)), "at the end")


def _walk(body: Any, reading: Reading) -> None:
    """Validity beyond what a parser says, the vocabulary, and what the marks hold."""
    ids: set[str] = set()
    moves: set[tuple[str, str]] = set()
    stack: list[tuple[Any, tuple[str, ...]]] = [(body, ())]
    while stack:
        element, above = stack.pop()
        tag = element.tag
        if not isinstance(tag, str):
            reading.wrong.append("a comment")
            continue
        parent = above[-1] if above else ""
        if tag in EDGES and not PHRASES_ONLY.isdisjoint(above):
            reading.wrong.append(f"<{tag}> inside phrases: {'/'.join(above)}")
        if tag not in LIST_LIKE.get(parent, {tag}) or (above and parent not in ONLY_IN.get(tag, {parent})):
            reading.wrong.append(f"<{tag}> in <{parent}>")
        if tag in LIST_LIKE and any(text.strip() for text in (element.text or "", *(c.tail or "" for c in element))):
            reading.wrong.append(f"text directly in <{tag}>")
        if tag in ("script", "style", "iframe", "object", "embed"):
            reading.wrong.append(f"<{tag}> reached the page")
        if any(name.startswith("on") for name in element.attrib):
            reading.wrong.append(f"<{tag}> with a handler")
        if (name := element.get("id")) is not None:
            reading.wrong += [f"the id {name!r} twice"] if name in ids else []
            ids.add(name)
        if tag in ("ins", "del"):
            _mark(element, tag, above, reading, moves)
        elif tag == "span" and element.get("class") in ATTRIBUTE_SPANS:
            reading.spans.append((element.get("class"), element.get("data-was"), "".join(element.itertext())))
            reading.wrong += [] if element.get("data-was") is not None else ["a change of attribute without data-was"]
        inner = (*above, tag) if element is not body else ()
        stack += [(child, inner) for child in reversed(list(element))]
    reading.wrong += [f"move {n} has no <{t}>" for n, _ in moves for t in ("ins", "del") if (n, t) not in moves]
    reading.kept = "".join(text for kind, text in _events(body, marked=True) if kind == "both")


def _mark(element: Any, tag: str, above: tuple[str, ...], reading: Reading, moves: set[tuple[str, str]]) -> None:
    text, kind = "".join(element.itertext()), element.get("class")
    if "ins" in above or "del" in above:
        reading.wrong.append("a mark in a mark")
    if kind == "break":
        reading.breaks += 1
        reading.wrong += [] if text == "¶" else [f"a break that holds {text!r}"]
    elif kind == "moved":
        moves.add((element.get("data-move") or "", tag))
        reading.wrong += [] if element.get("data-move") else ["moved text without its number"]
        (reading.moved_here if tag == "ins" else reading.moved_away).append(text)
    elif kind not in (None, "renumbered"):
        reading.wrong.append(f'<{tag} class="{kind}">')
    else:
        (reading.inserted if tag == "ins" else reading.deleted).append(text)


def words(texts: list[str]) -> int:
    return sum(map(word_count, texts))
