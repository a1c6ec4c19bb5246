"""What is held for somebody else of the same site: asked for by its address, nobody hears of it.

The peer that wrote it records every request that reaches it; there must be none (SEC-161).
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiohttp import web

from actors.documents import read_actor
from actors.link_checks import check_due_once
from actors.remote import upsert_actor
from federation.client import GuardedClient
from federation.database import Row, Transaction
from federation.networks import Networks
from federation.node import Node
from federation.options import MediaOptions, TranslationOptions
from federation.peers import allow
from federation.vocabulary import Document
from federation.webfinger import Handle
from outbox.card_loop import cards_once
from outbox.received import upsert_remote
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site, unlimited
from tests.web.mastodon.owned_world import rows_of
from web.app import build_app
from web.capabilities import Grants


@dataclass
class Peer:
    """A partner's server, which writes down whatever it is asked, and answers nothing."""

    origin: str = ""
    asked: list[str] = field(default_factory=list[str])

    async def take(self, request: web.Request) -> web.Response:
        self.asked.append(f"{request.method} {request.path_qs}")
        return web.Response(status=404)

    def note(self, name: str, to: str, **more: Any) -> Document:
        """A note with a picture, a card and a poll, addressed to one person or collection."""
        page = {
            "type": "Page", "url": f"{self.origin}/article", "name": "Le jardin",
            "image": {"type": "Image", "url": f"{self.origin}/card.webp"},
        }  # fmt: skip
        picture = {"type": "Document", "mediaType": "image/png", "url": f"{self.origin}/1.png"}
        return {
            "id": f"{self.origin}/notes/{name}", "url": f"{self.origin}/@paul/{name}",
            "type": "Note", "attributedTo": f"{self.origin}/users/paul", "to": [to],
            "content": "<p>Pour toi</p>", "preview": page, "attachment": [picture],
        } | more  # fmt: skip


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    made = Peer()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.5", 0).start()
    made.origin = f"http://127.0.0.5:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@dataclass
class Asked:
    """The site where bob has what eve asks for."""

    site: Site
    peer: Peer
    bob: Client
    eve: Client
    status: Row
    poll_id: int
    media_id: int
    token_of_eve: Row


def node_with(node: Node, peer: Peer) -> Node:
    """The node with everything on that could ask somebody: cards, and a translator."""
    media = MediaOptions(cards=True, card_hosts=("127.0.0.5",))
    options = replace(
        node.options, media=media, translation=TranslationOptions(url=f"{peer.origin}/translator")
    )
    client = GuardedClient(
        networks=Networks(["127.0.0.0/8"]), user_agent="Maillage/test", allow_http=True
    )
    return replace(unlimited(node), options=options, translation_client=client)


@pytest.fixture
async def held(open_federation_node: Node, peer: Peer) -> AsyncIterator[Asked]:
    node = node_with(open_federation_node, peer)
    site = Site(node, build_app(node))
    bob, eve = await site.person("bob"), await site.person("eve")
    handle = Handle("paul", peer.origin.partition("://")[2])
    uri = f"{peer.origin}/users/paul"
    fields = read_actor(
        {
            "id": uri,
            "type": "Person",
            "preferredUsername": "paul",
            "inbox": f"{uri}/inbox",
            "followers": f"{uri}/followers",
            "url": f"{peer.origin}/@paul",
        }
    )
    to = site.people["bob"]["uri"]
    tag = [{"type": "Mention", "href": to, "name": "@bob"}]
    options = [{"type": "Note", "name": name} for name in ("un", "deux")]
    note = peer.note("hidden", to, tag=tag)
    poll = peer.note("asked", to, tag=tag, type="Question", oneOf=options)

    async def work(tx: Transaction) -> tuple[Row, Row]:
        await allow(tx, peer.origin, node.clock())
        paul = await upsert_actor(node, tx, fields, handle=handle)
        status, _ = await upsert_remote(node, tx, note, paul)
        question, _ = await upsert_remote(node, tx, poll, paul)
        return status, question

    status, question = await node.db.write(work)
    value = node.db.value
    poll_id = await value("SELECT id FROM poll WHERE status_id = ?", question["id"])
    media_id = await value("SELECT id FROM attachment WHERE status_id = ?", status["id"])
    token = await node.db.row(
        "SELECT access_token.* FROM access_token JOIN account ON account.id = account_id"
        " WHERE account.actor_id = ?",
        site.people["eve"]["id"],
    )
    assert token is not None
    yield Asked(site, peer, bob, eve, status, poll_id, media_id, token)
    assert node.translation_client is not None
    await node.translation_client.close()


