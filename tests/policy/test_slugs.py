from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gazette.policy.slugs import slug, unique_slug, valid_id, valid_label

SLUGS = [
    ("Data Use, Storage, and Retention", "data-use-storage-and-retention"),
    ("Your Data: What's New?", "your-data-whats-new"),
    ("Ce que l’on collecte", "ce-que-lon-collecte"),
    ("Über uns", "über-uns"),
    ("プライバシー 通知", "プライバシー-通知"),
    ("e\u0301tat", "état"),
    ("snake_case and 1.2.3", "snake-case-and-1-2-3"),
    ("  —  ", ""),
    ("a\u200bb", "ab"),
    ("\u0301a", "a"),
    ("ΟΔΟΣ", "οδος"),
    ("한국어", "한국어"),
]


@pytest.mark.parametrize(("text", "expected"), SLUGS)
def test_a_slug_keeps_letters_and_digits_of_any_script(text: str, expected: str) -> None:
    assert slug(text) == expected


@given(st.text(max_size=200))
@example("İstanbul")
@example("\u0345ͅ")
@example("𝐀" * 90)
@example("-" + "x" * 200)
def test_a_slug_is_its_own_slug_and_an_id_that_fits_a_file_name(text: str) -> None:
    made = slug(text)
    assert slug(made) == made
    assert made == "" or valid_id(made)
    assert len(made) <= 80
    assert len(f"999-{made}.md".encode()) <= 255
    assert unicodedata.is_normalized("NFC", made)
    assert "--" not in made


@given(st.text(st.characters(max_codepoint=127), max_size=200))
def test_a_slug_of_plain_letters_is_that_of_the_same_letters_among_others(text: str) -> None:
    assert slug(text) == slug(f"{text}\u200b")


@given(st.lists(st.sampled_from(["Terms", "terms!", "", "§", "x" * 100, "日" * 100]), max_size=12))
def test_unique_slugs_are_different_ids(titles: list[str]) -> None:
    taken: list[str] = []
    for title in titles:
        taken.append(unique_slug(title, taken))
    assert len(set(taken)) == len(taken)
    assert all(map(valid_id, taken))


def test_repeats_are_counted_and_nothing_becomes_its_number() -> None:
    assert unique_slug("Scope", ["scope"]) == "scope-2"
    assert unique_slug("Scope", ["scope", "scope-2"]) == "scope-3"
    assert unique_slug("§", ["scope"]) == "section-2"
    assert unique_slug("§", [], fallback="text") == "text"


@pytest.mark.parametrize("name", ["", "Upper", "a b", "a--b", "-a", "a-", "a.b", "e\u0301", "a_b", "x" * 81])
def test_what_is_no_slug_is_no_id(name: str) -> None:
    assert not valid_id(name)


@pytest.mark.parametrize("label", ["2023-03-18", "2023-03-18.2", "2.0", "v1", "1", "a" * 64])
def test_labels_that_are_allowed(label: str) -> None:
    assert valid_label(label)


@pytest.mark.parametrize(
    "label", ["", "2.0.lock", "A", "2..0", "-1", "1-", "1_0", "a/b", "..", "é", "a" * 65, "1.0\n", "１"]
)
def test_labels_that_are_not_allowed(label: str) -> None:
    assert not valid_label(label)
