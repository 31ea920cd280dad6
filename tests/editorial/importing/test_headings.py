from __future__ import annotations

import re

import lxml.html
import markdown
import pytest

from gazette.editorial.importing.headings import find_headings

from .texts import HISTORIES, needs_histories


@needs_histories
@pytest.mark.parametrize("history", sorted(p.name for p in HISTORIES.glob("*")) if HISTORIES.exists() else [])
def test_the_headings_of_real_texts_are_those_that_the_parser_makes(history: str) -> None:
    files = sorted(path for path in (HISTORIES / history).glob("*.md"))
    for path in files[:: max(1, len(files) // 3)]:
        text = path.read_text("utf-8-sig")
        root = lxml.html.fragment_fromstring(
            markdown.markdown(text, extensions=["extra", "sane_lists"]), create_parent="div"
        )
        expected = [int(str(e.tag)[1]) for e in root.iter() if re.fullmatch("h[1-6]", str(e.tag))]
        assert [heading.level for heading in find_headings(text)] == expected, path.name


def test_a_heading_tells_where_it_stands() -> None:
    found = find_headings("# One\n\n- ## Two {#two .x}\n\nThree\n---\n\n<h2 id='four'>Four</h2>")
    assert [(h.first, h.last, h.level, h.title, h.explicit, h.attributes, h.top) for h in found] == [
        (0, 0, 1, "One", "", "", True),
        (2, 2, 2, "Two", "two", ".x", False),
        (4, 5, 2, "Three", "", "", True),
        (7, 7, 2, "Four", "four", "", True),
    ]
