"""What programs read is what the schema says, and both texts can be read back from it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gazette.redline import compare_markdown, prepare
from gazette.redline import json as as_json
from gazette.redline.as_json import FORMAT, schema
from gazette.redline.changes import Kind, State
from tests.redline.json_schema import check
from tests.redline.rendering_cases import HISTORIES, NEW, OLD, PAIRS, redline_of


def tree(old: str, new: str) -> Any:
    return json.loads(as_json(compare_markdown(old, new)))


@pytest.mark.parametrize("name", PAIRS)
def test_every_redline_is_as_the_schema_says(name: str) -> None:
    root = json.loads(schema())
    check(json.loads(as_json(redline_of(name))), root, root)


def test_the_schema_knows_every_kind_and_state() -> None:
    defined = json.loads(schema())["$defs"]
    assert set(defined["kinds"]["items"]["enum"]) == set(Kind)
    assert set(defined["run"]["properties"]["state"]["enum"]) == set(State)
    assert json.loads(schema())["properties"]["format"]["const"] == FORMAT


def test_the_checker_finds_what_is_not_as_the_schema_says() -> None:
    root = json.loads(schema())
    for spoil in (
        lambda told: told.pop("summary"),
        lambda told: told.update(more=1),
        lambda told: told["counts"].update(added=-1),
        lambda told: told["sections"][0].update(kinds=["altered"]),
        lambda told: told["sections"][0]["blocks"][0]["runs"][0].update(state="new"),
    ):
        told = tree(OLD, NEW)
        spoil(told)
        with pytest.raises(AssertionError):
            check(told, root, root)


@pytest.mark.parametrize("name", PAIRS)
def test_the_words_of_both_texts_can_be_read_back(name: str) -> None:
    old, new = PAIRS[name]
    told = json.loads(as_json(redline_of(name)))
    runs = [run for s in told["sections"] for block in s["blocks"] for run in [*block["runs"], {"text": " "}]]
    for text, others in ((old, {"inserted", "moved-here"}), (new, {"deleted", "moved-away"})):
        said = "".join(run["text"] for run in runs if run.get("state") not in others)
        words = [word for block in prepare(text).blocks for piece in block.pieces for word in piece.text.split()]
        assert sorted("".join(said.split())) == sorted("".join(words)), others


def test_links_and_emphasis_are_told_with_their_pieces() -> None:
    runs = [run for s in tree(OLD, NEW)["sections"] for block in s["blocks"] for run in block["runs"]]
    [link] = [run for run in runs if any(a["kind"] == "relinked" for a in run.get("attributes", ()))]
    assert link["text"] == "our partners"
    assert link["attributes"] == [{"kind": "relinked", "was": "/partners", "now": "/partners/list"}]
    assert link["pieces"] == [{"text": "our partners", "link": "/partners/list"}]


@pytest.mark.skipif(not HISTORIES.is_dir(), reason="../shared/histories is not here: only small pairs were rendered")
def test_the_renderings_are_tried_on_real_histories() -> None:
    assert sum(":" in name for name in PAIRS) > sum(path.is_dir() for path in HISTORIES.iterdir())
