"""The pages of the site as values: which there are, where, and what each one says.

A page holds only what it shows. Whatever it is made from besides (texts, templates, the shell) is found by the pins,
digests and kind in it, so that an unchanged page is an equal value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from gazette.site import addresses
from gazette.site.chronicle import Lead
from gazette.site.model import History, Site, Standing
from gazette.site.words import words


class Kind(StrEnum):
    """A kind of page; its body is the template `gazette/<kind>.html`."""

    FRONT = "front"
    IN_FORCE = "in_force"
    VERSIONS = "versions"
    CHANGES = "changes"
    VERSION = "version"
    REDLINE = "redline"
    SECTIONS = "sections"
    SECTION = "section_history"
    COMPARE = "compare"
    SINCE = "since"


#: Kinds of page that are filled into a shell, are `noindex`, and are in neither search nor navigation.
ARCHIVE = frozenset({Kind.VERSION, Kind.REDLINE, Kind.SECTIONS, Kind.SECTION, Kind.COMPARE, Kind.SINCE})


class Frame(NamedTuple):
    """What the theme puts around a page: the same around all pages of a kind at one depth below the site's root."""

    kind: Kind
    depth: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `address` is its path from the site's root; `title` and `description` are plain text.

    `policy` and `policy_title` name the policy it belongs to, of which some version `applies` or none yet; `standing`
    is the version that it is about. `history` is there only on ordinary pages and those that compare, `site` on the
    front page: an archive page does not change because another version, far from it, came or went.
    """

    kind: Kind
    address: str
    title: str
    description: str
    language: str
    policy: str = ""
    policy_title: str = ""
    contact: str = ""
    standing: Standing | None = None
    applies: bool = False
    history: History | None = None
    site: Site | None = None
    section: str = ""  # the id that a section's history is asked for by
    standings: tuple[Standing, ...] = ()  # of the versions that did something to the section, oldest first
    is_introduced: bool = False  # the front page has words of its own above

    @property
    def is_archive(self) -> bool:
        return self.kind in ARCHIVE

    @property
    def frame(self) -> Frame:
        return Frame(self.kind, self.address.count("/"))

    @property
    def short_title(self) -> str:
        """The title as it stands in a navigation that has the site's name above it."""
        return words(self.language)("All policies") if self.kind is Kind.FRONT else self.title

    @property
    def relations(self) -> tuple[tuple[str, str], ...]:
        """Link relations of this page: (relation, address), as RFC 5829 and RFC 7089 name them."""
        return tuple(_relations(self)) if self.policy else ()


def front_page(site: Site) -> Page:
    """The list of all policies."""
    _ = words(site.language)
    description = _("The policies of %(name)s: what is in force, since when, and what changed.") % {"name": site.name}
    return Page(Kind.FRONT, addresses.FRONT, site.name, description, site.language, site=site)


def ordinary_pages(history: History) -> tuple[Page, ...]:
    """The pages of a policy that readers search and browse: the text in force, all versions, the changelog."""
    _ = words(history.language)
    title = {"title": history.title}
    return (
        _page(Kind.IN_FORCE, addresses.in_force(history.id), history.title, history, _in_force_in_words(history)),
        _page(
            Kind.VERSIONS,
            addresses.versions(history.id),
            _("%(title)s: versions") % title,
            history,
            _("Every published version of %(title)s, with its dates.") % title,
        ),
        _page(
            Kind.CHANGES,
            addresses.changes(history.id),
            _("%(title)s: changes") % title,
            history,
            _("What changed in %(title)s, when, and from when it applies.") % title,
        ),
    )


def archive_pages(history: History) -> Iterator[Page]:
    """One page for each version and one for each redline, newest first."""
    _ = words(history.language)
    for standing in history.standings:
        named = {"title": history.title, "label": standing.label, "date": _.date(standing.effective)}
        yield _page(
            Kind.VERSION,
            addresses.version(history.id, standing.label),
            _("%(title)s, version %(label)s") % named,
            history,
            _("%(title)s in the version %(label)s, applicable from %(date)s.") % named,
            standing,
        )
        if standing.predecessor is not None:
            yield _page(
                Kind.REDLINE,
                addresses.redline(history.id, standing.label),
                _("%(title)s: what changed in version %(label)s") % named,
                history,
                _("What version %(label)s of %(title)s changed, applicable from %(date)s.") % named,
                standing,
            )


