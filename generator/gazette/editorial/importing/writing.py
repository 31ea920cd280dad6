"""A `Plan` → a policy's folder, whole or not at all.

Every text becomes a git tree that its record pins, through one git process. The folder is written beside its place
and then renamed. Either the pinned files are kept in `archive/<label>/` (an import is many versions in one change, so
no history holds their trees yet), or, with commits, each version is a commit of its own and `archive/` is not needed.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import yaml

from gazette.editorial.importing.plan import Plan
from gazette.errors import UsageError
from gazette.policy.archive import ATTRIBUTES, FOLDER
from gazette.policy.files import text_files
from gazette.policy.git import Repository
from gazette.policy.model import Version
from gazette.policy.reading import POLICY_FILE, TEXT, VERSIONS
from gazette.policy.records import record_file
from gazette.policy.slugs import RESERVED_POLICY_IDS, slug, valid_id
from gazette.policy.storing import write_folder


def check_target(content: Path, policy: str) -> Path:
    """The folder to be written; UsageError if the id is not allowed or the policy is there already."""
    if not valid_id(policy):
        raise UsageError(f"'{policy}' is not allowed as a policy id", f"call it '{slug(policy) or 'policy'}'")
    if policy in RESERVED_POLICY_IDS:
        raise UsageError(f"the policy id '{policy}' is reserved for the site", "choose another")
    folder = content / policy
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise UsageError(f"{folder} exists already", "an import never overwrites a policy: choose another id")
    return folder


def write_plan(plan: Plan, content: Path, repository: Repository) -> Path:
    """Write the policy with `archive/` folders; no commit and no identity is needed. Gives the policy's folder."""
    folder = check_target(content, plan.policy)
    files, texts, versions = _files(plan, repository)
    for version, text in zip(versions, texts, strict=True):
        files |= {f"{FOLDER}/{version.label}/{name}": data for name, data in text.items()}
    files[f"{FOLDER}/.gitattributes"] = ATTRIBUTES
    write_folder(folder, files)
    return folder


def commit_plan(plan: Plan, content: Path, repository: Repository) -> Path:
    """Write the policy and commit it, one commit a version. Gives the policy's folder."""
    folder = check_target(content, plan.policy)
    files, _, versions = _files(plan, repository)
    repository.require_identity()
    commits: list[tuple[str, dict[str, str], dict[str, bytes]]] = []
    for version in versions:
        record = {f"{VERSIONS}/{version.label}.md": record_file(version)}
        commits.append((f"{plan.title}: version {version.label}, imported", {TEXT: version.tree}, record))
    commits[0][2][POLICY_FILE] = files[POLICY_FILE]
    write_folder(folder, files)
    try:
        repository.commit_series(folder, commits)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _files(plan: Plan, repository: Repository) -> tuple[dict[str, bytes], list[Mapping[str, bytes]], list[Version]]:
    """The policy's files without `archive/`, the files of each text, and the versions with their pins."""
    texts: list[Mapping[str, bytes]] = [text_files(planned.text) for planned in plan.versions]
    trees = repository.write_trees(texts)
    versions = [replace(p.version, tree=tree) for p, tree in zip(plan.versions, trees, strict=True)]
    files = {POLICY_FILE: _policy_file(plan)}
    files |= {f"{TEXT}/{name}": data for name, data in texts[-1].items()}
    files |= {f"{VERSIONS}/{version.label}.md": record_file(version) for version in versions}
    return files, texts, versions


def _policy_file(plan: Plan) -> bytes:
    values = {"title": plan.title, "language": plan.language}
    if plan.contact:
        values["contact"] = plan.contact
    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=1000).encode()
