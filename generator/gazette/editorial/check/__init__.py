"""`gazette check`: everything that must not be merged, found offline.

Takes a site's settings; gives problems. The files of this folder each look at one thing: `past` at what was published,
`dates` at the clock and the calendar, `announced` at wording that would apply early, `kinds` at whether the declared
kind of change is true to the redline, `summaries` at what people will read. What is wrong inside files is found by
`policy.reading`, what is wrong with pins by `policy.verification`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from gazette.editorial.check import dates
from gazette.editorial.check.announced import early_wording, lost_corrections
from gazette.editorial.check.kinds import undeclared
from gazette.editorial.check.past import Past, changes_to_the_past, read_past
from gazette.editorial.check.summaries import says_nothing
from gazette.editorial.text_folder import policy_folder
from gazette.errors import Problem, Severity, UsageError
from gazette.policy import timeline, verification
from gazette.policy.canonical import digest
from gazette.policy.fields import line_of
from gazette.policy.git import Repository
from gazette.policy.model import Policy, Text, Version
from gazette.policy.pins import Pins
from gazette.policy.reading import read_policies
from gazette.policy.settings import Settings


def check(settings: Settings, only: str | None = None, base: str | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong with a site, or one policy of it; with `base`, what has come since that revision."""
    if only is not None:
        policy_folder(settings.content, only)
    repository = _repository(settings.content)
    try:
        return _found(settings, repository, only, base)
    finally:
        if repository is not None:
            repository.close()


def _found(
    settings: Settings, repository: Repository | None, only: str | None, base: str | None
) -> tuple[Problem, ...]:
    policies, content_problems = read_policies(settings)
    past = read_past(repository, settings.root, settings.content, base, settings.day)
    pins = Pins(repository, policies)
    found = list(verification.verify(pins, policies))
    for policy in policies:
        found.extend(_policy_problems(policy, pins, past, settings))
    prefix = _prefix(settings, only)
    present = {version.path: version for policy in policies for version in policy.versions}
    found.extend(changes_to_the_past(past, present, settings.root, prefix))
    if base and past.revision and repository is not None:
        changed = _changed_files(repository, past.revision, settings)
        known = _known_before(repository, past.revision, settings)
        content_problems = tuple(p for p in content_problems if _concerns(p, changed) or (p.path, p.what) not in known)
        found = [problem for problem in found if _concerns(problem, changed)]
    everything = (with_remedy(problem) for problem in (*content_problems, *found) if problem.path.startswith(prefix))
    return tuple(sorted(set(everything), key=lambda p: (p.path, p.line, p.severity, p.what)))


def settings_problems(policy: Policy, settings: Settings) -> tuple[Problem, ...]:
    """What is wrong with how a policy is published. Quick: neither its versions nor their pins are looked at."""
    clock = dates.notice_settings(policy, settings.root)
    return *clock, *dates.overdue_reviews(policy, settings.day, settings.root)


def from_top(settings: Settings) -> Callable[[str], str]:
    """How a problem's path reads from the top of the repository."""
    repository = _repository(settings.content)
    top = "." if repository is None else repository.relative(settings.root)
    return lambda path: path if top == "." else f"{top}/{path}"


def _policy_problems(policy: Policy, pins: Pins, past: Past, settings: Settings) -> Iterator[Problem]:
    """What concerns one policy as a whole and its versions one by one."""
    day, root = settings.day, settings.root
    yield from dates.notice_settings(policy, root)
    yield from dates.overdue_reviews(policy, day, root)
    texts = {v.label: pinned.text for v in policy.versions if (pinned := pins.pinned(policy, v)) is not None}
    for version in policy.versions:
        data = (root / version.path).read_bytes()
        yield from dates.version_dates(policy, version, data, past, day)
        if past.brings(version) or _is_not_yet_in_force(version, settings.day):
            yield from _new_version(policy, version, data, texts, settings)
    for version, what, remedy in lost_corrections(policy, texts, day):
        line = line_of((root / version.path).read_bytes(), "effective")
        yield Problem(version.path, line, what, remedy, Severity.WARNING)
    yield from _pins_of_a_branch(policy, pins, past, root)


def _is_not_yet_in_force(version: Version, day: date) -> bool:
    """Whether it can still be mended: of today, or announced for a later day."""
    return version.withdrawn is None and max(version.published, timeline.effective(version, day)) >= day


