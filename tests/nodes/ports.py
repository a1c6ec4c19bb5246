"""Ports for the nodes of one test process, outside the range from which systems pick their own."""

import os
import random
import socket
from collections.abc import Iterator

_RANGE = range(10_240, 32_000)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _candidates() -> Iterator[int]:
    # What one worker of a run takes and listens on later is nobody's among the others; runs
    # beside each other look at different ports first.
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    numbers = list(_RANGE[worker::workers])
    random.Random(os.getpid()).shuffle(numbers)
    yield from numbers


_left = _candidates()


def take(count: int) -> list[int]:
    """So many ports that nobody listens on, given to nobody else in this process."""
    found: list[int] = []
    for port in _left:
        if len(found) == count:
            break
        if _is_free(port):
            found.append(port)
    assert len(found) == count, "no free ports"
    return found
