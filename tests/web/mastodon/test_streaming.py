"""Streams tell each person what her timelines would show her, as it happens."""

import asyncio

import aiohttp
import pytest

from federation.database import Transaction
from tests.serving import Running, Start
from tests.web.mastodon.streaming_clients import PATH, another_token, reader


@pytest.fixture
async def site(start_node: Start) -> Running:
    return await start_node(name="Les Tilleuls")


async def test_a_post_an_edit_and_its_end_reach_a_follower(site: Running) -> None:
    claire, denis = await reader(site, "claire"), await reader(site, "denis")
    await denis.follow(claire)
    async with denis.socket("user") as socket:
        posted = await claire.post("Bonjour", "private")
        stream, event, payload = await socket.event()
        assert (stream, event, payload["id"]) == (["user"], "update", posted["id"])
        assert payload["content"] == posted["content"]
        assert payload["favourited"] is False
        await claire.call("DELETE", f"v1/statuses/{posted['id']}")
        frame = await socket.frame()
        assert frame == {"stream": ["user"], "event": "delete", "payload": posted["id"]}


async def test_who_may_not_see_hears_nothing(site: Running) -> None:
    claire, denis, guest = (
        await reader(site, "claire"),
        await reader(site, "denis"),
        await reader(site, "invitee", is_guest=True),
    )
    async with (
        denis.socket("user") as home,
        denis.socket("public") as public,
        denis.socket("hashtag", tag="secret") as tagged,
        guest.socket("public:local") as for_guests,
    ):
        hidden = await claire.post("Pour mes abonnés #secret", "private")
        named = await claire.post("Pour personne #secret", "direct")
        site_only = await claire.post("Pour la maison", "local")
        assert (await public.event())[2]["id"] == site_only["id"]
        assert await home.silent()
        assert await tagged.silent()
        assert await for_guests.silent()
        for status in (hidden, named, site_only):
            await claire.call("DELETE", f"v1/statuses/{status['id']}")
        assert (await public.event())[1:] == ("delete", int(site_only["id"]))
        assert await home.silent()
        assert await tagged.silent()
        assert await for_guests.silent()


async def test_an_address_without_access_opens_no_stream(site: Running) -> None:
    denis = await reader(site, "denis")

    async def refuse(tx: Transaction) -> int:
        return await tx.execute(
            "INSERT INTO ip_block (id, network, severity, created_at)"
            " VALUES (1, '127.0.0.0/8', 'no_access', 0)"
        )

    # Nobody asked this process anything before, so it knows of no block yet.
    await site.node.db.write(refuse)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with denis.socket("user"):
            pass
    assert refused.value.status == 403
    # Documents and inboxes are for servers: about those a decision about the domain says it.
    async with site.http.get(f"{site.origin}/actor") as answer:
        assert answer.status == 200


async def test_several_subscriptions_share_a_socket(site: Running) -> None:
    claire, denis = await reader(site, "claire"), await reader(site, "denis")
    async with denis.socket() as socket:
        await socket.send(type="subscribe", stream="hashtag", tag="Jardin")
        await socket.send(type="subscribe", stream="public:local")
        await asyncio.sleep(0.1)
        await claire.post("Les roses #jardin")
        got = [await socket.event(), await socket.event()]
        assert sorted(stream for stream, *_ in got) == [["hashtag", "jardin"], ["public:local"]]
        await socket.send(type="unsubscribe", stream="hashtag", tag="jardin")
        await asyncio.sleep(0.1)
        await claire.post("Encore #jardin")
        assert (await socket.event())[0] == ["public:local"]
        assert await socket.silent()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ('{"type":"subscribe","stream":"nowhere"}', 422),
        ('{"type":"subscribe","stream":"hashtag"}', 422),
        ('{"type":"subscribe","stream":"list","list":"1"}', 404),
        ('{"type":"subscribe","stream":"list","list":"abc"}', 404),
        ('{"type":"dance","stream":"user"}', 422),
        ('{"type":"subscribe","stream":["user"]}', 422),
    ],
)
async def test_a_frame_that_means_nothing_is_answered_and_the_socket_goes_on(
    site: Running, sent: str, status: int
) -> None:
    denis = await reader(site, "denis")
    async with denis.socket("user") as socket:
        await socket.raw.send_str(sent)
        assert (await socket.frame())["status"] == status
        own = await denis.post("Toujours là")
        assert (await socket.event())[2]["id"] == own["id"]


