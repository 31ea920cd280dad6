"""The list of all sections: which are there, which are gone, and how often each was worded anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gazette.policy.model import Text
from gazette.site.section_index import listed
from tests.site.test_chronicle import FIRST, changed, history, told

WITHOUT = Text(FIRST.sections[:2])
REWORDED = changed(FIRST, sharing="With one processor.")
MOVED = Text((FIRST.sections[2], *FIRST.sections[:2]))
RELINKED = changed(FIRST, contact="[Write](mailto:privacy@example.com) to us.")


@pytest.mark.parametrize(
    ("texts", "section", "facts"),
    [
        ([FIRST, REWORDED], "contact", (1, "v0", "v0", None)),
        ([FIRST, REWORDED], "sharing", (2, "v0", "v1", None)),
        ([FIRST, REWORDED, FIRST], "sharing", (3, "v0", "v2", None)),
        ([FIRST, MOVED], "contact", (1, "v0", "v0", None)),
        ([FIRST, RELINKED], "contact", (1, "v0", "v0", None)),
        ([FIRST, WITHOUT], "contact", (1, "v0", "v0", "v1")),
        ([FIRST, WITHOUT, WITHOUT], "contact", (1, "v0", "v0", "v1")),
        ([FIRST, WITHOUT, FIRST], "contact", (2, "v0", "v2", None)),
    ],
)
def test_a_section_is_listed_with_its_wordings_and_the_first_and_last_of_them(
    texts: list[Text], section: str, facts: tuple[int, str, str, str | None]
) -> None:
    groups = listed(history(len(texts)), told(texts))
    [one] = [one for one in (*groups.in_force, *groups.past) if one.id == section]
    assert (one.wordings, one.first.label, one.last.label, one.gone.label if one.gone else None) == facts


def test_sections_stand_in_the_order_of_the_text_in_force_then_those_that_went_last() -> None:
    texts = [FIRST, WITHOUT, Text(tuple(reversed(WITHOUT.sections))), Text(WITHOUT.sections[1:])]
    groups = listed(history(4), told(texts))
    assert [section.id for section in groups.in_force] == ["sharing"]
    assert [section.id for section in groups.past] == ["introduction", "contact"]
    assert groups.announced == ()


def test_what_only_an_announced_version_has_is_set_apart() -> None:
    texts = [WITHOUT, FIRST]
    shown = history(2)
    newest, first = shown.standings
    announced = replace(shown, in_force=first, announced=(newest,))
    groups = listed(announced, told(texts))
    assert [section.id for section in groups.in_force] == ["introduction", "sharing"]
    assert [section.id for section in groups.announced] == ["contact"]


def test_a_section_has_the_title_of_the_version_in_force() -> None:
    renamed = Text((*WITHOUT.sections[:1], replace(FIRST.sections[1], title="Processors")))
    newest, first = (shown := history(2)).standings
    groups = listed(replace(shown, in_force=first, announced=(newest,)), told([WITHOUT, renamed]))
    assert [section.title for section in groups.in_force] == ["Introduction", "Sharing"]


def test_a_policy_without_versions_has_no_sections() -> None:
    groups = listed(history(0), told([]))
    assert (groups.in_force, groups.announced, groups.past) == ((), (), ())
