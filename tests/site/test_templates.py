"""Templates, their words and their style: what can be said otherwise is documented, and nothing assumes a language."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from gazette import site
from gazette.site import words

ROOM = Path(site.__path__[0])
TEMPLATES = sorted((ROOM / "templates/gazette").iterdir())
REFERENCE = Path(__file__).parents[2] / "docs/reference/site.md"

#: Names that are the same in every language.
NAMES = {"JSON Feed", "TimeMap", "versions.json"}

_PHYSICAL = re.compile(
    r"(?:^|[\s;{-])(?:left|right)\s*:|(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)|border-(?:top|bottom)-(?:left|right)",
    re.MULTILINE,
)


def test_the_style_sheet_assumes_no_direction() -> None:
    style = re.sub(r"/\*.*?\*/", "", (ROOM / "assets/gazette.css").read_text(), flags=re.DOTALL)
    assert _PHYSICAL.findall(style) == []


@pytest.mark.parametrize("rule", ["a { margin-left: 1em }", "a { left: 0 }", "a { text-align: right }"])
def test_a_rule_that_assumes_a_direction_is_found(rule: str) -> None:
    assert _PHYSICAL.search(rule)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_word_of_a_template_goes_through_gettext(template: Path) -> None:
    assert _bare_words(template.read_text()) - NAMES == set()


def test_a_word_past_gettext_is_found() -> None:
    markup = (
        '{# A #}<p title="B c">{{ _("d") }} E {% if f %}g{% endif %}<span class="h" aria-label="{{ i }}"></span></p>'
    )
    assert _bare_words(markup) == {"B c", "E", "g"}


def _bare_words(template: str) -> set[str]:
    """What a template says in words of its own, as text or in an attribute that is read out."""
    left = re.sub(r"\{#.*?#\}|\{%.*?%\}", "\n", template, flags=re.DOTALL)
    left = re.sub(r"\{\{.*?\}\}", "", left, flags=re.DOTALL)
    attributes = re.findall(r'\b(?:aria-label|title|alt|placeholder|data-of)="([^"]*)"', left)
    texts = re.sub(r"<[^>]*>", "\n", left).splitlines()
    return {said.strip() for said in [*attributes, *texts] if re.search(r"[^\W\d_]", said)}


def test_the_catalogue_for_translators_has_every_message() -> None:
    method = [("templates/**.html", "jinja2"), ("**.py", "python")]
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2)}
    options = {"templates/**.html": {"trimmed": "true", "silent": "false"}}
    found = extract_from_dir(str(ROOM), method, options, keywords)
    said = {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found}
    catalogue = read_po(BytesIO((ROOM / "locale/gazette.pot").read_bytes()))
    known = {message.id[0] if isinstance(message.id, tuple) else message.id for message in catalogue if message.id}
    assert said == known


def test_the_reference_names_every_template_and_its_blocks() -> None:
    rows = [line.split("|") for line in REFERENCE.read_text().splitlines() if re.match(r"\| `\w+\.html`", line)]
    told = {name: set(re.findall(r"`(\w+)`", row[3])) for row in rows for name in re.findall(r"`(\w+\.html)`", row[1])}
    assert told == {path.name: set(re.findall(r"{% block (\w+)", path.read_text())) for path in TEMPLATES}


def test_a_language_without_a_catalogue_has_english_words_and_its_own_dates() -> None:
    said = words.words("pt-BR")
    assert said("In force") == "In force"
    assert said.date(date(2026, 3, 2)) == "2 de março de 2026"
