"""Text into tokens: what a reader takes for one word, one number, one address, one sign of punctuation.

Takes the text of a block; gives tokens and what stands before each (a space or nothing). Scripts that put no spaces
between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese) are cut sign by sign, a sign being what Unicode calls a
grapheme, roughly: a base and the marks on it, or a picture with all that is joined to it (UAX #29), which are never
parted. Numbers with their separators, amounts, dates in figures, URLs and e-mail addresses are one token each.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from zlib import crc32

#: Stands for an image among the words (OBJECT REPLACEMENT CHARACTER).
IMAGE = "\ufffc"

#: Scripts counted and compared sign by sign (Thai, Lao, Burmese, Khmer, kana, Han, Hangul).
SIGNS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff"

SENTENCE_ENDS = frozenset(".!?…。！？؟।")
CLOSING = frozenset("\"'”’»)）]」』")

#: What pictures are made of (UTS #51): letters that make a flag in twos, those that one joins to another, and what
#: shades one or spells which flag it is (skin tones, tags). Further, what varies a Chinese character.
_REGIONS = "\U0001f1e6-\U0001f1ff"
_PICTURES = "\u203c-\u3299\U0001f000-\U0001faff"
_SHADES = "\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
_VARIANTS = "\U000e0100-\U000e01ef"

_LETTER = rf"(?![{SIGNS}])\w"


@cache  # made when a text is first cut: a site in which nothing changed cuts none
def _token() -> re.Pattern[str]:
    marks = _marks()
    return re.compile(
        rf"""
          (?:https?://|www\.)[^\s<>"'“”«»()\[\]{SIGNS}]*(?![{SIGNS}])[\w/=\#-]  # an address of the web
        | [a-zA-Z0-9._+-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+            # an e-mail address
        | [$€£¥]?\d+(?:[.,:/–-]\d+)*%?(?![\w{marks}])                  # a number, amount, date, clause 4.1
        | [{SIGNS}][{marks}{_VARIANTS}]*                                # one sign of a script without spaces
        | (?:{_LETTER}[{marks}]*)+                                      # a word
        | {IMAGE}                                                       # what stands for an image
        | [{_REGIONS}]{{2}}                                               # a flag, of two letters
        | ([^\w\s{IMAGE}])\1*[{marks}{_SHADES}]*                         # punctuation, repeated: ... ---
            (?:(?<=\u200d)[{_PICTURES}][{marks}{_SHADES}]*)*             # a picture, and others joined to it
        """,
        re.VERBOSE,
    )


@cache
def _counted() -> re.Pattern[str]:
    return re.compile(rf"[{SIGNS}]|(?:{_LETTER})+")


def _marks() -> str:
    """The combining marks and joiners of the Basic Multilingual Plane as ranges of a character class."""
    blocks = ((0x300, 0x1E00), (0x20D0, 0x2100), (0x302A, 0x309B), (0xA66F, 0xABF0), (0xFB1E, 0xFB1F), (0xFE00, 0xFE30))
    marks = [c for first, last in blocks for c in range(first, last) if unicodedata.category(chr(c))[0] == "M"]
    ranges: list[list[int]] = []
    for c in [*marks, 0x200C, 0x200D]:
        if ranges and ranges[-1][1] == c - 1:
            ranges[-1][1] = c
        else:
            ranges.append([c, c])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


def tokenise(text: str) -> list[tuple[int, int]]:
    """Where each token of a text begins and ends; what lies between tokens is white space."""
    return [match.span() for match in _token().finditer(text)]


@lru_cache(maxsize=1 << 16)
def token_size(token: str) -> int:
    """How many words a token counts for: none for punctuation or an image, several for an address or an amount."""
    return 0 if token[0] == IMAGE else word_count(token)


def word_count(text: str) -> int:
    """How many words there are in a text; of scripts without spaces every sign counts."""
    return len(_counted().findall(text))


#: How many different tokens get a number of their own in one process.
NUMBERED = 1_000_000


class _Numbers(dict[str, int]):
    """Numbers for tokens, below 0x110000. Beyond NUMBERED tokens two may share one, so that memory stays bounded."""

    def __missing__(self, token: str) -> int:
        if len(self) < NUMBERED:
            return self.setdefault(token, len(self) + 1)
        return NUMBERED + crc32(token.encode("utf-8", "surrogatepass")) % (0x110000 - NUMBERED)


_NUMBERS = _Numbers()


def code(tokens: Iterable[str]) -> str:
    """Tokens as a string in which each is one character, which is what rapidfuzz compares fastest.

    The characters say only which tokens are the same, and where there are very many, which may be: whoever takes two
    for the same compares the tokens.
    """
    return "".join(map(chr, map(_NUMBERS.__getitem__, tokens)))
