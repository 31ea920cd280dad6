"""What is about to be released: its text, what it is compared with, and what the comparison suggests.

The text is the working `text/`, or that of a folder or a git revision, for a correction that leaves the draft alone.
Takes a site's settings; gives a `Draft`, proposals for its kind of change and date, and a summary to begin with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gazette.editorial import clock
from gazette.editorial.text_folder import policy_folder
from gazette.errors import ContentError, Problem, Severity, UsageError
from gazette.policy import timeline
from gazette.policy.canonical import digest
from gazette.policy.fields import nearest
from gazette.policy.files import text_from_files
from gazette.policy.git import GitError, Repository
from gazette.policy.model import Change, Policy, Text, Version
from gazette.policy.pins import Pins
from gazette.policy.reading import read_policies, shown
from gazette.policy.settings import Settings
from gazette.redline import Redline, compare
from gazette.redline.materiality import Assessment, assess

_NAMED = 12


@dataclass(frozen=True, slots=True)
class Basis:
    """What a release starts from: the version that it corrects or replaces, and where its text is, if not in `text/`.

    `source` is a folder with the files of a text, or a git revision.
    """

    onto: str = ""
    replaces: str = ""
    source: str = ""


@dataclass(frozen=True)
class Draft:
    """A text that may be released. `files` are set where it is not the working text."""

    policy: Policy
    text: Text
    before: Version | None
    redline: Redline | None = None
    assessment: Assessment | None = None
    files: Mapping[str, bytes] | None = None

    @property
    def suggested_change(self) -> Change:
        if self.before is None or self.assessment is None:
            return Change.INITIAL
        return self.assessment.suggestion

    def earliest(self, change: Change, day: date) -> date:
        """The first day from which a change of this kind, published on `day`, may apply."""
        return clock.earliest(self.policy.notice, change, day)


def read_draft(settings: Settings, policy_id: str, basis: Basis, own_words: Path | None = None) -> Draft:
    """The draft and its redline; ContentError with everything that is wrong with that policy."""
    policy = releasable(settings, policy_id)
    files = _files(policy, basis.source) if basis.source else None
    text = _text(files, basis.source) if files is not None else policy.text
    if text is None:
        place = shown(policy.folder / "text", settings.root)
        raise ContentError([Problem(place, 0, "there is no text to release", "write its sections")])
    before = _before(policy, basis)
    if before is None:
        return Draft(policy, text, None, files=files)
    if before.digest == digest(text):
        what = f"there is no draft: {basis.source or 'text/'} has the words of version '{before.label}'"
        raise UsageError(what, "change the text first")
    pins = Pins.find(settings.content, [policy])
    try:
        redline = compare(pins.text(policy, before), text)
    finally:
        if pins.repository is not None:
            pins.repository.close()
    return Draft(policy, text, before, redline, assess(redline, policy.language, own_words), files)


def releasable(settings: Settings, policy_id: str) -> Policy:
    """The policy; ContentError with everything that is wrong with it."""
    folder = policy_folder(settings.content, policy_id)
    policies, problems = read_policies(settings)
    own = f"{shown(folder, settings.root)}/"
    errors = [p for p in problems if f"{p.path}/".startswith(own) and p.severity is Severity.ERROR]
    if errors:
        raise ContentError(errors)
    return next(policy for policy in policies if policy.id == policy_id)


def prepared_summary(draft: Draft) -> str:
    """An empty summary above a comment that outlines the redline and its signs."""
    lines = [
        "",
        "",
        "<!--",
        "Say above, in plain language, what changes and whom it concerns: this is what people will read.",
    ]
    lines += ["What stands in this comment is not published.", ""]
    if draft.redline is not None and draft.before is not None:
        lines += [f"Compared with {draft.before.label}: {draft.redline.summary}"]
        changed = [section for section in draft.redline.sections if not section.is_kept and not section.away]
        lines += [f"- {section.title}: {', '.join(section.kinds)}" for section in changed[:_NAMED]]
        lines += [f"- and {len(changed) - _NAMED} more sections"] if len(changed) > _NAMED else []
    if draft.assessment is not None and draft.assessment.signals:
        lines += ["", "Signs:"]
        lines += [f"- {signal.strength}: {signal}" for signal in draft.assessment.signals[:_NAMED]]
    return "\n".join([*(line.replace("-->", "→") for line in lines), "-->", ""])


def measured_against(policy: Policy) -> Version | None:
    """What the working text is a draft against: the version that will apply last, those under embargo included."""
    return timeline.in_force(policy.versions, date.max) or timeline.newest(policy.versions)


def _before(policy: Policy, basis: Basis) -> Version | None:
    """The version that the draft's redline starts from: the one named, else the one that will apply last."""
    label = basis.onto or basis.replaces
    if not label:
        return measured_against(policy)
    version = policy.version(label)
    if version is None:
        labels = [one.label for one in policy.versions]
        remedy = nearest(label, labels) or (f"known are {', '.join(labels)}" if labels else "it has none yet")
        raise UsageError(f"'{policy.id}' has no version '{label}'", remedy)
    return version


def _files(policy: Policy, source: str) -> dict[str, bytes]:
    """The files of a text, from a folder or a revision."""
    folder = Path(source)
    if folder.is_dir():
        folder = folder / "text" if (folder / "text").is_dir() else folder
        paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    with Repository.find(policy.folder) as repository:
        place = repository.relative(policy.folder / "text")
        try:
            tree = repository.ask("rev-parse", "--verify", "--end-of-options", f"{source}:{place}").decode().strip()
        except GitError as error:
            what = f"'{source}' is neither a folder nor a revision that has {place}"
            raise UsageError(what, "name one of both with --from") from error
        return repository.read_trees([tree])[tree]


def _text(files: Mapping[str, bytes], source: str) -> Text:
    text, problems = text_from_files(files, source)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors or not text.sections:
        raise ContentError(errors or [Problem(source, 0, "there is no section", "name a folder with section files")])
    return text
