"""Values kept by what they were made from, as many as a limit allows: the least recently used go first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

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
        value = make()
        size = self._size_of(value)
        self._values[key] = value, size
        self._size += size
        while self._size > self._limit and len(self._values) > 1:
            self._size -= self._values.popitem(last=False)[1][1]
        return value
