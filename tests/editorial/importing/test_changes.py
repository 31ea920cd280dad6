from __future__ import annotations

import pytest

from gazette.editorial.importing.changes import difference, summary
from gazette.editorial.importing.phrases import phrases
from gazette.policy.model import Change, Section, Text

LONG = " ".join(f"w{number}" for number in range(100))


def text(*sections: tuple[str, str, str]) -> Text:
    return Text(tuple(Section(i, title, body) for i, title, body in sections))


OLD = text(("a", "Alpha", LONG), ("b", "Beta", LONG), ("c", "Gamma", LONG))


@pytest.mark.parametrize(
    ("new", "kind", "said"),
    [
        (OLD, Change.EDITORIAL, "The text is the same as in the version before."),
        (
            text(("a", "Alpha", f"**{LONG}**"), ("b", "Beta", LONG), ("c", "Gamma", LONG)),
            Change.EDITORIAL,
            "No words changed, only their markup.",
        ),
        (
            text(("a", "Alpha", f"{LONG} more"), ("b", "Beta", LONG), ("c", "Gamma", LONG)),
            Change.MINOR,
            "Changed: *Alpha* (1 word).",
        ),
        (
            text(("a", "Alpha", LONG), ("b", "Bet\\*", LONG), ("c", "Gamma", LONG)),
            Change.MINOR,
            "Renamed: *Beta* → *Bet\\**.",
        ),
        (text(("a", "Alpha", LONG), ("b", "Beta", LONG)), Change.MATERIAL, "Removed: *Gamma*."),
        (
            text(("n", "New", LONG), ("a", "Alpha", LONG), ("b", "Beta", LONG), ("c", "Gamma", LONG)),
            Change.MATERIAL,
            "Added: *New*.",
        ),
        (
            text(("c", "Gamma", LONG), ("a", "Alpha", LONG), ("b", "Beta", LONG)),
            Change.EDITORIAL,
            "Moved: *Gamma*.",
        ),
        (
            text(("a", "Alpha", "other words " * 50), ("b", "Beta", LONG), ("c", "Gamma", LONG)),
            Change.MATERIAL,
            "Changed: *Alpha* (200 words).",
        ),
    ],
)
def test_the_kind_and_the_summary_follow_from_what_changed(new: Text, kind: Change, said: str) -> None:
    found = difference(OLD, new)
    assert (found.kind, summary(found, phrases("en"))) == (kind, said)


def test_a_section_under_a_former_id_is_neither_added_nor_removed() -> None:
    new = Text((Section("z", "Alpha", LONG, ("a",)), *OLD.sections[1:]))
    found = difference(OLD, new)
    assert not found.added
    assert not found.removed


def test_the_summary_speaks_the_language_of_the_policy() -> None:
    assert summary(difference(OLD, OLD), phrases("pt-BR")) == "O texto é o mesmo da versão anterior."
    assert phrases("xx") == phrases("en")
