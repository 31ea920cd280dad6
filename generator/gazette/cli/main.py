"""The command group, and the one place where errors become words and exit codes.

Exit codes: 0 fine (warnings never change it), 1 the content has problems, 2 wrong use.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from gazette import __version__
from gazette.errors import ContentError, GazetteError, UsageError
from gazette.policy.settings import Settings, find_config, read_settings


class Gazette(click.Group):
    """A group whose commands may raise Gazette's errors."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except ContentError as error:
            for problem in error.problems:
                click.echo(str(problem), err=True)
            sys.exit(1)
        except UsageError as error:
            click.echo(f"gazette: {error}", err=True)
            sys.exit(2)
        except GazetteError as error:
            click.echo(f"gazette: {error}", err=True)
            sys.exit(1)


@click.group(cls=Gazette, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gazette")
@click.option("-f", "--config-file", type=click.Path(dir_okay=False, path_type=Path), help="The site's mkdocs.yml.")
@click.pass_context
def main(context: click.Context, config_file: Path | None) -> None:
    """Publish policies: versioned in git, compared, archived, announced."""
    context.obj = _once(lambda: read_settings(config_file or find_config(Path.cwd())))


def _once(read: Callable[[], Settings]) -> Callable[[], Settings]:
    """Settings are read when a command asks, so that `--help` and commands without a site work anywhere."""
    found: list[Settings] = []

    def settings() -> Settings:
        if not found:
            found.append(read())
        return found[0]

    return settings
