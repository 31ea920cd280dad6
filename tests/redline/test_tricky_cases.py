"""The edits that redlines get wrong, each with what a reader should see, to the letter."""

from __future__ import annotations

import re

import pytest

from gazette.redline import Kind, compare_markdown, html
from tests.redline.laws import broken_laws

CASES: dict[str, tuple[str, str, str]] = {
    "a nested list is re-indented": (
        "- one\n- two\n- three\n",
        "- one\n    - two\n- three\n",
        '<ul><li>one<ul><li><span class="reindented" data-was="ul">two</span></li></ul></li><li>three</li></ul>',
    ),
    "a clause is inserted, and the rest with its references counts on": (
        "1. First clause here.\n2. Second clause, see section 3.\n3. Third clause.\n",
        "1. First clause here.\n2. A new clause.\n3. Second clause, see section 4.\n4. Third clause.\n",
        "<ol><li>First clause here.</li><li><ins>A new clause.</ins></li>"
        '<li><span class="renumbered" data-was="2">Second clause, see section</span> '
        '<del class="renumbered">3</del><ins class="renumbered">4</ins>'
        '<span class="renumbered" data-was="2">.</span></li>'
        '<li><span class="renumbered" data-was="3">Third clause.</span></li></ol>',
    ),
    "a numbered heading is inserted": (
        "## 1. Scope\n\nText.\n\n## 2. Fees\n\nSee section 3 for terms.\n\n## 3. Terms\n\nThe terms.\n",
        "## 1. Scope\n\nText.\n\n## 2. Words\n\nWhat they mean.\n\n"
        "## 3. Fees\n\nSee section 4 for terms.\n\n## 4. Terms\n\nThe terms.\n",
        "<h2>1. Scope</h2><p>Text.</p><h2><ins>2. Words</ins></h2><p><ins>What they mean.</ins></p>"
        '<h2><del class="renumbered">2</del><ins class="renumbered">3</ins>. Fees</h2>'
        '<p>See section <del class="renumbered">3</del><ins class="renumbered">4</ins> for terms.</p>'
        '<h2><del class="renumbered">3</del><ins class="renumbered">4</ins>. Terms</h2><p>The terms.</p>',
    ),
    "a column is inserted and a row replaced": (
        "Name | Use\n--|--\nEmail | Login\nPhone | Support\nCity | Tax\n",
        "Name | Basis | Use\n--|--|--\nEmail | Contract | Login\nCookie | Consent | Statistics\nCity | Law | Tax\n",
        "<table><thead><tr><th>Name</th><th><ins>Basis</ins></th><th>Use</th></tr></thead><tbody>"
        "<tr><td>Email</td><td><ins>Contract</ins></td><td>Login</td></tr>"
        "<tr><td><del>Phone</del><ins>Cookie</ins></td><td><ins>Consent</ins></td>"
        "<td><del>Support</del><ins>Statistics</ins></td></tr>"
        "<tr><td>City</td><td><ins>Law</ins></td><td>Tax</td></tr></tbody></table>",
    ),
    "only a link's target changes": (
        "See our [policy](a) now.\n",
        "See our [policy](b) now.\n",
        '<p>See our <span class="relinked" data-was="a"><a href="b">policy</a></span> now.</p>',
    ),
    "a section is moved, renamed and edited": (
        "## Alpha\n\nAlpha is about the first of all things here.\n\n"
        "## Beta\n\nWe collect your name and your e-mail address when you sign up for an account.\n\n"
        "## Gamma\n\nGamma stands at the very end of the text, and is long enough to hold its place there.\n",
        "## Beta data\n\nWe collect your name and your phone number when you sign up for an account.\n\n"
        "## Alpha\n\nAlpha is about the first of all things here.\n\n"
        "## Gamma\n\nGamma stands at the very end of the text, and is long enough to hold its place there.\n",
        '<h2><ins class="moved" data-move="1">Beta</ins><ins> data</ins></h2>'
        '<p><ins class="moved" data-move="1">We collect your name and your</ins><ins> phone number</ins>'
        '<ins class="moved" data-move="1"> when you sign up for an account.</ins></p>'
        "<h2>Alpha</h2><p>Alpha is about the first of all things here.</p>"
        '<h2><del class="moved" data-move="1">Beta</del></h2>'
        '<p><del class="moved" data-move="1">We collect your name and your</del><del> e-mail address</del>'
        '<del class="moved" data-move="1"> when you sign up for an account.</del></p>'
        "<h2>Gamma</h2><p>Gamma stands at the very end of the text, and is long enough to hold its place there.</p>",
    ),
    "a paragraph is split with a word changed": (
        "We keep your data for ten days. After that we delete it for good.\n",
        "We keep your data for thirty days.\n\nAfter that we delete it for good.\n",
        '<p>We keep your data for <del>ten</del><ins>thirty</ins> days.<ins class="break">¶</ins></p>'
        "<p>After that we delete it for good.</p>",
    ),
    "a paragraph is split around a new one": (
        "We keep your data for ten days only. After that we delete it for good.\n",
        "We keep your data for ten days only.\n\nOthers keep it longer.\n\nAfter that we delete it for good.\n",
        '<p>We keep your data for ten days only.<ins class="break">¶</ins></p>'
        '<p><ins>Others keep it longer.</ins><ins class="break">¶</ins></p><p>After that we delete it for good.</p>',
    ),
    "words become bold": (
        "We never sell data.\n",
        "We **never** sell data.\n",
        '<p>We <span class="reformatted" data-was=""><strong>never</strong></span> sell data.</p>',
    ),
    "a defined term is replaced throughout": (
        "The Company sells. The Company buys goods.\n\nAsk the Company for help.\n",
        "The Provider sells. The Provider buys goods.\n\nAsk the Provider for help.\n",
        "<p>The <del>Company</del><ins>Provider</ins> sells. The <del>Company</del><ins>Provider</ins> buys goods.</p>"
        "<p>Ask the <del>Company</del><ins>Provider</ins> for help.</p>",
    ),
    "a paragraph is rewritten entirely": (
        "Cats sleep all day on warm sofas.\n",
        "Every invoice must be paid within thirty days.\n",
        "<p><del>Cats sleep all day on warm sofas</del>"
        "<ins>Every invoice must be paid within thirty days</ins>.</p>",
    ),
    "a sentence is inserted that repeats its neighbour": (
        "We may call you. We may write to you.\n",
        "We may call you. We may call you twice. We may write to you.\n",
        "<p>We may call you. <ins>We may call you twice. </ins>We may write to you.</p>",
    ),
    "list items are rotated": (
        "- apples\n- pears\n- plums\n",
        "- plums\n- apples\n- pears\n",
        '<ul><li><ins class="moved" data-move="1">plums</ins></li><li>apples</li><li>pears</li>'
        '<li><del class="moved" data-move="1">plums</del></li></ul>',
    ),
    "a Japanese word changes": (
        "当社は個人情報を収集します。\n",
        "当社は利用情報を収集します。\n",
        "<p>当社は<del>個人</del><ins>利用</ins>情報を収集します。</p>",
    ),
    "an Arabic word changes": (
        "نحن نجمع بياناتك الشخصية عند التسجيل.\n",
        "نحن نجمع بياناتك المالية عند التسجيل.\n",
        "<p>نحن نجمع بياناتك <del>الشخصية</del><ins>المالية</ins> عند التسجيل.</p>",
    ),
    "only a heading's level changes": (
        "## Scope\n\ntext\n",
        "### Scope\n\ntext\n",
        '<h3><span class="reindented" data-was="h2">Scope</span></h3><p>text</p>',
    ),
    "two paragraphs are merged": (
        "We keep data.\n\nWe delete it later on.\n",
        "We keep data. We delete it later on.\n",
        '<p>We keep data.<del class="break">¶</del> We delete it later on.</p>',
    ),
    "only the case of a letter changes": (
        "The user may cancel.\n",
        "The User may cancel.\n",
        "<p>The <del>user</del><ins>User</ins> may cancel.</p>",
    ),
    "only white space changes": (
        "Some  text\nhere.\n\n\n\nLe prix : 3.\n",
        "Some text here.\n\nLe prix\u00a0: 3.\n",
        "<p>Some text here.</p><p>Le prix\u00a0: 3.</p>",
    ),
    "a sentence moves to another paragraph": (
        "We like tea, and we like it hot, with milk and two biscuits. "
        "You can write to our officer for data protection.\n\n"
        "At the end of it all comes a paragraph that stays as it was, to the last of its words.\n",
        "We like tea, and we like it hot, with milk and two biscuits.\n\n"
        "At the end of it all comes a paragraph that stays as it was, to the last of its words. "
        "You can write to our officer for data protection.\n",
        "<p>We like tea, and we like it hot, with milk and two biscuits."
        '<del class="moved" data-move="1"> You can write to our officer for data protection.</del></p>'
        "<p>At the end of it all comes a paragraph that stays as it was, to the last of its words."
        '<ins class="moved" data-move="1"> You can write to our officer for data protection.</ins></p>',
    ),
    "a bulleted list becomes numbered": (
        "- one\n- two\n",
        "1. one\n2. two\n",
        '<ol><li><span class="reformatted" data-was="ul">one</span></li>'
        '<li><span class="reformatted" data-was="ul">two</span></li></ol>',
    ),
    "a word changes in a link": (
        "See [our old policy](/p).\n",
        "See [our new policy](/p).\n",
        '<p>See <a href="/p">our <del>old</del><ins>new</ins> policy</a>.</p>',
    ),
    "a sentence moves, and the space behind it goes along": (
        "You can close your account whenever you like. We may close it when you break the rules, and tell you why.\n\n"
        "We keep your name and your address for ten days, and never any longer than the law asks us to.\n",
        "We may close it when you break the rules, and tell you why.\n\n"
        "We keep your name and your address for ten days, and never any longer than the law asks us to. "
        "You can close your account whenever you like.\n",
        '<p><del class="moved" data-move="1">You can close your account whenever you like. </del>'
        "We may close it when you break the rules, and tell you why.</p>"
        "<p>We keep your name and your address for ten days, and never any longer than the law asks us to."
        '<ins class="moved" data-move="1"> You can close your account whenever you like.</ins></p>',
    ),
    "a word goes from within what is bold, and one comes in a link": (
        "We **may also keep data** now. See [our list](/list) for more.\n",
        "We **may keep data** now. See [our long list](/list) for more.\n",
        "<p>We <strong>may <del>also </del>keep data</strong> now. "
        'See <a href="/list">our <ins>long </ins>list</a> for more.</p>',
    ),
}  # fmt: skip


