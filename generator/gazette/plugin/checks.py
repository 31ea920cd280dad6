"""What MkDocs looks after in ordinary pages only, done for archive pages: links and anchors, other plugins."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType

from markupsafe import escape
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as DocumentationPage

from gazette.plugin.files import OutputFile
from gazette.plugin.telling import log
from gazette.policy.timeline import State
from gazette.site.links import Link, broken
from gazette.site.model import History, Site


def check_links(
    site: Site, links: Callable[[History], tuple[Link, ...]], anchors: Mapping[str, frozenset[str]], level: int
) -> None:
    """Links in published texts. What nobody has to read any more is no fault."""
    for history in site.histories:
        for link, why in broken(links(history), anchors):
            standing = history.standing(link.label)
            is_read = standing is not None and standing.state in (State.IN_FORCE, State.ANNOUNCED)
            place = f"{history.id}, version {link.label}, section '{link.section}'"
            log.log(level if is_read else logging.INFO, f"{place}: the link '{link.target}' {why}.")


def check_anchors(files: Files, level: int) -> None:
    """That archive pages have the places that ordinary pages link to."""
    for page in (file.page for file in files.documentation_pages()):
        for file, anchors in (page.links_to_anchors or {}).items() if page else ():
            if isinstance(file, OutputFile):
                _check_anchors(page, file, anchors, level)


#: Events of single pages. What `search` does there, archive pages are left out of on purpose.
_PAGE_EVENTS = ["pre_page", "page_read_source", "page_markdown", "page_content", "page_context", "post_page"]
_UNCONCERNED = frozenset({"gazette", "search", "material/search"})


def page_plugins(config: MkDocsConfig) -> list[str]:
    """Names of the plugins and hooks that act on each page, and so would miss those that MkDocs does not know."""

    def acts(plugin: object, event: str) -> bool:
        found = getattr(plugin if isinstance(plugin, ModuleType) else type(plugin), f"on_{event}", None)
        return found is not None and found is not getattr(BasePlugin, f"on_{event}", None)

    found: list[tuple[str, object]] = list(config.plugins.items())
    return [name for name, one in found if name not in _UNCONCERNED and any(acts(one, event) for event in _PAGE_EVENTS)]


def _check_anchors(page: DocumentationPage | None, file: File, anchors: Mapping[str, str], level: int) -> None:
    """That an archive page has the places that an ordinary page links to, as MkDocs says it of its own pages."""
    if page is None or not file.dest_uri.endswith(".html"):
        return
    written = Path(file.abs_dest_path).read_text(encoding="utf-8")
    for anchor, link in anchors.items():
        if f'id="{escape(anchor)}"' not in written:
            what = f"the page '{file.dest_uri}' does not contain an anchor '#{anchor}'"
            log.log(level, f"Doc file '{page.file.src_uri}' contains a link '{link}', but {what}.")
