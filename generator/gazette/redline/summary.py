"""A redline in a line, and a line for each section that changed: for lists, notices, comments, the head of a rendering.

Takes the tree, gives plain text without markup: English, or another language whose `Counting` is handed in. Pages in
other languages count for themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from gazette.redline.changes import BlockChange, Counts, Kind, Redline, SectionChange

NOTHING = "No change"


@dataclass(frozen=True, slots=True)
class Counting:
    """How a language counts what changed.

    `nouns` and `deeds` give the words for one and for several: of `section`, `passage`, `word`, `link`, `format`,
    `level`, `number`, and of what was done to sections, passages and words. `first` and `further` put number, noun and
    deed together: the noun stands with the first number of a kind only, where the language allows it.
    """

    nothing: str
    nouns: Mapping[str, tuple[str, str]]
    deeds: Mapping[tuple[str, str], tuple[str, str]]
    first: str = "{number} {noun} {deed}"
    further: str = "{number} {deed}"
    counted: str = "{number} {noun}"
    number: Callable[[int], str] = "{:,}".format
    parts: tuple[str, str] = (", ", "; ")

    def count(self, number: int, noun: str) -> str:
        """`1 word`, `1,204 words`."""
        return self.counted.format(number=self.number(number), noun=self.nouns[noun][number != 1])

    def listed(self, noun: str, *said: tuple[int, str]) -> str:
        """`3 sections changed, 1 moved`; nothing for what is none."""
        found: list[str] = []
        for number, what in said:
            if number:
                one, many = self.deeds[noun, what]
                named = self.nouns[noun][number != 1]
                pattern = self.further if found else self.first
                found.append(pattern.format(number=self.number(number), noun=named, deed=one if number == 1 else many))
        return self.parts[0].join(found)


_ENGLISH_NOUNS = ("section", "passage", "word", "link", "format", "level", "number")
_ENGLISH_DEEDS = {
    "section": ("changed", "added", "removed", "moved", "renamed", "split", "merged"),
    "passage": ("moved", "split", "merged"),
    "word": ("added", "removed", "moved"),
}
ENGLISH = Counting(
    NOTHING,
    {noun: (noun, f"{noun}s") for noun in _ENGLISH_NOUNS},
    {(noun, deed): (deed, deed) for noun, deeds in _ENGLISH_DEEDS.items() for deed in deeds},
)

#: Kinds that say that a whole section came or went; everything else happened to a section that stayed.
_WHOLE = frozenset({Kind.ADDED, Kind.REMOVED})
#: Kinds that are said of several sections at once.
_SHARED = frozenset({Kind.SPLIT, Kind.MERGED})


def summary(redline: Redline, say: Counting = ENGLISH) -> str:
    """One line: `3 sections changed, 1 moved, 2 links; 118 words added, 64 removed`; NOTHING where that is so.

    A section that only moved is not counted as changed.
    """
    if redline.is_empty:
        return say.nothing
    whole = {move for section in redline.sections if section.away for move in _moves(section.blocks)}
    moves = {move for section in redline.sections for move in _moves(section.blocks)} - whole
    passages = _passages(moves, redline.counts, say)
    parts = [_sections(redline, say), passages, *attributes(redline.counts, say)]
    return say.parts[1].join(filter(None, (say.parts[0].join(filter(None, parts)), words(redline.counts, say))))


def outline(redline: Redline) -> tuple[SectionChange, ...]:
    """The sections that changed, in reading order, each once: a section that moved stands where it is now."""
    return tuple(section for section in redline.sections if not section.is_kept and not section.away)


def section_line(section: SectionChange) -> str:
    """What happened to one section: `Cookies: moved, reworded; 12 words added, 4 removed`."""
    return f"{name_of(section)}: {'; '.join(facts(section))}"


def facts(section: SectionChange) -> tuple[str, ...]:
    """What happened to a section, to its passages, and to how many words: `moved, reworded`, `1 passage split`,
    `12 words added, 4 removed`. Where passages were only put elsewhere, or together, it is not said to be reworded."""
    if section.away:
        return ("moved away from here",)
    along = Kind.MOVED in section.kinds
    inside = [block for block in section.blocks if not (along and block.move)]
    passages = _passages(_moves(inside), section.counts, ENGLISH)
    stayed = bool(passages) and not (section.counts.added or section.counts.removed)
    titles = ", ".join(_others(section))
    shared = next((kind for kind in section.kinds if kind in _SHARED and titles), None)
    told = [kind for kind in section.kinds if not (stayed and kind is Kind.REWORDED)]
    kinds = ", ".join(f"{kind} (with {titles})" if kind is shared else kind for kind in told)
    return tuple(filter(None, (kinds, passages, words(section.counts))))


def _others(section: SectionChange) -> Iterable[str]:
    """The sections that one was split or merged with, by their names; those of its own name need none."""
    for title in dict.fromkeys(section.other_titles):
        if title != section.title:
            yield f"“{title}”" if title else "the text before the first heading"


def name_of(section: SectionChange) -> str:
    """The title of a section; what stands before the first heading of loose Markdown has none."""
    return section.title or "(before the first heading)"


def words(counts: Counts, say: Counting = ENGLISH) -> str:
    """`118 words added, 64 removed, 20 moved`; empty where no word changed."""
    return say.listed("word", (counts.added, "added"), (counts.removed, "removed"), (counts.moved, "moved"))


def attributes(counts: Counts, say: Counting = ENGLISH) -> Iterable[str]:
    """`2 links`, `1 level`: what changed around words that stayed."""
    said = (
        (counts.relinked, "link"),
        (counts.reformatted, "format"),
        (counts.reindented, "level"),
        (counts.renumbered, "number"),
    )
    return (say.count(number, noun) for number, noun in said if number)


def counted(number: int, noun: str) -> str:
    """`1 word`, `1,204 words`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _sections(redline: Redline, say: Counting) -> str:
    """How many sections changed, came, went, moved: `3 sections changed, 1 moved`."""
    sections = outline(redline)
    numbers = {kind: sum(kind in section.kinds for section in sections) for kind in Kind}
    changed = sum(not _WHOLE & set(s.kinds) and set(s.kinds) != {Kind.MOVED} for s in sections)
    named = (Kind.ADDED, Kind.REMOVED, Kind.MOVED, Kind.RENAMED, Kind.SPLIT, Kind.MERGED)
    return say.listed("section", (changed, "changed"), *((numbers[kind], kind.value) for kind in named))


def _passages(moves: Collection[int], counts: Counts, say: Counting) -> str:
    """How many stretches of text moved, beside whole sections, and how many blocks were split and merged."""
    return say.listed("passage", (len(moves), "moved"), (counts.split, "split"), (counts.merged, "merged"))


def _moves(blocks: Iterable[BlockChange]) -> set[int]:
    return {run.move for block in blocks for run in block.runs if run.move}
