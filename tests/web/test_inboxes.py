"""The door for other servers: one clear answer to everything, and only the verified gets in."""

import asyncio
from typing import Any
from uuid import uuid4

import orjson
import pytest

from federation.peers import block
from tests.serving import Running, Start, eventually
from tests.web.conftest import DOCUMENT, ask, new_person, signed

Two = tuple[Running, Running]
TABLES = ("activity", "arrival", "seen", "actor", "key", "status", "follow", "notification")


async def counts(running: Running) -> dict[str, int]:
    """How many rows a request could have left; this node's own keys do not count."""
    rows = {t: await running.node.db.value(f"SELECT count(*) FROM {t}") for t in TABLES}
    own = await running.node.db.value("SELECT count(*) FROM key WHERE private_encrypted IS NULL")
    return rows | {"key": own}


def activity(actor_uri: str, kind: str = "Like", target: Any = None, **more: Any) -> bytes:
    return orjson.dumps(
        {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": f"{actor_uri}/{uuid4().hex}",
            "type": kind,
            "actor": actor_uri,
            "object": target or "https://elsewhere.example/notes/1",
            **more,
        }
    )


async def test_a_signed_activity_is_stored_before_202(two_nodes: Two) -> None:
    one, other = two_nodes
    bob = await new_person(other, "bob")
    body = activity(bob["uri"])
    reply = await signed(other, one, "/inbox", owner=bob["uri"], body=body)
    assert reply.status == 202, reply.body
    assert 'alg="ed25519"' in reply.headers["accept-signature"]
    row = await one.node.db.row("SELECT * FROM activity WHERE uri = ?", orjson.loads(body)["id"])
    assert row is not None
    assert bytes(row["body"]) == body
    # Its instance actor's key is as good as his own.
    assert (await signed(other, one, "/inbox", body=activity(bob["uri"]))).status == 202


async def test_what_came_once_has_one_row_and_an_arrival_for_each_inbox(two_nodes: Two) -> None:
    one, other = two_nodes
    bob, alice = await new_person(other, "bob"), await new_person(one, "alice")
    body = activity(bob["uri"])
    doors = ["/inbox", "/inbox", f"/users/{alice['id']}/inbox"]
    replies = await asyncio.gather(
        *(signed(other, one, door, owner=bob["uri"], body=body) for door in doors * 5)
    )
    assert {reply.status for reply in replies} == {202}
    uri = orjson.loads(body)["id"]
    assert await one.node.db.value("SELECT count(*) FROM activity WHERE uri = ?", uri) == 1
    arrivals = await one.node.db.rows("SELECT inbox FROM arrival ORDER BY inbox")
    assert [row["inbox"] for row in arrivals] == ["", alice["uri"]]


async def test_refusals_have_their_own_answer_and_leave_nothing(
    no_greetings: None, two_nodes: Two, stranger: Running
) -> None:
    one, other = two_nodes
    bob, carol = await new_person(other, "bob"), await new_person(other, "carol")
    eve = await new_person(stranger, "eve")
    # Known beforehand, so that only what is refused could leave something.
    assert (
        await signed(other, one, "/inbox", owner=bob["uri"], body=activity(bob["uri"]))
    ).status == 202

    async def all_is_processed() -> bool:
        pending = "SELECT count(*) FROM activity WHERE progress = 'pending'"
        return await one.node.db.value(pending) == 0

    await eventually(all_is_processed)
    before = await counts(one)
    good = activity(bob["uri"])

    async def send(expected: int, **options: Any) -> None:
        values: dict[str, Any] = {"owner": bob["uri"], "body": good, "path": "/inbox"} | options
        sender = values.pop("sender", other)
        reply = await signed(sender, one, values.pop("path"), **values)
        assert reply.status == expected, (options, reply)

    unsigned = {"Content-Type": DOCUMENT}
    assert (await ask(one, "POST", "/inbox", data=good, headers=unsigned)).status == 401
    await send(401, sign_body=activity(bob["uri"], "Follow"))
    await send(401, headers={"Date": "Tue, 20 Apr 2021 02:07:55 GMT"})
    await send(403, sender=stranger, owner=eve["uri"], body=activity(eve["uri"]))
    await send(403, body=activity(carol["uri"]))
    await send(403, body=activity(eve["uri"]))
    await send(400, body=b"{not json")
    await send(400, body=b"[1, 2]")
    await send(400, body=orjson.dumps({"id": f"{bob['uri']}/x", "type": "Like"}))
    await send(404, path="/users/77/inbox")
    for content_type in ("application/json", "text/html", "application/ld+json", ""):
        await send(415, headers={"Content-Type": content_type})
    assert await counts(one) == before
    await one.node.db.write(lambda tx: block(tx, other.origin, one.node.clock()))
    await send(403)
    assert await counts(one) == before


