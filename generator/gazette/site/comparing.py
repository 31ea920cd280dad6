"""What the page that compares any two versions reads, as JSON files: an index for a policy, the wordings of a section.

A page asks for the index, finds in it the sections that read differently in the two versions, and asks for the
wordings of these. Redlines of passages that are large lie in files of their own, one for each newer wording.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from gazette.site.chronicle import Chronicle
from gazette.site.model import History
from gazette.site.placing import Place, placed
from gazette.site.weave import ABSENT, Weave

#: Redlines of one passage with more characters than these go into files of their own.
INLINE_CHARACTERS = 24_000

INDEX = "index.json"
WORDINGS = "wordings.json"

#: The pages that show these fragments lie one folder below the policy's.
_SEEN_FROM = Place("../")


def index_json(history: History, found: Chronicle) -> bytes:
    """The versions, oldest first, and how each section read from which of them on.

    A section's `runs` are [version, state, id, title], by places; its state is -1 where it is not there. `orders` are
    [version, sections in reading order], wherever that is another than before.
    """
    by_label = {standing.label: standing for standing in history.standings}
    versions = [
        {
            "label": label,
            "published": by_label[label].published.isoformat(),
            "effective": by_label[label].effective.isoformat(),
            "until": until.isoformat() if (until := by_label[label].until) else None,
            "applied": by_label[label].applied,
        }
        for label in found.order
    ]
    sections = [
        {"id": thread.id, "runs": [[run.start, run.state, run.id, run.title] for run in weave.runs]}
        for thread, weave in zip(found.threads, found.weaves, strict=True)
    ]
    return _json(
        {
            "policy": history.id,
            "in_force": history.in_force.label if history.in_force else None,
            "announced": [standing.label for standing in history.announced],
            "versions": versions,
            "sections": sections,
            "orders": _orders(found),
        }
    )


def wordings_files(weave: Weave, redline: Callable[[str, str], str] | None = None) -> dict[str, bytes]:
    """The files of a section, by name. In `wordings.json`, `passages` are {wordings, marked}, where `marked` has the
    redline from one wording to another under `<old>-<new>`, or is null: then it is in `<passage>-<new>.json`, under
    `<old>`. The wording -1 is none."""
    files: dict[str, bytes] = {}
    passages: list[dict[str, object]] = []
    for number, wordings in enumerate(weave.passages):
        marked = {pair: placed(weave.marked(number, *pair, redline), _SEEN_FROM) for pair in weave.pairs(number)}
        is_small = sum(map(len, marked.values())) <= INLINE_CHARACTERS
        passages.append(
            {
                "wordings": [placed(wording, _SEEN_FROM) for wording in wordings],
                "marked": {f"{old}-{new}": markup for (old, new), markup in marked.items()} if is_small else None,
            }
        )
        files |= {} if is_small else dict(_large(number, marked))
    return files | {WORDINGS: _json({"states": weave.states, "passages": passages})}


def _large(number: int, marked: Mapping[tuple[int, int], str]) -> Iterator[tuple[str, bytes]]:
    for new in dict.fromkeys(new for _, new in marked):
        name = f"{number}-{'none' if new == ABSENT else new}.json"
        yield name, _json({str(old): markup for (old, other), markup in marked.items() if other == new})


def _orders(found: Chronicle) -> list[tuple[int, Sequence[int]]]:
    places = {(label, name): n for n, thread in enumerate(found.threads) for label, name in thread.present.items()}
    orders: list[tuple[int, Sequence[int]]] = []
    for n, label in enumerate(found.order):
        sections = [places[label, name] for name in found.ids[label]]
        if not orders or orders[-1][1] != sections:
            orders.append((n, sections))
    return orders


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
