"""Edits of front matter that leave all else as it was: comments, order, quotes, line ends.

Takes a file's text and gives its new text, so that a tool's change reads as one line in review. Hides PyYAML's marks.
A file without front matter, or whose front matter is no mapping, is a ValueError: the check says what is wrong with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import yaml

_FENCES = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<inside>.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)

Value = str | date | bool | int | list["Value"] | dict[str, "Value"]


@dataclass(frozen=True, slots=True)
class _Front:
    """Where the front matter lies in the document, and its nodes."""

    start: int
    end: int
    nodes: dict[str, tuple[yaml.Node, yaml.Node]]
    newline: str


def written(value: Value) -> str:
    """A value as YAML on one line: `[a, b]`, `{on: 2026-03-20, reason: late}`, quoted only where YAML needs it."""
    if isinstance(value, list):
        return "[" + ", ".join(_inside(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_inside(item)}" for key, item in value.items()) + "}"
    return _scalar(value, flow=False)


def set_key(document: str, key: str, value: Value) -> str:
    """The document with `key` set: its old value replaced, or a line added at the end of the front matter."""
    front = _front(document)
    if key not in front.nodes:
        line = f"{key}: {written(value)}{front.newline}"
        return document[: front.end] + line + document[front.end :]
    start, end = _span(front, front.nodes[key])
    space = "" if document[start - 1] in " \t" else " "
    return document[:start] + space + written(value) + document[end:]


def remove_key(document: str, key: str) -> str:
    """The document without the lines of `key`."""
    front = _front(document)
    if key not in front.nodes:
        return document
    key_node, value_node = front.nodes[key]
    start = document.rfind("\n", 0, front.start + key_node.start_mark.index) + 1
    end = document.find("\n", max(_value_end(value_node), key_node.end_mark.index) + front.start)
    return document[:start] + document[end + 1 :]


def append_to_list(document: str, key: str, item: Value) -> str:
    """The document with one more item in the list `key`, in the style in which the list is written."""
    front = _front(document)
    node = front.nodes[key][1] if key in front.nodes else None
    if node is None or node.tag == "tag:yaml.org,2002:null":
        return set_key(document, key, [item])
    if not isinstance(node, yaml.SequenceNode):
        start, end = _span(front, front.nodes[key])
        return f"{document[:start]}[{document[start:end]}, {_inside(item)}]{document[end:]}"
    if node.flow_style:
        place = front.start + node.end_mark.index - 1
        gap = ", " if node.value else ""
        return document[:place].rstrip() + gap + _inside(item) + document[place:]
    last = node.value[-1]
    place = document.find("\n", front.start + _value_end(last)) + 1
    indent = " " * node.start_mark.column
    return f"{document[:place]}{indent}- {written(item)}{front.newline}{document[place:]}"


def _inside(value: Value) -> str:
    """A value inside a flow list or mapping, where commas and brackets need quotes."""
    return written(value) if isinstance(value, (list, dict)) else _scalar(value, flow=True)


def _scalar(value: Value, flow: bool) -> str:
    data: object = [value] if flow else value
    dumped = yaml.safe_dump(data, allow_unicode=True, width=float("inf"), default_flow_style=True, explicit_end=False)
    text = dumped.removesuffix("\n").removesuffix("\n...")
    return text[1:-1] if flow else text


def _front(document: str) -> _Front:
    match = _FENCES.match(document)
    if match is None:
        raise ValueError("there is no front matter")
    start, end = match.span("inside")
    try:
        node = yaml.compose(match["inside"], Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ValueError("the front matter is not YAML") from error
    if node is not None and not isinstance(node, yaml.MappingNode):
        raise ValueError("the front matter holds no keys")
    if node is not None and node.flow_style:
        raise ValueError("the front matter is written in braces; write it as 'key: value' lines")
    pairs = node.value if node is not None else []
    nodes: dict[str, tuple[yaml.Node, yaml.Node]] = {
        str(key.value): (key, value) for key, value in pairs if isinstance(key, yaml.ScalarNode)
    }
    return _Front(start, end, nodes, "\r\n" if "\r\n" in document else "\n")


def _span(front: _Front, pair: tuple[yaml.Node, yaml.Node]) -> tuple[int, int]:
    """Where the value stands; for an empty value the place behind the colon."""
    key, value = pair
    start, end = value.start_mark.index, _value_end(value)
    if value.start_mark.index == value.end_mark.index:
        start = end = key.end_mark.index + 1
    return front.start + start, front.start + end


def _value_end(node: yaml.Node) -> int:
    """The end of what is written; a block's end mark lies behind the line ends and comments after it."""
    if isinstance(node, yaml.ScalarNode) or getattr(node, "flow_style", False) or not node.value:
        text = node.end_mark.buffer[node.start_mark.pointer : node.end_mark.pointer] if node.end_mark.buffer else ""
        return int(node.end_mark.index) - (len(text) - len(text.rstrip()))
    last = node.value[-1]
    return _value_end(last[1] if isinstance(last, tuple) else last)
