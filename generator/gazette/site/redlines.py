"""A redline as a page shows it: changed sections open, what lies unchanged between them folded.

Takes a redline; gives its parts in reading order, each with its HTML and an anchor. The HTML is the redline room's;
only the frame around each part is made here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from gazette.redline import Counts, Kind, Redline, SectionChange, html


@dataclass(frozen=True, slots=True)
class RedlinePart:
    """A changed section, or a run of unchanged ones (`titles` then names each).

    `anchor` leads to it; where `is_gone`, no heading in its HTML carries that id.
    """

    anchor: str
    titles: tuple[str, ...]
    is_changed: bool
    is_gone: bool
    kinds: tuple[Kind, ...]
    counts: Counts
    was: str  # its earlier title, where it was renamed
    html: str

    @property
    def title(self) -> str:
        return self.titles[0]


def redline_parts(redline: Redline) -> tuple[RedlinePart, ...]:
    """The parts of a redline, addresses as in the texts."""
    parts: list[RedlinePart] = []
    for is_kept, run in groupby(redline.sections, key=lambda section: section.is_kept):
        sections = tuple(run)
        groups = [sections] if is_kept else [(section,) for section in sections]
        parts += [_part(group, not is_kept) for group in groups]
    return tuple(parts)


_ID = re.compile(r'<[a-z][^<>]*? id="([^"]+)"')


def anchors(parts: Sequence[RedlinePart]) -> frozenset[str]:
    """Every id on the page that a link may lead to."""
    inside = (name for part in parts for name in _ID.findall(part.html))
    return frozenset([*inside, *(part.anchor for part in parts)])


def _part(group: tuple[SectionChange, ...], is_changed: bool) -> RedlinePart:
    first = group[0]
    is_gone = first.away or first.new_id is None
    return RedlinePart(
        anchor=f"{first.id}--was" if is_gone else first.id,
        titles=tuple(section.title for section in group),
        is_changed=is_changed,
        is_gone=is_gone,
        kinds=first.kinds,
        counts=first.counts,
        was=(first.old_title or "") if Kind.RENAMED in first.kinds else "",
        html="".join(html(Redline((section,), section.counts)) for section in group),
    )
