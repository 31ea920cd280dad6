"""A block as phrases: what the renderings for people who read plain text have in common.

Takes a `BlockChange`; gives its text in stretches of one state, ready to be put between marks: spaces stand outside of
the marks, images are words in brackets, long kept stretches are cut to their ends, and an attribute that changed for
the whole block is said once for the block.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from gazette.redline.blocks import Block, BlockKind, Container
from gazette.redline.changes import AttributeChange, BlockChange, Kind, Piece, Redline, Run, State
from gazette.redline.inline import LINE_BREAK
from gazette.redline.tokens import SIGNS, tokenise, word_count

#: Of a kept stretch with more words than LONG, so many are shown at each end that touches a change.
LONG, SHOWN = 60, 25
#: Text that moved away is shown in full where it is now.
LONG_AWAY, SHOWN_AWAY = 16, 6

_ALT, _SOURCE = re.compile(r'\balt="([^"]*)"'), re.compile(r'\bsrc="([^"]*)"')
_SIGN = re.compile(f"[{SIGNS}]")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_EMPHASIS = {
    "strong": "bold",
    "em": "italic",
    "code": "code",
    "sub": "subscript",
    "sup": "superscript",
    "u": "underlined",
    "s": "struck",
    "del": "struck out",
    "ins": "inserted",
}
#: Emphasis without which words would say something else.
_SAYING = ("del", "ins", "s")
_FORMS = {
    "ul": "bullets",
    "ol": "numbers",
    "dd": "definition",
    "blockquote": "quote",
    **{f"h{level}": f"heading {level}" for level in range(1, 7)},
}
#: What an attribute that changed is called.
NAMES = {Kind.RELINKED: "link", Kind.REFORMATTED: "format", Kind.REINDENTED: "level", Kind.RENUMBERED: "number"}


@dataclass(frozen=True, slots=True)
class Bit:
    """Text of one emphasis. `left_out` counts the words of a stretch that is not shown; then there is no text."""

    text: str
    emphasis: tuple[str, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of one state. `lead` and `trail` are the spaces around it, which belong outside of marks."""

    state: State
    bits: tuple[Bit, ...]
    move: int = 0
    attributes: tuple[AttributeChange, ...] = ()
    is_break: bool = False
    lead: str = ""
    trail: str = ""

    @property
    def text(self) -> str:
        return "".join(bit.text for bit in self.bits)


def phrases(change: BlockChange, shorten: bool = True) -> tuple[Phrase, ...]:
    """The phrases of a block; with `shorten`, long stretches that say nothing new lose their middle."""
    whole = set(block_attributes(change))
    verbatim = change.block.kind is BlockKind.CODE
    images = _images(change)
    groups = groupby(change.runs, key=lambda run: _sort(run, whole))
    made = [_phrase(list(runs), whole, verbatim, images) for _, runs in groups]
    if shorten:
        made = [_shortened(phrase, n > 0, n + 1 < len(made)) for n, phrase in enumerate(made)]
    return tuple(_spaced(made))


def block_attributes(change: BlockChange) -> tuple[AttributeChange, ...]:
    """The attributes that changed for all that stayed of a block."""
    stayed = [run for run in change.runs if run.state in (State.KEPT, State.MOVED_HERE) and run.text.strip()]
    return tuple(a for a in stayed[0].attributes if all(a in run.attributes for run in stayed)) if stayed else ()


def note(attribute: AttributeChange) -> str:
    """A change of attribute in words: `link: /a → /b`."""
    return f"{NAMES[attribute.kind]}: {in_words(attribute.was)} → {in_words(attribute.now)}"


def in_words(value: str) -> str:
    """What an attribute was or is, as a reader says it: `ul ol` is `bullets › numbers`, `part sup` is `in part
    superscript`; links stay as they are."""
    parts = value.split()
    names = parts[1:] if parts[:1] == ["part"] else parts
    if not parts:
        return "none"
    if names and all(name in _EMPHASIS for name in names):
        return "in part " * (names is not parts) + " and ".join(_EMPHASIS[name] for name in names)
    return " › ".join(_FORMS[part] for part in parts) if all(part in _FORMS for part in parts) else value


