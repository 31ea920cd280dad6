"""The facts of a policy that stand beside its text: title, language, contact, dates.

Each is what the user said, else what the sources say, else a default that is said aloud in a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gazette.editorial.importing.chronology import Dated
from gazette.editorial.importing.document import Document, warning
from gazette.editorial.importing.escaping import email_addresses
from gazette.editorial.importing.language import detect_language, is_language_tag
from gazette.editorial.importing.lineage import Placed
from gazette.editorial.importing.outline import Outline, make_outline
from gazette.errors import Problem, UsageError
from gazette.policy import markup

#: Asks for a date; None is answered where there is nobody to ask.
Ask = Callable[[str, date | None], date | None]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user said on the command line; what was left out is found in the sources. `day` is today."""

    policy: str
    day: date
    title: str = ""
    language: str = ""
    contact: str = ""
    effective: date | None = None


def stated_day(document: Document) -> date | None:
    """The day that the text itself names at its top."""
    return document.stated or make_outline(document).stated


def with_effective(
    dated: Sequence[Dated], outline: Outline, wishes: Wishes, ask: Ask | None, warnings: list[Problem]
) -> Wishes:
    """From when a single text applies, if neither the user nor its front matter said so."""
    entry = dated[0]
    if len(dated) > 1 or wishes.effective is not None or entry.document.effective is not None:
        return wishes
    if outline.stated is not None and outline.stated_effective and outline.stated >= entry.published:
        return replace(wishes, effective=outline.stated)
    if ask is not None:
        return replace(wishes, effective=ask("From which day does it apply?", entry.published))
    what = f"does not say from when it applies; taken as effective on {entry.published}, when it was published"
    warnings.append(warning(entry.source.path, 0, what, "say otherwise with --effective YYYY-MM-DD"))
    return wishes


def effective_day(entry: Dated, outline: Outline, wishes: Wishes, warnings: list[Problem]) -> date:
    """From when a version applies: as asked for, as its front matter says, else from its publication on."""
    if wishes.effective is not None:
        if wishes.effective < entry.published:
            what = f"--effective {wishes.effective} is before the day of publication, {entry.published}"
            raise UsageError(what, "correct one of them")
        return wishes.effective
    stated = entry.document.effective
    if stated is not None and stated < entry.published:
        what = f"takes effect on {stated}, before it was published on {entry.published}; the later day was taken"
        warnings.append(warning(entry.source.path, 1, what, "correct the record if the text was published earlier"))
    return max(stated, entry.published) if stated is not None else entry.published


def find_language(document: Document, warnings: list[Problem]) -> str:
    if is_language_tag(document.language):
        return document.language
    language = detect_language(document.markdown)
    what = f"the language was taken to be '{language}'"
    warnings.append(warning(document.path, 0, what, "say otherwise with --language (BCP 47, such as en or pt-BR)"))
    return language


def find_title(outlines: Sequence[Outline], policy: str, newest: Dated, warnings: list[Problem]) -> str:
    for outline in reversed(outlines):
        if outline.title:
            return outline.title
    title = policy.replace("-", " ").capitalize()
    warnings.append(warning(newest.source.path, 0, f"has no title; called '{title}'", "say otherwise with --title"))
    return title


def find_contact(placed: Sequence[Placed], path: str, warnings: list[Problem]) -> str:
    """The one address in the section about contact, else the only one in the text."""
    about = [s for s in placed if "contact" in s.id or "contact" in s.part.title.casefold() or "kontakt" in s.id]
    for sections in (about, placed):
        addresses = email_addresses("\n".join(markup.masked(section.part.body) for section in sections))
        if len(addresses) == 1:
            return addresses[0]
    if len(addresses) > 1:
        what = f"names {len(addresses)} e-mail addresses ({', '.join(addresses[:3])}…)"
        warnings.append(warning(path, 0, what, "say which is the policy's with --contact"))
    return ""
