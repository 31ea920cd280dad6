"""How the files of a site are made: looked up, kept from the build before, or made anew; the same bytes each time.

A `Making` lasts one build. It joins the cache of values (`cache`) and the files that the last build left (`built`) with
the inputs of each output. What names the inputs is the caller's care; what names the program is here.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache as once
from functools import partial
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from itertools import chain
from pathlib import Path
from typing import TypeVar

from gazette.policy.keeping import Kept, Remembered, key_of
from gazette.policy.model import Policy
from gazette.site.ahead import WORTHWHILE, Ahead, Means, tasks
from gazette.site.bodies import Body
from gazette.site.built import Built
from gazette.site.cache import FOLDER, Cache, Pack, Packs
from gazette.site.links import Link
from gazette.site.model import History
from gazette.site.pages import Frame
from gazette.site.publication import SITE, Batch
from gazette.site.writing import Writing

_Value = TypeVar("_Value")

#: Whose versions the bytes of a site depend on.
_LIBRARIES = "mkdocs Jinja2 MarkupSafe Babel lxml html5lib rapidfuzz numpy"

#: Themes that are large, by the name of their package.
_THEMES = {"material": "mkdocs-material"}

#: How many packs and characters of ordinary pages are held: they are asked for again when the pages are written.
HELD = 64
KEPT_CHARACTERS = 8_000_000

#: The pack of what was read; no policy can have this name.
CONTENT = ".content"


class Making:
    """`renderer` is the fingerprint of what converts Markdown, None where nothing vouches for what it makes; then
    nothing is kept. `root` is the site's own folder, `site` the one that is built. `bodies` holds what builds of one
    process share."""

    def __init__(
        self, root: Path, site: Path, renderer: str | None, say: Callable[[str], None], bodies: Kept[Body] | None = None
    ) -> None:
        folder = None if renderer is None else root / FOLDER
        self._cache = Cache(folder, key_of(program(), renderer or ""), say)
        self._built = Built(self._cache, site)
        self._packs = Packs(self._cache)
        self._page_packs = Packs(self._cache, ".pages", HELD)
        self._bodies = kept_bodies() if bodies is None or renderer is None else bodies
        self._content: Pack | None = None
        self._frame = ""
        self._ahead: Ahead | None = None
        self._writing: Writing | None = None

    def begin(self) -> None:
        """Before the site's folder is cleaned."""
        self._built.set_aside()

    def settle(self, *facts: object) -> None:
        """After the cleaning. `facts` are all that pages depend on besides the program and their own inputs: templates,
        the site's address."""
        self._built.bring_back()
        self._frame = key_of(self._cache.fingerprint, *facts)

    @property
    def content(self) -> Remembered | None:
        """Where what was read from the content is looked up; `keep_content` saves it."""
        if self._cache.folder is None:
            return None
        self._content = self._content or self._cache.pack(CONTENT)
        return self._content

    def keep_content(self) -> None:
        """All content was read: save it, and hold it no longer."""
        if self._content is not None:
            self._content.save(is_complete=True)
            self._content = None

    def remember(self, policy: str) -> Remembered | None:
        """Where rendered sections and redlines of a policy are looked up."""
        if not self._cache.folder:
            return None
        pack = self._packs.of(policy)
        for values in self._ahead.take(policy) if self._ahead else ():
            pack.add(values)
        return pack

    def work_ahead(
        self, policies: Iterable[Policy], histories: Mapping[str, History], means: Means, count: int
    ) -> None:
        """Let `count` processes, of which this is one, find out what is to be remembered of policies of which nothing
        is yet."""
        unknown = [policy for policy in policies if policy.id in histories and not self._cache.has(policy.id)]
        if not self._cache.folder or count < 2 or sum(len(p.versions) for p in unknown) < WORTHWHILE:
            return
        todo = chain.from_iterable(tasks(policy, histories[policy.id]) for policy in unknown)
        self._ahead = Ahead(means, todo, count - 1, self._cache.say)

    def end_ahead(self) -> None:
        """All was asked for, or nothing will be any more."""
        if self._ahead is not None:
            self._ahead.close()
            self._ahead = None

    def body(self, policy: str, inputs: str, make: Callable[[], Body]) -> Body:
        """The inside of an ordinary page about a policy, or about all of them."""
        key = key_of("body", self._frame, inputs)
        return self._bodies.get(key, partial(self._looked_up, policy or SITE, key, make))

    def links(self, policy: str, inputs: str, make: Callable[[], tuple[Link, ...]]) -> tuple[Link, ...]:
        """The links of all versions of a policy that are to be looked after."""
        return self._looked_up(policy, key_of("links", self._frame, inputs), make)

    def _looked_up(self, policy: str, key: str, make: Callable[[], _Value]) -> _Value:
        if not self._cache.folder:
            return make()
        found: _Value | None = self._page_packs.of(policy).get(key)
        if found is None:
            found = make()
            self._page_packs.of(policy).put(key, found)
        return found

    def paths(self, batch: Batch) -> Sequence[str]:
        """The files of a batch."""
        kept = self._built.paths(batch.name, key_of(self._frame, batch.inputs))
        return kept if kept is not None else [output.path for output in batch.outputs()]

    def place(self, batch: Batch, path: str, frame: Callable[[Frame], str | None]) -> None:
        """Put a file of a batch where it belongs; ask for those of one batch after another. `frame` names what is
        around a page, None where nobody knows it."""
        if self._writing is None or self._writing.batch is not batch:
            self._end_writing()
            self._writing = Writing(batch, self._built, self._frame, frame)
        self._writing.place(path)

    def _end_writing(self) -> None:
        if self._writing is not None:
            self._writing.close()
            self._writing = None

    def finish(self) -> None:
        """The site is whole."""
        self._end_writing()
        self.stop()
        self._built.finish()
        self._cache.prune()

    def stop(self) -> None:
        """Save what was found out, also where the build failed."""
        self.end_ahead()
        self.keep_content()
        self._packs.close()
        self._page_packs.close()


def kept_bodies() -> Kept[Body]:
    """Room for ordinary pages between their making and their writing."""
    return Kept(KEPT_CHARACTERS, lambda body: len(body.html))


@once
def program() -> str:
    """Names the program that makes the site: its own code and templates, and the libraries it stands on."""
    package = Path(__file__).parents[1]
    files: list[Path] = []
    for room in ("plugin", "policy", "redline", "site"):
        files += (path for path in (package / room).rglob("*") if "__pycache__" not in path.parts)
    return key_of(_content(files, package), [installed(name) for name in _LIBRARIES.split()])


def templates(folders: Iterable[str]) -> str:
    """Names all that templates can include: the files of a theme's and a site's own folders, or their version."""
    return key_of([_version_of(folder) or _content(folder.rglob("*"), folder) for folder in map(Path, folders)])


def _version_of(folder: Path) -> str:
    """What names a folder of templates that comes with a package and is too large to be read each time."""
    distribution = _THEMES.get(folder.parent.name)
    with contextlib.suppress(PackageNotFoundError):
        if distribution is not None and (folder / "mkdocs_theme.yml").is_file():
            return f"{distribution} {installed(distribution)}"
    return ""


def _content(files: Iterable[Path], base: Path) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(path for path in files if path.is_file()):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(base).as_posix()}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()
