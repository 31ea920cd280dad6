"""How often the signs of a material change are right: precision and recall on labelled pairs of real versions.

    python benchmarks/materiality.py [--misses] [HISTORIES]

`materiality_labels.tsv` names pairs of versions by history and file, each labelled by hand as material, minor or
editorial (typos, white space, links, markup). A pair is taken for material where its redline has a strong signal. The
texts are not part of this project: HISTORIES is the folder that holds them, `../shared/histories` by default.

The word lists were made while looking at those pairs. `materiality_held_out.tsv` has pairs that were labelled later,
from their differences alone, without looking at their signs: an estimate for texts that nobody has seen. No list is to
be changed because of them, or they are held out no more.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gazette.policy.model import Change
from gazette.redline import compare, prepare
from gazette.redline.materiality import Assessment, assess

ROOT = Path(__file__).parents[1]
LABELS = Path(__file__).with_name("materiality_labels.tsv")
HELD_OUT = Path(__file__).with_name("materiality_held_out.tsv")
HISTORIES = ROOT.parent / "shared" / "histories"
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


@dataclass(frozen=True)
class Pair:
    """Two consecutive versions and what a person said of them."""

    history: str
    old: str
    new: str
    label: Change
    reason: str
    language: str


@dataclass(frozen=True)
class Judged:
    """A pair and what the signals say."""

    pair: Pair
    assessment: Assessment

    @property
    def flagged(self) -> bool:
        return bool(self.assessment.strong)


@dataclass(frozen=True)
class Figures:
    """What the run comes to. `editorial_flagged` is the share of pairs without a change of meaning with a signal."""

    pairs: int
    precision: float
    recall: float
    editorial_flagged: float
    counts: Counter[tuple[str, bool]]


def read_pairs(histories: Path, labels: Path = LABELS) -> Iterator[Pair]:
    """The labelled pairs whose history is there."""
    with labels.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            meta = histories / row["history"] / "meta.json"
            if meta.is_file():
                language = str(json.loads(meta.read_text("utf-8"))["language"])
                label = Change(row["label"])
                yield Pair(row["history"], row["old"], row["new"], label, row["reason"], language)


def judge(pair: Pair, histories: Path) -> Judged:
    old, new = (_text(histories / pair.history / name) for name in (pair.old, pair.new))
    return Judged(pair, assess(compare(prepare(old), prepare(new)), pair.language))


def figures(judged: list[Judged]) -> Figures:
    counts = Counter((one.pair.label.value, one.flagged) for one in judged)
    true = counts["material", True]
    flagged = sum(number for (_, strong), number in counts.items() if strong)
    editorial = counts["editorial", True] + counts["editorial", False]
    return Figures(
        len(judged),
        true / flagged if flagged else 1.0,
        true / (true + counts["material", False]) if true + counts["material", False] else 1.0,
        counts["editorial", True] / editorial if editorial else 0.0,
        counts,
    )


def report(judged: list[Judged]) -> str:
    """A table of labels against signals, and the figures."""
    found = figures(judged)
    lines = ["label      strong signal   none"]
    lines += [
        f"{label:<10} {found.counts[label, True]:>13} {found.counts[label, False]:>6}"
        for label in ("material", "minor", "editorial")
    ]
    suggested = sum(one.assessment.suggestion is one.pair.label for one in judged)
    lines += [
        "",
        f"pairs {found.pairs}, in {len({one.pair.history for one in judged})} histories and "
        f"{len({one.pair.language for one in judged})} languages",
        f"precision {found.precision:.2f}   recall {found.recall:.2f}",
        f"typos, white space, links and markup with a strong signal: {found.editorial_flagged:.1%}",
        f"the suggested kind of change is the label: {suggested / len(judged):.0%}",
    ]
    return "\n".join(lines)


def misses(judged: list[Judged]) -> Iterator[str]:
    """Each pair on which person and signals differ, with the first signals."""
    for one in judged:
        if one.flagged != (one.pair.label is Change.MATERIAL):
            pair = one.pair
            yield f"{pair.history} {pair.old} {pair.label}: {pair.reason}"
            yield from (f"    {signal.strength}: {signal}" for signal in one.assessment.signals[:4])


def _text(path: Path) -> str:
    """A version's words; what front matter says is not shown to readers."""
    text = path.read_bytes().decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")
    return _FRONT_MATTER.sub("", text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("histories", nargs="?", type=Path, default=HISTORIES)
    parser.add_argument("--misses", action="store_true", help="also list the pairs on which person and signals differ")
    options = parser.parse_args()
    for title, labels in (("known: the word lists were made with these", LABELS), ("held out", HELD_OUT)):
        judged = [judge(pair, options.histories) for pair in read_pairs(options.histories, labels)]
        if not judged:
            sys.exit(f"{options.histories} holds none of the labelled histories")
        print(title, end="\n\n")
        if options.misses:
            print("\n".join(misses(judged)), end="\n\n")
        print(report(judged), end="\n\n")


if __name__ == "__main__":
    main()
