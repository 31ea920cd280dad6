"""Gazette as a MkDocs plugin: MkDocs' events, each a line or two into `site`. The only room that imports mkdocs.

Ordinary pages (front, in force, versions, changes) are MkDocs pages whose HTML comes from Gazette. Archive pages are
files that write themselves when MkDocs copies static files, filled into a shell that the theme renders once for each
kind and depth; a theme without the places that a shell needs renders each of them.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import BaseLoader, Environment
from markupsafe import escape
from mkdocs.config import base, config_options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as DocumentationPage
from mkdocs.utils.templates import TemplateContext

from gazette.editorial.serving import Served
from gazette.errors import Problem
from gazette.plugin.checks import check_anchors, check_links, page_plugins
from gazette.plugin.files import OutputFile, PolicyPage, add, flattened, page_file, remove_sources
from gazette.plugin.frames import TEMPLATE, Frames
from gazette.plugin.reading import means_of, new_pins, read_published, say, settings_of
from gazette.plugin.telling import log, said
from gazette.policy.git import Repository
from gazette.policy.keeping import Kept
from gazette.policy.model import Policy
from gazette.policy.pins import Pins
from gazette.policy.rendering import Renderer, with_defaults
from gazette.policy.settings import Settings
from gazette.progress import Progress
from gazette.site import addresses, ahead, inline_scripts
from gazette.site.archive import Archive
from gazette.site.bodies import Bodies, Body, Entry
from gazette.site.compiled import Compiled
from gazette.site.links import Link
from gazette.site.making import Making, kept_bodies, program, templates
from gazette.site.model import History, site_on
from gazette.site.pages import Kind, Page, front_page, ordinary_pages
from gazette.site.publication import Batch, Inputs, Output, batches
from gazette.site.shell import Filling

if TYPE_CHECKING:  # what editors see is loaded where they see it
    from gazette.editorial.preview import Preview

NOT_INDEXED = '<meta name="robots" content="noindex">'
TEMPLATES = Path(__file__).parents[1] / "site" / "templates"

#: With more policies than these, the front page alone lists them: a navigation is part of every page, so that its cost
#: in time and bytes grows with the square of what it lists, and nobody reads it any more.
LISTED_AT_MOST = 40


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
    _kept_bodies: Kept[Body] | None = None

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Being there keeps this instance, and the sections it rendered, across the builds of a `mkdocs serve`.

        Whoever serves is editing, so drafts are shown; a published build has them only where `drafts` asks for them.
        """
        self._shows_drafts = command == "serve"
        self._served = Served()
        self._compiled, self._compiled_frames, self._kept_bodies = Compiled(program()), Compiled(), kept_bodies()

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read the content, so that what is wrong with it is said before the last good site is cleaned away."""
        if self._shows_drafts:
            gc.disable()  # until the build is done: somebody waits, and little of what it makes is garbage
        settings, self._jobs = said(lambda: settings_of(self.config, config)), said(ahead.jobs)
        self._root = settings.root
        renderer = Renderer(with_defaults(config.markdown_extensions), config.mdx_configs)
        if self._renderer is None or self._renderer.fingerprint != renderer.fingerprint:
            self._renderer = renderer
        if doubtful := ", ".join(self._renderer.doubtful):
            log.info(f"Every build makes everything anew: what these extensions make may change by itself: {doubtful}.")
        lasting = None if doubtful else self._renderer.fingerprint
        self._making = Making(settings.root, Path(config.site_dir), lasting, log.info, self._kept_bodies)
        self._repository = repository = said(lambda: Pins.find(settings.content)).repository
        policies, problems = said(lambda: self._read(settings, repository))
        self._making.keep_content()
        self._drafts = self._previews(settings, policies, problems, repository)
        policies = tuple(replace(policy, text=None) for policy in policies)  # from here on only what is published
        pins = partial(new_pins, repository, set())
        self._archive = Archive(policies, pins, self._renderer, self._making.remember)
        language = str(config.theme.get("language") or config.theme.locale)
        self._site = site_on(policies, settings.day, config.site_name, config.site_url or "", language)
        self._policies, self._means = policies, means_of(settings, self._renderer, config)
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
        remove_sources(files)
        options = {name: value for name, value in self.config.items() if name != "day"}
        self._making.settle(templates(config.theme.dirs), config.site_url, options)
        self._anchors: dict[str, frozenset[str]] = {}
        self._links: dict[str, tuple[Link, ...]] = {}
        self._inputs = Inputs(self._site, self._archive)
        self._bodies = Bodies(self._archive, _loader(config.theme.get_env()), config.site_url or "", self._compiled)
        self._front = front_page(self._site)
        if files.get_file_from_path("index.md") is None and files.get_file_from_path("README.md") is None:
            files.append(page_file(self._front, "index.md", config, self._body, self._site.updated))
        made = [*self._ordinary_files(config), *self._output_files(config.site_dir)]
        self._progress = Progress("Writing files", sum(isinstance(file, OutputFile) for file in made), log.info)
        said(lambda: add(made, files, self._root))
        return files

    def _ordinary_files(self, config: MkDocsConfig) -> Iterator[File]:
        is_listed = len(self._site.histories) <= LISTED_AT_MOST
        for history in self._site.histories:
            updated = history.updated or self._site.day
            for page in ordinary_pages(history):
                yield page_file(page, f"{page.address}index.md", config, self._body, updated, is_listed)

    def _output_files(self, folder: str) -> Iterator[File]:
        """All other files. What they are is known when the versions have been compared."""
        histories = {history.id: history for history in self._site.histories}
        self._making.work_ahead(self._policies, histories, self._means, self._jobs)
        versions = sum(len(history.standings) for history in self._site.histories)
        reading = Progress("Comparing versions", versions, log.info)
        for batch in (*batches(self._site, self._archive, self._fill, self._inputs), self._draft_pages()):
            paths = said(partial(self._making.paths, batch))
            yield from (OutputFile(path, batch, folder, self._place) for path in paths)
            reading.step(len(batch.history.standings) if batch.history is not None else 0)
        reading.close()
        self._making.end_ahead()

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """One entry a policy, whatever folders say; and true dates for the sitemap."""
        for file in files.documentation_pages():
            if file.page is not None and not isinstance(file.page, PolicyPage):
                file.page.update_date = self._site.day.isoformat()
        self._nav = Navigation(flattened(nav.items), nav.pages) if config.nav is None else nav
        return self._nav

    def on_page_content(self, html: str, *, page: DocumentationPage, config: MkDocsConfig, files: Files) -> str:
        """Put the list of policies below the words that the front page has of its own."""
        if page.url or isinstance(page, PolicyPage):
            return html
        body = self._body(replace(self._front, is_introduced=True))
        page.meta["gazette_head"] = body.head
        page.meta.setdefault("template", TEMPLATE)
        return f'<div class="gz">\n{html}\n</div>\n{body.html}'

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """From here on the theme can render the frames of archive pages."""
        if blind := ", ".join(page_plugins(config)):
            log.info(f"Pages of versions, redlines and sections are no pages of MkDocs, and not seen by: {blind}.")
        self._files = files
        env.bytecode_cache = env.bytecode_cache or self._compiled_frames
        self._frames = Frames(env, self._nav, files, config)
        self._scripts: frozenset[str] = frozenset()
        return env

    @event_priority(-100)  # other plugins may still put files into the site
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """What was made is whole, and can be kept by the next build. Its inline scripts are named for the server."""
        self._progress.close()
        links = {history.id: self._links_of(history) for history in self._site.histories}
        self._making.finish()  # what this build did not make is gone: nothing may lead there
        check_links(self._site, links, self._anchors, config)
        check_anchors(self._files, config.validation.links.anchors)
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
        gc.enable()
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
        kept = self._making.content
        if not self._shows_drafts:
            return read_published(settings, repository, kept)
        policies, problems = self._served.read(settings, new_pins(repository), kept)
        say(problems)
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

        found = said(lambda: previews(settings, policies, problems, new_pins(repository)))
        for preview in found:
            log.info(f"The draft of '{preview.policy}' is at {preview.policy}/draft/")
        return found

    def _draft_pages(self) -> Batch:
        """The pages of drafts. They are no pages of `site`: a site that is published has none."""
        return Batch(".drafts", "", lambda: map(self._draft, self._drafts))

    def _draft(self, preview: Preview) -> Output:
        address = f"{preview.policy}/draft/"
        page = Page(Kind.REDLINE, address, preview.title, preview.title, preview.language)
        contents = tuple(Entry(anchor, str(escape(title)), 2) for anchor, title in preview.contents)
        filling = Filling(preview.title, preview.title, "", NOT_INDEXED, preview.html, contents)
        return Output(addresses.file_of(address), lambda: self._frames.render(page.frame, filling).encode())

    def _body(self, page: Page) -> Body:
        def make() -> Body:
            return self._bodies.body(page)

        body = said(lambda: self._making.body(page.policy, self._inputs.of_page(page), make))
        if page.kind is Kind.IN_FORCE:
            self._anchors[page.policy] = body.ids
        return body

    def _links_of(self, history: History) -> tuple[Link, ...]:
        """The links of all versions of a policy that are to be looked after, found while its texts are at hand."""
        if history.id not in self._links:
            make = partial(self._archive.links, history)
            self._links[history.id] = self._making.links(history.id, self._inputs.of(history), make)
        return self._links[history.id]

    def _place(self, batch: Batch, path: str) -> None:
        if batch.history is not None and batch.name not in self._links:
            said(partial(self._links_of, batch.history))
        said(partial(self._making.place, batch, path, self._frames.name))
        self._progress.step()

    def _fill(self, page: Page) -> bytes:
        return self._frames.fill(page, self._bodies.body(page)).encode()


def _loader(env: Environment) -> BaseLoader:
    assert env.loader is not None  # MkDocs' environments read from the theme's folders
    return env.loader
