"""Anchors of sections and of the headings in them: given in the tree that Python-Markdown makes of a text.

Takes the sections' ids; gives the headings found, and ids that are unique in the text. Hides how a section's own
heading is known again in the tree.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import remove_fnrefs, render_inner_html, strip_tags
from markdown.treeprocessors import Treeprocessor

from gazette.policy.slugs import slug

# A section's heading carries its place in the text between two private-use characters, until it is taken out.
_MARK = re.compile(r"\s*\ue0f0(\d+)\ue0f1\s*$")
_HEADING = re.compile(r"h[1-6]")

#: Finds the ids in HTML.
ID = re.compile(r"""<[a-zA-Z][^<>]*?\sid=["']([^"'<>]+)["']""")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section: its level (3 to 6), anchor, and inline HTML."""

    level: int
    id: str
    title: str


def marked(title: str, place: int) -> str:
    """A section's heading as Markdown, without its id, which braces in a title could hide."""
    return f"## {' '.join(title.split())} \ue0f0{place}\ue0f1"


def take_mark(element: Element) -> int | None:
    """The place of the section that `element` heads, with the mark removed; None for everything else."""
    if element.tag != "h2":
        return None
    last = element[-1] if len(element) else None
    words = (last.tail if last is not None else element.text) or ""
    mark = _MARK.search(words)
    if mark is None:
        return None
    if last is not None:
        last.tail = words[: mark.start()]
    else:
        element.text = words[: mark.start()]
    return int(mark[1])


def level_of(element: Element) -> int:
    """The level of a heading; 0 for everything else."""
    return int(element.tag[1]) if isinstance(element.tag, str) and _HEADING.fullmatch(element.tag) else 0


def inner_html(heading: Element, md: Markdown) -> str:
    """What a heading says, without references to footnotes, as HTML."""
    return render_inner_html(remove_fnrefs(heading), md)


def plain(inline_html: str) -> str:
    """Inline HTML as plain text."""
    return html.unescape(strip_tags(inline_html))


def base_of(title: str) -> str:
    """What a heading's anchor says of its words, which are inline HTML."""
    return slug(plain(title))


def anchor(section_id: str, base: str, used: Collection[str]) -> str:
    """The anchor of a heading inside a section: one that is not `used`."""
    return unique(f"{section_id}--{base or 'section'}" if section_id else base, used)


def unique(base: str, used: Collection[str]) -> str:
    """`base`, or with the first number that makes it one that is not `used`."""
    candidate, number = base, 1
    while candidate in used:
        number += 1
        candidate = f"{base}-{number}"
    return candidate


class SectionHeadings(Extension):
    """Registers the tree processor that finds sections and anchors headings."""

    def __init__(self) -> None:
        super().__init__()
        self._processor: _Anchors | None = None

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        self._processor = _Anchors(md)
        # After inline patterns (20) and attribute lists (8), before backslashes are undone (0).
        md.treeprocessors.register(self._processor, "gazette", 5)

    def begin(self, ids: Sequence[str]) -> list[tuple[str, list[Heading]]]:
        """Announces the sections of the next conversion; gives the list that it will fill."""
        assert self._processor is not None
        self._processor.section_ids = ids
        self._processor.found = []
        return self._processor.found


class _Anchors(Treeprocessor):
    """Takes the sections' headings out of the tree and gives the headings inside their anchors."""

    section_ids: Sequence[str] = ()
    found: list[tuple[str, list[Heading]]]

    def run(self, root: Element) -> None:
        used = self._deduplicated(root)
        current = ""
        for child in list(root):
            place = take_mark(child)
            if place is None:
                self._anchor(child, current, used)
                continue
            current = self.section_ids[place]
            title = render_inner_html(child, self.md)
            self.found.append((title, []))
            child.clear()
            child.tag, child.text, child.tail = "gazette-section", str(place), "\n"

    def _deduplicated(self, root: Element) -> set[str]:
        """All ids of the tree, after the second of two equal ones has become `-2`."""
        used = set(self.section_ids)
        for element in root.iter():
            if (given := element.get("id")) is not None:
                first = unique(given, used)
                if first != given:
                    element.set("id", first)
                used.add(first)
        return used

    def _anchor(self, block: Element, section_id: str, used: set[str]) -> None:
        for element in block.iter():
            if level := level_of(element):
                title = inner_html(element, self.md)
                if "id" not in element.attrib:
                    element.set("id", anchor(section_id, base_of(title), used))
                    used.add(element.get("id", ""))
                if self.found:
                    self.found[-1][1].append(Heading(level, element.get("id", ""), title))
