"""Front matter is edited in place: what an editor wrote around it stays."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gazette.editorial.front_matter import append_to_list, remove_key, set_key, written

RECORD = """\
---
published: 2026-03-01   # a Sunday
effective: 2026-03-31
change: material
title: "Privacy: Policy"

# the text as published
text:
digest: sha256:00
---
We tell you sooner.
"""


@pytest.mark.parametrize(
    ("key", "value", "old_line", "new_line"),
    [
        ("effective", date(2026, 4, 15), "effective: 2026-03-31", "effective: 2026-04-15"),
        ("published", date(2026, 3, 2), "published: 2026-03-01   # a Sunday", "published: 2026-03-02   # a Sunday"),
        ("text", "abc", "text:", "text: abc"),
        ("title", "Terms", 'title: "Privacy: Policy"', "title: Terms"),
        ("title", "Yes", 'title: "Privacy: Policy"', "title: 'Yes'"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_setting_a_key_changes_its_line_and_no_other(
    key: str, value: str | date, old_line: str, new_line: str, newline: str
) -> None:
    document = RECORD.replace("\n", newline)
    expected = document.replace(old_line + newline, new_line + newline)
    assert set_key(document, key, value) == expected


def test_a_new_key_is_the_last_line_of_the_front_matter() -> None:
    added = set_key(RECORD, "withdrawn", {"on": date(2026, 3, 5), "reason": "sent too early, sorry"})
    line = "withdrawn: {on: 2026-03-05, reason: 'sent too early, sorry'}\n"
    assert added == RECORD.replace("---\nWe tell", line + "---\nWe tell")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: A\n", "title: A\nformerly: [new]\n"),
        ("title: A\nformerly:\n", "title: A\nformerly: [new]\n"),
        ("title: A\nformerly: []\n", "title: A\nformerly: [new]\n"),
        ("formerly: [old] # why\ntitle: A\n", "formerly: [old, new] # why\ntitle: A\n"),
        ("formerly: old # why\ntitle: A\n", "formerly: [old, new] # why\ntitle: A\n"),
        ("formerly:\n  - old # why\n\n# end\ntitle: A\n", "formerly:\n  - old # why\n  - new\n\n# end\ntitle: A\n"),
        ("formerly:\n- old\n- older\ntitle: A\n", "formerly:\n- old\n- older\n- new\ntitle: A\n"),
    ],
)
def test_a_list_grows_in_the_style_in_which_it_is_written(before: str, after: str) -> None:
    assert append_to_list(f"---\n{before}---\nBody\n", "formerly", "new") == f"---\n{after}---\nBody\n"


def test_entries_of_a_block_list_are_added_behind_the_last_one() -> None:
    before = "---\nrescheduled:\n  - on: 2026-03-20\n    effective: 2026-04-18\nchange: minor\n---\n"
    after = append_to_list(before, "rescheduled", {"on": date(2026, 3, 21), "effective": date(2026, 4, 20)})
    assert after == before.replace("change:", "  - {on: 2026-03-21, effective: 2026-04-20}\nchange:")


def test_a_key_is_removed_with_its_lines() -> None:
    before = "---\ntitle: A\nformerly:\n  - old\n  - older\nchange: minor\n---\nBody\n"
    assert remove_key(before, "formerly") == "---\ntitle: A\nchange: minor\n---\nBody\n"
    assert remove_key(before, "absent") == before


@pytest.mark.parametrize(
    "document", ["", "no front matter", "---\ntitle: A\n", "---\n- a\n---\n", "---\n{a: b}\n---\n"]
)
def test_a_file_without_keys_is_not_touched(document: str) -> None:
    with pytest.raises(ValueError, match="front matter"):
        set_key(document, "title", "B")


TITLES = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp"), blacklist_characters="\ufeff"))


@given(TITLES, st.lists(TITLES, max_size=3))
def test_what_is_written_is_read_back(title: str, names: list[str]) -> None:
    document = append_to_list(set_key("---\nchange: minor\n---\nBody\n", "title", title), "formerly", title)
    document = set_key(document, "names", list(names))
    assert document.endswith("---\nBody\n")
    front = yaml.safe_load(document.removeprefix("---\n").removesuffix("---\nBody\n"))
    assert front == {"change": "minor", "title": title, "formerly": [title], "names": names}


def test_values_stay_on_one_line_and_dates_unquoted() -> None:
    assert written({"on": date(2026, 3, 20), "reason": "we, all of us"}) == "{on: 2026-03-20, reason: 'we, all of us'}"
    assert written(["2.0", "a"]) == "['2.0', a]"
    assert "\n" not in written("word " * 100)