def release_problems(
    policy: Policy, version: Version, data: bytes, texts: Mapping[str, Text], settings: Settings
) -> tuple[Problem, ...]:
    """What would be wrong with a version that is about to be written. `policy` and `texts` hold it already."""
    found = [
        *dates.version_dates(policy, version, data, Past(), settings.day),
        *_new_version(policy, version, data, texts, settings),
    ]
    for other, what, remedy in lost_corrections(policy, texts, settings.day):
        if other.label == version.label:
            found.append(Problem(version.path, line_of(data, "effective"), what, remedy, Severity.WARNING))
    return tuple(sorted(found, key=lambda p: (p.severity, p.line, p.what)))


def _new_version(
    policy: Policy, version: Version, data: bytes, texts: Mapping[str, Text], settings: Settings
) -> Iterator[Problem]:
    """What is asked of a version that was not there before, or does not apply yet."""
    if not version.imported and says_nothing(version.summary):
        line = data.count(b"\n", 0, data.find(b"\n---") + 1) + 2
        what = "the summary says nothing" if version.summary else "there is no summary"
        yield Problem(version.path, line, what, "say in plain language what changed and whom it concerns")
    yield from early_wording(policy, version, texts, settings.day, line_of(data, "effective"))
    if not version.imported:
        yield from undeclared(policy, version, texts, line_of(data, "change"), settings)


def _pins_of_a_branch(policy: Policy, pins: Pins, past: Past, root: Path) -> Iterator[Problem]:
    """Versions whose text lies only in a commit of this branch, which a squash merge throws away."""
    if not past.revision:
        return
    working = digest(policy.text) if policy.text is not None else ""
    for version in verification.lost_by_squash(pins, policy, past.revision):
        pinned = pins.pinned(policy, version)
        if past.brings(version) and pinned is not None and not pinned.archived and version.digest != working:
            what = f"the text of '{version.label}' is in an earlier commit of this branch: a squash merge would lose it"
            remedy = "merge with a merge commit or by rebase, or run 'gazette verify --repair' to keep it in archive/"
            line = line_of((root / version.path).read_bytes(), "text")
            yield Problem(version.path, line, what, remedy, Severity.WARNING)


def _repository(content: Path) -> Repository | None:
    try:
        return Repository.find(content)
    except UsageError:
        return None


def _prefix(settings: Settings, only: str | None) -> str:
    """What the paths of the problems that are asked for begin with."""
    if only is None:
        return ""
    folder = settings.content / only
    return f"{folder.relative_to(settings.root).as_posix()}/"


def _changed_files(repository: Repository, revision: str, settings: Settings) -> frozenset[str]:
    """The files under the content folder that differ from a revision, as the user types them."""
    limit = f":(top,literal){repository.relative(settings.content)}"
    differing = repository.ask("diff", "--name-only", "--no-renames", "-z", revision, "--", limit)
    untracked = repository.ask("ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", limit)
    top = repository.relative(settings.root)
    names = (name.decode("utf-8", "surrogateescape") for name in (differing + untracked).split(b"\0") if name)
    return frozenset(name if top == "." else name.removeprefix(f"{top}/") for name in names)


def _concerns(problem: Problem, changed: Iterable[str]) -> bool:
    """Whether a problem is in a changed file, or in a folder that holds one."""
    return any(name == problem.path or name.startswith(f"{problem.path}/") for name in changed)


def _known_before(repository: Repository, revision: str, settings: Settings) -> frozenset[tuple[str, str]]:
    """The problems inside files that a revision had already, as (path, what)."""
    content = settings.content.relative_to(settings.root)
    listing = repository.ask(
        "ls-tree", "-r", "-z", "--full-tree", revision, "--", repository.relative(settings.content)
    )
    with tempfile.TemporaryDirectory(prefix="gazette-") as temporary:
        root = Path(temporary)
        (root / content).mkdir(parents=True, exist_ok=True)
        blobs: dict[str, str] = {}
        for line in filter(None, listing.split(b"\0")):
            facts, _, name = line.partition(b"\t")
            blobs[name.decode("utf-8", "surrogateescape")] = facts.split()[2].decode()
        data = repository.read_blobs(blobs.values())
        top = repository.relative(settings.root)
        for path, blob in blobs.items():
            target = root / (path if top == "." else path.removeprefix(f"{top}/"))
            if blob in data:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data[blob])
        before = read_policies(replace(settings, root=root, content=root / content))[1]
    return frozenset((problem.path, problem.what) for problem in before)


def with_remedy(problem: Problem) -> Problem:
    """A record that was written by hand needs no hex digits from its author."""
    if problem.what in ("the key 'text' is missing", "the key 'digest' is missing"):
        return replace(problem, remedy="run 'gazette release --complete', or let the workflow do it")
    return problem
