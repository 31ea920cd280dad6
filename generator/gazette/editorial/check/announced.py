"""What can go wrong while a version is announced: wording that would apply early, and corrections that would be lost.

While a version is announced, the working text holds its wording. A correction that is released from it would put the
announced words into force early; one that was made without them, but says nothing of its predecessor, would show a
redline from a text that was never in force; and one that the announced version lacks is undone on the day that it
applies. Takes versions and their texts; gives problems.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from gazette.errors import Problem
from gazette.policy import timeline
from gazette.policy.canonical import canonical_section
from gazette.policy.model import Policy, Section, Text, Version


def early_wording(
    policy: Policy, version: Version, texts: Mapping[str, Text], day: date, line: int
) -> Iterator[Problem]:
    """Problems of `version` with the versions that are announced, on its day, for later than it takes effect."""
    applies = timeline.effective(version, day)
    known = max(day, version.published)
    for other in timeline.announced(policy.versions, known):
        later = timeline.effective(other, known)
        published_before = timeline.publication_order((other, version))[0] is other
        if other is version or later <= applies or not published_before or version.replaces == other.label:
            continue
        if words := _contained(policy, version, other, texts):
            announced = f"'{other.label}', announced for {later}"
            what = f"it applies from {applies}, but contains the wording of {announced} ({words})"
            remedy = f"release it with --onto the version in force, or with --replaces {other.label}"
            yield Problem(version.path, line, what, remedy)
        elif timeline.predecessor(version, policy.versions) is other:
            others = [one for one in policy.versions if one is not version]
            current = timeline.in_force(others, version.published)
            what = f"it applies from {applies}, before '{other.label}' ({later}), but would be compared with it"
            named = current.label if current else "the version in force"
            yield Problem(version.path, line, what, f"write 'predecessor: {named}'")


def lost_corrections(policy: Policy, texts: Mapping[str, Text], day: date) -> Iterator[tuple[Version, str, str]]:
    """(the correction, what is wrong, what to do) for each that an announced version would undo."""
    before = timeline.predecessors(policy.versions)
    for other in timeline.announced(policy.versions, day):
        later = timeline.effective(other, day)
        line = _line(other, before)
        for version in timeline.visible(policy.versions, day):
            old = before[version.label]
            is_gone = timeline.cancelled(version, policy.versions, day) is not None
            if old is None or is_gone or version in line or timeline.effective(version, day) > later:
                continue
            read = [texts[one.label] for one in (old, version, other) if one.label in texts]
            if len(read) == 3 and (words := _undone(*read)):
                when = f"when '{other.label}' applies, on {later}"
                what = f"its correction is lost {when}: that has the old words ({words})"
                yield version, what, f"correct text/ too, and release it with --replaces {other.label}"


def _line(version: Version, before: Mapping[str, Version | None]) -> list[Version]:
    """A version and those that it builds upon."""
    line: list[Version] = []
    current: Version | None = version
    while current is not None and current not in line:
        line.append(current)
        current = before[current.label]
    return line


def _undone(old: Text, corrected: Text, announced: Text) -> str:
    """The sections that were corrected, and in which the announced text has not what the correction brought."""
    was, will = ({section.id: _passages(section) for section in text.sections} for text in (old, announced))
    found = []
    for section in corrected.sections:
        now = _passages(section)
        gone, come = was.get(section.id, now) - now, now - was.get(section.id, now)
        there = will.get(section.id)
        if there is not None and (gone & there or (not gone and come - there)):
            found.append(section.id)
    return ", ".join(found)


def _passages(section: Section) -> frozenset[str]:
    return frozenset([section.title, *section.body.split("\n\n")])


def _contained(policy: Policy, version: Version, other: Version, texts: Mapping[str, Text]) -> str:
    """The sections in which `version` has words that `other` brought."""
    before = timeline.predecessor(other, policy.versions)
    if version.label not in texts or other.label not in texts:
        return ""
    old = {canonical_section(s) for s in texts[before.label].sections} if before and before.label in texts else set()
    brought = {canonical_section(section) for section in texts[other.label].sections} - old
    found = [section.id for section in texts[version.label].sections if canonical_section(section) in brought]
    return ", ".join(found)
