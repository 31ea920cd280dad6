"""The engines that are measured: ours, and four that others use, each as HTML from two prepared texts.

An engine prepares a Markdown text once (that is not part of its time) and compares two prepared texts. Engines of HTML
get what Python-Markdown makes of the text; engines of plain text get its blocks, a line each, and what they answer is
written as one paragraph a line. A `Worker` runs an engine in a process of its own.
"""

from __future__ import annotations

import gc
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from redline_page import WORD, document, render

from gazette import redline

OURS = "gazette"

#: A piece of plain text and what became of it: `=` kept, `+` inserted, `-` deleted.
Part = tuple[str, str]

_TOKEN = re.compile(rf"{WORD.pattern}|\n|[^\S\n]+|[^\w\s]")
_TAG_OR_LINE = re.compile(r"(</?(?:ins|del)>|\n+)")
_LINK_NOTE = re.compile(r"\s*\bLink: [^\s<]+")
#: Where letters begin that stand for tokens: two planes that are for private use.
_FIRST, _LAST = 0xF0000, 0x10FFFD
_ELEMENT = {"+": "ins", "-": "del"}


@dataclass(frozen=True)
class Engine:
    """An engine: `says_blocks` is false of one that is told of lines only, so that blocks aren't asked of it."""

    name: str
    prepare: Callable[[str], Any]
    compare: Callable[[Any, Any], str]
    says_blocks: bool = True


def plain_lines(markdown: str) -> str:
    return "\n".join(block.text for block in document(markdown).blocks)


def by_gazette(old: redline.PreparedText, new: redline.PreparedText) -> str:
    return redline.html(redline.compare(old, new))


def by_lxml(old: str, new: str) -> str:
    """lxml.html.diff; the addresses that it writes beside links are notes of its own and taken out again."""
    from lxml.html.diff import htmldiff

    return _LINK_NOTE.sub("", htmldiff(old, new))


def by_htmldiff2(old: str, new: str) -> str:
    from htmldiff2 import render_html_diff  # type: ignore[import-untyped]  # comes without types

    return str(render_html_diff(old, new))


def by_redlines(old: str, new: str) -> str:
    """redlines, in its Markdown with `<ins>` and `<del>`."""
    from redlines import Redlines

    answer = Redlines(escape(old, quote=False), escape(new, quote=False), markdown_style="none").output_markdown
    return _paragraphs(_tagged(answer))


def by_diff_match_patch(old: str, new: str) -> str:
    """diff-match-patch (its C++ form) over words: each distinct token is one letter to it."""
    from fast_diff_match_patch import diff  # type: ignore[import-not-found]  # a module in C++

    letters: dict[str, str] = {}

    def lettered(text: str) -> str:
        return "".join([letters.setdefault(t, chr(_FIRST + len(letters))) for t in _TOKEN.findall(text)])

    before, after = lettered(old), lettered(new)
    if _FIRST + len(letters) > _LAST:
        raise ValueError("more distinct words than there are letters for private use")
    tokens = list(letters)
    found = diff(before, after, timelimit=0, checklines=False, cleanup="Semantic", counts_only=False)
    parts = ((state, "".join([tokens[ord(letter) - _FIRST] for letter in text])) for state, text in found)
    return _paragraphs((state, escape(text, quote=False)) for state, text in parts)


def _tagged(answer: str) -> Iterator[Part]:
    """The parts of a text in which `<ins>` and `<del>` are the only tags."""
    state = "="
    for piece in _TAG_OR_LINE.split(answer):
        if piece.startswith("</"):
            state = "="
        elif piece in ("<ins>", "<del>"):
            state = "+" if piece == "<ins>" else "-"
        elif piece:
            yield state, re.sub(r"\n+", "\n", piece)


def _paragraphs(parts: Iterable[Part]) -> str:
    """A paragraph for each line, whatever became of the line's end; the text is escaped already."""
    out = ["<p>"]
    for state, text in parts:
        for place, line in enumerate(text.split("\n")):
            if place:
                out.append("</p>\n<p>")
            if line:
                element = _ELEMENT.get(state)
                out.append(f"<{element}>{line}</{element}>" if element else line)
    return "".join([*out, "</p>"])


ENGINES = {
    engine.name: engine
    for engine in (
        Engine(OURS, redline.prepare, by_gazette),
        Engine("lxml", render, by_lxml),
        Engine("htmldiff2", render, by_htmldiff2),
        Engine("redlines", plain_lines, by_redlines, says_blocks=False),
        Engine("diff-match-patch", plain_lines, by_diff_match_patch, says_blocks=False),
    )
}


@dataclass(frozen=True)
class Answer:
    """What an engine made of two texts, or why it made nothing; CPU milliseconds once the texts are prepared."""

    html: str = ""
    error: str = ""
    ms: float = 0.0


class Worker:
    """An engine in a process of its own, with its own order of sets; another takes its place if it hangs or dies."""

    def __init__(self, engine: str, hash_seed: str, limit: float) -> None:
        self.engine, self.hash_seed, self.limit = engine, hash_seed, limit
        self._start()

    def _start(self) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        os.environ["PYTHONHASHSEED"] = self.hash_seed  # read when the process starts
        self.process = context.Process(target=_serve, args=(self.engine, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.ask("One.\n", "Two.\n")  # so that imports aren't timed
        self.answer()

    def ask(self, old: str, new: str) -> None:
        """Begin to compare; `answer` waits for what comes of it."""
        with suppress(OSError):
            self.pipe.send((old, new))

    def answer(self) -> Answer:
        with suppress(EOFError, OSError):
            if self.pipe.poll(self.limit):
                answer: Answer = self.pipe.recv()
                return answer
        self.close()
        self._start()
        return Answer(error=f"no answer in {self.limit:g} s")

    def close(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _serve(name: str, pipe: Connection) -> None:
    engine = ENGINES[name]
    prepare = lru_cache(maxsize=8)(engine.prepare)
    with suppress(EOFError, OSError):  # until nobody listens any more
        while True:
            old, new = pipe.recv()
            pipe.send(_answer(engine, prepare, old, new))


def _answer(engine: Engine, prepare: Callable[[str], Any], old: str, new: str) -> Answer:
    try:
        before, after = prepare(old), prepare(new)
        gc.collect()
        start = time.process_time()
        html = engine.compare(before, after)
        return Answer(html, ms=1000 * (time.process_time() - start))
    except Exception as error:  # however an engine fails is one of the figures
        return Answer(error=f"{type(error).__name__}: {error}"[:120])
