"""The addresses of the site, in one place: paths from its root, as in the design, not yet quoted.

A page's address ends in `/` (its file is `index.html` in it); the front page's is empty.
"""

from __future__ import annotations

from urllib.parse import quote

FRONT = ""
FEED = "feed.xml"
JSON_FEED = "feed.json"
POLICIES = "policies.json"
STYLESHEET = "assets/gazette/gazette.css"
SCRIPT = "assets/gazette/gazette.js"

#: The anchor of a page's own heading. No slug holds an underscore, so no section can have it.
TOP = "__top"


def in_force(policy: str) -> str:
    return f"{policy}/"


def versions(policy: str) -> str:
    return f"{policy}/versions/"


def version(policy: str, label: str) -> str:
    return f"{policy}/versions/{label}/"


def canonical_text(policy: str, label: str) -> str:
    return f"{policy}/versions/{label}/text.md"


def changes(policy: str) -> str:
    return f"{policy}/changes/"


def redline(policy: str, label: str) -> str:
    return f"{policy}/changes/{label}/"


def compare(policy: str) -> str:
    return f"{policy}/compare/"


def since(policy: str) -> str:
    return f"{policy}/since/"


def sections(policy: str) -> str:
    return f"{policy}/sections/"


def section(policy: str, name: str) -> str:
    """A section through time."""
    return f"{policy}/sections/{name}/"


def feed(policy: str) -> str:
    return f"{policy}/feed.xml"


def feed_archive(policy: str, number: int) -> str:
    """The feed of older entries, counted from the oldest; of all policies where none is named."""
    return f"{policy}/feed-{number}.xml" if policy else f"feed-{number}.xml"


def json_feed(policy: str) -> str:
    return f"{policy}/feed.json"


def sitemap(policy: str) -> str:
    return f"{policy}/sitemap.xml"


def manifest(policy: str) -> str:
    return f"{policy}/versions.json"


def timemap(policy: str) -> str:
    return f"{policy}/timemap.link"


def schema(name: str) -> str:
    """The JSON Schema of `versions` or `policies`."""
    return f"assets/gazette/{name}.schema.json"


def file_of(address: str) -> str:
    """The file that a server gives for `address`."""
    return f"{address}index.html" if not address or address.endswith("/") else address


def up(address: str) -> str:
    """From the page at `address` to the root of the site: `../../`."""
    return "../" * address.count("/")


def relative(address: str, start: str) -> str:
    """`address` as a link in the page at `start`."""
    return (up(start) + quote(address)) or "./"


def absolute(address: str, site_url: str) -> str:
    """`address` with the site in front of it; a path from the server's root where the site has no URL."""
    return (site_url if site_url.endswith("/") or not site_url else site_url + "/") + quote(address)
