"""Which block became which: anchors, moves, splits and mergers."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazette.redline import BlockChange, Kind, compare_markdown
from gazette.redline.order import heaviest_run

P, Q, R, S = (
    "The first paragraph speaks of what we collect from everyone who visits.",
    "The second one says for how long all of that is going to be kept here.",
    "In the third you can read to whom we hand things over, and on what terms.",
    "Fourth and last come the rights that nobody can take away from a reader.",
)

#: Old and new paragraphs, and what each block of the redline shows: kinds, old places, new places.
CASES: dict[str, tuple[list[str], list[str], list[tuple[str, tuple[int, ...], tuple[int, ...]]]]] = {
    "nothing": ([P, Q], [P, Q], [("", (0,), (0,)), ("", (1,), (1,))]),
    "one comes": ([P, R], [P, Q, R], [("", (0,), (0,)), ("added", (), (1,)), ("", (1,), (2,))]),
    "one goes": ([P, Q, R], [P, R], [("", (0,), (0,)), ("removed", (1,), ()), ("", (2,), (1,))]),
    "one moves down": (
        [P, Q, R, S],
        [Q, R, P, S],
        [("moved", (0,), ()), ("", (1,), (0,)), ("", (2,), (1,)), ("moved", (), (2,)), ("", (3,), (3,))],
    ),
    "one moves and is edited": (
        [P, Q, R, S],
        [Q, R, P.replace("first", "new"), S],
        [("moved", (0,), ()), ("", (1,), (0,)), ("", (2,), (1,)), ("moved reworded", (), (2,)), ("", (3,), (3,))],
    ),
    "one moves past others of which only one is the same to the word": (
        [f"{P} {P}", S, Q, R],
        [S, Q.replace("second", "next"), R.replace("third", "last"), f"{P} {P}"],
        [
            ("moved", (0,), ()),
            ("", (1,), (0,)),
            ("reworded", (2,), (1,)),
            ("reworded", (3,), (2,)),
            ("moved", (), (3,)),
        ],
    ),
    "one is split": ([f"{P} {Q}", R], [P, Q, R], [("split", (0,), (0,)), ("split", (0,), (1,)), ("", (1,), (2,))]),
    "two are merged": ([P, Q, R], [f"{P} {Q}", R], [("merged", (0, 1), (0,)), ("", (2,), (1,))]),
    "three are merged and the middle one goes": (
        [P, S, Q],
        [f"{P} {Q}"],
        [("merged reworded", (0, 1, 2), (0,))],
    ),
    "one is replaced": (
        [P, "Cats sleep.", R],
        [P, "Invoices follow.", R],
        [("", (0,), (0,)), ("reworded", (1,), (1,)), ("", (2,), (2,))],
    ),
    "short ones do not move": (
        ["Yes", P, Q],
        [P, Q, "Yes"],
        [("removed", (0,), ()), ("", (1,), (0,)), ("", (2,), (1,)), ("added", (), (2,))],
    ),
}


def shown(change: BlockChange) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    return " ".join(change.kinds), change.old, change.new


@pytest.mark.parametrize("name", CASES)
def test_each_block_is_found_where_it_went(name: str) -> None:
    old, new, expected = CASES[name]
    redline = compare_markdown("\n\n".join(old), "\n\n".join(new))
    assert [shown(change) for change in redline.blocks] == expected


def test_a_run_of_blocks_that_moved_is_one_move() -> None:
    redline = compare_markdown("\n\n".join([P, Q, R, S, P * 2]), "\n\n".join([R, S, P * 2, P, Q]))
    assert {change.move for change in redline.blocks if Kind.MOVED in change.kinds} == {1}


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(1, 9)), max_size=8))
def test_the_heaviest_run_is_the_heaviest(items: list[tuple[int, int, int]]) -> None:
    items.sort()
    pairs, weights = [(i, j) for i, j, _ in items], [weight for _, _, weight in items]

    def rises(chosen: tuple[int, ...]) -> bool:
        return all(pairs[a][0] < pairs[b][0] and pairs[a][1] < pairs[b][1] for a, b in pairwise(chosen))

    places = range(len(pairs))
    runs = [chosen for size in range(len(pairs) + 1) for chosen in combinations(places, size) if rises(chosen)]
    best = max(sum(weights[n] for n in chosen) for chosen in runs)
    found = heaviest_run(pairs, weights)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(found))
    heaviest = {pair: max(w for p, w in zip(pairs, weights, strict=True) if p == pair) for pair in found}
    assert sum(heaviest.values()) == best


def test_a_row_that_went_is_not_taken_for_another_after_the_same_pattern_that_came_elsewhere() -> None:
    """What they share is what all rows share; one that was edited on its way has more in common with itself."""

    def table(*rows: tuple[str, str]) -> str:
        lines = [f"| Data of kind {name} that you give us | To run the {name} {what} for you |" for name, what in rows]
        return "\n".join(["| Data | Use |", "|---|---|", *lines])

    kept = [("alpha", "service"), ("beta", "service"), ("delta", "service")]
    old = table(*kept[:2], ("gamma", "service"), kept[2])
    came = compare_markdown(old, table(("omega", "service"), *kept)).counts
    assert (came.added, came.removed, came.moved) == (15, 15, 0)
    moved = compare_markdown(old, table(("gamma", "services"), *kept)).counts
    assert (moved.added, moved.removed, moved.moved) == (1, 1, 14)
