"""YAML with places: the keys of a mapping, read one by one, every problem collected as `path:line: what; what to do`.

Takes YAML text (a whole file or front matter), gives `Fields`. Scalars are read as written, so that the label `2.0`
stays `2.0` and the title `Yes` stays a title. Hides PyYAML's nodes and their marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

import yaml

from gazette.errors import Problem, Severity

Kind = TypeVar("Kind", bound=StrEnum)

_NULL = "tag:yaml.org,2002:null"
_TEXT = "tag:yaml.org,2002:str"
_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_NESTING_AT_MOST = 1000


def split_front_matter(text: str, path: str, problems: list[Problem]) -> tuple[Fields, str, int] | None:
    """Front matter, the rest, and the line at which the rest begins; None with a problem if there is none."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        opened = text.startswith("---")
        what = "the front matter is not closed" if opened else "there is no front matter"
        if not text.strip():
            what = "the file is empty"
        remedy = "end it with a line '---'" if opened else "begin the file with '---', its keys, and '---'"
        problems.append(Problem(path, 1, what, remedy))
        return None
    fields = parse_fields(match[1], path, problems, first_line=2)
    if fields is None:
        return None
    return fields, text[match.end() :], text.count("\n", 0, match.end()) + 1


def parse_fields(text: str, path: str, problems: list[Problem], first_line: int = 1) -> Fields | None:
    """The mapping that `text` is; None with a problem if it is not YAML or no mapping."""
    try:
        node = _compose(text)
    except yaml.YAMLError as error:
        problems.append(_yaml_problem(error, path, first_line, text))
        return None
    except RecursionError:
        problems.append(Problem(path, first_line, "is nested too deeply to be read", "write it plainly"))
        return None
    if node is None:
        return Fields(yaml.MappingNode("tag:yaml.org,2002:map", []), path, problems, first_line)
    if not isinstance(node, yaml.MappingNode):
        line = first_line + node.start_mark.line
        problems.append(Problem(path, line, "holds no keys", "write it as 'key: value' lines"))
        return None
    return Fields(node, path, problems, first_line)


def _compose(text: str) -> yaml.Node | None:
    """The tree of `text`: at once where it is plain lines, else by libyaml where it is there, which is ten times
    faster; its errors come from PyYAML.

    libyaml's nodes are built by recursion in C, which ends the process where nesting is deep: whatever could nest is
    counted first.
    """
    plain = _plain_mapping(text)
    if plain is not None:
        return plain
    fast = getattr(yaml, "CSafeLoader", None)
    if fast is not None and sum(map(text.count, "[{-?:")) < _NESTING_AT_MOST:
        try:
            tree: yaml.Node | None = yaml.compose(text, Loader=fast)
        except yaml.YAMLError:
            pass
        else:
            return tree
    return yaml.compose(text, Loader=yaml.SafeLoader)


# A line that YAML can only read as a key and a scalar that stands for itself: nearly all front matter is such lines.
_PLAIN_LINE = re.compile(r"([a-z_]+): (\w(?:[\w ,.()/'-]|:(?=\w))*)\n")


def _plain_mapping(text: str) -> yaml.MappingNode | None:
    """The tree of a text that is nothing but plain lines; None where YAML itself has to say what it is."""
    entries: list[tuple[yaml.Node, yaml.Node]] = []
    place = 0
    for line, match in enumerate(_PLAIN_LINE.finditer(text)):
        if match.start() != place or match[2].lower() == "null":
            return None
        place = match.end()
        mark = yaml.Mark("", match.start(), line, 0, None, 0)
        key = yaml.ScalarNode(_TEXT, match[1], start_mark=mark)
        entries.append((key, yaml.ScalarNode(_TEXT, match[2].rstrip(" "), start_mark=mark)))
    if place != len(text) or not entries:
        return None
    return yaml.MappingNode("tag:yaml.org,2002:map", entries, start_mark=entries[0][0].start_mark)


