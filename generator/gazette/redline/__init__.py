"""What changed between two texts: blocks, alignment, words, the changes, and their renderings.

redline = compare(prepare_text(old), prepare_text(new))
page = html(redline)
"""

from gazette.redline.as_html import html, sections_html
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
from gazette.redline.texts import PreparedText, prepare, prepare_text

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
    "html",
    "prepare",
    "prepare_text",
    "sections_html",
]
