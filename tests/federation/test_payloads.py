"""Proves that a body is read once for all its inboxes, and that memory for bodies is bounded."""

from collections.abc import Sequence
from typing import Any

import pytest

from federation import payloads
from federation.database import Row
from federation.digests import digest_header
from federation.payloads import Payloads
from federation.remembered import Remembered


class Bodies:
    """A reader that has a body for each activity but 0, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    async def value(self, sql: str, *args: Any) -> Any:
        self.asked.append(args[0])
        return b"x" * 100 if args[0] else None

    async def row(self, sql: str, *args: Any) -> Row | None:
        raise AssertionError("a body is one value")

    async def rows(self, sql: str, *args: Any) -> Sequence[Row]:
        raise AssertionError("a body is one value")


async def test_a_body_is_read_once_and_what_is_over_the_bound_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(payloads, "_BYTES_MAX", 250)
    reader, kept = Bodies(), Payloads()
    for activity_id in (1, 1, 2, 1, 3, 1, 2):
        found = await kept.find(reader, activity_id)
        assert found is not None
        assert found.digest == digest_header(found.body)
    assert reader.asked == [1, 2, 3, 2]
    assert await kept.find(reader, 0) is None


def test_what_is_remembered_is_bounded_in_number_and_in_time() -> None:
    now = [0]
    memory: Remembered[str, int] = Remembered(2, 10, lambda: now[0])
    memory.put("a", 1)
    memory.put("b", 2)
    assert memory.get("a") == 1
    memory.put("c", 3)
    assert (memory.get("a"), memory.get("b"), memory.get("c")) == (1, None, 3)
    now[0] = 10
    assert (memory.get("a"), memory.get("c")) == (None, None)
    memory.put("a", 4)
    memory.forget("a")
    memory.forget("a")
    assert memory.get("a") is None
