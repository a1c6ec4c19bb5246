"""What is not public reaches no plain peer that would show it to somebody outside the audience.

`peers.json` holds, for each software, to whom it shows an object there, as was read in its source
or measured: one for the author's followers; one for a person with a Mention, in `to` or not; one
for a person in `to` alone; one under an address that it does not know, in a shared or somebody's
own inbox; one for the followers of another actor. What nobody has read is taken for the worst.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import orjson
import pytest

from actors.local import create_account
from actors.queries import account_of_actor
from federation.database import Row, Transaction
from federation.keys import generate_rsa
from federation.peers import allow
from federation.plain_peers import KEEPS_AUDIENCES
from federation.vocabulary import PUBLIC, Document
from outbox.drafts import Draft
from outbox.statuses import create
from tests.conftest import Start
from tests.nodes import ports
from tests.nodes.door import Exchange
from tests.nodes.partner import Partner
from tests.serving import Running, eventually

SHOWS: dict[str, dict[str, str]] = orjson.loads(Path(__file__).with_name("peers.json").read_bytes())
EVERYBODY = {"fan", "friend", "bystander"}
KINDS = ("public", "unlisted", "private", "direct", "local", "organisation", "partners")
# Who of a peer's people is inside each audience.
INSIDE = {"public": EVERYBODY, "unlisted": EVERYBODY, "private": {"fan"}, "direct": {"friend"}}
Peers = dict[str, Partner]


def way_of(exchange: Exchange, note: Document, peer: Partner) -> list[str]:
    """By which of the table's columns a peer reads what it was sent; none for what is public."""
    to, cc = list[str](note.get("to", [])), list[str](note.get("cc", []))
    if PUBLIC in (*to, *cc):
        return []
    if note["attributedTo"] + "/followers" in (*to, *cc):
        return ["followers"]
    tags: list[Document] = note.get("tag", [])
    mentioned = {tag["href"] for tag in tags if tag["type"] == "Mention"}
    ways: list[str] = []
    for address in (*to, *cc):
        if address.startswith(f"{peer.origin}/users/"):
            ways.append("mention" if address in mentioned else "to")
        elif address.endswith("/followers"):
            ways.append("group")
        else:
            ways.append("shared" if exchange.path == "/inbox" else "personal")
    return ways + ["mention"] * bool(mentioned - {*to, *cc})


def shown_to(software: str, exchange: Exchange, peer: Partner) -> set[str]:
    """Which people of a peer are shown what came with one request."""
    note: Document = exchange.document["object"]
    ways = way_of(exchange, note, peer)
    who = {SHOWS[software][way] for way in ways} if ways else {"everybody"}
    owner = exchange.path.split("/")[2] if exchange.path.startswith("/users/") else ""
    named = {a.rpartition("/")[2] for a in (*note.get("to", []), *note.get("cc", []))}
    people = {
        "everybody": EVERYBODY,
        "followers": {"fan"},
        "group": {"bystander"},
        "owner": {owner} & EVERYBODY,
        "named": named & EVERYBODY,
        "nobody": set[str](),
    }
    return set[str]().union(*(people[one] for one in who))


@pytest.fixture
async def peers() -> AsyncIterator[Peers]:
    rsa: Any = generate_rsa()
    async with AsyncExitStack() as stack:
        made: Peers = {}
        for software, port in zip(SHOWS, ports.take(len(SHOWS)), strict=True):
            made[software] = Partner(port, rsa)
            await made[software].door.open()
            stack.push_async_callback(made[software].door.close)
        yield made


async def acquainted(site: Running, peers: Peers) -> Row:
    """Alice, whom the fan of every peer follows."""
    alice = await create_account(site.node, username="alice", password="une phrase assez longue")
    for software, peer in peers.items():
        await _allow(site, peer, software)
        follow = peer.activity("fan", "Follow", alice["uri"])
        assert (await _post(site, peer, follow)) == 202
    return alice


async def _allow(site: Running, peer: Partner, software: str) -> None:
    async def work(tx: Transaction) -> None:
        await allow(tx, peer.origin, site.node.clock())
        sql = "UPDATE peer SET software = ? WHERE origin = ?"
        await tx.execute(sql, software, peer.origin)

    await site.node.db.write(work)


async def _post(site: Running, peer: Partner, activity: Document) -> int:
    body = orjson.dumps(activity)
    headers = peer.sign(
        str(activity["actor"]).rpartition("/")[2], "POST", f"{site.origin}/inbox", body
    )
    async with site.http.post(f"{site.origin}/inbox", data=body, headers=headers) as answer:
        return answer.status


async def test_nothing_reaches_a_peer_that_would_show_it_outside(
    start_node: Start, peers: Peers
) -> None:
    site = await start_node(name="Les Tilleuls")
    alice = await acquainted(site, peers)
    db = site.node.db

    async def all_follow() -> bool:
        count = await db.value("SELECT COUNT(*) FROM follow WHERE state = 'accepted'")
        return count == len(peers)

    await eventually(all_follow)
    account = await account_of_actor(db, alice["id"])
    assert account is not None
    said: dict[str, str] = {}
    for kind in KINDS:
        names = " ".join(f"@friend@127.0.0.1:{peer.port}" for peer in peers.values())
        text = f"bonjour {names}" if kind == "direct" else "bonjour"
        said[(await create(site.node, alice, account["id"], Draft(text, kind)))["uri"]] = kind

    async def all_sent() -> bool:
        return not await db.value("SELECT 1 FROM delivery WHERE progress = 'pending' LIMIT 1")

    await eventually(all_sent, 30.0)
    for software, peer in peers.items():
        got: set[str] = set()
        for exchange in peer.door.posts:
            if exchange.type != "Create":
                continue
            kind = said[exchange.document["object"]["id"]]
            got.add(kind)
            outside = shown_to(software, exchange, peer) - INSIDE.get(kind, set())
            assert not outside, f"{software} shows {kind} to {outside}"
        keeps = software in KEEPS_AUDIENCES
        assert got == {"public", "unlisted"} | ({"private", "direct"} if keeps else set()), software


def test_the_table_tells_what_would_be_shown_outside() -> None:
    peer = Partner(1, None)
    fan, audience = peer.uri("fan"), "http://127.0.0.1:2/audiences/AAAAAAAAAAAAAAAAAAAAAA"
    note: Document = {"id": "n", "attributedTo": "http://127.0.0.1:2/users/1"}

    def sent(path: str, **more: Any) -> Exchange:
        body = orjson.dumps({"type": "Create", "object": {**note, **more}})
        writer: Any = None
        return Exchange("POST", path, {}, body, body, writer)

    unknown = sent("/inbox", to=[audience])
    assert shown_to("pixelfed", unknown, peer) == {"fan"}
    assert shown_to("mastodon", unknown, peer) == set()
    assert shown_to("mastodon", sent("/users/fan/inbox", to=[audience]), peer) == {"fan"}
    assert shown_to("akkoma", sent("/inbox", to=["http://127.0.0.1:2/g/followers"]), peer) == {
        "bystander"
    }
    assert shown_to("gotosocial", sent("/users/fan/inbox", to=[fan]), peer) == set()
    tag = [{"type": "Mention", "href": fan}]
    assert shown_to("gotosocial", sent("/users/fan/inbox", to=[fan], tag=tag), peer) == {"fan"}
    assert shown_to("something-else", unknown, peer) == EVERYBODY
