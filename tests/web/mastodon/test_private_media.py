"""Who may read a file: by a capability, by a session, and by nobody's leave else."""

import pytest

from federation.database import Transaction
from outbox.media_loop import media_once
from tests.conftest import FakeClock
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import PASSWORD, Site
from tests.web.mastodon.files import fetched, office, photograph, picture, uploaded

DAY_S = 86_400


async def post(client: Client, media_id: str, **more: object) -> dict[str, object]:
    fields = {"status": "photo", "media_ids": [media_id], **more}
    reply = await client.post("/api/v1/statuses", fields)
    assert reply.status == 200, reply.text
    return reply.json


async def shown_to(client: Client, status_id: object) -> str:
    """The address of the picture, as this person is given it."""
    reply = await client.get(f"/api/v1/statuses/{status_id}")
    assert reply.status == 200
    return reply.json["media_attachments"][0]["url"]


async def statuses_of(client: Client, url: str) -> int:
    return (await fetched(client, url)).status


async def test_an_upload_is_its_senders_alone_until_a_status_has_it(site: Site) -> None:
    alice, bob = await site.person("alice"), await site.person("bob")
    media = await uploaded(alice, picture())
    bare = media["url"].partition("?")[0]
    assert await statuses_of(alice, media["url"]) == 200
    assert await statuses_of(alice, bare) == 401
    for method in ("GET", "PUT", "DELETE"):
        assert (await bob.ask(method, f"/api/v1/media/{media['id']}")).status == 404
    stolen = await bob.post("/api/v1/statuses", {"status": "à moi", "media_ids": [media["id"]]})
    assert stolen.status == 422
    assert "media_ids" in stolen.json["error"]


async def test_media_of_a_circle_are_read_by_its_people_alone(site: Site, clock: FakeClock) -> None:
    alice, bob = await site.person("alice"), await site.person("bob")
    carol = await site.person("carol")
    await site.follow(bob, "alice")
    media = await uploaded(alice, picture())
    status = await post(alice, media["id"], visibility="private")
    await site.settle()
    url = await shown_to(bob, status["id"])
    got = await fetched(bob, url)
    assert (got.status, got.headers["cache-control"]) == (200, "private, no-store")
    # Each is given her own, and may use no other's for another file.
    assert url != await shown_to(alice, status["id"])
    other = await uploaded(carol, picture("PNG", (20, 20)))
    grant = url.partition("?")[2]
    assert await statuses_of(bob, other["url"].partition("?")[0] + "?" + grant) == 404
    own_grant = other["url"].partition("?")[2]
    assert await statuses_of(carol, url.partition("?")[0] + "?" + own_grant) == 404
    # It ends with the right…
    await bob.post(f"/api/v1/accounts/{site.id_of('alice')}/unfollow")
    await site.settle()
    assert await statuses_of(bob, url) == 404
    await site.follow(bob, "alice")
    assert await statuses_of(bob, url) == 200
    # … and within a day.
    clock.advance(DAY_S)
    assert await statuses_of(bob, url) == 404
    assert await statuses_of(bob, await shown_to(bob, status["id"])) == 200


async def test_a_capability_dies_with_its_token_and_its_account(site: Site) -> None:
    alice = await site.person("alice")
    media = await uploaded(alice, picture())
    url: str = media["url"]
    assert await statuses_of(alice, url) == 200
    for change in (
        "UPDATE access_token SET revoked_at = 1",
        "UPDATE access_token SET revoked_at = NULL",
        "UPDATE account SET disabled_at = 1",
    ):

        async def work(tx: Transaction, sql: str = change) -> int:
            return await tx.execute(sql)

        await site.node.db.write(work)
        expected = 200 if change.endswith("NULL") else 404
        assert await statuses_of(alice, url) == expected, change


@pytest.mark.parametrize("grant", ["", "x", "1.2.3", "ffffffff.1.AAAAAAAAAAAAAAAAAAAAAA", "é.1.a"])
async def test_a_capability_cannot_be_made_up(site: Site, grant: str) -> None:
    alice = await site.person("alice")
    media = await uploaded(alice, picture())
    bare = media["url"].partition("?")[0]
    reply = await Client(site.app, site.node.origin).get(bare, grant=grant)
    assert reply.status == 404
    ends, token, mac = media["url"].rpartition("grant=")[2].split(".")
    longer = f"{int(ends, 16) + 1:x}.{token}.{mac}"
    assert await statuses_of(alice, f"{bare}?grant={longer}") == 404


