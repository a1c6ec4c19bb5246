"""Requests as other servers and clients make them."""

from dataclasses import dataclass
from typing import Any

import pytest
from yarl import URL

from actors.local import create_account
from federation.database import Row
from tests.serving import Running, Start

DOCUMENT = "application/activity+json"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


async def ask(running: Running, method: str, path: str, **options: Any) -> Reply:
    """One request to a node, as it is given."""
    url = URL(path if path.startswith("http") else running.origin + path, encoded=True)
    async with running.http.request(method, url, allow_redirects=False, **options) as answer:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status, headers, await answer.read())


async def signed(
    sender: Running,
    to: Running,
    path: str,
    *,
    owner: str | None = None,
    form: Any = None,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    sign_body: bytes | None = None,
) -> Reply:
    """A request signed by an actor of `sender` (its instance actor, unless `owner`)."""
    node = sender.node
    owner = owner or node.uris.instance_actor
    method = "GET" if body is None else "POST"
    form = form or ("ed25519" if owner == node.uris.instance_actor else "cavage")
    made = await node.keyring.sign_as(
        form, owner, method, to.origin + path, sign_body if sign_body is not None else body
    )
    sent = {"Accept": DOCUMENT} if body is None else {"Content-Type": DOCUMENT}
    return await ask(to, method, path, data=body, headers=sent | made | (headers or {}))


async def new_person(running: Running, name: str, **values: Any) -> Row:
    return await create_account(
        running.node, username=name, password="une phrase de passe longue", **values
    )


@pytest.fixture
async def stranger(start_node: Start) -> Running:
    """A third node that nobody allowed."""
    return await start_node(name="Inconnu")
