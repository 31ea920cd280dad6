"""Section ids through a history: a section keeps its id while its heading, place and wording change.

Takes the outlines of a policy's versions one after the other, oldest first, and gives each part its id and its former
ids. A part is paired with a section of the version before by what it says (shared runs of three words) and by its
heading; a section that left and came back gets its old id again. An id that was only a makeshift (`introduction-2`,
`text`) is given up for a real one when the heading allows it, and becomes a former id, as do the ids of sections that
were merged or split.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rapidfuzz import fuzz

from gazette.editorial.importing.outline import Part, Role
from gazette.editorial.importing.titles import WORD, bare
from gazette.policy import markup
from gazette.policy.slugs import unique_slug

# A pair's score is the share of their text that two sections have in common (0 to 1) and what their headings add.
_SAME_HEADING, _NEAR_HEADING, _SAME_CHOSEN_ID = 0.6, 0.3, 1.0
_NEAR, _VERY_NEAR = 75, 79  # of 100, rapidfuzz's ratio
_SAME_TEXT, _RELATED_TEXT, _CONTAINED = 0.5, 0.2, 0.5
#: Where the heading says nothing: mergers and splits of real histories have 0.27 and more in common, chance meetings of
#: closing words less than 0.2.
_JOINED_TEXT = 0.25
#: Less than this in common over a whole text: another language, or nothing kept.
_NOTHING_KEPT = 0.05


@dataclass(frozen=True, slots=True)
class Placed:
    """A part with its id, and the ids that it had or took in."""

    part: Part
    id: str
    formerly: tuple[str, ...] = ()
    makeshift: bool = False

    def with_title(self, title: str) -> Placed:
        """The same section under another title."""
        return replace(self, part=replace(self.part, title=title))

    def inner_headings(self) -> tuple[markup.Heading, ...]:
        """The headings inside the section."""
        return markup.headings(self.part.body)


@dataclass
class Lineage:
    """What is known of a policy's sections so far."""

    living: tuple[Placed, ...] = ()
    _gone: dict[str, Placed] = field(default_factory=dict)

    def follow(self, parts: Sequence[Part]) -> tuple[Placed, ...]:
        """Give the parts of the next version their ids."""
        pairs = _pairs(self.living, parts)
        claimed = {self.living[old].id for old in pairs.values()}
        returned = self._returned(parts, pairs)
        claimed |= {placed.id for placed in returned.values()}
        taken = claimed | set(self._gone) | {placed.id for placed in self.living}
        placed = []
        for place, part in enumerate(parts):
            before = self.living[pairs[place]] if place in pairs else returned.get(place)
            placed.append(self._placed(part, before, taken))
            taken.add(placed[-1].id)
        followed = self._with_former_ids(placed)
        alive = {section.id for section in followed}
        self._gone.update({section.id: section for section in self.living if section.id not in alive})
        for section_id in alive:
            self._gone.pop(section_id, None)
        self.living = followed
        return followed

    def _returned(self, parts: Sequence[Part], pairs: dict[int, int]) -> dict[int, Placed]:
        """Parts that the version before did not have, but an earlier one did."""
        found: dict[int, Placed] = {}
        for place, part in enumerate(parts):
            if place in pairs:
                continue
            used = {placed.id for placed in found.values()}
            candidates = [gone for gone in self._gone.values() if gone.id not in used and gone.part.role is part.role]
            same = [gone for gone in candidates if _same_heading(gone.part, part)]
            same = same or [gone for gone in candidates if _shared(gone.part, part) >= _SAME_TEXT]
            if same:
                found[place] = max(same, key=lambda gone: _shared(gone.part, part))
        return found

    def _placed(self, part: Part, before: Placed | None, taken: set[str]) -> Placed:
        if before is None:
            section_id = unique_slug(part.wanted, taken) if part.wanted else unique_slug("", taken)
            makeshift = part.role is not Role.SECTION or section_id != part.wanted
            return Placed(part, section_id, (), makeshift)
        renamed = part.chosen and part.wanted != before.id
        better = before.makeshift and part.role is Role.SECTION and part.wanted and part.wanted not in taken
        if better or (renamed and part.wanted not in taken):
            return Placed(part, part.wanted, (*before.formerly, before.id), False)
        return Placed(part, before.id, before.formerly, before.makeshift)

    def _with_former_ids(self, placed: list[Placed]) -> tuple[Placed, ...]:
        """The sections with the ids of those that were merged into them or that they were split from."""
        alive = {section.id for section in placed}
        before = {old.id for old in self.living}
        vanished = [old for old in self.living if old.id not in alive]
        fresh = [section for section in placed if section.id not in before]
        followed = []
        for section in placed:
            joined = _joined(section, vanished, fresh) if section in fresh else _merged(section, vanished)
            added = [former for old in joined for former in (old.id, *old.formerly)]
            formerly = [former for former in dict.fromkeys((*section.formerly, *added)) if former not in alive]
            followed.append(Placed(section.part, section.id, tuple(formerly), section.makeshift))
        return tuple(followed)


