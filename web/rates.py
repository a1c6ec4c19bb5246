"""How much one client may ask: buckets that fill again steadily, in memory.

Which buckets a request is counted in is decided by web/buckets.py; one that is empty refuses,
and then none is drawn from.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from federation.errors import TooMany, describe
from web.raw import Header

BUCKETS_MAX = 50_000

describe({"rates.too_many": "Too many requests; wait {retry_after_s} s and try again."})


@dataclass(frozen=True, slots=True)
class Rate:
    """`requests` in `window_ms`, any burst of them at once."""

    requests: int
    window_ms: int


PER_ADDRESS = Rate(300, 300_000)
# Only what is refused counts here: a partner that signs well is not slowed.
REFUSED_PER_ADDRESS = Rate(300, 300_000)


@dataclass(frozen=True, slots=True)
class State:
    """What is left of a bucket, and when it is full again."""

    limit: int
    left: int
    full_at_ms: int

    def headers(self) -> list[Header]:
        """The three headers that clients read; the time as Mastodon writes it."""
        moment = datetime.fromtimestamp(self.full_at_ms / 1000, UTC)
        reset = moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return [
            (b"x-ratelimit-limit", b"%d" % self.limit),
            (b"x-ratelimit-remaining", b"%d" % self.left),
            (b"x-ratelimit-reset", reset.encode()),
        ]


class Over(TooMany):
    """429: a bucket is empty; its state is told like that of any other."""

    def __init__(self, state: State, retry_after_s: int) -> None:
        super().__init__("rates.too_many", retry_after_s=retry_after_s)
        self.state = state


class Rates:
    """The buckets of one node."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def spend(self, name: str, rate: Rate) -> State:
        """Count one request of `name`; raise TooMany when its bucket is empty."""
        now = self._clock()
        left = self._left(name, rate, now)
        if left < 1:
            raise _over(left, rate, now)
        self._keep(name, left - 1, now)
        return _state(rate, left - 1, now)

    def spend_all(self, buckets: Sequence[tuple[str, Rate]]) -> State:
        """Count one request in each bucket; return the state of the one with the least left.

        Raises TooMany when one of them is empty, and then counts nothing.
        """
        for name, rate in buckets:
            self.check(name, rate)
        return min((self.spend(name, rate) for name, rate in buckets), key=lambda state: state.left)

    def check(self, name: str, rate: Rate) -> None:
        """Raise TooMany when the bucket of `name` is empty; count nothing."""
        now = self._clock()
        if name in self._buckets and (left := self._left(name, rate, now)) < 1:
            raise _over(left, rate, now)

    def _left(self, name: str, rate: Rate, now: int) -> float:
        left, at = self._buckets.get(name, (float(rate.requests), now))
        return min(rate.requests, left + max(0, now - at) * rate.requests / rate.window_ms)

    def _keep(self, name: str, left: float, now: int) -> None:
        self._buckets[name] = (left, now)
        self._buckets.move_to_end(name)
        if len(self._buckets) > BUCKETS_MAX:
            self._buckets.popitem(last=False)


def _over(left: float, rate: Rate, now: int) -> Over:
    wait_ms = (1 - left) * rate.window_ms / rate.requests
    return Over(_state(rate, left, now), int(wait_ms // 1000) + 1)


def _state(rate: Rate, left: float, now: int) -> State:
    missing = rate.requests - left
    return State(rate.requests, int(left), now + int(missing * rate.window_ms / rate.requests))
