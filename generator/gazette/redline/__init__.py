"""What changed between two texts: blocks, alignment, words, the changes, and their renderings.

redline = compare(prepare_text(old), prepare_text(new))
page = html(redline)

Each name is fetched from its module when it is first asked for: what compares takes a while to load, and a site in
which nothing changed needs none of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gazette.redline.as_folded import folded
    from gazette.redline.as_html import html, sections_html
    from gazette.redline.as_json import json, schema
    from gazette.redline.as_markdown import markdown
    from gazette.redline.as_page import standalone_page, style_sheet
    from gazette.redline.as_side_by_side import side_by_side
    from gazette.redline.as_terminal import terminal
    from gazette.redline.changes import (
        AttributeChange,
        BlockChange,
        Counts,
        Kind,
        Piece,
        Redline,
        Run,
        SectionChange,
        State,
        Term,
    )
    from gazette.redline.comparison import compare, compare_markdown
    from gazette.redline.summary import outline, section_line
    from gazette.redline.texts import PreparedText, prepare, prepare_html, prepare_text

_HOMES = {
    "as_folded": "folded",
    "as_html": "html sections_html",
    "as_json": "json schema",
    "as_markdown": "markdown",
    "as_page": "standalone_page style_sheet",
    "as_side_by_side": "side_by_side",
    "as_terminal": "terminal",
    "changes": "AttributeChange BlockChange Counts Kind Piece Redline Run SectionChange State Term",
    "comparison": "compare compare_markdown",
    "summary": "outline section_line",
    "texts": "PreparedText prepare prepare_html prepare_text",
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = found
    return found


__all__ = [
    "AttributeChange",
    "BlockChange",
    "Counts",
    "Kind",
    "Piece",
    "PreparedText",
    "Redline",
    "Run",
    "SectionChange",
    "State",
    "Term",
    "compare",
    "compare_markdown",
    "folded",
    "html",
    "json",
    "markdown",
    "outline",
    "prepare",
    "prepare_html",
    "prepare_text",
    "schema",
    "section_line",
    "sections_html",
    "side_by_side",
    "standalone_page",
    "style_sheet",
    "terminal",
]
