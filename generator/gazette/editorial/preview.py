"""A draft as its editors see it while they write: the redline, and beside each section what concerns it.

Takes a site's settings, its policies and what is wrong with them; gives for each policy whose working text was not
published, or whose files have errors, the inside of one page. It is for `mkdocs serve`: a site that is published has no
such page unless asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape

from gazette.editorial import clock
from gazette.editorial.check import settings_problems, with_remedy
from gazette.editorial.check.kinds import own_words
from gazette.editorial.drafts import measured_against
from gazette.errors import ContentError, Problem, Severity
from gazette.policy.canonical import digest
from gazette.policy.files import section_place, text_from_files
from gazette.policy.git import MissingObject
from gazette.policy.model import Policy, Text, Version
from gazette.policy.pins import Pins
from gazette.policy.reading import TEXT, shown
from gazette.policy.settings import Settings
from gazette.redline import PreparedText, Redline, SectionChange, compare, prepare_text, sections_html
from gazette.redline.materiality import Assessment, Strength, assess
from gazette.redline.texts import render_markdown

_MENDING = "What cannot be read is shown as it was, or not at all, until this is mended:"


@dataclass(frozen=True, slots=True)
class Preview:
    """The page of one draft. `contents` are (anchor, title) of the sections that changed."""

    policy: str
    title: str
    language: str
    html: str
    contents: tuple[tuple[str, str], ...] = ()


def previews(
    settings: Settings, policies: Sequence[Policy], problems: Iterable[Problem], pins: Pins
) -> tuple[Preview, ...]:
    """One page for each policy with a draft or an error. `problems` are those of the reading of the policies."""
    of_policy: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        if name := _policy_named(problem, settings):
            of_policy[name].append(with_remedy(problem))
    for policy in policies:
        of_policy[policy.id] += settings_problems(policy, settings)
    known = {policy.id: policy for policy in policies}
    made = (_page(name, known.get(name), of_policy[name], pins, settings) for name in sorted(of_policy))
    return tuple(page for page in made if page is not None)


def _policy_named(problem: Problem, settings: Settings) -> str:
    """The policy in whose folder a problem is, or nothing."""
    content = shown(settings.content, settings.root)
    inside = problem.path if content == "." else problem.path.removeprefix(f"{content}/")
    name = inside.split("/")[0]
    is_inside = content == "." or inside != problem.path
    return name if is_inside and (settings.content / name).is_dir() else ""


def _page(
    name: str, policy: Policy | None, problems: Sequence[Problem], pins: Pins, settings: Settings
) -> Preview | None:
    """The page of one policy; None where its working text is published and nothing is wrong."""
    if policy is None:
        return _without_redline(name, name, "", problems)
    try:
        found = _draft(policy, pins)
    except ContentError as error:
        return _without_redline(policy.id, policy.title, policy.language, [*problems, *error.problems])
    if found is not None:
        return _preview(policy, *found, problems, settings)
    if any(problem.severity is Severity.ERROR for problem in problems):
        return _without_redline(policy.id, policy.title, policy.language, problems)
    return None


def _without_redline(policy: str, title: str, language: str, problems: Iterable[Problem]) -> Preview:
    """The page of a policy that has no draft, or none that could be compared: what is wrong with it."""
    spoken = f' lang="{escape(language)}"' if language else ""
    parts = [
        f'<div class="gz gz-draft"{spoken}>',
        f'<header class="gz-header"><h1 id="top">{escape(title)} <small>draft</small></h1>',
        f"<p>{_MENDING}</p>",
        *_list([(_mark(problem), str(problem)) for problem in dict.fromkeys(problems)]),
        "</header>",
        "</div>",
    ]
    return Preview(policy, f"{title}: draft", language, "\n".join(parts))


def _draft(policy: Policy, pins: Pins) -> tuple[Version | None, Redline] | None:
    """What the working text is compared with, and the redline; None where it is published."""
    before = measured_against(policy)
    if before is None:
        return (None, compare(Text(()), _prepared(policy.text))) if policy.text is not None else None
    if policy.text is not None and before.digest == digest(policy.text):
        return None
    old = _text_of(policy, before, pins)
    new = _readable(policy, old)
    return None if digest(new) == before.digest else (before, compare(_prepared(old), _prepared(new)))


def _prepared(text: Text) -> PreparedText:
    return prepare_text(text, lambda text: [_html(section.body) for section in text.sections])


#: A draft shares most sections with what it is compared with, and with its last saving.
_html = lru_cache(maxsize=128)(render_markdown)


def _readable(policy: Policy, old: Text) -> Text:
    """The working text, in which a section that cannot be read stands as it was published."""
    places = sorted(filter(None, (section_place(path.name) for path in (policy.folder / TEXT).glob("*.md"))))
    sections = {section.id: section for section in policy.text.sections} if policy.text is not None else {}
    if not sections.keys() < {name for _, name in places}:
        return policy.text or old
    sections = {section.id: section for section in old.sections} | sections
    return Text(tuple(sections[name] for _, name in places if name in sections))


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
    notes, others = _notes(redline, assessment, problems)
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
    redline: Redline, assessment: Assessment, problems: Iterable[Problem]
) -> tuple[Mapping[str, list[tuple[str, str]]], list[tuple[str, str]]]:
    """(mark, words) for each section by id, and those that concern no section that is shown."""
    by_section: dict[str, list[tuple[str, str]]] = defaultdict(list)
    others: list[tuple[str, str]] = []
    ids = {section.id for section in redline.sections}
    for problem in dict.fromkeys(problems):
        place = section_place(problem.path.rsplit("/", 1)[1]) if f"/{TEXT}/" in problem.path else None
        (by_section[place[1]] if place and place[1] in ids else others).append((_mark(problem), str(problem)))
    for signal in assessment.signals:
        mark = "sign" if signal.strength is Strength.STRONG else "weak sign"
        (by_section[signal.section] if signal.section else others).append((mark, signal.what))
    return by_section, others


def _mark(problem: Problem) -> str:
    return "warning" if problem.severity is Severity.WARNING else "problem"


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
