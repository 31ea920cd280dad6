"""A redline in a line, and a line for each section that changed: for lists, notices, comments, the head of a rendering.

Takes the tree, gives plain English text without markup. Pages in other languages count for themselves.
"""

from __future__ import annotations

from collections.abc import Iterable

from gazette.redline.changes import BlockChange, Counts, Kind, Redline, SectionChange

NOTHING = "No change"

#: Kinds that say that a whole section came or went; everything else happened to a section that stayed.
_WHOLE = frozenset({Kind.ADDED, Kind.REMOVED})
#: Kinds that are said of several sections at once.
_SHARED = frozenset({Kind.SPLIT, Kind.MERGED})


def summary(redline: Redline) -> str:
    """One line: `3 sections changed, 1 moved, 2 links; 118 words added, 64 removed`; NOTHING where that is so.

    A section that only moved is not counted as changed.
    """
    if redline.is_empty:
        return NOTHING
    parts = [*_sections(redline), *_passages(redline), *_attributes(redline.counts)]
    return "; ".join(filter(None, (", ".join(parts), words(redline.counts))))


def outline(redline: Redline) -> tuple[SectionChange, ...]:
    """The sections that changed, in reading order, each once: a section that moved stands where it is now."""
    return tuple(section for section in redline.sections if not section.is_kept and not section.away)


def section_line(section: SectionChange) -> str:
    """What happened to one section: `Cookies: moved, reworded; 12 words added, 4 removed`."""
    return f"{name_of(section)}: {'; '.join(facts(section))}"


def facts(section: SectionChange) -> tuple[str, ...]:
    """What happened to a section, and to how many words: `moved, reworded`, `12 words added, 4 removed`."""
    if section.away:
        return ("moved away from here",)
    titles = ", ".join(f"“{title}”" for title in section.other_titles)
    shared = next((kind for kind in section.kinds if kind in _SHARED and titles), None)
    kinds = ", ".join(f"{kind} (with {titles})" if kind is shared else kind for kind in section.kinds)
    return tuple(filter(None, (kinds, words(section.counts))))


def name_of(section: SectionChange) -> str:
    """The title of a section; what stands before the first heading of loose Markdown has none."""
    return section.title or "(before the first heading)"


def words(counts: Counts) -> str:
    """`118 words added, 64 removed, 20 moved`; empty where no word changed."""
    return _listed((counts.added, "added"), (counts.removed, "removed"), (counts.moved, "moved"), noun="word")


def counted(number: int, noun: str) -> str:
    """`1 word`, `1,204 words`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _sections(redline: Redline) -> list[str]:
    """How many sections changed, came, went, moved: `3 sections changed, 1 moved`."""
    sections = outline(redline)
    numbers = {kind: sum(kind in section.kinds for section in sections) for kind in Kind}
    changed = sum(not _WHOLE & set(s.kinds) and set(s.kinds) != {Kind.MOVED} for s in sections)
    named = (Kind.ADDED, Kind.REMOVED, Kind.MOVED, Kind.RENAMED, Kind.SPLIT, Kind.MERGED)
    line = _listed((changed, "changed"), *((numbers[kind], kind.value) for kind in named), noun="section")
    return [line] if line else []


def _passages(redline: Redline) -> Iterable[str]:
    """How many stretches of text moved, beside whole sections."""
    whole = {move for section in redline.sections if section.away for move in _moves(section.blocks)}
    moves = {move for section in redline.sections for move in _moves(section.blocks)} - whole
    if moves:
        yield f"{counted(len(moves), 'passage')} moved"


def _moves(blocks: Iterable[BlockChange]) -> set[int]:
    return {run.move for block in blocks for run in block.runs if run.move}


def _attributes(counts: Counts) -> Iterable[str]:
    said = (
        (counts.relinked, "link"),
        (counts.reformatted, "format"),
        (counts.reindented, "level"),
        (counts.renumbered, "number"),
    )
    return (counted(number, noun) for number, noun in said if number)


def _listed(*said: tuple[int, str], noun: str) -> str:
    """`3 sections changed, 1 moved`: the noun stands with the first number only."""
    parts = [(number, what) for number, what in said if number]
    first = [f"{counted(number, noun)} {what}" for number, what in parts[:1]]
    return ", ".join([*first, *(f"{number:,} {what}" for number, what in parts[1:])])
