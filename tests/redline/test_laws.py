"""The two laws, the vocabulary and validity, on every pair of texts that can be had."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from gazette.redline import Redline, State, compare, compare_markdown, html, prepare
from gazette.redline.blocks import Block, BlockKind
from tests.redline.documents import edits
from tests.redline.laws import blocks_of, broken_laws, read
from tests.redline.rendering_cases import HISTORIES, PAIRS

here = settings(deadline=None, max_examples=50, derandomize=True, suppress_health_check=list(HealthCheck))
long_run = settings(here, max_examples=10_000)

TABLE = {
    "nothing": ("", ""),
    "one block becomes two around a new one": (
        "One two three four five six. Seven eight nine ten eleven twelve.",
        "One two three four five six.\n\nQuite other words here.\n\nSeven eight nine ten eleven twelve.",
    ),
    "two blocks become one and lose one between": (
        "One two three four five six.\n\nQuite other words here.\n\nSeven eight nine ten eleven twelve.",
        "One two three four five six. Seven eight nine ten eleven twelve.",
    ),
    "a paragraph becomes an item": ("one two three\n\nfour", "- one two three\n\nfour"),
    "an item becomes a heading": ("- one two three\n- four", "# one two three\n\n- four"),
    "loose and tight lists": ("- one\n- two\n", "- one\n\n- two\n"),
    "a list in a cell": (
        "<table><tr><td><ul><li>a b</li></ul></td></tr></table>",
        "<table><tr><td><ul><li>a b c</li><li>d</li></ul></td></tr></table>",
    ),
    "a table becomes a list": ("| a | b |\n|---|---|\n| c | d |\n", "- a b\n- c d\n"),
    "a row came and a column went": (
        "| a | b | c |\n|---|---|---|\n| d | e | f |\n",
        "| a | c |\n|---|---|\n| d | f |\n| g | h |\n",
    ),
    "a word half bold": ("un**believ**able", "unbeliev**able**"),
    "a link grows": ("see [the policy](/a) now", "see [the whole policy now](/a)"),
    "code": ("```\na = 1\n\n\nb = 2\n```", "```\na = 1\n\nb = 3\n```"),
    "line breaks": ("one  \ntwo  \nthree", "one  \ntwo three"),
    "definitions": ("term\n:   one two\n:   three", "term\n:   one two three"),
    "footnotes": ("text[^1]\n\n[^1]: note one", "text here[^1]\n\n[^1]: note two"),
    "an image": ("see ![a](a.png)", "see ![b](b.png) here"),
    "text after a list in an item": (
        "<ul><li>a<ul><li>b</li></ul>c</li></ul>",
        "<ul><li>a<ul><li>b</li></ul>c d</li></ul>",
    ),
    "a break before a word in bold": (
        "<p>one <b>two</b> three\n\n# four five six\n\n**four**.",
        "one\n\n# four five six\n\n**four**.",
    ),
    "rules": ("one\n\n---\n\ntwo", "one\n\ntwo\n\n---"),
    "a section that was split and whose parts moved": (
        "we.\n\n# we\n\nwe we we we we we we we we.\n",
        "we we we we we we we we.\n\nwe.\n\n# we\n",
    ),
    "a quote in a quote": ("> one\n>\n> > two", "> one\n>\n> two"),
}  # fmt: skip
ready = lru_cache(maxsize=8)(prepare)
PLACES = {**TABLE, **{name: pair for name, pair in PAIRS.items() if name not in TABLE}}


def histories() -> list[Path]:
    return sorted(path for path in HISTORIES.glob("*") if path.is_dir())


def versions(folder: Path) -> list[Path]:
    return sorted(folder.glob("**/*.md"))


needs_histories = pytest.mark.skipif(not HISTORIES.is_dir(), reason="the real histories are not beside the repository")


def check(old: str, new: str) -> Redline:
    """Everything that must hold for any pair."""
    redline = compare(ready(old), ready(new))
    markup = html(redline)
    assert not broken_laws(old, new, markup)
    check_tree(old, new, redline, markup)
    return redline


def check_tree(old: str, new: str, redline: Redline, markup: str) -> None:
    """The typed tree says the same as the HTML, and as the texts."""
    reading = read(markup)
    marked = dict.fromkeys(State, "")
    for block in redline.blocks:
        for run in block.runs:
            marked[run.state] += " ".join(run.text.split()).replace("\ufffc", "")
            assert not run.is_break or not run.text
    for state, texts in (
        (State.INSERTED, reading.inserted),
        (State.DELETED, reading.deleted),
        (State.MOVED_HERE, reading.moved_here),
        (State.MOVED_AWAY, reading.moved_away),
    ):
        assert _letters(marked[state]) == _letters("".join(texts)), state
    for which, blocks, is_other in (
        ("old", ready(old).blocks, lambda state: state.is_new_only),
        ("new", ready(new).blocks, lambda state: state.is_old_only),
    ):
        said = "".join(run.text for block in redline.blocks for run in block.runs if not is_other(run.state))
        assert Counter(_letters(said)) == Counter("".join(map(_said, blocks))), which
    if not any(block.kinds and block.block.kind is BlockKind.RULE for block in redline.blocks):
        assert redline.is_empty == (reading.marks == 0)  # a rule that came or went holds no text to mark
    added = sum(run.words for block in redline.blocks for run in block.runs if run.state is State.INSERTED)
    removed = sum(run.words for block in redline.blocks for run in block.runs if run.state is State.DELETED)
    assert (redline.counts.added, redline.counts.removed) == (added, removed)


def _said(block: Block) -> str:
    return _letters("".join(piece.text for piece in block.pieces))


def _letters(text: str) -> str:
    return "".join(text.split()).replace("\ufffc", "")


@pytest.mark.parametrize("name", PLACES)
def test_the_laws_hold_both_ways(name: str) -> None:
    old, new = PLACES[name]
    check(old, new)
    check(new, old)


@here
@given(edits())
def test_the_laws_hold_for_made_texts(pair: tuple[str, str]) -> None:
    check(*pair)


@pytest.mark.long
@long_run
@given(edits())
def test_the_laws_hold_for_ten_thousand_made_texts(pair: tuple[str, str]) -> None:
    check(*pair)


@given(edits())
@settings(here, max_examples=25)
def test_a_text_compared_with_itself_has_no_change(pair: tuple[str, str]) -> None:
    for text in pair:
        redline = compare_markdown(text, text)
        assert redline.is_empty
        assert read(html(redline)).marks == 0
        assert not redline.counts.added + redline.counts.removed + redline.counts.runs


@given(edits())
@settings(here, max_examples=25)
def test_compared_with_the_empty_text_everything_is_marked(pair: tuple[str, str]) -> None:
    for text in pair:
        came, went = read(html(compare_markdown("", text))), read(html(compare_markdown(text, "")))
        said = _letters("".join(blocks_of(text)))
        assert (_letters(came.kept), _letters("".join(came.inserted)), came.deleted) == ("", said, [])
        assert (_letters(went.kept), _letters("".join(went.deleted)), went.inserted) == ("", said, [])


@here
@given(edits())
def test_swapping_the_texts_swaps_what_came_and_what_went(pair: tuple[str, str]) -> None:
    check_swap(*pair)


@pytest.mark.parametrize("name", PLACES)
def test_swapping_the_texts_of_a_pair_swaps_what_came_and_what_went(name: str) -> None:
    check_swap(*PLACES[name])


def check_swap(old: str, new: str) -> None:
    there = read(html(compare_markdown(old, new)))
    back = read(html(compare_markdown(new, old)))
    assert _signs(there.inserted) == _signs(back.deleted)
    assert _signs(there.deleted) == _signs(back.inserted)
    assert _signs(there.moved_here) == _signs(back.moved_away)


def _signs(texts: list[str]) -> Counter[str]:
    return Counter(_letters("".join(texts)))


@needs_histories
@pytest.mark.parametrize("folder", histories(), ids=lambda path: path.name)
def test_the_laws_hold_on_a_sample_of_every_history(folder: Path) -> None:
    files = versions(folder)
    for old, new in list(pairwise(files))[:: max(1, len(files) // 2)]:
        check(old.read_text("utf-8"), new.read_text("utf-8"))


@needs_histories
@pytest.mark.long
@pytest.mark.parametrize("folder", histories(), ids=lambda path: path.name)
def test_the_laws_hold_on_every_pair_of_neighbours_and_on_distant_pairs(folder: Path) -> None:
    files = versions(folder)
    last = len(files) - 1
    distant = [(0, last), (0, last // 2), (last // 2, last), (last // 4, 3 * last // 4)]
    for old, new in [*pairwise(files), *((files[i], files[j]) for i, j in distant)]:
        texts = old.read_text("utf-8"), new.read_text("utf-8")
        check(*texts)
        check(*reversed(texts))


def test_two_processes_give_the_same_bytes() -> None:
    outputs = {_digests(seed) for seed in ("1", "4242")}
    assert len(outputs) == 1


def _digests(seed: str) -> str:
    """What another process, whose sets have another order, makes of every pair."""
    script = (
        "from hashlib import sha256\n"
        "from tests.redline.test_laws import PLACES\n"
        "from gazette.redline import compare_markdown, html, json\n"
        "for name, (old, new) in PLACES.items():\n"
        "    if len(old) + len(new) > 60_000:\n"
        "        continue\n"
        "    redline = compare_markdown(old, new)\n"
        "    print(name, sha256((html(redline) + json(redline)).encode()).hexdigest())\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        env=environment,
        capture_output=True,
        check=True,
        timeout=300,
    )
    return done.stdout.decode()


def test_a_prepared_text_compares_as_its_markdown_does() -> None:
    old, new = PAIRS["every kind"]
    assert html(compare(prepare(old), prepare(new))) == html(compare_markdown(old, new))


def broken() -> Iterator[tuple[str, str]]:
    """Redlines of `one two` and `one three` that break a law, and what is said of each."""
    yield "<p>one <del>two</del><ins>four</ins></p>", "new: 'one four' instead of 'one three'"
    yield "<p>one <del>two</del></p><p><ins>three</ins></p>", "new: 2 blocks instead of 1"
    yield "<p>one <del>two</del><ins>three</p>", "invalid: "
    yield "<p>one <del>two</del><ins>three <ins></ins></ins></p>", "a mark in a mark"
    yield '<p>one <del class="moved" data-move="1">two</del><ins>three</ins></p>', "move 1 has no <ins>"
    yield '<p>one <del>two</del><ins>three</ins><ins class="break"></ins></p>', "a break that holds ''"
    yield '<p>one <del>two</del><span class="relinked">three</span></p>', "a change of attribute without data-was"
    yield "<ins><p>one</p></ins><p><del>two</del><ins>three</ins></p>", "<p> inside phrases: ins"
    yield "<p>one <del>two</del><ins>three</ins></p><ul><p>x</p></ul>", "<p> in <ul>"
    yield '<p id="a">one <del id="a">two</del><ins>three</ins></p>', "the id 'a' twice"


@pytest.mark.parametrize(("markup", "said"), list(broken()))
def test_the_check_finds_what_is_broken(markup: str, said: str) -> None:
    assert any(one.startswith(said) for one in broken_laws("one two", "one three", markup))
    assert not broken_laws("one two", "one three", "<p>one <del>two</del><ins>three</ins></p>")
