"""Values kept by what they were made from: in memory as many as a limit allows, or where the caller remembers them."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, Protocol, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """At most `limit` of whatever `size` counts; the newest value is always kept."""

    def __init__(self, limit: int, size: Callable[[Value], int]) -> None:
        self._limit, self._size_of = limit, size
        self._size = 0
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value kept for `key`, else the one that `make` gives, which is kept."""
        found = self._values.get(key)
        if found is not None:
            self._values.move_to_end(key)
            return found[0]
        return self.put(key, make())

    def find(self, key: Hashable) -> Value | None:
        """The value kept for `key`; None where there is none."""
        found = self._values.get(key)
        if found is None:
            return None
        self._values.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, value: Value) -> Value:
        """Keep a value for `key`."""
        size = self._size_of(value)
        self._size -= self._values[key][1] if key in self._values else 0
        self._values[key] = value, size
        self._size += size
        while self._size > self._limit and len(self._values) > 1:
            self._size -= self._values.popitem(last=False)[1][1]
        return value


class Remembered(Protocol):
    """Values by key that may outlast the process; `get` gives None for what is not known (any more)."""

    def get(self, key: str) -> Any: ...

    def put(self, key: str, value: object) -> None: ...


def key_of(*values: object) -> str:
    """A key for values whose `repr` says all of them: strings, numbers, days, enums, tuples, frozen dataclasses."""
    return hashlib.blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def remembered(place: Remembered | None, key: Callable[[], str], make: Callable[[], Value]) -> Value:
    """The value remembered at `place`, else the one that `make` gives, which is remembered."""
    if place is None:
        return make()
    name = key()
    found: Value | None = place.get(name)
    if found is None:
        found = make()
        place.put(name, found)
    return found
