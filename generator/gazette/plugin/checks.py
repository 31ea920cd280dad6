"""What MkDocs looks after in ordinary pages only, done for archive pages: links and anchors, other plugins."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
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
from gazette.site.links import BuiltSite, Link, Trouble, broken, names_in
from gazette.site.model import History, Site


def check_links(
    site: Site, links: Mapping[str, Iterable[Link]], anchors: Mapping[str, frozenset[str]], config: MkDocsConfig
) -> None:
    """Links in published texts, by policy; `anchors` are those of the texts in force. The site is in its folder, whole.

    They are told as MkDocs tells those of its own pages. What nobody has to read any more is no fault, and told once
    for all versions that have it.
    """
    folder = Path(config.site_dir)
    built = BuiltSite(
        anchors,
        cache(lambda path: os.path.isfile(f"{folder}/{path}")),  # noqa: PTH113 - for speed: thousands of them
        lru_cache(maxsize=512)(lambda path: names_in((folder / path).read_text(encoding="utf-8", errors="replace"))),
    )
    levels = config.validation.links
    for history in site.histories:
        is_read = {one.label for one in history.standings if one.state in (State.IN_FORCE, State.ANNOUNCED)}
        for link, trouble in broken(history.id, links[history.id], built):
            level = levels.anchors if trouble.is_near else levels.not_found
            for label in filter(is_read.__contains__, link.labels):
                log.log(level, _said(history, label, link, trouble))
            if past := [label for label in link.labels if label not in is_read]:
                label = f"{past[0]} and {len(past) - 1} more" if len(past) > 1 else past[0]
                log.log(min(level, logging.INFO), _said(history, label, link, trouble))


def _said(history: History, version: str, link: Link, trouble: Trouble) -> str:
    where = f"section '{link.section}'" if link.section else "summary"
    return f"{history.id}, version {version}, {where}: the link '{link.target}' {trouble.why}."


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
