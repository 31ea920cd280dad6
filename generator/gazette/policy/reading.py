"""`content/` → policies: every file read, every problem collected, none of them raised.

Takes a folder; gives frozen values and the problems as `path:line: what; what to do`. git is not asked here: whether
the pins hold is `pins`' question.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from gazette.errors import Problem, Severity
from gazette.policy import archive
from gazette.policy.between import version_problems
from gazette.policy.decoding import conflict, decode
from gazette.policy.fields import Fields, parse_fields
from gazette.policy.files import parse_record, text_from_files
from gazette.policy.folders import bytes_of, times_of
from gazette.policy.keeping import Remembered, key_of, remembered
from gazette.policy.links import Linking, link_problems, linking_of
from gazette.policy.model import NoticeSettings, Policy, Text, Version
from gazette.policy.settings import Settings
from gazette.policy.slugs import RESERVED_POLICY_IDS, slug, valid_id

POLICY_FILE = "policy.yml"
TEXT, VERSIONS = "text", "versions"
TRANSLATIONS = "translations"
POLICY_KEYS = ("title", "language", "contact", "notice", "owners")
NOTICE_KEYS = ("material", "rules", "reminders", "review", "reviewed")

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def read_policies(settings: Settings, kept: Remembered | None = None) -> tuple[tuple[Policy, ...], tuple[Problem, ...]]:
    """Every policy of a site, by id, and everything that is wrong with any of them.

    What a folder says is looked up where it is kept by the bytes of its files, which are read in any case.
    """
    where = shown(settings.content, settings.root)
    if not settings.content.is_dir():
        return (), (Problem(where, 0, "there is no such folder", "make it, or name another with 'content:'"),)
    found: list[_Read] = []
    problems: list[Problem] = []
    beside: set[str] = set()  # other pages, and their folders
    for folder in sorted(settings.content.iterdir()):
        if not folder.is_dir() or folder.name.startswith("."):
            beside.add(folder.name.removesuffix(".md"))
            continue
        if (folder / POLICY_FILE).is_file():
            found.append(_read_kept(folder, settings.root, kept))
            problems.extend(found[-1].problems)
        else:
            beside.add(folder.name)
            problems.extend(_without_policy_file(folder, settings.root))

    def find_link_problems() -> tuple[Problem, ...]:
        linkings = {one.policy.id: one.linking() for one in found if one.policy is not None}
        return link_problems(linkings, beside | {one.folder.name for one in found if one.policy is None})

    place = kept if all(one.source for one in found) else None
    key = partial(
        key_of, "links", str(settings.root), str(settings.content), [one.source for one in found], sorted(beside)
    )
    problems.extend(remembered(place, key, find_link_problems))
    return tuple(one.policy for one in found if one.policy is not None), _in_order(problems)


@dataclass(frozen=True)
class _Read:
    """What a folder says. `source` names the bytes it was read from, empty where nobody could say."""

    folder: Path
    policy: Policy | None
    problems: Sequence[Problem]
    linking: Callable[[], Linking]
    source: str = ""


def _read_kept(folder: Path, root: Path, kept: Remembered | None) -> _Read:
    """What the folder of a policy says, looked up where it is kept."""
    if kept is None:
        return _read_anew(folder, root)
    before = times_of(folder)
    read = bytes_of(folder, (archive.FOLDER, TRANSLATIONS))
    key, linking_key = (key_of(what, str(folder), str(root), read) for what in ("policy", "linking"))
    if read and (said := kept.get(key)) is not None:
        policy, problems = said
        known = partial(_known_linking, kept, linking_key, policy, folder, root)
        return _Read(folder, policy, problems, known, read)
    found = _read_anew(folder, root)
    if found.policy is None or not read:
        return found
    linking = found.linking()
    if before != times_of(folder):  # somebody saved a file meanwhile
        return found
    kept.put(key, (found.policy, tuple(found.problems)))
    kept.put(linking_key, linking)
    return replace(found, linking=lambda: linking, source=read)


def _read_anew(folder: Path, root: Path) -> _Read:
    policy, problems = _read(folder, root)
    return _Read(folder, policy, problems, partial(_linking, policy, folder, root))


def _known_linking(kept: Remembered, key: str, policy: Policy | None, folder: Path, root: Path) -> Linking:
    found: Linking | None = kept.get(key)
    return found if found is not None else _linking(policy, folder, root)


def _linking(policy: Policy | None, folder: Path, root: Path) -> Linking:
    files = _section_files(folder, root)
    return linking_of(policy.text, files, (one.label for one in policy.versions)) if policy else linking_of(None, files)


def read_policy(folder: Path, root: Path) -> tuple[Policy | None, tuple[Problem, ...]]:
    """One policy and what is wrong with it; links to other policies are not followed. Paths are shown from `root`."""
    if not (folder / POLICY_FILE).is_file():
        return None, (Problem(shown(folder / POLICY_FILE, root), 0, "there is no such file", "add it"),)
    found = _read_anew(folder, root)
    links = link_problems({folder.name: found.linking()}, unread=None) if found.policy else ()
    return found.policy, _in_order([*found.problems, *links])


def working_files(folder: Path) -> dict[str, bytes]:
    """The files of a policy's `text/`, by their path in it; hidden ones and links are passed over."""
    text = folder / TEXT
    return {
        path.relative_to(text).as_posix(): path.read_bytes()
        for path in sorted(text.rglob("*"))
        if path.is_file() and not path.is_symlink() and not _hidden(path.relative_to(text))
    }


