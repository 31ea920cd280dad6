"""Whether the links of policies lead somewhere: `#id` within a policy, `../<policy>/#id` to another, `assets/…` images,
`versions/<label>/` and `changes/<label>/` of either.

Takes policies with their working texts and the bytes of their files; gives problems. What one policy has to do with it
is a `Linking`, which depends on its own files alone. Links to other hosts, and paths that are none of Gazette's, are
left alone; what only a site can judge is judged when one is built (`site.links`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TypeAlias
from urllib.parse import unquote

from gazette.errors import Problem, Severity
from gazette.policy import markup
from gazette.policy.fields import nearest
from gazette.policy.files import ASSETS, section_place
from gazette.policy.model import Text

_TO_POLICY = re.compile(r"\.\./([^/.]+)(?:/(.*))?")  # a dot is in the name of a file
_TO_VERSION = re.compile(r"(?:versions|changes)/([^/]+)")
#: What, what to do, and how bad it is if it is no error.
_Trouble: TypeAlias = tuple[str, str] | tuple[str, str, Severity] | None

#: What Python-Markdown makes by itself.
_MADE_ANCHORS = ("fn:", "fnref")


@dataclass(frozen=True, slots=True)
class Targets:
    """What links may name in one policy. `unread` are sections whose files say nothing that could be read; `versions`
    are labels."""

    anchors: frozenset[str]
    assets: frozenset[str]
    versions: frozenset[str]
    former: Mapping[str, str]  # former id → the id of today
    unread: frozenset[str]


@dataclass(frozen=True, slots=True)
class Linking:
    """What links may name in one policy, None where it has no text, and the links of each of its files, by path."""

    targets: Targets | None
    links: Mapping[str, tuple[markup.Link, ...]]


def linking_of(text: Text | None, files: Mapping[str, bytes], versions: Iterable[str] = ()) -> Linking:
    """`files` has path → bytes of the sections of a working text; `versions` are the labels of what was published."""
    links = {path: found for path, data in files.items() if (found := _links_in(data))}
    return Linking(_targets(text, files, versions), links)


def link_problems(linkings: Mapping[str, Linking], unread: Collection[str] | None = ()) -> tuple[Problem, ...]:
    """What is wrong with the links of all working texts; `linkings` by policy id.

    `unread` are the names of what is beside these: policies that could not be read, other pages of the site. None
    means that nobody knows what is there. What links to them cannot be judged, and what is wrong is said elsewhere.
    """
    known = {policy: linking.targets for policy, linking in linkings.items()}
    return tuple(
        Problem(path, link.line, *trouble)
        for policy, linking in linkings.items()
        for path, links in linking.links.items()
        for link in links
        if (trouble := _trouble(link.target, policy, known, unread))
    )


def _trouble(target: str, policy: str, known: Mapping[str, Targets | None], unread: Collection[str] | None) -> _Trouble:
    """What is wrong with one link, and what to do; None if nothing is."""
    if target.startswith(ASSETS):
        return _no_asset(target, known.get(policy))
    address, _, anchor = target.partition("#")
    within = unquote(address.partition("?")[0])
    if match := _TO_POLICY.fullmatch(within):
        policy, within = match[1], match[2] or ""
        if policy not in known:
            if unread is None or policy in unread:
                return None
            return f"the link '{target}' leads to no policy", nearest(policy, known) or "correct the link"
    if match := _TO_VERSION.match(within):
        return _no_version(target, match[1], known.get(policy))
    if not within:
        return _no_anchor(target, unquote(anchor), known.get(policy))
    if place := section_place(address):
        return f"the link '{target}' names a file", f"link to the section: '#{anchor or place[1]}'"
    return None


def _no_version(target: str, label: str, targets: Targets | None) -> _Trouble:
    """A warning: the version may be the next."""
    if targets is None or label in targets.versions:
        return None
    remedy = nearest(label, targets.versions) or "correct the link, unless that version comes next"
    return f"the link '{target}' leads to no version", remedy, Severity.WARNING


def _no_anchor(target: str, anchor: str, targets: Targets | None) -> _Trouble:
    if targets is None or not anchor or anchor.startswith(_MADE_ANCHORS) or anchor.split("--")[0] in targets.unread:
        return None
    if anchor in targets.anchors or _loosely(anchor) in map(_loosely, targets.anchors):
        return None
    if anchor in targets.former:
        place = target[: target.index("#") + 1]
        return f"the link '{target}' leads to a section that was renamed", f"write '{place}{targets.former[anchor]}'"
    what = f"the link '{target}' leads to no section"
    return what, nearest(anchor, targets.anchors) or "correct it, or give that place an id: {#id}"


def _no_asset(target: str, targets: Targets | None) -> _Trouble:
    path = unquote(target.partition("#")[0].partition("?")[0])
    if targets is None or path in targets.assets:
        return None
    what = f"there is no file '{path}' in text/"
    return what, nearest(path, targets.assets) or "put it there, where it is pinned with the text, or correct its name"


def _targets(text: Text | None, files: Mapping[str, bytes], versions: Iterable[str]) -> Targets | None:
    if text is None:
        return None
    named = {place[1] for path in files if (place := section_place(PurePosixPath(path).name))}
    return Targets(
        anchors=frozenset(anchor for section in text.sections for anchor in _anchors_of(section.id, section.body)),
        assets=frozenset(path for path, _ in text.assets),
        versions=frozenset(versions),
        former={former: section.id for section in text.sections for former in section.formerly},
        unread=frozenset(named - {section.id for section in text.sections}),
    )


# Between two builds while somebody writes, a file or two change.
_anchors_of = lru_cache(maxsize=4096)(markup.anchors)


@lru_cache(maxsize=4096)
def _links_in(data: bytes) -> tuple[markup.Link, ...]:
    return markup.links(data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n"))


def _loosely(anchor: str) -> str:
    """Markup inside a heading may part its words otherwise than its source shows."""
    return anchor.replace("-", "")
