"""What programs read: `versions.json`, `policies.json`, their JSON Schemas, and Memento TimeMaps (RFC 7089).

Dates are ISO 8601 days. Addresses in the JSON files are relative to the site's root.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from email.utils import format_datetime
from urllib.parse import quote

from gazette.policy.model import Change
from gazette.policy.timeline import State
from gazette.site import addresses
from gazette.site.model import History, Site, Standing
from gazette.site.provenance import Age

_SCHEMA = "https://json-schema.org/draft/2020-12/schema"


def versions_json(history: History, ages: Sequence[Age] = ()) -> bytes:
    """Every version of a policy, newest first, and what applies on the day of the build. `ages` are those of the
    sections of the text in force."""
    return _json(
        {
            "$schema": addresses.relative(addresses.schema("versions"), addresses.manifest(history.id)),
            **_policy(history),
            "versions": [_version(history, standing) for standing in history.standings],
            "sections": [_age(history, age) for age in ages],
        }
    )


def policies_json(site: Site) -> bytes:
    """Every policy with what is in force and what is announced."""
    return _json(
        {
            "$schema": addresses.relative(addresses.schema("policies"), addresses.POLICIES),
            "site": site.name,
            "policies": [
                _policy(history) | {"versions_json": quote(addresses.manifest(history.id))}
                for history in site.histories
            ],
        }
    )


def timemap(history: History, site: Site) -> bytes:
    """The versions that were or are in force, as mementos of the address of what is in force."""
    original = _absolute(site, addresses.in_force(history.id), history)
    links = [
        f'<{original}>; rel="original"',
        f'<{_absolute(site, addresses.timemap(history.id), history)}>; rel="self"; type="application/link-format"',
    ]
    applied = sorted((s for s in history.standings if s.applied), key=lambda s: s.effective)
    for place, standing in enumerate(applied):
        first = "first " if place == 0 else ""
        last = "last " if place == len(applied) - 1 else ""
        memento = _absolute(site, addresses.version(history.id, standing.label), history)
        links.append(f'<{memento}>; rel="{first}{last}memento"; datetime="{_http_date(standing.effective)}"')
    return (",\n".join(links) + "\n").encode()


def versions_schema() -> bytes:
    """The JSON Schema of `versions.json`."""
    version = _object(
        {
            "label": {"type": "string"},
            "title": {"type": "string"},
            "published": _DAY,
            "effective": _DAY | {"description": "the first day on which it applies, as known on the day of the build"},
            "until": _DAY_OR_NULL | {"description": "the first day on which it no longer applies"},
            "change": {"enum": [change.value for change in Change]},
            "state": {"enum": [state.value for state in State if state is not State.EMBARGOED]},
            "summary": {"type": "string", "description": "Markdown"},
            "digest": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
            "predecessor": {"type": ["string", "null"]},
            "rescheduled": {"type": "array", "items": _object({"on": _DAY, "effective": _DAY, "reason": _STRING})},
            "withdrawn": {"anyOf": [{"type": "null"}, _object({"on": _DAY, "reason": _STRING})]},
            "approved_by": {"type": "array", "items": _STRING, "description": "who decided"},
            "not_material": _STRING | {"description": "why it is not material, where signs in the redline say so"},
            "comment_until": _DAY_OR_NULL | {"description": "the last day for comments"},
            "url": _STRING,
            "text": _STRING,
            "redline": {"type": ["string", "null"]},
        }
    )
    stretch = _object(
        {"since": _STRING, "blocks": {"type": "integer", "minimum": 1}, "first": _STRING, "last": _STRING}
    )
    section = _object(
        {
            "id": _STRING,
            "title": _STRING,
            "since": _STRING | {"description": "the label of the version from which on it reads as it does"},
            "url": _STRING,
            "stretches": {
                "type": "array",
                "items": stretch,
                "description": "its blocks in reading order, those in a row together that have their wording since the "
                "same version; first and last are the beginnings of the outermost two",
            },
        }
    )
    properties = {
        "$schema": _STRING,
        **_POLICY,
        "versions": {"type": "array", "items": version},
        "sections": {"type": "array", "items": section, "description": "of the text in force"},
    }
    return _json({"$schema": _SCHEMA, "title": "The versions of a policy", **_object(properties)})


def policies_schema() -> bytes:
    """The JSON Schema of `policies.json`."""
    policies = {"type": "array", "items": _object({**_POLICY, "versions_json": _STRING})}
    properties = {"$schema": _STRING, "site": _STRING, "policies": policies}
    return _json({"$schema": _SCHEMA, "title": "The policies of a site", **_object(properties)})


_STRING = {"type": "string"}
_DAY = {"type": "string", "format": "date"}
_DAY_OR_NULL = {"type": ["string", "null"], "format": "date"}
_POLICY = {
    "policy": _STRING,
    "title": _STRING,
    "language": {"type": "string", "description": "BCP 47"},
    "url": _STRING,
    "in_force": {"type": ["string", "null"], "description": "the label of the version in force"},
    "announced": {"type": "array", "items": _STRING, "description": "labels of versions that take effect later"},
    "reaccept_since": _DAY_OR_NULL
    | {"description": "whoever agreed before this day agreed to a text that was changed materially since"},
    "updated": _DAY_OR_NULL,
}


def _policy(history: History) -> dict[str, object]:
    return {
        "policy": history.id,
        "title": history.title,
        "language": history.language,
        "url": quote(addresses.in_force(history.id)),
        "in_force": history.in_force.label if history.in_force else None,
        "announced": [standing.label for standing in history.announced],
        "reaccept_since": _day(history.reaccept_since),
        "updated": _day(history.updated),
    }


def _version(history: History, standing: Standing) -> dict[str, object]:
    redline = addresses.redline(history.id, standing.label) if standing.predecessor else None
    withdrawn = standing.withdrawn
    return {
        "label": standing.label,
        "title": standing.title,
        "published": _day(standing.published),
        "effective": _day(standing.effective),
        "until": _day(standing.until),
        "change": standing.change.value,
        "state": standing.state.value,
        "summary": standing.summary,
        "digest": standing.digest,
        "predecessor": standing.predecessor.label if standing.predecessor else None,
        "rescheduled": [
            {"on": _day(entry.on), "effective": _day(entry.effective), "reason": entry.reason}
            for entry in standing.rescheduled
        ],
        "withdrawn": {"on": _day(withdrawn.on), "reason": withdrawn.reason} if withdrawn else None,
        "approved_by": list(standing.approved_by),
        "not_material": standing.not_material,
        "comment_until": _day(standing.comment_until),
        "url": quote(addresses.version(history.id, standing.label)),
        "text": quote(addresses.canonical_text(history.id, standing.label)),
        "redline": quote(redline) if redline else None,
    }


def _age(history: History, age: Age) -> dict[str, object]:
    return {
        "id": age.id,
        "title": age.title,
        "since": age.since,
        "url": quote(addresses.section(history.id, age.id)),
        "stretches": [asdict(stretch) for stretch in age.stretches],
    }


def _object(properties: dict[str, object]) -> dict[str, object]:
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": True,
    }


def _absolute(site: Site, address: str, history: History) -> str:
    return (
        addresses.absolute(address, site.url)
        if site.url
        else addresses.relative(address, addresses.timemap(history.id))
    )


def _http_date(day: date) -> str:
    return format_datetime(datetime(day.year, day.month, day.day, tzinfo=UTC), usegmt=True)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
