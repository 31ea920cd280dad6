"""HTML into blocks: what the two texts are compared by.

Takes the HTML that a page shows and reads it as a browser does (html5lib, the algorithm of the HTML standard, unless it
is so plain that any parser sees the same), so that markup that an author left broken means here what it means to a
reader. Gives blocks: the longest stretches of text with no block element's edge inside, each with the containers around
it and the tokens in it. Hides the zoo of HTML: only elements and attributes that are known stay, in places where the
standard allows them; others are left out while their text stays. Scripts, styles and comments are no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any
from weakref import WeakValueDictionary

from gazette.redline.blocks import NESTING, PLAIN, Block, Container, Piece, Style, Wording, block_kind
from gazette.redline.inline import LINE_BREAK, escape, join, stretch, styled
from gazette.redline.plain_html import read_plain
from gazette.redline.tokens import IMAGE, code, token_size, tokenise

HEADINGS = {f"h{level}": level for level in range(1, 7)}
EMPHASIS = {"b": "strong", "i": "em"} | {t: t for t in ("strong", "em", "code", "sub", "sup", "u", "s", "ins", "del")}
_LISTS = frozenset({"ul", "ol"})
_TABLE_PARTS = frozenset({"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"})
_LEAVES = frozenset({"p", "pre", *HEADINGS})
# fmt: off
_PLAIN_CONTAINERS = frozenset(
    {
        "div", "section", "article", "aside", "header", "footer", "nav", "main", "address", "center", "form",
        "fieldset", "figure", "figcaption"
    }
)
_BLOCKS = NESTING | _LEAVES | _TABLE_PARTS | _PLAIN_CONTAINERS | {"li", "dt", "dl", "hr", "details", "summary"}
_PHRASES = frozenset(
    {
        "a", "strong", "b", "em", "i", "code", "sub", "sup", "u", "s", "small", "mark", "kbd", "samp", "var",
        "abbr", "cite", "q", "dfn", "time", "bdi", "bdo", "span", "ins", "del"
    }
)
_ATTRIBUTES = frozenset(
    {
        "href", "title", "lang", "dir", "datetime", "start", "type", "value", "reversed", "colspan", "rowspan",
        "headers", "scope"
    }
)
# fmt: on
_SILENT = frozenset({"script", "style"})
_CLASSED = frozenset({"span", "div", "code", "pre", "table", "a", "sup", "ul", "ol", "li", "abbr", "p"})
_OUR_CLASSES = frozenset({"break", "moved", "relinked", "reformatted", "reindented", "renumbered"})
_IMAGE_ATTRIBUTES = ("src", "alt", "title", "width", "height")
#: Characters that HTML forbids: white space that becomes a space, and the rest.
_SPACES = re.compile("[\x0b\x1c-\x1f\x85]")
_UNFIT = re.compile(
    "[\0-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
    + "]"
)
#: How deep containers may nest, and emphasis; what is deeper is shown at this depth.
_DEEPEST = 100


def read_blocks(source: str) -> tuple[Block, ...]:
    """The blocks of a fragment of HTML in reading order.

    Characters that HTML forbids are replaced: NUL by nothing, as browsers do, white space by a space, the rest by
    U+FFFD; so are those that only a character reference would bring.
    """
    body = read_plain(source)
    return tuple(_Reader().read(_as_browsers_read(source) if body is None else body))


def _as_browsers_read(source: str) -> Any:
    import html5lib  # slow to load, and seldom needed

    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    page = parser.parse(f"<!DOCTYPE html><html><head><title></title></head><body>{source}</body></html>")
    body = page.find("body")
    return page if body is None else body


@dataclass(frozen=True, slots=True)
class _Context:
    """What surrounds the place that is being read."""

    path: tuple[Container, ...] = ()
    tag: str = ""
    attributes: str = ""
    id: str = ""
    level: int = 0
    style: Style = PLAIN


class _Reader:
    """Walks a parsed page once, without recursion, and cuts its text into blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.pieces: list[tuple[str, Style]] = []  # of the block being read
        self.ids: set[str] = set()
        self.spent: set[str] = set()  # ids that a block has
        self.begun: set[Container | None] = set()  # items that have a block
        self.counters: dict[Container, tuple[int, int]] = {}  # of numbered lists: next number, step
        self.columns: dict[Container, int] = {}  # of rows: next column

    def read(self, body: Any) -> list[Block]:
        root = _Context()
        self._text(body.text, root)
        stack: list[tuple[Iterator[Any], _Context, Any]] = [(iter(body), root, None)]
        while stack:
            children, context, element = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                if element is not None:
                    self._leave(element, context, stack[-1][1])
                continue
            if not isinstance(child.tag, str) or child.tag in _SILENT:
                self._text(child.tail, context)
                continue
            inner = self._enter(child, context)
            self._text(child.text, inner)
            stack.append((iter(child), inner, child))
        self._cut(root)
        return self.blocks

    def _text(self, text: str | None, context: _Context) -> None:
        if text:
            self.pieces.append((_fit(text), context.style))

    def _enter(self, element: Any, context: _Context) -> _Context:
        tag = element.tag
        if tag == "br":
            self.pieces.append((LINE_BREAK, context.style))
        elif tag == "img":
            self._image(element, context)
        if tag not in _BLOCKS:
            return _styled(element, context)
        self._cut(context)
        return self._contained(element, context)

    def _leave(self, element: Any, inner: _Context, outer: _Context) -> None:
        if element.tag in _BLOCKS:
            self._cut(inner, whole=True)
        self._text(element.tail, outer)

    def _image(self, element: Any, context: _Context) -> None:
        given = [(name, element.get(name)) for name in _IMAGE_ATTRIBUTES]
        attributes = "".join(f' {name}="{escape(_fit(value))}"' for name, value in given if value is not None)
        outer = context.style
        self.pieces.append((IMAGE, Style(outer.wrappers, outer.link, outer.emphasis, f"<img{attributes}>")))

    def _contained(self, element: Any, context: _Context) -> _Context:
        """Into a block element: a leaf, or a container whose place the standard may not allow as it stands."""
        tag, attributes = element.tag, _attributes(element)
        if tag in _LEAVES:
            path = self._fit(context.path)
            level = HEADINGS.get(tag, context.level)
            leaf = tag if tag in HEADINGS or not context.level else context.tag
            return _Context(path, leaf, attributes, self._id(element), level, context.style)
        leaf, level = (context.tag, context.level) if context.level else ("", 0)
        if tag == "hr":
            rule = _Context(self._fit(context.path), "hr", attributes, self._id(element))
            self.blocks.append(_block(rule, rule.path, rule.id, _SILENCE, 0))
            return _Context(context.path, leaf, "", "", level, context.style)
        if len(context.path) >= _DEEPEST:
            return _Context(context.path, leaf, "", "", level, context.style)
        path = (*context.path, *self._containers(element, tag, attributes, context.path))
        return _Context(path, leaf, "", "", level, context.style)

    def _containers(self, element: Any, tag: str, attributes: str, path: tuple[Container, ...]) -> Iterator[Container]:
        above = path[-1] if path else None
        parent = above.tag if above else ""
        if tag in _PLAIN_CONTAINERS:
            tag = "div"
        if (tag == "li" and parent not in _LISTS) or (tag == "summary" and parent != "details"):
            tag = "div"
        elif parent in _LISTS and tag != "li":
            yield Container("li", "", "", self._count(above))
        elif (
            tag in ("dt", "dd") and parent != "dl" and not (parent == "div" and len(path) > 1 and path[-2].tag == "dl")
        ):
            yield Container("dl")
        elif parent == "dl" and tag not in ("dt", "dd", "div"):
            yield Container("div")
        number = self._count(above, element) if tag == "li" else 0
        column = self._column(above) if tag in ("td", "th") else 0
        container = Container(tag, attributes, self._id(element), number, column)
        if tag == "ol":
            start, step = _integer(element.get("start")), 1
            if element.get("reversed") is not None:
                items, step = sum(child.tag == "li" for child in element), -1
                start = items if start is None else start
            self.counters[container] = (1 if start is None else start, step)
        yield container

    def _count(self, above: Container | None, element: Any = None) -> int:
        if above is None or above not in self.counters:
            return 0
        number, step = self.counters[above]
        given = _integer(element.get("value")) if element is not None else None
        number = number if given is None else given
        self.counters[above] = (number + step, step)
        return number

    def _column(self, row: Container | None) -> int:
        if row is None:
            return 0
        column = self.columns.get(row, 0)
        self.columns[row] = column + 1
        return column

    def _id(self, element: Any) -> str:
        name = element.get("id") or ""
        if not name or name in self.ids:
            return ""
        self.ids.add(name)
        return _fit(name)

    def _cut(self, context: _Context, whole: bool = False) -> None:
        """End the block being read. A cell is a block even where it is empty, so that tables keep their shape."""
        pieces, self.pieces = self.pieces, []
        is_blank = all(text.isspace() for text, _ in pieces)
        wording = _SILENCE if is_blank else _wording(tuple(pieces), context.tag == "pre")
        path, tag = context.path, context.tag
        if not wording.words:
            last = path[-1] if path else None
            holds = self.blocks and last in self.blocks[-1].path
            if not (whole and not tag and last and last.tag in ("td", "th") and not holds):
                return
        path = path if tag else self._fit(path)
        name = "" if context.id in self.spent else context.id
        self.spent.add(name)
        item = next((c for c in reversed(path) if c.tag == "li"), None)
        number = 0 if item is None or item in self.begun else item.number
        self.begun.add(item)
        self.blocks.append(_block(context, path, name, wording, number))

    def _fit(self, path: tuple[Container, ...]) -> tuple[Container, ...]:
        """The path with the container that a list needs between itself and text."""
        if path and path[-1].tag in _LISTS:
            return (*path, Container("li", "", "", self._count(path[-1])))
        return (*path, Container("div")) if path and path[-1].tag == "dl" else path


