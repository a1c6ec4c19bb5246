"""A node with a name, as browsers want one for passkeys, and a browser in front of it."""

from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from federation.keys import make_secret
from maillage.nodes import close_node, open_node, prepare
from maillage.serve import listen, serving
from maillage.settings import Settings
from tests.browser.chromium import Page, tab
from tests.conftest import ENGINE
from tests.serving import Running


@pytest.fixture
async def named(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Running]:
    """A node that answers at http://localhost:port; a test may give it other settings."""
    folder, url = tmp_path / "named", ""
    folder.mkdir()
    cluster: Any = None
    name = f"named_{uuid4().hex}"
    if ENGINE == "postgres":
        cluster = request.getfixturevalue("postgres")
        url = await cluster.create_now(name, "template0")
    with closing(listen("127.0.0.1:0")) as sock:
        origin = f"http://localhost:{sock.getsockname()[1]}"
        more: dict[str, Any] = getattr(request, "param", {})
        settings = Settings(
            data=folder, origin=origin, name="Les Glycines", database_url=url, **more
        )
        make_secret(folder / "secret")
        node = await open_node(settings)
        try:
            await prepare(node)
            async with aiohttp.ClientSession() as http, serving(node, [sock], settings):
                yield Running(node, http)
        finally:
            await close_node(node)
            if cluster is not None:
                await cluster.drop_now(name)


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    """A tab of a real browser."""
    async with tab(tmp_path / "chromium") as opened:
        yield opened
