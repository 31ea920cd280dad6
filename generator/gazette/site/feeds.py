"""Feeds of changes: Atom (RFC 4287) and JSON Feed 1.1, for each policy and for the whole site.

One entry a published version, newest first. Times are midnight UTC of the entry's date, since a date is all that is
known. Ids are tag URIs (RFC 4151) made of the policy and the label, so they stay when addresses change. Links lead to
pages for people: the redline, or the first version's text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from lxml import etree

from gazette.policy.model import Change
from gazette.site import addresses
from gazette.site.model import History, Site, Standing
from gazette.site.words import Words, words

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES = 50

# The day from which the tags' authority counts as named; any fixed day before all entries will do.
_TAG_DAY = "2000-01-01"

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: Gives a version's summary as HTML, its links absolute.
Summary = Callable[[History, Standing], str]


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One version as feeds tell it."""

    id: str
    title: str
    address: str
    published: date
    updated: date
    change: Change
    summary: str  # HTML
    language: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as a value. `address` is where it lies, `page` the page for people that it belongs to."""

    id: str
    title: str
    language: str
    address: str
    page: str
    site_url: str
    updated: date
    entries: tuple[FeedEntry, ...]


def policy_feed(site: Site, history: History, summary: Summary) -> Feed:
    """The newest entries of one policy."""
    return Feed(
        id=_tag(site, history.id),
        title=history.title,
        language=history.language,
        address=addresses.feed(history.id),
        page=addresses.changes(history.id),
        site_url=site.url,
        updated=history.updated or site.day,
        entries=tuple(_entry(site, history, standing, summary) for standing in history.standings[:ENTRIES]),
    )


def site_feed(site: Site, summary: Summary) -> Feed:
    """The newest entries of all policies."""
    dated = [
        (standing.published, -place, history, standing)
        for history in site.histories
        for place, standing in enumerate(history.standings[:ENTRIES])
    ]
    dated.sort(key=lambda one: (one[0], one[2].id, one[1]), reverse=True)
    return Feed(
        id=_tag(site, ""),
        title=site.name,
        language=site.language,
        address=addresses.FEED,
        page=addresses.FRONT,
        site_url=site.url,
        updated=site.updated,
        entries=tuple(_entry(site, history, standing, summary) for _, _, history, standing in dated[:ENTRIES]),
    )


def atom(feed: Feed) -> bytes:
    """The feed as Atom."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]  # the stubs know no default namespace
    root.set("{http://www.w3.org/XML/1998/namespace}lang", feed.language)
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _time(feed.updated))
    _add(root, "link", rel="self", type="application/atom+xml", href=_link(feed, feed.address))
    _add(root, "link", rel="alternate", type="text/html", href=_link(feed, feed.page))
    _add(_add(root, "author"), "name", feed.title)
    for entry in feed.entries:
        _add_entry(root, feed, entry)
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def json_feed(feed: Feed) -> bytes:
    """The feed as JSON Feed 1.1."""
    return _json(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": _link(feed, feed.page),
            "feed_url": _link(feed, feed.address.removesuffix("feed.xml") + "feed.json"),
            "language": feed.language,
            "items": [
                {
                    "id": entry.id,
                    "url": _link(feed, entry.address),
                    "title": entry.title,
                    "content_html": entry.summary or entry.title,
                    "date_published": _time(entry.published),
                    "date_modified": _time(entry.updated),
                    "tags": [entry.change.value],
                    "language": entry.language,
                }
                for entry in feed.entries
            ],
        }
    )


def _entry(site: Site, history: History, standing: Standing, summary: Summary) -> FeedEntry:
    page = addresses.redline if standing.predecessor else addresses.version
    return FeedEntry(
        id=_tag(site, f"{history.id}/{standing.label}"),
        title=_title(words(history.language), history, standing),
        address=page(history.id, standing.label),
        published=standing.published,
        updated=standing.updated,
        change=standing.change,
        summary=summary(history, standing),
        language=history.language,
    )


def _title(_: Words, history: History, standing: Standing) -> str:
    facts = {"title": history.title, "label": standing.label, "date": _.date(standing.effective)}
    if standing.withdrawn:
        return _("%(title)s, version %(label)s: withdrawn") % facts
    if standing.change is Change.EDITORIAL:
        return _("%(title)s, version %(label)s: an editorial change") % facts
    return _("%(title)s, version %(label)s: applies from %(date)s") % facts


def _add_entry(root: etree._Element, feed: Feed, entry: FeedEntry) -> None:
    element = _add(root, "entry")
    element.set("{http://www.w3.org/XML/1998/namespace}lang", entry.language)
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "published", _time(entry.published))
    _add(element, "updated", _time(entry.updated))
    _add(element, "link", rel="alternate", type="text/html", href=_link(feed, entry.address))
    _add(element, "category", term=entry.change.value)
    if entry.summary:
        _add(element, "content", _xml_characters(entry.summary), type="html")


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", attrib=attributes)
    element.text = None if text is None else _xml_characters(text)
    return element


def _xml_characters(text: str) -> str:
    """`text` without the characters that XML 1.0 cannot hold."""

    return _NO_XML.sub("", text)


def _tag(site: Site, name: str) -> str:
    authority = urlsplit(site.url).hostname or "localhost"
    return f"tag:{authority},{_TAG_DAY}:gazette/{name}" if name else f"tag:{authority},{_TAG_DAY}:gazette"


def _time(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _link(feed: Feed, address: str) -> str:
    """Absolute; or, where the site has no URL, as seen from the feed."""
    if feed.site_url:
        return addresses.absolute(address, feed.site_url)
    return addresses.relative(address, feed.address)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
