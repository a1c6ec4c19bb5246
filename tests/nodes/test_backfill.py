"""Proves that a new relation is no empty page, and brings nothing that is not for this node."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
from aiohttp import web

from actors.queries import account_of_actor
from actors.remote import ensure_actor
from federation.database import Row, Transaction
from federation.fetch import FetchBudget
from federation.node import Node
from inbox.backfill import backfill_once
from inbox.partnership_acts import narrow
from inbox.past_requests import ask_past
from outbox import interactions, relations, statuses
from outbox.pins import pin
from tests.conftest import Start
from tests.nodes.partners import BY, FREELY, paired
from tests.nodes.test_partners_in_force import follow, person
from tests.serving import Running, answering, eventually

DAY_MS = 86_400_000


async def write(at: Running, who: Row, text: str, visibility: str = "public", **more: Any) -> Row:
    account = await account_of_actor(at.node.db, who["id"])
    assert account is not None
    draft = statuses.Draft(text, visibility=visibility, **more)
    return await statuses.create(at.node, who, account["id"], draft)


async def texts(at: Running) -> set[str]:
    rows = await at.node.db.rows("SELECT content_html FROM status WHERE NOT is_local")
    return {row["content_html"].removeprefix("<p>").removesuffix("</p>") for row in rows}


async def is_done(at: Running, actors: int = 1) -> bool:
    sql = "SELECT count(*) FROM backfill WHERE done_at IS NOT NULL"
    return await at.node.db.value(sql) >= actors


async def made_older(at: Running, status: Row, days: int) -> None:
    """Move a status into the past, as if its site had been there for long."""
    ms = at.node.clock() - days * DAY_MS

    async def work(tx: Transaction) -> None:
        await tx.execute("UPDATE status SET published_at = ? WHERE id = ?", ms, status["id"])

    await at.node.db.write(work)


async def test_a_new_follow_finds_the_past_and_tells_nobody(start_node: Start) -> None:
    one, other = await start_node(), await start_node()
    await paired(one, other, replace(FREELY, backfill_days=30))
    alice, carla = await person(one, "alice"), await person(one, "carla")
    bruno = await person(other, "bruno")
    first = await write(one, alice, "Bonjour à vous")
    await write(one, alice, "Pour mes abonnés", "private")
    await write(one, alice, "Pour la maison", "local")
    await write(one, alice, "Pour Carla seule @carla", "direct")
    await write(one, carla, "Je réponds", in_reply_to_id=first["id"])
    old = await write(one, alice, "Il y a longtemps")
    await made_older(one, old, 40)
    pinned = await write(one, alice, "Épinglé")
    await pin(one.node, alice, pinned)
    await interactions.reblog(one.node, alice, await write(one, carla, "De Carla"))
    await follow(other, bruno, alice)
    await eventually(lambda: is_done(other))
    # Nobody there follows Carla, so nothing of hers goes there.
    assert await texts(other) == {"Bonjour à vous", "Pour mes abonnés", "Épinglé"}
    await follow(other, bruno, carla)
    await eventually(lambda: is_done(other, 2))
    assert await texts(other) == {
        "Bonjour à vous",
        "Pour mes abonnés",
        "Je réponds",
        "Épinglé",
        "De Carla",
    }
    node = other.node
    rows = await node.db.rows("SELECT id, published_at FROM status WHERE NOT is_local")
    assert all(row["id"] >> 16 == row["published_at"] <= node.clock() for row in rows)
    assert await node.db.value("SELECT count(*) FROM pin") == 1
    told = await node.db.rows("SELECT type FROM notification")
    assert list(told) == []
    # What was found once is asked for again by nobody within a day.
    asked_at = "SELECT asked_at FROM backfill ORDER BY actor_id LIMIT 1"
    before = await node.db.value(asked_at)
    target = await ensure_actor(node, alice["uri"], budget=FetchBudget())
    await node.db.write(lambda tx: ask_past(node, tx, target["id"]))
    assert await node.db.value(asked_at) == before


async def test_a_site_that_grants_no_past_shows_none(start_node: Start) -> None:
    one, other = await start_node(), await start_node()
    await paired(one, other, replace(FREELY, backfill_days=0))
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await write(one, alice, "Avant")
    await follow(other, bruno, alice)
    await eventually(lambda: is_done(other))
    assert await texts(other) == set()
    # Nor to a partner that asks all the same.
    sign = other.node.keyring.signer(other.node.uris.instance_actor)
    url = f"{alice['uri']}/outbox"
    for at, count in ((f"{url}", 0), (f"{url}?page=true", 0)):
        headers = await sign("GET", at, None)
        async with one.http.get(at, headers=headers | {"Accept": "application/activity+json"}) as a:
            said = await a.json(content_type=None)
            assert a.status == 200
            assert said.get("totalItems", len(said.get("orderedItems", []))) == count


async def test_what_is_pinned_is_shown_of_the_days_that_are_granted(start_node: Start) -> None:
    one, other = await start_node(), await start_node()
    await paired(one, other, replace(FREELY, backfill_days=30))
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    young, old = await write(one, alice, "Jeune"), await write(one, alice, "Vieux")
    await made_older(one, old, 31)
    await made_older(one, young, 29)
    for status in (young, old):
        await pin(one.node, alice, status)
    assert await _featured(one, other, alice) == [young["uri"]]
    await narrow(one.node, other.origin, replace(FREELY, backfill_days=10), BY)
    assert await _featured(one, other, alice) == []


async def _featured(at: Running, by: Running, of: Row) -> list[str]:
    """What a partner is shown of what somebody pinned."""
    url = f"{of['uri']}/featured"
    headers = await by.node.keyring.signer(by.node.uris.instance_actor)("GET", url, None)
    async with at.http.get(url, headers=headers | {"Accept": "application/activity+json"}) as got:
        assert got.status == 200
        said = await got.json(content_type=None)
    assert said["totalItems"] == len(said["orderedItems"])
    return [item["id"] for item in said["orderedItems"]]


async def test_a_pairing_fetches_the_past_of_follows_that_were_there(start_node: Start) -> None:
    one, other = await start_node(), await start_node()
    await one.allow(other)
    await other.allow(one)
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await write(one, alice, "Avant tout")
    await follow(other, bruno, alice)
    await eventually(lambda: is_done(other))

    async def lose(tx: Transaction) -> None:
        await tx.execute("DELETE FROM status WHERE NOT is_local")

    await other.node.db.write(lose)
    await paired(one, other)

    async def is_there() -> bool:
        return await texts(other) == {"Avant tout"}

    await eventually(is_there)


# A site that a test plays -----------------------------------------------------------------------


class Elsewhere:
    """Another software's site: an outbox with whatever a test puts into it."""

    def __init__(self) -> None:
        self.origin = ""
        self.documents: dict[str, Any] = {}
        self.is_down = False

    async def answer(self, request: web.Request) -> web.Response:
        if request.path == "/.well-known/webfinger":
            subject = request.query["resource"]
            name = subject.removeprefix("acct:").partition("@")[0]
            link = {"rel": "self", "type": "application/activity+json", "href": self.uri(name)}
            return web.json_response({"subject": subject, "links": [link]})
        if self.is_down:
            return web.Response(status=503, headers={"Retry-After": "1"})
        found = self.documents.get(request.path_qs)
        if found is None:
            return web.Response(status=404)
        return web.Response(body=orjson.dumps(found), content_type="application/activity+json")

    def uri(self, name: str) -> str:
        return f"{self.origin}/{name}"

    def note(self, name: str, **more: Any) -> dict[str, Any]:
        uri = f"{self.origin}/{name}"
        made = {
            "id": uri,
            "type": "Note",
            "attributedTo": f"{self.origin}/zoe",
            "content": f"<p>{name}</p>",
            "published": "2026-11-20T09:00:00Z",
            "to": ["https://www.w3.org/ns/activitystreams#Public"],
            **more,
        }
        self.documents[f"/{name}"] = made
        return made

    def create(self, note: Any) -> dict[str, Any]:
        return {"id": f"{self.origin}/c", "type": "Create", "object": note}

    def outbox(self, *items: Any) -> None:
        uri = f"{self.origin}/zoe/outbox"
        self.documents["/zoe/outbox"] = {
            "id": uri,
            "type": "OrderedCollection",
            "orderedItems": list(items),
        }


