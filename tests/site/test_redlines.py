"""A redline in the parts that its page shows."""

from __future__ import annotations

import pytest
from jinja2 import DictLoader

from gazette.redline import compare_markdown
from gazette.site.redlines import redline_parts
from gazette.site.templating import environment

USE, SHARING = "## Use\n\nWe use what we collect.\n\n", "## Sharing\n\nWe share it with no one, for any reason.\n\n"
TOKENS = "## Access\n\nTokens and keys are kept in a safe place.\n\n"
ITEM = "Before an account is closed we ask whoever opened it, and wait a month for what they have to say about it."
OTHER = "Quite other words stand in this one, so that nobody takes it for a part of what comes before or after it."


def test_a_section_that_moved_has_two_parts_of_which_one_is_told() -> None:
    parts = redline_parts(compare_markdown(USE + TOKENS + SHARING, USE + SHARING + TOKENS))
    assert [(part.anchor, part.is_changed, part.is_away) for part in parts if part.is_changed] == [
        ("access--was", True, True),
        ("access", True, False),
    ]


def test_what_did_not_change_is_one_part_with_all_its_titles() -> None:
    [kept, came] = redline_parts(compare_markdown(USE + SHARING, USE + SHARING + TOKENS))
    assert (kept.is_changed, kept.titles, kept.html) == (False, ("Use", "Sharing"), "")
    assert (came.is_changed, came.is_gone, came.title) == (True, False, "Access")


def test_a_section_that_went_is_led_to_though_no_heading_has_its_id() -> None:
    [part] = [part for part in redline_parts(compare_markdown(USE + TOKENS, USE)) if part.is_changed]
    assert (part.anchor, part.is_gone, part.is_away) == ("access--was", True, False)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (f"{USE}{ITEM}\n\n{OTHER}", f"{USE}{ITEM} {OTHER}", "rearranged; 1 passage merged"),
        (f"{USE}{ITEM} {OTHER}", f"{USE}{ITEM}\n\n{OTHER}", "rearranged; 1 passage split"),
        (f"{USE}- {ITEM}\n- {OTHER}\n- Tea", f"{USE}- Tea\n- {ITEM}\n- {OTHER}", "rearranged; 1 word moved"),
        (f"{USE}{ITEM} {OTHER}", f"{USE}{ITEM}\n\n{OTHER} Yes.", "reworded; 1 passage split; 1 word added"),
    ],
)
def test_a_section_whose_words_only_stand_elsewhere_is_not_called_reworded(old: str, new: str, told: str) -> None:
    macros = environment(DictLoader({}), "en").get_template("original/gazette/parts.html").make_module()
    [part] = redline_parts(compare_markdown(old, new))
    assert str(macros.kinds(part)).strip() == told  # type: ignore[attr-defined]  # a macro of the template
