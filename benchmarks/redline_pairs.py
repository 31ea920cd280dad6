"""Pairs of texts to measure redlines on: of real histories, and made from them with moves that are known.

A history is a folder whose files, in the order of their names, are the versions of one text. A made pair takes a
stretch of a real text and moves paragraphs far away, up to 30 % of their words edited. Among them are other edits:
words replaced, paragraphs added, dropped, split and merged, headings renamed or put at another level, links changed,
items and rows added and dropped. The same seed makes the same pairs.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path

from redline_measure import Move
from redline_page import WORD, document, render

#: How many blocks of a text a made pair takes at most, and how many of them it moves.
_STRETCH, _MOVES = 110, 4
#: A paragraph that is moved has so many words, and passes at least this multiple of them.
_LEAST, _MOST, _PASSED = 12, 90, 2

_APART = re.compile(r"\n[^\S\n]*\n(?=\S)")
_UNFIT = re.compile(r"\]:|^ {0,3}(?:```|~~~|<)|<(?!https?:)|\{[#:.]|^\*\[|\[\^|\x00", re.MULTILINE)
#: What is no word to edit: the target of a link, an address, an entity.
_WORD_OR_NOT = re.compile(r"\]\([^)]*\)|<[^>]*>|https?://\S+|&#?\w+;|" + WORD.pattern)
_SENTENCE_END = re.compile(r"(?<=[a-zß-ÿ]\.) (?=[A-ZÀ-Þ])")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Pair:
    """Two texts to compare, the history that they are from, and what is known to have moved."""

    history: str
    name: str
    old: str
    new: str
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A block of Markdown. `origin`: its place in the old text; `moved`: the % of its words that were edited."""

    text: str
    origin: int
    moved: int | None = None

    @property
    def words(self) -> tuple[str, ...]:
        return _words(self.text)

    @property
    def tag(self) -> str:
        """The element that it becomes: `p`, `h2`, `ul`, `table`."""
        return _tag(self.text)


