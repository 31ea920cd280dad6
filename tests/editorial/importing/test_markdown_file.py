from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazette.editorial.importing.lineage import Lineage
from gazette.editorial.importing.markdown_file import read_markdown_file
from gazette.editorial.importing.outline import Outline, make_outline
from gazette.policy.canonical import canonical_text
from gazette.policy.model import Section, Text

from .texts import rendered_words, words


def outline(text: str, *known_titles: str) -> Outline:
    return make_outline(read_markdown_file("policy.md", text.encode()), known_titles)


def sections(text: str) -> list[tuple[str, str, str]]:
    return [(part.wanted, part.title, part.body) for part in outline(text).parts]


def test_front_matter_gives_title_dates_and_language_and_is_reported() -> None:
    source = b"---\ntitle: Terms\ndate: 2020-05-01\neffective: June 1, 2020\nlang: fr\n---\nWords."
    document = read_markdown_file("terms.md", source)
    assert (document.title, document.language) == ("Terms", "fr")
    assert (document.published, document.effective) == (date(2020, 5, 1), date(2020, 6, 1))
    assert document.markdown == "Words."
    assert document.line(1) == 7
    assert document.lifted[0].into == "front matter"


@pytest.mark.parametrize("source", ["---\nA rule, and no front matter.\n---\n", "---\n\nWords\n"])
def test_a_rule_at_the_top_is_no_front_matter(source: str) -> None:
    assert not read_markdown_file("terms.md", source.encode()).lifted


def test_front_matter_that_is_not_yaml_is_reported() -> None:
    document = read_markdown_file("terms.md", b"---\ntitle: [a\n---\nWords.")
    assert "is not YAML" in str(document.warnings[0])
    assert document.markdown == "Words."


@pytest.mark.parametrize(
    ("source", "title", "ids"),
    [
        ("# T\n\n## A\n\na\n\n## B\n\nb", "T", ["a", "b"]),
        ("T\n===\n\nA\n---\na\n\nB\n---\nb", "T", ["a", "b"]),
        ("# T\n\nfirst\n\n## A\n\na\n\n## B\n\nb", "T", ["introduction", "a", "b"]),
        ("# A\n\na\n\n# B\n\nb", "", ["a", "b"]),
        ("# A\n\na\n\n## A1\n\nx\n\n## A2\n\ny\n\n# B\n\nb", "", ["a", "b"]),
        ("Words without a heading.", "", ["text"]),
        ("# T\n\nWords below a title.", "T", ["text"]),
        ("# T\n\n## A\n\nThe only section.", "T", ["a"]),
        ("before\n\n# T\n\nafter\n\n## A\n\na\n\n## B\n\nb", "T", ["introduction", "a", "b"]),
        ("## T\n\n## A\n\na\n\n## B\n\nb", "T", ["a", "b"]),
        ("# T\n\nLast updated 1 May 2020\n\n## A\n\na\n\n## B\n\nb", "T", ["a", "b"]),
        ("# T\n\n## A\n\na\n\n# Appendix\n\nx\n\n## B\n\nb", "", ["t", "appendix"]),
        ("# T\n\n## A. First\n\na\n\n## B. Second\n\nb", "T", ["first", "second"]),
        (
            "# T\n\n## 1.1 First\n\na\n\n## § 2 Second\n\nb\n\n## Article 3 – Third\n\nc",
            "T",
            ["first", "second", "third"],
        ),
        ("# T\n\n## A {#my_id}\n\na\n\n## B {: #other .c }\n\nb", "T", ["my-id", "other"]),
        ("# T\n\n<h2 id='x'>A</h2>\n\na\n\n<h2>B</h2>\n\nb", "T", ["x", "b"]),
        ("# T\n\n```\n## no\n## no\n```\n\n## A\n\na\n\n## B\n\nb", "T", ["introduction", "a", "b"]),
        ("# T\n\n<div>\n## no\n</div>\n\n## A\n\na\n\n## B\n\nb", "T", ["introduction", "a", "b"]),
        ("# T\n\n## Introduction\n\na\n\n## B\n\nb", "T", ["introduction", "b"]),
        ("# T\n\nx\n\n## Introduction\n\na\n\n## B\n\nb", "T", ["preamble", "introduction", "b"]),
        ("# T\n\n ## A\n\na\n\n## B\n\nb", "T", ["a", "b"]),
        ("# T\n\n## A\n\n#1 is no heading\n\n## B\n\nb", "T", ["a", "b"]),
        ("# T\n\n## **Bold**\n\na\n\n## <span class='x'>Span</span>\n\nb", "T", ["bold", "span"]),
        ("# T\n\n## ###\n\n## A\n\na\n\n## B\n\nb", "T", ["a", "b"]),
    ],
)
def test_a_text_is_cut_at_the_shallowest_level_that_occurs_twice(source: str, title: str, ids: list[str]) -> None:
    found = outline(source)
    assert (found.title, [part.wanted for part in found.parts]) == (title, ids)


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("# T\n\n## A\n\n### B\n\nb\n\n## C\n\nc", "### B\n\nb"),
        ("# A\n\n## B\n\nb\n\n# C\n\nc", "### B\n\nb"),
        ("# A\n\nB\n---\n\nb\n\n# C\n\nc", "### B\n\nb"),
        ("#### A\n\n###### B\n\nb\n\n#### C\n\nc", "#### B\n\nb"),
        ("# A\n\n###### B\n\nb\n\n# C\n\nc", "###### B\n\nb"),
        ("### A\n\n1. #### B\n\n    b\n\n### C\n\nc", "1. ### B\n\n    b"),
        ("# A\n\n<h2 class='x'>B</h2>\n\nb\n\n# C\n\nc", "<h3 class='x'>B</h3>\n\nb"),
        ("# A\n\n## B {#stays}\n\nb\n\n# C\n\nc", "### B {#stays}\n\nb"),
        ("# A\n\n~~~\n## B\n~~~\n\n# C\n\nc", "~~~\n## B\n~~~"),
    ],
)
def test_deeper_headings_are_shifted_and_never_lost(source: str, body: str) -> None:
    assert outline(source).parts[0].body == body


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("| ### **A. Scope**<br>All. |", "| **A. Scope**<br>All. |"),
        ("| one | ## two |", "| one | two |"),
        ("| # | Name |", "| # | Name |"),
        ("| `# code` | #1 |", "| `# code` | #1 |"),
        ("```\n| # no table\n```", "```\n| # no table\n```"),
    ],
)
def test_a_cell_holds_no_heading(line: str, shown: str) -> None:
    found = outline(f"## A\n\n{line}\n| --- | --- |\n\n## B\n\nb")
    assert found.parts[0].body.startswith(shown)
    assert [str(problem) for problem in found.warnings] == (
        []
        if line == shown
        else [
            "policy.md:3: a table's cell can hold no heading: the '#' was left out; part the table, if it is to be one"
        ]
    )


