"""What changed between two texts: blocks, alignment, words, the changes, and their renderings.

redline = compare(prepare_text(old), prepare_text(new))
page = html(redline)
"""

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
