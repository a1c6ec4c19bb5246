"""ActivityPub addresses by GET: who reads what, and what everybody else is told."""

from typing import Any

import orjson
import pytest

from federation.keyring import Form
from federation.peers import block
from federation.vocabulary import AS2, AS2_TYPE
from maillage.database import NodeDatabase
from outbox.statuses import Draft, create, delete
from tests.serving import Running, Start
from tests.web.conftest import DOCUMENT, ask, new_person, signed
from web.negotiation import wanted

Two = tuple[Running, Running]


async def write(running: Running, author: Any, text: str, visibility: str = "public") -> Any:
    account = await running.node.db.row("SELECT * FROM account WHERE actor_id = ?", author["id"])
    assert account is not None
    return await create(
        running.node, author, account["id"], Draft(text=text, visibility=visibility)
    )


async def follow(running: Running, target: Any, follower_uri: str, origin: str) -> None:
    """Somebody elsewhere follows `target`, as if the whole exchange had happened."""
    node = running.node

    async def work(tx: Any) -> None:
        actor_id = node.ids.next()
        await tx.execute(
            "INSERT INTO actor (id, uri, type, origin, is_local, username, handle_host, inbox_url,"
            " shared_inbox_url, created_at, updated_at)"
            " VALUES (?, ?, 'Person', ?, ?, ?, ?, ?, ?, 1, 1)",
            actor_id,
            follower_uri,
            origin,
            False,
            f"f{actor_id}",
            origin.partition("://")[2],
            f"{follower_uri}/inbox",
            f"{origin}/inbox",
        )
        await tx.execute(
            "INSERT INTO follow (id, follower_id, target_id, uri, state, created_at)"
            " VALUES (?, ?, ?, ?, 'accepted', 1)",
            node.ids.next(),
            actor_id,
            target["id"],
            f"{follower_uri}/f",
        )

    await node.db.write(work)


async def test_the_instance_actor_is_readable_by_everybody(start_node: Start) -> None:
    node = await start_node()
    for accept in (DOCUMENT, AS2_TYPE, "*/*", "application/json"):
        reply = await ask(node, "GET", "/actor", headers={"Accept": accept})
        assert reply.status == 200
        assert reply.headers["content-type"].startswith(DOCUMENT)
    document = orjson.loads(reply.body)
    assert document["id"] == f"{node.origin}/actor"
    assert AS2 in document["@context"]
    assert document["publicKey"]["publicKeyPem"].startswith("-----BEGIN PUBLIC KEY")
    assert "accept" in reply.headers["vary"].lower()
    assert 'alg="ed25519"' in reply.headers["accept-signature"]
    assert (await ask(node, "GET", "/actor", headers={"Accept": "image/png"})).status == 406
    head = await ask(node, "HEAD", "/actor", headers={"Accept": DOCUMENT})
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["content-length"]) == len(reply.body)


