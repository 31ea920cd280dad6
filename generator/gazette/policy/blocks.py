"""Python-Markdown's processors of blocks and of raw text, asked only where their signs are: the same HTML in less time.

Most blocks are paragraphs and lists without a sign of anything else, and Python-Markdown asks each processor about each
of them. A processor is passed over where it is one of Python-Markdown's own and the block, or the text, lacks what it
looks for; every other one is always asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from xml.etree.ElementTree import Element, ElementTree

from markdown import Markdown, blockprocessors, preprocessors
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension, abbr, def_list, fenced_code, footnotes, md_in_html, sane_lists, tables
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

# These take no block that begins with a letter.
_NEVER_AFTER_LETTERS: frozenset[type] = frozenset(
    getattr(module, name)
    for module, names in (
        (blockprocessors, "EmptyBlockProcessor ListIndentProcessor CodeBlockProcessor OListProcessor UListProcessor"),
        (sane_lists, "SaneOListProcessor SaneUListProcessor"),
        (def_list, "DefListIndentProcessor"),
    )
    for name in names.split()
    if hasattr(module, name)
)

# The preprocessors that change no text without these.
_SIGNS_IN_TEXT: dict[type, tuple[str, ...]] = {
    preprocessors.HtmlBlockPreprocessor: ("<", "&"),
    md_in_html.HtmlBlockPreprocessor: ("<", "&"),
    fenced_code.FencedBlockPreprocessor: ("```", "~~~"),
}


class QuickBlocks(Extension):
    """Lets Python-Markdown's own parser of blocks ask less; a parser of another kind is left as it is."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        if type(md.parser) is BlockParser:
            md.parser.__class__ = _QuickBlockParser  # processors and extensions hold this very object already
        for processor in md.preprocessors:
            if signs := _SIGNS_IN_TEXT.get(type(processor)):
                setattr(processor, "run", partial(_where, signs, processor.run))  # noqa: B010 - mypy knows why


def _where(signs: Iterable[str], run: Callable[[list[str]], list[str]], lines: list[str]) -> list[str]:
    text = "\n".join(lines)
    return run(lines) if any(sign in text for sign in signs) else lines


class _QuickBlockParser(BlockParser):
    _asked: Sequence[tuple[BlockProcessor, tuple[str, ...], bool]] = ()

    def parseDocument(self, lines: list[str]) -> ElementTree:  # type: ignore[override]  # noqa: N802
        """Where a conversion begins: all extensions have put their processors in."""
        self._asked = [
            (processor, _SIGNS_OF.get(type(processor), ()), type(processor) in _NEVER_AFTER_LETTERS)
            for processor in self.blockprocessors
        ]
        return super().parseDocument(lines)

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:  # noqa: N802
        while blocks:
            block = blocks[0]
            is_letter = block[:1].isalpha()
            for processor, signs, is_never_after_letters in self._asked:
                if is_letter and is_never_after_letters:
                    continue
                for sign in signs:
                    if sign in block:
                        break
                else:
                    if signs:
                        continue
                if processor.test(parent, block):
                    if processor.run(parent, blocks) is not False:
                        break
                    block = blocks[0]
                    is_letter = block[:1].isalpha()
