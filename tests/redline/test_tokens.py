"""What a reader takes for one token, as a table."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazette.redline.tokens import IMAGE, code, token_size, tokenise, word_count

#: Flags of parts of a country: a black flag, and letters that nobody sees.
SCOTLAND, WALES = ("🏴" + "".join(chr(0xE0000 + ord(c)) for c in f"gb{part}\x7f") for part in ("sct", "wls"))

TABLE = [
    ("", []),
    (" \n\t ", []),
    ("one two", ["one", "two"]),
    ("One, two.", ["One", ",", "two", "."]),
    ("don't", ["don", "'", "t"]),
    ("opt-out", ["opt", "-", "out"]),
    ("snake_case", ["snake_case"]),
    # numbers, amounts, clauses, dates
    ("30 days", ["30", "days"]),
    ("pay $25,000.50 now", ["pay", "$25,000.50", "now"]),
    ("€1.000,00", ["€1.000,00"]),
    ("£5", ["£5"]),
    ("99.9% up", ["99.9%", "up"]),
    ("in 4.1 and 4.1.2.", ["in", "4.1", "and", "4.1.2", "."]),
    ("2023-03-18", ["2023-03-18"]),
    ("18/03/2023, 18.03.2023", ["18/03/2023", ",", "18.03.2023"]),
    ("at 10:30", ["at", "10:30"]),
    ("2019–2021", ["2019–2021"]),
    ("(EU) 2016/679", ["(", "EU", ")", "2016/679"]),
    ("1,2,3", ["1,2,3"]),
    ("30.", ["30", "."]),
    ("4a 2nd", ["4a", "2nd"]),
    # addresses
    ("see https://example.com/a_b?c=1&d=2#e.", ["see", "https://example.com/a_b?c=1&d=2#e", "."]),
    ("(www.example.com/x/)", ["(", "www.example.com/x/", ")"]),
    ("<https://example.com>", ["<", "https://example.com", ">"]),
    ("mail privacy.team+x@mail.example.com, please", ["mail", "privacy.team+x@mail.example.com", ",", "please"]),
    ("a@b", ["a", "@", "b"]),
    # scripts without spaces
    ("私たちは", ["私", "た", "ち", "は"]),
    ("個人情報30日", ["個", "人", "情", "報", "30", "日"]),
    ("ข้อมูล", ["ข้", "อ", "มู", "ล"]),
    ("ລາວ", ["ລ", "າ", "ວ"]),
    ("https://example.com/をご覧", ["https://example.com/", "を", "ご", "覧"]),
    ("GDPR対応", ["GDPR", "対", "応"]),
    # scripts with spaces, marks
    ("نجمع البيانات.", ["نجمع", "البيانات", "."]),
    ("गोपनीयता नीति।", ["गोपनीयता", "नीति", "।"]),
    ("cafe\u0301 now", ["cafe\u0301", "now"]),
    ("e\u0301\u0323x", ["e\u0301\u0323x"]),
    ("が", ["が"]),
    ("か\u3099い", ["か\u3099", "い"]),
    ("Straße Ærø łódź", ["Straße", "Ærø", "łódź"]),
    # punctuation
    ("wait... what?!", ["wait", "...", "what", "?", "!"]),
    ("“quoted”—so", ["“", "quoted", "”", "—", "so"]),
    ("§ 4 (b)", ["§", "4", "(", "b", ")"]),
    (f"a{IMAGE}b", ["a", IMAGE, "b"]),
    # signs made of several characters
    ("👨\u200d👩\u200d👧, 👨\u200d👩\u200d👦", ["👨\u200d👩\u200d👧", ",", "👨\u200d👩\u200d👦"]),
    ("👩\u200d⚕\ufe0f🏳\ufe0f\u200d🌈", ["👩\u200d⚕\ufe0f", "🏳\ufe0f\u200d🌈"]),
    ("👩🏽\u200d🚀👍🏿👍", ["👩🏽\u200d🚀", "👍🏿", "👍"]),
    ("🇩🇪🇩🇰 🇩", ["🇩🇪", "🇩🇰", "🇩"]),
    ("🇩🇪🇩🇪", ["🇩🇪", "🇩🇪"]),
    ("1\ufe0f\u20e3 #\ufe0f\u20e3", ["1\ufe0f\u20e3", "#\ufe0f\u20e3"]),
    ("☎\ufe0f☎", ["☎\ufe0f", "☎"]),
    (f"{SCOTLAND}{WALES}", [SCOTLAND, WALES]),
    ("葛\U000e0100城", ["葛\U000e0100", "城"]),
    ("👨\u200d”", ["👨\u200d", "”"]),
]


def tokens(text: str) -> list[str]:
    return [text[start:end] for start, end in tokenise(text)]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_a_text_is_cut_where_a_reader_would(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@given(st.text(max_size=60))
def test_between_tokens_there_is_only_white_space(text: str) -> None:
    at = 0
    for start, end in tokenise(text):
        assert start < end
        assert not text[at:start].strip()
        at = end
    assert not text[at:].strip()


_SIGNS = "aé個ขकع1 "


@given(
    st.lists(
        st.tuples(st.sampled_from(_SIGNS), st.text("\u0301\u0e31\u0e49\u093f\u3099\u0650", max_size=2)), max_size=8
    )
)
def test_a_mark_is_never_cut_from_its_base(parts: list[tuple[str, str]]) -> None:
    text = "".join(base + marks for base, marks in parts if base != " " or not marks)
    for start, _ in tokenise(text):
        assert start == 0 or not unicodedata.combining(text[start])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("one two, three.", 3),
        ("個人情報", 4),
        ("$25,000.50", 3),
        ("privacy@example.com", 3),
        ("--- ...", 0),
    ],
)
def test_words_are_counted_as_a_reader_would(text: str, expected: int) -> None:
    assert word_count(text) == expected


def test_an_image_is_no_word() -> None:
    assert token_size(f'{IMAGE}<img src="a.png" alt="a plan of it">') == 0


def test_the_same_tokens_have_the_same_codes_and_others_have_others() -> None:
    one, other = code(["data", "we", "data"]), code(["data", "they"])
    assert one[0] == one[2] == other[0]
    assert len({*one, *other}) == 3
