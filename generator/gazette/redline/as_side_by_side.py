"""The redline as HTML in two columns: the old text on the left, the new one on the right, row by row.

Takes the tree; gives a fragment of rows, in the vocabulary of `as_html`. A row holds a block of each text, or a whole
table, or a paragraph beside the ones it was split into; what only one text has stands beside an empty cell. The left
column holds no `<ins>` and the right one no `<del>`: each is its text as it was written. Unchanged rows are folded.
Where there is no room for two columns, a style sheet puts them one above the other (`redline.css` does).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from gazette.redline.as_folded import details
from gazette.redline.as_html import elements_html
from gazette.redline.blocks import PLAIN, Block, Container, Style
from gazette.redline.changes import BlockChange, Kind, Piece, Redline, Run, State
from gazette.redline.folding import WORTH_FOLDING, Fold, Label, english, folded_sections, lines_of, own_heading
from gazette.redline.inline import Wrapper, escape
from gazette.redline.tokens import SIGNS

Row = list[BlockChange]

_SIGN = re.compile(f"[{SIGNS}]")


def side_by_side(
    redline: Redline, label: Label = english, sides: tuple[str, str] = ("Before", "After"), full: bool = False
) -> str:
    """The redline as one fragment of HTML in two columns, headed by `sides`; with `full` nothing is folded."""
    pages = _Sides()
    names = "".join(f"<div>{escape(side)}</div>" for side in sides)
    out = [f'<div class="redline-sides"><div class="redline-row redline-names">{names}</div>\n']
    for part in folded_sections(redline):
        own = None if isinstance(part, Fold) else own_heading(part)[0]
        rows = list(_rows(part.blocks))
        if isinstance(part, Fold) and not full:
            out.append(details(label(part), (pages.row(row) for row in rows)))
            continue
        for kept, members in groupby(rows, key=lambda row: all(c.is_kept and c is not own for c in row)):
            stretch = list(members)
            fold = Fold(lines=tuple(lines_of(change for row in stretch for change in row)))
            written = [pages.row(row) for row in stretch]
            is_folded = kept and fold.words >= WORTH_FOLDING and not full
            out += [details(label(fold), written)] if is_folded else written
    return "".join([*out, "</div>\n"])


def _rows(blocks: Iterable[BlockChange]) -> Iterator[Row]:
    """Blocks in rows: those of one table together, and those that were one block before a split."""
    blocks = list(blocks)
    now = _tables_now(blocks)
    row: Row = []
    table: Container | None = None
    is_open = False
    for change in blocks:
        mine = _table(change.block)
        mine = now.get(mine, mine) if mine else None
        if row and not is_open and (mine is None or mine is not table):
            yield row
            row = []
        row.append(change)
        table = mine
        is_open = bool(change.runs) and change.runs[-1].is_break and change.runs[-1].state is State.INSERTED
    if row:
        yield row


def _table(block: Block) -> Container | None:
    return next((container for container in block.path if container.tag == "table"), None)


def _tables_now(blocks: Iterable[BlockChange]) -> dict[Container, Container]:
    """Which table of the new text each of the old one became."""
    pairs = ((_table(c.was), _table(c.block)) for c in blocks if c.was and c.old and c.new)
    return {was: now for was, now in pairs if was and now}


class _Sides:
    """Writes rows. An id stands only once: in the new text."""

    def __init__(self) -> None:
        self.old, self.new = _Column(keeps_ids=False), _Column(keeps_ids=True)

    def row(self, row: Row) -> str:
        kept = all(change.is_kept for change in row)
        old = self.old.html(list(_old_side(row)))
        new = self.new.html(list(_new_side(row)))
        if not old and not new:
            return ""
        classes = "redline-row" + " redline-kept" * kept
        return (
            f'<div class="{classes}"><div class="redline-old">{old}</div><div class="redline-new">{new}</div></div>\n'
        )


class _Column:
    """Writes one text's cells. A list's items stand in rows of their own, with the numbers that they have."""

    def __init__(self, keeps_ids: bool) -> None:
        self.keeps_ids = keeps_ids
        self.begun: set[Container] = set()  # items that have shown their number or bullet
        self.spent: set[str] = set()

    def html(self, changes: Sequence[BlockChange]) -> str:
        here: dict[Container, Container] = {}
        placed = [replace(change, block=self._placed(change.block, here), new=(0,)) for change in changes]
        return "".join(html for _, html in elements_html(placed)).strip("\n")

    def _placed(self, block: Block, here: dict[Container, Container]) -> Block:
        path = tuple(here.get(c) or here.setdefault(c, self._container(c)) for c in block.path)
        return replace(block, path=path, id=self._id(block.id))

    def _container(self, container: Container) -> Container:
        attributes = container.attributes
        if container.tag == "li":
            if container in self.begun:
                attributes = ' class="redline-continued"'
            elif container.number and " value=" not in attributes:
                attributes += f' value="{container.number}"'
            self.begun.add(container)
        return replace(container, attributes=attributes, id=self._id(container.id))

    def _id(self, name: str) -> str:
        if not self.keeps_ids or name in self.spent:
            return ""
        self.spent.add(name)
        return name


@dataclass
class _Joined:
    """A block of the old text, and its runs as they are gathered."""

    change: BlockChange
    block: Block
    runs: list[Run]

    def add(self, run: Run, goes_on: bool) -> None:
        """A run; at the beginning no space is seen, and where a block `goes_on` after a break, a space was there."""
        before, after = "".join(r.text for r in self.runs[-1:])[-1:], run.text[:1]
        if not self.runs and run.pieces:
            first = run.pieces[0]
            run = replace(run, pieces=(first._replace(text=first.text.lstrip()), *run.pieces[1:]))
        elif goes_on and not (before.isspace() or after.isspace() or _SIGN.search(before + after)):
            self.runs.append(Run(State.KEPT, (Piece(" ", PLAIN),)))
        self.runs.append(run)


def _old_side(row: Row) -> Iterator[BlockChange]:
    """The row as the old text has it: what a split parted is joined, what a merger joined is parted."""
    made: list[_Joined] = []
    is_open = False
    for change in row:
        if not change.old:
            continue
        block = change.was or change.block
        if not is_open:
            made.append(_Joined(change, block, []))
        goes_on, is_open = is_open, False
        for run in change.runs:
            if run.is_break and run.state is State.INSERTED:
                is_open = True
            elif run.is_break:
                made[-1].runs.append(run)
                made.append(_Joined(change, block, []))
            elif not run.state.is_new_only:
                made[-1].add(_as_it_was(run), goes_on)
                goes_on = False
    for joined in made:
        yield replace(joined.change, block=joined.block, runs=tuple(joined.runs), was=None)


def _new_side(row: Row) -> Iterator[BlockChange]:
    for change in row:
        if change.new:
            yield replace(change, runs=tuple(run for run in change.runs if not run.state.is_old_only))


def _as_it_was(run: Run) -> Run:
    """A run with the links and the emphasis that its words had."""
    if not run.attributes:
        return run
    pieces = run.pieces
    for attribute in run.attributes:
        if attribute.kind is Kind.RELINKED:
            pieces = tuple(Piece(text, _linked(style, attribute.was)) for text, style in pieces)
        elif attribute.kind is Kind.REFORMATTED:
            pieces = tuple(Piece(text, _emphasised(style, attribute.was, attribute.now)) for text, style in pieces)
    return replace(run, pieces=pieces, attributes=())


def _linked(style: Style, link: str) -> Style:
    others = tuple(wrapper for wrapper in style.wrappers if wrapper[0] != "a")
    wrappers = (("a", f' href="{escape(link)}"'), *others) if link else others
    return replace(style, wrappers=wrappers, link=link)


#: The elements that each emphasis is made by.
_EMPHASIS: dict[str, tuple[Wrapper, ...]] = {
    **{name: ((name, ""),) for name in ("code", "sub", "sup", "u", "s")},
    **{name: (("span", f' data-author="{name}"'),) for name in ("ins", "del")},
    "strong": (("strong", ""), ("b", "")),
    "em": (("em", ""), ("i", "")),
}


def _emphasised(style: Style, was: str, now: str) -> Style:
    """The style with the emphasis `was` in place of `now`; where these name a block's form, the style as it is. Of a
    word that was emphasised in part nobody knows here in which: it is shown without."""
    before, after = ([name for name in names.split() if name != "part"] for names in (was, now))
    if not {*before, *after} <= _EMPHASIS.keys():
        return style
    before = [] if was.startswith("part ") else before
    gone = {wrapper for name in after if name not in before for wrapper in _EMPHASIS[name]}
    kept = tuple(w for w in style.wrappers if w not in gone and (w[0], "") not in gone)
    return replace(style, wrappers=(*kept, *(_EMPHASIS[name][0] for name in before if name not in after)))
