"""Gazette as a MkDocs plugin: MkDocs' events, each a line or two into `site`. The only module that imports mkdocs.

Ordinary pages (front, in force, versions, changes) are MkDocs pages whose HTML comes from Gazette. Archive pages are
files that write themselves when MkDocs copies static files, filled into a shell that the theme renders once for each
kind and depth; a theme without the places that a shell needs renders each of them.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from jinja2 import BaseLoader, Environment
from markupsafe import escape
from mkdocs.commands.build import get_context
from mkdocs.config import base, config_options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure import StructureItem
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page as DocumentationPage
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.utils.templates import TemplateContext

from gazette.editorial.serving import Served
from gazette.errors import ContentError, GazetteError, Problem, Severity
from gazette.policy.git import Repository
from gazette.policy.keeping import key_of
from gazette.policy.model import Policy
from gazette.policy.pins import Pins
from gazette.policy.reading import POLICY_FILE, read_policies, shown
from gazette.policy.rendering import Renderer, with_defaults
from gazette.policy.settings import Settings, make_settings
from gazette.policy.timeline import State
from gazette.progress import Progress
from gazette.site import addresses, ahead, inline_scripts, shell
from gazette.site.archive import Archive
from gazette.site.bodies import Bodies, Body, Entry
from gazette.site.compiled import Compiled
from gazette.site.links import Link, broken
from gazette.site.making import Making, templates
from gazette.site.model import History, site_on
from gazette.site.pages import Kind, Page, front_page, ordinary_pages
from gazette.site.publication import Inputs, Output, outputs
from gazette.site.shell import Filling, Shell, ShellError

if TYPE_CHECKING:  # what editors see is loaded where they see it
    from gazette.editorial.preview import Preview

log = get_plugin_logger("gazette")

FRAME = "gazette/page.html"
NOT_INDEXED = '<meta name="robots" content="noindex">'
TEMPLATES = Path(__file__).parent / "site" / "templates"

_Result = TypeVar("_Result")


class GazetteConfig(base.Config):  # type: ignore[no-untyped-call]  # MkDocs' base has no types
    """The plugin's options in `mkdocs.yml`."""

    content = config_options.Optional(config_options.Type(str))
    day = config_options.Optional(config_options.Type((str, date)))
    timezone = config_options.Type(str, default="UTC")
    notices = config_options.Type(dict, default={})
    materiality = config_options.Type(dict, default={})
    drafts = config_options.Type(bool, default=False)


