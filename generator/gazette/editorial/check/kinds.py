"""The declared kind of change against the redline: a material change must not pass for a small one.

Takes a version and the texts of its policy; gives problems. A version that says `editorial` or `minor` while its
redline has a strong sign of a material change fails, until it says `material` or says why it is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from gazette.errors import Problem, Severity
from gazette.policy import timeline
from gazette.policy.model import Change, Policy, Text, Version
from gazette.policy.settings import Settings

#: Each strong signal is a problem of its own, up to so many.
_NAMED = 5
_REMEDY = "write 'change: material', or say why not: 'not_material: \"…\"' (it is published)"


def undeclared(
    policy: Policy, version: Version, texts: Mapping[str, Text], line: int, settings: Settings
) -> Iterator[Problem]:
    """The strong signals of a new version that is declared small; weak ones of an editorial one as warnings."""
    before = timeline.predecessor(version, policy.versions)
    if version.change not in (Change.MINOR, Change.EDITORIAL) or version.not_material or before is None:
        return
    if before.label not in texts or version.label not in texts:
        return
    from gazette.redline import compare
    from gazette.redline.materiality import assess

    assessment = assess(compare(texts[before.label], texts[version.label]), policy.language, own_words(settings))
    for signal in assessment.strong[:_NAMED]:
        yield Problem(version.path, line, f"declared '{version.change}', but {signal}", _REMEDY)
    if (further := len(assessment.strong) - _NAMED) > 0:
        yield Problem(version.path, line, f"and {further} more signs of a material change", _REMEDY)
    if version.change is Change.EDITORIAL and not assessment.strong:
        for signal in assessment.weak[:_NAMED]:
            what = f"declared 'editorial', but {signal}"
            yield Problem(version.path, line, what, "look whether it is 'minor' at least", Severity.WARNING)


def own_words(settings: Settings) -> Path | None:
    """The folder with the site's own word lists: `materiality: {words: FOLDER}` in the plugin's options."""
    options = settings.options.get("materiality")
    folder = options.get("words") if isinstance(options, dict) else None
    return settings.root / str(folder) if folder else None