def read(path: Path) -> str:
    """A version's text; whatever its bytes and line ends are."""
    text = path.read_bytes().decode("utf-8", "replace").lstrip("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def neighbours(folder: Path) -> list[Pair]:
    """Each version and the next one that differs."""
    files = sorted(folder.glob("*.md"))
    return list(_pairs(folder, files, pairwise(range(len(files)))))


def distant(folder: Path) -> list[Pair]:
    """The first and the last version, both halves, and the middle half."""
    files = sorted(folder.glob("*.md"))
    last = len(files) - 1
    return list(_pairs(folder, files, [(0, last), (0, last // 2), (last // 2, last), (last // 4, 3 * last // 4)]))


def _pairs(folder: Path, files: Sequence[Path], places: Iterable[tuple[int, int]]) -> Iterator[Pair]:
    for i, j in dict.fromkeys(places):
        if 0 <= i < j and (old := read(files[i])) != (new := read(files[j])):
            yield Pair(folder.resolve().name, f"{files[i].stem} {files[j].stem}", old, new)


def spread(pairs: Sequence[Pair], most: int) -> list[Pair]:
    """At most so many of them, evenly spread."""
    many = min(len(pairs), most)
    return [pairs[n * len(pairs) // many] for n in range(many)]


def made(folders: Sequence[Path], count: int, seed: int = 7) -> Iterator[Pair]:
    """So many pairs, made from the first, the middle and the last version of each history."""
    sources = [
        (folder.resolve().name, read(files[place]))
        for folder in folders
        if (files := sorted(folder.glob("*.md")))
        for place in sorted({0, len(files) // 2, len(files) - 1})
    ]
    sources = [(name, text) for name, text in sources if len(_pieces(text)) > 20]
    number = 0
    for attempt in range(40 * count if sources else 0):
        if number == count:
            return
        chance = random.Random(f"{seed} {attempt}")
        history, text = chance.choice(sources)
        if pair := _Maker(chance, text).pair(history, f"made {attempt}"):
            number += 1
            yield pair


class _Maker:
    """Makes one pair."""

    def __init__(self, chance: random.Random, source: str) -> None:
        self.chance = chance
        pieces = _pieces(source)
        start = chance.randrange(max(1, len(pieces) - _STRETCH + 1))
        self.old = [Piece(text, place) for place, text in enumerate(pieces[start : start + _STRETCH])]
        self.vocabulary = _vocabulary(source)
        self.before = [0, *accumulate(len(piece.words) for piece in self.old)]

    def pair(self, history: str, name: str) -> Pair | None:
        movers = self._movers()
        new = [after for piece in self.old if piece.origin not in movers for after in self._edit(piece)]
        placed = all(self._place(mover, new) for mover in movers.values())
        was, now = ("\n\n".join(piece.text for piece in pieces) + "\n" for pieces in (self.old, new))
        if not movers or not placed or not (_is_sum(was, self.old) and _is_sum(now, new)):
            return None
        ends = accumulate(len(piece.words) for piece in new)
        moves = tuple(
            Move(range(self.before[p.origin], self.before[p.origin + 1]), range(end - len(p.words), end), p.moved)
            for p, end in zip(new, ends, strict=True)
            if p.moved is not None
        )
        return Pair(history, name, was, now, moves)

    def _movers(self) -> dict[int, Piece]:
        """Paragraphs that move, far from each other, by their places; each more edited than the one before."""
        movers: dict[int, Piece] = {}
        for piece in self.chance.sample(self.old, len(self.old)):
            fits = piece.tag == "p" and _LEAST <= len(piece.words) <= _MOST and "\n" not in piece.text
            if fits and all(abs(piece.origin - other) > 6 for other in movers):
                share = 10 * len(movers)
                movers[piece.origin] = Piece(self._reworded(piece.text, share / 100), piece.origin, share)
                if len(movers) == _MOVES:
                    break
        return {origin: piece for origin, piece in movers.items() if piece.tag == "p"}

    def _place(self, mover: Piece, new: list[Piece]) -> bool:
        """Put what moves where it passes so much text that nothing else can be said to have moved instead."""
        far = [
            place
            for place, other in enumerate(new)
            if other.moved is None
            and abs(other.origin - mover.origin) > 8
            and abs(self.before[other.origin] - self.before[mover.origin]) > _PASSED * len(mover.words)
        ]
        if far:
            new.insert(self.chance.choice(far), mover)
        return bool(far)

    def _edit(self, piece: Piece) -> list[Piece]:
        """What becomes of a block that stays; most stay as they are."""
        chance, text = self.chance.random(), piece.text
        if chance > 0.3:
            return [piece]
        if piece.tag.startswith("h"):
            return [Piece(self._heading(text), piece.origin)]
        if piece.tag in ("ul", "ol", "table"):
            return [Piece(self._lines(text), piece.origin)]
        if chance < 0.03:
            return []
        if chance < 0.06:
            return [piece, Piece(" ".join(self.chance.choices(self.vocabulary, k=30)), piece.origin)]
        if chance < 0.1:
            return [Piece(part, piece.origin) for part in _SENTENCE_END.split(text, maxsplit=1)]
        if chance < 0.14:
            return [Piece(re.sub(r"(\]\(\w+://[^)\s]+)", r"\1/x", text), piece.origin)]
        if chance < 0.17:
            return [Piece(re.sub(r"(?<= )([^\W\d_]{4,})(?= )", r"**\1**", text, count=1), piece.origin)]
        return [Piece(self._reworded(text, 0.07), piece.origin)]

    def _heading(self, text: str) -> str:
        if self.chance.random() < 0.5 and re.match(r"#{1,5} ", text):
            return f"#{text}"
        return f"{text} {self.chance.choice(self.vocabulary)}" if text.startswith("#") else text

    def _lines(self, text: str) -> str:
        """A list with an item or a table with a row more or less, or another word in it."""
        lines = text.split("\n")
        place = self.chance.randrange(2, len(lines)) if len(lines) > 3 else 0
        kind = self.chance.random()
        if place and kind < 0.3:
            del lines[place]
        elif place and kind < 0.6:
            words = iter(self.chance.choices(self.vocabulary, k=len(lines[place])))
            lines.insert(place, _LETTERS.sub(lambda _: next(words), lines[place]))
        elif kind > 0.6:
            lines[place] = self._reworded(lines[place], 0.2)
        return "\n".join(lines)

    def _reworded(self, text: str, share: float) -> str:
        """The text with that share of its words replaced, dropped, or followed by another one."""

        def edit(match: re.Match[str]) -> str:
            word, kind = match[0], self.chance.random()
            if kind >= share or not _LETTERS.fullmatch(word):
                return word
            other = self.chance.choice(self.vocabulary)
            return other if kind < 0.6 * share else "" if kind < 0.75 * share else f"{word} {other}"

        return _WORD_OR_NOT.sub(edit, text)


@lru_cache(maxsize=64)
def _pieces(source: str) -> tuple[str, ...]:
    """The blocks of a text that mean the same wherever they stand, each once."""
    pieces = (piece.strip("\n") for piece in _APART.split(source))
    return tuple(piece for piece in dict.fromkeys(pieces) if not _UNFIT.search(piece) and _words(piece))


@lru_cache(maxsize=64)
def _vocabulary(source: str) -> tuple[str, ...]:
    return tuple(word for word in WORD.findall(source) if _LETTERS.fullmatch(word))


@lru_cache(maxsize=50_000)
def _words(text: str) -> tuple[str, ...]:
    return document(text).words


@lru_cache(maxsize=50_000)
def _tag(text: str) -> str:
    match = re.match(r"<(\w+)", render(text))
    return match[1] if match else ""


def _is_sum(text: str, pieces: Sequence[Piece]) -> bool:
    """Whether the text says what its blocks say, one after the other."""
    return document(text).words == tuple(word for piece in pieces for word in piece.words)
