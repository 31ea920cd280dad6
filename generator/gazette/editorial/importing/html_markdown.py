"""HTML elements → Markdown lines, each with the line of the page that it came from.

Blocks become blocks, inline markup inline markup; what Markdown has no sign for (sub- and superscript, tables without
a heading row, merged cells) stays as plain HTML without its attributes. A paragraph that is bold throughout and short
is a heading, as pages made by word processors have them. No word is lost but what a reader cannot see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import html

from gazette.editorial.importing.document import warning
from gazette.editorial.importing.escaping import escape
from gazette.editorial.importing.html_tables import BLOCKS, is_rich, nearest_table, plain_table, target
from gazette.errors import Problem

_KEPT = {
    "sup": "sup",
    "sub": "sub",
    "u": "u",
    "s": "s",
    "strike": "s",
    "del": "del",
    "ins": "ins",
    "mark": "mark",
    "q": "q",
    "kbd": "kbd",
}
_STRONG, _EMPHASIS = ("strong", "b"), ("em", "i", "cite", "dfn", "var")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LONGEST_BOLD_HEADING = 90


def words(element: html.HtmlElement) -> list[str]:
    """The words that an element holds."""
    return str(element.text_content()).split()


class Writer:
    """Writes blocks one after the other into `lines`: (Markdown, line of the page)."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.lines: list[tuple[str, int]] = []
        self.warnings: list[Problem] = []
        self.has_first_level = False
        self._level = 1
        self._pending_id = ""

    def blocks(self, element: html.HtmlElement) -> None:
        """Everything in an element: runs of inline content as paragraphs, blocks as what they are."""
        run: list[html.HtmlElement | str] = [element.text or ""]
        for child in element:
            if not isinstance(child.tag, str):
                run.append(child.tail or "")
            elif _holds_blocks(child):
                self._paragraph(run, element)
                self._block(child)
                run = [child.tail or ""]
            else:
                run += [child, child.tail or ""]
        self._paragraph(run, element)

    def _block(self, element: html.HtmlElement) -> None:
        tag = str(element.tag)
        if tag in _HEADINGS:
            self._heading(element, int(tag[1]))
        elif tag == "summary":
            self._heading(element, min(6, self._level + 1))
        elif tag in ("ul", "ol"):
            self._list(element)
        elif tag == "table":
            self._table(element)
        elif tag == "pre":
            self._code(element)
        elif tag == "blockquote":
            self._nested(element, "> ", "> ")
        elif tag == "hr":
            self._add(["* * *"], element)
        elif tag == "dl":
            self._definitions(element)
        elif tag == "p" and (bold := _bold_heading(element)) is not None:
            self._heading(bold, min(6, self._level + 1), keep_level=True)
        else:
            self._pending_id = str(element.get("id") or "") or self._pending_id
            self.blocks(element)

    def _heading(self, element: html.HtmlElement, level: int, keep_level: bool = False) -> None:
        if any(_holds_blocks(child) for child in element if isinstance(child.tag, str)):
            text = escape(" ".join(words(element)), links=False)
        else:
            text = self._inline(element).strip().replace("  \n", " ").replace("\n", " ")
        if not text:
            return
        anchor = (
            str(element.get("id") or "") or next(iter(element.xpath(".//*/@id | .//a/@name")), "") or self._pending_id
        )
        self._pending_id = ""
        if not keep_level:
            self._level = level
        self.has_first_level = self.has_first_level or level == 1
        mark = f" {{#{anchor}}}" if re.fullmatch(r"[^\s{}#]+", str(anchor)) else ""
        self._add([f"{'#' * level} {re.sub(r'#+$', lambda m: chr(92) + m[0], text)}{mark}"], element)

    def _paragraph(self, run: Iterable[html.HtmlElement | str], element: html.HtmlElement) -> None:
        nodes = list(run)
        source = "".join(node if isinstance(node, str) else self._element(node) for node in _escaped_text(nodes))
        lines = _tidy(source)
        if any(line.strip() for line in lines):
            place = next((node for node in nodes if not isinstance(node, str)), element)
            self._add([_line_start(line) for line in lines], place if element.sourceline is None else element)

    def _inline(self, element: html.HtmlElement) -> str:
        nodes: list[html.HtmlElement | str] = [element.text or ""]
        for child in element:
            nodes += [child, child.tail or ""] if isinstance(child.tag, str) else [child.tail or ""]
        return "".join(node if isinstance(node, str) else self._element(node) for node in _escaped_text(nodes))

    def _element(self, element: html.HtmlElement) -> str:
        tag = str(element.tag)
        if tag == "br":
            return "\ue003"
        if tag == "img":
            return self._image(element)
        if tag in ("code", "tt", "samp"):
            return _code_span(" ".join(str(element.text_content()).split()))
        inside = self._inline(element)
        if not inside.strip():
            return " " if inside else ""
        if tag == "a":
            return _around(inside, "[", f"]({address})") if (address := target(element)) else inside
        if tag in _STRONG:
            return _around(inside.replace("**", ""), "**", "**")
        if tag in _EMPHASIS:
            return inside if re.search(r"(?<!\*)\*(?!\*)", inside) else _around(inside, "*", "*")
        if tag in _KEPT:
            return _around(inside, f"<{_KEPT[tag]}>", f"</{_KEPT[tag]}>")
        return f" {inside} " if tag in BLOCKS else inside

    def _image(self, element: html.HtmlElement) -> str:
        alternative = " ".join(str(element.get("alt") or "").split())
        what = f"an image was left out: {str(element.get('src') or '')[:60]}"
        remedy = "its alternative text stays; put the image into text/assets/ and link it"
        self.warnings.append(warning(self.path, element.sourceline or 0, what, remedy))
        return escape(alternative, links=False)

    def _list(self, element: html.HtmlElement) -> None:
        number = int(element.get("start") or 1) if str(element.get("start") or "1").lstrip("-").isdigit() else 1
        for child in element:
            if not isinstance(child.tag, str):
                continue
            if child.tag in ("ul", "ol"):  # a nested list that is no item's child, as many editors write it
                self._nested(child, "    ", "    ", as_block=True)
                continue
            mark = "- " if element.tag == "ul" else f"{number}. "
            self._nested(child, mark.ljust(4), "    ", tight=True)
            number += 1
        self._add([], element)

    def _nested(
        self, element: html.HtmlElement, first: str, rest: str, tight: bool = False, as_block: bool = False
    ) -> None:
        """An element's blocks behind a mark; `tight` leaves no blank line behind the last."""
        inner = Writer(self.path)
        inner._level = self._level
        (inner._block if as_block else inner.blocks)(element)
        self.warnings += inner.warnings
        lines = inner.lines
        while lines and not lines[-1][0].strip():
            lines.pop()
        if tight and len(lines) > 1:
            lines = _without_blank_lines_before_lists(lines)
        if as_block and self.lines and not self.lines[-1][0].strip():
            self.lines.pop()
        for place, (line, source) in enumerate(lines):
            prefix = first if place == 0 else rest
            self.lines.append(((prefix + line).rstrip(" ") if not line else prefix + line, source))
        if not tight and not as_block:
            self.lines.append(("", element.sourceline or 0))

    def _definitions(self, element: html.HtmlElement) -> None:
        for child in element.iter("dt", "dd"):
            if child.tag == "dt":
                self._add([f"**{self._inline(child).strip()}**"], child)
            else:
                self.blocks(child)

    def _code(self, element: html.HtmlElement) -> None:
        code = str(element.text_content()).strip("\n")
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", code)), default=0))
        self._add([fence, *code.split("\n"), fence], element)

    def _table(self, element: html.HtmlElement) -> None:
        rows = [row for row in element.iter("tr") if nearest_table(row) is element]
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        cells = [row for row in cells if row]
        for caption in element.iter("caption"):
            self._paragraph([caption.text or "", *_children(caption)], caption)
        if not cells or (len(cells) == 1 and len(cells[0]) == 1):
            for row in cells:
                for cell in row:
                    self.blocks(cell)
            return
        simple = all(
            len(row) == len(cells[0])
            and not any(cell.get("rowspan") or cell.get("colspan") or is_rich(cell) for cell in row)
            for row in cells
        )
        if simple and all(cell.tag == "th" for cell in cells[0]):
            written = [[self._cell(cell) for cell in row] for row in cells]
            rule = "| " + " | ".join("---" for _ in written[0]) + " |"
            rows_written = ["| " + " | ".join(row) + " |" for row in written]
            self._add([rows_written[0], rule, *rows_written[1:]], element)
        else:
            self._add(plain_table(cells), element)

    def _cell(self, cell: html.HtmlElement) -> str:
        paragraphs = [child for child in cell if child.tag == "p"]
        parts = (
            [self._inline(p) for p in paragraphs]
            if paragraphs and not (cell.text or "").strip()
            else [self._inline(cell)]
        )
        joined = "<br>".join(" ".join(part.replace("\ue003", "<br>").split()) for part in parts)
        return joined.replace("|", "\\|")

    def _add(self, lines: list[str], element: html.HtmlElement) -> None:
        place = element.sourceline or 0
        self.lines += [(line, place) for line in lines]
        self.lines.append(("", place))


