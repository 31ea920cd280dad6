from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazette.editorial.importing.document import Document
from gazette.editorial.importing.outline import make_outline
from gazette.editorial.importing.text_file import read_text_file

from .texts import HANDED_OVER, SEED, needs_seed, rendered_words, words


def read(text: str) -> Document:
    return read_text_file("policy.txt", text.encode())


def outline_of(text: str) -> list[str]:
    return [part.wanted for part in make_outline(read(text)).parts]


def test_a_policy_as_it_is_handed_over_becomes_sections_with_ids() -> None:
    outline = make_outline(read(HANDED_OVER))
    assert outline.title == "Privacy Policy"
    assert outline.stated == date(2022, 5, 2)
    assert [(part.wanted, part.title) for part in outline.parts] == [
        ("introduction", "Introduction"),
        ("what-we-collect", "What we collect"),
        ("use-of-data-and-api-access", "Use of data and API access"),
        ("data-sharing", "Data sharing"),
        ("your-rights", "Your rights"),
        ("contact-us", "Contact us"),
    ]


def test_numbered_lines_above_a_blank_one_are_sub_headings_and_bullets_keep_their_depth() -> None:
    assert make_outline(read(HANDED_OVER)).parts[1].body == (
        "Depending on the product, we collect the following:\n\n"
        "### Editor\n\n"
        '- What you open and save (e.g., "opened a drawing"). It is linked to a number that stands for your device.\n'
        "- Note: the drawings themselves stay on your device until you publish them.\n\n"
        "### Viewer\n\n"
        "- The pages that are looked at.\n"
        "    - When, and for how long.\n"
        "    - From which country.\n\n"
        "### Third-Party Services\n\n"
        "- Errors are sent to Sentry, so that we can mend them. Sentry's Privacy Policy says more."
    )


def test_wrapped_lines_are_joined_and_the_lines_of_an_address_are_not() -> None:
    parts = make_outline(read(HANDED_OVER)).parts
    assert "the record is kept for ninety days on servers" in parts[2].body
    assert parts[5].body == ("Example Tools Ltd  \n1 Sample Street  \nExampletown\n\nWrite to <privacy@example.com>")


def assert_no_word_is_lost_or_added(text: str) -> None:
    document = read(text)
    lifted = Counter(word for entry in document.lifted for word in words(entry.text))
    assert Counter(rendered_words(document.markdown, numbers=True)) + lifted == Counter(words(text))


def test_no_word_is_lost_or_added() -> None:
    assert_no_word_is_lost_or_added(HANDED_OVER)


@needs_seed
def test_the_seed_text_becomes_its_sections_and_no_word_is_lost() -> None:
    text = SEED.read_text("utf-8")
    outline = make_outline(read(text))
    assert outline.title == "Privacy Policy"
    assert outline.stated == date(2023, 3, 18)
    assert [part.wanted for part in outline.parts] == [
        "introduction",
        "information-collection",
        "data-use-storage-and-retention",
        "data-access-management",
        "data-sharing-and-disclosure",
        "your-privacy-rights",
        "commitment-to-privacy",
        "contact-us",
    ]
    headings = [line for line in outline.parts[1].body.split("\n") if line.startswith("#")]
    assert headings == ["### Editor", "### Cloud", "### Player", "### Third-Party Services"]
    assert_no_word_is_lost_or_added(text)


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("Just a paragraph, and no heading at all.\n\nAnother one.", ["text"]),
        ("1. Scope\n\nFor all.\n\n2. Cookies\n\nNone.", ["scope", "cookies"]),
        ("1. Scope\n\nA.\n\n1.1 Where\n\nB.\n\n2. Cookies\n\nNone.", ["scope", "cookies"]),
        ("Scope\n=====\n\nFor all.\n\nCookies\n=======\n\nNone.", ["scope", "cookies"]),
        (
            "Terms of Use\n\nWhat it is for\n\n" + "Many words. " * 12 + "\n\nWhat it costs\n\n" + "Many words. " * 12,
            ["what-it-is-for", "what-it-costs"],
        ),
        ("PRIVACY POLICY\n\nSCOPE\n\nFor all.\n\nCOOKIES\n\nNone.", ["scope", "cookies"]),
        ("SCOPE\nDirectly below.\n\nCOOKIES\nNone.", ["scope", "cookies"]),
        ("SCOPE\n\nTHE SERVICE COMES AS IT IS.\n\nCOOKIES\n\nNone.", ["scope", "cookies"]),
        ("A first word.\n\nSCOPE\n\nFor all.\n\nCOOKIES\n\nNone.", ["introduction", "scope", "cookies"]),
    ],
)
def test_headings_are_found_in_what_the_text_has(text: str, sections: list[str]) -> None:
    assert outline_of(text) == sections


