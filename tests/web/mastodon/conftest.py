"""A node with a few people and its HTTP side, spoken to without a socket."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from actors.local import create_account
from federation.database import Row, Transaction
from federation.node import Limits, Node
from inbox.process import process_due
from tests.web.mastodon.asgi import Client
from web.app import build_app
from web.scopes import parse_scopes
from web.tokens import issue_token

PASSWORD = "correct horse battery"
ALL_SCOPES = "read write follow push"


@dataclass
class Site:
    """A node, its application, and people made on demand."""

    node: Node
    app: Any
    people: dict[str, Row] = field(default_factory=dict)

    def client(self, token: str | None = None, **more: Any) -> Client:
        return Client(self.app, self.node.origin, token, **more)

    async def person(self, name: str, scopes: str = ALL_SCOPES, **more: Any) -> Client:
        """A client with a token of the person called so, made when there is none."""
        if name not in self.people:
            self.people[name] = await create_account(
                self.node, username=name, password=PASSWORD, **more
            )
        return self.client(await self.token(name, scopes))

    def id_of(self, name: str) -> str:
        return str(self.people[name]["id"])

    async def token(self, name: str | None, scopes: str, application_id: int | None = None) -> str:
        """A token of a person, or of an application alone."""
        account_id = name and await self.node.db.value(
            "SELECT id FROM account WHERE actor_id = ?", self.people[name]["id"]
        )

        async def work(tx: Transaction) -> str:
            _, token = await issue_token(
                self.node,
                tx,
                application_id=application_id,
                account_id=account_id or None,
                scopes=parse_scopes(scopes),
            )
            return token

        return await self.node.db.write(work)

    async def settle(self) -> None:
        """Let what was published reach this node's own people."""
        await process_due(self.node)

    async def follow(self, follower: Client, name: str) -> None:
        reply = await follower.post(f"/api/v1/accounts/{self.id_of(name)}/follow")
        assert reply.status == 200, reply.text
        await self.settle()


def unlimited(node: Node) -> Node:
    return replace(node, limits=Limits(rate_limits=False))


@pytest.fixture
async def site(node: Node) -> Site:
    """A closed node, without limits on how often one may ask."""
    node = unlimited(node)
    return Site(node, build_app(node))


@pytest.fixture
async def open_site(open_federation_node: Node) -> Site:
    """An open node, without limits on how often one may ask."""
    node = unlimited(open_federation_node)
    return Site(node, build_app(node))


@pytest.fixture
async def limited_site(node: Node) -> Site:
    """A closed node with its ordinary limits."""
    return Site(node, build_app(node))
