"""Texts made ready to be compared: rendered, read into blocks, and cut into parts.

Takes a policy's text, or loose Markdown, and a way to render it; gives the same text with its blocks. Hides that most
sections of most versions are the same: the blocks of a section are read once and kept by its HTML, up to
`KEPT_CHARACTERS` of it.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

from markdown import Markdown

from gazette.policy.model import Section, Text
from gazette.policy.slugs import unique_slug
from gazette.redline.blocks import Block
from gazette.redline.reading import read_blocks
from gazette.redline.units import Unit, units_of

#: Gives the HTML of each section's body, in the order of the text's sections.
Render = Callable[[Text], Sequence[str]]

EXTENSIONS = ("extra", "sane_lists")
KEPT_CHARACTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """A section as a stretch of blocks, from `start` to before `end`.

    `is_lasting` is true where the id was given by an editor, so that the same id means the same section; parts of loose
    Markdown are cut at its headings and named after them.
    """

    id: str
    title: str
    start: int
    end: int
    formerly: tuple[str, ...] = ()
    is_lasting: bool = False


@dataclass(frozen=True, eq=False)
class PreparedText(Text):
    """A text with its blocks ready."""

    blocks: tuple[Block, ...] = field(default=(), repr=False)
    parts: tuple[Part, ...] = field(default=(), repr=False)

    units: tuple[Unit, ...] = field(default=(), repr=False)
    part_of: tuple[int, ...] = field(default=(), repr=False)  # for each block, the place of its part


def prepare(markdown: str) -> PreparedText:
    """Loose Markdown, rendered at once; its parts are what its headings imply."""
    blocks = _blocks_of(render_markdown(markdown))
    return _prepared(Text((Section("text", "", markdown),)), blocks, implied_parts(blocks))


def prepare_text(text: Text, render: Render | None = None) -> PreparedText:
    """A policy's text as its page shows it: of each section the title as `<h2>`, then the body.

    `render` gives the bodies' HTML; by default each section is converted alone with EXTENSIONS.
    """
    if isinstance(text, PreparedText):
        return text
    bodies = render(text) if render else [render_markdown(section.body) for section in text.sections]
    blocks: list[Block] = []
    parts: list[Part] = []
    for section, body in zip(text.sections, bodies, strict=True):
        heading = _blocks_of(_title_html(section.id, section.title))
        title = " ".join(block.title for block in heading)
        start = len(blocks)
        blocks += heading
        blocks += _blocks_of(body)
        parts.append(Part(section.id, title, start, len(blocks), section.formerly, is_lasting=True))
    return _prepared(text, tuple(blocks), tuple(parts))


def prepare_html(markup: str) -> PreparedText:
    """A passage as a page shows it, as a text of its own without a title; nothing for nothing."""
    blocks = _blocks_of(markup)
    return _prepared(Text(()), blocks, (Part("passage", "", 0, len(blocks)),))


def _prepared(text: Text, blocks: tuple[Block, ...], parts: tuple[Part, ...]) -> PreparedText:
    part_of = tuple([n for n, part in enumerate(parts) for _ in range(part.start, part.end)])
    return PreparedText(text.sections, text.assets, blocks, parts, units_of(blocks), part_of)


def implied_parts(blocks: Sequence[Block]) -> tuple[Part, ...]:
    """Parts cut at the shallowest heading level that occurs twice, else at every heading of the only level there is.

    What stands before the first such heading is a part without a title, with the id `introduction`.
    """
    if not blocks:
        return ()
    levels = Counter(block.level for block in blocks if block.level)
    cut = min((level for level, times in levels.items() if times > 1), default=min(levels, default=0))
    starts = [n for n, block in enumerate(blocks) if block.level and block.level <= cut]
    taken: set[str] = set()
    parts: list[Part] = []
    if not starts or starts[0] > 0:
        starts.insert(0, 0)
    for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True):
        title = blocks[start].title if blocks[start].level and blocks[start].level <= cut else ""
        name = unique_slug(title or "introduction", taken)
        taken.add(name)
        parts.append(Part(name, title, start, end))
    return tuple(parts)


def render_markdown(markdown: str) -> str:
    return Markdown(extensions=list(EXTENSIONS)).convert(markdown)


@lru_cache(maxsize=4096)  # a section keeps its title through most versions
def _title_html(section_id: str, title: str) -> str:
    heading = render_markdown(f"## {title}")
    is_heading = heading.startswith("<h2") and heading.count("<h2") == 1
    inner = heading.partition(">")[2].rpartition("<")[0] if is_heading else ""
    return f'<h2 id="{section_id}">{inner or title}</h2>'


class _Kept:
    """The blocks of HTML that was read, most recently used last."""

    def __init__(self) -> None:
        self.blocks: OrderedDict[str, tuple[Block, ...]] = OrderedDict()
        self.characters = 0
        self.lock = Lock()

    def read(self, source: str) -> tuple[Block, ...]:
        with self.lock:
            if source in self.blocks:
                self.blocks.move_to_end(source)
                return self.blocks[source]
        blocks = read_blocks(source)
        with self.lock:
            if source not in self.blocks and len(source) <= KEPT_CHARACTERS // 8:
                self.blocks[source] = blocks
                self.characters += len(source)
                while self.characters > KEPT_CHARACTERS:
                    oldest, _ = self.blocks.popitem(last=False)
                    self.characters -= len(oldest)
        return blocks


_blocks_of = _Kept().read
