"""What a pull request changes, for the people who review it: one comment, and pages that can be printed.

Takes a site's settings and the revision to compare with; gives for each policy that changed its redline, the signs of
a material change and the records that are new, and makes of them Markdown and HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gazette.editorial.check.kinds import own_words
from gazette.editorial.check.past import Past, read_past
from gazette.errors import Problem, Severity, UsageError
from gazette.policy.canonical import digest
from gazette.policy.files import text_from_files
from gazette.policy.git import GitError, Repository
from gazette.policy.model import Policy, Text, Version
from gazette.policy.reading import read_policies
from gazette.policy.settings import Settings
from gazette.redline import Redline, compare, html, markdown, standalone_page
from gazette.redline.materiality import Assessment, assess

#: A host takes so many characters; what is around the redlines has room in what is left of 65,536.
_REDLINES = 52_000
_SHOWN = 8


@dataclass(frozen=True)
class Review:
    """What changed in one policy. `versions` are the records that are new."""

    policy: Policy
    redline: Redline
    assessment: Assessment
    versions: tuple[Version, ...]

    @property
    def page_name(self) -> str:
        return f"redline-{self.policy.id}.html"


def review(settings: Settings, base: str | None) -> tuple[Review, ...]:
    """The policies whose text or records differ from `base`, or from HEAD if there is none."""
    with Repository.find(settings.content) as repository:
        past = read_past(repository, settings.root, settings.content, base, settings.day)
        found = [_review(policy, repository, past, settings) for policy in read_policies(settings)[0]]
    return tuple(one for one in found if one is not None)


def _review(policy: Policy, repository: Repository, past: Past, settings: Settings) -> Review | None:
    before = _text_at(repository, past.revision, policy)
    now = policy.text or Text(())
    brought = tuple(version for version in policy.versions if past.brings(version))
    if not brought and before.sections and digest(before) == digest(now):
        return None
    redline = compare(before, now)
    return Review(policy, redline, assess(redline, policy.language, own_words(settings)), brought)


def _text_at(repository: Repository, revision: str, policy: Policy) -> Text:
    """A policy's text as a revision holds it; empty if it is not there."""
    if not revision:
        return Text(())
    try:
        place = f"{revision}:{repository.relative(policy.folder / 'text')}"
        tree = repository.ask("rev-parse", "--verify", "--quiet", "--end-of-options", place).decode().strip()
    except GitError:
        return Text(())
    return text_from_files(repository.read_trees([tree])[tree])[0]


def comment(reviews: Sequence[Review], problems: Sequence[Problem] = ()) -> str:
    """Everything for one comment on a pull request, Markdown."""
    if not reviews:
        return "No policy's text or versions change.\n"
    share = _REDLINES // len(reviews)
    return "\n".join([*_problems(problems), *(_one(one, share) for one in reviews)])


def page(one: Review) -> str:
    """The redline as a document of its own, to be read and printed."""
    return standalone_page(one.redline, html(one.redline), one.policy.title, _compared(one), one.policy.language)


def _one(one: Review, share: int) -> str:
    lines = [f"## {_plain(one.policy.title or one.policy.id)}", ""]
    for version in one.versions:
        lines += [_facts(version), "", *(f"> {line}" for line in version.summary.splitlines()), ""]
    if not one.versions:
        suggestion = f"It reads like a change that is **{one.assessment.suggestion}**."
        lines += [f"A draft: no version is released yet. {suggestion}", ""]
    if one.assessment.strong:
        lines += ["Signs of a material change:", ""]
        lines += [f"- {_plain(str(signal))}" for signal in one.assessment.strong[:_SHOWN]]
        further = len(one.assessment.strong) - _SHOWN
        lines += [*([f"- and {further} more"] if further > 0 else []), ""]
    return "\n".join([*lines, markdown(one.redline, limit=share)])


def _facts(version: Version) -> str:
    facts = [f"published {version.published}", f"effective {version.effective}", f"**{version.change}**"]
    facts += [f"open for comment until {version.comment_until}"] if version.comment_until else []
    facts += [f"not material: {_plain(version.not_material)}"] if version.not_material else []
    facts += [f"approved by {_plain(', '.join(version.approved_by))}"] if version.approved_by else []
    return f"Version `{version.label}`: {', '.join(facts)}"


def _problems(problems: Sequence[Problem]) -> list[str]:
    if not problems:
        return []
    lines = []
    for problem in problems[:_SHOWN]:
        mark = "warning" if problem.severity is Severity.WARNING else "**problem**"
        place = f"`{problem.path}:{problem.line}`" if problem.line else f"`{problem.path}`"
        lines.append(f"- {mark} {place}: {_plain(f'{problem.what}; {problem.remedy}')}")
    further = len(problems) - _SHOWN
    return [*lines, *([f"- and {further} more, in the log of the check"] if further > 0 else []), ""]


def _compared(one: Review) -> str:
    labels = ", ".join(version.label for version in one.versions)
    return f"What this change brings: {labels}" if labels else "What this draft changes"


def _plain(text: str) -> str:
    """Words that the host makes nothing of: no mention, no markup."""
    escaped = "".join(f"\\{c}" if c in "\\`*_{}[]<>|~" else c for c in text)
    return escaped.replace("@", "@\u200b").replace("#", "#\u200b")


def check_output(path: str) -> None:
    """UsageError for a folder that would be emptied by mistake."""
    if path in ("", ".", "/"):
        raise UsageError(f"'{path}' is no folder to write a review into", "name a new one: --output review")