def tagged(bit: Bit) -> str:
    """The text of a bit; what its author struck or inserted stands between the tags that say so, as it was written."""
    for name in _SAYING:
        if name in bit.emphasis and bit.text.strip():
            return f"<{name}>{bit.text}</{name}>"
    return bit.text


def depth(block: Block) -> int:
    """How many lists, quotes and definitions the block stands in."""
    return len(block.nesting)


def bullet(block: Block, begun: set[Container], was: int = 0) -> str:
    """What stands before the first block of a list item (`•`, `4.`, `3→4.`), else nothing; `begun` remembers them."""
    item = next((container for container in reversed(block.path) if container.tag == "li"), None)
    if item is None or item in begun:
        return ""
    begun.add(item)
    if not block.number:
        return "•"
    return f"{was}→{block.number}." if was and was != block.number else f"{block.number}."


def old_number(change: BlockChange) -> int:
    """The number that an item of a numbered list had, if it has another now; else 0."""
    was = [a.was for a in block_attributes(change) if a.kind is Kind.RENUMBERED]
    return int(was[0]) if was and was[0].isdecimal() else 0


def places_of_moves(redline: Redline) -> dict[int, tuple[str, str]]:
    """For each move, the titles of the sections that it leads from and to."""
    away: dict[int, str] = {}
    here: dict[int, str] = {}
    for section in redline.sections:
        for change in section.blocks:
            for run in change.runs:
                if run.move:
                    (away if run.state is State.MOVED_AWAY else here).setdefault(run.move, section.title)
    return {move: (away.get(move, ""), here.get(move, "")) for move in sorted(away.keys() | here.keys())}


def place_of_move(change: BlockChange, places: dict[int, tuple[str, str]]) -> str:
    """Where a block that moved went or came from (`→1 from “Cookies”`), if that is another section."""
    came, went = places.get(change.move, ("", "")) if change.move else ("", "")
    if came == went:
        return ""
    is_away = any(run.state is State.MOVED_AWAY for run in change.runs)
    return f"{change.move}→ to “{clipped(went)}”" if is_away else f"→{change.move} from “{clipped(came)}”"


def clipped(words: str, most: int = 12) -> str:
    """The first words of a text."""
    spans = tokenise(words)
    return words if len(spans) <= most else words[: spans[most - 1][1]] + " …"


def _sort(run: Run, whole: set[AttributeChange]) -> tuple[object, ...]:
    """Runs of the same sort are one phrase; each break is one of its own."""
    return run.state, run.move, _own(run, whole), id(run) if run.is_break else 0


def _own(run: Run, whole: set[AttributeChange]) -> tuple[AttributeChange, ...]:
    return tuple(a for a in run.attributes if a not in whole)


def _phrase(runs: Sequence[Run], whole: set[AttributeChange], verbatim: bool, images: Mapping[str, str]) -> Phrase:
    bits = tuple(_bit(piece, verbatim, images) for run in runs for piece in run.pieces)
    merged = [
        Bit("".join(bit.text for bit in same), emphasis) for emphasis, same in groupby(bits, lambda b: b.emphasis)
    ]
    return Phrase(runs[0].state, tuple(merged), runs[0].move, _own(runs[0], whole), runs[0].is_break)


def _images(change: BlockChange) -> dict[str, str]:
    """The images of a block in words, by their HTML. Those of one name are told apart by where they come from."""
    atoms = dict.fromkeys(piece.style.atom for run in change.runs for piece in run.pieces if piece.style.atom)
    names = {atom: _given(_ALT, atom) for atom in atoms}
    times = Counter(names.values())
    said = {atom: (name, _given(_SOURCE, atom) if times[name] > 1 else "") for atom, name in names.items()}
    told = {atom: ", ".join(filter(None, parts)) for atom, parts in said.items()}
    return {atom: f"[image: {words}]" if words else "[image]" for atom, words in told.items()}


