"""A new site: the files that a repository needs to check, review and publish policies.

Takes a folder and a few words; writes what is missing and never touches a file that is there. The templates lie in
`files/`; this repository's own workflows are made from the same ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from gazette import __version__
from gazette.editorial import changeset
from gazette.errors import UsageError
from gazette.policy.slugs import RESERVED_POLICY_IDS, slug, valid_id

#: How a site's workflows install Gazette, and how those of this repository do.
INSTALL_RELEASE = ("python -m pip install -r requirements.txt",)
INSTALL_SOURCE = (
    "python -m pip install --require-hashes -r requirements/site.txt -r requirements/build.txt",
    "python -m pip install --no-deps --no-build-isolation --editable .",
)
WORKFLOWS = ("check.yml", "publish.yml", "review.yml")


@dataclass(frozen=True, slots=True)
class NewSite:
    """What the templates are filled with."""

    name: str
    url: str = ""
    timezone: str = "UTC"
    branch: str = "main"
    install: tuple[str, ...] = INSTALL_RELEASE


def site_files(site: NewSite) -> dict[str, bytes]:
    """Path → bytes of a new site's files."""
    plain = {
        "mkdocs.yml": "mkdocs.yml",
        "content/index.md": "index.md",
        ".gitattributes": "gitattributes",
        ".gitignore": "gitignore",
        "requirements.txt": "requirements.txt",
        "README.md": "README.md",
    }
    values = _values(site)
    return {path: _filled(template, values) for path, template in plain.items()} | workflow_files(site)


def workflow_files(site: NewSite) -> dict[str, bytes]:
    """Path → bytes of the workflows."""
    values = _values(site)
    return {f".github/workflows/{name}": _filled(name, values) for name in WORKFLOWS}


def policy_files(policy: str, title: str, language: str = "en") -> dict[str, bytes]:
    """Path → bytes of a policy that has settings and one section to begin with."""
    check_policy_id(policy)
    values = {"TITLE": _quoted(title), "LANGUAGE": language}
    section = f"---\ntitle: {_quoted('Introduction')}\n---\n\nWrite here who you are and what this text is about.\n"
    return {
        f"content/{policy}/policy.yml": _filled("policy.yml", values),
        f"content/{policy}/text/01-introduction.md": section.encode(),
    }


def write_missing(folder: Path, wanted: Mapping[str, bytes]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write the files that are not there, in one step; give the names written and those left alone."""
    kept = tuple(name for name in wanted if (folder / name).exists())
    missing = {name: data for name, data in wanted.items() if name not in kept}
    return changeset.apply(folder, {}, missing), kept


def check_policy_id(policy: str) -> None:
    """UsageError if a policy cannot have this id."""
    if not valid_id(policy):
        raise UsageError(f"'{policy}' is not allowed as the id of a policy", f"write '{slug(policy) or 'policy'}'")
    if policy in RESERVED_POLICY_IDS:
        raise UsageError(f"'{policy}' is an address of the site itself", f"write '{policy}-policy'")


def midnight_cron(timezone: str, minute: int = 7) -> str:
    """A cron line in UTC shortly after midnight in the time zone, at each of the offsets that it has in a year.

    Where the clocks change there are two hours; the run that comes at 23:07 local time changes nothing.
    """
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError(f"'{timezone}' names no time zone", "use an IANA name such as Europe/Berlin") from error
    minutes, hours = set(), set()
    for month in (1, 7):
        offset = datetime(2026, month, 1, tzinfo=zone).utcoffset()
        assert offset is not None
        since_midnight = (minute - int(offset.total_seconds()) // 60) % (24 * 60)
        hours.add(since_midnight // 60)
        minutes.add(since_midnight % 60)
    return f"{_listed(minutes)} {_listed(hours)} * * *"


def _listed(numbers: set[int]) -> str:
    return ",".join(map(str, sorted(numbers)))


def _values(site: NewSite) -> dict[str, str]:
    return {
        "SITE_NAME": site.name,
        "SITE_URL": f"site_url: {_quoted(site.url)}" if site.url else "# site_url: https://policies.example.com/",
        "TIMEZONE": site.timezone,
        "VERSION": __version__,
        "BRANCH": site.branch,
        "CRON": midnight_cron(site.timezone),
        "INSTALL": "\n".join(f"      - run: {line}" for line in site.install),
    }


def _filled(template: str, values: Mapping[str, str]) -> bytes:
    text = (files(__package__) / "files" / template).read_text("utf-8")
    if template.endswith(".yml"):
        values = {**values, "SITE_NAME": _quoted(values.get("SITE_NAME", ""))}
    return re.sub(r"@([A-Z_]+)@", lambda match: values[match[1]], text).encode()


def _quoted(words: str) -> str:
    """Words as a YAML scalar on one line."""
    dumped: str = yaml.safe_dump(words, allow_unicode=True, width=float("inf"))
    return dumped.removesuffix("\n").removesuffix("\n...")