def _block(context: _Context, path: tuple[Container, ...], name: str, wording: Wording, number: int) -> Block:
    said: dict[str, Any] = {name: getattr(wording, name) for name in _SAYING}
    return Block(
        **said,
        kind=block_kind(context.tag, context.level, path),
        tag=context.tag,
        attributes=context.attributes,
        id=name,
        path=path,
        level=context.level,
        number=number,
        nesting=tuple([container.tag for container in path if container.tag in NESTING]),
        wording=wording,
    )


#: What a block takes over from its wording.
_SAYING = tuple(field.name for field in fields(Wording))

#: A paragraph says the same in most versions of a text. Whichever block says it, its wording is made once.
_SAID: WeakValueDictionary[tuple[tuple[tuple[str, Style], ...], bool], Wording] = WeakValueDictionary()


def _wording(pieces: tuple[tuple[str, Style], ...], verbatim: bool) -> Wording:
    if (known := _SAID.get((pieces, verbatim))) is not None:
        return known
    words, spaces, styles = _tokens(pieces, verbatim)
    if not words:
        return _SILENCE
    made = Wording(
        words=words,
        spaces=spaces,
        styles=styles,
        spaced=tuple([space + word for space, word in zip(spaces, words, strict=True)]),
        code=code(words),
        pieces=(said := tuple([Piece(*piece) for piece in styled(words, spaces, styles)])),
        content=join([stretch(*piece) for piece in said]),
        text="".join([" " + word if space else word for space, word in zip(spaces, words, strict=True)]).lstrip(),
        sizes=(sizes := bytes([min(token_size(word), 255) for word in words])),
        size=sum(sizes),
    )
    _SAID[pieces, verbatim] = made
    return made


