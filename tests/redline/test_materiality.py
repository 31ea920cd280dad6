"""The signs of a material change: what each one sees, what it passes over, and how a site adds its own words."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from gazette.policy.model import Change
from gazette.redline import compare_markdown
from gazette.redline.materiality import Kind, Strength, assess
from gazette.redline.materiality.facts import figures
from gazette.redline.materiality.lexicon import Lexicon, lexicon, parse
from gazette.redline.materiality.passages import Passage, Passages, SectionChange
from gazette.redline.materiality.signals import Signal, find_signals

LANGUAGES = ("de", "en", "es", "fr", "pt")
GROUPS = set(parse((files("gazette.redline.materiality") / "words" / "en.txt").read_text("utf-8")))


def reworded(old: str, new: str, *edits: tuple[str, str]) -> Passages:
    """One block with its changed words, as they stand in it unless given."""
    passage = Passage("keeping", "What we keep", old, new, edits or _edits(old, new))
    return Passages((passage,), (), old, new)


def _edits(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """The words between what both have at their ends."""
    a, b = old.split(), new.split()
    start = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    ends = zip(reversed(a[start:]), reversed(b[start:]), strict=False)
    end = next((n for n, (x, y) in enumerate(ends) if x != y), min(len(a), len(b)) - start)
    return ((" ".join(a[start : len(a) - end]), " ".join(b[start : len(b) - end])),)


def strong(changed: Passages, language: str = "en") -> list[Signal]:
    return [s for s in find_signals(changed, lexicon(language)) if s.strength is Strength.STRONG]


@pytest.mark.parametrize(
    ("language", "old", "new", "kind"),
    [
        ("en", "We keep it for 30 days.", "We keep it for 60 days.", Kind.PERIOD),
        ("en", "We keep it for thirty (30) days.", "We keep it for ninety (90) days.", Kind.PERIOD),
        ("en", "The fee is $5 a month.", "The fee is $7 a month.", Kind.AMOUNT),
        ("en", "We take 5% of it.", "We take 7.5% of it.", Kind.PERCENTAGE),
        ("en", "You must be 13 years old.", "You must be 16 years old.", Kind.AGE),
        (
            "en",
            "We share it with service providers.",
            "We share it with service providers and advertisers.",
            Kind.RECIPIENT,
        ),
        (
            "en",
            "Example Mail gets it from a partner.",
            "Example Mail and Northwind gets it from a partner.",
            Kind.RECIPIENT,
        ),
        ("en", "Our servers are in Germany.", "Our servers are in Germany and India.", Kind.COUNTRY),
        ("en", "We collect your name.", "We collect your name and location data.", Kind.DATA),
        ("en", "We use it to serve you.", "We use it to serve you and for marketing.", Kind.PURPOSE),
        ("en", "You have the right to object and to complain.", "You have the right to object.", Kind.RIGHT),
        ("en", "We do so only with your consent.", "We do so.", Kind.CONSENT),
        ("en", "We do not sell it.", "We do sell it.", Kind.NEGATION),
        ("en", "We never look at it.", "We look at it.", Kind.NEGATION),
        ("en", "You may tell us.", "You must tell us.", Kind.OBLIGATION),
        ("en", "We will delete it.", "We may delete it.", Kind.OBLIGATION),
        ("en", "Write to us.", "Write to us. You must keep your password secret.", Kind.OBLIGATION),
        ("en", "Courts decide.", "Courts decide. Disputes go to arbitration.", Kind.DISPUTES),
        ("en", "We are liable for what we do.", "We do it.", Kind.LIABILITY),
        ("de", "Wir speichern es 30 Tage.", "Wir speichern es 60 Tage.", Kind.PERIOD),
        ("de", "Wir geben es nicht weiter.", "Wir geben es weiter.", Kind.NEGATION),
        ("de", "Sie können uns schreiben.", "Sie müssen uns schreiben.", Kind.OBLIGATION),
        ("de", "Wir erheben Namen.", "Wir erheben Namen und Standortdaten.", Kind.DATA),
        ("fr", "Conservé 3 mois.", "Conservé 6 mois.", Kind.PERIOD),
        ("fr", "Nous ne vendons pas vos données.", "Nous vendons vos données.", Kind.NEGATION),
        ("fr", "Nous collectons votre nom.", "Nous collectons votre nom et votre géolocalisation.", Kind.DATA),
        ("pt", "Guardamos por 30 dias.", "Guardamos por 90 dias.", Kind.PERIOD),
        ("pt", "Não vendemos os dados.", "Vendemos os dados.", Kind.NEGATION),
        ("pt", "Você pode avisar.", "Você deve avisar.", Kind.OBLIGATION),
        ("es", "Lo guardamos 30 días.", "Lo guardamos 90 días.", Kind.PERIOD),
        ("es", "No vendemos los datos.", "Vendemos los datos.", Kind.NEGATION),
        ("es", "Recogemos su nombre.", "Recogemos su nombre y datos de salud.", Kind.DATA),
        ("ja", "登録できます。", "登録できるのは13歳以上の方です。", Kind.AGE),
        ("ja", "保存します。", "30日間保存します。", Kind.PERIOD),
        ("xx", "Costs € 5.", "Costs € 7.", Kind.AMOUNT),
    ],
)
def test_a_material_change_is_seen(language: str, old: str, new: str, kind: Kind) -> None:
    found = strong(reworded(old, new), language)
    assert kind in {signal.kind for signal in found}, [str(signal) for signal in found]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("We recieve it.", "We receive it."),
        ("See section 4.1 for it.", "See section 4.2 for it."),
        ("Last updated March 25, 2021.", "Last updated May 5, 2021."),
        ("We keep it for 30  days.", "We keep it for 30 Days."),
        (
            "Write to 2 Harrison St, San Francisco, CA 94105.",
            "Write to 149 New Montgomery St, San Francisco, CA 94105.",
        ),
        ("GitHub for mobile is ours.", "GitHub Mobile is ours."),
        ("In writing, of course.", "In writing of course."),
    ],
)
def test_a_correction_is_passed_over(old: str, new: str) -> None:
    assert strong(reworded(old, new)) == []


def test_what_only_moved_is_no_sign() -> None:
    words = "You must not share it with advertisers for 30 days."
    changed = Passages(
        (Passage("a", "A", words, "", ()), Passage("b", "B", "", words, ())), (), f"{words} More.", f"More. {words}"
    )
    assert find_signals(changed, lexicon("en")) == ()


def test_a_term_that_the_text_had_already_is_a_weak_sign() -> None:
    changed = Passages(
        (Passage("a", "A", "We share.", "We share with advertisers.", (("", "with advertisers"),)),),
        (),
        "Elsewhere: advertisers. We share.",
        "Elsewhere: advertisers. We share with advertisers.",
    )
    assert [(s.kind, s.strength) for s in find_signals(changed, lexicon("en"))] == [(Kind.RECIPIENT, Strength.WEAK)]


def test_a_country_in_a_postal_address_is_a_weak_sign() -> None:
    found = find_signals(
        reworded("Write to us.", "Write to us: Main Street 1, 8001 Zurich, Switzerland."), lexicon("en")
    )
    assert {s.strength for s in found if s.kind is Kind.COUNTRY} == {Strength.WEAK}


def test_a_link_to_opt_out_or_get_in_touch_is_a_weak_sign() -> None:
    links = (
        ("opt out", "https://example.com/old", "https://example.com/new"),
        ("here", "mailto:a@example.com", "https://example.com/form"),
        ("our blog", "https://example.com/1", "https://example.com/2"),
    )
    changed = Passages((Passage("a", "A", "Words.", "Words.", (), links),), (), "Words.", "Words.")
    found = find_signals(changed, lexicon("en"))
    assert [(s.kind, s.strength, s.before) for s in found] == [
        (Kind.LINK, Strength.WEAK, "https://example.com/old"),
        (Kind.LINK, Strength.WEAK, "mailto:a@example.com"),
    ]


@pytest.mark.parametrize(("words", "strength"), [("word " * 30, Strength.STRONG), ("A heading", Strength.WEAK)])
def test_a_section_that_comes_or_goes_is_a_sign(words: str, strength: Strength) -> None:
    for added in (True, False):
        changed = Passages((), (SectionChange("cookies", "Cookies", words, added),))
        (signal,) = find_signals(changed, Lexicon())
        assert (signal.kind, signal.strength) == (Kind.SECTION, strength)
        assert str(signal) == f"a section was {'added' if added else 'taken out'}, 'Cookies' in 'Cookies' (#cookies)"


def test_a_sign_says_what_changed_and_where() -> None:
    (signal,) = strong(reworded("We keep it for 30 days.", "We keep it for 60 days."))
    assert str(signal) == "a period changed, '30 days' → '60 days' in 'What we keep' (#keeping)"


def test_a_sign_shows_words_as_they_are_written() -> None:
    (signal,) = strong(reworded("Our servers are in Germany.", "Our servers are in Germany and INDIA."))
    assert signal.after == "INDIA"


def test_without_words_for_a_language_a_long_passage_is_what_can_be_seen() -> None:
    changed = reworded("短い。", "短い。" + "これは新しい文です" * 10, ("", "これは新しい文です" * 10))
    assert [s.kind for s in strong(changed, "ja")] == [Kind.PASSAGE]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_group_and_no_word_twice(language: str) -> None:
    text = (files("gazette.redline.materiality") / "words" / f"{language}.txt").read_text("utf-8")
    groups = parse(text)
    assert GROUPS - set(groups) <= {"sharing"}
    for group, words in groups.items():
        assert len(words) == len(set(words)), (group, [word for word in words if words.count(word) > 1])


def test_a_site_adds_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text("[data]\nloyalty points*\n[recipients]\nExample Group\n")
    own = lexicon("en-GB", tmp_path)
    changed = reworded("We collect names.", "We collect names and loyalty points.")
    assert [s.kind for s in find_signals(changed, own)] == [Kind.DATA]
    assert own.has("recipients", "shared in the EXAMPLE GROUP")
    assert own.has("data", "Biometric data")


def test_a_word_outside_any_group_is_named() -> None:
    with pytest.raises(ValueError, match="line 2: 'cookies' is in no group"):
        parse("# mine\ncookies\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("within 14 days", {("period", "14 days")}),
        ("a 30-day notice", {("period", "30 day")}),
        ("twelve (12) months", {("period", "twelve (12) months")}),
        ("EUR 1,000.50 or 1.000,50 €", {("amount", "eur 1,000.50"), ("amount", "1.000,50 €")}),
        ("Section 15, page 3, version 2.0", set()),
        ("on 25 May 2018", set()),
        ("aged 13 years or older children", {("age", "13 years")}),
    ],
)
def test_figures_are_what_people_rely_on(text: str, expected: set[tuple[str, str]]) -> None:
    assert set(figures(text, lexicon("en"))) == expected


def test_the_signs_are_read_from_a_redline() -> None:
    old = "## Keeping\n\nWe keep it for 30 days.\n\n## Rights\n\nYou may object. We do not sell it.\n"
    new = "## Keeping\n\nWe keep it for 60 days.\n\n## Rights\n\nYou may object. We sell it.\n"
    assessment = assess(compare_markdown(old, new), "en")
    assert {signal.kind for signal in assessment.strong} == {Kind.PERIOD, Kind.NEGATION}
    assert "a period changed, '30 days' → '60 days' in 'Keeping' (#keeping)" in map(str, assessment.strong)
    assert assessment.suggestion is Change.MATERIAL


@pytest.mark.parametrize(
    ("old", "new", "suggestion"),
    [
        ("We recieve letters.", "We receive letters.", Change.EDITORIAL),
        ("Same words here.", "Same words here.", Change.EDITORIAL),
        ("We like tea and cake.", "We like coffee, tea, fresh fruit and every sort of cake there is.", Change.MINOR),
        ("[Us](https://example.com/a)", "[Us](https://example.com/b)", Change.EDITORIAL),
        ("We like tea.", "We like tea. You must like it too.", Change.MATERIAL),
    ],
)
def test_a_kind_of_change_is_suggested(old: str, new: str, suggestion: Change) -> None:
    assert assess(compare_markdown(f"## A\n\n{old}\n", f"## A\n\n{new}\n"), "en").suggestion is suggestion


@pytest.mark.long
def test_the_signs_agree_with_people_on_real_versions() -> None:
    from benchmarks import materiality as benchmark

    pairs = list(benchmark.read_pairs(benchmark.HISTORIES))
    if not pairs:
        pytest.skip(f"{benchmark.HISTORIES} is not there")
    found = benchmark.figures([benchmark.judge(pair, benchmark.HISTORIES) for pair in pairs])
    assert found.pairs >= 120
    assert found.editorial_flagged <= 0.05
    assert found.precision >= 0.85
    assert found.recall >= 0.85
