from __future__ import annotations

from collections.abc import Sequence

import pytest

from gazette.editorial.importing.lineage import Lineage
from gazette.editorial.importing.markdown_file import read_markdown_file
from gazette.editorial.importing.outline import make_outline

WORDS = {
    letter: " ".join(f"{letter}{number}" for number in range(30)) for letter in "abcdefgh"
}  # sections with nothing in common


def ids(*versions: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Section ids of each version, `id (former ids)`; a version is headings with the letters of their words."""
    lineage = Lineage()
    found = []
    for version in versions:
        bodies = [f"## {title}\n\n{' '.join(WORDS[letter] for letter in letters)}" for title, letters in version]
        source = "# T\n\n" + "\n\n".join(bodies)
        placed = lineage.follow(make_outline(read_markdown_file("t.md", source.encode())).parts)
        found.append([f"{p.id} ({', '.join(p.formerly)})" if p.formerly else p.id for p in placed])
    return found


@pytest.mark.parametrize(
    ("versions", "last"),
    [
        ([[("One", "a"), ("Two", "b")], [("Two", "b"), ("One", "a")]], ["two", "one"]),
        ([[("One", "a"), ("Two", "b")], [("Uno", "a"), ("Two", "b")]], ["one", "two"]),
        (
            [[("A. One", "a"), ("B. Two", "b")], [("A. New", "c"), ("B. One", "a"), ("C. Two", "b")]],
            ["new", "one", "two"],
        ),
        ([[("One", "a"), ("Two", "b")], [("One", "c"), ("Two", "b")]], ["one", "two"]),
        ([[("One", "a"), ("Two", "b")], [("Two", "b")], [("Uno", "a"), ("Two", "b")]], ["one", "two"]),
        ([[("One", "a"), ("Two", "b")], [("Both", "ab"), ("Three", "c")]], ["one (two)", "three"]),
        ([[("One", "ab"), ("Two", "c")], [("Uno", "a"), ("Due", "b"), ("Two", "c")]], ["one", "due", "two"]),
        ([[("One", "a"), ("One", "b")], [("One", "b"), ("One", "a")]], ["one-2", "one"]),
        ([[("One", "a"), ("One", "b")], [("One", "a"), ("Real", "b")]], ["one", "real (one-2)"]),
        ([[("One {#x}", "a"), ("Two", "b")], [("One {#y}", "a"), ("Two", "b")]], ["y (x)", "two"]),
        ([[("One {#x}", "a"), ("Two", "b")], [("Other {#x}", "c"), ("Two", "b")]], ["x", "two"]),
        ([[("Your Rights", "a"), ("Two", "b")], [("Your Right", "c"), ("Two", "b")]], ["your-rights", "two"]),
        ([[("One", "a"), ("Two", "b")], [("One", "b"), ("Two", "a")]], ["two", "one"]),
    ],
)  # fmt: skip
def test_sections_keep_their_ids(versions: list[list[tuple[str, str]]], last: list[str]) -> None:
    assert ids(*versions)[-1] == last


def test_a_text_without_headings_becomes_sections_that_remember_it() -> None:
    lineage = Lineage()
    for source in (f"{WORDS['a']}\n\n{WORDS['b']}", f"## One\n\n{WORDS['a']}\n\n## Two\n\n{WORDS['b']}"):
        placed = lineage.follow(make_outline(read_markdown_file("t.md", source.encode())).parts)
    assert [(p.id, p.formerly) for p in placed] == [("one", ("text",)), ("two", ("text",))]


@pytest.mark.parametrize(
    ("before", "after", "last"),
    [
        # A short last section is taken whole into a new one that says much more: it is not that one's earlier name.
        ([("One", "a"), ("Updates", "b")], [("One", "a"), ("Legal", "bcdefgh")], ["one", "legal"]),
        # The end of a long last section goes on under a heading of its own; the rest of it is gone.
        ([("One", "a"), ("Long", "bcdefgh")], [("One", "a"), ("About this text", "b")], ["one", "about-this-text"]),
        # Grown threefold; two joined, with more; cut in pieces: what it was is known.
        ([("One", "a"), ("Updates", "b")], [("One", "a"), ("Changes", "bcd")], ["one", "updates"]),
        (
            [("One", "a"), ("Two", "b"), ("Three", "c")],
            [("One", "a"), ("Legal", "bcd")],
            ["one", "two (three)"],
        ),
        (
            [("One", "a"), ("Long", "bcdefgh")],
            [("One", "a"), ("B", "b"), ("C", "cd"), ("E", "e")],
            ["one", "b (long)", "c (long)", "e (long)"],
        ),
    ],
)
def test_a_former_id_says_that_the_two_are_much_the_same(
    before: list[tuple[str, str]], after: list[tuple[str, str]], last: list[str]
) -> None:
    assert ids(before, after)[-1] == last


def test_a_former_id_that_comes_alive_again_is_no_former_id() -> None:
    one, both = [("One", "a"), ("Two", "b"), ("Three", "c")], [("One", "ab"), ("Three", "c")]
    assert ids(one, both, one) == [["one", "two", "three"], ["one (two)", "three"], ["one", "two", "three"]]


def test_a_text_in_another_language_keeps_its_ids_by_place() -> None:
    assert ids([("One", "a"), ("Two", "b")], [("はじめに", "c"), ("権利", "d")])[-1] == ["one", "two"]
