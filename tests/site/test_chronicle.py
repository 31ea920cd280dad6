"""Sections through time agree with the redlines: threads, weaves and ages, by tables and by laws."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazette.policy.model import Change, Policy, Section, Text, Version
from gazette.redline import Kind, compare, prepare_html, prepare_text
from gazette.site.chronicle import Chronicle, chronicle
from gazette.site.leaves import Leaf, leaf_of
from gazette.site.model import History, history_on
from gazette.site.provenance import apply, beginning
from gazette.site.steps import step_of
from gazette.site.weave import ABSENT, Weave
from tests.making import text

START = date(2020, 1, 1)


class Texts:
    """An archive of texts in memory."""

    def __init__(self, texts: dict[str, Text]) -> None:
        self.texts = {label: prepare_text(one) for label, one in texts.items()}

    def leaf(self, policy: str, old: str | None, new: str) -> Leaf:
        step = step_of(compare(self.texts[old], self.texts[new])) if old is not None else None
        return leaf_of(self.texts[new], step)

    def beginnings(self, policy: str, label: str) -> tuple[str, ...]:
        return tuple(beginning(block.text) for block in self.texts[label].blocks)


def history(count: int, **predecessors: str) -> History:
    """Versions `v0`, `v1`, … a day apart, each from the one before unless it is said otherwise."""
    versions = tuple(
        Version(
            f"v{n}",
            START + timedelta(n),
            START + timedelta(n),
            Change.MINOR,
            "Policy",
            "",
            "",
            "",
            predecessor=predecessors.get(f"v{n}"),
        )
        for n in range(count)
    )
    return history_on(Policy("policy", "Policy", "en", Path("content/policy"), versions=versions), date(2030, 1, 1))


def told(texts: Sequence[Text], **predecessors: str) -> Chronicle:
    return chronicle(history(len(texts), **predecessors), Texts({f"v{n}": one for n, one in enumerate(texts)}))


FIRST = text(introduction="We care.\n\nA lot.", sharing="With nobody.", contact="Write to us.")


def changed(base: Text, **bodies: str) -> Text:
    return Text(tuple(replace(s, body=bodies.get(s.id, s.body)) for s in base.sections))


def test_a_section_that_no_version_touched_has_one_event() -> None:
    found = told([FIRST, changed(FIRST, sharing="With one processor.")])
    thread, weave = found.section("contact")
    assert [event.label for event in thread.events] == ["v0"]
    assert len(weave.states) == 1


def test_a_renamed_section_is_one_section_under_both_ids() -> None:
    renamed = Text((FIRST.sections[0], Section("processors", "Processors", "With nobody.", ("sharing",))))
    found = told([FIRST, renamed])
    thread, _ = found.section("sharing")
    assert thread == found.section("processors")[0]
    assert thread.ids == ("processors", "sharing")
    assert Kind.RENAMED in thread.events[-1].kinds


def test_a_split_and_a_merger_are_told_on_both_sides() -> None:
    split = Text((*FIRST.sections, Section("partners", "Partners", "Quite other words here.", ("sharing",))))
    merged = Text((*split.sections[:2], replace(split.sections[2], formerly=("partners",))))
    found = told([FIRST, split, merged])
    thread, _ = found.section("partners")
    assert thread.events[0].split_from == (("sharing", "Sharing"),)
    assert thread.events[-1].merged_into == (("contact", "Contact"),)


def test_a_section_that_comes_back_is_the_same_section() -> None:
    without = Text(FIRST.sections[:2])
    found = told([FIRST, without, FIRST])
    thread, weave = found.section("contact")
    assert [event.label for event in thread.events] == ["v0", "v1", "v2"]
    assert weave.run(1).state == ABSENT
    assert weave.run(2).state == weave.run(0).state


def test_a_version_from_an_older_one_is_compared_with_that() -> None:
    second = changed(FIRST, sharing="With one processor.")
    found = told([FIRST, second, changed(FIRST, contact="Call us.")], v2="v0")
    assert [event.label for event in found.section("sharing")[0].events] == ["v0", "v1"]
    assert found.section("sharing")[1].run(2).state == 0


def test_each_paragraph_knows_the_version_that_gave_it_its_wording() -> None:
    second = changed(FIRST, introduction="We care.\n\nA great deal.")
    third = changed(second, introduction="We care.\n\nA great deal.\n\nAlways.")
    ages = {age.id: age for age in told([FIRST, second, third]).ages}
    assert ages["introduction"].since == "v2"
    assert [(s.since, s.blocks, s.first) for s in ages["introduction"].stretches] == [
        ("v0", 1, "We care."),
        ("v1", 1, "A great deal."),
        ("v2", 1, "Always."),
    ]
    assert ages["contact"].since == "v0"


def test_two_hundred_dates_are_not_compared_each_with_each() -> None:
    texts = [changed(FIRST, contact=f"As of day {n} " + "and so on, " * 300) for n in range(60)]
    _, weave = told(texts).section("contact")
    last = max(range(len(weave.passages)), key=lambda n: len(weave.passages[n]))
    pairs = weave.pairs(last)
    assert (0, 59) in pairs
    assert (10, 11) in pairs
    assert {(ABSENT, 10), (10, ABSENT)} <= set(pairs)
    assert len(pairs) < 60 * 8


# Laws

WORDS = st.lists(
    st.sampled_from(["we", "keep", "share", "your", "data", "with", "nobody", "someone", "for", "a", "year"]),
    min_size=1,
    max_size=9,
)
PARAGRAPH = WORDS.map(" ".join)
BODY = st.lists(
    st.one_of(
        PARAGRAPH, st.lists(PARAGRAPH, min_size=1, max_size=3).map(lambda items: "\n".join(f"- {i}" for i in items))
    ),
    max_size=4,
).map("\n\n".join)
TEXT = st.lists(st.tuples(st.sampled_from(["use", "sharing", "rights", "contact"]), BODY), max_size=4).map(
    lambda found: Text(tuple(Section(name, name.title(), body) for name, body in dict(found).items()))
)
TEXTS = st.lists(TEXT, min_size=1, max_size=5)
LAWS = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@LAWS
@given(TEXTS)
def test_putting_the_steps_in_order_onto_the_first_text_gives_the_last(texts: list[Text]) -> None:
    found = told(texts)
    prepared = [prepare_text(one) for one in texts]
    blocks: Sequence[str] = [block.text for block in prepared[0].blocks]
    for label, one in zip(found.order[1:], prepared[1:], strict=True):
        own = [block.text for block in one.blocks]
        blocks = apply(blocks, found.steps[label], own)
        assert list(blocks) == own


@LAWS
@given(TEXTS)
def test_a_weave_gives_every_version_back(texts: list[Text]) -> None:
    found = told(texts)
    for place, label in enumerate(found.order):
        ready = prepare_text(texts[place])
        for part in ready.parts:
            [number] = [n for n, thread in enumerate(found.threads) if thread.present.get(label) == part.id]
            weave = found.weaves[number]
            state = weave.states[weave.run(place).state]
            html = "".join(weave.passages[passage][wording] for passage, wording in state)
            assert words(html) == words("".join(f"<p>{b.text}</p>" for b in ready.blocks[part.start : part.end]))


@LAWS
@given(TEXTS)
def test_any_two_versions_compare_by_the_two_laws_of_redlines(texts: list[Text]) -> None:
    for weave in told(texts).weaves:
        for old in range(len(texts)):
            for new in range(old + 1, len(texts)):
                marked = redline(weave, weave.run(old).state, weave.run(new).state)
                assert words(without("ins", marked)) == words(whole(weave, weave.run(old).state))
                assert words(without("del", marked)) == words(whole(weave, weave.run(new).state))


def redline(weave: Weave, old: int, new: int) -> str:
    """As a page puts it together: only from pairs that there are."""
    out = []
    for passage, was, now in weave.between(old, new):
        pairs = weave.pairs(passage)
        if was == now or (was, now) in pairs:
            out.append(weave.marked(passage, was, now))
        else:
            out += [weave.marked(passage, was, ABSENT), weave.marked(passage, ABSENT, now)]
            assert {(was, ABSENT), (ABSENT, now)} <= set(pairs)
    return "".join(out)


def whole(weave: Weave, state: int) -> str:
    return "".join(weave.passages[p][w] for p, w in weave.states[state]) if state != ABSENT else ""


def without(tag: str, markup: str) -> str:
    return re.sub(rf"<{tag}\b[^>]*>.*?</{tag}>", "", markup, flags=re.DOTALL).replace("¶", "")


def words(markup: str) -> str:
    """The text without marks and spaces: dropping a paragraph break joins what it parted."""
    blocks = prepare_html(re.sub(r"</?(ins|del|span)\b[^>]*>", "", markup)).blocks
    return "".join("".join(block.text.split()) for block in blocks)


@pytest.mark.parametrize("count", [1, 3])
def test_a_section_of_an_empty_policy_is_no_trouble(count: int) -> None:
    assert told([Text(())] * count).threads == ()
