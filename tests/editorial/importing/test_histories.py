"""Real histories, whole: every version is there, its words are those of its source, its pins hold, its ids last."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from gazette.editorial.importing.phrases import phrases
from gazette.policy import timeline
from gazette.policy.canonical import canonical_text
from gazette.policy.model import Policy, Text
from gazette.policy.pins import Pins
from gazette.policy.reading import read_policy
from gazette.policy.rendering import Renderer, with_defaults
from gazette.redline import compare, prepare_text
from gazette.redline.summary import summary

from .conftest import Run
from .texts import HISTORIES, needs_histories, rendered_words, words

pytestmark = needs_histories

COUNTS = {
    "firefox-cloud-terms-ja": 18,
    "firefox-privacy-pt-br": 64,
    "github-terms-en": 44,
    "instagram-guidelines-en": 284,
    "lovescout24-privacy-de": 19,
    "maiia-privacy-fr": 2,
    "model-spec-en": 6,
    "uber-privacy-fr": 19,
    "wordpress-terms-en": 107,
}

#: Words that an import adds: the titles of parts that had none.
ADDED = {"introduction", "introdução", "einleitung", "はじめに", "text", "préambule"}


def imported(site: Path, run: Run, history: str) -> tuple[Policy, dict[str, Text]]:
    result = run(HISTORIES / history, "--policy", history)
    assert result.exit_code == 0, result.output
    policy, problems = read_policy(site / "content" / history, site)
    assert policy is not None
    assert [str(problem) for problem in problems] == []
    return policy, Pins.find(site / "content", (policy,)).texts(policy)


@pytest.mark.parametrize("history", COUNTS)
def test_every_version_of_a_history_is_there_with_the_words_of_its_source(site: Path, run: Run, history: str) -> None:
    policy, texts = imported(site, run, history)
    assert len(policy.versions) == COUNTS[history]
    sources = sorted((HISTORIES / history).glob("*.md"), key=lambda path: (path.stem.split("_")[1], path.stem))
    pairs = list(zip(policy.versions, sources, strict=True))
    for version, source in pairs[:: max(1, len(pairs) // 6)]:
        text = re.sub(r"\A---\n.*?\n---\n", "", source.read_text("utf-8-sig"), flags=re.DOTALL)
        before, after = Counter(rendered_words(text)), Counter(rendered_words(canonical_text(texts[version.label])))
        assert set(after - before) <= ADDED, (version.label, after - before)
        recorded = Counter(words(f"{version.title} {version.published:%B %-d %Y} {version.summary} last updated"))
        assert not before - after - recorded, (version.label, before - after - recorded)


@pytest.mark.parametrize("history", ["lovescout24-privacy-de", "uber-privacy-fr"])
def test_a_summary_says_what_the_redline_of_its_page_says(site: Path, run: Run, history: str) -> None:
    policy, texts = imported(site, run, history)
    renderer = Renderer(with_defaults(()))
    shown = {label: prepare_text(text, renderer.sections) for label, text in texts.items()}
    said = phrases(policy.language)
    for version in policy.versions:
        before = timeline.predecessor(version, policy.versions)
        redline = compare(shown[before.label], shown[version.label]) if before else None
        if redline is not None and not redline.is_empty:
            assert version.summary.startswith(said.line.format(summary(redline, said.counting))), version.label
        else:
            assert version.summary.startswith((said.first, said.nothing, said.unseen)), version.label


def test_sections_that_were_lettered_anew_keep_their_ids(site: Path, run: Run) -> None:
    policy, texts = imported(site, run, "github-terms-en")
    first, last = (texts[policy.versions[place].label] for place in (0, -1))
    titles = {section.id: section.title for section in first.sections}
    assert titles["copyright-infringement-and-dmca-policy"].startswith("E. ")
    later = {section.id: section.title for section in last.sections}
    assert later["copyright-infringement-and-dmca-policy"].startswith("F. ")
    assert set(titles) & set(later) == set(titles) - {
        "additional-terms-for-github-pages",
        "additional-terms-for-github-marketplace",
        "advertising-on-github",
    }


def test_a_history_that_changes_its_language_keeps_its_ids(site: Path, run: Run) -> None:
    policy, texts = imported(site, run, "firefox-cloud-terms-ja")
    for version in policy.versions:
        ids = [section.id for section in texts[version.label].sections]
        assert [i for i in ids if i != "introduction"] == ["summary", "terms-of-service"]
