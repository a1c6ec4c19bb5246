"""Media between closed nodes: a plain address on the wire, read by a signed GET, passed on here."""

from pathlib import Path
from typing import Any

import pytest

from federation.database import Transaction
from federation.options import MediaOptions, Options
from tests.nodes.test_follow_and_post import call, person
from tests.serving import Running, Start, eventually
from tests.web.conftest import ask, signed
from tests.web.mastodon.files import form, photograph, picture
from web.capabilities import Grants
from web.mastodon.serializers import copied

Headers = dict[str, str]


async def befriend(one: Running, other: Running, headers: Headers, name: str) -> str:
    """Let somebody at `other` follow a person at `one`; the id that she has there."""
    asked = {"q": f"@{name}@{one.node.host}", "resolve": "true", "type": "accounts"}
    found = await call(other, "GET", "v2/search", params=asked, headers=headers)
    account_id = found["accounts"][0]["id"]
    await call(other, "POST", f"v1/accounts/{account_id}/follow", headers=headers)

    async def followed() -> Any:
        relations = await call(
            other, "GET", "v1/accounts/relationships", params={"id": account_id}, headers=headers
        )
        return relations[0]["following"]

    await eventually(followed)
    return account_id


async def upload(running: Running, headers: Headers, content: bytes) -> Any:
    body, about = form(("file", "a.jpg", content))
    return await call(running, "POST", "v2/media", data=body, headers=headers | about)


async def post(running: Running, headers: Headers, media_id: str) -> Any:
    fields = {"status": "au jardin", "visibility": "private", "media_ids": [media_id]}
    return await call(running, "POST", "v1/statuses", json=fields, headers=headers)


async def shown_at(running: Running, headers: Headers) -> Any:
    async def arrived() -> Any:
        home = await call(running, "GET", "v1/timelines/home", headers=headers)
        return [status for status in home if status["media_attachments"]]

    return (await eventually(arrived))[0]


async def grant_of(running: Running, name: str, path: str) -> str:
    """A capability for this path, made as for a client of this person."""
    row = await running.node.db.row(
        "SELECT t.id, t.account_id FROM access_token t JOIN account a ON a.id = t.account_id"
        " JOIN actor ON actor.id = a.actor_id WHERE actor.username = ?",
        name,
    )
    assert row is not None
    return Grants(running.node, row["account_id"], row["id"]).grant(path)


async def test_a_private_picture_is_read_by_those_it_is_for(
    two_nodes: tuple[Running, Running], start_node: Start
) -> None:
    one, other = two_nodes
    alice, bob = await person(one, "alice"), await person(other, "bob")
    carol = await person(other, "carol")
    await befriend(one, other, bob, "alice")
    status = await post(one, alice, (await upload(one, alice, photograph()))["id"])
    seen = await shown_at(other, bob)
    media = seen["media_attachments"][0]
    assert media["remote_url"] is None
    bare = media["url"].partition("?")[0]
    path = bare.removeprefix(other.origin)
    assert path.startswith("/proxy/media/")
    # Who may not see makes nothing leave the node, and learns nothing.
    copies = "SELECT COUNT(*) FROM proxied"
    assert (await ask(other, "GET", path)).status == 401
    hers = await grant_of(other, "carol", path)
    refused = await ask(other, "GET", f"{path}?grant={hers}")
    absent = path.replace(path.split("/")[3], "1")
    hers = await grant_of(other, "carol", absent)
    nothing = await ask(other, "GET", f"{absent}?grant={hers}")
    assert (refused.status, refused.body) == (nothing.status, nothing.body) == (404, b"Not found\n")
    assert await other.node.db.value(copies) == 0
    assert carol
    got = await ask(other, "GET", media["url"])
    assert (got.status, got.headers["content-type"]) == (200, "image/jpeg")
    assert got.headers["cache-control"] == "private, no-store"
    assert (await ask(other, "GET", media["url"])).body == got.body
    preview = await ask(other, "GET", media["preview_url"])
    assert (preview.status, preview.headers["content-type"]) == (200, "image/webp")
    assert await other.node.db.value(copies) == 2

    stranger = await start_node(name="Inconnu")
    plain = await other.node.db.value("SELECT remote_url FROM attachment WHERE remote_url <> ''")
    there = plain.removeprefix(one.origin)
    assert "?" not in plain
    assert (await ask(one, "GET", there)).status == 401
    assert (await signed(stranger, one, there)).status == 403
    assert (await signed(other, one, there)).body == got.body

    await call(one, "DELETE", f"v1/statuses/{status['id']}", headers=alice)
    assert (await signed(other, one, there)).status == 404

    async def gone() -> bool:
        return (await ask(other, "GET", media["url"])).status == 404

    await eventually(gone)


