"""The pictures of a profile: made of what was sent, shown, sent to others, and taken off."""

import io
from pathlib import Path

from PIL import Image

from actors.documents import actor_document
from actors.queries import get_by_id
from outbox.media_loop import media_once
from tests.conftest import FakeClock
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.files import fetched, form, photograph, picture

UPDATE = "/api/v1/accounts/update_credentials"


async def change(client: Client, *parts: tuple[str, str | None, bytes]) -> Reply:
    body, headers = form(*parts)
    return await client.ask("PATCH", UPDATE, body=body, headers=headers)


def files(site: Site) -> list[Path]:
    folder = site.node.storage.work.parent / "files"
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_pictures_are_made_shown_and_replaced(site: Site, clock: FakeClock) -> None:
    alice = await site.person("alice")
    reply = await change(
        alice,
        ("avatar", "me.jpg", photograph()),
        ("header", "over.png", picture("PNG", (300, 200))),
        ("display_name", None, b"Alice B."),
        ("avatar_description", None, b"Alice au jardin"),
    )
    assert reply.status == 200, reply.text
    account = reply.json
    assert account["display_name"] == "Alice B."
    assert account["avatar_description"] == "Alice au jardin"
    for url, size in ((account["avatar"], (400, 400)), (account["header"], (1500, 500))):
        # Whoever was shown the account sees its pictures, without any token.
        got = await fetched(alice, url)
        assert (got.status, got.headers["content-type"]) == (200, "image/webp")
        assert "immutable" in got.headers["cache-control"]
        image = Image.open(io.BytesIO(got.body))
        assert (image.size, bool(image.getexif())) == (size, False)
    row = await get_by_id(site.node.db, site.people["alice"]["id"])
    document = await actor_document(site.node, row)
    assert document["icon"]["url"] == account["avatar"]
    assert document["icon"]["name"] == "Alice au jardin"
    again = await change(alice, ("avatar", "me.png", picture()))
    assert again.json["avatar"] != account["avatar"]
    assert again.json["header"] == account["header"]
    clock.advance(120)
    await media_once(site.node)
    assert (await fetched(alice, account["avatar"])).status == 404
    assert len(files(site)) == 2


async def test_pictures_are_taken_off(site: Site, clock: FakeClock) -> None:
    alice = await site.person("alice")
    await change(alice, ("avatar", "a", picture()), ("header", "h", picture()))
    for name in ("avatar", "header"):
        reply = await alice.ask("DELETE", f"/api/v1/profile/{name}")
        assert reply.status == 200
        assert reply.json[name].endswith(f"/static/{name}.png")
    clock.advance(120)
    await media_once(site.node)
    assert files(site) == []


async def test_what_is_no_image_is_refused_by_field(site: Site, clock: FakeClock) -> None:
    alice = await site.person("alice")
    for part in (
        ("avatar", "a.png", b"<svg onload='alert(1)'/>"),
        ("header", "a.png", b"%PDF-1.7"),
        ("header", "a.png", picture("JPEG", (90, 90))[:300]),
        ("avatar", None, b"not a file"),
    ):
        reply = await change(alice, ("display_name", None, b"X"), part)
        assert reply.status == 422, reply.text
        assert part[0] in reply.json["error"]
    me = await alice.get("/api/v1/accounts/verify_credentials")
    assert me.json["display_name"] == ""
    clock.advance(120)
    await media_once(site.node)
    assert files(site) == []


async def test_a_picture_is_no_file_of_a_status(site: Site) -> None:
    alice = await site.person("alice")
    account = (await change(alice, ("avatar", "a", picture()))).json
    other = account["avatar"].replace("/pictures/", "/media/")
    assert (await fetched(alice, other)).status == 401
    browser = site.client(alice.token)
    assert (await browser.get(other)).status == 401