_Tokens = tuple[tuple[str, ...], tuple[str, ...], tuple[Style, ...]]
_SILENCE = Wording((), (), (), (), "", (), "", "", b"", 0)


def _tokens(pieces: Sequence[tuple[str, Style]], verbatim: bool) -> _Tokens:
    """Words, what stands before each, and styles. A token may cross the edge of a style: then its style has pieces."""
    text = "".join([piece for piece, _ in pieces])
    spans = tokenise(text)
    if any(style.is_of_note for _, style in pieces):
        spans = _with_notes(spans, pieces)
    if not spans:
        return (), (), ()
    words = tuple([text[start:end] for start, end in spans])
    edges = [0, *(end for _, end in spans)]
    spaces = tuple([text[end:start] for end, (start, _) in zip(edges, spans, strict=False)])
    spaces = spaces if verbatim else ("", *spaces[1:])
    if len(pieces) == 1:
        return words, spaces, (pieces[0][1],) * len(words)
    styles, ends, at = [], list(accumulate(len(piece) for piece, _ in pieces)), 0
    for start, end in spans:
        while ends[at] <= start:
            at += 1
        styles.append(pieces[at][1] if end <= ends[at] else _mixed(pieces, ends, at, start, end))
    images = [(w, s) for w, s in zip(words, styles, strict=True) if s.atom]
    if images:
        words = tuple([w + s.atom if s.atom else w for w, s in zip(words, styles, strict=True)])
    return words, spaces, tuple(styles)


