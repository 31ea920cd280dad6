"""The settings of a site: what the `gazette` plugin's entry in `mkdocs.yml` and the environment say.

The commands read `mkdocs.yml` here without MkDocs, so tags that only MkDocs understands are passed over; the plugin
hands the same options in through MkDocs. Both meet in `Settings`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from gazette.errors import UsageError

CONFIG_NAME = "mkdocs.yml"

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Settings:
    """One site. `root` holds `mkdocs.yml`; `content` the policies' folders; `day` is the day of the build.

    `options` are the plugin's options as written, for parts that have settings of their own (`notices:`). `extensions`
    are the site's `markdown_extensions` by name, each with its configuration.
    """

    root: Path
    content: Path
    day: date
    timezone: str = "UTC"
    site_name: str = ""
    site_url: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    extensions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def find_config(start: Path) -> Path:
    """`mkdocs.yml` in `start` or the nearest folder above it."""
    for folder in (start, *start.parents):
        if (candidate := folder / CONFIG_NAME).is_file():
            return candidate
    remedy = "go to the site's folder, name the file with -f, or make a site with 'gazette init FOLDER'"
    raise UsageError(f"no {CONFIG_NAME} in {start} or above it", remedy)


def read_settings(config: Path) -> Settings:
    """The settings of the site whose `mkdocs.yml` is `config`."""
    data = _load(config)
    options = _plugin_options(data.get("plugins"), config)
    if options is None:
        raise UsageError(f"{config}: the gazette plugin is not among its plugins", "add '- gazette' under 'plugins:'")
    settings = make_settings(config.parent, options, str(data.get("site_name") or ""), str(data.get("site_url") or ""))
    return replace(settings, extensions=_extensions(data.get("markdown_extensions")))


def _load(config: Path, heirs: tuple[Path, ...] = ()) -> dict[str, Any]:
    """A configuration file as MkDocs sees it: what it names with `INHERIT:`, and over that what it says itself."""
    try:
        data = yaml.load(config.read_text("utf-8-sig"), Loader=_TolerantLoader)
    except OSError as error:
        raise UsageError(f"{config}: cannot be read: {error.strerror}", "name another file with -f") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{config}: is not UTF-8", "save it as UTF-8") from error
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{config}:{mark.line + 1}" if mark else str(config)
        raise UsageError(f"{place}: is not YAML: {getattr(error, 'problem', error)}", "correct the line") from error
    if not isinstance(data, dict):
        raise UsageError(f"{config}: holds no settings", "see docs/reference/settings.md")
    parent = data.pop("INHERIT", None)
    if not parent:
        return data
    inherited = (config.parent / str(parent)).resolve()
    if inherited in (*heirs, config.resolve()):
        raise UsageError(f"{config}: inherits from itself by way of {parent}", "correct 'INHERIT:'")
    return _merged(_load(inherited, (*heirs, config.resolve())), data)


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Mappings are merged key by key, everything else is replaced."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def make_settings(root: Path, options: Mapping[str, Any], site_name: str = "", site_url: str = "") -> Settings:
    """Settings from the plugin's options; the environment's GAZETTE_DAY wins over `day`."""
    timezone = str(options.get("timezone") or "UTC")
    return Settings(
        root=root,
        content=root / str(options.get("content") or "content"),
        day=build_day(options.get("day"), timezone),
        timezone=timezone,
        site_name=site_name,
        site_url=site_url,
        options=dict(options),
    )


def build_day(option: object, timezone: str) -> date:
    """The day of the build: GAZETTE_DAY, else the option `day`, else today in `timezone` (an IANA name)."""
    environment = os.environ.get("GAZETTE_DAY")
    source, value = ("GAZETTE_DAY", environment) if environment else ("the option 'day'", option)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if value:
        try:
            if not _ISO_DATE.fullmatch(str(value).strip()):
                raise ValueError(value)
            return date.fromisoformat(str(value).strip())
        except ValueError as error:
            raise UsageError(f"{source} is no date: {value}", "write it as YYYY-MM-DD") from error
    try:
        return datetime.now(ZoneInfo(timezone)).date()
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"the option 'timezone' names no time zone: {timezone}", "use an IANA name") from error


def _plugin_options(plugins: object, config: Path) -> dict[str, Any] | None:
    """The options of the gazette entry in MkDocs' `plugins:`, which is a list or a mapping."""
    entries = [plugins] if isinstance(plugins, dict) else plugins if isinstance(plugins, list) else []
    for entry in entries:
        if entry == "gazette":
            return {}
        if isinstance(entry, dict) and "gazette" in entry:
            options = entry["gazette"] or {}
            if not isinstance(options, dict):
                what = f"{config}: the options of the gazette plugin are no keys: {options}"
                raise UsageError(what, "write 'gazette:' and below it, indented, 'key: value'")
            return dict(options)
    return None


def _extensions(written: object) -> dict[str, dict[str, Any]]:
    """MkDocs' `markdown_extensions:`, a list or a mapping. What a tag that only MkDocs understands configures is left
    at its default."""
    entries = [{name: config} for name, config in written.items()] if isinstance(written, dict) else written
    extensions: dict[str, dict[str, Any]] = {}
    for entry in entries if isinstance(entries, list) else []:
        for name, config in (entry if isinstance(entry, dict) else {entry: None}).items():
            given = config if isinstance(config, dict) else {}
            extensions[str(name)] = {key: value for key, value in given.items() if value is not None}
    return extensions


class _TolerantLoader(yaml.SafeLoader):
    """Safe YAML in which `!ENV` is what the environment says, and any other unknown tag is None, not an error."""


def _environment(loader: yaml.SafeLoader, node: yaml.Node) -> object:
    """`!ENV NAME` or `!ENV [NAME, OTHER, default]`: the first variable that is set, read as YAML; else the default."""
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    names, default = (nodes[:-1], nodes[-1]) if len(nodes) > 1 else (nodes, None)
    for name in names:
        if (value := os.environ.get(str(name.value))) is not None:
            return _scalar(value)
    return loader.construct_object(default, deep=True) if default is not None else None


def _scalar(value: str) -> object:
    """A variable's value as YAML reads it where it is a plain scalar, else as it is."""
    try:
        read = yaml.safe_load(value)
    except yaml.YAMLError:
        return value
    return value if isinstance(read, (dict, list)) else read


_TolerantLoader.add_constructor("!ENV", _environment)
_TolerantLoader.add_multi_constructor("", lambda loader, suffix, node: None)
