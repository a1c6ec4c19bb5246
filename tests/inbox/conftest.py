"""The world of the inbox's tests: Claire here, and origins elsewhere."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from actors.local import create_account
from federation.node import Node
from tests.conftest import FakeClock
from tests.inbox.world import (
    PASSWORD,
    Elsewhere,
    World,
    account_id_of,
    actor_row,
    admit,
    signing_key,
)

StartOrigin = Callable[..., Awaitable[Elsewhere]]


@pytest.fixture
async def start_origin(node: Node) -> AsyncIterator[StartOrigin]:
    """Start another origin on an address of 127.0.0.0/8, admitted unless said otherwise."""
    runners: list[web.AppRunner] = []

    async def start(address: str, *, admitted: bool = True) -> Elsewhere:
        app = web.Application()
        runner = web.AppRunner(app)
        found = Elsewhere(node, "", signing_key("http://127.0.0.1"))
        app.router.add_route("GET", "/{path:.*}", found.answer)
        await runner.setup()
        runners.append(runner)
        await web.TCPSite(runner, address, 0).start()
        found.origin = f"http://{address}:{runner.addresses[0][1]}"
        found.key = signing_key(found.origin)
        if admitted:
            await admit(node, found.origin)
        return found

    yield start
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
async def roses(start_origin: StartOrigin) -> Elsewhere:
    """A neighbour that the closed node admits."""
    return await start_origin("127.0.0.2")


@pytest.fixture
async def stranger(start_origin: StartOrigin) -> Elsewhere:
    """An origin that nobody admitted."""
    return await start_origin("127.0.0.3", admitted=False)


@pytest.fixture
async def world(node: Node, clock: FakeClock, roses: Elsewhere) -> World:
    made = await create_account(node, username="claire", password=PASSWORD)
    claire = await actor_row(node, made["uri"])
    return World(node, clock, claire, await account_id_of(node, claire), roses)
