"""The store of media: the node's folder, and an S3-compatible server that really runs."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import boto3
import pytest

from federation.errors import NotFound
from federation.node import Node
from federation.options import MediaOptions, Options
from federation.storage import Storage, StorageDown, file_name, is_file_name
from maillage.adapters import load_storage
from maillage.nodes import close_node, open_node
from maillage.settings import Settings
from maillage.settings_file import SettingsError, read_settings
from outbox.media_loop import media_once
from tests.conftest import FakeClock
from tests.nodes import ports
from tests.web.mastodon.conftest import Site, unlimited
from tests.web.mastodon.files import fetched, picture, send, uploaded
from web.app import build_app

BUCKET = "media-of-the-site"


@pytest.fixture(scope="module")
def s3() -> Iterator[MediaOptions]:
    """A server with one bucket."""
    (port,) = ports.take(1)
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing-secret"}
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env={**os.environ, **keys},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        asyncio.run(_until_up(port))
        client = boto3.client(
            "s3",
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing-secret",
        )
        client.create_bucket(Bucket=BUCKET)
        client.close()
        yield MediaOptions(
            s3_bucket=BUCKET, s3_url=url, s3_key="testing", s3_secret="testing-secret"
        )
    finally:
        server.terminate()
        server.wait(10)


async def _until_up(port: int) -> None:
    for _ in range(300):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            await writer.wait_closed()
            return
    raise AssertionError("the server did not start")


@pytest.fixture(params=["disk", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    options = MediaOptions()
    if request.param == "s3":
        options = request.getfixturevalue("s3")
    return load_storage(tmp_path / "media", options)


async def read(storage: Storage, name: str, start: int, length: int) -> bytes:
    return b"".join([piece async for piece in storage.read(name, start, length)])


async def test_a_file_is_put_read_in_parts_and_deleted(storage: Storage) -> None:
    content = os.urandom(3_000_000)
    path = storage.work / "sent"
    path.write_bytes(content)
    name = file_name("webp")
    await storage.put(name, path, "image/webp")
    assert not path.exists()
    assert await read(storage, name, 0, len(content)) == content
    assert await read(storage, name, 1_500_000, 700_001) == content[1_500_000:2_200_001]
    await storage.delete(name)
    await storage.delete(name)
    with pytest.raises(NotFound):
        await read(storage, name, 0, 10)


async def test_names_cannot_be_guessed_and_lead_nowhere() -> None:
    names = {file_name("webp") for _ in range(100)}
    assert len(names) == 100
    assert all(is_file_name(name) for name in names)
    for bad in ("../x", "a" * 32, "a" * 31 + "/.webp", f"{'a' * 32}.webp\n", f"{'a' * 32}./../x"):
        assert not is_file_name(bad)


async def test_a_store_that_is_away_is_said_so(tmp_path: Path) -> None:
    (port,) = ports.take(1)
    options = MediaOptions(
        s3_bucket=BUCKET, s3_url=f"http://127.0.0.1:{port}", s3_key="k", s3_secret="s"
    )
    storage = load_storage(tmp_path / "media", options)
    path = storage.work / "sent"
    path.write_bytes(b"x")
    with pytest.raises(StorageDown):
        await storage.put(file_name("webp"), path, "image/webp")
    with pytest.raises(StorageDown):
        await read(storage, file_name("webp"), 0, 1)
    with pytest.raises(StorageDown):
        await storage.delete(file_name("webp"))


@pytest.fixture
async def s3_node(
    copy_of_template: Settings, s3: MediaOptions, clock: FakeClock
) -> AsyncIterator[Node]:
    opened = await open_node(replace(copy_of_template, options=Options(media=s3)), clock=clock)
    yield opened
    await close_node(opened)


async def test_uploads_live_in_the_bucket_and_come_through_the_node(
    s3_node: Node, clock: FakeClock
) -> None:
    node = unlimited(s3_node)
    site = Site(node, build_app(node))
    alice = await site.person("alice")
    media = await uploaded(alice, picture())
    got = await fetched(alice, media["url"])
    assert (got.status, got.headers["content-type"]) == (200, "image/png")
    part = await fetched(alice, media["url"], range="bytes=0-7")
    assert (part.status, part.body) == (206, b"\x89PNG\r\n\x1a\n")
    assert [p for p in (node.storage.work.parent).rglob("*") if p.is_file()] == []
    name = media["url"].partition("?")[0].rpartition("/")[2]
    assert await read(node.storage, name, 0, 8) == b"\x89PNG\r\n\x1a\n"
    assert (await alice.ask("DELETE", f"/api/v1/media/{media['id']}")).status == 200
    await media_once(node)
    with pytest.raises(NotFound):
        await read(node.storage, name, 0, 8)


async def test_an_upload_that_the_store_does_not_take_leaves_nothing(
    copy_of_template: Settings, clock: FakeClock
) -> None:
    (port,) = ports.take(1)
    away = MediaOptions(
        s3_bucket=BUCKET, s3_url=f"http://127.0.0.1:{port}", s3_key="k", s3_secret="s"
    )
    opened = await open_node(replace(copy_of_template, options=Options(media=away)), clock=clock)
    try:
        node = unlimited(opened)
        alice = await Site(node, build_app(node)).person("alice")
        reply = await send(alice, picture())
        assert reply.status == 503
        assert await node.db.value("SELECT COUNT(*) FROM attachment") == 0
        # The file may have come through after all: it is removed when the store is back.
        assert await node.db.value("SELECT COUNT(*) FROM media_file") == 2
        await media_once(node)
        assert await node.db.value("SELECT COUNT(*) FROM media_file") == 2
    finally:
        await close_node(opened)


def test_a_bucket_needs_all_that_opens_it(tmp_path: Path) -> None:
    start = 'origin = "https://tilleuls.example"\nlanguage = "en"\n[media]\n'
    file = tmp_path / "maillage.toml"
    file.write_text(start + 's3_bucket = "media"\ns3_url = "https://s3.example"\n')
    with pytest.raises(SettingsError, match="s3_secret"):
        read_settings(tmp_path, {})
    file.write_text(start + 's3_bucket = "m"\ns3_url = "http://s3.example"\ns3_key = "k"\n')
    secret = {"MAILLAGE_MEDIA_S3_SECRET": "hidden-value"}
    with pytest.raises(SettingsError, match="line 5") as refused:
        read_settings(tmp_path, secret)
    assert "hidden-value" not in str(refused.value)
    file.write_text(
        start
        + 's3_bucket = "m"\ns3_url = "https://s3.example"\ns3_key = "k"\npixels_max = 2000000\n'
        + 'card_hosts = ["www.service-public.example"]\n'
    )
    media = read_settings(tmp_path, secret).options.media
    assert (media.s3_bucket, media.s3_secret, media.pixels_max) == ("m", "hidden-value", 2_000_000)
    assert media.card_hosts == ("www.service-public.example",)
