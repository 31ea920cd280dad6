"""Plain words → Markdown that the site shows as the same words.

Only what Markdown would take for markup is escaped, so that ordinary prose stays as it was written.
"""

from __future__ import annotations

import re

_BACKSLASH = re.compile(r"\\(?=[\\`*_{}\[\]()>#+\-.!|])")
_CODE = re.compile(r"`")
_STAR = re.compile(r"\*(?=\S)|(?<=\S)\*")
_UNDERSCORE = re.compile(r"(?<!\w)_(?=\S)|(?<=\S)_(?!\w)|__")
_BRACKET = re.compile(r"\[(?=[^\]]*\][(\[:])|\[(?=\^)|\[(?=[^\]]*\])")
_TAG = re.compile(r"<(?=\S)")
_ENTITY = re.compile(r"&(?=#|\w+;)")
_ATTRIBUTES = re.compile(r"\{(?=:?[^}]*\}\s*$)", re.MULTILINE)
_LINE_START = (
    (re.compile(r"^(?=#{1,6})", re.MULTILINE), "\\\\"),
    (re.compile(r"^(?=[*+-](?:\s|$))", re.MULTILINE), "\\\\"),
    (re.compile(r"^(?=>)", re.MULTILINE), "\\\\"),
    (re.compile(r"^(\d+)(?=\.(?:\s|$))", re.MULTILINE), r"\1\\"),
    (re.compile(r"^:(?=\s)", re.MULTILINE), "&#58;"),
    (re.compile(r"^(?=(?:-[ ]*){3,}$|(?:_[ ]*){3,}$)", re.MULTILINE), "\\\\"),
    (re.compile(r"^=(?==*\s*$)", re.MULTILINE), "&#61;"),
    (re.compile(r"^~(?=~~)", re.MULTILINE), "&#126;"),
)
_EMAIL = re.compile(r"(?<![\w@.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+(?<!\.)")
_ADDRESS = re.compile(r"(?<![\w/@<\[(\"'=])https?://[^\s<>\"')\]]+(?<![.,;:!?])")


def escape(text: str, links: bool = True) -> str:
    """`text` (one block, perhaps of several lines) as Markdown that reads the same.

    E-mail and web addresses become links, unless `links` is false.
    """
    found = [*_EMAIL.finditer(text), *_ADDRESS.finditer(text)] if links else []
    places = sorted(found, key=lambda match: match.start())
    parts, end = [], 0
    for match in places:
        if match.start() < end:
            continue
        parts += [_escaped(text[end : match.start()]), f"<{match[0]}>"]
        end = match.end()
    escaped = "".join(parts) + _escaped(text[end:])
    for pattern, replacement in _LINE_START:
        escaped = pattern.sub(replacement, escaped)
    if "|" in escaped and re.search(r"^[ |:-]*-[ |:-]*$", escaped, re.MULTILINE):
        escaped = escaped.replace("|", "\\|")
    return escaped


def email_addresses(text: str) -> tuple[str, ...]:
    """The e-mail addresses in a text, each once, in order."""
    return tuple(dict.fromkeys(match[0].strip("_") for match in _EMAIL.finditer(text)))


def _escaped(text: str) -> str:
    text = _BACKSLASH.sub(r"\\\\", text)
    text = _CODE.sub(r"\\`", text)
    text = _STAR.sub(r"\\*", text)
    text = _UNDERSCORE.sub(lambda match: match[0].replace("_", "\\_"), text)
    text = _BRACKET.sub(r"\\[", text)
    text = _ENTITY.sub("&amp;", text)
    text = _TAG.sub("&lt;", text)
    return _ATTRIBUTES.sub(r"\\{", text)
