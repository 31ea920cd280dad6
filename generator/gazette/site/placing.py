"""Links and images of texts and summaries, rewritten for where they are shown.

Authors write them as seen from `/<policy>/`: `#section`, `../<other-policy>/#section`, `assets/image.png`. Pages lie at
other depths, and feeds nowhere at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import unescape
from typing import NamedTuple, Protocol
from urllib.parse import unquote

_ATTRIBUTE = r"""\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=`]+))?"""
# Not: `/…`, `?…`, `scheme:…`, nothing, or an entity (Python-Markdown hides mail addresses in entities).
_RELATIVE = r"""(?!["']?(?:[/?&\s]|[a-zA-Z][a-zA-Z0-9+.-]*:)|""|'')"""
_ADDRESS = re.compile(
    rf"""(<[a-zA-Z][^\s"'<>/=]*(?:{_ATTRIBUTE})*?\s+(?:href|src)\s*=\s*{_RELATIVE}["']?)"""
    r"""((?<=")[^"]*|(?<=')[^']*|[^\s"'<>=`]+)"""
)

#: Where the images of a text lie, as its author writes it.
IMAGES = "assets/"


class Placement(Protocol):
    """Knows what to put before an address so that it leads to the same from another place."""

    def before(self, address: str) -> str: ...


class Place(NamedTuple):
    """A place from which one text is seen: `up` goes before an address relative to the policy, `images` before an
    image of the text, `own` before `#…`, which names a place in the text itself."""

    up: str = ""
    images: str = ""
    own: str = ""

    def before(self, address: str) -> str:
        if address.startswith("#"):
            return self.own
        return self.images if address.startswith(IMAGES) else self.up


@dataclass(frozen=True)
class RedlinePlace:
    """A page that shows two texts in one. `new` and `old` lead to the two versions; what the page or the new version
    does not have (`anchors`, `assets`) is the old version's."""

    up: str
    new: str
    old: str
    anchors: Collection[str]
    assets: Collection[str]

    def before(self, address: str) -> str:
        if address.startswith("#"):
            return "" if unquote(unescape(address[1:])) in self.anchors else self.old
        if address.startswith(IMAGES):
            return self.new if unquote(unescape(address)) in self.assets else self.old
        return self.up


def placed(markup: str, place: Placement) -> str:
    """HTML with its addresses as seen from `place`."""
    if "href" not in markup and "src" not in markup:
        return markup
    return _ADDRESS.sub(lambda match: match[1] + place.before(match[2]) + match[2], markup)


def addresses_in(markup: str) -> Iterator[str]:
    """The addresses in HTML that `placed` rewrites, as they stand there."""
    if "href" in markup or "src" in markup:
        yield from (match[2] for match in _ADDRESS.finditer(markup))
