"""The inside of a page: from a `Page` value and its texts to HTML.

Takes pages and an `Archive`; gives the body, the additions to `<head>`, and the table of contents. Templates are looked
up with the loader that is handed in, so that a theme's overrides come first; they escape what they print.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial

from jinja2 import BaseLoader
from markupsafe import Markup

from gazette.policy.keeping import Kept
from gazette.policy.rendering import Heading, RenderedSection
from gazette.site import addresses
from gazette.site.archive import Archive
from gazette.site.compiled import Compiled
from gazette.site.model import History, Reference, Standing
from gazette.site.pages import Kind, Page, is_long, years
from gazette.site.placing import Place, RedlinePlace, placed
from gazette.site.redlines import RedlinePart, ShownRedline
from gazette.site.section_history import entries
from gazette.site.section_index import listed
from gazette.site.templating import environment, rendered
from gazette.site.timeline import timeline
from gazette.site.words import words

#: How many characters of framed sections are kept in memory.
KEPT_CHARACTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a table of contents; `title` is inline HTML without links."""

    id: str
    title: str
    level: int
    children: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """What goes into a page: `html` into its article, `head` into its head."""

    html: str
    head: str
    contents: tuple[Entry, ...] = ()
    ids: frozenset[str] = frozenset()


class Bodies:
    """Makes the bodies of pages. `loader` finds the templates `gazette/….html`; `compiled` may know some already."""

    def __init__(
        self, archive: Archive, loader: BaseLoader, site_url: str = "", compiled: Compiled | None = None
    ) -> None:
        self._archive = archive
        self._site_url = site_url
        self._environment = cache(partial(environment, loader, compiled=compiled))
        self._sections: Kept[Markup] = Kept(KEPT_CHARACTERS, len)

    def body(self, page: Page) -> Body:
        """The body of `page`. Texts of archive pages are read policy by policy: ask for them in that order."""
        facts: dict[str, object] = {}
        contents: tuple[Entry, ...] = ()
        ids = frozenset({addresses.TOP})
        if page.kind in (Kind.IN_FORCE, Kind.VERSION) and page.standing is not None:
            sections = self._archive.sections(page.policy, page.standing.label)
            contents = tuple(map(_entry, sections))
            facts["text"] = self._shown(sections, page)
            if page.history is not None:
                ids = ids.union(*(section.ids | {section.id} for section in sections))
                facts["ages"] = {age.id: age for age in self._archive.chronicle(page.history).ages}
                facts["sections"] = tuple((section.id, self._section(section, page)) for section in sections)
        elif page.kind is Kind.REDLINE and page.standing is not None and page.standing.predecessor is not None:
            redline = self._redline(page, page.standing, page.standing.predecessor)
            parts = redline.parts
            contents = tuple(
                Entry(part.anchor, html.escape(part.title), 2) for part in parts if part.is_changed and not part.is_away
            )
            facts |= {"redline": redline, "parts": parts}
        elif page.kind is Kind.SECTION and page.history is not None:
            facts |= self._section_history(page, page.history)
        elif page.kind is Kind.SECTIONS and page.history is not None:
            facts["groups"] = listed(page.history, self._archive.chronicle(page.history))
        elif page.kind is Kind.CHANGES and page.history is not None:
            facts |= {"years": years(page.history.standings), "is_long": is_long(page.history.standings)}
            facts |= {"steps": self._archive.chronicle(page.history).steps}
            facts["timeline"] = timeline(page.history)
            contents = tuple(Entry(str(year), str(year), 2) for year, _ in years(page.history.standings))
        elif page.kind in (Kind.VERSIONS, Kind.COMPARE, Kind.SINCE) and page.history is not None:
            facts["years"] = years(page.history.standings) if is_long(page.history.standings) else ()
        return Body(self._render(page, page.kind, facts), self._render(page, "head", {}), contents, ids)

    def _redline(self, page: Page, new: Standing, old: Reference) -> ShownRedline:
        """The redline from `old` to `new`, with its addresses as seen from `page`."""
        redline = self._archive.shown(page.policy, old.label, new.label)
        shown = {section.id: section for section in self._archive.sections(page.policy, new.label)}
        place = RedlinePlace(
            up=addresses.relative(addresses.in_force(page.policy), page.address),
            new=addresses.relative(addresses.version(page.policy, new.label), page.address),
            old=addresses.relative(addresses.version(page.policy, old.label), page.address),
            anchors=frozenset(shown).union(*(section.ids for section in shown.values())),
            assets=frozenset(path for path, _ in self._archive.text(page.policy, new.label).assets),
        )

        def marked(part: RedlinePart) -> str:
            if part.is_changed:
                return placed(part.html, place)
            return self._shown([shown[section] for section in part.ids], page)

        return replace(redline, parts=tuple(replace(part, html=Markup(marked(part))) for part in redline.parts))

    def _section_history(self, page: Page, history: History) -> dict[str, object]:
        """A section through time, addresses as seen from `page`."""
        found = self._archive.chronicle(history)
        thread, weave = found.section(page.section)
        place = Place(addresses.relative(addresses.in_force(page.policy), page.address))
        standings = {standing.label: standing for standing in page.standings}
        shown = {
            entry.event.label: {
                "event": entry.event,
                "standing": standings[entry.event.label],
                "is_first": entry.is_first,
                "parts": tuple(replace(part, html=Markup(_here(part.html, place))) for part in entry.parts),
            }
            for entry in entries(found, thread, weave, partial(self._archive.passage, page.policy))
        }
        grouped = years(reversed(page.standings)) if is_long(page.standings) else ()
        by_year = tuple((year, tuple(shown[one.label] for one in members)) for year, members in grouped)
        current = thread.present.get(history.in_force.label) if history.in_force else None
        return {"thread": thread, "entries": tuple(shown.values()), "years": by_year, "current": current}

    def _shown(self, sections: Iterable[RenderedSection], page: Page) -> Markup:
        """Sections in their frames, as seen from `page`."""
        place = _place(page)
        plain = place._replace(images="")  # so that pages which differ only there share the section
        shown = [self._framed(one, place if "assets/" in one.body else plain, page.language) for one in sections]
        return Markup("".join(shown))

    def _section(self, section: RenderedSection, page: Page) -> Markup:
        return self._shown([section], page)

    def _framed(self, section: RenderedSection, place: Place, language: str) -> Markup:
        """A section in its frame; kept, since most versions share most of their sections."""

        def make() -> Markup:
            body = placed(section.body, place)
            shown = {
                "id": section.id,
                "title": Markup(placed(section.title, place)),
                "body": Markup(_anchored(body, language) if section.headings else body),
            }
            template = self._environment(language).get_template("gazette/section.html")
            return Markup(rendered(template, {"section": shown, "language": language}))

        return self._sections.get((section.id, section.title, section.body, place, language), make)

    def _summary(self, standing: Standing, policy: str, address: str) -> Markup:
        """A version's summary. What it names with `#…` is a section of that version."""
        own = addresses.relative(addresses.version(policy, standing.label), address)
        up = addresses.relative(addresses.in_force(policy), address)
        return Markup(placed(self._archive.prose(standing.summary), Place(up, own, own)))

    def _render(self, page: Page, template: str, facts: dict[str, object]) -> str:
        found = self._environment(page.language).get_template(f"gazette/{template}.html")
        about: dict[str, object] = {
            "page": page,
            "link": partial(addresses.relative, start=page.address),
            "absolute": partial(addresses.absolute, site_url=self._site_url),
            "summary": lambda standing, policy=page.policy: self._summary(standing, policy, page.address),
        }
        return rendered(found, about | facts)


