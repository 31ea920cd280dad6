"""Signs that a change is material: each with its kind, its strength, the changed words and their place.

Takes the passages of a redline and a lexicon; gives signals. A strong signal is a reason to tell people, a weak one a
reason to look. Words that only moved are none: what counts is what the whole text gained or lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from gazette.redline.materiality.facts import figures
from gazette.redline.materiality.lexicon import Lexicon, folded
from gazette.redline.materiality.passages import Passage, Passages, SectionChange


class Strength(StrEnum):
    STRONG = "strong"
    WEAK = "weak"


class Kind(StrEnum):
    """What a signal is about; the words that a reader sees."""

    AMOUNT = "an amount"
    PERCENTAGE = "a percentage"
    PERIOD = "a period"
    AGE = "an age limit"
    RECIPIENT = "a recipient"
    COUNTRY = "a country"
    DATA = "a category of data"
    PURPOSE = "a purpose"
    RIGHT = "a right or remedy"
    CONSENT = "consent"
    NEGATION = "a negation"
    OBLIGATION = "an obligation"
    DISPUTES = "how disputes are settled"
    LIABILITY = "liability"
    FEES = "fees"
    LINK = "a link to opt out or get in touch"
    SECTION = "a section"
    PASSAGE = "a passage"


@dataclass(frozen=True, slots=True)
class Signal:
    """One sign. `before` and `after` are the changed words, one of them empty where there is nothing on that side."""

    kind: Kind
    strength: Strength
    section: str
    title: str
    before: str
    after: str

    @property
    def what(self) -> str:
        """What changed, without its place."""
        if self.before and self.after:
            return f"{self.kind} changed, '{self.before}' → '{self.after}'"
        if self.after:
            return f"{self.kind} was added, '{self.after}'"
        return f"{self.kind} was taken out, '{self.before}'"

    def __str__(self) -> str:
        return f"{self.what} in '{self.title}' (#{self.section})" if self.section else self.what


#: A passage or section of fewer words is a heading or a remark.
_LONG = 25
_SHOWN = 80
#: So many letters that two words begin with make them forms of one.
_STEM = 5
#: What a long passage is strong for, even if the text spoke of it before.
_WEIGHTY = ("recipients", "data", "purposes", "fees", "disputes", "liability")
_ALWAYS = Strength.STRONG, Strength.STRONG
_FIGURES = {"amount": Kind.AMOUNT, "percentage": Kind.PERCENTAGE, "period": Kind.PERIOD, "age": Kind.AGE}
#: (group of words, kind, strength where it is added, strength where it is gone)
_GAINED_OR_LOST = (
    ("recipients", Kind.RECIPIENT, Strength.STRONG, Strength.WEAK),
    ("data", Kind.DATA, Strength.STRONG, Strength.WEAK),
    ("purposes", Kind.PURPOSE, Strength.STRONG, Strength.WEAK),
    ("rights", Kind.RIGHT, Strength.WEAK, Strength.STRONG),
    ("consent", Kind.CONSENT, Strength.WEAK, Strength.STRONG),
    ("disputes", Kind.DISPUTES, *_ALWAYS),
    ("liability", Kind.LIABILITY, *_ALWAYS),
    ("age", Kind.AGE, *_ALWAYS),
    ("fees", Kind.FEES, Strength.WEAK, Strength.WEAK),
)
_MODALS = ("prohibitions", "may", "must", "will", "should")
_BINDING = ("prohibitions", "must")
_POSTAL = re.compile(r"\b\d{4,6}\b")
_NAME_WORD = r"[A-ZÀ-ÖØ-Þ][\w&’'-]*(?:\.\w+)*"
_NAME = re.compile(rf"\b{_NAME_WORD}(?:\s+{_NAME_WORD})*(?:\.[A-Z]\b\.?)?")
_PRIVACY = re.compile(r"privac|datenschutz|confidential", re.IGNORECASE)
_COMPANY = re.compile(r"\b(?:Inc|LLC|Ltd|GmbH|AG|S\.?A|B\.?V|Corp|Limited|SAS|SARL|S\.?L|Ltda|Oy|AB|KG|plc)\b\.?")


def find_signals(changed: Passages, words: Lexicon) -> tuple[Signal, ...]:
    """Every signal, strong ones first, otherwise in the order of the text; each (kind, words, section) once."""
    found = [*_sections(changed.sections), *_figures(changed, words), *_groups(changed, words)]
    for passage in changed.passages:
        found += [*_countries(passage, changed, words), *_names(passage, changed, words)]
        found += [*_edits(passage, words), *_links(passage, changed, words), *_length(passage, words)]
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda signal: signal.strength is Strength.WEAK))


def _sections(changes: Iterable[SectionChange]) -> Iterator[Signal]:
    for change in changes:
        strength = Strength.STRONG if _size(change.words) >= _LONG else Strength.WEAK
        shown = change.title or _short(change.words)
        yield Signal(
            Kind.SECTION, strength, change.section, change.title, *(("", shown) if change.added else (shown, ""))
        )


def _figures(changed: Passages, words: Lexicon) -> Iterator[Signal]:
    """Figures that the whole text gained or lost, in the passage where that is."""
    per_passage = [(p, figures(p.old, words), figures(p.new, words)) for p in changed.passages if not p.heading]
    net: Counter[tuple[str, str]] = Counter()
    for _, old, new in per_passage:
        net.update(new)
        net.subtract(old)
    for passage, old, new in per_passage:
        gone = sorted(figure for figure in old if old[figure] > new[figure] and net[figure] < 0)
        come = sorted(figure for figure in new if new[figure] > old[figure] and net[figure] > 0)
        for kind in dict.fromkeys(kind for kind, _ in (*gone, *come)):
            before = ", ".join(words for sort, words in gone if sort == kind)
            after = ", ".join(words for sort, words in come if sort == kind)
            yield Signal(_FIGURES[kind], Strength.STRONG, passage.section, passage.title, before, after)


def _groups(changed: Passages, words: Lexicon) -> Iterator[Signal]:
    """Words of a group that the whole text gained or lost. One that was there already elsewhere is a weak sign."""
    for group, kind, if_added, if_gone in _GAINED_OR_LOST:
        per_passage = [(p, words.found(group, p.old), words.found(group, p.new)) for p in changed.passages]
        net: Counter[str] = Counter()
        for _, old, new in per_passage:
            net.update(new)
            net.subtract(old)
        before_at_all, after_at_all = folded(changed.old_text), folded(changed.new_text)
        for passage, old, new in per_passage:
            gained = [term for term in new if new[term] > old[term] and net[term] > 0]
            lost = [term for term in old if old[term] > new[term] and net[term] < 0]
            for term in gained:
                if not _another_spelling(term, lost):
                    strength = if_added if term not in before_at_all else Strength.WEAK
                    yield _signal(kind, strength, passage, "", _as_written(term, passage.new))
            for term in lost:
                if not _another_spelling(term, gained):
                    strength = if_gone if term not in after_at_all else Strength.WEAK
                    yield _signal(kind, strength, passage, _as_written(term, passage.old), "")


def _another_spelling(term: str, others: Iterable[str]) -> bool:
    """Whether the term stands on the other side too, in another form: `cancelled` and `canceled`."""
    stem = term.replace("-", " ")[:_STEM]
    return len(stem) == _STEM and any(other.replace("-", " ").startswith(stem) for other in others)


def _countries(passage: Passage, changed: Passages, words: Lexicon) -> Iterator[Signal]:
    """Countries that the passage gained; in a postal address they say little."""
    old, new = words.found("countries", passage.old), words.found("countries", passage.new)
    known = folded(changed.old_text)
    for country in new:
        if not old[country]:
            place = folded(passage.new).find(country)
            address = _POSTAL.search(passage.new, max(0, place - 60), place + len(country) + 20)
            strength = Strength.WEAK if address or country in known else Strength.STRONG
            yield _signal(Kind.COUNTRY, strength, passage, "", _as_written(country, passage.new))


def _names(passage: Passage, changed: Passages, words: Lexicon) -> Iterator[Signal]:
    """Names that are new to the whole text, where the passage speaks of sharing: somebody more may get the data."""
    shares = words.has("sharing", passage.new) or words.has("recipients", passage.new)
    for removed, added in passage.edits:
        for name in _NAME.findall(added):
            company = bool(_COMPANY.search(name))
            plain = name.strip(" .’'-")
            if len(plain) < 3 or plain in changed.old_text or (words.language == "de" and not company):
                continue
            if _begins_a_sentence(added, name) and not company and " " not in plain:
                continue
            renamed = bool(_NAME.search(removed))
            strength = Strength.STRONG if (shares or company) and not renamed else Strength.WEAK
            yield _signal(Kind.RECIPIENT, strength, passage, "", plain)


def _edits(passage: Passage, words: Lexicon) -> Iterator[Signal]:
    """Negations and obligations within what was reworded, and duties in what came or went."""
    for removed, added in passage.edits:
        if passage.old and passage.new:
            yield from _negation(passage, removed, added, words)
        yield from _obligation(passage, removed, added, words)


def _negation(passage: Passage, removed: str, added: str, words: Lexicon) -> Iterator[Signal]:
    lost, gained = words.found("negations", removed), words.found("negations", added)
    if lost.total() == gained.total():
        return
    short = max(_size(removed), _size(added)) <= 8
    gone = lost.total() > gained.total()
    strength = Strength.STRONG if short else Strength.WEAK
    yield _signal(Kind.NEGATION, strength, passage, removed, "" if gone and not added else added)


def _obligation(passage: Passage, removed: str, added: str, words: Lexicon) -> Iterator[Signal]:
    before = {group for group in _MODALS if words.has(group, removed)}
    after = {group for group in _MODALS if words.has(group, added)}
    if before and after and before != after:
        short = max(_size(removed), _size(added)) <= 12
        yield _signal(Kind.OBLIGATION, Strength.STRONG if short else Strength.WEAK, passage, removed, added)
    elif after & set(_BINDING) and not before:
        yield _signal(Kind.OBLIGATION, Strength.STRONG, passage, "", added)
    elif before & set(_BINDING) and not after:
        yield _signal(Kind.OBLIGATION, Strength.STRONG, passage, removed, "")


def _links(passage: Passage, changed: Passages, words: Lexicon) -> Iterator[Signal]:
    """Links to opt out or get in touch; and a new name that leads to a privacy policy, which is somebody's own."""
    come = [added for removed, added in passage.edits if not removed]
    for shown, old, new in passage.links:
        known = old or shown in changed.old_text or not any(shown in added for added in come)
        if not known and _PRIVACY.search(new) and _NAME.fullmatch(shown):
            yield _signal(Kind.RECIPIENT, Strength.STRONG, passage, "", shown)
        telling = f"{shown} {old} {new}"
        if old.startswith("mailto:") or new.startswith("mailto:") or _leads_out(telling, words):
            yield _signal(Kind.LINK, Strength.WEAK, passage, old, new)