def test_a_heading_without_text_joins_the_next_or_ends_the_section_above() -> None:
    joined = outline("# T\n\n## A\n\na\n\n## Part II\n\n## B\n\nb")
    assert [part.title for part in joined.parts] == ["A", "Part II – B"]
    assert "no text under 'Part II'" in str(joined.warnings[0])
    last = outline("# T\n\n## A\n\na\n\n## B\n\nb\n\n## End")
    assert last.parts[-1].body == "b\n\n### End"


def test_link_definitions_above_the_first_heading_make_no_section_of_their_own() -> None:
    found = outline("[x]: https://example.com\n\n## A\n\n[see][x]\n\n## B\n\nb")
    assert [part.wanted for part in found.parts] == ["a", "b"]
    assert "[x]: https://example.com" in found.parts[0].body


def test_the_name_of_earlier_versions_marks_the_title() -> None:
    source = "## The Policy\n\nfirst words\n\n## A\n\na\n\n## B\n\nb"
    assert [part.wanted for part in outline(source, "The policy").parts] == ["introduction", "a", "b"]


def test_warnings_name_the_line_of_the_source() -> None:
    found = outline("---\ntitle: T\n---\n\n## A\n\na\n\n## Empty\n\n## B\n\nb")
    assert str(found.warnings[0]).startswith("policy.md:9: no text under 'Empty'")


def assert_rendered_words_stay(source: str) -> None:
    """The words of a whole text, rendered, against those of its sections."""
    found = outline(source)
    placed = Lineage().follow(found.parts)
    text = Text(tuple(Section(p.id, p.part.title or "added", p.part.body) for p in placed))
    added = Counter("added" for p in placed if not p.part.title)
    lifted = Counter(word for entry in found.lifted for word in words(entry.text))
    document = read_markdown_file("policy.md", source.encode())
    assert Counter(rendered_words(canonical_text(text))) + lifted == Counter(rendered_words(document.markdown)) + added


BLOCKS = r"""
# Alpha ~ ## Beta ~ ## Gamma {#gamma} ~ ### Delta ~ #### Epsilon ~ Zeta\n==== ~ Eta\n--- ~ <h2>Theta</h2> ~ iota words
~ - one\n- two ~ - one\n\n    inner\n\n- two ~ 1. ## Kappa\n\n    words ~ > quoted\n> ## Lambda ~ ```\n# code\n```
~ \t# indented code ~ | a | b |\n| - | - |\n| 1 | 2 | ~ <div>\n## raw\n</div> ~ [ref]: https://example.com
~ see [ref] and [beta](#beta) ~ * * * ~ <!-- ## comment --> ~ Mu\n## Nu\nXi ~ term\n:   meaning ~ note[^1]
~ [^1]: the note ~ Last updated 1 May 2020 ~ ## ~ #hash words ~ **Bold** ~ {: .c } ~ Omicron {: #o } ~ <p>\n# in p</p>
"""

_block = st.sampled_from([b.strip(" \n").replace("\\n", "\n").replace("\\t", "\t") for b in BLOCKS.split("~")])


@settings(max_examples=300, deadline=None)
@given(st.lists(_block, min_size=1, max_size=9).map("\n\n".join))
def test_whatever_the_blocks_no_rendered_word_is_lost_or_added(source: str) -> None:
    assert_rendered_words_stay(source)
