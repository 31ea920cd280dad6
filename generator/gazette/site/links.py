"""Whether the links of published versions still lead somewhere, for every version.

Takes the sections and the summary of versions as HTML; gives the links that a site itself can judge: to a place in the
same text, an image beside it, any other page or file of the site. They are seen from `/<policy>/`, as `placing` has it;
what leads out of the site is left alone. A text cannot be corrected any more once it was published, so that what is
wrong with one that nobody reads to know what applies is worth a line, not a failure.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from html import unescape
from typing import TypeAlias
from urllib.parse import unquote

from gazette.policy.rendering import RenderedSection
from gazette.site import addresses
from gazette.site.placing import IMAGES, addresses_in

#: The file of a page in its folder.
_INDEX = addresses.file_of("")

#: A link of one version: the section that it stands in, empty for the summary, and its target.
Found: TypeAlias = tuple[str, str]

_NAME = re.compile(r"""(?:\sid|<a\s+name)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Link:
    """A link or an image: `#section`, `../policy/versions/1.0/#section`. `section` is the one that it stands in, empty
    for the summary; `labels` are the versions that have it."""

    section: str
    target: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a link leads nowhere. `is_near` says that the page is there, and only the place in it is not."""

    why: str
    is_near: bool


@dataclass(frozen=True)
class BuiltSite:
    """What links may lead to in a site that is built. `in_force` has the anchors of each policy's text in force, by its
    id; whether there is a file, and which places a page has, is asked by its path from the site's root."""

    in_force: Mapping[str, Collection[str]]
    is_file: Callable[[str], bool]
    names: Callable[[str], Collection[str]]


def gathered(versions: Iterable[tuple[str, Iterable[Found]]]) -> tuple[Link, ...]:
    """The links of many versions, by label, each link once: most are those of the version before."""
    labels: dict[Found, list[str]] = {}
    for label, links in versions:
        for link in dict.fromkeys(links):
            labels.setdefault(link, []).append(label)
    return tuple(Link(*link, tuple(among)) for link, among in labels.items())


def links_of(sections: Iterable[RenderedSection], summary: str = "", assets: Collection[str] = ()) -> tuple[Found, ...]:
    """Those links of a version that lead out of it, and those that lead to no place or file in itself. `summary` is
    HTML; `assets` are the paths of the files beside the text."""
    sections = tuple(sections)
    found = [(section.id, target) for section in sections for target in _targets(section)]
    found += [("", target) for target in _targets_in(summary)]
    if not any(target.startswith(("#", IMAGES)) for _, target in found):
        return tuple(found)
    anchors = frozenset[str]().union(*(section.ids | {section.id} for section in sections))

    def leads(target: str) -> bool:
        path, anchor = _parts(target)
        if target.startswith("#"):
            return not anchor or anchor in anchors or any(anchor in _named(one) for one in sections)
        return target.startswith(IMAGES) and path in assets

    return tuple(link for link in found if not leads(link[1]))


@lru_cache(maxsize=1024)  # most sections of a version are those of the version before
def _targets(section: RenderedSection) -> tuple[str, ...]:
    return (*_targets_in(section.title), *_targets_in(section.body))


@lru_cache(maxsize=1024)
def _named(section: RenderedSection) -> frozenset[str]:
    return names_in(section.body)


def _targets_in(markup: str) -> Iterator[str]:
    return map(unescape, addresses_in(_COMMENT.sub("", markup) if "<!--" in markup else markup))


def broken(policy: str, links: Iterable[Link], site: BuiltSite) -> Iterator[tuple[Link, Trouble]]:
    """Each of the links of a policy that leads nowhere, and why."""
    trouble = cache(partial(_trouble, policy, site))
    for link in links:
        if (found := trouble(link.target)) is not None:
            yield link, found


def _trouble(policy: str, site: BuiltSite, target: str) -> Trouble | None:
    if target.startswith("#"):
        return Trouble("leads to no section of that version", is_near=True)
    if target.startswith(IMAGES):
        return Trouble("leads to no file of that version", is_near=False)
    path, anchor = _parts(target)
    there = posixpath.normpath(posixpath.join(policy, path))
    if there.startswith(".."):
        return None
    if path.endswith("/") or not site.is_file(there):
        there = posixpath.normpath(f"{there}/{_INDEX}")
    if not site.is_file(there):
        return Trouble("leads to no page or file of the site", is_near=False)
    other = there.removesuffix(f"/{_INDEX}")  # a policy, where this is its text in force
    is_found = not anchor or not there.endswith(".html") or anchor in site.in_force.get(other, ())
    if is_found or anchor in site.names(there):
        return None
    what = f"section of '{other}' as it is in force" if other in site.in_force else "place in that page"
    return Trouble(f"leads to no {what}", is_near=True)


def _parts(target: str) -> tuple[str, str]:
    """The path of a target, and the anchor in what lies there; no anchor where every page has such a place."""
    address, _, fragment = target.partition("#")
    anchor = unquote(fragment.partition(":~:")[0])
    return unquote(address.partition("?")[0]), "" if anchor.lower() == "top" else anchor


def names_in(markup: str) -> frozenset[str]:
    """The places in HTML that a link may name, however its author wrote that."""
    return frozenset(unescape(name) for names in _NAME.findall(markup) for name in names if name)
