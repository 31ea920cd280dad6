"""The redline as HTML, in the words of the vocabulary that any tool may rely on.

Takes the tree; gives one fragment, whole and unfolded. `<ins>` and `<del>` stand only inside the block that holds the
words; what moved is `<del class="moved">` and `<ins class="moved">` joined by `data-move`; a paragraph break that came
or went is a ¶ in `<ins class="break">` or `<del class="break">`; a change of attribute is a `<span>` with what was in
`data-was`. Containers of the new text hold also what was removed from them, so that a removed item stands in its list
and a removed row in its table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gazette.redline.blocks import Block, BlockKind, Container
from gazette.redline.changes import BlockChange, Redline, Run, State
from gazette.redline.inline import Stretch, Wrapper, escape, join, stretch

_MARKS = {
    State.INSERTED: "ins",
    State.DELETED: "del",
    State.MOVED_HERE: "ins",
    State.MOVED_AWAY: "del",
}


def html(redline: Redline) -> str:
    """The redline as one fragment of HTML."""
    return "".join(sections_html(redline))


def sections_html(redline: Redline) -> Iterator[str]:
    """The redline as HTML, section by section; joined, the fragments are the whole.

    Each fragment is whole in itself: an element that holds blocks of several sections is in that of the first.
    """
    elements = elements_html(redline.blocks)
    left = 0
    for section in redline.sections:
        out: list[str] = []
        left -= len(section.blocks)
        while left < 0 and (element := next(elements, None)) is not None:
            changes, fragment = element
            left += len(changes)
            out.append(fragment)
        yield "".join(out)


def elements_html(blocks: Sequence[BlockChange]) -> Iterator[tuple[tuple[BlockChange, ...], str]]:
    """Blocks as HTML, outermost element by outermost element, each with the blocks in it."""
    writer = _Writer(blocks)
    members: list[BlockChange] = []
    out: list[str] = []
    for at, change in enumerate(writer.blocks):
        top, depth = writer.open[:1], len(writer.open)
        written: list[str] = []
        writer.write(at, written)
        if members and written and not (top and writer.open[:1] == top):
            yield tuple(members), "".join(out + written[:depth])
            members, out, written = [], [], written[depth:]
        members.append(change)
        out += written
    writer.close(0, out)
    if members:
        yield tuple(members), "".join(out)


class _Writer:
    """Writes blocks in their order, and opens and closes the containers around them."""

    def __init__(self, blocks: Sequence[BlockChange]) -> None:
        self.blocks = blocks
        self.open: list[Container] = []
        self.ids: set[str] = set()
        self.bare = False  # the last thing written is text directly in the innermost open container
        self.new_of = _containers(blocks)
        self.following = _following(blocks)
        self.copies: dict[Container, Container] = {}

    def write(self, at: int, out: list[str]) -> None:
        change = self.blocks[at]
        block = change.block
        if not change.new and not block.words and block.kind is not BlockKind.CELL:
            return
        path = block.path if change.new else self._path(at)
        shared = 0
        for mine, other in zip(path, self.open, strict=False):
            if mine is not other:
                break
            shared += 1
        if shared < len(self.open):
            self.close(shared, out)
        for container in path[shared:]:
            self._open(container, change, out)
        self._block(change, out)

    def close(self, depth: int, out: list[str]) -> None:
        while len(self.open) > depth:
            out.append(f"</{self.open.pop().tag}>")
            self.bare = False

    def _open(self, container: Container, change: BlockChange, out: list[str]) -> None:
        name = self._id(container.id) if change.new else ""
        out.append(f"<{container.tag}{name}{container.attributes}>")
        self.open.append(container)
        self.bare = False

    def _id(self, name: str) -> str:
        if not name or name in self.ids:
            return ""
        self.ids.add(name)
        return f' id="{escape(name)}"'

    def _block(self, change: BlockChange, out: list[str]) -> None:
        block = change.block
        content = content_html(change)
        if block.tag == "hr":
            out.append(f"<hr{block.attributes}>")
            self.bare = False
        elif block.tag:
            name = self._id(block.id) if change.new else ""
            out.append(f"<{block.tag}{name}{block.attributes}>{content}</{block.tag}>")
            self.bare = False
        elif self.bare:
            out.append(f"<div>{content}</div>")
            self.bare = False
        else:
            out.append(content)
            self.bare = bool(content)
        if len(self.open) < 3:
            out.append("\n")

    def _path(self, at: int) -> tuple[Container, ...]:
        """Where a removed block stands: in the new containers that its own became, as far as they are open here or are
        opened by what comes next, then in copies of its own."""
        block = self.blocks[at].block
        following = self.following[at]
        path: list[Container] = []
        for depth, container in enumerate(block.path):
            for candidate in (self.new_of.get(container), self.copies.get(container)):
                if candidate is None:
                    continue
                here = depth < len(self.open) and self.open[:depth] == path and self.open[depth] is candidate
                there = depth < len(following) and list(following[:depth]) == path and following[depth] is candidate
                if here or there:
                    path.append(candidate)
                    break
            else:
                copy = Container(container.tag, container.attributes, "", container.number, container.column)
                self.copies[container] = copy
                path.append(copy)
        return tuple(path)


def _containers(blocks: Iterable[BlockChange]) -> dict[Container, Container]:
    """Which container of the new text each of the old text became, by the blocks that stayed in it."""
    new_of: dict[Container, Container] = {}
    for change in blocks:
        if change.was is None or not change.old or change.was.path is change.block.path:
            if change.was is not None and change.old:
                new_of.update((c, c) for c in change.block.path)
            continue
        for was, now in zip(change.was.path, change.block.path, strict=False):
            if was.tag != now.tag or new_of.setdefault(was, now) is not now:
                break
    return new_of


def _following(blocks: Sequence[BlockChange]) -> list[tuple[Container, ...]]:
    """For each block, the containers of the next one that is in the new text."""
    paths: list[tuple[Container, ...]] = []
    path: tuple[Container, ...] = ()
    for change in reversed(blocks):
        paths.append(path)
        if change.new:
            path = change.block.path
    return paths[::-1]


def content_html(change: BlockChange) -> str:
    """The inside of a block."""
    if change.is_kept:
        return change.block.content
    stretches: list[Stretch] = []
    for run in change.runs:
        marks = run_marks(run)
        if run.is_break:
            stretches.append((marks, (), "¶"))
        else:
            stretches += [stretch(piece.text, piece.style, marks) for piece in run.pieces]
    return join(stretches)


def run_marks(run: Run) -> tuple[Wrapper, ...]:
    """The elements that say what happened to a run, from the outermost."""
    marks: list[Wrapper] = []
    if run.state in _MARKS:
        attributes = ""
        if run.is_break:
            attributes = ' class="break"'
        elif run.move:
            attributes = f' class="moved" data-move="{run.move}"'
        elif run.renumbered:
            attributes = ' class="renumbered"'
        marks.append((_MARKS[run.state], attributes))
    marks += [("span", f' class="{change.kind}" data-was="{escape(change.was)}"') for change in run.attributes]
    return tuple(marks)


__all__ = ["Block", "content_html", "elements_html", "html", "run_marks", "sections_html"]
