"""A marked-up page, read: what it says, in order; what is wrong with it; and the old and the new text in it.

Takes HTML; gives stretches of text with what surrounds them, and from these the blocks and words of either side. The
reader is a strict HTML5 parser, and the texts to compare with come from Python-Markdown, never from the engine that is
measured. A word belongs to what surrounds its first letter.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate
from typing import Any

import html5lib
from markdown import Markdown

#: Scripts without spaces between words (Thai, Japanese, Chinese, Korean) are counted letter by letter.
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])\w)+")

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_EMPHASIS = {"b": "strong", "strong": "strong", "i": "em", "em": "em"} | {
    name: name for name in ("code", "s", "sub", "sup", "u")
}
_DEEPER = frozenset({"ul", "ol", "dd", "blockquote"})
_BLOCK_NAMES = """
address article aside caption center details div dl dt fieldset figcaption figure footer form header hr li main
nav p pre section summary table tbody td tfoot th thead tr
"""
_BLOCKS = _DEEPER | frozenset(_HEADINGS) | frozenset(_BLOCK_NAMES.split())
_MAY_HOLD = {
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"dt", "dd", "div"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tfoot": {"tr"},
    "tr": {"td", "th"},
}
_HOLD_NO_BLOCKS = frozenset({"p", "pre", "span", "small", "mark"}) | frozenset(_HEADINGS) | frozenset(_EMPHASIS)
_NEED_PARENTS = frozenset({"li", "td", "th"})

#: What may change around words that stay, and the spans that show it.
ATTRIBUTES = {
    "link": {"relinked"},
    "emphasis": {"reformatted"},
    "level": {"reformatted", "reindented"},
    "indent": {"reformatted", "reindented", "renumbered"},
}
_SPANS = frozenset().union(*ATTRIBUTES.values())
_ANY_MARK = re.compile(rf"<(?:ins|del)\b|<span\b[^>]*\bclass=[\"'][^\"'>]*\b(?:{'|'.join(sorted(_SPANS))})\b")

#: Stands where two blocks of a redline are one in the old text: there a space may be or not.
_JOINT = "\0"


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a stretch. `fate`: `=` kept, `+` inserted, `-` deleted, `m` moved; of the innermost mark."""

    fate: str = "="
    in_ins: bool = False
    in_del: bool = False
    spans: frozenset[str] = frozenset()
    link: str = ""
    emphasis: frozenset[str] = frozenset()
    level: int = 0
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Stretch:
    text: str
    block: int
    around: Around


@dataclass(frozen=True, slots=True)
class Break:
    """A paragraph break that came or went, at this place in a block."""

    came: bool
    block: int
    around: Around


@dataclass(frozen=True, slots=True)
class Block:
    """A block of one text: its words, each with what surrounds it, and its text in parts that a joint may separate."""

    parts: tuple[str, ...]
    words: tuple[tuple[str, Around], ...]

    @property
    def text(self) -> str:
        return " ".join(self.parts)


@dataclass(frozen=True, slots=True)
class Document:
    """What a text says: its blocks, and all their words in order."""

    blocks: tuple[Block, ...]
    words: tuple[str, ...]
    settings: tuple[Around, ...]


@dataclass
class Page:
    """An HTML fragment, read: what it says in order, what is invalid and what breaks the vocabulary."""

    items: list[Stretch | Break] = field(default_factory=list)
    invalid: set[str] = field(default_factory=set)
    vocabulary: set[str] = field(default_factory=set)


def render(markdown: str) -> str:
    """A text as its page shows it, with the extensions that every measure here starts from."""
    return Markdown(extensions=["extra", "sane_lists"]).convert(markdown)


@lru_cache(maxsize=512)
def document(markdown: str) -> Document:
    """What a Markdown text says when it is rendered."""
    return said_by(side(read(render(markdown), marked=False), "new"))


def has_marks(redline: str) -> bool:
    """Whether anything is marked as changed."""
    return bool(_ANY_MARK.search(redline))


