"""Wording that would apply before its day: a version that contains what is only announced for later.

While a version is announced, the working text holds its wording. A correction that is released from it would put the
announced words into force early; and one that was made without them, but says nothing of its predecessor, would show
a redline from a text that was never in force. Takes versions and their texts; gives problems.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from gazette.errors import Problem
from gazette.policy import timeline
from gazette.policy.canonical import canonical_section
from gazette.policy.model import Policy, Text, Version


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


def _contained(policy: Policy, version: Version, other: Version, texts: Mapping[str, Text]) -> str:
    """The sections in which `version` has words that `other` brought."""
    before = timeline.predecessor(other, policy.versions)
    if version.label not in texts or other.label not in texts:
        return ""
    old = {canonical_section(s) for s in texts[before.label].sections} if before and before.label in texts else set()
    brought = {canonical_section(section) for section in texts[other.label].sections} - old
    found = [section.id for section in texts[version.label].sections if canonical_section(section) in brought]
    return ", ".join(found)
