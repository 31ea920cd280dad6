"""A paragraph that became a list, or a list that became one: breaks between its items came or went, not its words."""

from __future__ import annotations

import pytest

from gazette.redline import Kind, compare_markdown, html
from tests.redline.laws import broken_laws

PARAGRAPH = "We use your data to provide the service, to prevent fraud, and to improve our products."
ITEMS = ("to provide the service,", "to prevent fraud, and", "to improve our products.")
BULLETS = "\n".join(f"- {item}" for item in ITEMS)
NUMBERS = "\n".join(f"{n}. {item}" for n, item in enumerate(ITEMS, 1))
NESTED = "\n".join(f"    - {item}" for item in ITEMS)
OTHER = "We share your data with banks, insurers and the police."

#: The paragraph, the list, and what the paragraph became, with `|` for a break that came and [- -], {+ +} for words.
CASES: dict[str, tuple[str, str, str]] = {
    "bullets": (
        PARAGRAPH,
        f"We use your data:\n\n{BULLETS}",
        "We use your data{+:+}| to provide the service,| to prevent fraud, and| to improve our products.",
    ),
    "numbers": (
        PARAGRAPH,
        f"We use your data:\n\n{NUMBERS}",
        "We use your data{+:+}| to provide the service,| to prevent fraud, and| to improve our products.",
    ),
    "a list in an item": (
        f"- {PARAGRAPH}\n- another item here",
        f"- We use your data:\n{NESTED}\n- another item here",
        "We use your data{+:+}| to provide the service,| to prevent fraud, and| to improve our products.",
    ),
    "its intro stays": (
        f"We use your data:\n\n{' '.join(ITEMS)}",
        f"We use your data:\n\n{BULLETS}",
        "to provide the service,| to prevent fraud, and| to improve our products.",
    ),
    "two paragraphs, of which the former shares words with both lists": (
        f"{PARAGRAPH}\n\n{OTHER}",
        f"We use your data:\n\n{BULLETS}\n\nWe share your data with\n\n- banks,\n- insurers and\n- the police.",
        "We use your data{+:+}| to provide the service,| to prevent fraud, and| to improve our products. "
        "We share your data with| banks,| insurers and| the police.",
    ),
}


def _read(old: str, new: str, came: str) -> str:
    """What was split or merged, as CASES write it, `came` being the state of its breaks."""
    marks = {"inserted": ("{+", "+}"), "deleted": ("[-", "-]")}
    said = []
    for block in compare_markdown(old, new).blocks:
        if not {Kind.SPLIT, Kind.MERGED}.isdisjoint(block.kinds):
            for run in block.runs:
                opening, closing = marks.get(run.state, ("", ""))
                assert not run.is_break or run.state == came
                said.append("|" if run.is_break else f"{opening}{run.text}{closing}")
            said.append(" ")
    return " ".join("".join(said).replace("|", "| ").split())


@pytest.mark.parametrize("name", CASES)
def test_a_paragraph_that_became_a_list_is_split(name: str) -> None:
    paragraph, items, expected = CASES[name]
    assert _read(paragraph, items, "inserted") == expected


@pytest.mark.parametrize("name", CASES)
def test_a_list_that_became_a_paragraph_is_merged(name: str) -> None:
    paragraph, items, expected = CASES[name]
    assert _read(items, paragraph, "deleted") == expected.replace("{+:+}", "[-:-]")


@pytest.mark.parametrize("name", CASES)
def test_both_texts_come_back_out_of_it(name: str) -> None:
    paragraph, items, _ = CASES[name]
    assert broken_laws(paragraph, items, html(compare_markdown(paragraph, items))) == []
    assert broken_laws(items, paragraph, html(compare_markdown(items, paragraph))) == []


def test_a_list_that_only_shares_words_with_a_paragraph_is_not_made_of_it() -> None:
    items = "We like:\n\n- red apples,\n- green pears, and\n- the service of others."
    kinds = {kind for block in compare_markdown(PARAGRAPH, items).blocks for kind in block.kinds}
    assert not kinds & {Kind.SPLIT, Kind.MERGED}
