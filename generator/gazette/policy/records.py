"""Version records ↔ values: `versions/<label>.md` as bytes and as a frozen `Version`.

Pure: takes names and bytes, gives values and problems; opens nothing. What is wrong between records (ties, unknown
labels, circles) is found in `reading`.
"""

from __future__ import annotations

import re
from datetime import date

from gazette.errors import Problem, Severity
from gazette.policy.canonical import trim
from gazette.policy.decoding import conflict, decode
from gazette.policy.fields import Fields, front_matter, split_front_matter
from gazette.policy.model import Change, Rescheduling, Version, Withdrawal
from gazette.policy.slugs import valid_label

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

_TREE = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


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
    rescheduled = _rescheduled(fields, published, effective)
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


def _rescheduled(fields: Fields, published: date | None, starts: date | None) -> tuple[Rescheduling, ...]:
    entries: list[Rescheduling] = []
    for entry in fields.mappings("rescheduled"):
        entry.only(("on", "effective", "reason"))
        entry.require("on", "effective")
        on, effective = entry.date("on"), entry.date("effective")
        if on is None or effective is None:
            continue
        if published and on < published:
            entry.problem("on", f"rescheduled on {on}, before it was published", "correct the date")
        if starts and on >= starts:
            what = f"rescheduled on {on}, when it was in force since {starts}"
            entry.problem("on", what, "publish a new version instead: only what is not yet in force can be moved")
        starts = effective
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
    front = front_matter({key: values[key] for key in RECORD_KEYS if values[key] is not None})
    return f"---\n{front}---\n{trim(version.summary)}\n".encode()


def _entry(on: date, effective: date | None, reason: str) -> dict[str, object]:
    values = {"on": on, "effective": effective, "reason": reason or None}
    return {key: value for key, value in values.items() if value is not None}


def with_pin(record: bytes, tree: str, digest: str) -> bytes:
    """A record's bytes with another pin; everything else in the file stays as it is, comments included."""
    end = record.find(b"\n---", 3)
    front, rest = record[:end], record[end:]
    for key, value in (("text", tree), ("digest", digest)):
        front = re.sub(rf"(?m)^({key}:[ \t]*)[^\s#]*".encode(), rf"\g<1>{value}".encode(), front, count=1)
    return front + rest
