"""Tables whose columns and rows changed at once, as a reader sees them: row by row, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gazette.redline import State, compare_markdown, html
from gazette.redline.folding import lines_of
from tests.redline.laws import broken_laws

_MARKS = {
    State.KEPT: ("", ""),
    State.INSERTED: ("{+", "+}"),
    State.DELETED: ("[-", "-]"),
    State.MOVED_HERE: ("{>", "<}"),
    State.MOVED_AWAY: ("[>", "<]"),
}


def _table(*rows: Sequence[str]) -> str:
    heading, *others = ("| " + " | ".join(row) + " |" for row in rows)
    return "\n".join([heading, "|" + "---|" * len(rows[0]), *others])


def _rows(
    *names: str, first: Sequence[str] = (), between: Sequence[str] = (), last: Sequence[str] = ()
) -> list[list[str]]:
    """Rows that are filled in after one pattern, with more cells if there are any."""
    return [
        [*first, f"Data of kind {n} that you give us", *between, f"To run the {n} service for you", *last]
        for n in names
    ]


OLD = _table(["Data", "Use"], *_rows("alpha", "beta", "gamma", "delta"))

#: Old, new, and the rows between them.
CASES: dict[str, tuple[str, str, list[str]]] = {
    "a column and a row came, a row went": (
        OLD,
        _table(["Data", "Basis", "Use"], *_rows("omega", "alpha", "beta", "delta", between=["Contract"])),
        [
            "Data | {+Basis+} | Use",
            "{+Data of kind omega that you give us+} | {+Contract+} | {+To run the omega service for you+}",
            "Data of kind alpha that you give us | {+Contract+} | To run the alpha service for you",
            "Data of kind beta that you give us | {+Contract+} | To run the beta service for you",
            "[-Data of kind gamma that you give us-] | [-To run the gamma service for you-]",
            "Data of kind delta that you give us | {+Contract+} | To run the delta service for you",
        ],
    ),
    "a column came, and a row went to the top": (
        OLD,
        _table(["Data", "Use", "Time"], *_rows("delta", "alpha", "beta", "gamma", last=["a year"])),
        [
            "Data | Use | {+Time+}",
            "{>Data of kind delta that you give us<} | {>To run the delta service for you<} | {+a year+}",
            "Data of kind alpha that you give us | To run the alpha service for you | {+a year+}",
            "Data of kind beta that you give us | To run the beta service for you | {+a year+}",
            "Data of kind gamma that you give us | To run the gamma service for you | {+a year+}",
            "[>Data of kind delta that you give us<] | [>To run the delta service for you<]",
        ],
    ),
    "a column came, and a short row went to the top": (
        _table(["A", "B"], ["one", "x"], ["two", "y"], ["three", "z"]),
        _table(["N", "A", "B"], ["n", "three", "z"], ["m", "one", "x"], ["o", "two", "y"]),
        [
            "{+N+} | A | B",
            "{+n+} | {>three<} | {>z<}",
            "{+m+} | one | x",
            "{+o+} | two | y",
            "[>three<] | [>z<]",
        ],
    ),
    "one column came, another went": (
        _table(["Data", "Basis", "Use"], *_rows("alpha", "beta", between=["Contract"])),
        _table(["Data", "Use", "Time"], *_rows("alpha", "beta", last=["a year"])),
        [
            "Data | [-Basis-] | Use | {+Time+}",
            "Data of kind alpha that you give us | [-Contract-] | To run the alpha service for you | {+a year+}",
            "Data of kind beta that you give us | [-Contract-] | To run the beta service for you | {+a year+}",
        ],
    ),
    "a heading is another, a column came": (
        _table(["Data", "Use"], *_rows("alpha", "beta")),
        _table(["Kind of data", "Law", "Use"], *_rows("alpha", "beta", between=["GDPR"])),
        [
            "[-Data-]{+Kind of data+} | {+Law+} | Use",
            "Data of kind alpha that you give us | {+GDPR+} | To run the alpha service for you",
            "Data of kind beta that you give us | {+GDPR+} | To run the beta service for you",
        ],
    ),
    "a column came, a cell was edited": (
        _table(["Data", "Use"], *_rows("alpha", "beta")),
        _table(["Data", "Law", "Use"], *_rows("alpha", "beta", between=["GDPR"])).replace("beta service", "beta shop"),
        [
            "Data | {+Law+} | Use",
            "Data of kind alpha that you give us | {+GDPR+} | To run the alpha service for you",
            "Data of kind beta that you give us | {+GDPR+} | To run the beta [-service-]{+shop+} for you",
        ],
    ),
}


def _seen(old: str, new: str) -> list[str]:
    return [
        " | ".join("".join(run.text.join(_MARKS[run.state]) for run in change.runs) for change in line)
        for line in lines_of(compare_markdown(old, new).blocks)
    ]


@pytest.mark.parametrize("name", CASES)
def test_rows_stay_what_they_were_when_columns_change(name: str) -> None:
    old, new, expected = CASES[name]
    assert _seen(old, new) == expected


@pytest.mark.parametrize("name", CASES)
def test_the_same_is_seen_backwards(name: str) -> None:
    old, new, _ = CASES[name]
    forth, back = compare_markdown(old, new).counts, compare_markdown(new, old).counts
    assert (back.added, back.removed, back.moved) == (forth.removed, forth.added, forth.moved)


@pytest.mark.parametrize("name", CASES)
def test_both_texts_come_back_out_of_it(name: str) -> None:
    old, new, _ = CASES[name]
    assert broken_laws(old, new, html(compare_markdown(old, new))) == []
    assert broken_laws(new, old, html(compare_markdown(new, old))) == []


def test_two_columns_that_changed_places_are_seen_alike_both_ways() -> None:
    old, new = _table(["A", "B"], ["one", "x"], ["two", "y"]), _table(["B", "A"], ["x", "one"], ["y", "two"])
    kept = [
        {run.text for b in redline.blocks for run in b.runs if run.state is State.KEPT}
        for redline in (compare_markdown(old, new), compare_markdown(new, old))
    ]
    assert kept[0] == kept[1] != set()
