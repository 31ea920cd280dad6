from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from gazette.errors import UsageError
from gazette.policy.settings import build_day, find_config, read_settings

DAY = date(2026, 11, 20)

FORMS = [
    "plugins:\n  - search\n  - gazette:\n      day: 2026-11-20\n",
    "plugins:\n  gazette:\n    day: 2026-11-20\n",
    "plugins:\n  - gazette:\n      day: '2026-11-20'\n",
    "plugins:\n  - gazette:\n      day: 2026-11-20T12:00:00\n",
    "plugins:\n  - gazette:\n      day: !ENV [SOME_DAY, 2026-11-20]\n",
    "plugins:\n  - gazette:\n      day: !ENV DAY_THAT_IS_SET\n",
    "theme:\n  x: !!python/name:some.thing\ny: !relative z\nplugins:\n  - gazette:\n      day: 2026-11-20\n",
]


@pytest.mark.parametrize("text", FORMS)
def test_the_plugin_s_options_are_found_in_every_form(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAY_THAT_IS_SET", "2026-11-20")
    (tmp_path / "mkdocs.yml").write_text(f"site_name: Example\n{text}")
    settings = read_settings(tmp_path / "mkdocs.yml")
    assert (settings.day, settings.site_name, settings.content) == (DAY, "Example", tmp_path / "content")


def test_an_entry_without_options_has_the_stated_defaults(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("plugins: [gazette]\n")
    settings = read_settings(tmp_path / "mkdocs.yml")
    assert (settings.timezone, settings.site_url, settings.options) == ("UTC", "", {})


def test_what_is_inherited_lies_below_what_is_said(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "mkdocs.yml").write_text(
        "site_name: Below\nsite_url: https://example.com/\n"
        "plugins:\n  gazette:\n    day: 2026-11-20\n    content: policies\n"
    )
    (tmp_path / "mkdocs.yml").write_text(
        "INHERIT: base/mkdocs.yml\nsite_name: Above\nplugins:\n  gazette:\n    content: texts\n"
    )
    settings = read_settings(tmp_path / "mkdocs.yml")
    assert (settings.site_name, settings.site_url, settings.day) == ("Above", "https://example.com/", DAY)
    assert settings.content == tmp_path / "texts"


def test_the_environment_s_day_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAZETTE_DAY", "2026-01-02")
    assert build_day(DAY, "UTC") == date(2026, 1, 2)


def test_without_a_day_it_is_today_where_the_site_is() -> None:
    before = datetime.now(UTC)
    west, east = build_day(None, "Pacific/Pago_Pago"), build_day(None, "Pacific/Kiritimati")
    assert east - west == timedelta(days=1) or (datetime.now(UTC) - before) > timedelta(seconds=1)
    assert (before + timedelta(hours=14)).date() <= east


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "20260101", "2026-W01-1", "01.02.2026", 20260101])
def test_a_day_that_is_none_is_wrong_use(day: object) -> None:
    with pytest.raises(UsageError, match="the option 'day' is no date"):
        build_day(day, "UTC")


@pytest.mark.parametrize("timezone", ["Mars/Base", "America", "../../etc", "Berlin"])
def test_a_time_zone_that_is_none_is_wrong_use(timezone: str) -> None:
    with pytest.raises(UsageError, match="names no time zone"):
        build_day(None, timezone)


MISTAKES = [
    ("plugins: [search]\n", "the gazette plugin is not among its plugins"),
    ("", "holds no settings"),
    ("plugins:\n  - gazette: yes please\n", "the options of the gazette plugin are no keys"),
    ("a: [\n", "mkdocs.yml:2: is not YAML"),
    ("x: " + "[" * 5000, "is not YAML"),
    ("INHERIT: mkdocs.yml\n", "inherits from itself"),
    ("INHERIT: nowhere.yml\n", "nowhere.yml: cannot be read"),
]


@pytest.mark.parametrize(("text", "expected"), MISTAKES)
def test_a_configuration_that_cannot_be_used_is_wrong_use(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "mkdocs.yml").write_text(text)
    with pytest.raises(UsageError, match=expected):
        read_settings(tmp_path / "mkdocs.yml")


def test_a_configuration_that_is_not_utf_8_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_bytes(b"site_name: caf\xe9\n")
    with pytest.raises(UsageError, match="is not UTF-8"):
        read_settings(tmp_path / "mkdocs.yml")


def test_the_site_is_found_from_a_folder_inside_it(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("plugins: [gazette]\n")
    inside = tmp_path / "content" / "terms"
    inside.mkdir(parents=True)
    assert find_config(inside) == tmp_path / "mkdocs.yml"
    with pytest.raises(UsageError, match=r"name the file with -f, or make a site with .gazette init"):
        find_config(Path("/"))
