"""Publish and subscribe of Redis or Valkey as the bus."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from redis.asyncio import Redis

from maillage.bus import Link

CONNECT_S = 5
POLL_S = 5.0


class RedisLink:
    """A connection that publishes, beside a task that listens on another."""

    def __init__(self, redis: Any, channel: str, listening: "asyncio.Task[None]") -> None:
        self._redis = redis
        self._channel = channel
        self._listening = listening

    async def send(self, text: str) -> None:
        """Publish to the channel."""
        await self.check()
        await self._redis.publish(self._channel, text)

    async def check(self) -> None:
        """Raise what ended the listening, if anything did."""
        if self._listening.done():
            self._listening.result()
            raise ConnectionError("the subscription ended")
        await self._redis.ping()


def connector(
    url: str, channel: str
) -> Callable[[Callable[[str], None]], AbstractAsyncContextManager[Link]]:
    """What opens a connection to the channel on the server of this url."""

    @asynccontextmanager
    async def connect(receive: Callable[[str], None]) -> AsyncGenerator[Link]:
        redis = Redis.from_url(
            url, decode_responses=True, socket_connect_timeout=CONNECT_S, socket_timeout=None
        )
        pubsub = redis.pubsub(ignore_subscribe_messages=True)
        try:
            await pubsub.subscribe(channel)
            listening = asyncio.create_task(_listen(pubsub, receive), name="bus-listening")
            try:
                yield RedisLink(redis, channel, listening)
            finally:
                listening.cancel()
                await asyncio.wait([listening])
        finally:
            await pubsub.aclose()
            await redis.aclose()

    return connect


async def _listen(pubsub: Any, receive: Callable[[str], None]) -> None:
    while True:
        message = await pubsub.get_message(timeout=POLL_S)
        if message is not None and message["type"] == "message":
            receive(message["data"])
