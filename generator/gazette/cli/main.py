"""The command group, and the one place where errors become words and exit codes.

Exit codes: 0 fine (warnings never change it), 1 the content has problems, 2 wrong use.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from gazette import __version__
from gazette.errors import ContentError, GazetteError, UsageError
from gazette.policy.settings import Settings, find_config, read_settings

#: The commands in the order in which a site comes to need them. Those that stand nowhere come last.
CHAPTERS = {
    "Begin": ("init", "import"),
    "See what there is": ("status", "redline", "check", "verify", "rules"),
    "Edit sections as wholes": ("move", "rename", "split", "merge"),
    "Publish": ("release", "reschedule", "withdraw"),
    "Tell people": ("notify", "worker", "suppress", "unsuppress"),
    "In workflows": ("review", "owners", "tag", "github"),
}


class Chapters(click.Group):
    """A group that lists its commands, each with its whole first sentence, under the headings that it has for them."""

    chapters: Mapping[str, tuple[str, ...]] = {}

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        left = dict.fromkeys(self.list_commands(context))
        chapters = [(title, [name for name in names if name in left]) for title, names in self.chapters.items()]
        told = {name for _, names in chapters for name in names}
        chapters.append(("Commands", [name for name in left if name not in told]))
        for title, names in chapters:
            rows = [(name, self.commands[name].get_short_help_str(limit=500)) for name in names]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


class Gazette(Chapters):
    """A group whose commands may raise Gazette's errors."""

    chapters = CHAPTERS
    group_class = Chapters

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
    """Publish policies: versioned in git, compared, archived, announced.

    The site itself is built by 'mkdocs build', and shown as you edit by 'mkdocs serve'.

    \b
    Example: gazette init policies --policy privacy-policy=privacy.txt
    """
    context.obj = _once(lambda: read_settings(config_file or find_config(Path.cwd())))


def _once(read: Callable[[], Settings]) -> Callable[[], Settings]:
    """Settings are read when a command asks, so that `--help` and commands without a site work anywhere."""
    found: list[Settings] = []

    def settings() -> Settings:
        if not found:
            found.append(read())
        return found[0]

    return settings
