"""What is said with an upload: each wrong field is named, and nothing is kept of it."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actors.deletion import mark_deleted
from federation.options import MediaOptions, Options
from outbox.media_loop import clear_work, media_once
from tests.conftest import FakeClock
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.files import (
    BOUNDARY,
    Part,
    fetched,
    film,
    form,
    picture,
    send,
    sound,
    uploaded,
)
from web.app import build_app

V2 = "/api/v2/media"


def files(site: Site) -> list[Path]:
    return [path for path in site.node.storage.work.parent.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("field", "part"),
    [
        ("description", ("description", None, b"x" * 1501)),
        ("focus", ("focus", None, b"2,0")),
        ("focus", ("focus", None, b"nan,0")),
        ("focus", ("focus", None, b"0")),
        ("focus", ("focus", None, b"a,b")),
        ("thumbnail", ("thumbnail", "t.png", b"<svg/>")),
        ("thumbnail", ("thumbnail", "t.png", b"%PDF-1.7")),
    ],
)
@pytest.mark.needs("ffmpeg")
async def test_a_wrong_field_is_named_and_nothing_is_kept(
    site: Site, field: str, part: Part
) -> None:
    alice = await site.person("alice")
    content = sound() if field == "thumbnail" else picture()
    reply = await send(alice, content, part)
    assert reply.status == 422, reply.text
    assert field in reply.json["error"]
    assert await site.node.db.value("SELECT COUNT(*) FROM attachment") == 0
    assert files(site) == []


async def test_a_request_without_a_file_names_it(site: Site) -> None:
    alice = await site.person("alice")
    body, headers = form(("description", None, b"rien"))
    for reply in (
        await alice.ask("POST", V2, body=body, headers=headers),
        await alice.ask("POST", V2, json={"file": "text"}),
        await alice.ask("POST", V2, form={"file": "text"}),
        await alice.ask("POST", V2),
    ):
        assert reply.status == 422, reply.text
        assert "file" in reply.json["error"]


async def test_a_form_that_breaks_off_leaves_nothing(site: Site) -> None:
    alice = await site.person("alice")
    body, headers = form(("file", "a.png", picture("PNG", (300, 300))))
    for broken in (body[: len(body) // 2], body.replace(BOUNDARY.encode(), b"other"), b"\0" * 99):
        reply = await alice.ask("POST", V2, body=broken, headers=headers)
        assert reply.status == 400, reply.text
    assert files(site) == []


async def test_too_large_a_file_is_refused_by_name(site: Site) -> None:
    options = Options(media=MediaOptions(bytes_max=300_000, image_bytes_max=100_000))
    node = replace(site.node, options=options)
    small = Site(node, build_app(node))
    alice = await small.person("alice")
    noise = os.urandom(150_000)
    reply = await send(alice, b"\x89PNG\r\n\x1a\n" + noise)
    assert (reply.status, "file" in reply.json["error"]) == (413, True)
    for known in (True, False):
        body, headers = form(("file", "a.png", noise * 6))
        if not known:
            headers["content-length"] = "10"
        reply = await alice.ask("POST", V2, body=body, headers=headers)
        assert (reply.status, "file" in reply.json["error"]) == (413, True)
    assert files(site) == []
    # Elsewhere the ordinary limit of a body stands.
    reply = await alice.post("/api/v1/statuses", {"status": "x" * 1_100_000})
    assert reply.status == 413


@pytest.mark.needs("ffmpeg")
async def test_what_is_said_of_an_upload_can_be_changed_until_a_status_has_it(site: Site) -> None:
    alice, bob = await site.person("alice"), await site.person("bob")
    media = await uploaded(alice, film(), ("focus", None, b"-0.5,0.25"))
    assert media["meta"]["focus"] == {"x": -0.5, "y": 0.25}
    path = f"/api/v1/media/{media['id']}"
    body, headers = form(
        ("description", None, b"un film"), ("thumbnail", "t.png", picture("PNG", (20, 30)))
    )
    changed = await alice.ask("PUT", path, body=body, headers=headers)
    assert changed.status == 200, changed.text
    assert changed.json["description"] == "un film"
    assert (changed.json["meta"]["small"]["width"], changed.json["url"]) == (20, media["url"])
    assert changed.json["preview_url"] != media["preview_url"]
    assert (await fetched(alice, media["preview_url"])).status == 404
    again = await alice.ask("PATCH", path, json={"focus": "0,1"})
    assert again.json["meta"]["focus"] == {"x": 0, "y": 1}
    assert again.json["description"] == "un film"
    assert (await bob.ask("PUT", path, json={"description": "à moi"})).status == 404
    assert (await alice.ask("PUT", path, json={"description": ["x"]})).status == 422
    posted = await alice.post("/api/v1/statuses", {"status": "a", "media_ids": [media["id"]]})
    assert posted.json["media_attachments"][0]["description"] == "un film"
    for method in ("PUT", "DELETE"):
        assert (await alice.ask(method, path, json={"description": "b"})).status == 404


@pytest.mark.needs("ffmpeg")
async def test_a_picture_chosen_for_a_film_outlives_its_making(site: Site) -> None:
    alice = await site.person("alice")
    thumbnail: Part = ("thumbnail", "t.png", picture("PNG", (20, 30)))
    reply = await send(alice, film(), thumbnail)
    assert reply.status == 202
    await media_once(site.node)
    done = (await alice.get(f"/api/v1/media/{reply.json['id']}")).json
    assert done["meta"]["small"]["width"] == 20
    assert (await fetched(alice, done["preview_url"])).status == 200


async def test_which_media_a_status_may_have(site: Site) -> None:
    alice, bob = await site.person("alice"), await site.person("bob")
    ids = [(await uploaded(alice, picture()))["id"] for _ in range(5)]
    his = (await uploaded(bob, picture()))["id"]

    async def post(*media_ids: str) -> Any:
        return await alice.post("/api/v1/statuses", {"status": "", "media_ids": list(media_ids)})

    for wrong in (ids, [his], ["1"], ["x"], [ids[0], his]):
        reply = await post(*wrong)
        assert (reply.status, "media_ids" in reply.json["error"]) == (422, True), wrong
    order = [ids[2], ids[0], ids[3]]
    posted = await post(*order)
    assert [media["id"] for media in posted.json["media_attachments"]] == order
    assert (await post(ids[0])).status == 422


async def test_an_account_that_is_deleted_leaves_no_file(site: Site, clock: FakeClock) -> None:
    alice = await site.person("alice")
    body, headers = form(("avatar", "a.png", picture()))
    path = "/api/v1/accounts/update_credentials"
    assert (await alice.ask("PATCH", path, body=body, headers=headers)).status == 200
    media = await uploaded(alice, picture())
    await alice.post("/api/v1/statuses", {"status": "a", "media_ids": [media["id"]]})
    await uploaded(alice, picture())
    assert len(files(site)) == 5
    actor = site.people["alice"]
    await site.node.db.write(lambda tx: mark_deleted(site.node, tx, actor))
    clock.advance(120)
    await media_once(site.node)
    assert files(site) == []


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
async def test_nothing_but_pixels_is_kept(site: Site, kind: str) -> None:
    alice: Client = await site.person("alice")
    sent = picture(kind, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0SERIAL-4711", xmp=b"<x>SERIAL-4711</x>")
    media = await uploaded(alice, sent)
    for url in (media["url"], media["preview_url"]):
        got = (await fetched(alice, url)).body
        assert not any(word in got for word in (b"SERIAL", b"Exif", b"EXIF", b"XMP", b"<x>"))


async def test_what_a_stop_left_behind_is_cleared(site: Site) -> None:
    work = site.node.storage.work
    for name, age_s in (("old", 8_000), ("new", 60)):
        (work / name).mkdir()
        (work / name / "file").write_bytes(b"x")
        at = (work / name).stat().st_mtime - age_s
        os.utime(work / name, (at, at))
    clear_work(site.node)
    assert sorted(path.name for path in work.iterdir()) == ["incoming", "new"]
