"""Links within a text, carried over to the ids that its sections now have.

A link's target is looked for among the anchors that the source's own renderer would have made (explicit ids, GitHub's
and Python-Markdown's slugs), then by the words of the link. A link that leads nowhere loses its link and keeps its
words, with a warning: a page never offers a way that does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gazette.editorial.importing.document import warning
from gazette.editorial.importing.lineage import Placed
from gazette.editorial.importing.titles import bare, id_for, plain
from gazette.errors import Problem
from gazette.policy import markup
from gazette.policy.slugs import slug

_INLINE = re.compile(
    r"(?<![!\\])\[(?P<text>(?:[^\[\]\\]|\\.|!?\[[^\[\]]*\](?:\([^()\s]*\))?)*)\]"
    r"\([ ]*<?#(?P<target>[^()\s>]*)>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?[ ]*\)"
)
_HTML = re.compile(
    r"""<a\b(?P<before>[^<>]*?)\bhref\s*=\s*(?P<quote>["'])#(?P<target>[^"'<>]*)(?P=quote)(?P<after>[^<>]*)>"""
    r"(?P<text>.*?)</a\s*>",
    re.DOTALL | re.IGNORECASE,
)
_ENUMERATOR = re.compile(r"^(?:\d+|[a-z]|[ivxlc]+)-")
_NUMBERED = re.compile(r"_?(?:ch|chapter|sec|section|abschnitt|kapitel|article|art|part|s)[_-]?(\d+)", re.IGNORECASE)
_REFERENCE = re.compile(r"^(?P<before> {0,3}\[[^\]\n]+\]:[ \t]*<?)#(?P<target>[^\s<>]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Anchors:
    """Where a text can be linked to: ids that are there as they are, and what leads to them by another name."""

    present: frozenset[str]
    by_name: dict[str, str]
    by_words: dict[str, str]
    by_number: dict[int, str]

    def target(self, name: str, words: str) -> str | None:
        """The id for a link to `name` with these words."""
        if name in self.present:
            return name
        key = slug(name)
        found = self.by_name.get(name) or self.by_name.get(key) or self.by_words.get(bare(words))
        return found or self.by_name.get(_ENUMERATOR.sub("", key)) or self._longer(key) or self._numbered(name)

    def _longer(self, key: str) -> str | None:
        """The only anchor whose name goes on where this one ends: its heading grew since the link was written."""
        longer = {target for name, target in self.by_name.items() if len(key) >= 8 and name.startswith(f"{key}-")}
        return longer.pop() if len(longer) == 1 else None

    def _numbered(self, name: str) -> str | None:
        """`#CH4` and `#section_4`, where a heading is numbered 4."""
        match = _NUMBERED.fullmatch(name)
        return self.by_number.get(int(match[1])) if match else None


def linked(placed: Sequence[Placed], path: str) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The body of each section with its links carried over, and a warning for each that leads nowhere."""
    if not any("#" in section.part.body for section in placed):
        return tuple(section.part.body for section in placed), ()
    anchors = _anchors(placed)
    warnings: list[Problem] = []
    bodies = tuple(_linked(section, anchors, path, warnings) for section in placed)
    return bodies, tuple(warnings)


def _anchors(placed: Sequence[Placed]) -> _Anchors:
    by_name: dict[str, str] = {}
    by_words: dict[str, str] = {}
    by_number: dict[int, str] = {}
    for section in placed:
        for name in (*section.part.anchors, *_names(section.part.title)):
            by_name.setdefault(name, section.id)
        by_words.setdefault(bare(section.part.title), section.id)
        if match := re.match(r"(?:\w+ )?(\d+)[.):]? ", plain(section.part.title)):
            by_number.setdefault(int(match[1]), section.id)
    for section in placed:
        for anchor, title, explicit in _inner(section.id, section.part.body):
            for name in (explicit, *_names(title)):
                by_name.setdefault(name, anchor)
            by_words.setdefault(bare(title), anchor)
    for section in placed:
        for former in section.formerly:
            by_name.setdefault(former, section.id)
    for table in (by_name, by_words):
        table.pop("", None)
    present = frozenset().union(*(_present(section.id, section.part.body) for section in placed))
    return _Anchors(present, by_name, by_words, by_number)


@lru_cache(maxsize=4_096)
def _present(section_id: str, body: str) -> frozenset[str]:
    return markup.anchors(section_id, body)


@lru_cache(maxsize=4_096)
def _inner(section_id: str, body: str) -> tuple[tuple[str, str, str], ...]:
    """Anchor, title and explicit id of each heading inside a section, as the site will give them."""
    found: list[tuple[str, str, str]] = []
    taken: set[str] = set()
    for heading in markup.headings(body):
        name = slug(plain(heading.title)) or "section"
        number, base = 1, name
        while name in taken and not heading.explicit:
            number += 1
            name = f"{base}-{number}"
        if not heading.explicit:
            taken.add(name)
        found.append((heading.explicit or f"{section_id}--{name}", heading.title, heading.explicit))
    return tuple(found)


@lru_cache(maxsize=4_096)
def _names(title: str) -> tuple[str, ...]:
    """What a heading is called in links: with punctuation parting words, with punctuation left out, without number."""
    words = plain(title)
    return slug(words), slug(re.sub(r"[^\w\s-]", "", words)), id_for(title)


def _linked(section: Placed, anchors: _Anchors, path: str, warnings: list[Problem]) -> str:
    body = section.part.body
    for pattern, written in ((_INLINE, _inline), (_HTML, _html), (_REFERENCE, _reference)):
        if "#" in body:
            body = _replaced(body, pattern, written, section, anchors, path, warnings)
    return body


def _replaced(
    body: str,
    pattern: re.Pattern[str],
    written: Callable[[str, re.Match[str], str | None], str],
    section: Placed,
    anchors: _Anchors,
    path: str,
    warnings: list[Problem],
) -> str:
    parts, end = [], 0
    for match in pattern.finditer(markup.masked(body)):
        words = body[match.start("text") : match.end("text")] if "text" in match.re.groupindex else ""
        target = anchors.target(match["target"], words)
        if target is None and (match["target"] or words):
            line = section.part.lines[min(body.count("\n", 0, match.start()), len(section.part.lines) - 1)]
            what = f"'{plain(words)[:60]}' links to '#{match['target']}', which is not there"
            warnings.append(warning(path, line, what, "the words stay without the link; link them anew"))
        parts += [body[end : match.start()], written(body, match, target)]
        end = match.end()
    return "".join(parts) + body[end:]


def _inline(body: str, match: re.Match[str], target: str | None) -> str:
    text = body[match.start("text") : match.end("text")]
    return text if target is None else f"[{text}](#{target})"


def _html(body: str, match: re.Match[str], target: str | None) -> str:
    text = body[match.start("text") : match.end("text")]
    if target is None:
        return text
    before, after = body[match.start("before") : match.end("before")], body[match.start("after") : match.end("after")]
    return f'<a{before}href="#{target}"{after}>{text}</a>'


def _reference(body: str, match: re.Match[str], target: str | None) -> str:
    return f"{match['before']}#{target or match['target']}"
