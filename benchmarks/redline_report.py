"""Figures of redlines as tables in Markdown: beside the goals, engine by engine, history by history.

Takes results of single pairs; gives text. `Row` adds up results; a share of nothing is None and shown as a dash.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from redline_page import ATTRIBUTES
from yardsticks import ENGINES, OURS

#: What a redline may fail at, in the order of the columns.
ROUND_TRIP = ("words", "text", "blocks", "accepted")
OTHER_FAILURES = ("invalid", "vocabulary", "unstable", "self", "error")
#: What isn't asked of yardsticks, or of those that are told of lines only.
_NOT_OF_OTHERS = frozenset({"vocabulary", "self"})
_NOT_OF_LINES = frozenset({"text", "blocks", "accepted", "invalid"})


@dataclass(frozen=True)
class Result:
    """One engine on one pair. `ms` is CPU, texts prepared."""

    engine: str
    history: str
    pair: str
    ms: float
    figures: Counter[str]
    failures: frozenset[str]
    error: str = ""


@dataclass
class Row:
    """The results of one engine on several pairs, added up."""

    engine: str
    results: Sequence[Result]
    n: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        self.n = Counter()
        for result in self.results:
            self.n.update(result.figures)

    def fails(self, *kinds: str) -> int:
        """Pairs that fail at one of these."""
        return sum(not result.failures.isdisjoint(kinds) for result in self.results)

    @property
    def marked(self) -> int:
        return self.n["+"] + self.n["-"]

    @property
    def ratio(self) -> float | None:
        return share(self.marked, self.n["distance"])

    @property
    def runs(self) -> float | None:
        return share(1000 * self.n["runs"], self.n["size"])

    @property
    def confetti(self) -> float | None:
        return share(100 * self.n["islands"], self.n["runs"])

    @property
    def stop(self) -> float | None:
        return share(100 * self.n["stop"], self.n["runs"])

    @property
    def load(self) -> float:
        return self.marked + 0.05 * self.n["m"] + 3 * self.n["runs"] + 5 * self.n["islands"]

    def shown(self, kind: str) -> float | None:
        return share(100 * self.n[f"{kind} shown"], self.n[f"{kind} all"])

    @property
    def shown_at_all(self) -> float | None:
        return share(
            100 * sum(self.n[f"{kind} shown"] for kind in ATTRIBUTES), sum(self.n[f"{kind} all"] for kind in ATTRIBUTES)
        )

    @property
    def found(self) -> float | None:
        return share(self._sum("found "), self._sum("moves "))

    @property
    def true(self) -> float | None:
        return share(self.n["true"], self.n["marked"]) if self._sum("moves ") else None

    def _sum(self, prefix: str) -> int:
        return sum(number for key, number in self.n.items() if key.startswith(prefix))

    def ms(self, part: float) -> float | None:
        """The CPU time that this part of the pairs stays below."""
        times = sorted(result.ms for result in self.results if not result.error)
        return times[min(len(times) - 1, int(part * len(times)))] if times else None


def share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


@dataclass
class Measured:
    """One set of pairs, on all engines."""

    name: str
    pairs: int
    of: int
    rows: dict[str, Row]

    @property
    def ours(self) -> Row:
        return self.rows[OURS]

    def best_yardstick(self) -> Row | None:
        """The yardstick with the least reading load of those that keep every word."""
        rows = (row for name, row in self.rows.items() if name != OURS and not row.fails("words", "error"))
        return min(rows, key=lambda row: row.load, default=None)

    def cpu_ratio(self, row: Row, beside: str = "lxml") -> float | None:
        """CPU as a multiple of another engine's, on the pairs that both answered."""
        if beside not in self.rows:
            return None
        pairs = zip(row.results, self.rows[beside].results, strict=True)
        both = [(one.ms, other.ms) for one, other in pairs if not one.error and not other.error]
        return share(sum(one for one, _ in both), sum(other for _, other in both))

    def load_ratio(self) -> float | None:
        best = self.best_yardstick()
        return share(self.ours.load, best.load) if best else None


def report(sets: Sequence[Measured], histories: Sequence[Measured]) -> str:
    """All tables."""
    parts = [table(list(_goals(sets)))] if all(OURS in each.rows for each in sets) else []
    for each in sets:
        pairs = f"{each.pairs} pairs" + (f" of {each.of}" if each.of > each.pairs else "")
        parts += [f"### {each.name.capitalize()}: {pairs}", table(list(_kept(each))), table(list(_engines(each)))]
    if any(OURS in each.rows for each in histories):
        parts += ["### History by history", table(list(_histories(histories)))]
    return "\n\n".join(parts) + "\n"


