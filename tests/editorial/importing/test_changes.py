from __future__ import annotations

import pytest

from gazette.editorial.importing.changes import difference
from gazette.editorial.importing.counting import COUNTINGS
from gazette.editorial.importing.phrases import phrases
from gazette.policy.model import Change, Section, Text
from gazette.redline import compare, prepare_text
from gazette.redline.changes import Counts
from gazette.redline.summary import attributes, words

LONG, LONGER, LONGEST = (" ".join(f"{letter}{number}" for number in range(100)) for letter in "uvw")


def text(*sections: tuple[str, str, str]) -> Text:
    return Text(tuple(Section(i, title, body) for i, title, body in sections))


A, B, C = ("a", "Alpha", LONG), ("b", "Beta", LONGER), ("c", "Gamma", LONGEST)
OLD = text(A, B, C)


@pytest.mark.parametrize(
    ("new", "kind", "said"),
    [
        (OLD, Change.EDITORIAL, "The text is the same as in the version before."),
        (
            text(("a", "Alpha", LONG.replace("u50 ", "u50\n")), B, C),
            Change.EDITORIAL,
            "No words, links or forms changed, only how the text is written down.",
        ),
        (
            text(("a", "Alpha", f"**{LONG}**"), B, C),
            Change.EDITORIAL,
            "1 section changed, 1 format. Changed: *Alpha*.",
        ),
        (
            text(("a", "Alpha", f"{LONG} more"), B, C),
            Change.MINOR,
            "1 section changed; 1 word added. Changed: *Alpha*.",
        ),
        (
            text(("a", "Alpha", f"{LONG} more"), B, ("c", "Gamma", LONGEST.replace("w50", "[w50](/there)"))),
            Change.MINOR,
            "2 sections changed, 1 link; 1 word added. Changed: *Alpha* (1 word added), *Gamma* (1 link).",
        ),
        (
            text(A, ("b", "Bet\\*", LONGER), C),
            Change.MINOR,
            "1 section changed, 1 renamed; 1 word added, 1 removed. Renamed: *Beta* → *Bet\\**.",
        ),
        (text(A, B), Change.MATERIAL, "1 section removed; 101 words removed. Removed: *Gamma*."),
        (
            text(("n", "New", "Quite other words."), A, B, C),
            Change.MATERIAL,
            "1 section added; 4 words added. Added: *New*.",
        ),
        (text(C, A, B), Change.EDITORIAL, "1 section moved; 101 words moved. Moved: *Gamma*."),
        (
            text(("a", "Alpha", "other words " * 50), B, C),
            Change.MATERIAL,
            "1 section changed; 100 words added, 100 removed. Changed: *Alpha*.",
        ),
    ],
)
def test_the_kind_and_the_summary_follow_from_what_changed(new: Text, kind: Change, said: str) -> None:
    assert difference(prepare_text(OLD), prepare_text(new), phrases("en")) == (kind, said)


def test_the_summary_begins_with_the_redline_s_own_line() -> None:
    old, new = prepare_text(OLD), prepare_text(text(C, ("a", "Alfa", f"{LONG} more [words](/x)"), ("b", "Beta", LONG)))
    _, said = difference(old, new, phrases("en"))
    assert said.startswith(f"{compare(old, new).summary}. ")


def test_a_section_under_a_former_id_is_neither_added_nor_removed() -> None:
    new = Text((Section("z", "Alpha", LONG, ("a",)), *OLD.sections[1:]))
    _, said = difference(prepare_text(OLD), prepare_text(new), phrases("en"))
    assert "Added" not in said
    assert "Removed" not in said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr-CA", "1 section modifiée ; 1 mot ajouté, 2 supprimés. Modifié : *Alpha*."),
        ("de", "1 Abschnitt geändert; 1 Wort hinzugefügt, 2 entfernt. Geändert: *Alpha*."),
        ("es", "1 sección modificada; 1 palabra añadida, 2 eliminadas. Modificado: *Alpha*."),
        ("pt-BR", "1 seção alterada; 1 palavra incluída, 2 removidas. Alterado: *Alpha*."),
        ("ja", "1 件の節を変更；1 語を追加、2 語を削除。 変更：*Alpha*。"),
        ("xx", "1 section changed; 1 word added, 2 removed. Changed: *Alpha*."),
    ],
)
def test_the_summary_counts_in_the_language_of_the_policy(language: str, said: str) -> None:
    old = prepare_text(text(("a", "Alpha", "One two three four five six.")))
    new = prepare_text(text(("a", "Alpha", "One two seven five six.")))
    assert difference(old, new, phrases(language))[1].replace("\u00a0", " ") == said


def test_a_language_counts_thousands_as_it_does() -> None:
    counted = {language: words(Counts(added=1204), counting) for language, counting in COUNTINGS.items()}
    assert counted["en"] == "1,204 words added"
    assert counted["de"] == "1.204 Wörter hinzugefügt"


@pytest.mark.parametrize("language", COUNTINGS)
def test_each_language_can_say_all_that_english_can(language: str) -> None:
    english, counting = COUNTINGS["en"], COUNTINGS[language]
    assert (set(counting.nouns), set(counting.deeds)) == (set(english.nouns), set(english.deeds))
    assert len(list(attributes(Counts(0, 0, 0, 2, 2, 2, 2), counting))) == 4
    assert len(phrases(language).said) == len(phrases("en").said)