async def test_the_token_may_come_as_sub_protocol_which_is_named_back(site: Running) -> None:
    denis = await reader(site, "denis")
    async with site.http.ws_connect(site.origin + PATH, protocols=[denis.token]) as socket:
        assert socket.protocol == denis.token
    headers = denis.headers
    async with site.http.ws_connect(site.origin + PATH, headers=headers) as socket:
        assert socket.protocol is None


async def test_the_gate_of_sockets(site: Running) -> None:
    denis = await reader(site, "denis")
    narrow = await another_token(site, denis.actor, "read:accounts")
    half = await another_token(site, denis.actor, "read:statuses")
    refused = [
        (None, "", {}, 401),
        ("x" * 43, "user", {}, 401),
        (narrow.token, "", {}, 403),
        (narrow.token, "user", {}, 403),
        (half.token, "user:notification", {}, 403),
        (denis.token, "nowhere", {}, 422),
        (denis.token, "user", {"Host": "elsewhere.example"}, 421),
    ]
    for token, stream, headers, status in refused:
        query = ({"access_token": token} if token else {}) | ({"stream": stream} if stream else {})
        with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
            await site.http.ws_connect(site.origin + PATH, params=query, headers=headers)
        assert refusal.value.status == status, (stream, headers)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        await site.http.ws_connect(f"{site.origin}/api/v1/other", headers=denis.headers)
    assert refusal.value.status == 404
    async with half.socket("user") as socket:
        assert await socket.silent(0.05)


async def test_event_streams(site: Running) -> None:
    claire, denis = await reader(site, "claire"), await reader(site, "denis")
    await denis.follow(claire)
    async with (
        denis.lines("user") as home,
        denis.lines("public/local") as local,
        denis.lines("public/remote") as remote,
        denis.lines("public", only_media="true") as media,
        denis.lines("hashtag", tag="jardin") as tagged,
    ):
        posted = await claire.post("Les roses #jardin")
        for lines in (home, local, tagged):
            name, data = await lines.event()
            assert (name, f'"id":"{posted["id"]}"' in data) == ("update", True)
        for lines in (remote, media):
            with pytest.raises(TimeoutError):
                await lines.event(0.2)
    async with site.http.get(f"{site.origin}{PATH}/health") as answer:
        assert (answer.status, await answer.text()) == (200, "OK")


async def test_event_streams_ask_for_token_and_scope(site: Running) -> None:
    denis = await reader(site, "denis")
    narrow = await another_token(site, denis.actor, "read:accounts")
    for path in ("user", "user/notification", "public", "public/local", "public/remote",
                 "hashtag", "hashtag/local", "list", "direct"):  # fmt: skip
        url = f"{site.origin}{PATH}/{path}"
        async with site.http.get(url) as answer:
            assert answer.status == 401
        async with site.http.get(url, headers=narrow.headers) as answer:
            assert answer.status == 403
    async with site.http.get(f"{site.origin}{PATH}/hashtag", headers=denis.headers) as answer:
        assert (answer.status, list((await answer.json())["details"])) == (422, ["tag"])
    async with site.http.get(
        f"{site.origin}{PATH}/list", params={"list": "77"}, headers=denis.headers
    ) as answer:
        assert answer.status == 404


