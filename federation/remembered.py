"""A small memory: what was used longest ago is forgotten first, and old entries do not count."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """At most `entries_max` values by key, each for `lifetime_ms` from when it was put."""

    def __init__(
        self, entries_max: int, lifetime_ms: int | None = None, clock: Callable[[], int] = int
    ) -> None:
        self._entries_max = entries_max
        self._lifetime_ms = lifetime_ms
        self._clock = clock
        self._values: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The value, or None when it was never put, was forgotten or is too old."""
        found = self._values.get(key)
        if found is None:
            return None
        if self._lifetime_ms is not None and self._clock() - found[1] >= self._lifetime_ms:
            del self._values[key]
            return None
        self._values.move_to_end(key)
        return found[0]

    def put(self, key: K, value: V) -> None:
        """Remember `value` from now."""
        self._values[key] = (value, self._clock())
        self._values.move_to_end(key)
        if len(self._values) > self._entries_max:
            self._values.popitem(last=False)

    def forget(self, key: K) -> None:
        """Drop a value, if there is one."""
        self._values.pop(key, None)
