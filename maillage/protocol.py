"""The HTTP protocol with one more bound: a connection that sends no whole head is closed.

uvicorn bounds the time between requests only; without this, connections that send a byte now
and then could be held for ever.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_S = 15.0


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol on httptools, with a deadline for the head of each request."""

    _deadline: asyncio.TimerHandle | None = None
    _in_head = True

    def connection_made(self, transport: Any) -> None:
        """Start the clock: a client that connects has something to ask."""
        super().connection_made(transport)
        self._deadline = self.loop.call_later(HEAD_S, self._give_up)

    def data_received(self, data: bytes) -> None:
        """Start the clock again when a further head has begun and is not whole yet."""
        super().data_received(data)
        if self._in_head and self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_S, self._give_up)

    def on_message_begin(self) -> None:
        """A request on the connection begins."""
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is whole; bodies have their own bound where they are read."""
        self._in_head = False
        self._stop()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._in_head = False
        self._stop()
        super().connection_lost(exc)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.close()
