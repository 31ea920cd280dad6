"""Lists in plain text → Markdown lists, at the depth that their indentation and their bullets show.

Depth is measured from the list's first item, so a list that is indented as a whole is not a nested one. Numbered
items stay numbered; where the numbers do not run on, they stay words, since Markdown would count anew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gazette.editorial.importing.escaping import escape
from gazette.editorial.importing.wrapping import join

BULLETS = "•◦▪▫‣⁃∙·●○■□➢➤✓*+–—-"
_DEEPER = "◦▪▫○□⁃"
_ITEM = re.compile(
    rf"(?P<indent>[ ]*)(?:(?P<bullet>[{re.escape(BULLETS)}])|(?P<number>\d{{1,3}})[.)])[ ]+(?P<text>\S.*)"
)


@dataclass
class _Item:
    place: int
    depth: int
    number: int | None
    text: str


def is_item(line: str, bullets_only: bool = False) -> bool:
    """Whether a line begins an item of a list."""
    match = _ITEM.fullmatch(line.rstrip())
    return match is not None and (match["bullet"] is not None or not bullets_only)


def list_markdown(lines: Sequence[str]) -> list[tuple[int, str]]:
    """One line of Markdown an item, with the place of its first line in `lines`.

    The first of the lines is an item; lines without a mark belong to the item above, blank ones to none.
    """
    items = _items(lines)
    counted = _counted(items)
    return [(item.place, _item_markdown(item, counted)) for item in items]


def _items(lines: Sequence[str]) -> list[_Item]:
    items: list[_Item] = []
    levels: list[tuple[int, str]] = []  # indentation and mark of each open depth
    for place, line in enumerate(lines):
        if not line.strip():
            continue
        match = _ITEM.fullmatch(line.rstrip())
        if match is None:
            items[-1].text = join(items[-1].text, line.strip())
            continue
        indent, mark = len(match["indent"]), match["bullet"] or "1"
        while levels and indent < levels[-1][0] and len(levels) > 1:
            levels.pop()
        same = [depth for depth, (level, bullet) in enumerate(levels) if bullet == mark and level == indent]
        if same:
            del levels[same[-1] + 1 :]
        elif not levels or indent > levels[-1][0] or (mark in _DEEPER and mark != levels[-1][1]):
            levels.append((indent, mark))
        else:
            levels[-1] = (min(indent, levels[-1][0]), mark)
        items.append(_Item(place, len(levels) - 1, int(match["number"]) if match["number"] else None, match["text"]))
    return items


def _counted(items: list[_Item]) -> bool:
    """Whether the numbers of each depth run on by one, so that Markdown counts as the author did."""
    expected: dict[int, int] = {}
    for item in items:
        for depth in [depth for depth in expected if depth > item.depth]:
            del expected[depth]
        if item.number is None:
            continue
        if item.number != expected.get(item.depth, item.number):
            return False
        expected[item.depth] = item.number + 1
    return True


def _item_markdown(item: _Item, counted: bool) -> str:
    indent = "    " * item.depth
    if item.number is None:
        return f"{indent}- {escape(item.text)}"
    return (
        f"{indent}{item.number}. {escape(item.text)}" if counted else f"{indent}- {item.number}\\. {escape(item.text)}"
    )