def _leads_out(text: str, words: Lexicon) -> bool:
    return words.has("opt-out links", text) or words.has("contact links", text)


def _length(passage: Passage, words: Lexicon) -> Iterator[Signal]:
    """Long passages that came or went. Without words for the language they are all that can be seen."""
    for removed, added in passage.edits:
        if max(_size(removed), _size(added)) >= _LONG and not (removed and added):
            weighty = not words.language or any(words.has(group, added) for group in _WEIGHTY)
            yield _signal(Kind.PASSAGE, Strength.STRONG if weighty else Strength.WEAK, passage, removed, added)


def _signal(kind: Kind, strength: Strength, passage: Passage, before: str, after: str) -> Signal:
    return Signal(kind, strength, passage.section, passage.title, _short(before), _short(after))


def _as_written(term: str, text: str) -> str:
    """A word that was found folded, as it stands in the text."""
    low = folded(text)
    place = low.find(term)
    return text[place : place + len(term)] if place >= 0 and len(low) == len(text) else term


def _begins_a_sentence(text: str, name: str) -> bool:
    before = text[: text.find(name)].rstrip()
    return not before or before[-1] in '.!?:;•–—("“„«'


def _size(text: str) -> int:
    """Words; half the characters of a text that is not written in words."""
    spaced = len(text.split())
    unspaced = sum("\u3040" <= character <= "\u9fff" or "\u0e00" <= character <= "\u0e7f" for character in text)
    return max(spaced, unspaced // 2)


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _SHOWN else one_line[: _SHOWN - 1].rstrip() + "…"
