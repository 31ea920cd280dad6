"""What `--help` says: each command in its place, whole sentences, an example, and a word about every option."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from gazette.cli import main
from gazette.cli.main import CHAPTERS


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def told(*arguments: str) -> str:
    return CliRunner().invoke(main, [*arguments, "--help"]).output


def test_every_command_stands_under_one_heading() -> None:
    placed = [name for names in CHAPTERS.values() for name in names]
    assert sorted(placed) == sorted(main.commands)
    assert "Commands:" not in told()


@pytest.mark.parametrize("path", [(), *commands()], ids=" ".join)
def test_help_is_whole(path: tuple[str, ...]) -> None:
    said = told(*path)
    assert "Example" in said or path == ("github",)
    assert "..." not in said.partition("\n")[2]
    assert "%Y" not in said


@pytest.mark.parametrize("path", [*commands()], ids=" ".join)
def test_every_option_is_explained(path: tuple[str, ...]) -> None:
    command: click.Command = main
    for name in path:
        assert isinstance(command, click.Group)
        command = command.commands[name]
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []
