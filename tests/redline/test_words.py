"""Which words stayed, where a paragraph is so long that it is cut before its words are compared."""

from __future__ import annotations

import pytest

from gazette.redline import compare_markdown
from gazette.redline.words import LARGEST

SAME = "The same sentence is repeated here again and again."
OTHER = "Here is one that says something else for once."
LAST = "After that comes the last of them, as before."
EDITED = "The same sentence is repeated here again and twice."

#: Sentences or words before and after, the words added and removed.
CASES: dict[str, tuple[list[str], list[str], tuple[int, int]]] = {
    "one of many equal sentences is replaced": ([SAME] * 3000, [SAME] * 1500 + [OTHER] + [SAME] * 1499, (9, 9)),
    "a sentence goes from among equal ones": ([SAME] * 3000, [SAME] * 2999, (0, 9)),
    "words far apart are replaced in sentences that recur": (
        [SAME, OTHER, LAST] * 1200,
        [SAME, OTHER, LAST] * 200 + [EDITED, OTHER, LAST] + [SAME, OTHER, LAST] * 998 + [EDITED, OTHER, LAST],
        (2, 2),
    ),
    "the words between equal ends are replaced without a sentence's end": (
        ["alpha"] * 15_000 + ["beta", "gamma"] + ["delta"] * 15_000,
        ["alpha"] * 15_000 + ["epsilon"] + ["delta"] * 15_000,
        (1, 2),
    ),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("is_swapped", [False, True])
def test_a_paragraph_too_long_to_compare_at_once_loses_no_more_words_than_changed(name: str, is_swapped: bool) -> None:
    olds, news, (added, removed) = CASES[name]
    old, new = " ".join(olds), " ".join(news)
    assert len(old.split()) * len(new.split()) > LARGEST
    counts = compare_markdown(*((new, old) if is_swapped else (old, new))).counts
    assert (counts.added, counts.removed) == ((removed, added) if is_swapped else (added, removed))
