"""Markdown to HTML, section by section, as if the whole canonical text had been converted at once.

Takes texts; gives, for each section, the HTML of its title and body with the anchors of its headings. Hides that most
sections of most versions are the same section, and most paragraphs of one that changed the same paragraphs: each is
converted once and kept by content. Where something reaches across sections (reference links, footnotes, abbreviations,
raw HTML left open, a repeated id, an extension nobody vouches for), the text is converted whole instead, so that the
HTML never depends on what was kept.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from types import FunctionType
from typing import Any, Literal

from markdown import Markdown
from markdown.extensions import Extension

from gazette.policy.anchors import ID, Heading, SectionHeadings, marked, plain
from gazette.policy.blocks import QuickBlocks
from gazette.policy.crossing import KNOWN_EXTENSIONS, closed, may_hold_code, reaches_out
from gazette.policy.inline import QuickInline
from gazette.policy.keeping import Kept, Remembered, key_of, remembered
from gazette.policy.model import Section, Text
from gazette.policy.pieces import Pieces

DEFAULT_EXTENSIONS = ("extra", "sane_lists")

#: How many characters of HTML are kept in memory.
KEPT_CHARACTERS = 4_000_000

#: Raised when the same Markdown gives other HTML than before.
REVISION = 1

#: Settings of `pymdownx.highlight` that give the lines of each block of code names with its number among all.
_COUNTING = frozenset({"anchor_linenums", "line_anchors", "line_spans"})

#: Where functions are from that settings may name.
_KNOWN_CODE = ("pymdownx.", "material.extensions.")

# Gazette gives headings their anchors itself, and content has no front matter left when it is converted.
_DROPPED_EXTENSIONS = frozenset({"toc", "markdown.extensions.toc", "meta", "markdown.extensions.meta"})

_BOUNDARY = re.compile(r"<gazette-section>(\d+)</gazette-section>")


@dataclass(frozen=True, slots=True)
class RenderedSection:
    """A section as HTML. `title` is inline; `body` holds no heading of the section's own; `ids` are all its anchors."""

    id: str
    title: str
    body: str
    headings: tuple[Heading, ...]
    ids: frozenset[str]


