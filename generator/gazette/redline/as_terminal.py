"""A redline for a terminal: readable without colour, unchanged stretches folded, as wide as the terminal.

Takes the tree; gives text, with escape sequences for colour only if asked. Marks are `[-removed-]`, `{+added+}`,
`[1→ moved away]`, `{→1 moved here}` and `[~same words~ link: old → new]`; a legend says which of them occur.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from typing import TYPE_CHECKING

from gazette.redline.blocks import BlockKind, Container
from gazette.redline.changes import BlockChange, Kind, Redline, SectionChange, State
from gazette.redline.folding import Fold, Line, folded_lines, folded_sections, lines_of, own_heading, row_of
from gazette.redline.phrases import (
    Phrase,
    block_attributes,
    bullet,
    depth,
    note,
    old_number,
    phrases,
    place_of_move,
    places_of_moves,
    tagged,
)
from gazette.redline.summary import facts, name_of

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

WIDTH = 80
NARROWEST = 20

_STYLES = {
    State.INSERTED: "green underline",
    State.DELETED: "red strike",
    State.MOVED_HERE: "cyan underline",
    State.MOVED_AWAY: "cyan strike",
}
_EMPHASIS = {"strong": "bold", "em": "italic"}
_ATTRIBUTE, _QUIET, _TITLE = "yellow", "dim", "bold"
_LEGEND = {
    State.DELETED: "[-removed-]",
    State.INSERTED: "{+added+}",
    State.MOVED_AWAY: "[1→ moved away]",
    State.MOVED_HERE: "{→1 moved here}",
}


def terminal(redline: Redline, width: int = WIDTH, colour: bool = False, title: str = "", full: bool = False) -> str:
    """The redline as text, at most `width` columns wide (NARROWEST at least), ending in a line end.

    `title` is a first line, such as which versions are compared; `full` folds nothing.
    """
    return _Terminal(redline, max(width, NARROWEST), colour, full).show(title)


class _Terminal:
    """Writes one redline."""

    def __init__(self, redline: Redline, width: int, colour: bool, full: bool) -> None:
        from rich.console import Console

        self.redline, self.width, self.colour, self.full = redline, width, colour, full
        self.out = StringIO()
        self.console: Console = Console(
            file=self.out,
            width=width,
            force_terminal=colour,
            color_system="standard" if colour else None,
            no_color=not colour,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
        )
        self.moves = places_of_moves(redline)
        self.begun: set[Container] = set()

    def show(self, title: str) -> str:
        if title:
            self._say(title, _TITLE)
        self._say(self.redline.summary)
        for term in self.redline.terms:
            self._say(f"“{term.old}” → “{term.new}”, {term.times} times")
        if self.redline.is_empty and not self.full:
            return self.out.getvalue()
        self._legend()
        for part in folded_sections(self.redline) if not self.full else self.redline.sections:
            self._say()
            if isinstance(part, Fold):
                self._say(f"⋯ {part.label}", _QUIET)
            else:
                self._section(part)
        return self.out.getvalue()

    def _legend(self) -> None:
        """The marks that occur, none of them parted by the end of a line."""
        runs = [run for change in self.redline.blocks for run in change.runs]
        states = {run.state for run in runs}
        marks = [mark for state, mark in _LEGEND.items() if state in states]
        marks += ["[~other link or form~ old → new]"] if any(run.attributes for run in runs) else []
        line = "Marks:"
        for mark in marks:
            if len(line) + 2 + len(mark) > self.width:
                self._say(line, _QUIET)
                line = "      "
            line += f"  {mark}"
        self._say(line, _QUIET)

    def _section(self, section: SectionChange) -> None:
        own, rest = own_heading(section)
        heading = self._text(own) if own else self._plain(name_of(section))
        heading.stylize(_TITLE)
        heading.append("".join(f" · {part}" for part in facts(section)), style=_QUIET)
        self._wrapped(heading, "## ")
        last: Line | Fold = ()
        for part in folded_lines(rest) if not self.full else lines_of(rest):
            if not (_is_tight(last) and _is_tight(part)):
                self._say()
            last = part
            if isinstance(part, Fold):
                self._say(f"   ⋯ {part.label}", _QUIET)
            else:
                self._line(part)

    def _line(self, line: Line) -> None:
        """A block with its bullet, or the cells of a row side by side."""
        first = line[0]
        indent = "   " + "  " * max(depth(first.block) - 1, 0)
        if row_of(first.block):
            cells = [self._text(change) for change in line]
            self._wrapped(self._joined(cells), indent + "│ ")
            return
        lead = {BlockKind.HEADING: "#" * first.block.level + " ", BlockKind.QUOTE: "> ", BlockKind.RULE: "———"}
        dot = bullet(first.block, self.begun, old_number(first))
        prefix = f"{dot} " if dot else lead.get(first.block.kind, "  " if depth(first.block) else "")
        text = self._text(first)
        if place := place_of_move(first, self.moves):
            self._wrapped(self._plain(place, _QUIET), indent)
        self._wrapped(text, indent + prefix)

    def _text(self, change: BlockChange) -> Text:
        text = self._plain("")
        for phrase in phrases(change, shorten=not self.full):
            _append(text, phrase)
        if said := [note(a) for a in block_attributes(change) if a.kind is not Kind.RENUMBERED]:
            text.append(f" [~ {'; '.join(said)}]", style=_ATTRIBUTE)
        return text

    def _joined(self, cells: Iterable[Text]) -> Text:
        return self._plain(" │ ").join(cells)

    def _plain(self, words: str, style: str = "") -> Text:
        from rich.text import Text

        return Text(words, style=style, end="")

    def _say(self, words: str = "", style: str = "") -> None:
        self._wrapped(self._plain(words, style), "")

    def _wrapped(self, text: Text, prefix: str) -> None:
        """Text behind a prefix, further lines indented as far. Deep nesting never takes more than half the width."""
        prefix = prefix if len(prefix) <= self.width // 2 else prefix[-(self.width // 2) :]
        lines = text.wrap(self.console, self.width - len(prefix)) if text else [text]
        for number, line in enumerate(lines):
            line.rstrip()
            lead = prefix if number == 0 else " " * len(prefix)
            whole = self._plain(lead if line else lead.rstrip(), _QUIET)
            whole.append_text(line)
            if self.colour and whole:
                self.console.print(whole, soft_wrap=True, crop=False, overflow="ignore")
            else:  # what needs no escape sequences is out three times as fast
                self.out.write(f"{whole.plain}\n")


def _is_tight(part: Line | Fold) -> bool:
    """Whether no blank line stands between this and the next one of its like: items and rows."""
    return (
        bool(part)
        and not isinstance(part, Fold)
        and (part[0].block.kind is BlockKind.ITEM or row_of(part[0].block) is not None)
    )


def _append(text: Text, phrase: Phrase) -> None:
    """A phrase between its marks."""
    opening, closing = _marks(phrase)
    style = _STYLES.get(phrase.state, _ATTRIBUTE if phrase.attributes else "")
    text.append(phrase.lead)
    text.append(opening, style=style)
    for bit in phrase.bits:
        emphasis = " ".join(_EMPHASIS[name] for name in bit.emphasis if name in _EMPHASIS)
        text.append(tagged(bit), style=f"{style} {emphasis}".strip())
        if bit.left_out:
            text.append(f" [… {bit.left_out:,} words …] ", style=_QUIET)
    text.append(closing, style=style)
    text.append(phrase.trail)


def _marks(phrase: Phrase) -> tuple[str, str]:
    sign = "¶" if phrase.is_break else ""
    match phrase.state:
        case State.INSERTED:
            return "{+" + sign, "+}"
        case State.DELETED:
            return "[-" + sign, "-]"
        case State.MOVED_HERE:
            opening, closing = f"{{→{phrase.move} ", "}"
        case State.MOVED_AWAY:
            return f"[{phrase.move}→ ", "]"
        case _:
            opening, closing = "", ""
    if phrase.attributes:
        return f"{opening}[~", f"~ {'; '.join(map(note, phrase.attributes))}]{closing}"
    return opening, closing
