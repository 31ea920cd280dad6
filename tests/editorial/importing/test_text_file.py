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


ABOVE_THEIR_WORDS = {
    "no blank line at all": (
        "1. Scope\nThese terms are for all who use it.\n2. Cookies\nWe set none.\n3. Contact\nWrite to us.",
        ["scope", "cookies", "contact"],
    ),
    "a blank line before each": (
        "Terms of Use\n\n1. Scope\nFor all who use it.\n\n2. Cookies\nWe set none.\n\n3. Contact\nWrite to us.",
        ["scope", "cookies", "contact"],
    ),
    "a title in capitals": (
        "TERMS OF USE\n\n1. Scope\nFor all who use it.\n2. Cookies\nWe set none.\n3. Contact\nWrite to us.",
        ["scope", "cookies", "contact"],
    ),
    "some stand alone, some do not": (
        "1. Scope\n\nFor all.\n\n2. Cookies\nWe set none.\n\n3. Contact\n\nWrite to us.",
        ["scope", "cookies", "contact"],
    ),
    "no dot behind the number": (
        "1 Scope\nFor all who use it.\n2 Cookies\nWe set none.\n3 Contact\nWrite to us.",
        ["scope", "cookies", "contact"],
    ),
    "full stops behind titles": (
        "1. Example.com.\nThis is for all.\n2. Limitation of Liability.\nThere is none.\n3. Changes.\nWe tell you.",
        ["example-com", "limitation-of-liability", "changes"],
    ),
    "bullets below": (
        "1. What we collect\n- your name\n- your address\n2. Why\nTo answer you.\n3. Contact\nWrite to us.",
        ["what-we-collect", "why", "contact"],
    ),
    "wrapped lines, none of which is a heading's": (
        "1. Scope\nThese terms are for all who use what we have made, wherever they are and\n"
        "whoever they may be.\n2. Cookies\nWe set none.\n3. Contact\nWrite to us.",
        ["scope", "cookies", "contact"],
    ),
    "a list with numbers of its own in a section": (
        "1. Scope\nFor all.\n2. Data\nWe keep:\n1. names\n2. addresses\n3. numbers\n3. Contact\nWrite to us.",
        ["scope", "data", "contact"],
    ),
    "a list of entries with words below them in a section": (
        "1. Scope\nFor all who use it.\n2. Data\nWhat we keep follows.\n1. Names\nThey come from you.\n"
        "2. Addresses\nThey come from you.\n3. Contact\nWrite to us.",
        ["scope", "data", "contact"],
    ),
    "a longer list of entries with words below them in a section": (
        "1. Scope\nFor all who use it.\n2. Data\nWhat we keep follows.\n1. Names\nThey come from you.\n"
        "2. Addresses\nThey come from you.\n3. Numbers\nThey come from you.\n3. Contact\nWrite us.\n4. End\nAll.",
        ["scope", "data", "contact", "end"],
    ),
    "a list of entries with words below them in the last section": (
        "1. Scope\nFor all who use it.\n2. Contact\nWrite to us.\n3. Data\nWhat we keep follows.\n1. Names\n"
        "They come from you.\n2. Addresses\nThey come from you.\n3. Numbers\nThey come from you.",
        ["scope", "contact", "data"],
    ),
}
NO_HEADINGS = {
    "a list": "We keep\n\n1. Your name\n2. Your address\n3. Your number\n\nfor a year.",
    "a list, wrapped": (
        "1. The name that you gave us when you opened an account with us, and\n"
        "the day\n2. The address that you gave us when you opened an account, and\n"
        "Your country\n3. The number of the telephone on which you may be called, and\nwhen"
    ),
    "a list with words of its own, announced": (
        "We keep three things:\n\n1. Names\nThey come from you.\n2. Addresses\nThey come from you.\n"
        "3. Numbers\nThey too."
    ),
    "a list with words behind its last item": "1. Names\n2. Addresses\n3. Numbers\nAll of them come from you.",
    "entries with hanging lines": "1. Names\n   They come from you.\n2. Places\n   They too.\n3. Numbers\n   They too.",
    "clauses": "1. You may use it.\nAt your risk.\n2. You may copy it.\nIf you say so.\n3. You may sell it.\nOnce.",
    "labels with values": "1. Name\nMaria\n2. Town\nLyon\n3. Colour\nBlue",
    "numbers that do not run on": "1. Scope\nFor all who use it.\n4. Cookies\nWe set none.\n7. Contact\nWrite to us.",
    "only two": "1. Scope\nFor all who use it.\n2. Cookies\nWe set none.",
    "an address": "1 Sample Street\nExampletown is where we are.\n\n2 weeks later\nWe move.\n\n3 Sample Street\nNear.",
    "brackets": "1) Scope\nFor all who use it.\n2) Cookies\nWe set none.\n3) Contact\nWrite to us.",
}


@pytest.mark.parametrize("case", ABOVE_THEIR_WORDS)
def test_numbered_lines_right_above_their_words_are_headings_where_the_numbers_run_on(case: str) -> None:
    text, sections = ABOVE_THEIR_WORDS[case]
    assert outline_of(text) == sections
    assert_no_word_is_lost_or_added(text)


@pytest.mark.parametrize("case", NO_HEADINGS)
def test_numbered_lines_that_may_be_a_list_are_no_headings(case: str) -> None:
    assert outline_of(NO_HEADINGS[case]) == ["text"]
    assert_no_word_is_lost_or_added(NO_HEADINGS[case])


def test_clauses_below_numbered_headings_are_sub_headings_where_they_have_titles() -> None:
    text = (
        "1. Scope\n1.1 Persons\nAll who use it.\n1.2 Places\nThe whole world.\n"
        "2. Cookies\n2.1 We set none.\n2.2 You may.\n3. Contact\nWrite to us."
    )
    scope, cookies, contact = make_outline(read(text)).parts
    assert scope.body == "### 1.1 Persons\n\nAll who use it.\n\n### 1.2 Places\n\nThe whole world."
    assert (cookies.wanted, contact.wanted) == ("cookies", "contact")
    assert "#" not in cookies.body


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