async def test_a_body_that_is_too_large_is_refused_before_it_is_read(two_nodes: Two) -> None:
    one, _ = two_nodes
    limit = one.node.limits.body_bytes_max
    reader, writer = await asyncio.open_connection("127.0.0.1", int(one.origin.rpartition(":")[2]))
    head = (
        f"POST /inbox HTTP/1.1\r\nHost: {one.node.host}\r\nContent-Type: {DOCUMENT}\r\n"
        f"Content-Length: {limit + 1}\r\n\r\n"
    )
    writer.write(head.encode())
    assert b"413" in await asyncio.wait_for(reader.readline(), 5)
    writer.close()


async def test_a_body_without_a_length_is_counted(two_nodes: Two) -> None:
    one, other = two_nodes
    bob = await new_person(other, "bob")

    async def endless() -> Any:
        for _ in range(one.node.limits.body_bytes_max // 100_000 + 2):
            yield b"x" * 100_000

    made = await other.node.keyring.sign_as(
        "cavage", bob["uri"], "POST", f"{one.origin}/inbox", b"x"
    )
    reply = await ask(
        one, "POST", "/inbox", data=endless(), headers={"Content-Type": DOCUMENT} | made
    )
    assert reply.status == 413


async def test_a_delete_of_somebody_unknown_is_taken_and_forgotten(
    no_greetings: None, two_nodes: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two_nodes
    ghost = f"{other.origin}/users/404"
    bob = await new_person(other, "bob")
    before = await counts(one)

    async def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("something was fetched")

    monkeypatch.setattr(one.node.client, "get", never)
    body = activity(ghost, "Delete", ghost)
    reply = await signed(other, one, "/inbox", owner=bob["uri"], body=body)
    assert reply.status == 202
    assert await counts(one) == before


async def test_an_actor_without_a_key_is_deleted_only_when_its_origin_says_so(
    two_nodes: Two,
) -> None:
    one, other = two_nodes
    bob, alice = await new_person(other, "bob"), await new_person(one, "alice")
    assert (
        await signed(
            other,
            one,
            "/inbox",
            owner=bob["uri"],
            body=activity(bob["uri"], "Follow", alice["uri"]),
        )
    ).status == 202

    async def known() -> Any:
        return await one.node.db.row("SELECT * FROM actor WHERE uri = ?", bob["uri"])

    await eventually(known)
    body = activity(bob["uri"], "Delete", bob["uri"])
    wrong = {"owner": bob["uri"], "body": body, "sign_body": b"other"}
    assert (await signed(other, one, "/inbox", **wrong)).status == 401  # type: ignore[arg-type]
    assert await known() is not None
    await other.node.db.write(
        lambda tx: tx.execute("UPDATE actor SET deleted_at = 1 WHERE id = ?", bob["id"])
    )
    # Asked a moment ago: its origin is not asked again for every such Delete.
    assert (await signed(other, one, "/inbox", **wrong)).status == 401  # type: ignore[arg-type]
    assert await known() is not None


async def test_a_delete_is_believed_when_the_actor_is_gone_at_its_origin(two_nodes: Two) -> None:
    one, other = two_nodes
    bob, alice = await new_person(other, "bob"), await new_person(one, "alice")
    follow = activity(bob["uri"], "Follow", alice["uri"])
    assert (await signed(other, one, "/inbox", owner=bob["uri"], body=follow)).status == 202

    async def known() -> Any:
        return await one.node.db.row("SELECT * FROM actor WHERE uri = ?", bob["uri"])

    await eventually(known)
    await other.node.db.write(
        lambda tx: tx.execute("UPDATE actor SET deleted_at = 1 WHERE id = ?", bob["id"])
    )
    body = activity(bob["uri"], "Delete", bob["uri"])
    reply = await signed(other, one, "/inbox", owner=bob["uri"], body=body, sign_body=b"other")
    assert reply.status == 202
    assert await known() is None


async def test_a_store_that_does_not_answer_is_503_with_retry_after(
    two_nodes: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    from federation.errors import Unavailable

    one, other = two_nodes
    bob = await new_person(other, "bob")
    body = activity(bob["uri"])
    assert (
        await signed(other, one, "/inbox", owner=bob["uri"], body=activity(bob["uri"]))
    ).status == 202
    engine = one.node.db.engine  # type: ignore[attr-defined]
    begin = engine.begin

    async def locked() -> None:
        raise Unavailable("database.locked", retry_after_s=5)

    monkeypatch.setattr(engine, "begin", locked)
    reply = await signed(other, one, "/inbox", owner=bob["uri"], body=body)
    assert (reply.status, reply.headers["retry-after"]) == (503, "5")
    monkeypatch.setattr(engine, "begin", begin)
    assert (await signed(other, one, "/inbox", owner=bob["uri"], body=body)).status == 202


async def test_an_open_node_takes_from_anybody_but_the_blocked(start_node: Start) -> None:
    node, other = await start_node(federation_mode="open"), await start_node(federation_mode="open")
    bob = await new_person(other, "bob")
    send = {"owner": bob["uri"]}
    assert (await signed(other, node, "/inbox", body=activity(bob["uri"]), **send)).status == 202
    await node.node.db.write(lambda tx: block(tx, other.origin, node.node.clock()))
    assert (await signed(other, node, "/inbox", body=activity(bob["uri"]), **send)).status == 403
