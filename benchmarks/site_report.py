"""The costs of sites as text: a table, ratios beside their goals, the machine; and the page that holds them all.

Takes rows; gives Markdown. A goal without a figure (no yardstick was run) is left out.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version as installed
from math import log
from pathlib import Path

from running import Cost

HUGO, PLAIN, ALONE = "Hugo", "plain MkDocs", "MkDocs and its theme, one page"
COLD, CACHED, SAME = "ours, cold", "ours, sections cached", "ours, nothing changed"
ADDED, THEME = "ours, one version added", "ours, theme changed"
REDLINES = "ours, with redline pages, cold"
WHOLE, WHOLE_SAME = "ours, the whole site, cold", "ours, the whole site, nothing changed"
HISTORIES = "import and build, cold"

PAGE = """\
# What a site costs

[← the manual](../README.md)

`benchmarks/site.py --write docs/reference/performance.md` wrote this page.

**What is measured.** An archive of made-up policies, seeded: texts of about 33 KB in 22 sections, 50 versions of each
policy, one to three sections changed a version. Plain MkDocs and Hugo get each version's text as a Markdown file:
MkDocs with the same theme, search off, and only an index in its navigation; Hugo with the frame of our own pages as its
layout. In the rows beside them we make the pages of the versions and what lists them, as they do. *The whole site* has
besides a redline of each version, the history of each section, and the means to compare any two versions; *with redline
pages* has only the first of these. CPU is user
and system time of all processes together; memory is the peak of all processes. *Sections cached*: what was rendered is
kept, and the site's folder is gone. *Nothing changed*: both are there. *MkDocs and its theme, one page* is what any
site of this kind costs before it says anything. What is compared with Hugo ran {rounds} times in turn with it, up to
3,000 pages, each time in new folders; shown is the median. How a set of 2,693 policies and 23,274 versions fares is
measured by `benchmarks/scale.py`, and how long an editor waits for a saved edit by `benchmarks/serving.py`.

**On what.** {machine}

{goals}

{table}

{notes}
"""


@dataclass(frozen=True)
class Row:
    """One line of the table: what was run, with how many pages of text."""

    pages: int
    name: str
    cost: Cost


def page(rows: Sequence[Row], notes: Sequence[str], rounds: int) -> str:
    """The page of the manual."""
    said = "\n".join(f"- {note}" for note in [*growth(rows), *notes])
    return PAGE.format(rounds=rounds, machine=machine(), goals=goals(rows), table=table(rows), notes=said)


def table(rows: Sequence[Row]) -> str:
    """Every row."""
    hugo = {row.pages: row.cost.cpu for row in rows if row.name == HUGO}
    lines = ["| pages | what | CPU s | × Hugo | wall s | memory MB | files |", "|--:|---|--:|--:|--:|--:|--:|"]
    for row in rows:
        times = f"{row.cost.cpu / hugo[row.pages]:.2f}" if row.pages in hugo else ""
        memory = f"{row.cost.memory / 1e6:,.0f}"
        cells = [f"{row.pages:,}", row.name, f"{row.cost.cpu:.2f}", times, f"{row.cost.wall:.1f}", memory]
        lines.append(f"| {' | '.join([*cells, f'{row.cost.files:,}'])} |")
    return "\n".join(lines)


def goals(rows: Sequence[Row]) -> str:
    """Each figure that there is a goal for."""
    lines = ["| figure | pages | goal | measured |", "|---|--:|--:|--:|"]
    lines += [f"| {' | '.join(cells)} |" for cells in _goals(rows)]
    return "\n".join(lines)


def _goals(rows: Sequence[Row]) -> Iterator[tuple[str, str, str, str]]:
    for pages in sorted({row.pages for row in rows if row.name == COLD}):
        cost = {row.name: row.cost for row in rows if row.pages == pages}
        shown = f"{pages:,}"
        if plain := cost.get(PLAIN):
            yield "plain MkDocs ÷ ours, cold, CPU", shown, "≥ 6", f"{plain.cpu / cost[COLD].cpu:.1f}"
        if hugo := cost.get(HUGO):
            for name, goal in ((COLD, "≤ 1.0"), (ADDED, "≤ 0.15"), (SAME, "≤ 0.1")):
                yield f"{name} ÷ Hugo, CPU", shown, goal, f"{cost[name].cpu / hugo.cpu:.2f}"
            yield "ours, cold ÷ Hugo, memory", shown, "≤ 0.1", f"{cost[COLD].memory / hugo.memory:.2f}"
        if pages >= 20_000:
            yield "ours, cold, memory", shown, "< 200 MB", f"{cost[COLD].memory / 1e6:.0f} MB"
        more = (
            (REDLINES, "a redline page, CPU", "≤ 5 ms"),
            (WHOLE, "a redline page and all that follows from it", "–"),
        )
        for name, figure, goal in more:
            if found := cost.get(name):
                yield figure, shown, goal, f"{1000 * (found.cpu - cost[COLD].cpu) / pages:.1f} ms"
    power = _power(rows, COLD)
    if power is not None:
        yield "growth, cold: the power of the pages", "", "about 1", f"{power:.2f}"
    for row in rows:
        if row.name == HISTORIES:
            what = "real histories, every version: import and build with redlines, wall"
            yield what, f"{row.pages:,}", "< 60 s", f"{row.cost.wall:.0f} s"


def growth(rows: Sequence[Row]) -> list[str]:
    """How each kind of build grows with the pages."""
    named = {name: _power(rows, name) for name in dict.fromkeys(row.name for row in rows)}
    return [f"{name}: grows with the power {power:.2f} of the pages" for name, power in named.items() if power]


def _power(rows: Sequence[Row], name: str) -> float | None:
    costs = sorted((row.pages, row.cost.cpu) for row in rows if row.name == name)
    (few, low), (many, high) = costs[0], costs[-1]
    return log(high / low) / log(many / few) if many > few > 0 else None


def machine() -> str:
    """The machine, the day, and what was measured."""
    processor = re.search(r"model name\s*:\s*(.+)", _read("/proc/cpuinfo"))
    memory = re.search(r"MemTotal:\s*(\d+) kB", _read("/proc/meminfo"))
    facts = [
        processor[1] if processor else platform.machine(),
        f"{os.cpu_count()} cores",
        f"{int(memory[1]) / 1e6:.0f} GB of memory" if memory else "",
        f"{platform.system()}, Python {platform.python_version()}",
        *(f"{label} {installed(name)}" for label, name in (("MkDocs", "mkdocs"), ("Material", "mkdocs-material"))),
        f"Hugo {installed('hugo')}",
        f"{date.today():%Y-%m-%d}",
    ]
    return "; ".join(filter(None, facts)) + "."


def _read(path: str) -> str:
    return Path(path).read_text(errors="replace") if Path(path).is_file() else ""