@pytest.mark.parametrize(
    ("heading", "cased"),
    [
        ("CONTACT US", "Contact us"),
        ("YOUR GDPR RIGHTS", "Your GDPR rights"),
        ("HOW EXAMPLE LTD USES THE API", "How Example Ltd uses the API"),
        ("WHAT'S NEW", "What's new"),
        ("A. DEFINITIONS", "A. Definitions"),
        ("II. SCOPE", "II. Scope"),
        ("U.S. RESIDENTS", "U.S. residents"),
    ],
)
def test_capitals_become_sentence_case_and_acronyms_and_names_stay(heading: str, cased: str) -> None:
    text = f"{heading}\n\nWe at Example Ltd call it an API.\n\nOTHER\n\nWords of Example Ltd."
    assert make_outline(read(text)).parts[0].title == cased


def test_german_nouns_keep_their_capital() -> None:
    below = "Das ist für uns und für Sie nicht neu.\n\nENDE\n\nWir sind da und die anderen auch."
    text = f"ÜBERSICHT UND ÄNDERUNGEN\n\n{below}"
    assert make_outline(read(text)).parts[0].title == "Übersicht und Änderungen"


def test_numbers_of_sub_headings_stay_where_the_text_refers_to_them() -> None:
    text = "SCOPE\n\n1. One:\n\nSee section 2.\n\n2. Two:\n\nWords.\n\nEND\n\nThe end."
    assert "### 1. One" in make_outline(read(text)).parts[0].body


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("- a\n- b", "- a\n- b"),
        ("    * a\n    * b\n      * c\n    * d", "- a\n- b\n    - c\n- d"),
        ("• a\n◦ b\n◦ c\n• d", "- a\n    - b\n    - c\n- d"),
        ("– a\n– b", "- a\n- b"),
        ("• a\n\n• b", "- a\n- b"),
        ("1) a\n2) b\n3) c", "1. a\n2. b\n3. c"),
        ("1) a\n3) b", "- 1\\. a\n- 3\\. b"),
        ("• a long\n  line\n• b", "- a long line\n- b"),
    ],
)
def test_lists_of_all_kinds_keep_their_depth(lines: str, expected: str) -> None:
    assert read(f"Words come first.\n\n{lines}").markdown == f"Words come first.\n\n{expected}"


@pytest.mark.parametrize(
    "line",
    [
        "# no heading",
        "* no *list* [x](y)",
        "<b>no tag</b> &amp;",
        "> no quote",
        "1. a b. c",
        "a_b_ __c__ `d`",
        "--- ---",
        "[a]: b c",
        "x {#y}",
        "a | b",
    ],
)
def test_what_looks_like_markup_is_shown_as_it_was_written(line: str) -> None:
    for text in (f"Words first.\n\n{line}\n\nMore words.", f"Words first, {line}\nand on the next line.\n\nMore."):
        assert rendered_words(read(text).markdown, numbers=True) == words(text)


def test_a_date_that_can_be_two_days_is_not_guessed() -> None:
    document = read("Terms\n\nLast updated: 03/04/2023\n\nSCOPE\n\nAll.\n\nEND\n\nThe end.")
    assert document.stated is None
    assert "03/04/2023 can be two days" in str(document.warnings[0])


_line = st.text(st.sampled_from("abcXYZ äß 012.:,-*•#_[]()<>&|`'\"!{}\\/@=~+"), min_size=1, max_size=60)
_text = st.lists(st.lists(_line, min_size=1, max_size=4).map("\n".join), min_size=1, max_size=8).map("\n\n".join)


@settings(max_examples=300, deadline=None)
@given(_text)
def test_whatever_is_written_no_word_is_lost_or_added(text: str) -> None:
    assert_no_word_is_lost_or_added(text)
