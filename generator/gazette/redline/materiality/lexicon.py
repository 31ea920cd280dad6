"""The words that carry weight, per language: data files in `words/`, and what a site adds to them.

A file has groups, `[recipients]`, each with one word or phrase a line; `*` stands for the rest of a word. A language
without a file has an empty lexicon: then only the signals that need no language are left.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

#: Nothing matches.
_NOTHING = re.compile(r"(?!)")
_APOSTROPHES = str.maketrans("’ʼ‘", "'''")


@dataclass(frozen=True)
class Lexicon:
    """Groups of words as patterns. `language` is empty where there are no words for the language."""

    language: str = ""
    groups: Mapping[str, re.Pattern[str]] = field(default_factory=dict, hash=False)

    def pattern(self, group: str) -> re.Pattern[str]:
        return self.groups.get(group, _NOTHING)

    def found(self, group: str, text: str) -> Counter[str]:
        """The words of a group in a text, lower-case, with how often they occur. Each place counts once."""
        return Counter(match[0] for match in self.pattern(group).finditer(folded(text)))

    def has(self, group: str, text: str) -> bool:
        return self.pattern(group).search(folded(text)) is not None


def lexicon(language: str, own: Path | None = None) -> Lexicon:
    """The lexicon of a BCP 47 language (its primary subtag counts); `own` is a folder with a site's files."""
    name = language.split("-")[0].lower()
    path = own / f"{name}.txt" if own is not None else None
    if path is None or not path.is_file():
        return _packaged(name)
    mine = parse(path.read_text("utf-8-sig"))
    base = _words(name)
    merged = {group: [*base.get(group, []), *mine.get(group, [])] for group in {*base, *mine}}
    return _compiled(name, merged)


def parse(text: str) -> dict[str, list[str]]:
    """Group → words of a word file. ValueError names a line that is in no group."""
    groups: dict[str, list[str]] = {}
    current: list[str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        if entry.startswith("[") and entry.endswith("]"):
            current = groups.setdefault(entry[1:-1].strip(), [])
        elif current is None:
            raise ValueError(f"line {number}: '{entry}' is in no group; begin with a line such as [recipients]")
        else:
            current.append(entry)
    return groups


def folded(text: str) -> str:
    """Lower-case, with one kind of apostrophe."""
    return text.translate(_APOSTROPHES).lower()


@cache
def _packaged(name: str) -> Lexicon:
    groups = _words(name)
    return _compiled(name, groups) if groups else Lexicon()


def _words(name: str) -> dict[str, list[str]]:
    path = files(__package__) / "words" / f"{name}.txt"
    return parse(path.read_text("utf-8")) if name.isalpha() and path.is_file() else {}


def _compiled(name: str, groups: Mapping[str, Iterable[str]]) -> Lexicon:
    return Lexicon(name, {group: _pattern(words) for group, words in groups.items()})


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """One pattern for a group; the longest words first, so that "may not" is not taken for "may"."""
    ordered = sorted({folded(word) for word in words}, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(_one, ordered)) or r"(?!)")


def _one(word: str) -> str:
    body = re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
    before = r"(?<=\w)" if word == "n't" else r"(?<!\w)" if word[0].isalnum() else ""
    after = r"(?!\w)" if word[-1].isalnum() else ""
    return f"{before}{body}{after}"
