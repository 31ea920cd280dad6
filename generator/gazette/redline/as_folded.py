"""The redline as HTML for a page on which one looks for the changes: unchanged stretches are folded and open on demand.

Takes the tree; gives the fragment of `as_html` with each stretch of unchanged sections, or of unchanged elements of a
section, in a `<details class="redline-unchanged">` whose `<summary>` says how much it is. Only whole outermost elements
are folded, so that a list or a table is never torn; a section's own heading stays in sight.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from gazette.redline.as_html import elements_html
from gazette.redline.changes import BlockChange, Redline
from gazette.redline.folding import WORTH_FOLDING, Fold, Label, english, folded_sections, lines_of, own_heading
from gazette.redline.inline import text_html

Element = tuple[tuple[BlockChange, ...], str]


def folded(redline: Redline, label: Label = english) -> str:
    """The redline as one fragment of HTML, unchanged stretches folded. `label` names a fold in plain text."""
    elements = elements_html(redline.blocks)
    out: list[str] = []
    ahead = 0  # blocks of the next parts that are out already, in an element that goes on beyond its part
    for part in folded_sections(redline):
        blocks = part.blocks
        mine: list[Element] = []
        ahead -= len(blocks)
        while ahead < 0 and (element := next(elements, None)) is not None:
            ahead += len(element[0])
            mine.append(element)
        if isinstance(part, Fold):
            out.append(details(label(part), (html for _, html in mine)))
        else:
            own, _ = own_heading(part)
            out += _section(mine, own, label)
    return "".join(out)


def details(label: str, fragments: Iterable[str]) -> str:
    """Fragments behind a line that opens; nothing for nothing."""
    inner = "".join(fragments)
    opening = '<details class="redline-unchanged">'
    return f"{opening}<summary>{text_html(label)}</summary>\n{inner}</details>\n" if inner else ""


def _section(elements: Iterable[Element], own: BlockChange | None, label: Label) -> Iterator[str]:
    def is_kept(element: Element) -> bool:
        return all(change.is_kept and change is not own for change in element[0])

    for kept, members in groupby(elements, key=is_kept):
        stretch = list(members)
        blocks = tuple(change for changes, _ in stretch for change in changes)
        fold = Fold(lines=tuple(lines_of(blocks)))
        if kept and fold.words >= WORTH_FOLDING:
            yield details(label(fold), (html for _, html in stretch))
        else:
            yield from (html for _, html in stretch)
