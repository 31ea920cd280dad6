"""Files ↔ values: section files and version records, as bytes and as frozen values.

Pure: takes names and bytes, gives values and problems; opens nothing. What is wrong inside one file is found here;
what needs the files beside it (links, doubled ids, order of versions) is found in `text_from_files` and `reading`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from pathlib import PurePosixPath

import yaml

from gazette.errors import Problem, Severity
from gazette.policy import markup
from gazette.policy.fields import Fields, conflict, decode, line_of, split_front_matter
from gazette.policy.model import Change, Rescheduling, Section, Text, Version, Withdrawal
from gazette.policy.slugs import slug, valid_id, valid_label

ASSETS = "assets/"
SECTION_KEYS = ("title", "formerly")
#: The keys of a version record, in the order in which they are written.
RECORD_KEYS = (
    "published",
    "effective",
    "change",
    "title",
    "text",
    "digest",
    "predecessor",
    "replaces",
    "sequence",
    "imported",
    "not_material",
    "approved_by",
    "comment_until",
    "rescheduled",
    "withdrawn",
)

_SECTION_NAME = re.compile(r"(\d+)-(.+)\.md")
_TREE = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def section_filename(place: int, section_id: str) -> str:
    """`NN-<section-id>.md`, the name of a section's file at a place counted from 1."""
    return f"{place:02d}-{section_id}.md"


def section_place(name: str) -> tuple[int, str] | None:
    """The place and the id in a section file's name; None if it is no such name."""
    match = _SECTION_NAME.fullmatch(name)
    return (int(match[1]), match[2]) if match else None


def parse_section(name: str, data: bytes, path: str) -> tuple[Section | None, tuple[Problem, ...]]:
    """The section in the file `name`; None only if nothing can be made of it. `path` is for the problems."""
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
    found.extend(markup.heading_problems(rest, path, first_line))
    body = trim(rest)
    if not body:
        found.append(Problem(path, first_line, "the section is empty", "write its text, or delete the file"))
    return Section(section_id, fields.text("title"), body, _formerly(fields, section_id)), tuple(problems)


def trim(body: str) -> str:
    """A body without outer blank lines; the first line keeps its indentation."""
    return re.sub(r"\A(?:[ \t]*\n)+|(?:\n[ \t]*)+\Z", "", body) if body.strip(" \t\n") else ""


def section_file(section: Section) -> bytes:
    """The bytes of a section's file; `parse_section` gives the same section back."""
    front: dict[str, object] = {"title": section.title}
    if section.formerly:
        front["formerly"] = list(section.formerly)
    body = f"\n{section.body}\n" if section.body else ""
    return f"---\n{_dump(front)}---\n{body}".encode()


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
    sections: list[tuple[tuple[int, str], Section]] = []
    assets: list[tuple[str, str]] = []
    for name, data in sorted(files.items()):
        if any(part.startswith(".") for part in PurePosixPath(name).parts):
            continue
        if name.startswith(ASSETS):
            assets.append((name, blob_id(data)))
            continue
        section, found = parse_section(name, data, f"{path}/{name}")
        problems.extend(found)
        if section is not None:
            sections.append(((int(name.split("-", 1)[0]), name), section))
    sections.sort(key=lambda entry: entry[0])
    problems.extend(_between_sections([(name, section) for (_, name), section in sections], files, path))
    return Text(tuple(section for _, section in sections), tuple(assets)), tuple(problems)


def blob_id(data: bytes, algorithm: str = "sha1") -> str:
    """The id that git gives to these bytes."""
    return hashlib.new(algorithm, b"blob %d\0" % len(data) + data).hexdigest()


def parse_record(name: str, data: bytes, path: str) -> tuple[Version | None, tuple[Problem, ...]]:
    """The version whose record is the file `name`; None if what every version needs is missing."""
    problems: list[Problem] = []
    label = name.removesuffix(".md")
    if not valid_label(label):
        problems.append(Problem(path, 0, f"'{label}' is not allowed as a label", _LABEL_REMEDY))
    text = decode(data, path, problems)
    if text is None or conflict(text, path, problems):
        return None, tuple(problems)
    parts = split_front_matter(text, path, problems)
    if parts is None:
        return None, tuple(problems)
    fields, rest, first_line = parts
    version = _version(label, fields, trim(rest), path)
    if version is not None and not version.summary:
        what = "there is no summary below the front matter"
        problems.append(Problem(path, first_line, what, "say in plain language what changed", Severity.WARNING))
    return version, tuple(problems)


_LABEL_REMEDY = "use lower-case letters and digits, parted by '.' or '-', at most 64, not ending in '.lock'"


