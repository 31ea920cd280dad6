"""Hunks made fit for readers: what is kept between two changes, and where an insertion begins."""

from __future__ import annotations

import re

import pytest

from gazette.redline import State, compare_markdown

#: Old, new, and the runs between them: [- deleted -], {+ inserted +}.
CASES: dict[str, tuple[str, str, str]] = {
    "one word": ("we keep data", "we sell data", "we [-keep-] {+sell+} data"),
    "a stop word between two changes is not kept": (
        "cats of Rome sleep all day long",
        "dogs of Paris sleep all day long",
        "[-cats of Rome-] {+dogs of Paris+} sleep all day long",
    ),
    "two words between two changes are not kept": (
        "alpha data is bravo and so on it goes",
        "gamma data is delta and so on it goes",
        "[-alpha data is bravo-] {+gamma data is delta+} and so on it goes",
    ),
    "three words between two changes are": (
        "alpha personal data protection bravo and so on it goes",
        "gamma personal data protection delta and so on it goes",
        "[-alpha-] {+gamma+} personal data protection [-bravo-] {+delta+} and so on it goes",
    ),
    "an inserted sentence is whole": (
        "You may stay. You may go.",
        "You may stay. You may eat. You may go.",
        "You may stay. {+You may eat.+} You may go.",
    ),
    "an inserted item takes the comma that follows it": (
        "We share names, numbers and dates.",
        "We share names, places, numbers and dates.",
        "We share names, {+places,+} numbers and dates.",
    ),
    "a sentence of which little is kept is replaced whole": (
        "It rains on the hills today. The weather of tomorrow nobody can know for certain yet.",
        "It rains on the hills today. The price of bread has risen for many families in town.",
        "It rains on the hills today. The [-weather of tomorrow nobody can know for certain yet-] "
        "{+price of bread has risen for many families in town+}.",
    ),
    "only punctuation": ("Yes, we can", "Yes: we can", "Yes[-,-]{+:+} we can"),
    "an address is one word": (
        "See https://example.com/a/b for more",
        "See https://example.com/a/c for more",
        "See [-https://example.com/a/b-] {+https://example.com/a/c+} for more",
    ),
    "an amount is one word": (
        "It costs $1,000.50 now",
        "It costs $1,200.50 now",
        "It costs [-$1,000.50-] {+$1,200.50+} now",
    ),
    "figures are replaced each by itself, with a word between them": (
        "On January 5, 2020. Pay 100 euros or 200 dollars.",
        "On January 6, 2021. Pay 150 euros or 250 dollars.",
        "On January [-5, 2020-] {+6, 2021+}. Pay [-100-] {+150+} euros or [-200-] {+250+} dollars.",
    ),
    "figures that are others leave a sentence what it was": (
        "It rains. Refunds 4.3 follow 4.2 and 5.1 here.",
        "It rains. Refunds 5.3 follow 5.2 and 6.1 here.",
        "It rains. Refunds [-4.3-] {+5.3+} follow [-4.2 and 5.1-] {+5.2 and 6.1+} here.",
    ),
}  # fmt: skip


def shown(old: str, new: str) -> str:
    marks = {State.KEPT: "{}", State.DELETED: "[-{}-]", State.INSERTED: "{{+{}+}}"}
    out = ""
    for block in compare_markdown(old, new).blocks:
        for run in block.runs:
            core = run.text.strip()
            lead = run.text[: len(run.text) - len(run.text.lstrip())]
            trail = run.text[len(run.text.rstrip()) :] if core else ""
            out += lead + (marks[run.state].format(core) if core else "") + trail
    return re.sub(r"(?<=\w-\])(?=\{\+\w)|(?<=\w-\])(?=\{\+\$)", " ", out)


@pytest.mark.parametrize("name", CASES)
def test_the_changes_are_what_a_reader_would_mark(name: str) -> None:
    old, new, expected = CASES[name]
    assert shown(old, new) == expected
