"""The theme's frame around archive pages: rendered once for each kind and depth, or, without places for what goes in,
around each page by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment
from markupsafe import escape
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as DocumentationPage
from mkdocs.structure.toc import AnchorLink, TableOfContents

from gazette.plugin.telling import log
from gazette.policy.keeping import key_of
from gazette.site import addresses, inline_scripts, shell
from gazette.site.bodies import Body, Entry
from gazette.site.pages import Frame, Kind, Page
from gazette.site.shell import Filling, Shell, ShellError

#: The template of all pages of ours; it extends the theme's.
TEMPLATE = "gazette/page.html"


class Frames:
    """The theme's frame around archive pages: one shell for each kind and depth, or each page by itself."""

    def __init__(self, env: Environment, nav: Navigation, files: Files, config: MkDocsConfig) -> None:
        self._template = env.get_template(TEMPLATE)
        self._nav, self._config = nav, config
        self._documents = files.documentation_pages()
        self._shells: dict[tuple[Frame, bool], Shell | None] = {}
        self._names: dict[Frame, str | None] = {}
        self._complaints: set[str] = set()  # that were said
        self.scripts: frozenset[str] = frozenset()  # inline ones, as a Content-Security-Policy names them

    def fill(self, page: Page, body: Body) -> str:
        """The whole page: from a shell, or, where the theme has no places for one, by the theme alone."""
        filling = self.filling(page, body)
        found = self._shell(page.frame, bool(body.contents))
        return found.fill(filling) if found is not None else self.render(page.frame, filling)

    def name(self, frame: Frame) -> str | None:
        """Names the frame; None where the theme renders each page in it by itself."""
        if frame not in self._names:
            names = [found.name for has in (True, False) if (found := self._shell(frame, has)) is not None]
            self._names[frame] = key_of(names) if len(names) == 2 else None
        return self._names[frame]

    def filling(self, page: Page, body: Body) -> Filling:
        address = addresses.absolute(page.address, self._config.site_url) if self._config.site_url else ""
        return Filling(page.title, page.description, address, body.head, body.html, body.contents)

    def render(self, frame: Frame, filling: Filling) -> str:
        """The page by the theme alone, which is told the page's depth but not its place: links differ only by depth."""
        path = "_/" * frame.depth + "index.md"
        file = File.generated(self._config, path, content="", inclusion=InclusionLevel.NOT_IN_NAV)
        document = DocumentationPage(str(escape(filling.title)), file, self._config)
        document.canonical_url = filling.address or None
        document.abs_url = urlsplit(filling.address).path or None
        document.meta = meta(filling.title, filling.description, frame.kind) | {"gazette_head": filling.head}
        document.content = filling.article
        document.toc = contents(filling.title, filling.contents)
        context = get_context(self._nav, self._documents, self._config, document)
        rendered = self._template.render(context)
        self.scripts |= inline_scripts.sources(rendered)
        return rendered

    def _shell(self, frame: Frame, has_contents: bool) -> Shell | None:
        key = (frame, has_contents)
        if key not in self._shells:
            self._shells[key] = self._made(frame, shell.MARKS if has_contents else shell.MARKS_WITHOUT_CONTENTS)
        return self._shells[key]

    def _made(self, frame: Frame, marks: Filling) -> Shell | None:
        try:
            return Shell(self.render(frame, marks))
        except ShellError as error:
            theme = self._config.theme.name or "this theme"
            if str(error) not in self._complaints:
                log.info(f"The theme {theme} renders each archive page by itself, which takes longer: {error}.")
            self._complaints.add(str(error))
            return None


def meta(title: str, description: str, kind: Kind) -> dict[str, Any]:
    """A page's front matter, as if it had been written; themes print it unescaped."""
    return {
        "title": str(escape(title)),
        "description": str(escape(description)),
        "template": TEMPLATE,
        "gazette_kind": kind.value,
    }


def contents(title: str, entries: Sequence[Entry]) -> TableOfContents:
    """MkDocs' table of contents: the page's title, and in it the sections with their headings."""
    top = AnchorLink(str(escape(title)), addresses.TOP, 1)
    top.children = list(map(_anchor, entries))
    return TableOfContents([top])


def _anchor(entry: Entry) -> AnchorLink:
    link = AnchorLink(entry.title, entry.id, entry.level)
    link.children = list(map(_anchor, entry.children))
    return link
