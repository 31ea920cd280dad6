"""Figures in a text that people rely on: amounts, percentages, periods, ages. Dates and section numbers are none.

Takes words and a lexicon; gives each figure in one spelling, so that "30 Days" and "30 days" are the same. Symbols and
the units of some scripts need no lexicon.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from gazette.redline.materiality.lexicon import Lexicon, folded

_NUMBER = r"\d+(?:[.,'\u00a0\u202f]\d+)*"
_SIGNS = r"us\$|a\$|c\$|r\$|[$€£¥₹₩]|usd|eur|gbp|chf|brl|jpy|cad|aud"
_AMOUNT = re.compile(rf"(?<!\w)(?:{_SIGNS})\s?{_NUMBER}|(?<![\w.,]){_NUMBER}\s?(?:{_SIGNS}|円|元|원)(?!\w)")
_PERCENT = re.compile(rf"(?<![\w.,]){_NUMBER}\s?%")
_UNSPACED = re.compile(r"\d+\s?(?:歳|才|日間|か月|ヶ月|ヵ月|年間|時間|天|个月|個月|周岁|세|일간|개월)")


def figures(text: str, words: Lexicon) -> Counter[tuple[str, str]]:
    """(`amount`, `percentage`, `period` or `age`; the figure as written, folded) with how often each occurs."""
    found: Counter[tuple[str, str]] = Counter()
    low = folded(text)
    age, written = _patterns(words)
    for match in _AMOUNT.finditer(low):
        found["amount", _spelt(match[0])] += 1
    for match in _PERCENT.finditer(low):
        found["percentage", _spelt(match[0])] += 1
    for match in _UNSPACED.finditer(low):
        found["age" if match[0][-1] in "歳才岁세" else "period", _spelt(match[0])] += 1
    for kind, pattern in written:
        for match in pattern.finditer(low):
            around = low[max(0, match.start() - 20) : match.end() + 20]
            found["age" if kind == "period" and age.search(around) else kind, _spelt(match[0])] += 1
    return found


@lru_cache(maxsize=32)
def _patterns(words: Lexicon) -> tuple[re.Pattern[str], tuple[tuple[str, re.Pattern[str]], ...]]:
    """What makes a period an age, and the figures that are written with words of the language."""
    number = rf"(?:(?:{words.pattern('numbers').pattern})\s*(?:\(\s*\d+\s*\)\s*)?|(?<![\w.,§]){_NUMBER}[\s-]?)"
    built = tuple(
        (kind, re.compile(rf"{number}\s*(?:{words.pattern(group).pattern})"))
        for kind, group in (("period", "units"), ("percentage", "percent"), ("amount", "currencies"))
        if group in words.groups
    )
    return words.pattern("age"), built


def _spelt(figure: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]+", " ", figure.replace("-", " ")).strip()
