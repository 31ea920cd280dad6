"""A redline as a page shows it: changed sections open, what lies unchanged between them folded.

Takes a redline and the sections of its new text as pages show them; gives its parts in reading order. The HTML of what
changed is the redline room's; what did not change is the section as it stands in its version.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from gazette.redline import Counts, Kind, Redline, SectionChange, html
from gazette.site.steps import Step, step_of


@dataclass(frozen=True)
class RedlinePart:
    """A changed section, or a run of unchanged ones (`titles` then names each).

    `anchor` leads to it; where `is_gone`, no heading in its HTML carries that id. `is_away` is the place that a moved
    section left: what happened to it is told where it is now. Addresses in `html` are those of the texts, but for
    unchanged sections, which are empty here: `ids` names them.
    """

    anchor: str
    titles: tuple[str, ...]
    is_changed: bool
    is_gone: bool
    is_away: bool
    kinds: tuple[Kind, ...]
    counts: Counts
    was: str  # its earlier title, where it was renamed
    ids: tuple[str, ...]
    html: str

    @property
    def title(self) -> str:
        return self.titles[0]


@dataclass(frozen=True)
class ShownRedline:
    """A redline in its parts: all that its page says of it, without the tree."""

    counts: Counts
    is_empty: bool
    parts: tuple[RedlinePart, ...]
    step: Step


def shown_redline(redline: Redline) -> ShownRedline:
    """A redline as a page shows it, addresses as in the texts."""
    return ShownRedline(redline.counts, redline.is_empty, redline_parts(redline), step_of(redline))


def redline_parts(redline: Redline) -> tuple[RedlinePart, ...]:
    """The parts of a redline, addresses as in the texts."""
    parts: list[RedlinePart] = []
    for is_kept, run in groupby(redline.sections, key=lambda section: section.is_kept):
        sections = tuple(run)
        groups = [sections] if is_kept else [(section,) for section in sections]
        parts += [_part(group, not is_kept) for group in groups]
    return tuple(parts)


def _part(group: tuple[SectionChange, ...], is_changed: bool) -> RedlinePart:
    first = group[0]
    is_gone = first.away or first.new_id is None
    return RedlinePart(
        anchor=f"{first.id}--was" if is_gone else first.id,
        titles=tuple(section.title for section in group),
        is_changed=is_changed,
        is_gone=is_gone,
        is_away=first.away,
        kinds=first.kinds,
        counts=first.counts,
        was=(first.old_title or "") if Kind.RENAMED in first.kinds else "",
        ids=tuple(section.id for section in group),
        html=html(Redline(group, first.counts)) if is_changed else "",
    )
