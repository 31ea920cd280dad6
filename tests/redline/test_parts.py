"""Loose Markdown: where it is cut into sections, and what is said of them."""

from __future__ import annotations

import pytest

from gazette.redline import compare, compare_markdown, json, outline, prepare, section_line

A = "We collect the name, the address and the telephone number of everyone who signs up for an account."
B = "What we collect we use to run the service, to answer questions, and to keep what the law asks for."
C = (
    "Nobody else gets to see it, unless a court orders us to show it, or you asked us to pass it on. "
    "Completely different matters stand here: opening hours, the colour of the door, the steps to it."
)
TERMS = f"# Terms\n\n## Data\n\n{A}"
USE, SHARING = f"## Use\n\n{B}", f"## Sharing\n\n{C}"


def joined(*parts: str) -> str:
    return "\n\n".join(parts)


#: Old, new, the summary, and the sections that changed; then the summary with old and new swapped.
CASES: dict[str, tuple[str, str, str, list[str], str]] = {
    "a section comes and is the second of its level": (
        TERMS,
        joined(TERMS, USE),
        "1 section added; 21 words added",
        ["Use: added; 21 words added"],
        "1 section removed; 21 words removed",
    ),
    "a second section of the level of the title comes": (
        joined(TERMS, USE),
        joined(TERMS, USE, "# Annex", A.upper()),
        "1 section added; 19 words added",
        ["Annex: added; 19 words added"],
        "1 section removed; 19 words removed",
    ),
    "a section comes where the levels of sections differ": (
        joined(TERMS, USE),
        joined(TERMS, USE, SHARING, "# Annex", A.upper()),
        "2 sections added; 58 words added",
        ["Sharing: added; 39 words added", "Annex: added; 19 words added"],
        "2 sections removed; 58 words removed",
    ),
    "one heading gets another level": (
        joined(TERMS, USE),
        joined(TERMS, f"#{USE}"),
        "1 section changed, 1 level",
        ["Use: reindented"],
        "1 section changed, 1 level",
    ),
    "all headings get another level, and those below them": (
        joined(TERMS, USE, "### How", C, "### Why", B.upper()),
        joined(TERMS.replace("##", "###"), f"#{USE}", "#### How", C, "#### Why", B.upper()),
        "2 sections changed, 4 levels",
        ["Data: reindented", "Use: reindented"],
        "2 sections changed, 4 levels",
    ),
    "a heading goes and the text below it is longer than that above": (
        joined(TERMS, SHARING, USE),
        joined(TERMS, C, USE),
        "1 section changed, 1 merged; 1 word removed",
        ["Data: merged (with “Sharing”), reworded; 1 word removed"],
        "2 sections changed, 2 split; 1 word added",
    ),
    "a paragraph becomes a heading": (
        joined(TERMS, "Sharing", C),
        joined(TERMS, SHARING),
        "1 section changed, 1 format",
        ["Sharing: reformatted"],
        "1 section changed, 1 format",
    ),
    "the only heading becomes a paragraph": (
        joined("## Data", A),
        joined("Data", A),
        "1 section changed, 1 format",
        ["Data: reformatted"],
        "1 section changed, 1 format",
    ),
    "headings come to a text that has none": (
        joined(A, B),
        joined("## Data", A, USE),
        "2 sections changed, 2 split; 2 words added",
        ["Data: split (with “Use”), reworded; 1 word added", "Use: split (with “Data”), reworded; 1 word added"],
        "1 section changed, 1 merged; 2 words removed",
    ),
    "a title comes to a text that has none": (
        A,
        joined("## Data", A),
        "1 section changed; 1 word added",
        ["Data: reworded; 1 word added"],
        "1 section changed; 1 word removed",
    ),
    "the text before the first heading becomes another one": (
        joined("- one: 1\n- two: 2", USE, SHARING),
        joined("| one | 1 |\n|---|---|\n| two | 2 |", USE, SHARING),
        "1 section changed; 4 words added, 4 removed",
        ["(before the first heading): reworded; 4 words added, 4 removed"],
        "1 section changed; 4 words added, 4 removed",
    ),
    "a text without headings becomes a table": (
        "- one: 1\n- two: 2",
        "| one | 1 |\n|---|---|\n| two | 2 |",
        "1 section changed; 4 words added, 4 removed",
        ["(before the first heading): reworded; 4 words added, 4 removed"],
        "1 section changed; 4 words added, 4 removed",
    ),
    "a section is split from the text before the first heading": (
        joined(A, C, SHARING.replace("ing", "er").upper(), USE),
        joined(A, SHARING, SHARING.replace("ing", "er").upper(), USE),
        "2 sections changed, 2 split; 1 word added",
        [
            "(before the first heading): split (with “Sharing”)",
            "Sharing: split (with the text before the first heading), reworded; 1 word added",
        ],
        "1 section changed, 1 merged; 1 word removed",
    ),
    "two sections of one title are merged": (
        joined(USE, A, "## Use", C, "## Contact", B.upper()),
        joined(USE, A, C, "## Contact", B.upper()),
        "1 section changed, 1 merged; 1 word removed",
        ["Use: merged, reworded; 1 word removed"],
        "2 sections changed, 2 split; 1 word added",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_a_section_in_one_text_is_one_in_the_other(name: str) -> None:
    old, new, summary, sections, swapped = CASES[name]
    redline = compare_markdown(old, new)
    assert redline.summary == summary
    assert [section_line(section) for section in outline(redline)] == sections
    assert compare_markdown(new, old).summary == swapped


def test_a_heading_that_replaced_an_unlike_one_makes_no_section() -> None:
    deep = "### Which partners there are"
    old, new = joined(TERMS, USE, SHARING), joined(TERMS, USE, deep, C)
    assert [section.title for section in compare_markdown(old, new).sections] == ["Terms", "Data", "Use"]


@pytest.mark.parametrize("name", CASES)
def test_texts_that_were_prepared_for_others_compare_as_if_they_were_not(name: str) -> None:
    old, new = CASES[name][:2]
    before, after = prepare(old), prepare(new)
    parts = before.parts
    compare(after, before)
    assert json(compare(before, after)) == json(compare_markdown(old, new))
    assert before.parts is parts


@pytest.mark.parametrize(
    ("markdown", "titles"),
    [
        ("", []),
        (A, [""]),
        (joined(A, "# Terms", B), ["", "Terms"]),
        (joined(TERMS, USE), ["Terms", "Data", "Use"]),
        (TERMS, ["Terms"]),
    ],
)
def test_a_text_alone_is_cut_at_the_shallowest_level_that_occurs_twice(markdown: str, titles: list[str]) -> None:
    assert [part.title for part in prepare(markdown).parts] == titles
