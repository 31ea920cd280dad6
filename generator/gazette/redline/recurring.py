"""Changes that recur: numbers that only count on, and words replaced by the same other words throughout.

Takes the changes of blocks; gives them again with such runs told apart, so that a rendering can mute or count them
while every place stays marked. Which numbers only count on is said in `numbering`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import pairwise
from unicodedata import category

from gazette.redline.changes import BlockChange, Kind, Run, State, Term
from gazette.redline.inline import LINE_BREAK
from gazette.redline.numbering import Numbering

#: In how many places words must have been replaced to be folded, and how many words that may be.
OFTEN, AT_MOST = 3, 4
#: How many characters before a number tell whether it is a reference.
NEAR = 200

#: What may stand around a term.
_AROUND = "\"'“”‘’«»„‹›「」『』()"
_NUMBER = re.compile(r"[(\[]?(\d+(?:\.\d+)*|[A-Za-z]|[ivxlcIVXLC]+)[.)\]:]*")
#: What stands between the numbers of several clauses.
_BETWEEN = re.compile(r"\s*(?:[,–-]|\b(?:and|or|to|und|oder|bis|et|ou|à|e|y|o|a)\b)\s*")
_REFERENCE = re.compile(
    r"""(?:§+|第|\b(?:sections?|clauses?|articles?|paragraphs?|annex|appendix|schedule|parts?|chapters?|items?|points?
        |abschnitte?n?|ziffern?|absatz|artikel|nummer|nr\.|alinéa|annexe|chapitre|cláusulas?|seç(?:ão|ões)|artigos?
        |secci(?:ón|ones)|artículos?|apartados?|sezion[ei]|articol[oi]))
        [\s(]*(?:[\d.]+(?:,|\ and|\ to|–|\ und|\ et|\ e|\ y)\s*)*$""",
    re.IGNORECASE | re.VERBOSE,
)


def mark_recurring(blocks: Sequence[BlockChange]) -> tuple[list[BlockChange], tuple[Term, ...]]:
    """The blocks with renumbered runs and folded terms, and the terms in the order in which they first occur."""
    found = [(n, k) for n, block in enumerate(blocks) if len(block.runs) > 1 for k in _replacements(block.runs)]
    marked = {n: list(blocks[n].runs) for n in dict.fromkeys([n for n, _ in found])}
    times: Counter[tuple[str, str]] = Counter()
    numbering = cache(partial(Numbering, blocks))
    for n, k in found:
        runs = marked[n]
        if _is_renumbered(blocks[n], runs, k, numbering):
            runs[k], runs[k + 1] = replace(runs[k], renumbered=True), replace(runs[k + 1], renumbered=True)
        else:
            times[_term(runs, k)] += 1
    terms = [term for term, count in times.items() if count >= OFTEN and _is_term(term)]
    numbers = {term: number for number, term in enumerate(terms, 1)}
    for n, k in found:
        runs = marked[n]
        if not runs[k].renumbered and (number := numbers.get(_term(runs, k), 0)):
            runs[k], runs[k + 1] = replace(runs[k], term=number), replace(runs[k + 1], term=number)
    out = list(blocks)
    for n, runs in marked.items():
        if any(run.renumbered or run.term for run in runs):
            out[n] = replace(out[n], runs=tuple(runs), kinds=_kinds(out[n].kinds, runs))
    return out, tuple(Term(old, new, times[old, new]) for old, new in terms)


def _replacements(runs: Sequence[Run]) -> Iterator[int]:
    """Where a deleted run is followed by an inserted one."""
    for k, (gone, come) in enumerate(pairwise(runs)):
        if gone.state is State.DELETED and come.state is State.INSERTED and not gone.is_break and not come.is_break:
            yield k


def _term(runs: Sequence[Run], k: int) -> tuple[str, str]:
    return runs[k].text.strip(), runs[k + 1].text.strip()


def _is_term(term: tuple[str, str]) -> bool:
    """Whether both are a few words of one line, without punctuation at their ends: no term, but `; the` or `’` recurs
    as often."""
    return all(_is_name(words.strip(_AROUND)) and len(words.split()) <= AT_MOST for words in term)


def _is_name(words: str) -> bool:
    return bool(words) and LINE_BREAK not in words and all(category(sign)[0] in "LMN" for sign in (words[0], words[-1]))


def _is_renumbered(change: BlockChange, runs: Sequence[Run], k: int, numbering: Callable[[], Numbering]) -> bool:
    """Whether a replacement is of a number that only counts on: that of a clause, or in a reference to clauses."""
    (old, between), (new, now_between) = map(_numbers, _term(runs, k))
    if not old or len(old) != len(new) or between != now_between:
        return False
    if notes := _note(runs[k]):
        return notes == _note(runs[k + 1])
    before = _before(runs, k)
    if before.strip() in ("", "(", "["):
        return len(old) == 1 and numbering().counts_on(change)
    return bool(_REFERENCE.search(before, max(len(before) - NEAR, 0))) and all(map(numbering().became, old, new))


def _before(runs: Sequence[Run], k: int) -> str:
    """The new text before a run: of as many runs as it takes to have NEAR characters."""
    texts: list[str] = []
    size = 0
    for place in range(k - 1, -1, -1):
        if not runs[place].state.is_old_only:
            texts.append(runs[place].text)
            size += len(texts[-1])
        if size >= NEAR:
            break
    return "".join(texts[::-1])


def _note(run: Run) -> str:
    """The note that a run is the sign of, if it is one."""
    links = {piece.style.link if piece.style.is_of_note else "" for piece in run.pieces if piece.text.strip()}
    return links.pop() if len(links) == 1 else ""


def _numbers(text: str) -> tuple[list[str], list[str]]:
    """The numbers of clauses that a text consists of, and what is between them; none where there is anything else."""
    if alone := _NUMBER.fullmatch(text):
        return [alone[1]], []
    found = [_NUMBER.fullmatch(part) for part in _BETWEEN.split(text)]
    return [number[1] for number in found if number] if all(found) else [], _BETWEEN.findall(text)


def _kinds(kinds: tuple[Kind, ...], runs: Sequence[Run]) -> tuple[Kind, ...]:
    changed = [run for run in runs if run.state is not State.KEPT and not run.renumbered]
    if any(run.renumbered for run in runs):
        kinds = (*kinds, Kind.RENUMBERED)
    if not changed:
        kinds = tuple(kind for kind in kinds if kind is not Kind.REWORDED)
    return tuple(dict.fromkeys(kinds))