def test_the_sign_of_a_note_is_no_part_of_the_word_before_it() -> None:
    notes = "\n\n[^a]: First note.\n[^b]: Second note.\n"
    redline = compare_markdown(
        f"We share data[^a] and keep it[^b] safe.{notes}",
        f"We[^n] share data[^a] and keep it[^b] safe.\n\n[^n]: New note.{notes}",
    )
    said = re.sub(r"</?(?:sup|a)\b[^>]*>", "", html(redline).splitlines()[0])
    counted = '<del class="renumbered">{}</del><ins class="renumbered">{}</ins>'
    assert said == f"<p>We<ins>1</ins> share data{counted.format(1, 2)} and keep it{counted.format(2, 3)} safe.</p>"


@pytest.mark.parametrize("name", CASES)
def test_the_redline_reads_as_a_careful_editor_would_mark_it(name: str) -> None:
    old, new, expected = CASES[name]
    assert html(compare_markdown(old, new)).replace("\n", "") == expected


@pytest.mark.parametrize("name", CASES)
def test_both_texts_come_back_out_of_it(name: str) -> None:
    old, new, _ = CASES[name]
    assert broken_laws(old, new, html(compare_markdown(old, new))) == []
    assert broken_laws(new, old, html(compare_markdown(new, old))) == []