def record_problems(problems: Iterable[Problem], settings: Settings, policy: str | None = None) -> tuple[Problem, ...]:
    """Those errors that concern the published versions (of one policy), not the draft in `text/`."""
    content = shown(settings.content, settings.root)

    def concerns(problem: Problem) -> bool:
        parts = PurePosixPath(problem.path).relative_to(content).parts
        return (not parts or policy in (None, parts[0])) and parts[1:2] != (TEXT,)

    return tuple(problem for problem in problems if problem.severity is Severity.ERROR and concerns(problem))


def shown(path: Path, root: Path) -> str:
    """A path as the user would type it from the site's folder."""
    return Path(os.path.relpath(path, root)).as_posix()


def _read(folder: Path, root: Path) -> tuple[Policy | None, list[Problem]]:
    problems: list[Problem] = []
    try:
        text = _read_text(folder, root, problems)
        versions = _read_versions(folder, root, problems)
        path = folder / POLICY_FILE
        data = path.read_bytes()
    except OSError as error:
        place = shown(Path(str(error.filename or folder)), root)
        problems.append(Problem(place, 0, f"cannot be read: {error.strerror}", "mend its permissions"))
        return None, problems
    problems.extend(_id_problems(folder, root))
    source = decode(data, shown(path, root), problems)
    if source is None or conflict(source, shown(path, root), problems):
        return None, problems
    fields = parse_fields(source, shown(path, root), problems)
    if fields is None:
        return None, problems
    return _policy(folder, fields, versions, text), problems


def _policy(folder: Path, fields: Fields, versions: tuple[Version, ...], text: Text | None) -> Policy:
    fields.only(POLICY_KEYS)
    fields.require("title", "language")
    language = fields.text("language")
    if language and not _LANGUAGE.fullmatch(language):
        fields.problem("language", f"'{language}' is no language tag", "write it as BCP 47: en, pt-BR")
    return Policy(
        id=folder.name,
        title=fields.text("title"),
        language=language,
        folder=folder,
        contact=fields.text("contact"),
        notice=_notice(fields.mapping("notice")),
        owners=fields.texts("owners"),
        versions=versions,
        text=text,
    )


def _notice(fields: Fields | None) -> NoticeSettings:
    if fields is None:
        return NoticeSettings()
    fields.only(NOTICE_KEYS)
    return NoticeSettings(
        material=fields.text("material"),
        rules=fields.texts("rules"),
        reminders=fields.texts("reminders"),
        review=fields.text("review"),
        reviewed=fields.date("reviewed"),
    )


def _id_problems(folder: Path, root: Path) -> list[Problem]:
    policy, place = folder.name, shown(folder, root)
    if policy in RESERVED_POLICY_IDS:
        return [Problem(place, 0, f"the policy id '{policy}' is reserved for the site", "rename the folder")]
    if not valid_id(policy):
        remedy = f"rename the folder to '{slug(policy) or 'policy'}'"
        return [Problem(place, 0, f"'{policy}' is not allowed as a policy id", remedy)]
    return []


def _read_text(folder: Path, root: Path, problems: list[Problem]) -> Text | None:
    text = folder / TEXT
    place = shown(text, root)
    if not text.is_dir():
        problems.append(Problem(place, 0, "there is no such folder", "make it, with one file a section"))
        return None
    for path in sorted(text.rglob("*")):
        if path.is_symlink() and not _hidden(path.relative_to(text)):
            what = "is a symbolic link, and git keeps a link, not the text behind it"
            problems.append(Problem(shown(path, root), 0, what, "put the file itself there"))
    read, found = text_from_files(working_files(folder), place)
    problems.extend(found)
    if not read.sections and not found:
        problems.append(Problem(place, 0, "there is no section", "add one: 01-introduction.md"))
    return read if read.sections else None


def _read_versions(folder: Path, root: Path, problems: list[Problem]) -> tuple[Version, ...]:
    versions: list[Version] = []
    records: dict[str, bytes] = {}
    within = shown(folder / VERSIONS, root)
    for path in sorted((folder / VERSIONS).glob("*")):
        if path.name.startswith("."):
            continue
        place = f"{within}/{path.name}"
        if path.suffix != ".md" or not path.is_file():
            problems.append(Problem(place, 0, "is no version record", "name it <label>.md, or put it elsewhere"))
            continue
        records[place] = path.read_bytes()
        version, found = parse_record(path.name, records[place], place)
        problems.extend(found)
        if version is not None:
            versions.append(version)
    problems.extend(version_problems(versions, records))
    problems.extend(_archive_problems(folder, root, {Path(place).stem for place in records}))
    return tuple(sorted(versions, key=lambda v: (v.effective, v.published, v.sequence, v.label)))


def _archive_problems(folder: Path, root: Path, labels: set[str]) -> Iterable[Problem]:
    for path in sorted((folder / archive.FOLDER).glob("*")):
        if path.is_dir() and not path.name.startswith(".") and path.name not in labels:
            what = f"no version has the label '{path.name}'"
            yield Problem(shown(path, root), 0, what, "delete the folder, or add the record", Severity.WARNING)


def _without_policy_file(folder: Path, root: Path) -> Iterable[Problem]:
    if (folder / TEXT).is_dir() or (folder / VERSIONS).is_dir():
        yield Problem(shown(folder / POLICY_FILE, root), 0, "there is no such file", "add it, with title and language")


def _section_files(folder: Path, root: Path) -> dict[str, bytes]:
    place = shown(folder / TEXT, root)
    return {f"{place}/{name}": data for name, data in working_files(folder).items() if name.endswith(".md")}


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=lambda p: (p.path, p.line, p.what)))
