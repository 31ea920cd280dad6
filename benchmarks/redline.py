#!/usr/bin/env python3
"""What redlines are worth to a reader, and what they cost: ours beside four others, in one run, in turn.

    benchmarks/redline.py ../shared/histories/*/                   every two neighbours: a quarter of an hour
    benchmarks/redline.py --max-pairs 6 ../shared/histories/*/     a sample, some minutes
    benchmarks/redline.py --only gazette --generated 10000 --max-pairs 0 ../shared/histories/*/
    benchmarks/redline.py --write docs/reference/redline.md ../shared/histories/*/

A folder is a history: its .md files, in the order of their names, are the versions of one text. Three sets of pairs are
measured: neighbours, distant (first and last, both halves, the middle half), and generated ones with known moves. Each
pair goes to every engine in turn, to two processes that order sets otherwise; the lesser of their CPU times counts,
preparing the texts left out. Exits 1 if one of our redlines fails. What the columns mean is in
docs/reference/redline.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

from redline_measure import measure
from redline_page import has_marks
from redline_pairs import Pair, distant, made, neighbours, spread
from redline_report import OTHER_FAILURES, ROUND_TRIP, Measured, Result, Row, report
from rich.console import Console
from rich.progress import track
from yardsticks import ENGINES, OURS, Worker

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
_LIBRARIES = ("lxml", "htmldiff2", "redlines", "fast-diff-match-patch", "rapidfuzz")


class Bench:
    """The engines, each in two processes."""

    def __init__(self, engines: Sequence[str], limit: float) -> None:
        self.workers = {name: [Worker(name, seed, limit) for seed in ("1", "2")] for name in engines}
        self.itself = cache(self._itself)

    def results(self, pair: Pair) -> dict[str, Result]:
        """Every engine on one pair."""
        return {name: self._result(name, pair) for name in self.workers}

    def _result(self, name: str, pair: Pair) -> Result:
        for worker in self.workers[name]:
            worker.ask(pair.old, pair.new)
        first, second = (worker.answer() for worker in self.workers[name])
        if first.error:
            return Result(name, pair.history, pair.name, 0.0, Counter(), frozenset({"error"}), first.error)
        figures, failures = measure(pair.old, pair.new, pair.moves, first.html)
        if first.html != second.html:
            failures.add("unstable")
        if name != OURS:
            failures.discard("vocabulary")
        elif self.itself(pair.new):
            failures.add("self")
        ms = min(answer.ms for answer in (first, second) if not answer.error)
        return Result(name, pair.history, pair.name, ms, figures, frozenset(failures))

    def _itself(self, text: str) -> bool:
        """Whether we find a text changed against itself."""
        worker = self.workers[OURS][0]
        worker.ask(text, text)
        answer = worker.answer()
        return bool(answer.error) or has_marks(answer.html)

    def close(self) -> None:
        for workers in self.workers.values():
            for worker in workers:
                worker.close()


def main() -> int:
    options = arguments()
    folders = [path for path in options.histories if path.is_dir()]
    most = options.max_pairs
    near, far = [neighbours(folder) for folder in folders], [distant(folder) for folder in folders]
    sets = {
        "neighbours": [pair for found in near for pair in spread(found, most)],
        "distant": [pair for found in far for pair in spread(found, most)],
        "generated": list(made(folders, options.generated)),
    }
    of = {"neighbours": sum(map(len, near)), "distant": sum(map(len, far))}
    if not any(sets.values()):
        print(f"{options.histories[0]}: no two versions to compare; name folders of .md files", file=sys.stderr)
        return 2
    bench = Bench([name for name in ENGINES if name in (options.only or ENGINES)], options.limit)
    found = {name: run(bench, name, pairs) for name, pairs in sets.items() if pairs}
    bench.close()
    measured = [gather(name, results, of.get(name, len(results))) for name, results in found.items()]
    text = f"{circumstances()}\n\n{report(measured, by_history(found))}"
    print(text)
    failing = [result for results in found.values() for one in results for result in one.values() if fails(result)]
    for result in failing:
        kinds = ", ".join(sorted(result.failures))
        print(f"{result.engine}: {result.history} {result.pair}: {kinds} {result.error}".rstrip())
    if options.write:
        write(options.write, text)
    return 1 if any(result.engine == OURS for result in failing) else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("histories", nargs="+", type=Path, metavar="FOLDER")
    most = "at most so many of each history and set, evenly spread (all)"
    parser.add_argument("--max-pairs", type=int, default=sys.maxsize, metavar="N", help=most)
    parser.add_argument("--generated", type=int, default=40, metavar="N", help="pairs with known moves (40)")
    parser.add_argument("--only", action="append", choices=list(ENGINES), metavar="NAME", help="only this engine")
    parser.add_argument("--limit", type=float, default=180.0, metavar="SECONDS", help="the wait for one redline")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables between the marks in this page")
    return parser.parse_args()


def run(bench: Bench, name: str, pairs: Sequence[Pair]) -> list[dict[str, Result]]:
    """Every engine on every pair, pair by pair."""
    console = Console(stderr=True)
    return [bench.results(pair) for pair in track(pairs, name, console=console, disable=not console.is_terminal)]


def gather(name: str, results: Sequence[dict[str, Result]], of: int) -> Measured:
    engines = list(results[0])
    rows = {engine: Row(engine, [one[engine] for one in results]) for engine in engines}
    return Measured(name, len(results), of, rows)


def by_history(found: dict[str, list[dict[str, Result]]]) -> list[Measured]:
    """The real pairs of each history together."""
    groups: dict[str, list[dict[str, Result]]] = {}
    for name in ("neighbours", "distant"):
        for one in found.get(name, []):
            groups.setdefault(next(iter(one.values())).history, []).append(one)
    return [gather(history, results, len(results)) for history, results in groups.items()]


def fails(result: Result) -> bool:
    """Whether to name it: each failure of ours, and others' that don't answer."""
    return bool(result.failures.intersection((*ROUND_TRIP, *OTHER_FAILURES) if result.engine == OURS else {"error"}))


def circumstances() -> str:
    """When and on what this was measured."""
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    day = datetime.now(UTC).date()
    return (
        f"Measured on {day} on {_processor()}, {os.cpu_count()} cores that other work shared; {platform.system()}, "
        f"Python {platform.python_version()}, {libraries}."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def write(page: Path, text: str) -> None:
    """Put the figures between the marks of a page, at once or not at all."""
    before, begin, rest = page.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        sys.exit(f"{page}: has no place for the figures; put {BEGIN} and {END} where they go")
    temporary = page.with_suffix(".tmp")
    temporary.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")
    temporary.replace(page)


if __name__ == "__main__":
    sys.exit(main())
