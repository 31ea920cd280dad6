"""Summaries that say nothing: empty, "updates", "various changes to our policy".

A summary is the changelog entry, the feed entry and the body of the notice, so it has to say what changed. Takes its
Markdown; the words that say nothing are a data file.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_WORDS = re.compile(r"[^\W_]+(?:/[^\W_]+)?", re.UNICODE)
_COMMENTS = re.compile(r"<!--.*?-->", re.DOTALL)
_TARGETS = re.compile(r"\]\([^)]*\)|https?://\S+")


def says_nothing(summary: str) -> bool:
    """Whether no word is left once comments, link targets, numbers and words that say nothing are taken out."""
    visible = _TARGETS.sub("]", _COMMENTS.sub("", summary)).lower()
    return not any(not word.isdigit() and word not in _empty_words() for word in _WORDS.findall(visible))


@cache
def _empty_words() -> frozenset[str]:
    text = (files(__package__) / "words" / "summaries.txt").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
