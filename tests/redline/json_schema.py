"""As much of JSON Schema 2020-12 as the redline's schema uses, and one rule more: no key that the schema does not name.

Anything else in a schema is an error here.
"""

from __future__ import annotations

from typing import Any

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
KNOWN = {
    "$schema", "$id", "$ref", "$defs", "title", "description", "type", "properties", "required",
    "items", "enum", "const", "minimum", "maximum",
}  # fmt: skip


def check(value: Any, schema: dict[str, Any], root: dict[str, Any], place: str = "$") -> None:
    """Raise AssertionError, with the place, where a value is not as the schema says."""
    assert not set(schema) - KNOWN, f"the checker does not know {set(schema) - KNOWN}"
    if "$ref" in schema:
        check(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, place)
    if "const" in schema:
        assert (type(value), value) == (type(schema["const"]), schema["const"]), place
    if "enum" in schema:
        assert value in schema["enum"], f"{place}: {value!r}"
    if "type" in schema:
        allowed = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        assert any(type(value) is TYPES[name] for name in allowed), f"{place}: {value!r} is not {allowed}"
    if isinstance(value, int) and not isinstance(value, bool):
        assert schema.get("minimum", value) <= value <= schema.get("maximum", value), f"{place}: {value}"
    if isinstance(value, dict) and "properties" in schema:
        assert set(schema["required"]) <= set(value), f"{place}: lacks {set(schema['required']) - set(value)}"
        assert set(value) <= set(schema["properties"]), f"{place}: {set(value) - set(schema['properties'])}"
        for key, inner in value.items():
            check(inner, schema["properties"][key], root, f"{place}.{key}")
    if isinstance(value, list) and "items" in schema:
        for number, inner in enumerate(value):
            check(inner, schema["items"], root, f"{place}[{number}]")