def comparing_pages(history: History) -> tuple[Page, ...]:
    """The pages that compare any two versions, and what was in force on a day with what is now."""
    _ = words(history.language)
    title = {"title": history.title}
    compare, since = _("%(title)s: compare versions") % title, _("%(title)s: what changed since a day") % title
    return (
        _page(
            Kind.COMPARE,
            addresses.compare(history.id),
            compare,
            history,
            _("What changed between any two versions of %(title)s.") % title,
        ),
        _page(
            Kind.SINCE,
            addresses.since(history.id),
            since,
            history,
            _("What changed in %(title)s since a day of your choice.") % title,
        ),
    )


def sections_page(history: History) -> Page:
    """The sections that a policy has and had."""
    _ = words(history.language)
    title = {"title": history.title}
    return _page(
        Kind.SECTIONS,
        addresses.sections(history.id),
        _("%(title)s: sections") % title,
        history,
        _("The sections of %(title)s, those that are gone too, each with its history.") % title,
    )


def section_page(history: History, lead: Lead) -> Page:
    """A section through time, under one of its ids."""
    _ = words(history.language)
    named = {"title": history.title, "section": lead.title}
    page = _page(
        Kind.SECTION,
        addresses.section(history.id, lead.name),
        _("%(section)s: history of a section of %(title)s") % named,
        history,
        _("Every wording of the section “%(section)s” of %(title)s, and what changed from one to the next.") % named,
    )
    standings = {standing.label: standing for standing in history.standings}
    return replace(page, section=lead.name, standings=tuple(standings[label] for label in lead.labels))


def _page(
    kind: Kind, address: str, title: str, history: History, description: str, standing: Standing | None = None
) -> Page:
    in_force = history.in_force
    return Page(
        kind=kind,
        address=address,
        title=title,
        description=description,
        language=history.language,
        policy=history.id,
        policy_title=history.title,
        contact=history.contact,
        standing=in_force if kind is Kind.IN_FORCE else standing,
        applies=in_force is not None,
        history=None if kind in (Kind.VERSION, Kind.REDLINE) else history,
    )


def _in_force_in_words(history: History) -> str:
    _ = words(history.language)
    if history.in_force is None:
        return _("%(title)s: no version is in force yet.") % {"title": history.title}
    facts = {"title": history.title, "label": history.in_force.label, "date": _.date(history.in_force.effective)}
    return _("%(title)s, version %(label)s, in force since %(date)s.") % facts


def _relations(page: Page) -> Iterator[tuple[str, str]]:
    policy, standing = page.policy, page.standing
    yield "version-history", addresses.versions(policy)
    yield "timemap", addresses.timemap(policy)
    if page.applies:
        yield "latest-version", addresses.in_force(policy)
    if page.kind is Kind.VERSION:
        yield "original", addresses.in_force(policy)
    if standing is not None and page.kind in (Kind.IN_FORCE, Kind.VERSION):
        if standing.predecessor is not None:
            yield "predecessor-version", addresses.version(policy, standing.predecessor.label)
        if standing.successor is not None:
            yield "successor-version", addresses.version(policy, standing.successor.label)


def years(standings: Iterable[Standing]) -> tuple[tuple[int, tuple[Standing, ...]], ...]:
    """Versions, newest first, by the year of their publication."""
    grouped: dict[int, list[Standing]] = {}
    for standing in standings:
        grouped.setdefault(standing.published.year, []).append(standing)
    return tuple((year, tuple(standings)) for year, standings in grouped.items())


#: With more versions than these, lists of them are folded by year.
LONG = 60


def is_long(listed: Sized) -> bool:
    """Whether a list of versions is longer than anyone reads through."""
    return len(listed) > LONG
