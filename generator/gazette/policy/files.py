"""Section files ↔ values, and the whole of `text/` ↔ a `Text`. (Version records are in `records`, and offered here.)

Pure: takes names and bytes, gives values and problems; opens nothing. What is wrong inside a text is found here; what
needs more than its files (links to other policies) is found in `reading`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache

from gazette.errors import Problem
from gazette.policy import markup
from gazette.policy.canonical import trim
from gazette.policy.decoding import conflict, decode
from gazette.policy.fields import Fields, front_matter, line_of, split_front_matter
from gazette.policy.model import Section, Text
from gazette.policy.records import RECORD_KEYS, parse_record, record_file
from gazette.policy.slugs import slug, valid_id

ASSETS = "assets/"
SECTION_KEYS = ("title", "formerly")

_SECTION_NAME = re.compile(r"(\d+)-(.+)\.md")


def section_filename(place: int, section_id: str) -> str:
    """`NN-<section-id>.md`, the name of a section's file at a place counted from 1."""
    return f"{place:02d}-{section_id}.md"


@lru_cache(maxsize=4096)
def section_place(name: str) -> tuple[int, str] | None:
    """The place and the id in a section file's name; None if it is no such name."""
    match = _SECTION_NAME.fullmatch(name)
    return (int(match[1]), match[2]) if match else None


def parse_section(
    name: str, data: bytes, path: str, is_draft: bool = True
) -> tuple[Section | None, tuple[Problem, ...]]:
    """The section in the file `name`; None only if nothing can be made of it. `path` is for the problems.

    The headings of what is no draft any more are not looked at: nobody can correct them.
    """
    problems: list[Problem] = []
    place = section_place(name)
    if place is None:
        return None, (Problem(path, 0, "is not the name of a section", "name it NN-<section-id>.md"),)
    section_id = place[1]
    if not valid_id(section_id):
        remedy = f"name it {section_filename(place[0], slug(section_id) or 'text')}"
        problems.append(Problem(path, 0, f"'{section_id}' is not allowed as a section id", remedy))
    text = decode(data, path, problems)
    if text is None:
        return None, tuple(problems)
    # What a conflict breaks besides is not worth a second message.
    found: list[Problem] = [] if conflict(text, path, problems) else problems
    parts = split_front_matter(text, path, found)
    if parts is None:
        return None, tuple(problems)
    fields, rest, first_line = parts
    fields.only(SECTION_KEYS)
    fields.require("title")
    if is_draft:
        found.extend(markup.heading_problems(rest, path, first_line))
    body = trim(rest)
    if not body:
        found.append(Problem(path, first_line, "the section is empty", "write its text, or delete the file"))
    return Section(section_id, fields.text("title"), body, _formerly(fields, section_id)), tuple(problems)


def section_file(section: Section) -> bytes:
    """The bytes of a section's file; `parse_section` gives the same section back."""
    front: dict[str, object] = {"title": section.title}
    if section.formerly:
        front["formerly"] = list(section.formerly)
    body = f"\n{section.body}\n" if section.body else ""
    return f"---\n{front_matter(front)}---\n{body}".encode()


def text_files(text: Text, assets: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """The files of `text/` for a text, numbered in order."""
    width = max(2, len(str(len(text.sections))))
    files = {
        f"{place:0{width}d}-{section.id}.md": section_file(section) for place, section in enumerate(text.sections, 1)
    }
    return files | dict(assets or {})


def text_from_files(files: Mapping[str, bytes], path: str = "text") -> tuple[Text, tuple[Problem, ...]]:
    """The text that the files of a folder `text/` make, keyed by their path in it, and all problems inside it."""
    problems: list[Problem] = []
    sections: list[tuple[str, Section]] = []
    assets: list[tuple[str, str]] = []
    for name, data in sorted(files.items()):
        if _hidden(name):
            continue
        if name.startswith(ASSETS):
            assets.append((name, blob_id(data)))
            continue
        section, found = parse_section(name, data, f"{path}/{name}")
        problems.extend(found)
        if section is not None:
            sections.append((name, section))
    text = assemble(sections, tuple(assets))
    problems.extend(_between_sections(sections, files, path))
    return text, tuple(problems)


def assemble(sections: list[tuple[str, Section]], assets: tuple[tuple[str, str], ...] = ()) -> Text:
    """The text that sections make, given with the names of their files: in the order of their numbers."""
    ordered = sorted(sections, key=lambda entry: (section_place(entry[0]) or (0, ""), entry[0]))
    return Text(tuple(section for _, section in ordered), assets)


@lru_cache(maxsize=4096)  # versions have most of their files by the same names
def is_section_path(path: str) -> bool:
    """Whether a path in `text/` is to be read as a section: neither hidden nor an asset."""
    return not _hidden(path) and not path.startswith(ASSETS)


def _hidden(path: str) -> bool:
    return path.startswith(".") or "/." in path


def blob_id(data: bytes, algorithm: str = "sha1") -> str:
    """The id that git gives to these bytes."""
    return hashlib.new(algorithm, b"blob %d\0" % len(data) + data).hexdigest()


def _formerly(fields: Fields, section_id: str) -> tuple[str, ...]:
    ids = fields.texts("formerly")
    for former in ids:
        if not valid_id(former):
            fields.problem("formerly", f"'{former}' is not allowed as a section id", f"write '{slug(former)}'")
        elif former == section_id:
            fields.problem("formerly", f"the section was never called anything but '{former}'", "take it out")
    return tuple(dict.fromkeys(ids))


def _between_sections(sections: list[tuple[str, Section]], files: Mapping[str, bytes], path: str) -> list[Problem]:
    """Ids that are there twice, and former ids that are alive."""
    problems: list[Problem] = []
    living: dict[str, str] = {}
    for name, section in sections:
        if section.id in living:
            what = f"the section id '{section.id}' is there twice (also {living[section.id]})"
            problems.append(Problem(f"{path}/{name}", 0, what, "rename one of the files"))
        living.setdefault(section.id, f"{path}/{name}")
    for name, section in sections:
        for former in section.formerly:
            if former in living and former != section.id:
                what = f"'formerly' names '{former}', which is a living section ({living[former]})"
                line = line_of(files[name], "formerly")
                remedy = f"take '{former}' out of 'formerly', or rename that section"
                problems.append(Problem(f"{path}/{name}", line, what, remedy))
    return problems


__all__ = [
    "ASSETS",
    "RECORD_KEYS",
    "SECTION_KEYS",
    "assemble",
    "blob_id",
    "is_section_path",
    "parse_record",
    "parse_section",
    "record_file",
    "section_file",
    "section_filename",
    "section_place",
    "text_files",
    "text_from_files",
    "trim",
]