def table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = ([cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows)
    lines = [f"| {' | '.join(cells)} |" for cells in padded]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


Figure = Callable[[Measured], float | None]

#: What no redline may fail at, under the name of its row.
_LAWS = {
    "round trip: pairs that fail": ("words", "text", "blocks", "accepted", "error"),
    "HTML not valid, or not in the vocabulary": ("invalid", "vocabulary"),
    "other bytes in another process": ("unstable",),
    "a text against itself has marks": ("self",),
}


def _goals(sets: Sequence[Measured]) -> Iterator[tuple[str, ...]]:
    """Each goal with what was reached; one that was missed says so."""
    real = [each.name for each in sets if each.name != "generated"]
    lxml = {each.name: each.rows["lxml"].runs for each in sets if each.name in real and "lxml" in each.rows}
    yield ("what", "goal", *(each.name for each in sets))
    for name, kinds in _LAWS.items():
        yield (name, "0", *(_verdict(each.ours.fails(*kinds), at_most=0, digits=0) for each in sets))
    yield _goal("words marked ÷ least possible", sets, lambda e: e.ours.ratio, {"neighbours": 1.15, "distant": 1.10})
    yield _goal("change runs per 1,000 words", sets, lambda e: e.ours.runs, lxml, "≤ lxml's")
    yield _goal("confetti per 100 runs", sets, lambda e: e.ours.confetti, dict.fromkeys(real, 2.0))
    yield _goal("… of stop words alone", sets, lambda e: e.ours.stop, dict.fromkeys(real, 0.1))
    load = "reading load ÷ best yardstick that keeps all words"
    yield _goal(load, sets, lambda e: e.load_ratio(), dict.fromkeys(real, 0.90))
    yield ("known moves found", "≥ 0.98", *(_verdict(each.ours.found, at_least=0.98, digits=3) for each in sets))
    true = (_verdict(each.ours.true, at_least=0.99, digits=3) for each in sets)
    yield ("words marked as moved that are", "≥ 0.99", *true)
    shown = (_verdict(each.ours.shown_at_all, at_least=100, digits=1) for each in sets)
    yield ("changes of attributes shown, %", "100", *shown)
    yield _goal("CPU ÷ lxml's", sets, lambda e: e.cpu_ratio(e.ours), dict.fromkeys(real, 0.25))
    yield _goal("CPU, median, ms", sets, lambda e: e.ours.ms(0.5), dict.fromkeys(real, 3.0))
    yield _goal("CPU, 95 % of pairs below, ms", sets, lambda e: e.ours.ms(0.95), dict.fromkeys(real, 30.0))


def _goal(
    name: str, sets: Sequence[Measured], figure: Figure, most: Mapping[str, float | None], goal: str = ""
) -> tuple[str, ...]:
    """A row whose figures are to stay at or below `most`, which has a number for each set that is judged."""
    goal = goal or f"≤ {', '.join(dict.fromkeys(f'{value:.2f}' for value in most.values()))}"
    return (name, goal, *(_verdict(figure(each), at_most=most.get(each.name)) for each in sets))


def _verdict(value: float | None, at_most: float | None = None, at_least: float | None = None, digits: int = 2) -> str:
    if value is None:
        return "–"
    missed = (at_most is not None and value > at_most) or (at_least is not None and value < at_least)
    shown = f"{value:.{digits}f}"
    return f"**{shown}** missed" if missed else shown


def _kept(each: Measured) -> Iterator[tuple[str, ...]]:
    """Pairs that each engine fails at, by what it fails at."""
    kinds = (*ROUND_TRIP, *OTHER_FAILURES)
    yield ("pairs that fail", *kinds)
    for name, row in each.rows.items():
        not_asked: frozenset[str] = frozenset() if name == OURS else _NOT_OF_OTHERS
        if not ENGINES[name].says_blocks:
            not_asked |= _NOT_OF_LINES
        yield (name, *("–" if kind in not_asked else str(row.fails(kind)) for kind in kinds))


def _engines(each: Measured) -> Iterator[tuple[str, ...]]:
    """How each engine reads, what it shows, and what it costs."""
    attributes = [f"{kind} %" for kind in ATTRIBUTES]
    yield ("engine", *_READING, "load", *attributes, "found", "true", *_COST)
    for name, row in each.rows.items():
        yield (
            name,
            *map(_cell, (row.ratio, row.runs, row.confetti, row.stop)),
            f"{row.load:,.0f}",
            *(_cell(row.shown(kind), 0) for kind in ATTRIBUTES),
            *(_cell(value, 3) for value in (row.found, row.true)),
            *_cost(each, row),
        )


def _histories(histories: Sequence[Measured]) -> Iterator[tuple[str, ...]]:
    yield ("history", "pairs", "fail", *_READING, "lxml's runs", "load ÷ best", *_COST)
    for each in histories:
        row, lxml = each.ours, each.rows.get("lxml")
        yield (
            each.name,
            str(each.pairs),
            str(row.fails(*ROUND_TRIP, *OTHER_FAILURES)),
            *map(_cell, (row.ratio, row.runs, row.confetti, row.stop)),
            _cell(lxml.runs if lxml else None),
            _cell(each.load_ratio()),
            *_cost(each, row),
        )


_READING = ("÷ least", "runs", "confetti", "stop")
_COST = ("ms", "p95", "CPU ÷ lxml")


def _cost(each: Measured, row: Row) -> Iterator[str]:
    yield from (_cell(row.ms(part), 1) for part in (0.5, 0.95))
    yield _cell(each.cpu_ratio(row))


def _cell(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
