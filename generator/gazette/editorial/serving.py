"""What is shown while an editor writes: a site of what can be read, and what is wrong with the rest.

Takes a site's settings; gives the policies that a site can be made of and every problem. A record or a `policy.yml`
that cannot be read stands as it was when it last could; where it never could, it is left out. For `mkdocs serve` alone:
a site that is published is made of content without errors, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from gazette.errors import Problem, Severity
from gazette.policy.between import version_problems
from gazette.policy.keeping import Remembered
from gazette.policy.model import Policy, Version
from gazette.policy.pins import Pins
from gazette.policy.reading import POLICY_FILE, read_policies, shown
from gazette.policy.settings import Settings
from gazette.policy.slugs import RESERVED_POLICY_IDS


class Served:
    """The policies of a site through the builds of one `mkdocs serve`."""

    def __init__(self) -> None:
        self._last: dict[str, Policy] = {}

    def read(
        self, settings: Settings, pins: Pins, kept: Remembered | None = None
    ) -> tuple[tuple[Policy, ...], tuple[Problem, ...]]:
        """What can be shown now, and everything that is wrong."""
        policies, problems = read_policies(settings, kept)
        found = {policy.id: policy for policy in policies if policy.id not in RESERVED_POLICY_IDS}
        for policy in self._last.values():
            if (policy.folder / POLICY_FILE).is_file():
                found.setdefault(policy.id, policy)
        faulty = {problem.path for problem in problems if problem.severity is Severity.ERROR}
        standing = {}
        for _, policy in sorted(found.items()):
            mended = self._mended(policy, faulty, settings)
            if mended.title and mended.language:
                problems = (*problems, *self._pin_problems(mended, pins))
                versions = _without_loose_ends(self._with_texts(mended, pins))
                standing[policy.id] = replace(mended, versions=versions)
        self._last = standing
        return tuple(standing.values()), problems

    def _mended(self, policy: Policy, faulty: Set[str], settings: Settings) -> Policy:
        """The policy with what was last read instead of what cannot be read now."""
        last = self._last.get(policy.id)
        if last is not None and shown(policy.folder / POLICY_FILE, settings.root) in faulty:
            policy = replace(last, text=policy.text, versions=policy.versions)
        before = [version for version in last.versions if version.path in faulty] if last is not None else []
        versions = [*(version for version in policy.versions if version.path not in faulty), *before]
        return replace(policy, versions=tuple(sorted(versions, key=_place)))

    def _is_known(self, policy: Policy) -> bool:
        """Whether these are the versions of the last build: what was there then is not asked for again."""
        last = self._last.get(policy.id)
        return last is not None and last.versions == policy.versions

    def _pin_problems(self, policy: Policy, pins: Pins) -> Iterable[Problem]:
        return () if self._is_known(policy) else pins.problems(policy)

    def _with_texts(self, policy: Policy, pins: Pins) -> tuple[Version, ...]:
        """The versions whose texts are there; one whose record leads astray is as it was at the last build."""
        if self._is_known(policy):
            return policy.versions
        last = self._last.get(policy.id)
        before = {version.path: version for version in last.versions} if last is not None else {}
        good = (v if not pins.version_problems(policy, v) else before.get(v.path) for v in policy.versions)
        return tuple(sorted(filter(None, good), key=_place))


def _place(version: Version) -> tuple[object, ...]:
    return version.effective, version.published, version.sequence, version.label


def _without_loose_ends(versions: Sequence[Version]) -> tuple[Version, ...]:
    """The versions that stand well among each other: none names one that had to be left out."""
    while wrong := {problem.path for problem in version_problems(versions, {})}:
        versions = [version for version in versions if version.path not in wrong]
    return tuple(versions)