def test_a_term_is_counted_once_and_each_of_its_places_points_at_it() -> None:
    old, new, _ = CASES["a defined term is replaced throughout"]
    redline = compare_markdown(old, new)
    assert [(term.old, term.new, term.times) for term in redline.terms] == [("Company", "Provider", 3)]
    assert [run.term for block in redline.blocks for run in block.runs if run.term] == [1] * 6


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("13 months", "6 months", Kind.REWORDED),
        ("30 days after the end.", "60 days after the end.", Kind.REWORDED),
        ("2.5 % of the fee", "3.5 % of the fee", Kind.REWORDED),
        ("13", "6", Kind.REWORDED),
        ("2.5 GB of room", "3.5 GB of room", Kind.REWORDED),
        ("### 30 Tage Rückgabe", "### 14 Tage Rückgabe", Kind.REWORDED),
        ("- 10 EUR a month\n- 20 EUR a year", "- 12 EUR a month\n- 20 EUR a year", Kind.REWORDED),
        ("- 1 Monat\n- 2 Monate\n- 3 Monate", "- 1 Monat\n- 2 Monate\n- 6 Monate", Kind.REWORDED),
        ("Was | Bis\n--|--\nA | 25. Mai 2018", "Was | Bis\n--|--\nA | 26. Mai 2018", Kind.REWORDED),
        ("### 1 Scope\n\n### 2 Fees", "### 1 Scope\n\n### 3 Fees\n\n### 2 Terms", Kind.RENUMBERED),
        ("### 2. Fees", "### 3. Fees", Kind.RENUMBERED),
        ("3.1 Fees are due.", "4.1 Fees are due.", Kind.RENUMBERED),
        ("(a) Fees are due.", "(b) Fees are due.", Kind.RENUMBERED),
        ("I agree to that.", "V agree to that.", Kind.REWORDED),
    ],
)
def test_a_quantity_at_the_beginning_is_no_number_of_a_clause(old: str, new: str, kind: Kind) -> None:
    [block] = [block for block in compare_markdown(old, new).blocks if block.kinds and Kind.ADDED not in block.kinds]
    assert block.kinds == (kind,)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Article 6 GDPR", "Article 9 GDPR"),
        ("Section 230 of the Act", "Section 231 of the Act"),
        ("§ 276 BGB", "§ 280 BGB"),
        ("parts 3 times", "parts 4 times"),
        ("on schedule 5 days", "on schedule 9 days"),
        ("clause 1 survives", "clause 3 survives"),
    ],
)
def test_a_reference_to_what_kept_its_number_is_a_change_of_words(old: str, new: str) -> None:
    text = "## 1. Scope\n\nWe say: {} here.\n\n## 2. Fees\n\nThe fees.\n\n## 3. Law\n\nThe law.\n"
    redline = compare_markdown(text.format(old), text.format(new))
    assert redline.counts.renumbered == 0
    assert [block.kinds for block in redline.blocks if block.kinds] == [(Kind.REWORDED,)]


