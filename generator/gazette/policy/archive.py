"""`archive/<label>/`: the files of a pinned text, kept in the work tree where history cannot keep the tree.

The files have the bytes of the pinned blobs, so their tree id is the pin and git stores nothing twice. The
`.gitattributes` beside them keeps git from changing a line end in them, and marks them as generated.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gazette.policy.objects import algorithm_of, tree_id
from gazette.policy.storing import write_file, write_folder

FOLDER = "archive"
ATTRIBUTES = b"* -text -filter -ident -working-tree-encoding linguist-generated\n"


def write_archive(policy_folder: Path, label: str, files: Mapping[str, bytes]) -> Path:
    """Write `archive/<label>/` in one step, and the `.gitattributes` above it; gives the folder."""
    archive = policy_folder / FOLDER
    attributes = archive / ".gitattributes"
    if not attributes.is_file():
        write_file(attributes, ATTRIBUTES)
    write_folder(archive / label, files)
    return archive / label


def read_archive(policy_folder: Path, label: str, tree: str) -> dict[str, bytes] | None:
    """The files of `archive/<label>/` if they make the pinned tree; else None.

    A checkout that turned their line ends (the `.gitattributes` was lost) is turned back.
    """
    folder = policy_folder / FOLDER / label
    if not folder.is_dir():
        return None
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
    for candidate in (files, {name: data.replace(b"\r\n", b"\n") for name, data in files.items()}):
        if tree_id(candidate, algorithm_of(tree)) == tree:
            return candidate
    return None


def has_archive(policy_folder: Path, label: str) -> bool:
    """Whether there is such a folder, whatever is in it."""
    return (policy_folder / FOLDER / label).is_dir()
