"""Feeds: true dates, stable ids, links to pages for people."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from lxml import etree

from gazette.policy.model import Change, Withdrawal
from gazette.policy.rendering import Renderer
from gazette.site import feeds
from gazette.site.model import History, Site, Standing, site_on
from tests.site.test_model import FIRST, NEXT, policy, version

ATOM = {"a": feeds.ATOM}


def prose(history: History, standing: Standing) -> str:
    return Renderer().prose(standing.summary)


def site(url: str = "https://policies.example.com/") -> Site:
    return site_on([policy(FIRST, NEXT)], date(2024, 5, 1), "Example", url)


def atom(of: Site) -> etree._Element:
    return etree.fromstring(feeds.atom(feeds.policy_feed(of, of.histories[0], prose)))


def test_entries_carry_the_dates_of_the_records() -> None:
    feed = atom(site())
    assert feed.findtext("a:updated", namespaces=ATOM) == "2024-04-01T00:00:00Z"
    assert [e.text for e in feed.iterfind("a:entry/a:published", ATOM)] == [
        "2024-04-01T00:00:00Z",
        "2023-03-18T00:00:00Z",
    ]


def test_entries_lead_to_pages_for_people() -> None:
    links = [link.get("href") for link in atom(site()).iterfind("a:entry/a:link", ATOM)]
    assert links == [
        "https://policies.example.com/policy/changes/2/",
        "https://policies.example.com/policy/versions/1/",
    ]


def test_without_a_site_url_links_are_relative_to_the_feed() -> None:
    feed = atom(site(""))
    assert [link.get("href") for link in feed.iterfind("a:entry/a:link", ATOM)] == [
        "../policy/changes/2/",
        "../policy/versions/1/",
    ]


def test_ids_are_tags_that_do_not_change_from_day_to_day() -> None:
    later = site_on([policy(FIRST, NEXT)], date(2025, 5, 1), "Example", "https://policies.example.com/")
    ids = [e.text for e in atom(site()).iterfind("a:entry/a:id", ATOM)]
    assert ids == [e.text for e in atom(later).iterfind("a:entry/a:id", ATOM)]
    assert ids == [
        "tag:policies.example.com,2000-01-01:gazette/policy/2",
        "tag:policies.example.com,2000-01-01:gazette/policy/1",
    ]


def test_every_entry_has_what_atom_requires() -> None:
    feed = atom(site())
    for element in (feed, *feed.iterfind("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            assert element.findtext(f"a:{name}", namespaces=ATOM)
    assert feed.findtext("a:author/a:name", namespaces=ATOM)


def test_a_withdrawal_updates_its_entry() -> None:
    taken_back = version("2", "2024-04-01", "2024-06-01", withdrawn=Withdrawal(date(2024, 4, 9), "No."))
    of = site_on([policy(FIRST, taken_back)], date(2024, 5, 1))
    entry = atom(of).find("a:entry", ATOM)
    assert entry is not None
    assert entry.findtext("a:updated", namespaces=ATOM) == "2024-04-09T00:00:00Z"
    assert entry.findtext("a:title", namespaces=ATOM) == "Policy, version 2: withdrawn"


def test_a_summary_is_html_and_free_of_what_xml_cannot_hold() -> None:
    odd = version("1", "2023-03-18", summary="A *summary* with \x0b & <b>signs</b>.", change=Change.INITIAL)
    feed = atom(site_on([policy(odd)], date(2024, 5, 1)))
    assert feed.findtext("a:entry/a:content", namespaces=ATOM) == (
        "<p>A <em>summary</em> with  &amp; <b>signs</b>.</p>"
    )


def test_the_feed_of_the_site_joins_all_policies_newest_first() -> None:
    others = policy(version("b1", "2023-06-01"), version("b2", "2024-04-20"))
    of = site_on([policy(FIRST, NEXT), others], date(2024, 5, 1), "Example", "https://policies.example.com/")
    titles = [entry.published for entry in feeds.site_feed(of, feeds.site_entries(of), prose).entries]
    assert titles == [date(2024, 4, 20), date(2024, 4, 1), date(2023, 6, 1), date(2023, 3, 18)]


def test_json_feed_says_the_same_as_atom() -> None:
    of = site()
    feed = feeds.policy_feed(of, of.histories[0], prose)
    told = json.loads(feeds.json_feed(feed))
    assert told["feed_url"] == "https://policies.example.com/policy/feed.json"
    assert [(item["id"], item["url"], item["date_published"]) for item in told["items"]] == [
        (
            entry.findtext("a:id", namespaces=ATOM),
            entry.xpath("string(a:link/@href)", namespaces=ATOM),
            entry.findtext("a:published", namespaces=ATOM),
        )
        for entry in atom(of).iterfind("a:entry", ATOM)
    ]


def test_a_feed_of_a_policy_without_versions_is_empty_and_whole() -> None:
    feed = atom(site_on([policy()], date(2024, 5, 1), "Example"))
    assert feed.find("a:entry", ATOM) is None
    assert feed.findtext("a:updated", namespaces=ATOM) == "2024-05-01T00:00:00Z"


def many(count: int) -> Site:
    """A site with one policy of so many versions, labelled by their place from the oldest."""
    of = site()
    first = of.histories[0].standings[-1]
    standings = [replace(first, label=str(n), published=date(2000, 1, 1) + timedelta(days=n)) for n in range(count)]
    return replace(of, histories=(replace(of.histories[0], standings=tuple(reversed(standings))),))


@pytest.mark.parametrize(("count", "archives"), [(0, 0), (50, 0), (51, 1), (99, 1), (100, 2), (137, 2)])
def test_every_entry_is_in_the_feed_or_in_an_archive_that_stays_as_it_is(count: int, archives: int) -> None:
    of = many(count)
    assert feeds.archives(count) == archives
    documents = [feeds.policy_feed(of, of.histories[0], prose, number) for number in range(archives + 1)]
    assert {entry.id.rpartition("/")[2] for feed in documents for entry in feed.entries} == set(map(str, range(count)))
    later = many(count + 1)
    for number, feed in enumerate(documents[1:], 1):
        assert len(feed.entries) == feeds.ENTRIES
        again = feeds.policy_feed(later, later.histories[0], prose, number)
        assert again.entries == feed.entries
    whole = [feeds.site_feed(of, feeds.site_entries(of), prose, number) for number in range(archives + 1)]
    assert [feed.entries for feed in whole] == [feed.entries for feed in documents]


def test_archives_are_linked_as_rfc_5005_says() -> None:
    of = many(160)

    def links(number: int) -> dict[str, str]:
        feed = etree.fromstring(feeds.atom(feeds.policy_feed(of, of.histories[0], prose, number)))
        assert (feed.find(f"{{{feeds.HISTORY}}}archive") is not None) == (number > 0)
        found = {link.get("rel", ""): link.get("href", "").rpartition("/")[2] for link in feed.iterfind("a:link", ATOM)}
        return {relation: name for relation, name in found.items() if relation != "alternate"}

    assert links(0) == {"self": "feed.xml", "prev-archive": "feed-3.xml"}
    assert links(3) == {"self": "feed-3.xml", "current": "feed.xml", "prev-archive": "feed-2.xml"}
    assert links(1) == {"self": "feed-1.xml", "current": "feed.xml", "next-archive": "feed-2.xml"}
