"""Uploads by the client API: what they become, and what is refused before anything is stored."""

import io
from pathlib import Path

import pytest
from PIL import Image

from outbox import films
from outbox.media_loop import media_once
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.files import (
    fetched,
    film,
    huge_png,
    moving_gif,
    office,
    photograph,
    picture,
    send,
    sound,
    uploaded,
)


async def stored(site: Site) -> tuple[int, int, list[Path]]:
    """How many uploads and files there are, in rows and on the disk."""
    await media_once(site.node)
    folder = site.node.storage.work.parent
    files = [path for path in folder.rglob("*") if path.is_file()]
    db = site.node.db
    return (
        await db.value("SELECT COUNT(*) FROM attachment"),
        await db.value("SELECT COUNT(*) FROM media_file"),
        files,
    )


async def test_an_image_is_made_anew_upright_and_without_what_it_said(site: Site) -> None:
    alice = await site.person("alice")
    sent = photograph()
    assert b"SERIAL-4711" in sent
    assert b"nurse" in sent
    media = await uploaded(alice, sent, ("description", None, b"La salle"))
    assert (media["type"], media["description"]) == ("image", "La salle")
    original, small = media["meta"]["original"], media["meta"]["small"]
    assert (original["width"], original["height"], original["size"]) == (40, 60, "40x60")
    assert small["width"] == 40
    assert len(media["blurhash"]) == 28
    assert media["remote_url"] is None
    got = await fetched(alice, media["url"])
    assert (got.status, got.headers["content-type"]) == (200, "image/jpeg")
    image = Image.open(io.BytesIO(got.body))
    assert image.size == (40, 60)
    assert not image.getexif()
    assert b"SERIAL-4711" not in got.body
    assert b"nurse" not in got.body
    preview = await fetched(alice, media["preview_url"])
    assert preview.headers["content-type"] == "image/webp"
    assert Image.open(io.BytesIO(preview.body)).format == "WEBP"


async def test_each_kind_of_image_is_taken_by_its_content(site: Site) -> None:
    alice = await site.person("alice")
    for kind, media_type in (
        ("PNG", "image/png"),
        ("WEBP", "image/webp"),
        ("GIF", "image/png"),
        ("AVIF", "image/webp"),
    ):
        media = await uploaded(alice, picture(kind), path="/api/v2/media")
        got = await fetched(alice, media["url"])
        assert (media["type"], got.headers["content-type"]) == ("image", media_type), kind


async def test_a_large_image_is_made_smaller(site: Site) -> None:
    alice = await site.person("alice")
    media = await uploaded(alice, picture("JPEG", (4000, 3000)))
    original, small = media["meta"]["original"], media["meta"]["small"]
    assert 8_000_000 < original["width"] * original["height"] <= 8_294_400
    assert small["width"] * small["height"] <= 230_400


@pytest.mark.needs("ffmpeg")
async def test_a_moving_image_becomes_a_silent_film(site: Site) -> None:
    alice = await site.person("alice")
    media = await uploaded(alice, moving_gif())
    assert media["type"] == "gifv"
    assert media["meta"]["original"]["duration"] > 0
    got = await fetched(alice, media["url"])
    assert got.headers["content-type"] == "video/mp4"
    assert got.body[4:8] == b"ftyp"


@pytest.mark.needs("ffmpeg")
async def test_a_film_is_pending_until_the_loop_has_made_it(site: Site) -> None:
    alice, bob = await site.person("alice"), await site.person("bob")
    reply = await send(alice, film())
    assert (reply.status, reply.json["url"], reply.json["type"]) == (202, None, "video")
    path = f"/api/v1/media/{reply.json['id']}"
    assert (await alice.get(path)).status == 206
    assert (await bob.get(path)).status == 404
    taken = await alice.post(
        "/api/v1/statuses", {"status": "trop tôt", "media_ids": [reply.json["id"]]}
    )
    assert taken.status == 422
    assert await media_once(site.node) == 1
    done = await alice.get(path)
    assert done.status == 200
    original = done.json["meta"]["original"]
    assert (original["width"], original["height"], original["frame_rate"]) == (160, 90, "10/1")
    assert done.json["blurhash"]
    got = await fetched(alice, done.json["url"])
    assert got.headers["content-type"] == "video/mp4"
    assert b"48.8584" not in got.body
    assert b"Mme Petit" not in got.body
    preview = await fetched(alice, done.json["preview_url"])
    assert preview.headers["content-type"] == "image/webp"