async def test_notifications_need_their_scope(site: Running) -> None:
    claire, denis = await reader(site, "claire"), await reader(site, "denis")
    half = await another_token(site, denis.actor, "read:statuses")
    own = await denis.post("Bonjour")
    async with (
        denis.socket("user") as whole,
        denis.socket("user:notification") as only,
        half.socket("user") as without,
        claire.socket("user:notification") as other,
    ):
        await claire.ask("POST", f"v1/statuses/{own['id']}/favourite")
        for socket in (whole, only):
            _, event, payload = await socket.event()
            assert (event, payload["type"], payload["account"]["id"]) == (
                "notification",
                "favourite",
                claire.id,
            )
            assert payload["status"]["id"] == own["id"]
        assert await without.silent()
        assert await other.silent()


async def test_a_revoked_token_closes_its_streams_at_once(site: Running) -> None:
    claire, denis = await reader(site, "claire"), await reader(site, "denis")
    await denis.follow(claire)
    other = await another_token(site, denis.actor, "read")

    async def revoke(tx: Transaction) -> None:
        await tx.execute("UPDATE access_token SET revoked_at = ? WHERE id = ?", 1, denis.token_id)

    async with (
        denis.socket("user") as socket,
        denis.lines("user") as lines,
        other.socket("user") as still,
    ):
        await site.node.db.write(revoke)
        # Before any loop looks: the event itself finds the token gone.
        posted = await claire.post("Pour qui peut encore lire")
        assert (await still.event())[2]["id"] == posted["id"]
        assert await socket.closed(3) == 1008
        assert await lines.ended(3)


async def test_a_disabled_account_hears_nothing_more_and_opens_nothing(site: Running) -> None:
    denis = await reader(site, "denis")

    async def disable(tx: Transaction) -> None:
        await tx.execute("UPDATE account SET disabled_at = 1 WHERE actor_id = ?", denis.actor["id"])

    async with denis.socket("user") as socket:
        await site.node.db.write(disable)
        assert await socket.closed(3) == 1008
    await asyncio.sleep(1.1)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        async with denis.socket("user"):
            pass
    assert refusal.value.status == 403


async def test_a_right_that_is_lost_silences_at_once(site: Running) -> None:
    claire, denis = await reader(site, "claire"), await reader(site, "denis")
    await denis.follow(claire)
    async with denis.socket("user") as socket:
        first = await claire.post("Un", "private")
        assert (await socket.event())[2]["id"] == first["id"]
        await claire.ask("POST", f"v1/accounts/{denis.id}/block")
        await claire.post("Deux", "private")
        await claire.post("Trois", "public")
        assert await socket.silent()


async def test_what_a_person_does_not_want_to_read_is_not_sent(site: Running) -> None:
    claire, denis = await reader(site, "claire"), await reader(site, "denis")
    erik = await reader(site, "erik")
    await denis.follow(claire)
    async with denis.socket("user") as home, denis.socket("public") as public:
        await denis.ask("POST", f"v1/accounts/{claire.id}/follow", reblogs=False)
        original = await erik.post("Original")
        await claire.ask("POST", f"v1/statuses/{original['id']}/reblog")
        assert (await public.event())[2]["id"] == original["id"]
        assert await home.silent()
        await denis.ask("POST", f"v1/accounts/{erik.id}/mute")
        await erik.post("Encore")
        assert await public.silent()


async def test_a_list_tells_of_its_members_to_its_owner_alone(site: Running) -> None:
    claire, denis = await reader(site, "claire"), await reader(site, "denis")
    await denis.follow(claire)
    made = await denis.ask("POST", "v1/lists", title="Jardin")
    async with denis.socket("list", list=made["id"]) as socket:
        await claire.post("Pas encore")
        assert await socket.silent()
        await denis.ask("POST", f"v1/lists/{made['id']}/accounts", account_ids=[claire.id])
        posted = await claire.post("Maintenant")
        stream, _, payload = await socket.event()
        assert (stream, payload["id"]) == (["list", made["id"]], posted["id"])
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        async with claire.socket("list", list=made["id"]):
            pass
    assert refusal.value.status == 404
