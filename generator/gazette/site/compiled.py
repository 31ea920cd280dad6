"""Templates compiled once: what Jinja made of a template that did not change is shared by builds.

Those of one process share all templates. Those of one user share what comes with installed packages, in the folder that
the system gives programs for what can be made again: whoever can write there can run programs as that user anyway,
which is not so of a site's own folder, or of a cache that a workflow brings along. Hides how Jinja asks for it.
"""

from __future__ import annotations

import contextlib
import os
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version as installed
from pathlib import Path

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from platformdirs import user_cache_path

from gazette.policy.keeping import key_of

#: Where filters and tests are from that these libraries' versions name; Jinja may apply them as it compiles.
_KNOWN = frozenset({"jinja2", "markupsafe", "mkdocs", "builtins", "_operator"})
_LIBRARIES = ("Jinja2", "MarkupSafe", "mkdocs")
_OURS = frozenset({"gazette", "functools"})

#: Begins the key of a template that no package brought: it is not written anywhere.
_OWN = "own-"


class Compiled(BytecodeCache):
    """For environments that compile alike. `name` names the filters of Gazette's own in them, if there are any."""

    def __init__(self, name: str = "") -> None:
        self._name = name
        self._from = _KNOWN | _OURS if name else _KNOWN
        self._known: dict[str, bytes] = {}
        self._named: dict[str, Compiled] = {}

    def named(self, name: str) -> Compiled:
        """What environments share of which the filters differ by this name."""
        return self._named.setdefault(name, Compiled(key_of(self._name, name)))

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        key = super().get_cache_key(name, filename)
        return key if filename is not None and filename.startswith(_packages()) else f"{_OWN}{key}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was made of this template, if there is any; Jinja looks whether it was of the same source."""
        known = self._known.get(bucket.key)
        if known is None and (path := self._path(bucket)) is not None:
            with contextlib.suppress(OSError):
                by, _, made = path.read_bytes().partition(b"\n")
                known = made if by == _versions() else None
        if known is not None:
            with contextlib.suppress(Exception):  # whatever bytes of another making may raise: then it is compiled
                bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = made = bucket.bytecode_to_string()
        if (path := self._path(bucket)) is not None:
            temporary = path.with_suffix(f".{os.getpid()}")
            with contextlib.suppress(OSError):
                temporary.write_bytes(b"%b\n%b" % (_versions(), made))
                temporary.replace(path)

    def _path(self, bucket: Bucket) -> Path | None:
        """Where a compiled template lies, None where it may not. The name says all that it is made from but its source
        and what compiles: of these the last one counts, so that there are never more than a few templates."""
        folder = None if bucket.key.startswith(_OWN) else _folder()
        if folder is None or not self._is_known(bucket.environment):
            return None
        return folder / key_of(bucket.key, self._name, _facts(bucket.environment))

    def _is_known(self, environment: Environment) -> bool:
        """Whether no plugin has put in code of its own that Jinja compiles by."""
        called = [*_packages_of(environment.filters), *_packages_of(environment.tests), *environment.extensions]
        plain = environment.finalize is None and isinstance(environment.autoescape, bool)
        return plain and self._from.issuperset(name.partition(".")[0] for name in called)


def _packages_of(called: Mapping[str, object]) -> Iterator[str]:
    return (getattr(function, "__module__", None) or "" for function in called.values())


def _facts(environment: Environment) -> tuple[object, ...]:
    signs = (environment.block_start_string, environment.variable_start_string, environment.comment_start_string)
    lines = (environment.line_statement_prefix, environment.line_comment_prefix, environment.newline_sequence)
    blanks = (environment.trim_blocks, environment.lstrip_blocks, environment.keep_trailing_newline)
    ways = (environment.autoescape, environment.optimized, environment.sandboxed, sorted(environment.extensions))
    said = (getattr(environment, "newstyle_gettext", None), sorted(environment.policies.items()))
    names = (sorted(environment.filters), sorted(environment.tests))
    return signs, lines, blanks, ways, said, names


@cache
def _versions() -> bytes:
    """Names what compiles."""
    return key_of(sys.version, list(map(installed, _LIBRARIES))).encode()


@cache
def _packages() -> tuple[str, ...]:
    """The folders of installed packages, and this one."""
    paths = sysconfig.get_paths()
    return (paths["purelib"], paths["platlib"], str(Path(__file__).parents[1]))


@cache
def _folder() -> Path | None:
    """The user's own folder for compiled templates; None where there is none that nobody else can write to."""
    folder = user_cache_path("policy-gazette") / "templates"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except OSError:
        return None
    is_own = not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & 0o022)
    return folder if is_own else None
