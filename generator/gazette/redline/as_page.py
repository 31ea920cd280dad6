"""A redline as one HTML file that stands alone: to open, to send to counsel, to print.

Takes a redline's fragment and what is to be said above it; gives a whole document with its style sheet inside, light or
dark as the reader prefers. Nothing in it is fetched from anywhere, and no script runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources

from gazette.redline.changes import Kind, Redline, SectionChange, State
from gazette.redline.inline import escape
from gazette.redline.phrases import in_words
from gazette.redline.summary import facts, name_of, outline

#: Languages that are written from right to left.
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_ID = re.compile(r' id="([^"]*)"')
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:"
_LEGEND = {
    State.INSERTED: "<ins>added</ins>",
    State.DELETED: "<del>removed</del>",
    State.MOVED_AWAY: '<del class="moved" data-move="1">moved from here</del>',
    State.MOVED_HERE: '<ins class="moved" data-move="1">moved to here</ins>',
}
_OTHERS = {
    Kind.RELINKED: '<span class="relinked" data-was="/another/page">same words, other link</span>',
    Kind.REFORMATTED: '<span class="reformatted" data-was="strong">same words, other form</span>',
    Kind.REINDENTED: '<span class="reindented" data-was="h2">same words, other level</span>',
    Kind.RENUMBERED: '<span class="renumbered" data-was="4">same words, other number</span>',
}
_COUNTED_ON = '<del class="renumbered">4</del><ins class="renumbered">5</ins> a number that only counts on'


def standalone_page(redline: Redline, fragment: str, title: str, compared: str = "", language: str = "en") -> str:
    """A document around `fragment`, headed by `title`, which texts are `compared`, the summary and an outline."""
    direction = "rtl" if language.split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}{': ' * bool(compared)}{escape(compared)}</title>\n"
        f"<style>\n{style_sheet()}{_in_words(redline)}</style>\n"
        f"</head>\n<body>\n{_head(redline, fragment, title, compared)}<main>\n{fragment.strip()}\n</main>\n"
        "</body>\n</html>\n"
    )


def style_sheet() -> str:
    """How a redline looks, in the vocabulary of its HTML."""
    return (resources.files("gazette.redline") / "redline.css").read_text("utf-8")


def _head(redline: Redline, fragment: str, title: str, compared: str) -> str:
    anchors = set(_ID.findall(fragment))
    lines = [f"<h1>{escape(title)}</h1>"]
    lines += [f"<p>{escape(compared)}</p>"] if compared else []
    lines.append(f"<p><strong>{escape(redline.summary)}</strong></p>")
    lines += [f"<p>“{escape(t.old)}” → “{escape(t.new)}”, {t.times} times</p>" for t in redline.terms]
    items = "".join(f"<li>{_entry(section, anchors)}</li>\n" for section in outline(redline))
    lines += [f'<ul class="redline-outline">\n{items}</ul>'] if items else []
    marks = " ".join(f"<span>{mark}</span>" for mark in _legend(redline))
    lines += [f'<p class="redline-legend">{marks}</p>'] if marks else []
    inner = "\n".join(lines)
    return f'<header class="redline-page-head" lang="en" dir="ltr">\n{inner}\n</header>\n'


def _legend(redline: Redline) -> Iterator[str]:
    """The marks that occur, each on the words that explain it."""
    runs = [run for change in redline.blocks for run in change.runs]
    states = {run.state for run in runs if not run.renumbered}
    yield from (mark for state, mark in _LEGEND.items() if state in states)
    kinds = {attribute.kind for run in runs for attribute in run.attributes}
    yield from (mark for kind, mark in _OTHERS.items() if kind in kinds)
    yield from [_COUNTED_ON] if any(run.renumbered for run in runs) else []


def _in_words(redline: Redline) -> str:
    """Rules by which a form or a level is read in words: `bold`, where the vocabulary has `strong`."""
    changes = {change for block in redline.blocks for run in block.runs for change in run.attributes}
    values = {change.was for change in changes if change.kind in (Kind.REFORMATTED, Kind.REINDENTED)}
    said = {value: in_words(value) for value in sorted({"strong", "h2", *values} - {""})}
    rules = (
        f'span:not(.relinked)[data-was="{value}"] {{ --was: "{words}"; }}\n'
        for value, words in said.items()
        if words != value
    )
    return "".join(rules)


def _entry(section: SectionChange, anchors: set[str]) -> str:
    name, said = escape(name_of(section)), escape("; ".join(facts(section)))
    link = f'<a href="#{escape(section.id)}">{name}</a>' if section.id in anchors else name
    return f"{link}: {said}"
