"""Feeds of changes: Atom (RFC 4287) and JSON Feed 1.1, for each policy and for the whole site.

One entry a published version, newest first. Times are midnight UTC of the entry's date, since a date is all that is
known. Ids are tag URIs (RFC 4151) made of the policy and the label, so they stay when addresses change. Links lead to
pages for people: the redline, or the first version's text.

A feed holds the newest entries; where there are more, all of them are in archives (RFC 5005) that never change again
once they are full, and the Atom feed links to the newest of these.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeAlias, TypeVar
from urllib.parse import urlsplit

from lxml import etree

from gazette.policy.model import Change
from gazette.site import addresses
from gazette.site.model import History, Site, Standing
from gazette.site.words import Words, words

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
ENTRIES = 50

# The day from which the tags' authority counts as named; any fixed day before all entries will do.
_TAG_DAY = "2000-01-01"

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_One = TypeVar("_One")

#: A version and its policy.
Entry: TypeAlias = tuple[History, Standing]

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
    """A feed as a value. `address` is where it lies, `page` the page for people that it belongs to.

    `archives` is how many full archives there are of the feed of `policy`, or of all; `number` which one this is, 0 for
    the feed that readers subscribe to.
    """

    id: str
    title: str
    language: str
    address: str
    page: str
    site_url: str
    updated: date
    entries: tuple[FeedEntry, ...]
    policy: str = ""
    archives: int = 0
    number: int = 0


def archives(entries: int) -> int:
    """How many archives so many entries fill; none as long as the feed itself holds them all."""
    return entries // ENTRIES if entries > ENTRIES else 0


def policy_feed(site: Site, history: History, summary: Summary, number: int = 0) -> Feed:
    """The newest entries of one policy, or those of an archive."""
    shown = part(history.standings, number)
    return Feed(
        id=_tag(site, history.id),
        title=history.title,
        language=history.language,
        address=addresses.feed(history.id),
        page=addresses.changes(history.id),
        site_url=site.url,
        updated=max(one.updated for one in shown) if number else history.updated or site.day,
        entries=tuple(_entry(site, history, one, summary) for one in shown),
        policy=history.id,
        archives=archives(len(history.standings)),
        number=number,
    )


def site_feed(site: Site, entries: Sequence[Entry], summary: Summary, number: int = 0) -> Feed:
    """The newest of the entries that `site_entries` gave, or those of an archive."""
    shown = part(entries, number)
    return Feed(
        id=_tag(site, ""),
        title=site.name,
        language=site.language,
        address=addresses.FEED,
        page=addresses.FRONT,
        site_url=site.url,
        updated=max(one.updated for _, one in shown) if number else site.updated,
        entries=tuple(_entry(site, history, one, summary) for history, one in shown),
        archives=archives(len(entries)),
        number=number,
    )


def site_entries(site: Site) -> list[Entry]:
    """The versions of all policies, newest first."""
    dated = [
        (standing.published, history.id, -place, history, standing)
        for history in site.histories
        for place, standing in enumerate(history.standings)
    ]
    dated.sort(key=lambda one: one[:3], reverse=True)
    return [(history, standing) for _, _, _, history, standing in dated]


def part(newest_first: Sequence[_One], number: int) -> Sequence[_One]:
    """The entries of a feed, or of its archive of this number, which holds older ones the lower it is."""
    if not number:
        return newest_first[:ENTRIES]
    end = len(newest_first) - ENTRIES * (number - 1)
    return newest_first[end - ENTRIES : end]


def atom(feed: Feed) -> bytes:
    """The feed as Atom."""
    names: dict[str | None, str] = {None: ATOM} | ({"fh": HISTORY} if feed.number else {})
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=names)  # type: ignore[arg-type]  # the stubs know no default namespace
    root.set("{http://www.w3.org/XML/1998/namespace}lang", feed.language)
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _time(feed.updated))
    if feed.number:
        etree.SubElement(root, f"{{{HISTORY}}}archive")
    for relation, address in _feed_links(feed):
        _add(root, "link", rel=relation, type="application/atom+xml", href=_link(feed, address))
    _add(root, "link", rel="alternate", type="text/html", href=_link(feed, feed.page))
    _add(_add(root, "author"), "name", feed.title)
    for entry in feed.entries:
        _add_entry(root, feed, entry)
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _feed_links(feed: Feed) -> Iterator[tuple[str, str]]:
    """The feed itself and, as RFC 5005 names them, its neighbours."""
    archive = partial(addresses.feed_archive, feed.policy)
    yield "self", archive(feed.number) if feed.number else feed.address
    if feed.number:
        yield "current", feed.address
    before = feed.number - 1 if feed.number else feed.archives
    if before:
        yield "prev-archive", archive(before)
    if feed.number and feed.number < feed.archives:
        yield "next-archive", archive(feed.number + 1)


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
