"""How often somebody may guess: failed attempts counted by name, in memory.

A process that restarts forgets; argon2 and 256-bit secrets carry the weight, this keeps a
guesser from using the node's time.
"""

from collections import OrderedDict, deque
from collections.abc import Callable

from federation.errors import TooMany, describe

WINDOW_MS = 5 * 60_000
NAMES_MAX = 20_000

describe({"attempts.too_many": "Too many attempts; wait {retry_after_s} s and try again."})


class Attempts:
    """Failures of the last five minutes for each name (an account, an address, a client)."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, deque[int]] = OrderedDict()

    def check(self, name: str, failures_max: int) -> None:
        """Raise TooMany when `name` has failed `failures_max` times within the window."""
        failures = self._recent(name)
        if len(failures) >= failures_max:
            wait_ms = failures[-failures_max] + WINDOW_MS - self._clock()
            raise TooMany("attempts.too_many", retry_after_s=max(1, wait_ms // 1000 + 1))

    def failed(self, name: str) -> None:
        """Count one failure of `name`."""
        failures = self._recent(name)
        failures.append(self._clock())
        self._failures[name] = failures
        self._failures.move_to_end(name)
        while len(self._failures) > NAMES_MAX:
            self._failures.popitem(last=False)

    def succeeded(self, name: str) -> None:
        """Forget the failures of `name`."""
        self._failures.pop(name, None)

    def forgive(self, name: str) -> None:
        """Take back the last failure of `name`, which was none."""
        failures = self._failures.get(name)
        if failures:
            failures.pop()

    def _recent(self, name: str) -> deque[int]:
        failures = self._failures.get(name) or deque()
        oldest = self._clock() - WINDOW_MS
        while failures and failures[0] <= oldest:
            failures.popleft()
        return failures
