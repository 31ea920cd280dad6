"""What editors do to sections as wholes: move, rename, split, merge. File names, numbers and `formerly` in one step.

Pure: takes the files of a `text/` folder (name → bytes) and gives the files as they are to be. Only files of sections
are looked at; front matter keeps its comments and order. What cannot be done is a UsageError.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gazette.editorial.front_matter import append_to_list, remove_key, set_key
from gazette.errors import UsageError
from gazette.policy import markup
from gazette.policy.fields import nearest
from gazette.policy.files import parse_section, section_place, trim
from gazette.policy.model import Section
from gazette.policy.slugs import slug, valid_id

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One section's file: its number (None for a new one), its id and its text with the line ends as they are."""

    number: int | None
    id: str
    document: str

    @property
    def section(self) -> Section:
        section, problems = parse_section(f"01-{self.id}.md", self.document.encode(), self.id)
        if section is None or not section.title:
            raise UsageError(f"the section '{self.id}' cannot be read: {problems[0].what}", "run 'gazette check' first")
        return section


def move(files: Files, section: str, after: str | None) -> dict[str, bytes]:
    """`section` right behind the section `after`, or first of all if that is None."""
    entries = _entries(files)
    moved = _find(entries, section)
    if after == section:
        raise UsageError(f"'{section}' cannot stand after itself", "name another section with --after")
    rest = [entry for entry in entries if entry is not moved]
    place = rest.index(_find(rest, after)) + 1 if after is not None else 0
    return _files([*rest[:place], moved, *rest[place:]])


def rename(files: Files, section: str, new_id: str, title: str | None = None) -> dict[str, bytes]:
    """`section` with another id, which keeps the old one in `formerly`; and with another title if one is given."""
    entries = _entries(files)
    entry = _find(entries, section)
    document = entry.document
    if new_id != section:
        _require_free(entries, new_id, unless_former_of=section)
        former = entry.section.formerly
        if new_id in former:
            document = _with_formerly(document, [name for name in former if name != new_id])
        document = append_to_list(document, "formerly", section)
    if title is not None:
        document = set_key(document, "title", title)
    renamed = replace(entry, id=new_id, document=document)
    return _files([renamed if other is entry else other for other in entries])


def split(files: Files, section: str, at: str, new_id: str | None = None, title: str | None = None) -> dict[str, bytes]:
    """`section` cut in two at a heading (its title or slug) or at a line of the file; the second part is a new section.

    The first part keeps the id, since it is living: `formerly` names only ids that are gone.
    """
    entries = _entries(files)
    entry = _find(entries, section)
    head, body = _halves(entry.document)
    cut, heading = _cut(entry, head, body, at)
    first, second = body[:cut], body[cut:]
    if heading is not None:
        second = "".join(second.splitlines(keepends=True)[1:])
        title = title if title is not None else heading
    if not title:
        raise UsageError("the new section has no title", "give it one with --title")
    identity = new_id or slug(_plain(title))
    _require_free(entries, identity)
    if not first.strip() or not second.strip():
        raise UsageError(f"one part of '{section}' would be empty", "cut at another heading or line")
    newline = "\r\n" if "\r\n" in entry.document else "\n"
    front = set_key(f"---{newline}---{newline}", "title", title)
    tail = _lifted(trim(second.replace("\r\n", "\n"))).replace("\n", newline)
    fresh = _Entry(None, identity, f"{front}{newline}{tail}{newline}")
    cut_off = replace(entry, document=head + first.rstrip() + newline)
    place = entries.index(entry)
    return _files([*entries[:place], cut_off, fresh, *entries[place + 1 :]])


def merge(files: Files, section: str, other: str, heading: bool = True) -> dict[str, bytes]:
    """`other` becomes the end of `section`, under its own title as a heading unless `heading` is False."""
    entries = _entries(files)
    entry, ended = _find(entries, section), _find(entries, other)
    if entry is ended:
        raise UsageError(f"'{section}' cannot be merged with itself", "name two sections")
    newline = "\r\n" if "\r\n" in entry.document else "\n"
    body = trim(_halves(ended.document)[1].replace("\r\n", "\n"))
    if heading:
        body = f"### {ended.section.title}\n\n{_shifted(body, 1)}"
    document = entry.document.rstrip() + newline * 2 + body.replace("\n", newline) + newline
    former = entry.section.formerly
    for name in (other, *ended.section.formerly):
        if name not in former:
            document = append_to_list(document, "formerly", name)
    merged = replace(entry, document=document)
    return _files([merged if kept is entry else kept for kept in entries if kept is not ended])


def is_section(name: str) -> bool:
    """Whether a file in `text/` is one of a section."""
    return section_place(name) is not None


def with_links(files: Files, old_id: str, new_id: str, prefix: str = "") -> dict[str, bytes]:
    """The files with each link to `old_id` (and its headings) turned to `new_id`. Elsewhere `prefix` leads here."""
    target = re.compile(
        rf"(?P<before>\]\(\s*<?|\bhref\s*=\s*[\"']?|^ {{0,3}}\[[^\]\n]+\]:[ \t]*<?){re.escape(prefix)}#"
        rf"(?P<id>{re.escape(old_id)})(?=--|[\s)>\"'])",
        re.MULTILINE,
    )
    return {name: _relinked(data, target, new_id) for name, data in files.items()}