@pytest.mark.parametrize(
    "said",
    [
        "{2.2→3.2} Refunds follow section {2.1→3.1} and section {3.1→4.1}.",
        "More is said in clauses {2, 3 and 4→3, 4 and 5}.",
        "More is said in Annex A, in section 1 and in section {4→5}.",
    ],
)
def test_references_follow_the_clauses_that_count_on(said: str) -> None:
    marks = re.compile(r"\{(.*?)→(.*?)\}")
    text = (
        "## 1. Scope\n\nWhat it is about.\n\n{}## {}. Fees\n\n{}.1 All fees.\n\n{}\n\n"
        "## {}. Terms\n\n{}.1 The terms.\n\n## {}. Law\n\nThe law.\n"
    )
    old = text.format("", 2, 2, marks.sub(r"\1", said), 3, 3, 4)
    new = text.format("## 2. Words\n\nWhat they mean.\n\n", 3, 3, marks.sub(r"\2", said), 4, 4, 5)
    marked = marks.sub(r'<del class="renumbered">\1</del><ins class="renumbered">\2</ins>', said)
    assert f"<p>{marked}</p>" in html(compare_markdown(old, new))


@pytest.mark.parametrize(("old", "new"), [("’", "'"), (",", ";"), ("; the", ". The"), ("so<br>that", "that<br>so")])
def test_signs_and_lines_that_change_throughout_are_no_term(old: str, new: str) -> None:
    texts = (
        "\n\n".join(f"We {word}{change} you {word} so." for word in ("ask", "tell", "show")) for change in (old, new)
    )
    assert compare_markdown(*texts).terms == ()


def test_numbers_that_only_count_on_reword_nothing() -> None:
    old, new, _ = CASES["a numbered heading is inserted"]
    kinds = {section.new_title: section.kinds for section in compare_markdown(old, new).sections}
    assert kinds == {
        "1. Scope": (),
        "2. Words": (Kind.ADDED,),
        "3. Fees": (Kind.RENUMBERED,),
        "4. Terms": (Kind.RENUMBERED,),
    }
