"""What a reader makes of one source file: Markdown, the facts that stand apart from it, and what it noticed.

The readers (`text_file`, `markdown_file`, `html_page`) all give a `Document`; from there on the kind of file no longer
matters. Every word of the source is either in `markdown` or in `lifted`: nothing is dropped without a trace.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from gazette.errors import Problem, Severity


@dataclass(frozen=True, slots=True)
class Lifted:
    """Words of the source that are not in the text: `into` says where they went, or why they are left out."""

    line: int
    text: str
    into: str


@dataclass(frozen=True, slots=True)
class Document:
    """One source file, read.

    `ids_chosen` is whether ids of headings were written by an author (Markdown) and not by a program (HTML).
    `lines` holds, for each line of `markdown`, the line of the source that it came from (counted from 1).
    `stated` is the date that the text itself names ("Last updated …"), which is no more than a hint; `published` and
    `effective` are what the front matter says.
    """

    path: str
    markdown: str
    lines: tuple[int, ...]
    title: str = ""
    published: date | None = None
    effective: date | None = None
    stated: date | None = None
    language: str = ""
    ids_chosen: bool = True
    lifted: tuple[Lifted, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def line(self, number: int) -> int:
        """The source's line for line `number` of the Markdown, both counted from 1."""
        return self.lines[min(max(number, 1), len(self.lines)) - 1] if self.lines else 0

    def noting(self, *warnings: Problem) -> Document:
        """The same document with more warnings."""
        return replace(self, warnings=(*self.warnings, *warnings))


def warning(path: str, line: int, what: str, remedy: str = "") -> Problem:
    """Something an editor should look at; it never stops an import."""
    return Problem(path, line, what, remedy, Severity.WARNING)