@pytest.mark.needs("ffmpeg")
async def test_other_films_and_sounds_are_made_playable(site: Site) -> None:
    alice = await site.person("alice")
    webm = await uploaded(alice, film("webm", "-c:v", "libvpx", "-c:a", "libopus"))
    assert webm["type"] == "video"
    assert (await fetched(alice, webm["url"])).headers["content-type"] == "video/mp4"
    for extension, media_type in (
        ("mp3", "audio/mpeg"),
        ("ogg", "audio/ogg"),
        ("wav", "audio/mpeg"),
        ("flac", "audio/flac"),
        ("m4a", "audio/mp4"),
    ):
        media = await uploaded(alice, sound(extension))
        got = await fetched(alice, media["url"])
        assert (media["type"], got.headers["content-type"]) == ("audio", media_type), extension
        assert b"Mme Petit" not in got.body
        assert 0.9 < media["meta"]["original"]["duration"] < 1.2


async def test_documents_are_only_ever_saved(site: Site) -> None:
    alice = await site.person("alice")
    docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    activity = b'{"@context": "https://www.w3.org/ns/activitystreams", "type": "Note"}'
    for content, name, media_type in (
        (b"%PDF-1.7\n%%EOF", "menu.pdf", "application/pdf"),
        (office(), "menu.docx", docx),
        ("Café à 16 h".encode(), "note.txt", "application/octet-stream"),
        (activity, "note.json", "application/octet-stream"),
    ):
        reply = await send(alice, content, name=f"../../{name}")
        assert (reply.status, reply.json["type"]) == (200, "unknown"), reply.text
        got = await fetched(alice, reply.json["url"], accept="application/activity+json")
        assert (got.body, got.headers["content-type"]) == (content, media_type)
        disposition = got.headers["content-disposition"]
        assert disposition == f"attachment; filename*=UTF-8''{name}"
        assert got.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in got.headers["content-security-policy"]


BAD = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "xml": b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><svg/>',
    "html": b"<!DOCTYPE html><script>alert(1)</script>",
    "program": b"\x7fELF\x02\x01\x01\0",
    "magick": b"push graphic-context\nimage over 0,0 0,0 'https://evil.test/\0'",
    "playlist": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n\0",
    "nothing but a start": b"\x89PNG\r\n\x1a\n",
    "not UTF-8": "é".encode("latin-1") * 40,
    "100 megapixels": huge_png(10_000, 10_000),
    "2,500 megapixels": huge_png(50_000, 50_000),
    "half an image": picture("JPEG", (400, 300))[:3000],
    "macros": office(("word/vbaProject.bin", b"Sub AutoOpen()")),
    "zip bomb": office(("word/media/a.xml", b"\0" * 60_000_000)),
    "way out": office(("../../etc/cron.d/x", b"x")),
    "not a document": picture("PNG")[:0] + b"PK\x03\x04" + b"\0" * 50,
}


@pytest.mark.parametrize("name", BAD)
async def test_what_is_bad_is_refused_by_field_and_leaves_nothing(site: Site, name: str) -> None:
    alice = await site.person("alice")
    for path in ("/api/v1/media", "/api/v2/media"):
        reply = await send(alice, BAD[name], path=path)
        assert reply.status == 422, (name, reply.text)
        assert "file" in reply.json["error"]
    assert await stored(site) == (0, 0, [])
    # The next one is processed as ever.
    assert (await send(alice, picture())).status == 200


@pytest.mark.needs("ffmpeg")
async def test_broken_films_are_refused(site: Site) -> None:
    alice = await site.person("alice")
    whole = film("mp4", "-movflags", "+faststart")
    webm = film("webm", "-c:v", "libvpx", "-c:a", "libopus")
    for content in (film()[:9000], whole[: len(whole) * 2 // 3], webm[: len(webm) // 2]):
        reply = await send(alice, content)
        assert reply.status == 422, reply.text
        assert "file" in reply.json["error"]
    assert await stored(site) == (0, 0, [])


async def test_without_the_programs_no_film_is_promised_or_taken(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = await site.person("alice")
    told = (await alice.get("/api/v2/instance")).json["configuration"]
    limits = told["media_attachments"]
    assert told["statuses"]["max_media_attachments"] == 4
    assert limits["image_matrix_limit"] == site.node.options.media.pixels_max
    assert {"image/jpeg", "application/pdf"} <= set(limits["supported_mime_types"])
    monkeypatch.setattr(films, "are_installed", lambda: False)
    told = (await alice.get("/api/v1/instance")).json["configuration"]["media_attachments"]
    assert not any("video" in name or "audio" in name for name in told["supported_mime_types"])
    reply = await send(alice, b"OggS" + b"\0" * 100)
    assert (reply.status, "file" in reply.json["error"]) == (422, True)
