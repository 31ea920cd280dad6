"""Gazette's pages and files as MkDocs sees them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Protocol

from markupsafe import escape
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import StructureItem
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Section
from mkdocs.structure.pages import Page as DocumentationPage

from gazette.errors import ContentError, Problem
from gazette.plugin.frames import contents, meta
from gazette.plugin.telling import said
from gazette.policy.reading import POLICY_FILE, shown
from gazette.site.bodies import Body
from gazette.site.pages import Kind, Page
from gazette.site.publication import Batch


class PolicyPage(DocumentationPage):
    """An ordinary MkDocs page whose HTML comes from Gazette instead of Markdown."""

    def __init__(
        self, page: Page, file: File, config: MkDocsConfig, body: Callable[[Page], Body], updated: date
    ) -> None:
        self._made = self._content = ""
        self._page, self._body = page, body
        super().__init__(str(escape(page.short_title)), file, config)
        self.update_date = updated.isoformat()

    @property
    def content(self) -> str:
        """The HTML. Between its making and its writing all other pages are made: what no plugin changed is looked up
        again instead of being held."""
        return self._content or self._made or self._body(self._page).html

    @content.setter
    def content(self, html: str | None) -> None:
        self._content = "" if html is None or html is self._made else html
        self._made = ""

    def read_source(self, config: MkDocsConfig) -> None:
        self.markdown = ""
        self.meta = meta(self._page.title, self._page.description, self._page.kind)
        if self._page.kind is Kind.FRONT:
            del self.meta["title"]
        if self._page.kind is Kind.VERSIONS:
            self.meta["search"] = {"exclude": True}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        body = self._body(self._page)
        self.meta["gazette_head"] = body.head
        self._made = body.html
        self.toc = contents(self._page.title, body.contents)
        self.present_anchor_ids = set(body.ids)


class Placing(Protocol):
    """Puts a file of a batch where it belongs."""

    def __call__(self, batch: Batch, path: str) -> None: ...


class OutputFile(File):
    """A file that is made when it is written. It is no documentation page, whatever its name.

    There are many of them, so that each has only what sets it apart; MkDocs' own making of a file takes its path apart
    and puts it together again.
    """

    generated_by = "gazette"
    src_dir = None
    abs_src_path = None
    inclusion = InclusionLevel.NOT_IN_NAV
    use_directory_urls = True

    def __init__(self, path: str, batch: Batch, site: str, place: Placing) -> None:
        self.src_uri = self.dest_uri = path
        self.dest_dir = site
        self._batch, self._place = batch, place

    @property  # type: ignore[misc]  # MkDocs lets it be set; this one is where it is
    def src_path(self) -> str:
        return os.path.normpath(self.src_uri)

    @property  # type: ignore[misc]  # MkDocs lets content be set; this one is made
    def content_bytes(self) -> bytes:
        return said(next(output for output in self._batch.outputs() if output.path == self.dest_uri).make)

    @property  # type: ignore[misc]  # MkDocs lets content be set; this one is made
    def content_string(self) -> str:
        return self.content_bytes.decode()

    def copy_file(self, dirty: bool = False) -> None:
        self._place(self._batch, self.dest_uri)

    def is_modified(self) -> bool:
        return True

    def is_documentation_page(self) -> bool:
        return False


def remove_sources(files: Files) -> None:
    """Everything under a folder that holds policy.yml is Gazette's, and no page or file of MkDocs' own."""
    folders = tuple(
        file.src_uri.removesuffix(POLICY_FILE) for file in files if file.src_uri.endswith(f"/{POLICY_FILE}")
    )
    for file in [file for file in files if file.src_uri.startswith(folders)]:
        files.remove(file)


def add(made: Iterable[File], files: Files, root: Path) -> None:
    """Put Gazette's files among MkDocs'; an address that both want is an error, since one would hide the other."""
    others = {file.dest_uri: file for file in files if file.generated_by is None and file.src_dir is not None}
    problems: list[Problem] = []
    for file in made:
        if (other := others.get(file.dest_uri)) is not None:
            what = f"has the address of Gazette's {file.dest_uri}"
            problems.append(Problem(shown(Path(other.abs_src_path or other.src_uri), root), 0, what, "rename the file"))
        else:
            files.append(file)
    if problems:
        raise ContentError(problems)


def page_file(
    page: Page, path: str, config: MkDocsConfig, body: Callable[[Page], Body], updated: date, is_listed: bool = True
) -> File:
    listed = config.nav is None and (page.kind is Kind.FRONT or (page.kind is Kind.IN_FORCE and is_listed))
    inclusion = InclusionLevel.INCLUDED if listed else InclusionLevel.NOT_IN_NAV
    file = File.generated(config, path, content="", inclusion=inclusion)
    PolicyPage(page, file, config, body, updated)
    return file


def flattened(items: Iterable[StructureItem]) -> list[StructureItem]:
    """A folder that holds nothing but a policy's page in force is that page."""
    flat: list[StructureItem] = []
    for item in items:
        child = item.children[0] if isinstance(item, Section) and len(item.children) == 1 else None
        if isinstance(child, PolicyPage):
            child.parent = item.parent
            flat.append(child)
        else:
            flat.append(item)
    return flat
