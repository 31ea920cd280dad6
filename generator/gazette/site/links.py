"""Whether the links of published texts still lead somewhere, for every version.

Takes the sections of versions as HTML; gives the links that a site itself can judge: to a place in the same text, and
to other policies. A text cannot be corrected any more once it was published, so that what is wrong with one that nobody
reads to know what applies is worth a line, not a failure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

from gazette.policy.rendering import RenderedSection

_LINK = re.compile(r"""<a\b[^<>]*?\shref="(#[^"]+|\.\./[^"/#?]+/?(?:#[^"]*)?)\"""")
_TO_POLICY = re.compile(r"\.\./([^/#?]+)/?(?:#(.*))?")


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it stands in the section of a version: `#section`, `../policy/#section`."""

    label: str
    section: str
    target: str


def links_of(label: str, sections: Iterable[RenderedSection]) -> tuple[Link, ...]:
    """Those links of a version that lead to no place in itself, and those that lead to other policies."""
    sections = tuple(sections)
    found = [Link(label, section.id, target) for section in sections for target in _targets(section)]
    if not any(link.target.startswith("#") for link in found):
        return tuple(found)
    anchors = frozenset[str]().union(*(section.ids | {section.id} for section in sections))
    return tuple(link for link in found if not link.target.startswith("#") or link.target[1:] not in anchors)


@lru_cache(maxsize=1024)  # most sections of a version are those of the version before
def _targets(section: RenderedSection) -> tuple[str, ...]:
    found = (_LINK.findall(markup) for markup in (section.title, section.body) if "href=" in markup)
    return tuple(unquote(unescape(target)) for targets in found for target in targets)


def broken(links: Iterable[Link], policies: Mapping[str, Collection[str]]) -> Iterator[tuple[Link, str]]:
    """Each link that leads nowhere, and why. `policies` are the anchors of each policy's text in force, by its id."""
    for link in links:
        if link.target.startswith("#"):
            yield link, "leads to no section of that version"
        elif match := _TO_POLICY.fullmatch(link.target):
            policy, anchor = match[1], match[2]
            if policy not in policies:
                yield link, "leads to no policy"
            elif anchor and anchor not in policies[policy]:
                yield link, f"leads to no section of '{policy}' as it is in force"