def _holds_blocks(element: html.HtmlElement) -> bool:
    return element.tag in BLOCKS or any(child.tag in BLOCKS for child in element.iter() if child is not element)


def _children(element: html.HtmlElement) -> list[html.HtmlElement | str]:
    return [node for child in element for node in (child, child.tail or "")]


def _escaped_text(nodes: list[html.HtmlElement | str]) -> list[html.HtmlElement | str]:
    return [escape(re.sub(r"\s+", " ", node), links=False) if isinstance(node, str) else node for node in nodes]


def _tidy(source: str) -> list[str]:
    """Inline Markdown with marks for line breaks → lines, two spaces at the end of each that is broken."""
    lines = [" ".join(line.split()) for line in source.split("\ue003")]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    paragraphs = re.sub(r"\n{2,}", "\n\n", "\n".join(lines)).split("\n")
    return [
        f"{line}  " if line and place + 1 < len(paragraphs) and paragraphs[place + 1] else line
        for place, line in enumerate(paragraphs)
    ]


def _line_start(line: str) -> str:
    """What only counts at the start of a line, escaped there."""
    line = re.sub(r"^(\d+)(?=\.\s)", r"\1\\", line)
    return re.sub(r"^(?=[+-]\s|#{1,6}(?:\s|$)|>)|^(?=\*\s)", r"\\", line)


