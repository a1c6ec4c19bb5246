"""Deadlines that pass when a test says so: what is proved is what they cover, not how fast."""

import asyncio

import pytest


class Deadlines:
    """All that is waited for with `asyncio.timeout`, by how long it may take."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._real = asyncio.timeout
        self._made: list[tuple[float | None, asyncio.Timeout]] = []
        monkeypatch.setattr(asyncio, "timeout", self._timeout)

    def _timeout(self, delay: float | None) -> asyncio.Timeout:
        made = self._real(delay)
        self._made.append((delay, made))
        return made

    def lapse(self, delay: float) -> None:
        """Let the youngest deadline of so many seconds pass now."""
        found = [made for seconds, made in self._made if seconds == delay]
        assert found, f"nobody waits for {delay} s"
        found[-1].reschedule(asyncio.get_running_loop().time())
