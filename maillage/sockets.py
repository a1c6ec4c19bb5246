"""The protocol of WebSockets with two more bounds: what it logs, and how long an end may take.

uvicorn writes the address of each socket to its log, and tokens come in addresses; and a client
that reads nothing would keep a closed connection, and what waits for it, until the network gives
it up.
"""

import asyncio
import logging
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

FRAME_BYTES_MAX = 10_000
END_S = 5.0
_quiet = logging.getLogger("maillage.sockets")
_quiet.setLevel(logging.ERROR)


class StreamProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol on websockets; it says nothing and ends in time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _quiet
        self.conn.logger = _quiet
        self.close_timeout = END_S

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """Give what is still to be sent a moment, then drop the connection."""
        super().on_task_complete(task)
        self.loop.call_later(END_S, self.transport.abort)
