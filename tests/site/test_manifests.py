"""What programs read says what the pages say."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from gazette.policy.model import Rescheduling, Withdrawal
from gazette.site import manifests
from gazette.site.model import site_on
from tests.site.test_model import FIRST, NEXT, TYPO, policy, version

DAY = date(2024, 5, 15)
SITE = site_on([policy(FIRST, TYPO, NEXT)], DAY, "Example", "https://policies.example.com/")


def test_versions_json_says_what_is_in_force_and_what_is_announced() -> None:
    told = json.loads(manifests.versions_json(SITE.histories[0]))
    assert told["in_force"] == "1.1"
    assert told["announced"] == ["2"]
    assert told["reaccept_since"] == "2023-03-18"
    assert told["updated"] == "2024-05-01"
    assert [(v["label"], v["state"], v["effective"], v["until"]) for v in told["versions"]] == [
        ("1.1", "in_force", "2024-05-01", "2024-06-01"),
        ("2", "announced", "2024-06-01", None),
        ("1", "superseded", "2023-03-18", "2024-05-01"),
    ]
    assert told["versions"][1]["redline"] == "policy/changes/2/"
    assert told["versions"][2]["redline"] is None


def test_policies_json_leads_to_each_policy() -> None:
    told = json.loads(manifests.policies_json(SITE))
    assert [(p["policy"], p["in_force"], p["versions_json"]) for p in told["policies"]] == [
        ("policy", "1.1", "policy/versions.json")
    ]


def test_the_schemas_describe_what_is_written() -> None:
    moved = version("3", "2024-05-02", "2024-07-01", rescheduled=(Rescheduling(DAY, date(2024, 8, 1)),))
    gone = version("4", "2024-05-03", "2024-09-01", withdrawn=Withdrawal(DAY, "No."))
    site = site_on([policy(FIRST, TYPO, NEXT, moved, gone), policy()], DAY, "Example")
    for history in site.histories:
        _check(json.loads(manifests.versions_json(history)), json.loads(manifests.versions_schema()))
    _check(json.loads(manifests.policies_json(site)), json.loads(manifests.policies_schema()))


def test_a_timemap_lists_what_was_in_force_and_since_when() -> None:
    assert manifests.timemap(SITE.histories[0], SITE).decode().split(",\n") == [
        '<https://policies.example.com/policy/>; rel="original"',
        '<https://policies.example.com/policy/timemap.link>; rel="self"; type="application/link-format"',
        '<https://policies.example.com/policy/versions/1/>; rel="first memento"; '
        'datetime="Sat, 18 Mar 2023 00:00:00 GMT"',
        '<https://policies.example.com/policy/versions/1.1/>; rel="last memento"; '
        'datetime="Wed, 01 May 2024 00:00:00 GMT"\n',
    ]


def _check(value: Any, schema: dict[str, Any]) -> None:
    """As much of JSON Schema as the two schemas use."""
    kinds = {"object": dict, "array": list, "string": str, "null": type(None)}
    if "anyOf" in schema:
        return _check(value, next(one for one in schema["anyOf"] if isinstance(value, kinds[one["type"]])))
    if "enum" in schema:
        assert value in schema["enum"]
        return None
    allowed = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert isinstance(value, tuple(kinds[kind] for kind in allowed)), (value, schema)
    if isinstance(value, dict):
        assert set(value) == set(schema["required"]) == set(schema["properties"])
        for key, inner in value.items():
            _check(inner, schema["properties"][key])
    if isinstance(value, list):
        for inner in value:
            _check(inner, schema["items"])
    return None