def _with_notes(spans: Sequence[tuple[int, int]], pieces: Sequence[tuple[str, Style]]) -> list[tuple[int, int]]:
    """The spans of tokens, cut where the sign of a note begins and ends: it is no part of the word that it follows."""
    ends = list(accumulate(len(piece) for piece, _ in pieces))
    edges = {
        edge for n, (piece, style) in enumerate(pieces) if style.is_of_note for edge in (ends[n] - len(piece), ends[n])
    }
    cut = [sorted({start, end, *(edge for edge in edges if start < edge < end)}) for start, end in spans]
    return [span for one in cut for span in pairwise(one)]


def _mixed(pieces: Sequence[tuple[str, Style]], ends: list[int], at: int, start: int, end: int) -> Style:
    parts = []
    while start < end:
        stop = min(end, ends[at])
        if stop > start:
            parts.append((stop - start, pieces[at][1]))
        start, at = max(start, stop), at + 1
    first = parts[0][1]
    return Style(first.wrappers, first.link, first.emphasis, "", tuple(parts))


def _styled(element: Any, context: _Context) -> _Context:
    tag, outer = element.tag, context.style
    if tag not in _PHRASES or len(outer.wrappers) >= _DEEPEST:
        return context
    if tag == "a":
        link = element.get("href")
        wrappers = tuple(w for w in outer.wrappers if w[0] != "a")
        wrappers = (*wrappers, ("a", _attributes(element))) if link is not None else wrappers
        style = _style(wrappers, _fit(link or ""), outer.emphasis)
    else:
        name, attributes = ("span", f' data-author="{tag}"') if tag in ("ins", "del") else (tag, _attributes(element))
        if (name == "span" and not attributes) or (name, attributes) in outer.wrappers:
            return context  # says nothing, or nothing more
        if len(outer.wrappers) >= _DEEPEST:
            return context
        emphasis = tuple(sorted({*outer.emphasis, EMPHASIS[tag]})) if tag in EMPHASIS else outer.emphasis
        style = _style((*outer.wrappers, (name, attributes)), outer.link, emphasis)
    return _Context(context.path, context.tag, context.attributes, context.id, context.level, style)


@lru_cache(maxsize=4096)
def _style(wrappers: tuple[tuple[str, str], ...], link: str, emphasis: tuple[str, ...]) -> Style:
    return Style(wrappers, link, emphasis)


def _attributes(element: Any) -> str:
    """The attributes that may stay, as HTML. Classes stay where Markdown needs them, never those of a redline."""
    kept = []
    for name, value in element.attrib.items():
        if name == "class" and element.tag in _CLASSED:
            value = " ".join(c for c in value.split() if c not in _OUR_CLASSES)
            if not value:
                continue
        elif name not in _ATTRIBUTES:
            continue
        kept.append(f' {name}="{escape(_fit(value))}"')
    return "".join(kept)


def _fit(text: str) -> str:
    if text.replace("\n", "").isprintable():  # far quicker than to look for each character that is not
        return text
    return _UNFIT.sub("\ufffd", _SPACES.sub(" ", text.replace("\0", ""))) if _UNFIT.search(text) else text


def _integer(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text.strip(), re.ASCII) else None