async def test_a_closed_node_asks_who_reads_before_it_looks_up(
    no_greetings: None, two_nodes: Two, stranger: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two_nodes
    alice = await new_person(one, "alice")
    paths = [f"/users/{alice['id']}", "/users/1", f"/users/{alice['id']}/followers", "/notes/1"]
    statements: list[str] = []
    row = NodeDatabase.row

    async def spied(self: NodeDatabase, sql: str, *args: Any) -> Any:
        if self is one.node.db:
            statements.append(sql)
        return await row(self, sql, *args)

    def looked_up() -> list[str]:
        """Statements about what was asked for; the node's own loops ask about peers and queues."""
        tables = ("FROM actor", "FROM status", "FROM tombstone", "FROM activity a")
        return [sql for sql in statements if any(table in sql for table in tables)]

    monkeypatch.setattr(NodeDatabase, "row", spied)
    answers = set()
    for path in paths:
        reply = await ask(one, "GET", path, headers={"Accept": DOCUMENT})
        answers.add((reply.status, reply.body))
    assert len(answers) == 1
    assert answers.pop()[0] == 401
    assert looked_up() == []
    for path in paths:
        assert (await signed(stranger, one, path)).status == 403
    assert looked_up() == []
    assert await one.node.db.value("SELECT count(*) FROM key WHERE private_encrypted IS NULL") == 0

    assert (await signed(other, one, paths[0])).status == 200
    await one.node.db.write(lambda tx: block(tx, other.origin, one.node.clock()))
    assert (await signed(other, one, paths[0])).status == 403


@pytest.mark.parametrize("form", ["ed25519", "cavage", "rfc9421"])
async def test_every_form_of_signature_reads(two_nodes: Two, form: Form) -> None:
    one, other = two_nodes
    alice = await new_person(one, "alice")
    path = f"/users/{alice['id']}"
    reply = await signed(other, one, path, form=form)
    assert reply.status == 200, reply.body
    assert orjson.loads(reply.body)["preferredUsername"] == "alice"
    assert reply.headers["cache-control"].startswith("private")
    made = await other.node.keyring.sign_as(
        form,
        other.node.uris.instance_actor,
        "GET",
        f"{one.origin}/users/2",
        None,
    )
    forged = await ask(one, "GET", path, headers={"Accept": DOCUMENT} | made)
    assert forged.status == 401


async def test_an_origin_reads_what_it_would_be_sent_and_nothing_else(two_nodes: Two) -> None:
    one, other = two_nodes
    alice = await new_person(one, "alice")
    seen = {
        kind: await write(one, alice, f"message {kind}", kind)
        for kind in ("public", "private", "local", "direct")
    }
    reads = {k: await signed(other, one, f"/notes/{s['id']}") for k, s in seen.items()}
    unknown = await signed(other, one, "/notes/12345")
    assert unknown.status == 404
    for reply in reads.values():
        # Nobody there follows her: closed, so nothing at all, and nothing tells it from nothing.
        assert (reply.status, reply.body) == (404, unknown.body)
        assert reply.headers.keys() == unknown.headers.keys()

    bob = await new_person(other, "bob")
    await follow(one, alice, bob["uri"], other.origin)
    reads = {k: await signed(other, one, f"/notes/{s['id']}") for k, s in seen.items()}
    assert {k: r.status for k, r in reads.items()} == {
        "public": 200,
        "private": 200,
        "local": 404,
        "direct": 404,
    }
    note = orjson.loads(reads["private"].body)
    assert note["attributedTo"] == alice["uri"]
    assert "message private" in note["content"]
    # As a person: the follower reads it, a colleague who does not follow her does not.
    carol = await new_person(other, "carol")
    path = f"/notes/{seen['private']['id']}"
    assert (await signed(other, one, path, owner=bob["uri"])).status == 200
    assert (await signed(other, one, path, owner=carol["uri"])).status == 404


async def test_what_was_deleted_is_gone_for_those_who_had_it(two_nodes: Two) -> None:
    one, other = two_nodes
    alice = await new_person(one, "alice")
    kept = await write(one, alice, "pour eux")
    never = await write(one, alice, "pas pour eux", "local")
    await one.node.db.write(
        lambda tx: tx.execute(
            "INSERT INTO held (object_uri, origin, first_at, last_at, state)"
            " VALUES (?, ?, 1, 1, 'delivered')",
            kept["uri"],
            other.origin,
        )
    )
    for status in (kept, never):
        await delete(one.node, alice, status)
    reply = await signed(other, one, f"/notes/{kept['id']}")
    assert reply.status == 410
    assert orjson.loads(reply.body)["type"] == "Tombstone"
    assert (await signed(other, one, f"/notes/{never['id']}")).status == 404


async def test_collections_show_a_reader_its_own_part(two_nodes: Two) -> None:
    one, other = two_nodes
    alice, bob = await new_person(one, "alice"), await new_person(other, "bob")
    await follow(one, alice, bob["uri"], other.origin)
    await follow(one, alice, "https://else.example/users/1", "https://else.example")
    base = f"/users/{alice['id']}"
    followers = orjson.loads((await signed(other, one, f"{base}/followers")).body)
    assert followers["type"] == "OrderedCollection"
    assert followers["orderedItems"] == [bob["uri"]]

    first = await write(one, alice, "premier")
    hidden = await write(one, alice, "du site", "local")
    second = await write(one, alice, "second", "private")
    outbox = orjson.loads((await signed(other, one, f"{base}/outbox")).body)
    assert outbox["totalItems"] == 2
    page = orjson.loads((await signed(other, one, f"{base}/outbox?page=true")).body)
    objects = [item["object"]["id"] for item in page["orderedItems"]]
    assert objects == [second["uri"], first["uri"]]
    assert hidden["uri"] not in objects

    context = orjson.loads((await signed(other, one, f"/contexts/{first['id']}")).body)
    assert context["first"]["orderedItems"] == [first["uri"]]
    replies = orjson.loads((await signed(other, one, f"/notes/{first['id']}/replies")).body)
    assert replies["first"]["items"] == []
    for path in (f"/notes/{hidden['id']}/replies", f"/contexts/{hidden['id']}", "/audiences/x"):
        assert (await signed(other, one, path)).status == 404, path
    assert (await signed(other, one, f"{base}/featured")).status == 200


async def test_an_activity_is_read_by_whoever_it_was_sent_to(two_nodes: Two) -> None:
    one, other = two_nodes
    alice, bob = await new_person(one, "alice"), await new_person(other, "bob")
    await follow(one, alice, bob["uri"], other.origin)
    status = await write(one, alice, "à lire", "private")
    reply = await signed(other, one, f"/notes/{status['id']}/create")
    assert reply.status == 200
    assert orjson.loads(reply.body)["object"]["id"] == status["uri"]
    local = await write(one, alice, "du site", "local")
    assert (await signed(other, one, f"/notes/{local['id']}/create")).status == 404


async def test_an_open_node_shows_what_is_public(start_node: Start) -> None:
    node = await start_node(federation_mode="open")
    alice = await new_person(node, "alice")
    public, private = await write(node, alice, "à tous"), await write(node, alice, "non", "private")
    json = {"Accept": DOCUMENT}
    assert (await ask(node, "GET", f"/users/{alice['id']}", headers=json)).status == 200
    assert (await ask(node, "GET", f"/notes/{public['id']}", headers=json)).status == 200
    hidden = await ask(node, "GET", f"/notes/{private['id']}", headers=json)
    unknown = await ask(node, "GET", "/notes/1", headers=json)
    assert (hidden.status, hidden.body) == (404, unknown.body)
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "en"}
    page = await ask(node, "GET", f"/notes/{public['id']}", headers=browser)
    assert (page.status, page.headers["location"]) == (302, public["url"])
    lost = await ask(node, "GET", f"/notes/{private['id']}", headers=browser)
    assert lost.status == 404
    assert b'lang="en"' in lost.body


async def test_inboxes_are_not_read_and_documents_not_written(start_node: Start) -> None:
    node = await start_node()
    for path in ("/inbox", "/users/1/inbox", "/actor/inbox"):
        assert (await ask(node, "GET", path)).status == 405
    for path in ("/actor", "/users/1", "/users/1/outbox"):
        assert (await ask(node, "POST", path, data=b"{}")).status == 405


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/activity+json", "document"),
        ('application/ld+json; profile="https://www.w3.org/ns/activitystreams"', "document"),
        ("application/activity+json, text/html;q=0.1", "document"),
        ("text/html", "page"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "page"),
        ("*/*", "document"),
        ("", "document"),
        ("application/activity+json;q=0, text/html", "page"),
        ("image/avif", "nothing"),
    ],
)
def test_negotiation(accept: str, expected: str) -> None:
    assert wanted(accept) == expected
