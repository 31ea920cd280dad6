"""Texts made ready to be compared: rendered, read into blocks, and cut into parts.

Takes a policy's text, or loose Markdown, and a way to render it; gives the same text with its blocks. Hides that most
sections of most versions are the same: what a section says is read once and kept by its HTML, up to `KEPT_CHARACTERS`
of it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from threading import Lock

from markdown import Markdown

from gazette.policy.model import Section, Text
from gazette.redline.blocks import Block
from gazette.redline.parts import Part, cut, implied_level, starts_at
from gazette.redline.reading import read_blocks
from gazette.redline.units import SECTION, Unit, units_of

#: Gives the HTML of each section's body, in the order of the text's sections.
Render = Callable[[Text], Sequence[str]]

EXTENSIONS = ("extra", "sane_lists")
KEPT_CHARACTERS = 1_500_000


@dataclass(frozen=True, eq=False)
class Content:
    """What was read at once: a section, or a whole text without sections. It may be in many texts."""

    title: str
    blocks: tuple[Block, ...]

    @cached_property
    def size(self) -> int:
        """How many words it counts."""
        return sum([block.size for block in self.blocks])

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Its units, counted from its own beginning."""
        return units_of(self.blocks)

    @cached_property
    def whole(self) -> Unit:
        """All of it as one unit."""
        keys = tuple([unit.key for unit in self.units])
        return Unit(0, self.blocks[:1], (), "\0".join(keys), SECTION, (), "", "", self.size, inside=keys)


@dataclass(frozen=True, eq=False)
class PreparedText(Text):
    """A text with its blocks ready. `contents` run in parallel to `parts` where a part is a section, else there is one
    for the whole text.

    `level` is that of the headings at which loose Markdown was cut into parts, 0 where it has no heading; None where
    parts do not depend on headings.
    """

    blocks: tuple[Block, ...] = field(default=(), repr=False)
    parts: tuple[Part, ...] = field(default=(), repr=False)
    contents: tuple[Content, ...] = field(default=(), repr=False)
    level: int | None = None

    @cached_property
    def part_of(self) -> tuple[int, ...]:
        """For each block, the place of its part."""
        return tuple([n for n, part in enumerate(self.parts) for _ in range(part.start, part.end)])


def prepare(markdown: str) -> PreparedText:
    """Loose Markdown, rendered at once; its parts are what its headings imply, until it is compared with another."""
    content = _content_of(render_markdown(markdown))
    level = implied_level(content.blocks)
    parts = cut(content.blocks, starts_at(content.blocks, level))
    return PreparedText((Section("text", "", markdown),), (), content.blocks, parts, (content,), level)


def prepare_text(text: Text, render: Render | None = None) -> PreparedText:
    """A policy's text as its page shows it: of each section the title as `<h2>`, then the body.

    `render` gives the bodies' HTML; by default each section is converted alone with EXTENSIONS.
    """
    if isinstance(text, PreparedText):
        return text
    bodies = render(text) if render else [render_markdown(section.body) for section in text.sections]
    parts: list[Part] = []
    contents: list[Content] = []
    start = 0
    for section, body in zip(text.sections, bodies, strict=True):
        content = _content_of(body, section.id, section.title)
        end = start + len(content.blocks)
        parts.append(Part(section.id, content.title, start, end, section.formerly, is_lasting=True))
        contents.append(content)
        start = end
    blocks = tuple(chain.from_iterable([content.blocks for content in contents]))
    return PreparedText(text.sections, text.assets, blocks, tuple(parts), tuple(contents))


def prepare_html(markup: str) -> PreparedText:
    """A passage as a page shows it, as a text of its own without a title; nothing for nothing."""
    content = _content_of(markup)
    return PreparedText((), (), content.blocks, (Part("passage", "", 0, len(content.blocks)),), (content,))


def render_markdown(markdown: str) -> str:
    return Markdown(extensions=list(EXTENSIONS)).convert(markdown)


@lru_cache(maxsize=4096)  # a section keeps its title through most versions
def _heading(section_id: str, title: str) -> tuple[Block, ...]:
    heading = render_markdown(f"## {title}")
    is_heading = heading.startswith("<h2") and heading.count("<h2") == 1
    inner = heading.partition(">")[2].rpartition("<")[0] if is_heading else ""
    return read_blocks(f'<h2 id="{section_id}">{inner or title}</h2>')


class _Kept:
    """What was read, by its source, most recently used last."""

    def __init__(self) -> None:
        self.contents: OrderedDict[tuple[str, ...], Content] = OrderedDict()
        self.characters = 0
        self.lock = Lock()

    def read(self, *source: str) -> Content:
        """The content of some HTML, below the heading of a section if its id and title follow."""
        with self.lock:
            if source in self.contents:
                self.contents.move_to_end(source)
                return self.contents[source]
        heading = _heading(*source[1:]) if source[1:] else ()
        content = Content(" ".join([block.title for block in heading]), (*heading, *read_blocks(source[0])))
        with self.lock:
            if source not in self.contents and len(source[0]) <= KEPT_CHARACTERS // 8:
                self.contents[source] = content
                self.characters += sum(map(len, source))
                while self.characters > KEPT_CHARACTERS:
                    oldest, _ = self.contents.popitem(last=False)
                    self.characters -= sum(map(len, oldest))
        return content


_content_of = _Kept().read
