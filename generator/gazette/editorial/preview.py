"""A draft as its editors see it while they write: the redline, and beside each section what concerns it.

Takes a site's settings; gives for each policy whose working text was not published the inside of one page. It is for
`mkdocs serve`: a site that is published has no such page unless asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from gazette.editorial import clock
from gazette.editorial.check import draft_problems
from gazette.editorial.check.kinds import own_words
from gazette.editorial.drafts import measured_against
from gazette.errors import Problem, Severity
from gazette.policy.canonical import digest
from gazette.policy.files import section_place, text_from_files
from gazette.policy.git import MissingObject
from gazette.policy.model import Policy, Text, Version
from gazette.policy.pins import Pins
from gazette.policy.reading import shown
from gazette.policy.settings import Settings
from gazette.redline import Redline, SectionChange, compare, sections_html
from gazette.redline.materiality import Assessment, Strength, assess


@dataclass(frozen=True, slots=True)
class Preview:
    """The page of one draft. `contents` are (anchor, title) of the sections that changed."""

    policy: str
    title: str
    language: str
    html: str
    contents: tuple[tuple[str, str], ...]


def previews(settings: Settings, policies: Sequence[Policy], pins: Pins) -> tuple[Preview, ...]:
    """One page for each policy with a draft."""
    drafts = [(policy, *found) for policy in policies if (found := _draft(policy, pins)) is not None]
    if not drafts:
        return ()
    problems = draft_problems(settings)
    return tuple(_preview(policy, before, redline, problems, settings) for policy, before, redline in drafts)


def _draft(policy: Policy, pins: Pins) -> tuple[Version | None, Redline] | None:
    """What the working text is compared with, and the redline; None where it is published."""
    if policy.text is None:
        return None
    before = measured_against(policy)
    if before is None:
        return None, compare(Text(()), policy.text)
    if before.digest == digest(policy.text):
        return None
    return before, compare(_text_of(policy, before, pins), policy.text)


def _text_of(policy: Policy, version: Version, pins: Pins) -> Text:
    """The one text that is needed; `pins` would read those of all versions."""
    if pins.repository is not None and not pins.repository.is_shallow:
        try:
            text, problems = text_from_files(pins.repository.read_trees([version.tree])[version.tree])
        except MissingObject:
            return pins.text(policy, version)
        if not problems and digest(text) == version.digest:
            return text
    return pins.text(policy, version)


def _preview(
    policy: Policy, before: Version | None, redline: Redline, problems: Iterable[Problem], settings: Settings
) -> Preview:
    assessment = assess(redline, policy.language, own_words(settings))
    notes, others = _notes(policy, assessment, problems, settings)
    changed = [section for section in redline.sections if not section.is_kept and not section.away]
    against = f"compared with version {before.label}" if before else "nothing is published yet"
    parts = [
        f'<div class="gz gz-draft" lang="{escape(policy.language)}">',
        f'<header class="gz-header"><h1 id="top">{escape(policy.title)} <small>draft, {escape(against)}</small></h1>',
        f"<p>{escape(redline.summary)}</p>",
        f"<p>{escape(_proposal(policy, assessment, before, settings.day))}</p>",
        *_list(others),
        "</header>",
        *_sections(redline, notes),
        "</div>",
    ]
    contents = tuple((section.id, section.title) for section in changed)
    return Preview(policy.id, f"{policy.title}: draft", policy.language, "\n".join(parts), contents)


def _proposal(policy: Policy, assessment: Assessment, before: Version | None, day: date) -> str:
    """What the kind of change seems to be, and from when it could apply if it were released today."""
    if before is None:
        return "It would be the first version."
    earliest = clock.earliest(policy.notice, assessment.suggestion, day)
    return f"It reads like a change that is {assessment.suggestion}; released today it could apply from {earliest}."


def _notes(
    policy: Policy, assessment: Assessment, problems: Iterable[Problem], settings: Settings
) -> tuple[Mapping[str, list[tuple[str, str]]], list[tuple[str, str]]]:
    """(mark, words) for each section by id, and those that concern no section."""
    by_section: dict[str, list[tuple[str, str]]] = defaultdict(list)
    others: list[tuple[str, str]] = []
    own = f"{shown(policy.folder, settings.root)}/"
    for problem in problems:
        if problem.path.startswith(own):
            place = section_place(problem.path.rsplit("/", 1)[1]) if "/text/" in problem.path else None
            mark = "warning" if problem.severity is Severity.WARNING else "problem"
            (by_section[place[1]] if place else others).append((mark, str(problem)))
    for signal in assessment.signals:
        mark = "sign" if signal.strength is Strength.STRONG else "weak sign"
        (by_section[signal.section] if signal.section else others).append((mark, signal.what))
    return by_section, others


def _sections(redline: Redline, notes: Mapping[str, list[tuple[str, str]]]) -> Iterator[str]:
    """Each section with what concerns it; one that did not change is folded."""
    for section, fragment in zip(redline.sections, sections_html(redline), strict=True):
        said = [] if section.away else [*notes.get(section.id, ())]
        if section.is_kept and not said:
            yield f'<details class="gz-redline gz-unchanged"><summary>{escape(section.title)}</summary>'
            yield f"{fragment}</details>"
        else:
            yield f'<section class="gz-redline gz-redline--changed" aria-label="{escape(_name(section))}">'
            yield from _list(said)
            yield f"{fragment}</section>"


def _list(said: Sequence[tuple[str, str]]) -> Iterator[str]:
    if said:
        items = "".join(f"<li><strong>{escape(mark)}:</strong> {escape(words)}</li>" for mark, words in said)
        yield f'<ul class="gz-notes">{items}</ul>'


def _name(section: SectionChange) -> str:
    return section.title or section.id
