"""What is wrong between the version records of one policy: ties, labels that no version has, circles.

Pure: takes versions and the bytes of their records, for the lines; gives problems.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from gazette.errors import Problem
from gazette.policy import timeline
from gazette.policy.fields import line_of, nearest
from gazette.policy.model import Version


def version_problems(versions: Sequence[Version], records: Mapping[str, bytes]) -> list[Problem]:
    """What is wrong between the records of one policy. `records` are their bytes by path, for the lines."""
    return [*_ties(versions, records), *_references(versions, records), *_cycles(versions, records)]


def _ties(versions: Sequence[Version], records: Mapping[str, bytes]) -> Iterable[Problem]:
    """Versions of which nobody could say which one wins, as announced or as rescheduled."""
    first: dict[tuple[date, date, int], Version] = {}
    said: set[str] = set()
    for known in (date.min, date.max):
        first.clear()
        for version in versions:
            other = first.setdefault(timeline.order(version, known), version)
            if other is version or version.label in said:
                continue
            said.add(version.label)
            what = f"equals '{other.label}' in effective, published and sequence"
            line = line_of(records.get(version.path, b""), "sequence")
            yield Problem(version.path, line, what, "give the later one the next 'sequence:'")


def _references(versions: Sequence[Version], records: Mapping[str, bytes]) -> Iterable[Problem]:
    labels = {version.label: version for version in versions}
    for version in versions:
        for key, named in (("predecessor", version.predecessor), ("replaces", version.replaces)):
            if named is None:
                continue
            line = line_of(records.get(version.path, b""), key)
            if named not in labels:
                remedy = nearest(named, labels) or "write the label of a version that is there"
                yield Problem(version.path, line, f"'{key}' names '{named}', which is no version", remedy)
            elif key == "replaces" and timeline.effective(labels[named], version.published) <= version.published:
                what = f"'replaces' names '{named}', which was in force already on {version.published}"
                yield Problem(version.path, line, what, "take it out: a later version supersedes it by its dates")


def _cycles(versions: Sequence[Version], records: Mapping[str, bytes]) -> Iterable[Problem]:
    """Chains of predecessors that come back to where they began: one problem for each."""
    before = timeline.predecessors(versions)
    done: set[str] = set()
    for version in timeline.publication_order(versions):
        chain: list[str] = []
        current: Version | None = version
        while current is not None and current.label not in done and current.label not in chain:
            chain.append(current.label)
            current = before[current.label]
        if current is not None and current.label in chain:
            ring = [*chain[chain.index(current.label) :], current.label]
            key = "predecessor" if current.predecessor else "replaces"
            line = line_of(records.get(current.path, b""), key)
            what = f"the predecessors go round in a circle: {' → '.join(ring)}"
            yield Problem(current.path, line, what, "let each version name an earlier one")
        done.update(chain)