async def test_pages_read_by_the_session(site: Site) -> None:
    alice = await site.person("alice")
    media = await uploaded(alice, picture())
    bare = media["url"].partition("?")[0].removeprefix(site.node.origin)
    browser = site.client()
    assert (await browser.get(bare)).status == 401
    form = await browser.get("/sign-in")
    token = form.text.partition('name="form_token" value="')[2].partition('"')[0]
    fields = {"form_token": token, "login": "alice", "password": PASSWORD}
    signed_in = await browser.ask("POST", "/sign-in", form=fields)
    assert signed_in.status == 303, signed_in.text
    got = await browser.get(bare)
    assert (got.status, got.headers["cache-control"]) == (200, "private, no-store")


async def test_public_media_of_an_open_node_are_for_everybody_and_kept(open_site: Site) -> None:
    alice = await open_site.person("alice")
    media = await uploaded(alice, photograph())
    status = await post(alice, media["id"])
    url = await shown_to(alice, status["id"])
    assert "?" not in url
    got = await fetched(alice, url)
    assert (got.status, got.headers["cache-control"]) == (
        200,
        "public, max-age=31536000, immutable",
    )
    assert got.headers["content-security-policy"].startswith("default-src 'none'; sandbox")
    again = await fetched(alice, url, **{"if-none-match": got.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    private = await uploaded(alice, picture())
    await post(alice, private["id"], visibility="private")
    assert await statuses_of(alice, private["url"].partition("?")[0]) == 404


async def test_a_file_is_read_in_parts(open_site: Site) -> None:
    alice = await open_site.person("alice")
    media = await uploaded(alice, office())
    status = await post(alice, media["id"])
    url = await shown_to(alice, status["id"])
    whole = (await fetched(alice, url)).body
    size = len(whole)
    for asked, start, end in (
        ("bytes=0-9", 0, 9),
        (f"bytes={size - 5}-", size - 5, size - 1),
        ("bytes=-7", size - 7, size - 1),
        (f"bytes=3-{size + 50}", 3, size - 1),
    ):
        got = await fetched(alice, url, range=asked)
        assert (got.status, got.body) == (206, whole[start : end + 1]), asked
        assert got.headers["content-range"] == f"bytes {start}-{end}/{size}"
    beyond = await fetched(alice, url, range=f"bytes={size}-")
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    for odd in ("bytes=a-b", "lines=0-1", "bytes=0-1,3-4"):
        assert (await fetched(alice, url, range=odd)).body == whole


async def test_no_path_leads_out_of_the_store(open_site: Site) -> None:
    client = open_site.client()
    for name in (
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e%2fsecret",
        "..%252fsecret",
        "a" * 32 + ".png",
        "A" * 32 + ".svg",
        "secret",
        "%00",
    ):
        for folder in ("media", "pictures"):
            assert (await client.get(f"/{folder}/{name}")).status == 404, name
    assert (await client.get("/media/../../secret")).status == 404


async def test_files_go_with_their_status_and_their_account(site: Site, clock: FakeClock) -> None:
    alice = await site.person("alice")
    folder = site.node.storage.work.parent / "files"

    def files() -> int:
        return sum(path.is_file() for path in folder.rglob("*"))

    unused = await uploaded(alice, picture())
    dropped = await uploaded(alice, picture())
    media = await uploaded(alice, picture())
    status = await post(alice, media["id"])
    assert files() == 6
    assert (await alice.ask("DELETE", f"/api/v1/media/{dropped['id']}")).status == 200
    await media_once(site.node)
    assert files() == 4
    assert (await alice.ask("DELETE", f"/api/v1/media/{media['id']}")).status == 404
    clock.advance(DAY_S + 1)
    await media_once(site.node)
    assert files() == 2
    assert (await alice.get(f"/api/v1/media/{unused['id']}")).status == 404
    deleted = await alice.ask("DELETE", f"/api/v1/statuses/{status['id']}")
    assert deleted.status == 200
    for _ in range(2):
        await media_once(site.node)
        clock.advance(DAY_S + 1)
    await media_once(site.node)
    assert files() == 0
    assert await site.node.db.value("SELECT COUNT(*) FROM media_file") == 0