def _around(inside: str, before: str, after: str) -> str:
    """Markup around words, never around the spaces beside them."""
    words_ = inside.strip(" \ue003")
    start = inside.index(words_[0]) if words_ else 0
    lead, trail = inside[:start], inside[start + len(words_) :]
    return f"{lead}{before}{words_}{after}{trail}"


def _code_span(code: str) -> str:
    if not code:
        return ""
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", code)), default=0))
    return f"{fence} {code} {fence}" if "`" in code else f"{fence}{code}{fence}"


def _bold_heading(element: html.HtmlElement) -> html.HtmlElement | None:
    """The bold element that is a whole paragraph, if it is short enough to be a heading."""
    inner = [child for child in element if isinstance(child.tag, str) and child.tag != "br"]
    text = " ".join(words(element))
    if len(inner) != 1 or not text or len(text) > _LONGEST_BOLD_HEADING or re.search(r"[.;,!?]$", text):
        return None
    loose = (element.text or "").strip() + "".join((child.tail or "").strip() for child in element)
    if loose:
        return None
    if inner[0].tag in _STRONG:
        return inner[0]
    return _bold_heading(inner[0]) if inner[0].tag in ("span", "u", "font") else None


def _without_blank_lines_before_lists(lines: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """An item's text followed by a list stays tight."""
    kept = []
    for place, line in enumerate(lines):
        following = lines[place + 1][0] if place + 1 < len(lines) else ""
        if line[0].strip() or not re.match(r"(?:-   |\d+\.\s)", following):
            kept.append(line)
    return kept
