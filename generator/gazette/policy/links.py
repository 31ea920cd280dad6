"""Whether the links of policies lead somewhere: `#id` within a policy, `../<policy>/#id` to another.

Takes policies with their working texts and the bytes of their files; gives problems. Links to other hosts, and paths
that are none of Gazette's, are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from gazette.errors import Problem
from gazette.policy import markup
from gazette.policy.fields import nearest
from gazette.policy.files import section_place
from gazette.policy.model import Policy, Text

_TO_POLICY = re.compile(r"\.\./([^/#?]+)/?(?:#(.*))?")
#: What Python-Markdown makes by itself.
_MADE_ANCHORS = ("fn:", "fnref")


def link_problems(
    policies: Iterable[Policy], files: Mapping[str, Mapping[str, bytes]], whole_site: bool = True
) -> tuple[Problem, ...]:
    """What is wrong with the links of all working texts. `files` has, by policy id, path → bytes of the sections.

    Unless `policies` are those of the `whole_site`, links to policies that are not among them are left alone.
    """
    texts = {policy.id: policy.text for policy in policies}
    known = {policy: _anchors(text) for policy, text in texts.items() if text is not None}
    return tuple(
        Problem(path, link.line, *trouble)
        for policy, paths in files.items()
        for path, data in paths.items()
        for link in markup.links(_plain(data))
        if (trouble := _trouble(link.target, policy, texts, known, whole_site))
    )


def _trouble(
    target: str, policy: str, texts: Mapping[str, Text | None], known: Mapping[str, frozenset[str]], whole_site: bool
) -> tuple[str, str] | None:
    """What is wrong with one link, and what to do; None if nothing is."""
    if target.startswith("#"):
        return _no_anchor(target, unquote(target[1:]), policy, texts, known)
    if match := _TO_POLICY.fullmatch(target):
        other = unquote(match[1])
        if other not in texts and not whole_site:
            return None
        if other not in texts:
            return f"the link '{target}' leads to no policy", nearest(other, texts) or "correct the link"
        return _no_anchor(target, unquote(match[2] or ""), other, texts, known)
    file, _, anchor = target.partition("#")
    if place := section_place(file):
        return f"the link '{target}' names a file", f"link to the section: '#{anchor or place[1]}'"
    return None


def _no_anchor(
    target: str, anchor: str, policy: str, texts: Mapping[str, Text | None], known: Mapping[str, frozenset[str]]
) -> tuple[str, str] | None:
    text, anchors = texts[policy], known.get(policy)
    if text is None or anchors is None or not anchor or anchor.startswith(_MADE_ANCHORS):
        return None
    if anchor in anchors or _loosely(anchor) in map(_loosely, anchors):
        return None
    renamed = next((section.id for section in text.sections if anchor in section.formerly), None)
    place = target[: target.index("#") + 1]
    if renamed:
        return f"the link '{target}' leads to a section that was renamed", f"write '{place}{renamed}'"
    what = f"the link '{target}' leads to no section"
    return what, nearest(anchor, anchors) or "correct it, or give that place an id: {#id}"


def _anchors(text: Text) -> frozenset[str]:
    return frozenset(anchor for section in text.sections for anchor in markup.anchors(section.id, section.body))


def _plain(data: bytes) -> str:
    return data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _loosely(anchor: str) -> str:
    """Markup inside a heading may part its words otherwise than its source shows."""
    return anchor.replace("-", "")