@pytest.fixture
async def elsewhere(start_node: Start) -> AsyncIterator[tuple[Running, Elsewhere, Row]]:
    made = Elsewhere()
    app = web.Application()
    app.router.add_get("/{tail:.*}", made.answer)
    async with answering(app) as origin:
        made.origin = origin
        made.documents["/zoe"] = {
            "id": f"{origin}/zoe",
            "type": "Person",
            "preferredUsername": "zoe",
            "inbox": f"{origin}/zoe/inbox",
            "outbox": f"{origin}/zoe/outbox",
            "followers": f"{origin}/zoe/followers",
        }
        here = await start_node(federation_mode="open")
        zoe = await ensure_actor(here.node, f"{origin}/zoe", budget=FetchBudget())
        bruno = await person(here, "bruno")
        await relations.follow(here.node, bruno, zoe)

        async def accept(tx: Transaction) -> None:
            await tx.execute("UPDATE follow SET state = 'accepted'")

        await here.node.db.write(accept)
        yield here, made, zoe


async def fetched(node: Node, zoe: Row) -> None:
    await node.db.write(lambda tx: ask_past(node, tx, zoe["id"]))

    async def done() -> Any:
        return await node.db.value("SELECT 1 FROM backfill WHERE attempts > 0")

    await eventually(done)


