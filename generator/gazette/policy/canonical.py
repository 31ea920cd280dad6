"""The canonical text of a policy and its digest: what an auditor can recompute without git.

For each section `## TITLE {#id}`, a blank line, the body. UTF-8, no byte order mark, LF only, outer blank lines
trimmed, one LF at the end, no Unicode normalisation.
"""

from __future__ import annotations

import hashlib
import re

from gazette.policy.model import Section, Text


def canonical_section(section: Section) -> str:
    """One section as it stands in the canonical text, without the line end after it."""
    heading = f"## {section.title} {{#{section.id}}}"
    body = trim(section.body)
    return f"{heading}\n\n{body}" if body else heading


def trim(body: str) -> str:
    """A body with LF line ends and without outer blank lines; the first line keeps its indentation."""
    inside = body.strip("\n")
    if inside and "\r" not in inside and not inside[0].isspace() and not inside[-1].isspace():
        return inside  # nearly always, and the expression below is slow on long bodies
    lines = body.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"\A(?:[ \t]*\n)+|(?:\n[ \t]*)+\Z", "", lines) if lines.strip(" \t\n") else ""


def canonical_text(text: Text) -> str:
    """The whole canonical text: sections parted by one blank line, one LF at the end."""
    return "\n\n".join(map(canonical_section, text.sections)) + "\n"


def digest(text: Text) -> str:
    """`sha256:` and the hex digits over the canonical text's bytes."""
    return "sha256:" + hashlib.sha256(canonical_text(text).encode("utf-8", "surrogatepass")).hexdigest()
