"""Compiled templates outlast a process where nobody else can write, and stand for nothing but their sources."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from gazette.site import compiled
from gazette.site.compiled import Compiled


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where compiled templates of this user lie; templates of packages lie in `tmp_path/package`."""
    (tmp_path / "package").mkdir()
    monkeypatch.setattr(compiled, "_packages", lambda: (str(tmp_path / "package"),))
    monkeypatch.setattr(compiled, "user_cache_path", lambda _: tmp_path / "cache")
    compiled._folder.cache_clear()
    yield tmp_path / "cache" / "templates"
    compiled._folder.cache_clear()


def shown(folder: Path, source: str | None = None, where: str = "package", name: str = "", **options: object) -> str:
    """What a template shows in a new process, as far as this can tell; `source` is what it is before."""
    (folder.parents[1] / where).mkdir(exist_ok=True)
    template = folder.parents[1] / where / "page.html"
    if source is not None:
        template.write_text(source)
    environment = Environment(loader=FileSystemLoader(template.parent), bytecode_cache=Compiled(name))
    environment.filters |= options.get("filters", {})  # type: ignore[operator]  # a mapping where it is given
    return environment.get_template("page.html").render()


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def test_what_was_compiled_is_taken_by_the_next_process(folder: Path) -> None:
    assert shown(folder, "one {{ 1 + 1 }}") == "one 2"
    [file] = files(folder)
    head, _, code = file.read_bytes().partition(b"\n")
    file.write_bytes(head + b"\n" + code.replace(b"one ", b"two "))  # which nobody does who may not run programs here
    assert shown(folder) == "two 2"


def test_a_template_that_changed_is_compiled_again_in_the_same_place(folder: Path) -> None:
    shown(folder, "one")
    assert shown(folder, "three") == "three"
    assert len(files(folder)) == 1


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"\n", None], ids=["empty", "nonsense", "short", "cut"])
def test_what_is_damaged_is_compiled_again(folder: Path, damage: bytes | None) -> None:
    shown(folder, "one {{ 1 + 1 }}")
    [file] = files(folder)
    file.write_bytes(file.read_bytes()[:-40] if damage is None else damage)
    assert shown(folder) == "one 2"
    assert shown(folder) == "one 2"


def test_another_version_of_what_compiles_is_written_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(folder, "one")
    before = files(folder)[0].read_bytes()
    monkeypatch.setattr(compiled, "_versions", lambda: b"another")
    assert shown(folder) == "one"
    assert len(files(folder)) == 1
    assert files(folder)[0].read_bytes() != before


def test_a_template_of_a_site_is_not_written(folder: Path) -> None:
    assert shown(folder, "own", where="overrides") == "own"
    assert files(folder) == []


def test_an_environment_with_code_of_a_site_is_not_written(folder: Path) -> None:
    assert shown(folder, "{{ 'a' | twice }}", filters={"twice": lambda text: text * 2}) == "aa"
    assert files(folder) == []


def test_environments_whose_filters_differ_share_nothing(folder: Path) -> None:
    assert shown(folder, "{{ 'a' }}", name="en") == shown(folder, name="de") == "a"
    assert len(files(folder)) == 2


def test_a_folder_that_others_can_write_to_is_passed_over(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    assert shown(folder, "one") == "one"
    assert files(folder) == []