async def test_only_what_is_its_own_and_for_us_is_taken(
    elsewhere: tuple[Running, Elsewhere, Row],
) -> None:
    here, there, zoe = elsewhere
    foreign = {**there.note("foreign"), "id": "http://127.0.0.9:1/notes/1"}
    other = there.note("other", attributedTo=f"{there.origin}/anna")
    others = there.note("others", to=[f"{there.origin}/anna"])
    circle = f"{there.origin}/audiences/AAAAAAAAAAAAAAAAAAAAAA"
    named = there.note("circle", to=[circle], audience=circle)
    gone = there.note("gone")
    future = there.note("future", published="2199-01-01T00:00:00Z")
    old = there.note("old", published="2020-01-01T00:00:00Z")
    good = there.note("good")
    # The page claims a text; only what the id's own origin serves for others counts.
    there.outbox(
        there.create(foreign), there.create(other), there.create(others), there.create(named),
        there.create(gone), there.create(future), good["id"], "nonsense", 7, None,
        {"type": "Announce", "id": f"{there.origin}/a", "actor": f"{there.origin}/zoe",
         "object": "http://127.0.0.9:1/notes/2"},
        {**there.create(old), "published": "2020-01-01T00:00:00Z"},
        there.create(there.note("after the end")),
    )  # fmt: skip

    async def bury(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO tombstone (uri, former_type, actor_uri, deleted_at) VALUES (?, ?, ?, 1)",
            gone["id"], "Note", f"{there.origin}/zoe",
        )  # fmt: skip

    await here.node.db.write(bury)
    await fetched(here.node, zoe)
    assert await texts(here) == {"good", "future"}
    row = await here.node.db.row("SELECT id, published_at FROM status WHERE content_html LIKE ?",
                                 "%future%")  # fmt: skip
    assert row is not None
    assert row["id"] >> 16 <= here.node.clock()
    assert row["published_at"] <= here.node.clock()


async def test_the_threads_around_it_come_along(
    elsewhere: tuple[Running, Elsewhere, Row],
) -> None:
    here, there, zoe = elsewhere
    anna = there.uri("anna")
    there.documents["/anna"] = {
        **there.documents["/zoe"], "id": anna, "preferredUsername": "anna",
        "inbox": f"{anna}/inbox", "followers": f"{anna}/followers",
    }  # fmt: skip
    first = there.uri("first")
    reply = there.note("reply", attributedTo=anna, inReplyTo=first)
    private = there.note("private", attributedTo=anna, inReplyTo=first, to=[f"{anna}/followers"])
    listed = [reply["id"], private["id"], "http://127.0.0.9:1/notes/1", here.origin + "/notes/1", 7]
    replies = {"id": f"{first}/replies", "type": "Collection", "items": listed}
    there.documents["/first/replies"] = replies
    there.outbox(there.create(there.note("first", replies=f"{first}/replies")))
    await fetched(here.node, zoe)
    assert await texts(here) == {"first", "reply"}
    row = await here.node.db.row("SELECT in_reply_to_uri FROM status WHERE uri = ?", reply["id"])
    assert row is not None
    assert row["in_reply_to_uri"] == first
    assert await here.node.db.value("SELECT count(*) FROM notification") == 0


async def test_what_is_down_is_asked_again_and_nothing_is_asked_for_ever(
    elsewhere: tuple[Running, Elsewhere, Row],
) -> None:
    here, there, zoe = elsewhere
    node = here.node
    there.is_down = True
    await fetched(node, zoe)
    row = await node.db.row("SELECT attempts, next_attempt_at, done_at FROM backfill")
    assert row is not None
    assert (row["attempts"], row["done_at"]) == (1, None)
    assert row["next_attempt_at"] > node.clock()
    there.is_down = False
    # A chain of pages that never ends, of which each says where the next is.
    for number in range(9):
        path = "/zoe/outbox" if number == 0 else f"/p{number}"
        there.documents[path] = {
            "id": there.origin + path,
            "type": "OrderedCollectionPage",
            "orderedItems": [there.create(there.note(f"n{number}"))],
            "next": f"{there.origin}/p{number + 1}",
        }

    async def again(tx: Transaction) -> None:
        await tx.execute("UPDATE backfill SET next_attempt_at = 0")

    await node.db.write(again)
    await backfill_once(node)

    async def done() -> bool:
        return await is_done(here)

    await eventually(done)
    assert await texts(here) == {"n0", "n1", "n2", "n3"}
