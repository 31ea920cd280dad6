"""The values that everything else is about: sections, texts, version records, policies.

All are frozen and free of the world: no path is opened here and no day is looked up. What a version *is* on a day
(announced, in force, superseded) is derived in `timeline`; nothing stores it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path


class Change(StrEnum):
    """The kind of change that a version brings."""

    INITIAL = "initial"
    MATERIAL = "material"  # people are told
    MINOR = "minor"  # changelog and feed only
    EDITORIAL = "editorial"  # typos; nobody is told


@dataclass(frozen=True, slots=True)
class Section:
    """One titled part of a policy. The id never changes while heading, place and wording may.

    `title` is inline Markdown; `body` is Markdown with LF line ends and no outer blank lines; `formerly` lists ids that
    this section was renamed, merged or split from.
    """

    id: str
    title: str
    body: str
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text:
    """A policy's ordered sections at one point. `assets` maps `assets/…` paths to their bytes' git blob ids."""

    sections: tuple[Section, ...]
    assets: tuple[tuple[str, str], ...] = ()

    def section(self, section_id: str) -> Section | None:
        return next((section for section in self.sections if section.id == section_id), None)


@dataclass(frozen=True, slots=True)
class Rescheduling:
    """From the day `on`, the version takes effect on `effective` instead."""

    on: date
    effective: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """On the day `on`, before it took effect, the version was taken back."""

    on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """A text that was published: the record `versions/<label>.md`.

    `tree` is the git tree id of `text/` as published (the record's `text:`); `digest` is `sha256:` and 64 hex digits
    over the canonical text. `effective` is the date first announced; `rescheduled` moves it (see `timeline.effective`).
    """

    label: str
    published: date
    effective: date
    change: Change
    title: str
    tree: str
    digest: str
    summary: str  # Markdown
    predecessor: str | None = None
    sequence: int = 1
    replaces: str | None = None
    rescheduled: tuple[Rescheduling, ...] = ()
    withdrawn: Withdrawal | None = None
    imported: bool = False
    not_material: str = ""
    approved_by: tuple[str, ...] = ()
    comment_until: date | None = None
    path: str = ""  # of the record, as a user would type it


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """`notice:` in `policy.yml`. Lead times stay words (`30 days`, `2 months`) until the notice clock reads them."""

    material: str = ""
    rules: tuple[str, ...] = ()
    reminders: tuple[str, ...] = ()
    review: str = ""
    reviewed: date | None = None  # the last review that brought no new version


@dataclass(frozen=True, slots=True)
class Policy:
    """One document that is published.

    `versions` are all records in the order (effective, published, sequence), whatever the day; `text` is the working
    text in `text/`, None where there is none or it could not be read.
    """

    id: str
    title: str
    language: str
    folder: Path
    contact: str = ""
    notice: NoticeSettings = field(default_factory=NoticeSettings)
    owners: tuple[str, ...] = ()
    versions: tuple[Version, ...] = ()
    text: Text | None = None

    def version(self, label: str) -> Version | None:
        return next((version for version in self.versions if version.label == label), None)
