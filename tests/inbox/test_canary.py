"""No address that others write into documents makes the node knock where it must not.

The canary listens on loopback. A node whose list of networks is empty must never connect to
it, whatever names it; a node on loopback does, so the documents are the kind that is followed.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from actors.local import create_account
from actors.remote import find_by_handle, find_by_url
from federation.database import Row
from federation.delivery import deliver_due_once
from federation.errors import NodeError
from federation.fetch import FetchBudget
from federation.node import Node
from federation.vocabulary import Document
from inbox.process import process_due
from inbox.receive import receive
from maillage.judge import judge_of
from maillage.nodes import close_node, open_node, prepare
from maillage.settings import Settings
from outbox.relations import follow
from tests.conftest import FakeClock
from tests.inbox.world import PASSWORD, Elsewhere, signing_key


@dataclass
class Canary:
    """Counts whoever connects."""

    port: int = 0
    visits: int = 0

    async def sing(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        writer.close()

    def addresses(self, scheme: str) -> list[str]:
        hosts = ["127.0.0.1", "[::ffff:127.0.0.1]", "localhost", "127.1", "2130706433"]
        return [f"{scheme}://{host}:{self.port}" for host in hosts]


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    found = Canary()
    server = await asyncio.start_server(found.sing, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    async with server:
        yield found


@pytest.fixture
async def public_node(copy_of_template: Settings, clock: FakeClock) -> AsyncIterator[Node]:
    """An open node on the public network: its list of private networks is empty."""
    settings = replace(copy_of_template, origin="https://tilleuls.example", federation_mode="open")
    opened = await open_node(settings, clock=clock)
    await prepare(opened)
    yield opened
    await close_node(opened)


async def tell(node: Node, where: str) -> None:
    """Let a peer name `where` in every place that could make a server fetch or deliver."""
    claire = await create_account(node, username="claire", password=PASSWORD)
    peer = Elsewhere(node, "https://peer.example", signing_key("https://peer.example"))
    paul = await peer.person("paul")
    await node.db.write(
        lambda tx: tx.execute(
            "UPDATE actor SET inbox_url = ?, shared_inbox_url = NULL WHERE id = ?",
            f"{where}/inbox",
            paul["id"],
        )
    )
    for document in documents(peer, paul, claire, where):
        with contextlib.suppress(NodeError):
            await receive(node, await peer.sign(document))
    await process_due(node)
    with contextlib.suppress(NodeError):
        await follow(node, claire, paul)
    await deliver_due_once(node, judge_of(node))
    for asked in (
        node.keyring.find(f"{where}/users/1#main-key"),
        find_by_url(node, f"{where}/users/1", budget=FetchBudget()),
        find_by_handle(node, f"paul@{where.partition('://')[2]}"),
    ):
        with contextlib.suppress(NodeError):
            await asked
    await process_due(node)


def documents(peer: Elsewhere, paul: Row, claire: Row, where: str) -> list[Document]:
    note = peer.note(
        paul,
        inReplyTo=f"{where}/parent",
        quote=f"{where}/quoted",
        context=f"{where}/context",
        conversation=f"{where}/conversation",
        replies=f"{where}/replies",
        url=f"{where}/page",
        attachment=[{"type": "Image", "mediaType": "image/png", "url": f"{where}/image"}],
        icon={"type": "Image", "url": f"{where}/icon"},
        tag=[
            {"type": "Mention", "href": claire["uri"], "name": "@claire"},
            {"type": "Mention", "href": f"{where}/users/2", "name": "@x"},
            {"type": "Emoji", "name": ":x:", "icon": {"type": "Image", "url": f"{where}/emoji"}},
        ],
        cc=[claire["uri"], f"{where}/users/3", f"{where}/followers"],
    )
    profile = peer.actor_document(
        "paul",
        icon={"type": "Image", "url": f"{where}/avatar"},
        featured=f"{where}/featured",
        inbox=f"{where}/inbox",
        movedTo=f"{where}/users/4",
        alsoKnownAs=[f"{where}/users/5"],
    )

    def activity(kind: str, item: object, **more: object) -> Document:
        return {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": peer.new_uri("activities"),
            "type": kind,
            "actor": paul["uri"],
            "object": item,
        } | more

    return [
        activity("Create", note, to=note["to"], cc=note["cc"]),
        activity("Update", profile),
        activity("Follow", claire["uri"]),
        activity("Announce", f"{where}/boosted", to=[claire["uri"]]),
        activity("Announce", {"id": f"{where}/1", "type": "Create", "object": f"{where}/2"}),
        activity("Add", f"{where}/pinned", target=f"{where}/featured"),
        activity("Like", f"{where}/liked"),
        activity("Move", paul["uri"], target=f"{where}/users/4"),
        activity("Accept", f"{where}/follows/1"),
        activity("Flag", [claire["uri"], f"{where}/reported"]),
    ]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("form", range(5))
async def test_a_node_with_no_private_network_never_knocks_at_one(
    public_node: Node, canary: Canary, scheme: str, form: int
) -> None:
    await tell(public_node, canary.addresses(scheme)[form])
    assert canary.visits == 0


async def test_a_node_on_loopback_does_follow_such_addresses(
    open_federation_node: Node, canary: Canary
) -> None:
    await tell(open_federation_node, canary.addresses("http")[0])
    assert canary.visits > 0
