"""A closed node in this process, with people here and elsewhere, for questions from outside."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from actors import follows
from actors.local import create_account
from actors.queries import account_of_actor
from federation import peers
from federation.database import Row, Transaction
from federation.keys import PrivateKey
from federation.node import Node
from federation.vocabulary import ACTIVITY_TYPE
from outbox import statuses
from tests.nodes import ports
from tests.nodes.asgi import Headers, InProcess
from tests.nodes.partner import Partner
from tests.nodes.sites import Got
from web.scopes import parse_scopes
from web.tokens import issue_token

OTHER_PARTNER = "http://127.0.0.22:8001"
STRANGER = "http://127.0.0.23:8001"


@dataclass
class World:
    """A closed node with alice, who wrote something private, and bob, who may not see it."""

    app: InProcess
    alice: Row
    bob: Row
    partner: Partner
    private: Row
    public: Row
    keys: dict[str, PrivateKey]
    """Of people elsewhere: `friend` follows alice, `other` is admitted too, `stranger` is not."""
    tokens: dict[str, str]

    async def get(self, target: str, who: str = "", **headers: str) -> Got:
        """Read an address, signed by somebody elsewhere, or by nobody."""
        sent: Headers = {"Accept": ACTIVITY_TYPE, **headers}
        if who == "forged":
            good = self.app.signed(self.keys["friend"], "GET", target)
            sent = {**good, **sent, "Signature": good["Signature"][:-8] + 'AAAAAA="'}
        elif who:
            sent = {**self.app.signed(self.keys[who], "GET", target), **sent}
        return await self.app.call("GET", target, sent)

    async def with_token(self, method: str, target: str, who: str, **headers: str) -> Got:
        sent = {"Authorization": f"Bearer {self.tokens[who]}", **headers}
        return await self.app.call(method, target, sent)


@asynccontextmanager
async def open_world(node: Node, rsa: Any) -> AsyncIterator[World]:
    """Fill a closed node with people, and open its partner; `rsa` signs for everybody else."""
    # The partner is there, so that its key can be asked for again when a signature is wrong.
    partner = Partner(ports.take(1)[0], rsa)
    await partner.door.open()
    app = InProcess(replace(node, limits=replace(node.limits, rate_limits=False)))
    people = {
        name: await create_account(node, username=name, password="une phrase assez longue")
        for name in ("alice", "bob")
    }
    tokens: dict[str, str] = {}
    accounts = {name: await account_of_actor(node.db, row["id"]) for name, row in people.items()}
    keys = {
        "friend": PrivateKey(f"{partner.origin}/users/friend#main-key", rsa),
        "other": PrivateKey(f"{OTHER_PARTNER}/users/other#main-key", rsa),
        "stranger": PrivateKey(f"{STRANGER}/users/stranger#main-key", rsa),
    }

    async def work(tx: Transaction) -> None:
        for origin in (partner.origin, OTHER_PARTNER):
            await peers.allow(tx, origin, node.clock())
        for name, row in accounts.items():
            assert row is not None
            _, tokens[name] = await issue_token(
                node,
                tx,
                application_id=None,
                account_id=row["id"],
                scopes=parse_scopes("read write follow push"),
            )
        friend = await _remote(node, tx, keys["friend"])
        await _remote(node, tx, keys["other"])
        await follows.ask(
            node, tx, friend, people["alice"], f"{partner.origin}/follows/1", follows.ACCEPTED
        )

    await node.db.write(work)
    for key in keys.values():
        await node.keyring.store(key.public(key.key_id.partition("#")[0]))
    alice = people["alice"]
    account = accounts["alice"]
    assert account is not None
    drafts = {
        kind: await statuses.create(
            node, alice, account["id"], statuses.Draft(f"Du texte {kind}", visibility=kind)
        )
        for kind in ("private", "public")
    }
    made = World(
        app, alice, people["bob"], partner, drafts["private"], drafts["public"], keys, tokens
    )
    # Hearing of a partner is written down about once a minute, its key asked for again every
    # ten seconds at most: what follows does neither.
    for who in ("friend", "other", "forged"):
        await made.get("/notes/1", who)
    yield made
    await partner.door.close()


async def _remote(node: Node, tx: Transaction, key: PrivateKey) -> Row:
    uri = key.key_id.partition("#")[0]
    origin, _, name = uri.partition("/users/")
    await tx.execute(
        "INSERT INTO actor (id, uri, type, origin, is_local, username, handle_host, inbox_url,"
        " created_at, updated_at) VALUES (?, ?, 'Person', ?, ?, ?, ?, ?, 0, 0)",
        node.ids.next(),
        uri,
        origin,
        False,
        name,
        origin.partition("://")[2],
        f"{uri}/inbox",
    )
    row = await tx.row("SELECT * FROM actor WHERE uri = ?", uri)
    assert row is not None
    return row
