"""The numbers of clauses: which there are in each text, and which became which.

Takes the changes of blocks; says whether a number that became another only counts on: at the head of a clause, where
both texts count such heads, or in a reference, where the clause that is referred to was renumbered just so. A number
that counts nothing (a price, a period, an article of a law) is none of these.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gazette.redline.blocks import Block, BlockKind
from gazette.redline.changes import BlockChange

_LEAD = re.compile(r"\s*([(\[]?)(\d+(?:\.\d+)*|[A-Za-z]|[ivxlcIVXLC]+)([.)\]:]*)")
#: What follows the number of a clause that ends with no mark: "3.1 Fees"; not "6 months".
_TITLE = re.compile(r"\s+[^\W\d_a-z]")
#: "10.5 EUR", "2.5 GB"
_UNIT = re.compile(r"\s+[A-Z]+\b")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


class Lead(NamedTuple):
    """The number at the head of a clause, and how it is written there: the kind of block, and the signs around it.

    `is_plain` says whether nothing but a clause is numbered so: a heading `2. Fees`, a paragraph `3.1 Fees` or `(a) …`.
    """

    number: str
    kind: BlockKind
    opening: str
    closing: str
    is_plain: bool


def lead_of(block: Block | None) -> Lead | None:
    """The number that a block begins with, if it may be that of a clause."""
    if block is None or not (found := _LEAD.match(block.text)):
        return None
    rest = block.text[found.end() :]
    is_clause = rest[:1].isspace() or not rest if found[3] else found[2][0].isdecimal() and _TITLE.match(rest)
    if not is_clause:
        return None
    if block.kind is BlockKind.HEADING:
        is_plain = bool(found[3])
    else:
        is_plain = block.kind is BlockKind.PARAGRAPH and (bool(found[1]) or ("." in found[2] and not _UNIT.match(rest)))
    return Lead(found[2], block.kind, found[1], found[3], is_plain)


class Numbering:
    """The numbers of two texts, from the changes of all their blocks."""

    def __init__(self, blocks: Iterable[BlockChange]) -> None:
        self._old: set[Lead] = set()
        self._new: set[Lead] = set()
        self._became: defaultdict[str, set[str]] = defaultdict(set)
        for change in blocks:
            was = change.was if change.new else change.block  # what went stands for itself
            now = change.block if change.new else None
            leads = lead_of(was), lead_of(now)
            self._old.update([leads[0]] if leads[0] else ())
            self._new.update([leads[1]] if leads[1] else ())
            if leads[0] and leads[1]:
                self._became[leads[0].number].add(leads[1].number)
            if was and now and was.number and now.number:  # items of lists
                self._became[str(was.number)].add(str(now.number))

    def counts_on(self, change: BlockChange) -> bool:
        """Whether a block's own number became another one of the same kind, each of them one of a series."""
        was, now = lead_of(change.was), lead_of(change.block)
        if was is None or now is None or was[1:4] != now[1:4]:
            return False
        if was.is_plain and now.is_plain:
            return True
        return _is_in_series(was, self._old) and _is_in_series(now, self._new)

    def became(self, old: str, new: str) -> bool:
        """Whether the clause with one number has the other now."""
        return new in self._became.get(old, ())


def _is_in_series(lead: Lead, others: set[Lead]) -> bool:
    """Whether what is written alike counts up to a number, or on from it."""
    before, _, last = lead.number.rpartition(".")
    near = {f"{before}.{other}" if before else other for other in _next_to(last)}
    if before and last == "1":
        near.add(before)
    return any(lead._replace(number=number) in others for number in near)


def _next_to(number: str) -> Iterator[str]:
    """The numbers before and after one: `3` and `5`, `b` and `d`, `iii` and `v`."""
    if number.isdecimal():
        yield from (str(int(number) - 1), str(int(number) + 1))
        return
    if len(number) == 1:
        yield from (chr(ord(number) - 1), chr(ord(number) + 1))
    if _ROMAN.keys() >= set(number.lower()):
        value = _value(number.lower())
        found = (_roman(value - 1), _roman(value + 1))
        yield from map(str.upper, found) if number.isupper() else found


def _value(roman: str) -> int:
    values = [_ROMAN[sign] for sign in roman]
    return sum(-v if v < max(values[n:]) else v for n, v in enumerate(values))


def _roman(value: int) -> str:
    signs = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    out = ""
    for size, sign in signs:
        count, value = divmod(value, size)
        out += sign * count
    return out