class Renderer:
    """Converts texts with a site's Markdown extensions and keeps what it converted, up to KEPT_CHARACTERS."""

    def __init__(
        self,
        extensions: Sequence[str | Extension] = DEFAULT_EXTENSIONS,
        configs: Mapping[str, Mapping[str, Any]] | None = None,
        kept_characters: int = KEPT_CHARACTERS,
    ) -> None:
        chosen = [extension for extension in extensions if extension not in _DROPPED_EXTENSIONS]
        chosen += (
            [] if {"extra", "attr_list", "markdown.extensions.attr_list"} & set(map(str, chosen)) else ["attr_list"]
        )
        options = {name: _steady(config) for name, config in (configs or {}).items() if name in chosen}
        self.fingerprint = _fingerprint(chosen, options)
        self._extensions, self._options = [*chosen, QuickBlocks(), QuickInline()], options
        self._headings = SectionHeadings()
        # The pages in force of all policies come before any older ones.
        self._pieces = Pieces(3 * kept_characters, lambda: self._prose)
        #: Extensions that may make something else of the same words than `fingerprint` tells: their code, or that of
        #: one of their settings, is nobody's who is named in it.
        self.doubtful = tuple(
            name for name in map(str, chosen) if name not in KNOWN_EXTENSIONS or not _is_plain(options.get(name))
        )
        self._vouched_for = all(str(extension) in KNOWN_EXTENSIONS for extension in chosen)
        #: Whether a block of code is told how many came before it.
        self._numbers_code = any(_COUNTING & config.keys() for config in options.values())
        self._kept: Kept[RenderedSection | Literal[False]] = Kept(kept_characters * 3 // 4, _size)
        self._kept_texts: Kept[tuple[RenderedSection, ...]] = Kept(kept_characters // 4, lambda t: sum(map(_size, t)))
        self._kept_prose: Kept[str] = Kept(kept_characters // 20, len)
        #: Where what is converted is looked up first and put, besides memory; in the name of `fingerprint`.
        self.remembered: Remembered | None = None

    @cached_property
    def _markdown(self) -> Markdown:
        """Converts sections."""
        return Markdown(extensions=[*self._extensions, self._headings], extension_configs=self._options)

    @cached_property
    def _prose(self) -> Markdown:
        """Converts what is in no section, and pieces of sections."""
        return Markdown(extensions=[*self._extensions, self._pieces], extension_configs=self._options)

    def load(self) -> None:
        """Load the extensions now, not when something is to be converted; ImportError or KeyError if one is wrong."""
        assert self._prose

    def sections(self, text: Text) -> tuple[str, ...]:
        """The HTML of each section's body."""
        return tuple(section.body for section in self.render(text))

    def render(self, text: Text) -> tuple[RenderedSection, ...]:
        """Each section as HTML, in order."""
        rendered = self._each_alone(text.sections) if self._vouched_for else None
        if rendered is not None and not _ids_collide(rendered):
            return rendered
        key = tuple((section.id, section.title, section.body) for section in text.sections)

        def make() -> tuple[RenderedSection, ...]:
            return remembered(self.remembered, lambda: key_of("text", key), lambda: self.convert_whole(text))

        return self._kept_texts.get(key, make)

    def convert_whole(self, text: Text) -> tuple[RenderedSection, ...]:
        """`render` without anything kept: one conversion of the whole text.

        Raw HTML that an author left open can swallow the headings after it; then each section stands alone, so that
        the damage stays in one section.
        """
        rendered = self._convert(text.sections)
        return rendered or tuple(section for one in text.sections for section in self._convert([one]) or (_bare(one),))

    def prose(self, markdown: str) -> str:
        """Markdown that belongs to no text (a summary, a reason) as HTML."""

        def make() -> str:
            key = partial(key_of, "prose", markdown)
            return remembered(self.remembered, key, lambda: self._prose.reset().convert(markdown))

        return self._kept_prose.get(markdown, make)

    def _each_alone(self, sections: Sequence[Section]) -> tuple[RenderedSection, ...] | None:
        """Each section by itself; None where one of them reaches out of itself."""
        found: list[RenderedSection | None] = []
        for section in sections:
            if (one := self._known(section)) is False:
                return None
            found.append(one)
        new = [section for section, one in zip(sections, found, strict=True) if one is None]
        made = self._new(new) if new else iter(())
        return tuple(one or next(made) for one in found)

    def _known(self, section: Section) -> RenderedSection | Literal[False] | None:
        """The section as it was converted before; False where it reaches out, None where nobody knows."""
        key = section.id, section.title, section.body
        found = self._kept.find(key)
        if found is None:
            if reaches_out(section) or (self._numbers_code and may_hold_code(section.body)):
                found = False
            elif self.remembered is not None:
                found = self.remembered.get(_name_of(key))
            if found is not None:
                self._kept.put(key, found)
        return found

    def _new(self, sections: Sequence[Section]) -> Iterator[RenderedSection]:
        """Sections converted for the first time: put together from pieces, or each as it stands."""
        for section, found in zip(sections, self._pieces.sections(sections), strict=True):
            if found is None:
                rendered = self._whole(section)
            else:
                title, body, headings = found
                rendered = RenderedSection(section.id, title, body, headings, frozenset(ID.findall(body)))
            key = section.id, section.title, section.body
            if self.remembered is not None:
                self.remembered.put(_name_of(key), rendered)
            self._kept.put(key, rendered)
            yield rendered

    def _whole(self, section: Section) -> RenderedSection:
        return (self._convert([section]) or (_bare(section),))[0]

    def _convert(self, sections: Sequence[Section]) -> tuple[RenderedSection, ...] | None:
        """The sections converted in one go; None where the headings found are not the sections' own."""
        self._markdown.reset()
        found = self._headings.begin([section.id for section in sections])
        source = "\n\n".join(_marked(section, place) for place, section in enumerate(sections))
        parts = _BOUNDARY.split(self._markdown.convert(source))
        if parts[1::2] != [str(place) for place in range(len(sections))]:
            return None
        bodies = [
            closed(body.strip()) if "<" in section.body else body.strip()
            for section, body in zip(sections, parts[2::2], strict=True)
        ]
        return tuple(
            RenderedSection(section.id, title, body, tuple(headings), frozenset(ID.findall(body)))
            for section, body, (title, headings) in zip(sections, bodies, found, strict=True)
        )


def with_defaults(extensions: Sequence[str | Extension]) -> list[str | Extension]:
    """A site's extensions as policies are rendered with them: the defaults first, so that a site's settings win."""
    return [*DEFAULT_EXTENSIONS, *(extension for extension in extensions if extension not in DEFAULT_EXTENSIONS)]


def _marked(section: Section, place: int) -> str:
    """The section as in the canonical text, but for its id."""
    body = section.body.strip("\n")
    return marked(section.title, place) + (f"\n\n{body}" if body else "")


@lru_cache(maxsize=256)  # asked for twice: to look a section up, and to put it
def _name_of(key: tuple[str, str, str]) -> str:
    return key_of("section", key)


def _bare(section: Section) -> RenderedSection:
    """A section that Markdown cannot show, as the words that were written."""
    body = f"<pre>{html.escape(section.body)}</pre>"
    return RenderedSection(section.id, html.escape(section.title), body, (), frozenset())


def _ids_collide(sections: Sequence[RenderedSection]) -> bool:
    ids = {section.id for section in sections}
    total = len(sections)
    for section in sections:
        ids |= section.ids
        total += len(section.ids)
    return len(ids) != total


def _size(section: RenderedSection | Literal[False]) -> int:
    """Roughly the characters that a section keeps in memory, its source included."""
    return 400 + (2 * (len(section.title) + len(section.body)) if section else 1_500)


def _steady(config: Mapping[str, Any]) -> dict[str, Any]:
    """Settings without that of footnotes which counts conversions: each page shows one text, and a published anchor
    stays what it was."""
    return {
        name: _steady(value) if isinstance(value, Mapping) else value
        for name, value in config.items()
        if name != "UNIQUE_IDS"
    }


def _fingerprint(extensions: Iterable[str | Extension], configs: Mapping[str, Mapping[str, Any]]) -> str:
    """Names everything but the words that the HTML depends on."""
    facts = {
        "revision": REVISION,
        "libraries": [*map(installed, ("Markdown", "pymdown-extensions", "Pygments")), _version_of_material()],
        "extensions": [e if isinstance(e, str) else _named(type(e)) for e in extensions],
        "configs": configs,
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=_named).encode()).hexdigest()


def _is_plain(setting: object) -> bool:
    """Whether a setting is made of plain values, and functions of libraries whose versions are known: no other code,
    which could change."""
    if isinstance(setting, Mapping):
        return "custom_icons" not in setting and all(map(_is_plain, setting.values()))  # those are a site's own files
    if isinstance(setting, list | tuple | set | frozenset):
        return all(map(_is_plain, setting))
    if isinstance(setting, FunctionType):
        return setting.__module__.startswith(_KNOWN_CODE) and "<" not in setting.__qualname__
    return setting is None or isinstance(setting, str | int | float | bool)


def _version_of_material() -> str:
    """The version of the theme that brings functions for settings, where it is installed."""
    try:
        return installed("mkdocs-material")
    except PackageNotFoundError:
        return ""


def _named(thing: object) -> str:
    module, name = getattr(thing, "__module__", ""), getattr(thing, "__qualname__", "")
    return f"{module}.{name}" if name else repr(thing)


__all__ = ["DEFAULT_EXTENSIONS", "Heading", "RenderedSection", "Renderer", "plain", "with_defaults"]