def read(fragment: str, marked: bool = True) -> Page:
    """A fragment of a page; unless `marked`, `<ins>` and `<del>` in it are the author's."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree = parser.parse(f"<!DOCTYPE html><html><head><title>Page</title></head><body>{fragment}</body></html>")
    reader = _Reader(marked)
    reader.page.invalid.update(str(code) for _, code, _ in parser.errors)
    reader.element(tree.find("body"), Around(), ())
    return reader.finish()


class _Reader:
    """Walks a parsed page. A block's beginning and its end start a new number: text after a nested block is apart."""

    def __init__(self, marked: bool) -> None:
        self.marked = marked
        self.page = Page()
        self.block = self.numbers = 0
        self.ids: set[str] = set()
        self.moves: dict[str, set[str]] = {}

    def finish(self) -> Page:
        if any(not number or ends != {"ins", "del"} for number, ends in self.moves.items()):
            self.page.vocabulary.add("moved, but not joined")
        return self.page

    def element(self, element: Any, around: Around, above: tuple[str, ...]) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in ("script", "style"):
            return
        classes = set(element.get("class", "").split())
        self._structure(element, above)
        if self.marked and tag in ("ins", "del"):
            if "break" in classes:
                self._break(element, around)
                return
            around = self._mark(element, classes, around)
        elif self.marked and tag == "span":
            around = replace(around, spans=around.spans | (classes & _SPANS))
        if tag == "a":
            around = replace(around, link=element.get("href", ""))
        elif tag in _EMPHASIS:
            around = replace(around, emphasis=around.emphasis | {_EMPHASIS[tag]})
        elif tag in _HEADINGS:
            around = replace(around, level=_HEADINGS[tag])
        elif tag in _DEEPER:
            around = replace(around, indent=around.indent + 1)
        if tag in _BLOCKS:
            self._new_block()
        self._say(" " if tag in ("br", "img") else element.text, around)
        for child in element:
            self.element(child, around, (*above, tag))
            if child.tag in _BLOCKS:
                self._new_block()
            self._say(child.tail, around)

    def _say(self, text: str | None, around: Around) -> None:
        self.page.items.append(Stretch(text or "", self.block, around))

    def _new_block(self) -> None:
        self.numbers += 1
        self.block = self.numbers

    def _break(self, element: Any, around: Around) -> None:
        self.page.items.append(Break(element.tag == "ins", self.block, around))
        if "¶" not in "".join(element.itertext()):
            self.page.vocabulary.add("break without ¶")

    def _mark(self, element: Any, classes: set[str], around: Around) -> Around:
        if around.fate in "+-":
            self.page.vocabulary.add("mark in a mark")
        fate = "+" if element.tag == "ins" else "-"
        if "moved" in classes:
            fate = "m"
            self.moves.setdefault(element.get("data-move", ""), set()).add(element.tag)
        return replace(
            around,
            fate=fate,
            in_ins=around.in_ins or element.tag == "ins",
            in_del=around.in_del or element.tag == "del",
        )

    def _structure(self, element: Any, above: tuple[str, ...]) -> None:
        """What the parser lets pass but the standard doesn't."""
        tag, parent, invalid = element.tag, above[-1] if above else "", self.page.invalid
        allowed = _MAY_HOLD.get(parent)
        if (allowed is not None and tag not in allowed) or (allowed is None and tag in _NEED_PARENTS):
            invalid.add(f"{tag} in {parent}")
        if tag in _BLOCKS and not _HOLD_NO_BLOCKS.isdisjoint(above):
            invalid.add(f"{tag} in a line of text")
        if self.marked and tag in _BLOCKS and not {"ins", "del"}.isdisjoint(above):
            self.page.vocabulary.add("mark around a block")
        if name := element.get("id"):
            if name in self.ids:
                invalid.add("an id given twice")
            self.ids.add(name)


def side(page: Page, which: str) -> list[Block]:
    """The blocks of the `old` or the `new` text, left when what is only in the other one is dropped.

    Seen from the old text, a break that came joins its block with the next that says anything; one that went ends a
    block where it stands.
    """
    is_old = which == "old"
    names: dict[int, int] = {}  # of blocks that are, or belong to, another one in the old text
    joining = -1
    gathered: list[tuple[int, list[Stretch]]] = []
    for place, item in enumerate(page.items):
        if isinstance(item, Break):
            if is_old and not item.around.in_ins:
                if item.came:
                    joining = item.block
                else:
                    names[item.block] = -1 - place
            continue
        says = bool(item.text.strip())
        if joining not in (-1, item.block) and says:
            names[item.block] = names.get(joining, joining)
            joining = -1
            if gathered and gathered[-1][0] == names[item.block]:
                gathered[-1][1].append(Stretch(_JOINT, item.block, item.around))
        if item.around.in_ins if is_old else item.around.in_del:
            continue
        name = names.get(item.block, item.block)
        if gathered and gathered[-1][0] == name:
            gathered[-1][1].append(item)
        elif says:
            gathered.append((name, [item]))
    return [_block(stretches) for _, stretches in gathered]


def _block(stretches: Sequence[Stretch]) -> Block:
    text = "".join([stretch.text for stretch in stretches])
    ends = list(accumulate(len(stretch.text) for stretch in stretches))
    words = [(match[0], stretches[bisect_right(ends, match.start())].around) for match in WORD.finditer(text)]
    parts = [" ".join(part.split()) for part in text.split(_JOINT)]
    while parts and not parts[-1]:
        parts.pop()
    while parts and not parts[0]:
        parts.pop(0)
    return Block(tuple(parts), tuple(words))


def said_by(blocks: Sequence[Block]) -> Document:
    words = [word for block in blocks for word in block.words]
    return Document(tuple(blocks), tuple(word for word, _ in words), tuple(around for _, around in words))