def _version(label: str, fields: Fields, summary: str, path: str) -> Version | None:
    fields.only(RECORD_KEYS)
    fields.require("published", "effective", "change", "title", "text", "digest")
    published, effective = fields.date("published"), fields.date("effective")
    change = fields.one_of("change", Change)
    tree = _matching(fields, "text", _TREE, "a git tree id of 40 or 64 hex digits")
    digest = _matching(fields, "digest", _DIGEST, "'sha256:' and 64 hex digits")
    if published and effective and effective < published:
        what = f"takes effect on {effective}, before it was published on {published}"
        fields.problem("effective", what, "correct one of the dates")
    rescheduled = _rescheduled(fields, published)
    withdrawn = _withdrawn(fields, published, rescheduled[-1].effective if rescheduled else effective)
    sequence = fields.integer("sequence", 1)
    imported, comment_until = fields.truth("imported"), fields.date("comment_until")
    if published is None or effective is None or change is None:
        return None
    return Version(
        label=label,
        published=published,
        effective=effective,
        change=change,
        title=fields.text("title"),
        tree=tree,
        digest=digest,
        summary=summary,
        predecessor=fields.text("predecessor") or None,
        sequence=sequence,
        replaces=fields.text("replaces") or None,
        rescheduled=rescheduled,
        withdrawn=withdrawn,
        imported=imported,
        not_material=fields.text("not_material"),
        approved_by=fields.texts("approved_by"),
        comment_until=comment_until,
        path=path,
    )


def _matching(fields: Fields, key: str, pattern: re.Pattern[str], form: str) -> str:
    value = fields.text(key)
    if value and not pattern.fullmatch(value):
        fields.problem(key, f"'{key}' is not {form}: {value}", "'gazette release' writes it; do not edit it")
        return ""
    return value


def _rescheduled(fields: Fields, published: date | None) -> tuple[Rescheduling, ...]:
    entries: list[Rescheduling] = []
    for entry in fields.mappings("rescheduled"):
        entry.only(("on", "effective", "reason"))
        entry.require("on", "effective")
        on, effective = entry.date("on"), entry.date("effective")
        if on is None or effective is None:
            continue
        if published and on < published:
            entry.problem("on", f"rescheduled on {on}, before it was published", "correct the date")
        if effective < on:
            entry.problem("effective", f"rescheduled on {on} to a day before, {effective}", "correct the date")
        if entries and on < entries[-1].on:
            entry.problem("on", f"the entry of {on} stands after that of {entries[-1].on}", "put them in order")
        entries.append(Rescheduling(on, effective, entry.text("reason")))
    return tuple(entries)


def _withdrawn(fields: Fields, published: date | None, effective: date | None) -> Withdrawal | None:
    entry = fields.mapping("withdrawn")
    if entry is None:
        return None
    entry.only(("on", "reason"))
    entry.require("on")
    on = entry.date("on")
    if on is None:
        return None
    if published and on < published:
        entry.problem("on", f"withdrawn on {on}, before it was published", "correct the date")
    if effective and on >= effective:
        what = f"withdrawn on {on}, when it was in force since {effective}"
        entry.problem("on", what, "publish a new version instead: only what is not yet in force can be withdrawn")
    return Withdrawal(on, entry.text("reason"))


def record_file(version: Version) -> bytes:
    """The bytes of a version's record; `parse_record` gives the same version back."""
    values: dict[str, object] = {
        "published": version.published,
        "effective": version.effective,
        "change": str(version.change),
        "title": version.title,
        "text": version.tree,
        "digest": version.digest,
        "predecessor": version.predecessor,
        "replaces": version.replaces,
        "sequence": version.sequence if version.sequence != 1 else None,
        "imported": version.imported or None,
        "not_material": version.not_material or None,
        "approved_by": list(version.approved_by) or None,
        "comment_until": version.comment_until,
        "rescheduled": [_entry(e.on, e.effective, e.reason) for e in version.rescheduled] or None,
        "withdrawn": _entry(version.withdrawn.on, None, version.withdrawn.reason) if version.withdrawn else None,
    }
    front = _dump({key: values[key] for key in RECORD_KEYS if values[key] is not None})
    return f"---\n{front}---\n{trim(version.summary)}\n".encode()


def _entry(on: date, effective: date | None, reason: str) -> dict[str, object]:
    values = {"on": on, "effective": effective, "reason": reason or None}
    return {key: value for key, value in values.items() if value is not None}


def _dump(values: Mapping[str, object]) -> str:
    """One key a line, lists inline, text unescaped where YAML allows it."""
    return "".join(f"{key}: {_dump_value(value)}" for key, value in values.items())


def _dump_value(value: object) -> str:
    inline = isinstance(value, (list, dict))
    line_ends = isinstance(value, str) and any(c in value for c in "\n\x85\u2028\u2029")  # as YAML 1.1 counts them
    dumped = yaml.safe_dump(
        value if inline else {"key": value},
        allow_unicode=True,
        width=float("inf"),
        sort_keys=False,
        default_flow_style=inline,
        default_style='"' if line_ends else None,
    )
    return dumped if inline else dumped.partition(": ")[2]


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
    "RECORD_KEYS",
    "SECTION_KEYS",
    "blob_id",
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