class Fields:
    """The keys of one mapping. Reading a key marks nothing; `only` says which keys there may be."""

    def __init__(self, node: yaml.MappingNode, path: str, problems: list[Problem], first_line: int = 1) -> None:
        self.path, self.first_line = path, first_line
        self._problems = problems
        self._nodes: dict[str, yaml.Node] = {}
        self._lines: dict[str, int] = {}
        self.start = first_line + (node.start_mark.line if node.start_mark else 0)
        for key_node, value in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            line = first_line + key_node.start_mark.line
            if key in self._lines:
                self._problem(line, f"the key '{key}' is there twice (first in line {self._lines[key]})", "keep one")
                continue
            self._lines[key] = line
            if value.tag != _NULL:
                self._nodes[key] = value

    def __contains__(self, key: str) -> bool:
        return key in self._nodes

    def line(self, key: str) -> int:
        """The line of a key, or that at which the mapping starts."""
        return self._lines.get(key, self.start)

    def only(self, known: Iterable[str]) -> None:
        """A problem for each key that is not known, with the nearest one that is."""
        names = sorted(known)
        for key, line in self._lines.items():
            if key not in names:
                self._problem(line, f"unknown key '{key}'", nearest(key, names) or f"known are {', '.join(names)}")

    def require(self, *keys: str) -> None:
        """A problem for each key that is not there or says nothing."""
        for key in keys:
            node = self._nodes.get(key)
            if node is None:
                self._problem(self.line(key), f"the key '{key}' is missing", f"add '{key}: …'")
            elif isinstance(node, yaml.ScalarNode) and not _one_line(node.value):
                self._problem(self.line(key), f"the key '{key}' is empty", f"write '{key}: …'")

    def text(self, key: str, default: str = "") -> str:
        """A scalar as written, on one line, without outer spaces."""
        node = self._nodes.get(key)
        if node is None:
            return default
        if not isinstance(node, yaml.ScalarNode):
            self._problem(self.line(key), f"'{key}' should be a text", f"write '{key}: …' on one line")
            return default
        return _one_line(node.value)

    def date(self, key: str) -> date | None:
        value = self.text(key)
        if not value:
            return None
        try:
            if not _ISO_DATE.fullmatch(value):
                raise ValueError(value)
            return date.fromisoformat(value)
        except ValueError:
            self._problem(self.line(key), f"'{key}' is no date: {value}", "write it as YYYY-MM-DD")
            return None

    def integer(self, key: str, default: int, minimum: int = 1) -> int:
        value = self.text(key)
        if not value:
            return default
        if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) < minimum:
            self._problem(self.line(key), f"'{key}' is no whole number from {minimum} on: {value}", "write a number")
            return default
        return int(value)

    def truth(self, key: str) -> bool:
        value = self.text(key)
        if value and value.lower() not in _TRUTH:
            self._problem(self.line(key), f"'{key}' is neither true nor false: {value}", "write true or false")
        return _TRUTH.get(value.lower(), False)

    def one_of(self, key: str, kind: type[Kind]) -> Kind | None:
        value = self.text(key)
        if not value:
            return None
        names = [str(member) for member in kind]
        if value not in names:
            remedy = nearest(value, names) or f"write one of {', '.join(names)}"
            self._problem(self.line(key), f"'{key}' cannot be '{value}'", remedy)
            return None
        return kind(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of scalars; a single scalar is a list of one."""
        return tuple(value for value, _ in self.texts_with_lines(key))

    def texts_with_lines(self, key: str) -> tuple[tuple[str, int], ...]:
        node = self._nodes.get(key)
        if node is None:
            return ()
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not all(isinstance(item, yaml.ScalarNode) for item in items):
            self._problem(self.line(key), f"'{key}' should be a list of texts", f"write '{key}: [one, two]'")
            return ()
        return tuple((_one_line(item.value), self.first_line + item.start_mark.line) for item in items)

    def mapping(self, key: str) -> Fields | None:
        """The mapping under a key."""
        node = self._nodes.get(key)
        if node is None:
            return None
        if not isinstance(node, yaml.MappingNode):
            self._problem(self.line(key), f"'{key}' should hold keys of its own", f"write '{key}: {{…: …}}'")
            return None
        return Fields(node, self.path, self._problems, self.first_line)

    def mappings(self, key: str) -> tuple[Fields, ...]:
        """A list of mappings; a single one is a list of one."""
        node = self._nodes.get(key)
        if node is None:
            return ()
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        entries = [item for item in items if isinstance(item, yaml.MappingNode)]
        if len(entries) < len(items):
            self._problem(self.line(key), f"'{key}' should be a list of entries with keys", f"write '{key}: [{{…}}]'")
            return ()
        return tuple(Fields(entry, self.path, self._problems, self.first_line) for entry in entries)

    def problem(self, key: str, what: str, remedy: str, severity: Severity = Severity.ERROR) -> None:
        """Collect a problem at a key's line."""
        self._problems.append(Problem(self.path, self.line(key), what, remedy, severity))

    def _problem(self, line: int, what: str, remedy: str) -> None:
        self._problems.append(Problem(self.path, line, what, remedy))


def front_matter(values: Mapping[str, object]) -> str:
    """The lines of front matter: one key a line, lists inline, text unescaped where YAML allows it."""
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


def nearest(word: str, known: Iterable[str]) -> str:
    """`did you mean '…'?` for the nearest of the `known` words, or nothing if none is near."""
    found = get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f"did you mean '{found[0]}'?" if found else ""


def line_of(data: bytes, key: str) -> int:
    """The line at which a key stands in a file's front matter; 1 if it is not there."""
    match = re.search(rb"^%s[ \t]*:" % re.escape(key.encode()), data, re.MULTILINE)
    return data.count(b"\n", 0, match.start()) + 1 if match else 1


def _one_line(value: str) -> str:
    return (re.sub(r"[ \t]*\n[ \t\n]*", " ", value) if "\n" in value else value).strip(" \t\n")


def _yaml_problem(error: yaml.YAMLError, path: str, first_line: int, text: str) -> Problem:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        line, reason = first_line + error.problem_mark.line, error.problem or error.context or "it cannot be read"
    elif isinstance(error, yaml.reader.ReaderError):
        line = first_line + text.count("\n", 0, error.position)
        code = error.character if isinstance(error.character, int) else ord(error.character)
        return Problem(path, line, f"is not YAML: the character U+{code:04X} is not allowed", "take it out")
    else:
        line, reason = first_line, str(error)
    return Problem(path, line, f"is not YAML: {reason}", "put the value in quotes, or correct its indentation")
