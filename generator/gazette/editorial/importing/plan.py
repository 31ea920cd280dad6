"""Sources → everything that an import will write, as values. Nothing is written here.

The story of an import: read each source, leave out what is no text, put the rest in the order of its dates, cut each
into sections whose ids carry over from version to version, and say what changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from gazette.editorial.importing.changes import difference
from gazette.editorial.importing.chronology import Dated, Source, day_of, in_order
from gazette.editorial.importing.dates import stated_date
from gazette.editorial.importing.decoding import is_binary
from gazette.editorial.importing.document import Document, Lifted, warning
from gazette.editorial.importing.facts import (
    Ask,
    Wishes,
    effective_day,
    find_contact,
    find_language,
    find_title,
    stated_day,
    with_effective,
)
from gazette.editorial.importing.lineage import Lineage, Placed
from gazette.editorial.importing.links import linked
from gazette.editorial.importing.outline import Outline, Role, make_outline
from gazette.editorial.importing.phrases import Phrases, phrases
from gazette.editorial.importing.reading import fault, read_document, word_count
from gazette.editorial.importing.review import review
from gazette.editorial.importing.titles import plain
from gazette.errors import ContentError, Problem, UsageError
from gazette.policy.canonical import digest
from gazette.policy.model import Change, Section, Text, Version
from gazette.redline import PreparedText, prepare_text
from gazette.redline.texts import Render

#: Of warnings that every version of a history may bring, so many are named one by one.
NAMED_ONE_BY_ONE = 5

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Planned:
    """One version to be written: its record (still without a pin) and its text."""

    version: Version
    text: Text
    source: str


@dataclass(frozen=True)
class Plan:
    """A policy to be written, its versions oldest first. `newest` holds the outline of the last one."""

    policy: str
    title: str
    language: str
    contact: str
    versions: tuple[Planned, ...]
    newest: tuple[Placed, ...] = ()
    lifted: tuple[Lifted, ...] = ()
    warnings: tuple[Problem, ...] = ()
    left_out: int = field(default=0)


def make_plan(
    sources: Sequence[Source],
    wishes: Wishes,
    ask: Ask | None = None,
    progress: Progress = lambda doing, done, of: None,
    all_warnings: bool = False,
    render: Render | None = None,
) -> Plan:
    """Plan the import of `sources`. `ask` is asked for the dates of a single source that tells none.

    `render` is how the site shows a text, for what changed is what a reader sees; by default as a plain site does.
    """
    documents, warnings = _read(sources, progress)
    dated, found = in_order(_with_days(documents, wishes, ask, warnings))
    warnings += found
    outlines = _outlines(dated, progress)
    newest = dated[-1]
    wishes = with_effective(dated, outlines[-1], wishes, ask, warnings)
    language = wishes.language or find_language(newest.document, warnings)
    words = phrases(language)
    title = wishes.title or find_title(outlines, wishes.policy, newest, warnings)
    placed = _placed(outlines, words)
    planned = _versions(dated, outlines, placed, title, wishes, words, warnings, progress, render)
    contact = wishes.contact or find_contact(placed[-1], newest.source.path, warnings)
    warnings += review(placed[-1], newest.source.path, f"{title} {wishes.policy.replace('-', ' ').title()}")
    return Plan(
        wishes.policy,
        plain(title),
        language,
        contact,
        planned,
        placed[-1],
        outlines[-1].lifted,
        tuple(dict.fromkeys(warnings)) if all_warnings else _gathered(warnings, newest.source.path),
        len(sources) - len(documents),
    )


def _read(sources: Sequence[Source], progress: Progress) -> tuple[list[tuple[Source, Document]], list[Problem]]:
    """The documents of all sources that hold one, and a warning for each that does not."""
    read: list[tuple[Source, Document | None]] = []
    for number, source in enumerate(sources, 1):
        readable = source.data.strip() and not is_binary(source.data)
        read.append((source, read_document(source.path, source.data, source.name) if readable else None))
        progress("reading", number, len(sources))
    counts = {id(document): word_count(document) for _, document in read if document is not None}
    typical = int(median(counts.values())) if len(counts) > 2 else 0
    documents, warnings = [], []
    for source, document in read:
        if wrong := fault(source.data, document, typical):
            warnings.append(warning(source.path, 0, f"{wrong}; left out", "take it away, or mend it and import again"))
        elif document is not None:
            documents.append((source, document))
    if not documents:
        what = [
            Problem(problem.path, 0, problem.what.removesuffix("; left out"), "name a text") for problem in warnings
        ]
        raise ContentError(what or [Problem("", 0, "there is nothing to import", "name a text")])
    return documents, warnings


def _with_days(
    documents: Sequence[tuple[Source, Document]],
    wishes: Wishes,
    ask: Ask | None,
    warnings: list[Problem],
) -> list[tuple[Source, Document, date]]:
    if len(documents) > 1 and wishes.effective is not None:
        raise UsageError("--effective is for a single text", "each version of a history takes effect on its own day")
    entries, without = [], []
    for source, document in documents:
        day = day_of(source, document) or stated_day(document)
        if day is None and len(documents) == 1:
            day = ask("On which day was it published?", None) if ask else wishes.day
            if not ask:
                what = f"has no date; taken as published on {day}"
                warnings.append(warning(source.path, 0, what, "say otherwise with --published YYYY-MM-DD"))
        if day is None:
            remedy = "date it by its name (policy-2023-03-18.md), its front matter, or --published"
            without.append(Problem(source.path, 0, "has no date, so it cannot be put in order", remedy))
            continue
        if day > wishes.day:
            what = f"is dated {day}, which is yet to come"
            warnings.append(warning(source.path, 0, what, "the site shows it from that day on"))
        entries.append((source, document, day))
    if without:
        raise ContentError(without)
    return entries


def _outlines(dated: Sequence[Dated], progress: Progress) -> list[Outline]:
    titles: dict[str, None] = {}
    outlines = []
    for number, entry in enumerate(dated, 1):
        outlines.append(make_outline(entry.document, tuple(titles)))
        if outlines[-1].title:
            titles[outlines[-1].title] = None
        progress("cutting", number, len(dated))
    return outlines


def _placed(outlines: Sequence[Outline], words: Phrases) -> list[tuple[Placed, ...]]:
    lineage = Lineage()
    return [tuple(_titled(placed, words) for placed in lineage.follow(outline.parts)) for outline in outlines]


def _titled(placed: Placed, words: Phrases) -> Placed:
    """A part without a heading of its own gets the title that its role has in the policy's language."""
    if placed.part.title:
        return placed
    title = words.text if placed.part.role is Role.TEXT else words.introduction
    if placed.part.wanted == "preamble":
        title = words.preamble
    return placed.with_title(title)