def _given(attribute: re.Pattern[str], atom: str) -> str:
    found = attribute.search(atom)
    return html.unescape(found[1]).strip() if found else ""


def _bit(piece: Piece, verbatim: bool, images: Mapping[str, str]) -> Bit:
    if piece.style.atom:
        return Bit(images[piece.style.atom], piece.style.emphasis)
    text = piece.text if verbatim else _SPACES.sub(" ", piece.text)
    return Bit(text.replace(LINE_BREAK, "\n"), piece.style.emphasis)


def _shortened(phrase: Phrase, after: bool, before: bool) -> Phrase:
    """Without the middle, where it is long; an end with no change beyond it (`after`, `before`) is left out too."""
    if phrase.state is State.KEPT and not phrase.attributes:
        most, shown = LONG, SHOWN
    elif phrase.state is State.MOVED_AWAY:
        most, shown, after, before = LONG_AWAY, SHOWN_AWAY, True, True
    else:
        return phrase
    spans = [(n, span) for n, bit in enumerate(phrase.bits) for span in _words(bit.text)]
    head, tail = shown * after, shown * before
    if len(spans) <= most or head + tail == 0:
        return phrase
    counts = [word_count(phrase.bits[n].text[start:end]) for n, (start, end) in spans]
    left_out = sum(counts[head : len(counts) - tail])
    if sum(counts) <= most:
        return phrase
    first, last = spans[head - 1] if head else (0, (0, 0)), spans[len(spans) - tail] if tail else None
    bits = [*phrase.bits[: first[0]], _cut(phrase.bits[first[0]], 0, first[1][1])]
    bits.append(Bit("", left_out=left_out))
    if last is not None:
        bits += [_cut(phrase.bits[last[0]], last[1][0], None), *phrase.bits[last[0] + 1 :]]
    return replace(phrase, bits=tuple(bit for bit in bits if bit.text or bit.left_out))


def _words(text: str) -> list[tuple[int, int]]:
    """Where words begin and end, with the signs that stand against them; scripts without spaces are cut by signs."""
    spans: list[tuple[int, int]] = []
    for start, end in tokenise(text):
        if spans and spans[-1][1] == start and not _SIGN.match(text[start - 1 : start] or text[start]):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _cut(bit: Bit, start: int, end: int | None) -> Bit:
    return Bit(bit.text[start:end], bit.emphasis)


def _spaced(made: Iterable[Phrase]) -> Iterator[Phrase]:
    """The phrases with outer spaces set apart; a change of nothing but a space that nobody sees is left out."""
    space_before = True
    for phrase in made:
        if phrase.is_break or (phrase.state is State.KEPT and not phrase.attributes):
            yield phrase
            space_before = phrase.text[-1:].isspace() or phrase.is_break
            continue
        text = phrase.text
        left_out = any(bit.left_out for bit in phrase.bits)
        if not text.strip() and not left_out:
            if not space_before:
                yield phrase
                space_before = True
            continue
        lead = "" if space_before or not text[:1].isspace() else " "
        trail = " " if text[-1:].isspace() else ""
        yield replace(phrase, bits=_trimmed(phrase.bits), lead=lead, trail=trail)
        space_before = bool(trail)


def _trimmed(bits: tuple[Bit, ...]) -> tuple[Bit, ...]:
    """Without the spaces at both ends."""
    kept = list(bits)
    while kept and not kept[0].left_out and not kept[0].text.strip():
        kept.pop(0)
    while kept and not kept[-1].left_out and not kept[-1].text.strip():
        kept.pop()
    if kept:
        kept[0] = replace(kept[0], text=kept[0].text.lstrip())
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
    return tuple(kept)
