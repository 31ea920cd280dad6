"""Front matter that is nothing but plain lines says the same whether YAML reads it or not."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gazette.errors import Problem
from gazette.policy import fields
from gazette.policy.fields import Fields, parse_fields

KEYS = st.sampled_from(["title", "published", "text", "effective_from", "title"])
VALUES = st.one_of(
    st.text(alphabet="abZé日0129 ,.()/'-:#&*!|>%@`\"[]{}~=_", min_size=1, max_size=20),
    st.sampled_from(
        ["null", "Null", "~", "yes", "2.0", "0o14", "1e3", "2023-03-18", "sha256:9f86", "a: b", "a:b", "a #b"]
    ),
    st.sampled_from(["12:30:45", "it's", "- a", "? a", "---", "...", "<<", "=", "a  ", "x\u2028y", "x\u0085y", ".nan"]),
)


def read(text: str) -> tuple[dict[str, tuple[str, int]], list[Problem]]:
    problems: list[Problem] = []
    found = parse_fields(text, "file", problems, first_line=2)
    if not isinstance(found, Fields):
        return {}, problems
    return {
        key: (found.text(key), found.line(key)) for key in ("title", "published", "text", "effective_from")
    }, problems


@given(st.lists(st.tuples(KEYS, VALUES), max_size=4))
@settings(max_examples=600, deadline=None)
def test_plain_lines_are_read_as_yaml_reads_them(lines: list[tuple[str, str]]) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in lines)
    quickly = read(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fields, "_plain_mapping", lambda _: None)
        assert quickly == read(text)


@pytest.mark.parametrize(
    "line", ["title: What we collect", "text: 5b1c0e0d", "digest: sha256:9f86", "published: 2023-03-18"]
)
def test_what_gazette_writes_is_plain(line: str) -> None:
    assert fields._plain_mapping(f"{line}\n") is not None
    assert isinstance(yaml.compose(line), yaml.MappingNode)
