"""A policy's folder as the section commands see it: which files there are, and one step that changes them.

Takes the site's content folder, a policy's id and what to do; gives the paths that changed. Links from other policies
follow where an id changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from gazette.editorial import changeset, sections
from gazette.errors import UsageError
from gazette.policy.fields import nearest

Edit = Callable[[Mapping[str, bytes]], dict[str, bytes]]


def policy_ids(content: Path) -> tuple[str, ...]:
    """The ids of the policies in the content folder."""
    return tuple(sorted(folder.parent.name for folder in content.glob("*/policy.yml")))


def policy_folder(content: Path, policy: str) -> Path:
    """The folder of a policy; a UsageError that names the nearest if there is none."""
    known = policy_ids(content)
    if policy not in known:
        remedy = nearest(policy, known) or (f"known are {', '.join(known)}" if known else "there is none in content/")
        raise UsageError(f"there is no policy '{policy}'", remedy)
    return content / policy


def edit(content: Path, policy: str, change: Edit, was: str = "", becomes: str = "") -> tuple[Path, ...]:
    """Change the sections of a policy in one step; links to the id `was` are turned to `becomes` in every policy."""
    folder = policy_folder(content, policy)
    before = {f"{name}/text/{file}": data for name in policy_ids(content) for file, data in _sections(content / name)}
    own = f"{policy}/text/"
    inside = {name.removeprefix(own): data for name, data in before.items() if name.startswith(own)}
    if not inside:
        raise UsageError(f"{folder / 'text'} holds no sections", "name them NN-<section-id>.md")
    after = {name: data for name, data in before.items() if not name.startswith(own)}
    changed = change(inside)
    if was and was != becomes:
        changed = sections.with_links(changed, was, becomes)
        after = sections.with_links(after, was, becomes, f"../{policy}/")
    after |= {own + name: data for name, data in changed.items()}
    return tuple(content / name for name in changeset.apply(content, before, after))


def _sections(folder: Path) -> list[tuple[str, bytes]]:
    """The sections' files; a folder of its own or a file of another kind is not touched."""
    text = folder / "text"
    return [(file.name, file.read_bytes()) for file in sorted(text.glob("*.md")) if sections.is_section(file.name)]
