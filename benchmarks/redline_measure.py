"""How much a redline marks, what it shows and what it fails at, beside the two texts that it is of.

Takes the HTML of a redline and the two Markdown texts; gives counts, which add up over pairs, and names of failures. A
*run* is changed text between kept text, within one block; an *island* is kept text between two runs of one block.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from rapidfuzz.distance import Indel
from redline_page import ATTRIBUTES, WORD, Around, Block, Break, Document, Stretch, document, read, said_by, side

_STOP_WORDS = """
a all an and any are as at be by can for from if in is it its may no not of on or other our such that the these
this those to us was we were which who will with you your
"""
#: English words that mean too little to be kept alone between two changes.
STOP_WORDS = frozenset(_STOP_WORDS.split())


@dataclass(frozen=True, slots=True)
class Move:
    """Words known to have moved: where they are in the old text and in the new one; % of them that were edited."""

    old: range
    new: range
    edited: int


def measure(old: str, new: str, moves: Sequence[Move], redline: str) -> tuple[Counter[str], set[str]]:
    """All figures of one redline, and the names of what it fails at."""
    page = read(redline)
    expected = {"old": document(old), "new": document(new)}
    said = {which: said_by(side(page, which)) for which in expected}
    figures = count_changes(page.items)
    figures["size"] = len(expected["new"].words)
    figures["distance"] = distance(expected["old"].words, expected["new"].words)
    found = {
        which: {i: said[which].settings[j] for i, j in common(expected[which].words, said[which].words)}
        for which in expected
    }
    figures.update(attribute_changes(expected["old"].blocks, expected["new"].blocks, found["new"]))
    figures.update(_moves(moves, found["old"], found["new"]))
    failures = {name for which in expected for name in _round_trip(expected[which], said[which])}
    for place, around in enumerate(expected["new"].settings):
        now = found["new"].get(place)
        if now and any(getattr(around, kind) != getattr(now, kind) for kind in ATTRIBUTES):
            failures.add("accepted")
            break
    return figures, failures | ({"invalid"} if page.invalid else set()) | ({"vocabulary"} if page.vocabulary else set())


def _round_trip(expected: Document, said: Document) -> Iterator[str]:
    if expected.words != said.words:
        yield "words"
    if not _same([part for block in said.blocks for part in _with_spaces(block)], _whole(expected)):
        yield "text"
    if len(expected.blocks) != len(said.blocks) or not all(
        _same(mine.parts, theirs.text) for mine, theirs in zip(said.blocks, expected.blocks, strict=True)
    ):
        yield "blocks"


def _whole(expected: Document) -> str:
    return " ".join(block.text for block in expected.blocks)


def _with_spaces(block: Block) -> Iterator[str]:
    """The parts of a block, the last one with the space that is between blocks."""
    yield from block.parts[:-1]
    yield f"{block.parts[-1] if block.parts else ''} "


def _same(parts: Sequence[str], text: str) -> bool:
    """Whether these parts, with a space or nothing at each joint, are the text."""
    at = 0
    text = f"{text} "
    for part in parts:
        if text.startswith(part, at):
            at += len(part)
        elif text.startswith(f" {part}", at):
            at += len(part) + 1
        else:
            return False
    return not text[at:].strip()


def count_changes(items: Iterable[Stretch | Break]) -> Counter[str]:
    """Words by fate, runs, and kept islands: of at most two words, and of stop words alone."""
    figures: Counter[str] = Counter()
    segments: list[tuple[bool, int, list[str]]] = []
    stretches = (item for item in items if isinstance(item, Stretch))
    for (fate, block), group in groupby(stretches, key=lambda item: (item.around.fate, item.block)):
        words = WORD.findall("".join([item.text for item in group]))
        figures[fate] += len(words)
        if not words:
            continue
        changed = fate in "+-"
        if segments and segments[-1][:2] == (changed, block):
            segments[-1][2].extend(words)
        else:
            segments.append((changed, block, words))
    figures["runs"] = sum(changed for changed, _, _ in segments)
    for before, here, after in zip(segments, segments[1:], segments[2:], strict=False):
        if not here[0] and before[0] and after[0] and before[1] == here[1] == after[1]:
            figures["islands"] += len(here[2]) <= 2
            figures["stop"] += all(word.lower() in STOP_WORDS for word in here[2])
    return figures


def attribute_changes(old: Sequence[Block], new: Sequence[Block], found: dict[int, Around]) -> Counter[str]:
    """Changes of attributes in blocks whose words stayed: how many there are, and how many the redline shows.

    One is shown where at least half of its words are in a span that says so, or are marked as changed. `found` has what
    surrounds the new text's words in the redline.
    """
    figures: Counter[str] = Counter()
    starts = [0, *accumulate(len(block.words) for block in new)]
    for i, j in common([block.text for block in old], [block.text for block in new]):
        both = list(zip(old[i].words, new[j].words, strict=True))
        for kind, spans in ATTRIBUTES.items():
            values = [(getattr(was[1], kind), getattr(now[1], kind)) for was, now in both]
            for (was, now), group in groupby(range(len(values)), key=values.__getitem__):
                if was == now:
                    continue
                seen = [found.get(starts[j] + place, Around()) for place in group]
                shown = sum(around.fate != "=" or not spans.isdisjoint(around.spans) for around in seen)
                figures[f"{kind} all"] += 1
                figures[f"{kind} shown"] += 2 * shown >= len(seen)
    return figures


def _moves(moves: Sequence[Move], old: dict[int, Around], new: dict[int, Around]) -> Counter[str]:
    figures: Counter[str] = Counter()
    away = {place for place, around in old.items() if around.fate == "m"}
    here = {place for place, around in new.items() if around.fate == "m"}
    figures["marked"] = len(away) + len(here)
    for move in moves:
        left, arrived = len(away.intersection(move.old)), len(here.intersection(move.new))
        figures[f"moves {move.edited}"] += 1
        figures[f"found {move.edited}"] += 2 * left >= len(move.old) and 2 * arrived >= len(move.new)
        figures["true"] += left + arrived
    return figures


def distance(old: Sequence[str], new: Sequence[str]) -> int:
    """Words to delete and to insert at least, to make one of the other."""
    return Indel.distance(*_numbered(old, new))


def common(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places of a longest common subsequence."""
    for step in Indel.opcodes(*_numbered(old, new)):
        if step.tag == "equal":
            yield from zip(range(step.src_start, step.src_end), range(step.dest_start, step.dest_end), strict=True)


def _numbered(*texts: Sequence[str]) -> list[list[int]]:
    """Each distinct item as a number: the library compares by hash."""
    numbers: dict[str, int] = {}
    return [[numbers.setdefault(item, len(numbers)) for item in text] for text in texts]