def _merged(section: Placed, vanished: Sequence[Placed]) -> list[Placed]:
    """The sections most of whose text is in this one now."""
    return [old for old in vanished if _contained(old.part, section.part) >= _CONTAINED]


def _joined(section: Placed, vanished: Sequence[Placed], fresh: Sequence[Placed]) -> list[Placed]:
    """The sections that a new one was merged or split from.

    That a little text of one is somewhere in the other makes no former id: what went in and what came of it must, taken
    together, be much the same. Else the new section would pass for the old one under another name.
    """
    merged = _merged(section, vanished)
    made_of = _alike(merged, [section])
    found = []
    for old in vanished:
        pieces = [piece for piece in fresh if _contained(piece.part, old.part) >= _CONTAINED]
        became = _alike([old], pieces)
        if (old in merged and made_of >= _JOINED_TEXT) or (section in pieces and became >= _JOINED_TEXT):
            found.append(old)
    return found


def _alike(some: Iterable[Placed], others: Iterable[Placed]) -> float:
    """Dice's coefficient of the runs of words of these sections and those."""
    a, b = (frozenset[tuple[str, ...]]().union(*(_runs(s.part.body) for s in group)) for group in (some, others))
    return 2 * len(a & b) / max(1, len(a) + len(b))


def _pairs(living: Sequence[Placed], parts: Sequence[Part]) -> dict[int, int]:
    """Place of a new part → place of the section that it continues; best pairs first."""
    scored = sorted(
        (
            (-score, abs(old - new), new, old)
            for new, part in enumerate(parts)
            for old, before in enumerate(living)
            if (score := _score(before, part)) > 0
        ),
    )
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for _, _, new, old in scored:
        if new not in pairs and old not in used:
            pairs[new] = old
            used.add(old)
    if not pairs or _kept(living, parts) < _NOTHING_KEPT:
        pairs = _by_place(living, parts) or pairs
    return pairs


def _by_place(living: Sequence[Placed], parts: Sequence[Part]) -> dict[int, int]:
    """A text in another language: as many sections, in the same order."""
    new = [place for place, part in enumerate(parts) if part.role is Role.SECTION]
    old = [place for place, placed in enumerate(living) if placed.part.role is Role.SECTION]
    return dict(zip(new, old, strict=True)) if len(new) == len(old) else {}


def _kept(living: Iterable[Placed], parts: Iterable[Part]) -> float:
    before = frozenset().union(*(_runs(placed.part.body) for placed in living))
    after = frozenset().union(*(_runs(part.body) for part in parts))
    return 2 * len(before & after) / max(1, len(before) + len(after))


def _score(before: Placed, part: Part) -> float:
    """How sure it is that `part` continues `before`; 0 if it does not."""
    if part.chosen and part.wanted == before.id:
        return 1 + _SAME_CHOSEN_ID
    shared = _shared(before.part, part)
    if _same_heading(before.part, part):
        return shared + _SAME_HEADING
    if before.part.role is not Role.SECTION or part.role is not Role.SECTION:
        return shared if shared >= _SAME_TEXT else 0
    near = fuzz.ratio(bare(before.part.title), bare(part.title))
    if near >= _VERY_NEAR or (near >= _NEAR and shared >= _RELATED_TEXT):
        return shared + _NEAR_HEADING * near / 100
    grown = shared >= _JOINED_TEXT and _contained(before.part, part) >= 0.8
    return shared if shared >= _SAME_TEXT or grown else 0


def _same_heading(one: Part, other: Part) -> bool:
    if one.role is not other.role:
        return False
    return one.role is not Role.SECTION or (bare(one.title) == bare(other.title) != "")


def _shared(one: Part, other: Part) -> float:
    """Dice's coefficient of the runs of words."""
    a, b = _runs(one.body), _runs(other.body)
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0


def _contained(one: Part, other: Part) -> float:
    """How much of `one` is in `other`."""
    a, b = _runs(one.body), _runs(other.body)
    return len(a & b) / len(a) if a else 0.0


@lru_cache(maxsize=20_000)
def _runs(body: str) -> frozenset[tuple[str, ...]]:
    """Every three words in a row; of a shorter text, all its words."""
    words = WORD.findall(body.casefold())
    return frozenset(zip(words, words[1:], words[2:], strict=False)) if len(words) > 3 else frozenset([tuple(words)])