def _here(markup: str, place: Place) -> str:
    """A passage of any version, on a page that has none of its anchors: they are the policy's."""
    return placed(markup, place._replace(own=place.up))


@lru_cache(maxsize=1024)
def _entry(section: RenderedSection) -> Entry:
    return Entry(section.id, _unlinked(section.title), 2, tuple(_nested(section.headings)))


def _nested(headings: tuple[Heading, ...]) -> Iterator[Entry]:
    """The headings of the shallowest level; deeper ones make a table of contents that nobody reads."""
    top = min((heading.level for heading in headings), default=3)
    return (Entry(h.id, _unlinked(h.title), 3) for h in headings if h.level == top)


_LINK = re.compile(r"</?a\b[^>]*>")


def _unlinked(title: str) -> str:
    return _LINK.sub("", title)


def _place(page: Page) -> Place:
    """Where the texts on `page` are seen from."""
    up = addresses.up(page.address).removeprefix("../")
    label = page.standing.label if page.standing else ""
    images = "" if page.kind is Kind.VERSION else f"{up}versions/{label}/" if label else up
    return Place(up, images)


_HEADING = re.compile(r"""(<h([3-6])[^<>]*? ?id="([^"]+)"[^<>]*>)(.*?)(</h\2>)""", re.DOTALL)


def _anchored(markup: str, language: str) -> str:
    """`markup` with a permanent link in each heading."""
    title = html.escape(words(language)("Permanent link"))

    def anchor(match: re.Match[str]) -> str:
        return f'{match[1]}{match[4]}<a class="headerlink" href="#{match[3]}" title="{title}">¶</a>{match[5]}'

    return _HEADING.sub(anchor, markup)
