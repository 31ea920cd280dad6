"""The inside of a block as HTML: stretches of text with what surrounds them, opened and closed in the best order.

Takes stretches of text, each with its marks (`<ins>`, `<del>`, our spans) and its style (links, emphasis). Gives HTML
in which whatever goes on longest is outermost, so that a changed word in a link leaves one link, and a deletion across
several links stays one deletion.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from itertools import groupby

from gazette.redline.blocks import PLAIN, Style
from gazette.redline.tokens import IMAGE

#: Stands for a line break among white space.
LINE_BREAK = "\v"

Wrapper = tuple[str, str]  # the name of an element, its attributes as HTML
Stretch = tuple[tuple[Wrapper, ...], tuple[Wrapper, ...], str]  # marks, style, HTML of the text


def escape(text: str) -> str:
    return html.escape(text, quote=True)


def text_html(text: str) -> str:
    """Text as HTML. Only what must be escaped is, so that it reads well in a diff of the output."""
    if "&" in text or "<" in text or ">" in text:
        text = html.escape(text, quote=False)
    return text.replace(LINE_BREAK, "<br>") if LINE_BREAK in text else text


def styled(
    words: Sequence[str],
    spaces: Sequence[str],
    styles: Sequence[Style],
    start: int = 0,
    end: int | None = None,
    lead: str | None = None,
) -> Iterator[tuple[str, Style]]:
    """The text of the tokens from `start` to `end` in stretches of one style; `lead` replaces the first space.

    The space between two styles stands in what surrounds both.
    """
    before = styles[start - 1] if start else PLAIN
    for style, group in groupby(range(start, len(words) if end is None else end), key=styles.__getitem__):
        first, *rest = group
        space = spaces[first] if lead is None or first != start else lead
        if space and (style != before or style.atom or style.pieces):
            yield space, shared(before, style)
            space = ""
        if style.atom or style.pieces:
            yield from _pieces(words[first], style)
            for token in rest:
                if spaces[token]:
                    yield spaces[token], shared(style, style)
                yield from _pieces(words[token], style)
        else:
            yield space + words[first] + "".join([spaces[token] + words[token] for token in rest]), style
        before = style


def _pieces(word: str, style: Style) -> Iterator[tuple[str, Style]]:
    if style.atom:
        yield IMAGE, style
        return
    start = 0
    for length, piece in style.pieces:
        yield word[start : start + length], piece
        start += length


def shared(one: Style, other: Style) -> Style:
    """What surrounds the space between two tokens: what surrounds both."""
    count = 0
    for left, right in zip(one.wrappers, other.wrappers, strict=False):
        if left != right:
            break
        count += 1
    return Style(one.wrappers[:count]) if count else PLAIN


def stretch(text: str, style: Style, marks: tuple[Wrapper, ...] = ()) -> Stretch:
    return marks, style.wrappers, style.atom or text_html(text)


def join(stretches: list[Stretch]) -> str:
    """The HTML of stretches in their order."""
    out: list[str] = []
    _emit(stretches, out)
    return "".join(out)


def _emit(stretches: list[Stretch], out: list[str]) -> None:
    at = 0
    while at < len(stretches):
        marks, style, text = stretches[at]
        if not marks and not style:
            out.append(text)
            at += 1
            continue
        marked, dressed = _extent(stretches, at, 0), _extent(stretches, at, 1)
        side = 0 if marked >= dressed else 1
        end = at + max(marked, dressed)
        tag, attributes = (marks if side == 0 else style)[0]
        out.append(f"<{tag}{attributes}>")
        inner = [(m[1:], s, t) if side == 0 else (m, s[1:], t) for m, s, t in stretches[at:end]]
        _emit(inner, out)
        out.append(f"</{tag}>")
        at = end


def _extent(stretches: list[Stretch], at: int, side: int) -> int:
    """How many stretches from `at` on share their outermost mark (side 0) or style (side 1)."""
    if not stretches[at][side]:
        return 0
    wrapper, end = stretches[at][side][0], at + 1
    while end < len(stretches) and stretches[end][side] and stretches[end][side][0] == wrapper:
        end += 1
    return end - at