async def test_a_picture_of_an_actor_comes_through_the_readers_node(
    two_nodes: tuple[Running, Running],
) -> None:
    one, other = two_nodes
    alice, bob = await person(one, "alice"), await person(other, "bob")
    body, about = form(("avatar", "a.png", picture()))
    mine = await call(
        one, "PATCH", "v1/accounts/update_credentials", data=body, headers=alice | about
    )
    account_id = await befriend(one, other, bob, "alice")
    account = await call(other, "GET", f"v1/accounts/{account_id}", headers=bob)
    avatar: str = account["avatar"]
    assert avatar.startswith(f"{other.origin}/proxy/pictures/")
    got = await ask(other, "GET", avatar)
    assert (got.status, got.headers["content-type"]) == (200, "image/webp")
    assert got.body == (await ask(one, "GET", mine["avatar"])).body
    # An address that this node did not write is not asked for.
    mac, address = avatar.rsplit("/", 2)[1:]
    for changed in (f"{'A' * 22}/{address}", f"{mac}/{address[:-4]}AAAA", f"{mac}/!!"):
        forged = f"/proxy/pictures/{changed}"
        assert (await ask(other, "GET", forged)).status == 404


async def test_files_that_staff_does_not_take_are_not_passed_on(
    two_nodes: tuple[Running, Running],
) -> None:
    one, other = two_nodes
    alice, bob = await person(one, "alice"), await person(other, "bob")
    await befriend(one, other, bob, "alice")
    await post(one, alice, (await upload(one, alice, picture()))["id"])
    media = (await shown_at(other, bob))["media_attachments"][0]
    assert (await ask(other, "GET", media["url"])).status == 200

    async def decide(tx: Transaction) -> int:
        return await tx.execute(
            "INSERT INTO domain_decision (id, origin, severity, reject_media, created_at)"
            " VALUES (1, ?, 'noop', ?, 0)",
            one.origin,
            True,
        )

    await other.node.db.write(decide)
    # Not even what is kept here already, nor a picture of the person.
    for address in ("url", "preview_url"):
        assert (await ask(other, "GET", media[address])).status == 404
    shown = copied(other.node, f"{one.origin}/pictures/a.png").removeprefix(other.origin)
    assert (await ask(other, "GET", shown)).status == 404

    async def lift(tx: Transaction) -> int:
        return await tx.execute("DELETE FROM domain_decision")

    await other.node.db.write(lift)
    assert (await ask(other, "GET", media["url"])).status == 200


@pytest.mark.parametrize("kind", ["html", "large", "svg", "gone"])
async def test_what_is_no_picture_is_not_passed_on(start_node: Start, kind: str) -> None:
    few = MediaOptions(image_bytes_max=100) if kind == "large" else MediaOptions()
    one, other = await start_node(), await start_node(options=Options(media=few))
    await one.allow(other)
    await other.allow(one)
    alice, bob = await person(one, "alice"), await person(other, "bob")
    await befriend(one, other, bob, "alice")
    await post(one, alice, (await upload(one, alice, picture("JPEG", (300, 300))))["id"])
    media = (await shown_at(other, bob))["media_attachments"][0]
    spoil((one.node.storage.work.parent / "files"), kind)
    assert (await ask(other, "GET", media["url"])).status == 404
    assert await other.node.db.value("SELECT COUNT(*) FROM proxied") == 0


def spoil(folder: Path, kind: str) -> None:
    """Let the files of a store be something else than they were."""
    bodies = {"html": b"<html><script>alert(1)</script>", "svg": b"<svg onload='alert(1)'/>"}
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if kind in bodies:
            path.write_bytes(bodies[kind].ljust(path.stat().st_size))
        elif kind == "gone":
            path.unlink()


async def test_copies_are_bounded_and_end(two_nodes: tuple[Running, Running]) -> None:
    one, other = two_nodes
    alice, bob = await person(one, "alice"), await person(other, "bob")
    await befriend(one, other, bob, "alice")
    await post(one, alice, (await upload(one, alice, picture()))["id"])
    media = (await shown_at(other, bob))["media_attachments"][0]
    assert (await ask(other, "GET", media["url"])).status == 200
    folder = other.node.storage.work.parent / "copies"

    def kept() -> int:
        return sum(path.is_file() for path in folder.rglob("*"))

    assert kept() == 1

    async def age(tx: Transaction) -> int:
        return await tx.execute("UPDATE proxied SET fetched_at = 1")

    await other.node.db.write(age)
    other.node.media_wake.set()

    async def none() -> bool:
        return kept() == 0

    await eventually(none)
    assert (await ask(other, "GET", media["url"])).status == 200
