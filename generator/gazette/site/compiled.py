"""Templates compiled once: the builds of one process share what Jinja made of a template that did not change.

Hides how Jinja asks for it. Nothing is written anywhere: whoever could change a file of compiled templates could run
what they like.
"""

from __future__ import annotations

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """For environments that compile alike: with the same options and extensions."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was made of this template, if there is any; Jinja looks whether it was of the same source."""
        if (known := self._known.get(bucket.key)) is not None:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = bucket.bytecode_to_string()
