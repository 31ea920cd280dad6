"""What changed from one imported version to the next: the kind of change and a summary that claims no more than that.

Nobody reviewed these versions for the import, so the summary only says what the redline of the two finds, counted as
its page counts it, and names the sections. The kind follows from amounts: no word changed is `editorial`; a section
that came or went, or more than a tenth of the words, is `material`; the rest is `minor`. Imported versions are never
announced, so the kind moves nobody; an editor may correct both.
"""

from __future__ import annotations

import re

from gazette.editorial.importing.phrases import Phrases
from gazette.policy.model import Change
from gazette.redline import Kind, PreparedText, Redline, SectionChange, compare, outline
from gazette.redline.summary import attributes, words
from gazette.redline.summary import summary as line

MATERIAL_SHARE = 0.1
NAMED = 8


def difference(old: PreparedText, new: PreparedText, phrases: Phrases) -> tuple[Change, str]:
    """What kind of change it looks like, and the summary of the version in Markdown."""
    redline = compare(old, new)
    if redline.is_empty:
        return Change.EDITORIAL, phrases.nothing if old.sections == new.sections else phrases.unseen
    size = sum(block.size for block in (*old.blocks, *new.blocks))
    return _kind(redline, size), _summary(redline, phrases)


def _kind(redline: Redline, size: int) -> Change:
    """By amounts; `size` is the words of both texts."""
    kinds = {kind for section in redline.sections for kind in section.kinds}
    touched = redline.counts.added + redline.counts.removed
    if kinds & {Kind.ADDED, Kind.REMOVED} or touched > MATERIAL_SHARE * size:
        return Change.MATERIAL
    return Change.MINOR if touched or kinds & {Kind.RENAMED, Kind.SPLIT, Kind.MERGED} else Change.EDITORIAL


def _summary(redline: Redline, phrases: Phrases) -> str:
    """The redline's line, then the sections by what happened to them."""
    sections = outline(redline)
    sentences = [phrases.line.format(line(redline, phrases.counting))]
    said = phrases.said
    for kind, sentence in said.items():
        if names := [_named(section, kind, phrases) for section in sections if kind in section.kinds]:
            sentences.append(sentence.format(_listed(names, phrases)))
    changed = [section for section in sections if set(section.kinds).difference(said) and not _is_only_renamed(section)]
    if changed:
        is_alone = len(sections) == 1  # then the line has said how much
        names = [_name(section.title) + ("" if is_alone else _facts(section, phrases)) for section in changed]
        sentences.append(phrases.changed.format(_listed(names, phrases)))
    return " ".join(sentences)


def _is_only_renamed(section: SectionChange) -> bool:
    """Whether no more than its title reads otherwise."""
    return Kind.RENAMED in section.kinds and all(block.is_kept or block.block.level == 2 for block in section.blocks)


def _named(section: SectionChange, kind: Kind, phrases: Phrases) -> str:
    if kind is Kind.RENAMED:
        return phrases.to.format(_name(section.old_title or ""), _name(section.title))
    return _name(section.title)


def _facts(section: SectionChange, phrases: Phrases) -> str:
    """` (12 words added, 4 removed, 1 link)`."""
    said = [words(section.counts, phrases.counting), *attributes(section.counts, phrases.counting)]
    facts = phrases.counting.parts[0].join(filter(None, said))
    return phrases.facts.format(facts) if facts else ""


def _listed(names: list[str], phrases: Phrases) -> str:
    shown = names[:NAMED]
    if len(names) > NAMED:
        shown.append(phrases.more.format(len(names) - NAMED))
    return phrases.counting.parts[0].join(shown)


def _name(title: str) -> str:
    """A section's title as emphasis, safe in Markdown."""
    escaped = re.sub(r"([\\`*_{}\[\]<>])", r"\\\1", title).replace("\\<", "&lt;")
    return f"*{escaped}*"
