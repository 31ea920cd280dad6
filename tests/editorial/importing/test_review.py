from __future__ import annotations

import pytest

from gazette.editorial.importing.lineage import Lineage
from gazette.editorial.importing.outline import make_outline
from gazette.editorial.importing.review import review
from gazette.editorial.importing.text_file import read_text_file

from .texts import HANDED_OVER, SEED, needs_seed


def hints(text: str) -> list[str]:
    placed = Lineage().follow(make_outline(read_text_file("p.txt", text.encode())).parts)
    return [str(found) for found in review(placed, "p.txt")]


def test_a_policy_as_it_is_handed_over_gives_an_editor_something_to_do() -> None:
    found = hints(HANDED_OVER)
    assert [hint.split(";")[0] for hint in found] == [
        "p.txt:28: names Sentry without a link",
        "p.txt:35: the section 'Data sharing' says nothing of its own: all of it stands in another section too",
        "p.txt:37: repeats the sentence of line 32: “We use data only to run the service.”",
        "p.txt:41: refers to a section “Complaints”, which is not there",
    ]


@needs_seed
def test_the_seed_text_is_reviewed() -> None:
    found = "\n".join(hints(SEED.read_text("utf-8")))
    assert "names Hotjar without a link" in found
    assert "repeats the sentence of line 39" in found
    assert "'Data sharing and disclosure' says nothing of its own" in found
    assert "'Data access management' says next to nothing" in found
    assert "Contact Us" not in found


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("We share it with [COMPANY NAME] and with nobody else at all.", "something was left open: [COMPANY NAME]"),
        ("It was changed on XX/XX/XXXX, and not since then at all.", "something was left open: XX/XX/XXXX"),
        ("TODO say more about what is kept here and what is not.", "something was left open: TODO"),
        ("As Foobar's Privacy Policy says, it keeps what it needs to.", "names Foobar without a link"),
    ],
)
def test_what_was_left_open_is_found(words: str, hint: str) -> None:
    assert hint in "\n".join(hints(f"ONE\n\n{words}\n\nTWO\n\nMore words."))