def _versions(
    dated: Sequence[Dated],
    outlines: Sequence[Outline],
    placed: Sequence[tuple[Placed, ...]],
    title: str,
    wishes: Wishes,
    words: Phrases,
    warnings: list[Problem],
    progress: Progress,
    render: Render | None,
) -> tuple[Planned, ...]:
    planned: list[Planned] = []
    before: PreparedText | None = None
    name = wishes.title or next((outline.title for outline in outlines if outline.title), title)
    same = 0
    for number, (entry, outline, sections) in enumerate(zip(dated, outlines, placed, strict=True), 1):
        bodies, broken = linked(sections, entry.source.path)
        warnings += [*outline.warnings, *broken]
        text = Text(
            tuple(Section(s.id, s.part.title, body, s.formerly) for s, body in zip(sections, bodies, strict=True))
        )
        name = outline.title or name
        if planned and planned[-1].text.sections == text.sections:
            same += 1
        shown = prepare_text(text, render)
        change, said = difference(before, shown, words) if before is not None else (Change.INITIAL, words.first)
        version = _version(entry, outline, text, (change, said), name, wishes, words, warnings)
        planned.append(Planned(version, text, entry.source.path))
        before = shown
        progress("comparing", number, len(dated))
    if same:
        says = "1 version says" if same == 1 else f"{same} versions say"
        warnings.append(
            warning(dated[-1].source.path, 0, f"{says} the same as the one before; kept, since they were published")
        )
    return tuple(planned)


def _version(
    entry: Dated,
    outline: Outline,
    text: Text,
    changed: tuple[Change, str],
    title: str,
    wishes: Wishes,
    words: Phrases,
    warnings: list[Problem],
) -> Version:
    change, said = changed
    if lines := [lifted.text for lifted in outline.lifted if lifted.into == "the record's dates"]:
        lines = [line for line in lines if not line.startswith("{:")]
        differs = [line for line in lines if (stated := stated_date(line)) is None or stated.day != entry.published]
        said += "".join(f" {words.stated.format(f'“{line}”')}" for line in differs)
    return Version(
        label=entry.label,
        published=entry.published,
        effective=effective_day(entry, outline, wishes, warnings),
        change=change,
        title=plain(title),
        tree="",
        digest=digest(text),
        summary=said,
        sequence=entry.sequence,
        imported=True,
    )


def _gathered(warnings: Sequence[Problem], newest: str) -> tuple[Problem, ...]:
    """Warnings about the newest text one by one; of the same about many older ones, only a few and their number."""
    shown: list[Problem] = []
    rest: dict[str, list[Problem]] = {}
    for found in dict.fromkeys(warnings):
        if found.path == newest:
            shown.append(found)
        else:
            rest.setdefault(found.remedy or found.what, []).append(found)
    for group in rest.values():
        named = group if len(group) <= NAMED_ONE_BY_ONE else group[:1]
        shown += named
        if len(group) > len(named):
            files = len({problem.path for problem in group[1:]})
            what = f"the same, or nearly so, {len(group) - 1} times more in {files} version{'s' if files > 1 else ''}"
            shown.append(warning(group[0].path, 0, what, "add --verbose to see each"))
    return tuple(sorted(shown, key=lambda problem: (problem.path == newest, problem.path, problem.line)))
