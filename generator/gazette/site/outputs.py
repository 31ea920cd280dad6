"""Which files there are about a policy, and about all of them, besides ordinary pages, and how each is made.

Gives `Output` values: a path, a way to make it, and what it is made from. Nothing is made before it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib.resources import files

from gazette.policy.canonical import canonical_text
from gazette.policy.keeping import key_of
from gazette.site import addresses, comparing, feeds, manifests, spoken_marks
from gazette.site.archive import Archive
from gazette.site.model import History, Site, Standing
from gazette.site.pages import Kind, Page, archive_pages, comparing_pages, section_page, sections_page
from gazette.site.placing import Place, placed
from gazette.site.publication import Output
from gazette.site.sitemap import sitemap


def site_outputs(site: Site, archive: Archive, inputs: str) -> Iterator[Output]:
    """Feeds, manifests and what all pages share. `inputs` names all that a file about all policies can say."""
    entries = feeds.site_entries(site)
    feed = partial(feeds.site_feed, site, entries, partial(_summary, site, archive))
    yield Output(addresses.FEED, lambda: feeds.atom(feed()), inputs=inputs)
    yield Output(addresses.JSON_FEED, lambda: feeds.json_feed(feed()), inputs=inputs)
    for number in range(1, feeds.archives(len(entries)) + 1):
        yield _feed_archive(site, "", entries, feed, number)
    yield Output(addresses.POLICIES, partial(manifests.policies_json, site), inputs=inputs)
    yield Output(addresses.schema("versions"), manifests.versions_schema, inputs=key_of("schema"))
    yield Output(addresses.schema("policies"), manifests.policies_schema, inputs=key_of("schema"))
    yield Output(addresses.SCRIPT, partial(_asset, "gazette.js"), inputs=key_of("script"))
    languages = sorted({history.language for history in site.histories})
    yield Output(addresses.STYLESHEET, partial(_style_sheet, languages), inputs=key_of("style", languages))


def policy_outputs(
    site: Site, history: History, archive: Archive, fill: Callable[[Page], bytes], inputs: str
) -> Iterator[Output]:
    """The files in the folder of a policy. `inputs` names all that one of them can say."""

    def opened(make: Callable[[], bytes]) -> bytes:
        archive.open(history.id)
        return make()

    for page in archive_pages(history):
        path = addresses.file_of(page.address)
        if page.kind is Kind.VERSION and page.standing is not None:
            label = page.standing.label
            text = partial(_canonical, archive, history.id, label)
            tree = archive.tree(history.id, label)
            yield Output(addresses.canonical_text(history.id, label), partial(opened, text), inputs=key_of(tree))
            images = partial(archive.images, history.id, label)
            made = partial(opened, partial(fill, page))
            yield Output(path, made, page, images, archive_inputs(page, archive))
        else:
            yield Output(path, partial(opened, partial(fill, page)), page, inputs=archive_inputs(page, archive))
    yield from _section_outputs(history, archive, opened, fill, inputs)
    for page in comparing_pages(history):
        yield Output(addresses.file_of(page.address), partial(fill, page), page, inputs=inputs)
    index = partial(opened, lambda: comparing.index_json(history, archive.chronicle(history)))
    yield Output(f"{addresses.compare(history.id)}{comparing.INDEX}", index, inputs=inputs)
    feed = partial(feeds.policy_feed, site, history, partial(_summary, site, archive))
    yield Output(addresses.feed(history.id), lambda: feeds.atom(feed()), inputs=inputs)
    yield Output(addresses.json_feed(history.id), lambda: feeds.json_feed(feed()), inputs=inputs)
    for number in range(1, feeds.archives(len(history.standings)) + 1):
        entries = [(history, standing) for standing in history.standings]
        yield _feed_archive(site, history.id, entries, feed, number)
    manifest = partial(opened, lambda: manifests.versions_json(history, archive.chronicle(history).ages))
    yield Output(addresses.manifest(history.id), manifest, inputs=inputs)
    yield Output(addresses.timemap(history.id), partial(manifests.timemap, history, site), inputs=inputs)
    yield Output(addresses.sitemap(history.id), partial(sitemap, history, site.url), inputs=inputs)


def _section_outputs(
    history: History,
    archive: Archive,
    opened: Callable[[Callable[[], bytes]], bytes],
    fill: Callable[[Page], bytes],
    inputs: str,
) -> Iterator[Output]:
    """The list of sections, and a page for each id that one ever had; beside that of its newest id lie its wordings."""
    page = sections_page(history)
    yield Output(addresses.file_of(page.address), partial(opened, partial(fill, page)), page, inputs=inputs)

    def wordings(name: str) -> Mapping[str, bytes]:
        return comparing.wordings_files(
            archive.chronicle(history).section(name)[1], partial(archive.passage, history.id)
        )

    for lead in archive.leads(history):
        page = section_page(history, lead)
        beside = partial(wordings, lead.name) if lead.name == lead.id else dict
        made = partial(opened, partial(fill, page))
        yield Output(addresses.file_of(page.address), made, page, beside, key_of(replace(page, history=None), lead.key))


def archive_inputs(page: Page, archive: Archive) -> str:
    """Names all that the page of a version or a redline says: itself and the texts that it shows."""
    labels = [shown.label for shown in (page.standing, page.standing and page.standing.predecessor) if shown]
    return key_of(page, [archive.tree(page.policy, label) for label in labels])


def _summary(site: Site, archive: Archive, history: History, standing: Standing) -> str:
    """A summary for readers of feeds, which have no page that its links could be relative to."""
    own = addresses.absolute(addresses.version(history.id, standing.label), site.url)
    up = addresses.absolute(addresses.in_force(history.id), site.url)
    return placed(archive.prose(standing.summary), Place(up, own, own))


def _feed_archive(
    site: Site, policy: str, entries: Sequence[feeds.Entry], feed: Callable[..., feeds.Feed], number: int
) -> Output:
    """The archive of this number of the feed of a policy, or of the site."""
    shown = [(one.id, one.title, one.language, standing) for one, standing in feeds.part(entries, number)]
    is_last = number == feeds.archives(len(entries))
    inputs = key_of(site.name, site.url, site.language, shown, is_last)
    return Output(addresses.feed_archive(policy, number), lambda: feeds.atom(feed(number=number)), inputs=inputs)


def _canonical(archive: Archive, policy: str, label: str) -> bytes:
    return canonical_text(archive.text(policy, label)).encode()


def _style_sheet(languages: Iterable[str]) -> bytes:
    """The style sheet without what only its editors read: comments and indents."""
    written = re.sub(rb"/\*.*?\*/\s*|^[ ]+", b"", _asset("gazette.css"), flags=re.DOTALL | re.MULTILINE)
    return written + spoken_marks.rules(languages).encode()


def _asset(name: str) -> bytes:
    return files("gazette.site").joinpath("assets", name).read_bytes()
