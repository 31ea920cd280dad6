"""Python-Markdown's block processors, asked only where their signs are: the same HTML in less time.

Most blocks are paragraphs and lists without a sign of anything else, and Python-Markdown asks each processor about each
of them. A processor is passed over where it is one of Python-Markdown's own and the block lacks what it looks for;
every other one is always asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, ElementTree

from markdown import Markdown, blockprocessors
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension, abbr, def_list, footnotes, md_in_html, tables
from markdown.util import STX

# By the names that Python-Markdown's versions have for their processors: one of these is in all that each takes.
_SIGNS_BY_NAME: dict[tuple[object, str], tuple[str, ...]] = {
    (blockprocessors, "HashHeaderProcessor"): ("#",),
    (blockprocessors, "SetextHeaderProcessor"): ("\n=", "\n-"),
    (blockprocessors, "HRProcessor"): ("-", "_", "*"),
    (blockprocessors, "BlockQuoteProcessor"): (">",),
    (blockprocessors, "ReferenceProcessor"): ("]:",),
    (abbr, "AbbrBlockprocessor"): ("*[",),
    (def_list, "DefListProcessor"): (": ",),
    (footnotes, "FootnoteBlockProcessor"): ("[^",),
    (md_in_html, "MarkdownInHtmlProcessor"): (STX,),
    (tables, "TableProcessor"): ("|",),
}
_SIGNS_OF: dict[type, tuple[str, ...]] = {
    getattr(module, name): signs for (module, name), signs in _SIGNS_BY_NAME.items() if hasattr(module, name)
}


class QuickBlocks(Extension):
    """Lets Python-Markdown's own parser of blocks ask less; a parser of another kind is left as it is."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        if type(md.parser) is BlockParser:
            md.parser.__class__ = _QuickBlockParser  # processors and extensions hold this very object already


class _QuickBlockParser(BlockParser):
    _processors: Sequence[tuple[BlockProcessor, tuple[str, ...]]] = ()

    def parseDocument(self, lines: list[str]) -> ElementTree:  # type: ignore[override]  # noqa: N802
        """Where a conversion begins: all extensions have put their processors in."""
        self._processors = [(processor, _SIGNS_OF.get(type(processor), ())) for processor in self.blockprocessors]
        return super().parseDocument(lines)

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:  # noqa: N802
        while blocks:
            for processor, signs in self._processors:
                block = blocks[0]
                if signs and not (signs[0] in block or any(sign in block for sign in signs[1:])):
                    continue
                if processor.test(parent, block) and processor.run(parent, blocks) is not False:
                    break
