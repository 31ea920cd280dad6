"""What a notice says, as values: taken from the policy, the version, its redline and the site, before any language.

The summary becomes HTML and plain text here; links in it that lead into the site become absolute.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

import lxml.html
import markdown
from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

from gazette.errors import UsageError
from gazette.notice.model import Kind, Notice, Page
from gazette.policy import timeline
from gazette.policy.model import Policy, Version
from gazette.policy.settings import Settings
from gazette.redline import Redline
from gazette.redline.changes import Kind as Happened

SAID = {
    Happened.ADDED: "added", Happened.REMOVED: "removed", Happened.MOVED: "moved", Happened.RENAMED: "renamed",
    Happened.SPLIT: "split", Happened.MERGED: "merged", Happened.REWORDED: "changed", Happened.RELINKED: "changed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SectionChange:
    """One section in the outline: `kinds` are words of `words.CHANGES`; `url` is empty where nothing is left to see."""

    title: str
    kinds: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """All that a message says and that is the same for everyone."""

    notice: Notice
    title: str
    language: str
    organisation: str
    published: date
    summary_html: str
    summary_text: str
    changes: tuple[SectionChange, ...]
    added: int
    removed: int
    page: Page
    contact: str = ""
    required: bool = False


def notice_content(
    notice: Notice,
    policy: Policy,
    settings: Settings,
    redline_of: Callable[[Version, Version], Redline],
    organisation: str = "",
    required: bool = False,
) -> Content:
    """The content of `notice`; `redline_of` compares two versions' texts."""
    version = policy.version(notice.label)
    if version is None:
        raise UsageError(f"{policy.id} has no version {notice.label}", "name one of its versions")
    if not settings.site_url:
        raise UsageError("mkdocs.yml has no site_url", "set it: notices link to the published site")
    before = timeline.predecessor(version, policy.versions)
    withdrawn = notice.kind is Kind.WITHDRAWN
    redline = redline_of(before, version) if before is not None and not withdrawn else None
    page = page_of(policy, version, settings.site_url, redline is not None)
    summary = "" if withdrawn else version.summary
    if withdrawn and version.withdrawn is not None:
        summary = version.withdrawn.reason
    if notice.kind is Kind.RESCHEDULED:
        known = [entry for entry in version.rescheduled if entry.effective == notice.effective]
        summary = "\n\n".join(filter(None, [known[-1].reason if known else "", summary]))
    summary_html = absolute(markdown.markdown(summary, extensions=["extra", "sane_lists"]), page.page)
    return Content(
        notice=notice,
        title=policy.title,
        language=policy.language,
        organisation=organisation or settings.site_name or policy.title,
        published=version.published,
        summary_html=summary_html,
        summary_text=plain(summary_html),
        changes=outline(redline, page.redline) if redline is not None else (),
        added=redline.counts.added if redline is not None else 0,
        removed=redline.counts.removed if redline is not None else 0,
        page=page,
        contact=policy.contact,
        required=required,
    )


def page_of(policy: Policy, version: Version, site_url: str, has_redline: bool) -> Page:
    """The published addresses of a version (DESIGN 8)."""
    base = site_url.rstrip("/") + "/" + quote(policy.id)
    page = f"{base}/versions/{version.label}/"
    redline = f"{base}/changes/{version.label}/" if has_redline else ""
    return Page(page, page + "text.md", version.digest, redline, policy.title)


def outline(redline: Redline, url: str) -> tuple[SectionChange, ...]:
    """The sections that the redline touches, in reading order; those whose layout alone changed are left out."""
    found = []
    for section in redline.sections:
        whole = [kind for kind in section.kinds if kind in {Happened.ADDED, Happened.REMOVED}]
        kinds = tuple(dict.fromkeys(SAID[kind] for kind in whole or section.kinds if kind in SAID))
        if kinds and not section.away:
            anchor = f"{url}#{quote(section.id)}" if section.new_id is not None else ""
            found.append(SectionChange(plain_title(section.title), kinds, anchor))
    return tuple(found)


def plain_title(title: str) -> str:
    """A section's title, which is inline Markdown, as plain text."""
    html = markdown.markdown(title)
    return str(lxml.html.fragment_fromstring(html, create_parent="div").text_content()).strip() or title


def absolute(html: str, base: str) -> str:
    """The fragment with links that work in a mail."""
    if not html.strip():
        return ""
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    root.make_links_absolute(base)
    inner = (root.text or "") + "".join(lxml.html.tostring(child, encoding="unicode") for child in root)
    return inner.strip()


def plain(html: str) -> str:
    """The fragment as text that reads well in a mail: links in brackets, lists with dashes."""
    if not html:
        return ""
    config = ParserConfig(css=CSS_PROFILES["strict"], display_links=True, display_anchors=False)
    text = get_text(f"<html><body>{html}</body></html>", config)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip()
