"""The site of the world: its settings, a service that translates, and nothing in it yet."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import web

from federation.client import GuardedClient
from federation.networks import Networks
from federation.options import TranslationOptions
from tests.conftest import FakeClock
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.world import OPTIONS, World
from tests.web.mastodon.test_translations import Service
from web.app import build_app


@pytest.fixture
async def translator() -> AsyncIterator[str]:
    """Where a service listens that translates."""
    service, app = Service(), web.Application()
    app.router.add_get("/languages", service.languages)
    app.router.add_post("/translate", service.translate)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def ground(site: Site, translator: str, clock: FakeClock) -> AsyncIterator[World]:
    """The site with its settings and nothing in it yet."""
    client = GuardedClient(
        networks=Networks(["127.0.0.0/8"]), user_agent="Maillage/test", allow_http=True
    )
    options = replace(OPTIONS, translation=TranslationOptions(url=translator))
    node = replace(site.node, options=options, translation_client=client)
    yield World(Site(node, build_app(node)), clock)
    await client.close()