async def test_by_its_id_nothing_is_found_and_nobody_hears_of_it(held: Asked) -> None:
    """Context, translation, quote, answer, boost, poll: 404, as for what does not exist."""
    before = await rows_of(held.site.node)
    status = f"/api/v1/statuses/{held.status['id']}"
    sent = {"status": "Voyez"}
    for method, path, body in (
        ("GET", status, None),
        ("GET", f"{status}/context", None),
        ("GET", f"{status}/history", None),
        ("POST", f"{status}/translate", {"lang": "en"}),
        ("POST", f"{status}/favourite", {}),
        ("POST", f"{status}/reblog", {}),
        ("POST", f"{status}/bookmark", {}),
        ("GET", f"/api/v1/polls/{held.poll_id}", None),
        ("POST", f"/api/v1/polls/{held.poll_id}/votes", {"choices": [0]}),
        ("POST", "/api/v1/statuses", sent | {"quoted_status_id": str(held.status["id"])}),
        ("POST", "/api/v1/statuses", sent | {"in_reply_to_id": str(held.status["id"])}),
        ("POST", "/api/v1/reports", {
            "account_id": str(held.status["actor_id"]), "status_ids": [str(held.status["id"])],
            "forward": True,
        }),
    ):  # fmt: skip
        reply = await held.eve.ask(method, path, json=body)
        assert (reply.status, reply.body) == (404, b'{"error":"Record not found"}'), path
    assert await rows_of(held.site.node) == before
    assert held.peer.asked == []
    # The twin: for whom it was written, it is there.
    assert (await held.bob.get(status)).status == 200
    assert (await held.bob.get(f"/api/v1/polls/{held.poll_id}")).status == 200


async def test_its_picture_and_its_card_are_not_fetched_for_her(held: Asked) -> None:
    node = held.site.node
    grants = Grants(node, held.token_of_eve["account_id"], held.token_of_eve["id"])
    number = held.media_id
    paths = [f"/proxy/media/{number}/original", f"/proxy/media/{number}/preview"]
    for path in (*paths, f"/proxy/cards/{held.status['id']}"):
        absent = path.replace(str(number), "9").replace(str(held.status["id"]), "9")
        asked: list[Reply] = []
        for one in (path, absent):
            query = {"grant": grants.grant(one)}
            asked.append(await held.site.client().ask("GET", one, query=query))
        assert asked[0].status == asked[1].status == 404
        assert asked[0].body == asked[1].body
    assert held.peer.asked == []
    # For whom it is, the same address does ask the peer, who has no such file.
    shown = (await held.bob.get(f"/api/v1/statuses/{held.status['id']}")).json
    url = shown["media_attachments"][0]["url"]
    assert (await held.site.client().ask("GET", url)).status != 200
    assert held.peer.asked != []


@pytest.mark.parametrize("kind", ["", "statuses", "accounts"])
async def test_by_its_address_however_it_is_written_nobody_is_asked(held: Asked, kind: str) -> None:
    uri, url = held.status["uri"], held.status["url"]
    for address in (uri, url, f"{uri}#x", f"{url}#", f"{url}#a#b"):
        query = {"q": address, "resolve": "true", **({"type": kind} if kind else {})}
        reply = await held.eve.get("/api/v2/search", **query)
        assert (reply.json["statuses"], reply.json["accounts"]) == ([], []), address
        own = (await held.bob.get("/api/v2/search", **query)).json["statuses"]
        assert len(own) == (0 if kind == "accounts" else 1), address
    assert held.peer.asked == []


async def test_a_link_to_it_in_a_text_or_a_profile_makes_nobody_ask(held: Asked) -> None:
    node = held.site.node
    for address in (held.status["uri"], held.status["url"], f"{held.status['url']}#x"):
        sent = {"status": f"Voyez {address}", "visibility": "public"}
        assert (await held.eve.post("/api/v1/statuses", sent)).status == 200
        profile = {"fields_attributes": [{"name": "Site", "value": address}]}
        path = "/api/v1/accounts/update_credentials"
        assert (await held.eve.ask("PATCH", path, json=profile)).status == 200
        assert (await cards_once(node), await check_due_once(node)) == (0, 0)
    assert held.peer.asked == []
    # Any other page of that server is looked up.
    sent = {"status": f"Voyez {held.peer.origin}/article"}
    assert (await held.eve.post("/api/v1/statuses", sent)).status == 200
    assert await cards_once(node) == 0
    assert held.peer.asked == ["GET /article"]
