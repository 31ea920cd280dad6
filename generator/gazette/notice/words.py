"""The words of a notice's frame in each language: data in `templates/words/`, which a site can add to or replace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from gazette.errors import ContentError, Problem
from gazette.notice.model import Kind

OWN = Path(__file__).parent / "templates" / "words"
TEXTS = (
    "greeting", "greeting_named", "summary", "changes", "more", "words", "see_redline", "read_text", "reason",
    "required", "unsubscribe", "contact",
)  # fmt: skip
CHANGES = ("added", "removed", "changed", "renamed", "moved", "split", "merged")
FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """The frame in one language."""

    language: str
    subject: Mapping[str, str]
    lead: Mapping[str, str]
    change: Mapping[str, str]
    texts: Mapping[str, str]

    def __getattr__(self, name: str) -> str:
        try:
            return self.texts[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return _locale(self.language).text_direction

    def date(self, day: date) -> str:
        """The day in words of this language: 1 December 2026."""
        return format_date(day, "long", _locale(self.language))


def read_words(folder: Path | None = None) -> dict[str, Words]:
    """Every language's frame: ours, and those of a site's own `words/` folder, which win."""
    found: dict[str, Words] = {}
    for place in (OWN, folder / "words" if folder else None):
        for path in sorted(place.glob("*.yml")) if place is not None and place.is_dir() else ():
            found[path.stem] = _read(path)
    return found


def choose(wanted: str, policy_language: str, known: Mapping[str, Words]) -> str:
    """The frame's language for a reader who wants `wanted` (BCP 47, may be empty): it, its parent, the policy's,
    English.
    """
    for tag in (wanted, policy_language):
        parts = tag.replace("_", "-").split("-")
        for length in range(len(parts), 0, -1):
            candidate = "-".join(parts[:length]).lower()
            for language in known:
                if language.lower() == candidate:
                    return language
    return FALLBACK


def _read(path: Path) -> Words:
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError([Problem(str(path), 0, f"cannot be read: {error}", "correct the file")]) from error
    data = data if isinstance(data, dict) else {}
    missing = [key for key in TEXTS if not isinstance(data.get(key), str)]
    for group, keys in (("subject", list(Kind)), ("lead", list(Kind)), ("change", CHANGES)):
        given = data.get(group)
        missing += [f"{group}.{k}" for k in keys if not isinstance(given, dict) or not isinstance(given.get(k), str)]
    if missing:
        what = f"lacks {', '.join(missing)}"
        raise ContentError([Problem(str(path), 0, what, "add the words; templates/words/en.yml is the model")])
    texts = {key: data[key] for key in TEXTS}
    return Words(path.stem, data["subject"], data["lead"], data["change"], texts)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-" if "-" in language else "_")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(FALLBACK)
