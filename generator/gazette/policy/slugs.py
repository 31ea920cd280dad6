"""Names that become addresses: ids of sections and policies, slugs of headings, labels of versions.

An id is lower-case, Unicode in NFC, words parted by single hyphens, at most 80 characters (and 240 bytes, so that
`NN-<id>.md` fits every file system). A label is ASCII, since it is also a git tag.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

MAX_CHARACTERS = 80
MAX_BYTES = 240
MAX_LABEL = 64

#: Addresses of the site that a policy cannot take.
RESERVED_POLICY_IDS = frozenset({"assets", "search", "versions", "changes", "compare", "sections", "since"})

_LABEL = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_NEITHER = re.compile("[^a-z0-9]+")
_APOSTROPHES = re.compile("['’ʼ＇]")


def slug(text: str) -> str:
    """`text` as an id: "Your Data: What's New?" → `your-data-whats-new`. Empty where nothing is left.

    Letters, marks and digits of any script stay, apostrophes and invisible format characters vanish, all else parts
    words. A slug is its own slug.
    """
    if text.isascii():
        return _shortened(_NEITHER.sub("-", text.replace("'", "").lower()).strip("-"))
    lowered = unicodedata.normalize("NFC", _APOSTROPHES.sub("", unicodedata.normalize("NFC", text)).lower())
    kept = "".join(c if _is_kept(c) else "" if unicodedata.category(c) == "Cf" else "-" for c in lowered)
    words = (_without_leading_marks(word) for word in unicodedata.normalize("NFC", kept).split("-"))
    return _shortened("-".join(word for word in words if word))


def unique_slug(text: str, taken: Collection[str], fallback: str = "") -> str:
    """The slug of `text` that is not yet `taken`: repeats get `-2`, `-3`…; what leaves nothing becomes `fallback`."""
    base = slug(text) or fallback
    if not base:
        base = f"section-{len(taken) + 1}"
    candidate, number = base, 1
    while candidate in taken:
        number += 1
        suffix = f"-{number}"
        candidate = _shortened(base, len(suffix)) + suffix
    return candidate


def valid_id(text: str) -> bool:
    """Whether `text` may be the id of a section or a policy (reserved policy ids are another question)."""
    return bool(text) and text == slug(text)


def valid_label(text: str) -> bool:
    """Whether `text` may be the label of a version: `[a-z0-9]+([.-][a-z0-9]+)*`, ≤ 64 characters, not `….lock`."""
    return len(text) <= MAX_LABEL and bool(_LABEL.fullmatch(text)) and not text.endswith(".lock")


def _is_kept(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def _without_leading_marks(word: str) -> str:
    """A combining mark needs a letter before it."""
    place = next((n for n, c in enumerate(word) if unicodedata.category(c)[0] != "M"), len(word))
    return word[place:]


def _shortened(words: str, reserve: int = 0) -> str:
    """Cut to the limits, at the end of a word if that loses less than half."""
    limit = MAX_CHARACTERS - reserve
    cut = words[:limit]
    while len(cut.encode()) > MAX_BYTES - reserve:
        cut = cut[:-1]
    if cut != words and words[len(cut)] != "-" and cut.rfind("-") > limit // 2:
        cut = cut[: cut.rfind("-")]
    return cut.strip("-")
