"""What a build reads of a site: its settings, its policies as they are published, the texts that their versions pin."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from gazette.errors import ContentError, Problem, Severity
from gazette.plugin.telling import log
from gazette.policy.git import Repository
from gazette.policy.keeping import Remembered
from gazette.policy.model import Policy
from gazette.policy.pins import Pins
from gazette.policy.reading import read_policies
from gazette.policy.rendering import Renderer, with_defaults
from gazette.policy.settings import Settings, make_settings
from gazette.site import ahead


def settings_of(options: Mapping[str, Any], config: MkDocsConfig) -> Settings:
    root = Path(config.config_file_path).parent if config.config_file_path else Path.cwd()
    given = {**options, "content": options["content"] or config.docs_dir}
    return make_settings(root.resolve(), given, config.site_name, config.site_url or "")


def means_of(settings: Settings, renderer: Renderer, config: MkDocsConfig) -> ahead.Means:
    extensions = [name for name in with_defaults(config.markdown_extensions) if isinstance(name, str)]
    return ahead.Means(settings.content, extensions, config.mdx_configs, renderer.fingerprint)


def read_published(
    settings: Settings, repository: Repository | None, kept: Remembered | None
) -> tuple[tuple[Policy, ...], tuple[Problem, ...]]:
    """The policies, and the warnings about them; a ContentError where one cannot be published."""
    policies, problems = read_policies(settings, kept)
    if errors := [problem for problem in problems if problem.severity is Severity.ERROR]:
        raise ContentError(errors)
    say(problems)
    _require_pins(policies, repository)
    return policies, problems


def say(problems: Iterable[Problem]) -> None:
    """Put problems into the log, each at its level."""
    for problem in problems:
        log.log(logging.ERROR if problem.severity is Severity.ERROR else logging.WARNING, str(problem))


def new_pins(repository: Repository | None, verified: set[tuple[str, str]] | None = None) -> Pins:
    """Pins that have read nothing yet, while nothing is kept of what others read but which digests are `verified`."""
    if repository is not None:
        repository.forget()
    return Pins(repository, verified=verified)


def _require_pins(policies: Sequence[Policy], repository: Repository | None) -> None:
    """Every pin leads to a text, which is cheap to ask; whether it is the right one is seen when it is read."""
    trees = {version.tree for policy in policies for version in policy.versions if version.tree}
    lacking = repository.lacking(trees) if repository else trees
    doubtful = [p for p in policies if any(not v.tree or v.tree in lacking for v in p.versions)]
    problems = [problem for policy in doubtful for problem in new_pins(repository).problems(policy)]
    if problems:
        raise ContentError(problems)
