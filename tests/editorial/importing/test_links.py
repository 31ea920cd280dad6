from __future__ import annotations

import pytest

from gazette.editorial.importing.lineage import Lineage
from gazette.editorial.importing.links import linked
from gazette.editorial.importing.markdown_file import read_markdown_file
from gazette.editorial.importing.outline import make_outline

FRAME = (
    "# T\n\n## A. Definitions\n\n{}\n\n## 2. Who's Who & Why {{#who_is}}\n\n### Sub Head\n\nb\n\n"
    "### Given {{#given}}\n\nc\n\n<a name='spot'></a>\n\n## 4. Data Use\n\nd"
)


def body(source: str) -> tuple[str, list[str]]:
    placed = Lineage().follow(make_outline(read_markdown_file("t.md", FRAME.format(source).encode())).parts)
    bodies, warnings = linked(placed, "t.md")
    return bodies[0], [str(found) for found in warnings]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[x](#a-definitions)", "[x](#definitions)"),
        ("[x](#definitions)", "[x](#definitions)"),
        ("[x](#who_is)", "[x](#who-is)"),
        ("[x](#2-whos-who--why)", "[x](#who-is)"),
        ("[x](#sub-head)", "[x](#who-is--sub-head)"),
        ("[x](#given)", "[x](#given)"),
        ("[x](#spot)", "[x](#spot)"),
        ("[**Data Use**](#kix.1234)", "[**Data Use**](#data-use)"),
        ("[x](#CH4)", "[x](#data-use)"),
        ("[x](#9-data-use)", "[x](#data-use)"),
        ('<a class="c" href="#a-definitions">x</a>', '<a class="c" href="#definitions">x</a>'),
        ("[x][y]\n\n[y]: #a-definitions", "[x][y]\n\n[y]: #definitions"),
        ("`[x](#a-definitions)`", "`[x](#a-definitions)`"),
        ("[x](https://example.com/#a-definitions)", "[x](https://example.com/#a-definitions)"),
    ],
)
def test_links_lead_to_where_their_targets_are_now(source: str, expected: str) -> None:
    assert body(source) == (expected, [])


@pytest.mark.parametrize("source", ["[some words](#nowhere)", '<a href="#nowhere">some words</a>'])
def test_a_link_that_leads_nowhere_keeps_its_words_and_is_reported(source: str) -> None:
    text, warnings = body(source)
    assert text == "some words"
    assert warnings == [
        "t.md:5: 'some words' links to '#nowhere', which is not there; the words stay without the link; link them anew"
    ]
