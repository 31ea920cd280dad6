"""Numbered headings in plain text that no blank line need set apart: `1. Scope` right above its words, `2. …`, `3. …`.

Takes the lines of a text; gives the numbers of those that are such headings. One line alone could as well be an item of
a list, so that several signs must agree: the numbers run on from 1 and reach 3; each line is short, like a title, and
was not broken by an editor's wrapping; words stand right below it, at the margin; and nothing introduces a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gazette.editorial.importing.text_lists import is_item
from gazette.editorial.importing.wrapping import was_wrapped

LONGEST_TITLE = 80
MOST_WORDS = 12
FEWEST = 3

_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2})*)\.?[ ]+(?P<title>[^\W\d_].*)")
_NO_TITLE = re.compile(r"[.;,!。…]['\"”’)]*$|[.!?;]\s+\S")
#: A full stop may end a title whose words have capitals, small ones aside: `7. Limitation of Liability.`
_STOPPED_TITLE = re.compile(
    r"(?:[A-ZÀ-ÖØ-Þ0-9][\w.’'-]*|[a-zà-ÿ]{1,3}|&)(?:[ ,]+(?:[A-ZÀ-ÖØ-Þ0-9][\w.’'-]*|[a-zà-ÿ]{1,3}|&))*\."
)
_SAYS_MORE = re.compile(r"[.!?:;。]['\"”’)]*$")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that may be a heading: its place, and its number as in `2.1`."""

    place: int
    number: tuple[int, ...]
    says_more: bool  # what stands below it reads like text rather than like another short entry


def running_headings(lines: Sequence[str]) -> frozenset[int]:
    """The places of lines that are numbered headings whose numbers run on, set apart by blank lines or not."""
    candidates = list(_candidates(lines))
    found = _run([line for line in candidates if len(line.number) == 1], ())
    for parent in list(found):
        end = next((line.place for line in found if line.place > parent.place), len(lines))
        inside = [line for line in candidates if parent.place < line.place < end and line.number[:-1] == parent.number]
        found += _run(inside, parent.number, fewest=2)
    return frozenset(line.place for line in found)


def _candidates(lines: Sequence[str]) -> Iterator[_Line]:
    for place, line in enumerate(lines):
        match = _NUMBERED.fullmatch(line.rstrip())
        if match is None or not _is_title(line.rstrip(), match["title"]):
            continue
        below = _at(lines, place + 1)
        number = tuple(map(int, match["number"].split(".")))
        if _is_listed(lines, place, number) or (below and not _begins_text(line, below, lines, place)):
            continue
        says_more = not below or len(below) > len(line) or bool(_SAYS_MORE.search(below)) or is_item(below, True)
        yield _Line(place, number, says_more)


def _is_title(line: str, title: str) -> bool:
    short = len(line) <= LONGEST_TITLE and len(title.split()) <= MOST_WORDS
    ended = _NO_TITLE.search(title) is not None and not _STOPPED_TITLE.fullmatch(title)
    return short and title[0] == title[0].upper() and not ended


def _is_listed(lines: Sequence[str], place: int, number: tuple[int, ...]) -> bool:
    """Whether the line goes on a list, or begins one that the words above announce."""
    above = _NUMBERED.fullmatch(_at(lines, place - 1)) or re.match(r"(?P<number>\d{1,2})[.)]\s", _at(lines, place - 1))
    if above and above["number"] == str(number[-1] - 1):
        return True
    words = next((line.rstrip() for line in reversed(lines[:place]) if line.strip()), "")
    return number[-1] == 1 and words.endswith((":", "："))


def _begins_text(line: str, below: str, lines: Sequence[str], place: int) -> bool:
    """Whether what stands right below a line is a text of its own: not an item, not the rest of the same sentence."""
    if below[0] == " " or below[0].islower() or (is_item(below) and not is_item(below, bullets_only=True)):
        return False
    return not was_wrapped(line.rstrip(), below, max(map(len, _block(lines, place))))


def _block(lines: Sequence[str], place: int) -> Sequence[str]:
    """The lines around one up to the blank ones."""
    first = next((n + 1 for n in range(place - 1, -1, -1) if not lines[n].strip()), 0)
    last = next((n for n in range(place, len(lines)) if not lines[n].strip()), len(lines))
    return lines[first:last]


def _run(candidates: Sequence[_Line], parent: tuple[int, ...], fewest: int = FEWEST) -> list[_Line]:
    """The longest run of lines numbered 1, 2, 3 …; nothing if it is short, or most of it is not text with a title."""
    run: list[_Line] = []
    for start in [line for line in candidates if line.number == (*parent, 1)]:
        found = [start]
        while following := _following(candidates, found[-1]):
            found.append(following)
        run = max(run, found, key=len)
    speaking = sum(line.says_more for line in run)
    return run if len(run) >= fewest and 3 * speaking >= 2 * len(run) else []


def _following(candidates: Sequence[_Line], line: _Line) -> _Line | None:
    """The next line with the next number. Where the line's own number comes again before it, a list with numbers of its
    own stands in between: then the last line with that number, before the number after it."""
    found: _Line | None = None
    repeated = False
    for other in [other for other in candidates if other.place > line.place]:
        ahead = other.number[-1] - line.number[-1]
        repeated = repeated or ahead == 0
        if ahead == 1:
            found = other
        if found is not None and (ahead == 2 or not repeated):
            break
    return found


def _at(lines: Sequence[str], place: int) -> str:
    """A line, without what ends it; nothing beyond the text."""
    return lines[place].rstrip() if 0 <= place < len(lines) else ""