class GazettePlugin(BasePlugin[GazetteConfig]):  # type: ignore[no-untyped-call]
    """Publishes the policies of `content/`. One instance serves every build of a `mkdocs serve`."""

    _renderer: Renderer | None = None
    _shows_drafts = False
    _repository: Repository | None = None
    _compiled: Compiled | None = None
    _compiled_frames: Compiled | None = None

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Being there keeps this instance, and the sections it rendered, across the builds of a `mkdocs serve`.

        Whoever serves is editing, so drafts are shown; a published build has them only where `drafts` asks for them.
        """
        self._shows_drafts = command == "serve"
        self._served = Served()
        self._compiled, self._compiled_frames = Compiled(), Compiled()

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read the content, so that what is wrong with it is said before the last good site is cleaned away."""
        settings = _said(lambda: _settings(self.config, config))
        self._root = settings.root
        renderer = Renderer(with_defaults(config.markdown_extensions), config.mdx_configs)
        if self._renderer is None or self._renderer.fingerprint != renderer.fingerprint:
            self._renderer = renderer
        lasting = self._renderer.fingerprint if self._renderer.is_lasting else None
        self._making = Making(settings.root, Path(config.site_dir), lasting, log.info)
        self._repository = repository = _said(lambda: Pins.find(settings.content)).repository
        policies, problems = _said(lambda: self._read(settings, repository))
        self._drafts = self._previews(settings, policies, problems, repository)
        policies = tuple(replace(policy, text=None) for policy in policies)  # from here on only what is published
        pins = partial(_new_pins, repository, set())
        self._archive = Archive(policies, pins, self._renderer, self._making.remember)
        language = str(config.theme.get("language") or config.theme.locale)
        self._site = site_on(policies, settings.day, config.site_name, config.site_url or "", language)
        self._policies, self._means = policies, _means(settings, self._renderer, config)
        config.theme.dirs.append(str(TEMPLATES))
        config.extra_css.insert(0, addresses.STYLESHEET)
        config.extra_javascript.insert(0, addresses.SCRIPT)
        if not settings.content.is_relative_to(config.docs_dir):
            config.watch.append(str(settings.content))
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """MkDocs is about to clean the site's folder."""
        self._making.begin()

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Take the policies' sources out of the site and put their pages in."""
        _remove_sources(files)
        options = {name: value for name, value in self.config.items() if name != "day"}
        self._making.settle(templates(config.theme.dirs), config.site_url, options)
        self._anchors: dict[str, frozenset[str]] = {}
        self._links: dict[str, tuple[Link, ...]] = {}
        self._inputs = Inputs(self._site, self._archive)
        self._bodies = Bodies(self._archive, _loader(config.theme.get_env()), config.site_url or "", self._compiled)
        self._front = front_page(self._site)
        if files.get_file_from_path("index.md") is None and files.get_file_from_path("README.md") is None:
            files.append(_page_file(self._front, "index.md", config, self._body, self._site.updated))
        made: list[File] = []
        is_listed = len(self._site.histories) <= LISTED_AT_MOST
        for history in self._site.histories:
            for page in ordinary_pages(history):
                path = f"{page.address}index.md"
                updated = history.updated or self._site.day
                made.append(_page_file(page, path, config, self._body, updated, is_listed))
        histories = {history.id: history for history in self._site.histories}
        self._making.work_ahead(self._policies, histories, self._means, _said(ahead.jobs))
        found = outputs(self._site, self._archive, self._fill, self._inputs)
        versions = sum(len(history.standings) for history in self._site.histories)
        reading = Progress("Comparing versions", versions, log.info)
        for output in found:
            made.append(_OutputFile(output, config, self._place))
            if output.page is not None and output.page.kind is Kind.VERSION:
                reading.step()
        reading.close()
        self._making.end_ahead()
        made += [_OutputFile(self._draft(preview), config, self._place) for preview in self._drafts]
        self._progress = Progress("Writing files", sum(isinstance(file, _OutputFile) for file in made), log.info)
        _said(lambda: _add(made, files, self._root))
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """One entry a policy, whatever folders say; and true dates for the sitemap."""
        for file in files.documentation_pages():
            if file.page is not None and not isinstance(file.page, _PolicyPage):
                file.page.update_date = self._site.day.isoformat()
        self._nav = Navigation(_flattened(nav.items), nav.pages) if config.nav is None else nav
        return self._nav

    def on_page_content(self, html: str, *, page: DocumentationPage, config: MkDocsConfig, files: Files) -> str:
        """Put the list of policies below the words that the front page has of its own."""
        if page.url or isinstance(page, _PolicyPage):
            return html
        body = self._body(replace(self._front, is_introduced=True))
        page.meta["gazette_head"] = body.head
        page.meta.setdefault("template", FRAME)
        return f'<div class="gz">\n{html}\n</div>\n{body.html}'

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """From here on the theme can render the frames of archive pages."""
        if blind := ", ".join(_page_plugins(config)):
            log.info(f"Pages of versions, redlines and sections are no pages of MkDocs, and not seen by: {blind}.")
        self._files = files
        env.bytecode_cache = env.bytecode_cache or self._compiled_frames
        self._frames = _Frames(env, self._nav, files, config)
        self._scripts: frozenset[str] = frozenset()
        return env

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """What was made is whole, and can be kept by the next build. Its inline scripts are named for the server."""
        self._progress.close()
        self._check_links(config)
        self._making.finish()
        self._close()
        log.info(f"Content-Security-Policy: {inline_scripts.header(self._scripts | self._frames.scripts)}")

    def on_post_page(self, output: str, *, page: DocumentationPage, config: MkDocsConfig) -> str:
        """The theme's own scripts are in every page; which they are depends on its depth."""
        self._scripts |= inline_scripts.sources(output)
        return output

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        """As `on_post_page`: the page for what is not found."""
        self._scripts |= inline_scripts.sources(output_content) if template_name.endswith(".html") else frozenset()
        return output_content

    def on_build_error(self, *, error: Exception) -> None:
        """What was found out before the error is true nevertheless."""
        if hasattr(self, "_making"):  # else the error was in what the site says
            self._making.stop()
        if hasattr(self, "_progress"):
            self._progress.close()
        self._close()

    def _close(self) -> None:
        if self._repository is not None:
            self._repository.close()

    def on_page_context(
        self, context: TemplateContext, *, page: DocumentationPage, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """The time of the build is the day, so that two builds of one day are the same bytes."""
        return self._on_the_day(context)

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """As `on_page_context`."""
        return self._on_the_day(context)

    def _on_the_day(self, context: TemplateContext) -> TemplateContext:
        context["build_date_utc"] = datetime.combine(self._site.day, time(), UTC)
        return context

    def _read(
        self, settings: Settings, repository: Repository | None
    ) -> tuple[tuple[Policy, ...], tuple[Problem, ...]]:
        """The policies and what is wrong with them. An error ends a build; while somebody writes, it is shown."""
        if self._shows_drafts:
            policies, problems = self._served.read(settings, _new_pins(repository), self._making.content)
        else:
            policies, problems = read_policies(settings, self._making.content)
        self._making.keep_content()
        errors = [problem for problem in problems if problem.severity is Severity.ERROR]
        if errors and not self._shows_drafts:
            raise ContentError(errors)
        for problem in problems:
            log.log(logging.ERROR if problem in errors else logging.WARNING, str(problem))
        if not self._shows_drafts:
            _require_pins(policies, repository)
        return policies, problems

    def _previews(
        self,
        settings: Settings,
        policies: Sequence[Policy],
        problems: Sequence[Problem],
        repository: Repository | None,
    ) -> tuple[Preview, ...]:
        """The drafts, where they are shown; the log says where."""
        if not (self._shows_drafts or self.config.drafts):
            return ()
        from gazette.editorial.preview import previews

        found = _said(lambda: previews(settings, policies, problems, _new_pins(repository)))
        for preview in found:
            log.info(f"The draft of '{preview.policy}' is at {preview.policy}/draft/")
        return found

    def _draft(self, preview: Preview) -> Output:
        """The page of a draft. It is no page of `site`: a site that is published has none."""
        address = f"{preview.policy}/draft/"
        page = Page(Kind.REDLINE, address, preview.title, preview.title, preview.language)
        contents = tuple(Entry(anchor, str(escape(title)), 2) for anchor, title in preview.contents)
        filling = Filling(preview.title, preview.title, "", NOT_INDEXED, preview.html, contents)
        return Output(addresses.file_of(address), lambda: self._frames.render(page, filling).encode())

    def _check_links(self, config: MkDocsConfig) -> None:
        """What MkDocs checks of ordinary pages only: links in published texts, and anchors in archive pages."""
        level = config.validation.links.anchors
        for history in self._site.histories:
            for link, why in broken(self._links_of(history), self._anchors):
                standing = history.standing(link.label)
                is_read = standing is not None and standing.state in (State.IN_FORCE, State.ANNOUNCED)
                place = f"{history.id}, version {link.label}, section '{link.section}'"
                log.log(level if is_read else logging.INFO, f"{place}: the link '{link.target}' {why}.")
        for page in (file.page for file in self._files.documentation_pages()):
            for file, anchors in (page.links_to_anchors or {}).items() if page else ():
                if isinstance(file, _OutputFile):
                    _check_anchors(page, file, anchors, level)

    def _body(self, page: Page) -> Body:
        def make() -> Body:
            return self._bodies.body(page)

        body = _said(lambda: self._making.body(page.policy, self._inputs.of_page(page), make))
        if page.kind is Kind.IN_FORCE:
            self._anchors[page.policy] = body.ids
        return body

    def _links_of(self, history: History) -> tuple[Link, ...]:
        """The links of all versions of a policy that are to be looked after, found while its texts are at hand."""
        if history.id not in self._links:
            make = partial(self._archive.links, history)
            self._links[history.id] = self._making.links(history.id, self._inputs.of(history), make)
        return self._links[history.id]

    def _place(self, output: Output) -> None:
        if output.history is not None:
            _said(partial(self._links_of, output.history))
        frame = self._frames.name(output.page) if output.page else ""
        _said(lambda: self._making.place(output, frame))
        self._progress.step()

    def _fill(self, page: Page) -> bytes:
        return self._frames.fill(page, self._bodies.body(page)).encode()


class _PolicyPage(DocumentationPage):
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
        self.meta = _meta(self._page.title, self._page.description, self._page.kind)
        if self._page.kind is Kind.FRONT:
            del self.meta["title"]
        if self._page.kind is Kind.VERSIONS:
            self.meta["search"] = {"exclude": True}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        body = self._body(self._page)
        self.meta["gazette_head"] = body.head
        self._made = body.html
        self.toc = _contents(self._page.title, body.contents)
        self.present_anchor_ids = set(body.ids)


class _OutputFile(File):
    """A file that is made when it is written. It is no documentation page, whatever its name."""

    def __init__(self, output: Output, config: MkDocsConfig, place: Callable[[Output], None]) -> None:
        super().__init__(
            output.path, None, config.site_dir, config.use_directory_urls, dest_uri=output.path, inclusion=_UNLISTED
        )
        self.generated_by = "gazette"
        self._output, self._place = output, place

    @property
    def src_path(self) -> str:
        return os.path.normpath(self.src_uri)

    @src_path.setter
    def src_path(self, value: str) -> None:
        self.src_uri = value  # which MkDocs takes apart and puts together again, at some cost for thousands of files

    @property  # type: ignore[misc]  # MkDocs lets content be set; this one is made
    def content_bytes(self) -> bytes:
        return _said(self._output.make)

    @property  # type: ignore[misc]  # MkDocs lets content be set; this one is made
    def content_string(self) -> str:
        return self.content_bytes.decode()

    def copy_file(self, dirty: bool = False) -> None:
        self._place(self._output)

    def is_modified(self) -> bool:
        return True

    def is_documentation_page(self) -> bool:
        return False


_UNLISTED = InclusionLevel.NOT_IN_NAV

#: With more policies than these, the front page alone lists them: a navigation is part of every page, so that its cost
#: in time and bytes grows with the square of what it lists, and nobody reads it any more.
LISTED_AT_MOST = 40


class _Frames:
    """The theme's frame around archive pages: one shell for each kind and depth, or each page by itself."""

    def __init__(self, env: Environment, nav: Navigation, files: Files, config: MkDocsConfig) -> None:
        self._template = env.get_template(FRAME)
        self._nav, self._config = nav, config
        self._documents = files.documentation_pages()
        self._shells: dict[tuple[Kind, int, bool], Shell | None] = {}
        self._names: dict[tuple[Kind, int], str | None] = {}
        self.scripts: frozenset[str] = frozenset()  # inline ones, as a Content-Security-Policy names them

    def fill(self, page: Page, body: Body) -> str:
        """The whole page: from a shell, or, where the theme has no places for one, by the theme alone."""
        filling = self.filling(page, body)
        key = (page.kind, page.address.count("/"), bool(body.contents))
        if key not in self._shells:
            self._shells[key] = self._shell(page, shell.MARKS if body.contents else shell.MARKS_WITHOUT_CONTENTS)
        found = self._shells[key]
        return found.fill(filling) if found is not None else self.render(page, filling)

    def name(self, page: Page) -> str | None:
        """Names the frame around pages of this kind at this depth; None where the theme renders each by itself."""
        key = (page.kind, page.address.count("/"))
        if key not in self._names:
            marks = (shell.MARKS, shell.MARKS_WITHOUT_CONTENTS)
            shells = [self._shells.setdefault((*key, bool(mark.contents)), self._shell(page, mark)) for mark in marks]
            names = [found.name for found in shells if found is not None]
            self._names[key] = key_of(names) if len(names) == len(shells) else None
        return self._names[key]

    def filling(self, page: Page, body: Body) -> Filling:
        address = addresses.absolute(page.address, self._config.site_url) if self._config.site_url else ""
        return Filling(page.title, page.description, address, body.head, body.html, body.contents)

    def render(self, page: Page, filling: Filling) -> str:
        """The page by the theme alone, which is told the page's depth but not its place: links differ only by depth."""
        path = "_/" * page.address.count("/") + "index.md"
        file = File.generated(self._config, path, content="", inclusion=_UNLISTED)
        document = DocumentationPage(str(escape(filling.title)), file, self._config)
        document.canonical_url = filling.address or None
        document.abs_url = urlsplit(filling.address).path or None
        document.meta = _meta(filling.title, filling.description, page.kind) | {"gazette_head": filling.head}
        document.content = filling.article
        document.toc = _contents(filling.title, filling.contents)
        context = get_context(self._nav, self._documents, self._config, document)
        rendered = self._template.render(context)
        self.scripts |= inline_scripts.sources(rendered)
        return rendered

    def _shell(self, page: Page, marks: Filling) -> Shell | None:
        try:
            return Shell(self.render(page, marks))
        except ShellError as error:
            theme = self._config.theme.name or "this theme"
            log.info(f"The theme {theme} renders each archive page by itself, which takes longer: {error}.")
            return None


def _settings(options: GazetteConfig, config: MkDocsConfig) -> Settings:
    root = Path(config.config_file_path).parent if config.config_file_path else Path.cwd()
    given = {**options, "content": options.content or config.docs_dir}
    return make_settings(root.resolve(), given, config.site_name, config.site_url or "")


def _means(settings: Settings, renderer: Renderer, config: MkDocsConfig) -> ahead.Means:
    extensions = [name for name in with_defaults(config.markdown_extensions) if isinstance(name, str)]
    return ahead.Means(settings.content, extensions, config.mdx_configs, renderer.fingerprint)


def _new_pins(repository: Repository | None, verified: set[tuple[str, str]] | None = None) -> Pins:
    """Pins that have read nothing yet, while nothing is kept of what others read but which digests are `verified`."""
    if repository is not None:
        repository.forget()
    return Pins(repository, verified=verified)


def _require_pins(policies: Sequence[Policy], repository: Repository | None) -> None:
    """Every pin leads to a text, which is cheap to ask; whether it is the right one is seen when it is read."""
    trees = {version.tree for policy in policies for version in policy.versions if version.tree}
    lacking = repository.lacking(trees) if repository else trees
    doubtful = [p for p in policies if any(not v.tree or v.tree in lacking for v in p.versions)]
    problems = [problem for policy in doubtful for problem in _new_pins(repository).problems(policy)]
    if problems:
        raise ContentError(problems)


#: Events of single pages. What `search` does there, archive pages are left out of on purpose.
_PAGE_EVENTS = ["pre_page", "page_read_source", "page_markdown", "page_content", "page_context", "post_page"]
_UNCONCERNED = frozenset({"gazette", "search", "material/search"})


def _page_plugins(config: MkDocsConfig) -> list[str]:
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


def _said(act: Callable[[], _Result]) -> _Result:
    """What `act` gives; what goes wrong in it on purpose, in words that MkDocs prints without a traceback."""
    try:
        return act()
    except GazetteError as error:
        raise PluginError(str(error)) from error


def _remove_sources(files: Files) -> None:
    """Everything under a folder that holds policy.yml is Gazette's, and no page or file of MkDocs' own."""
    folders = tuple(
        file.src_uri.removesuffix(POLICY_FILE) for file in files if file.src_uri.endswith(f"/{POLICY_FILE}")
    )
    for file in [file for file in files if file.src_uri.startswith(folders)]:
        files.remove(file)


def _add(made: Iterable[File], files: Files, root: Path) -> None:
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


def _page_file(
    page: Page, path: str, config: MkDocsConfig, body: Callable[[Page], Body], updated: date, is_listed: bool = True
) -> File:
    listed = config.nav is None and (page.kind is Kind.FRONT or (page.kind is Kind.IN_FORCE and is_listed))
    inclusion = InclusionLevel.INCLUDED if listed else _UNLISTED
    file = File.generated(config, path, content="", inclusion=inclusion)
    _PolicyPage(page, file, config, body, updated)
    return file


def _flattened(items: Iterable[StructureItem]) -> list[StructureItem]:
    """A folder that holds nothing but a policy's page in force is that page."""
    flat: list[StructureItem] = []
    for item in items:
        child = item.children[0] if isinstance(item, Section) and len(item.children) == 1 else None
        if isinstance(child, _PolicyPage):
            child.parent = item.parent
            flat.append(child)
        else:
            flat.append(item)
    return flat


def _meta(title: str, description: str, kind: Kind) -> dict[str, Any]:
    """A page's front matter, as if it had been written; themes print it unescaped."""
    return {
        "title": str(escape(title)),
        "description": str(escape(description)),
        "template": FRAME,
        "gazette_kind": kind.value,
    }


def _contents(title: str, entries: Sequence[Entry]) -> TableOfContents:
    """MkDocs' table of contents: the page's title, and in it the sections with their headings."""
    top = AnchorLink(str(escape(title)), addresses.TOP, 1)
    top.children = list(map(_anchor, entries))
    return TableOfContents([top])


def _anchor(entry: Entry) -> AnchorLink:
    link = AnchorLink(entry.title, entry.id, entry.level)
    link.children = list(map(_anchor, entry.children))
    return link


def _loader(env: Environment) -> BaseLoader:
    assert env.loader is not None  # MkDocs' environments read from the theme's folders
    return env.loader