def _relinked(data: bytes, target: re.Pattern[str], new_id: str) -> bytes:
    try:
        document = data.decode()
    except UnicodeDecodeError:
        return data
    parts, last = [], 0
    for match in target.finditer(markup.masked(document)):
        parts += [document[last : match.start("id")], new_id]
        last = match.end("id")
    return "".join([*parts, document[last:]]).encode()


def _entries(files: Files) -> list[_Entry]:
    """The sections' files in reading order."""
    found = []
    for name, data in files.items():
        place = section_place(name)
        if place is None:
            continue
        try:
            found.append(((place[0], name), _Entry(place[0], place[1], data.decode())))
        except UnicodeDecodeError as error:
            raise UsageError(f"{name} is not UTF-8", "run 'gazette check' first") from error
    return [entry for _, entry in sorted(found, key=lambda item: item[0])]


def _files(entries: Sequence[_Entry]) -> dict[str, bytes]:
    numbers = places([entry.number for entry in entries])
    width = max(2, len(str(numbers[-1]))) if numbers else 2
    return {f"{n:0{width}d}-{entry.id}.md": entry.document.encode() for n, entry in zip(numbers, entries, strict=True)}


def places(numbers: Sequence[int | None]) -> list[int]:
    """Ascending numbers for sections in their new order, as few of them changed as possible (None is a new section).

    Those that stay are a longest run that leaves room for the others between them.
    """
    candidates = [(place, n) for place, n in enumerate(numbers) if n is not None and n > place]
    best: list[tuple[int, int | None]] = []
    for index, (place, n) in enumerate(candidates):
        length, before = 1, None
        for earlier in range(index):
            other_place, other = candidates[earlier]
            if n - other >= place - other_place and best[earlier][0] >= length:
                length, before = best[earlier][0] + 1, earlier
        best.append((length, before))
    kept: dict[int, int] = {}
    at: int | None = max(range(len(best)), key=lambda index: best[index][0], default=None)
    while at is not None:
        kept[candidates[at][0]] = candidates[at][1]
        at = best[at][1]
    result: list[int] = []
    for place in range(len(numbers)):
        result.append(kept.get(place, result[-1] + 1 if result else 1))
    return result


def _find(entries: Sequence[_Entry], section: str | None) -> _Entry:
    for entry in entries:
        if entry.id == section:
            return entry
    names = [entry.id for entry in entries]
    raise UsageError(
        f"there is no section '{section}'", nearest(section or "", names) or f"known are {', '.join(names)}"
    )


def _require_free(entries: Sequence[_Entry], identity: str, unless_former_of: str | None = None) -> None:
    if not valid_id(identity):
        raise UsageError(f"'{identity}' is not allowed as a section id", f"write '{slug(identity) or 'text'}'")
    for entry in entries:
        if entry.id == identity:
            raise UsageError(f"there is a section '{identity}' already", "choose another id")
        if entry.id != unless_former_of and identity in entry.section.formerly:
            raise UsageError(
                f"'{identity}' was once the id of '{entry.id}'", "choose another id, so that it stays true"
            )


def _halves(document: str) -> tuple[str, str]:
    """Front matter with its fences, and the rest."""
    match = re.match(r"\ufeff?---[ \t]*\r?\n.*?^---[ \t]*(?:\r?\n|\Z)", document, re.DOTALL | re.MULTILINE)
    if match is None:
        raise UsageError("a section has no front matter", "run 'gazette check' first")
    return match[0], document[match.end() :]


def _cut(entry: _Entry, head: str, body: str, at: str) -> tuple[int, str | None]:
    """Where to cut the body, and the title of the heading there, if there is one."""
    lines = body.splitlines(keepends=True)
    before = head.count("\n")
    found = {heading.line: heading for heading in markup.headings(body.replace("\r\n", "\n"))}
    if at.isdigit():
        line = int(at) - before
        if not 1 <= line <= len(lines):
            first, last = before + 1, before + len(lines)
            raise UsageError(f"'{entry.id}' has no line {at}", f"its text stands in the lines {first} to {last}")
    else:
        names = {heading.title: line for line, heading in found.items()}
        names |= {slug(_plain(title)): line for title, line in names.items()}
        if at.lstrip("# ") not in names:
            raise UsageError(f"'{entry.id}' has no heading '{at}'", nearest(at, names) or "name a line of the file")
        line = names[at.lstrip("# ")]
    heading = found.get(line)
    return sum(map(len, lines[: line - 1])), heading.title if heading else None


def _plain(title: str) -> str:
    """A heading's words without link targets."""
    return re.sub(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])", r"\1", title)


def _lifted(body: str) -> str:
    """The body with its headings as near to `###` as their shallowest allows."""
    levels = [heading.level for heading in markup.headings(body)]
    return _shifted(body, 3 - min(levels)) if levels and min(levels) > 3 else body


def _shifted(body: str, by: int) -> str:
    """The body with each heading moved by some levels, `######` at the deepest."""
    lines = body.split("\n")
    for heading in markup.headings(body):
        mark = "#" * min(6, heading.level + by)
        lines[heading.line - 1] = re.sub(r"^(\s*)#+", rf"\g<1>{mark}", lines[heading.line - 1])
    return "\n".join(lines)


def _with_formerly(document: str, names: list[str]) -> str:
    return set_key(document, "formerly", [*names]) if names else remove_key(document, "formerly")
