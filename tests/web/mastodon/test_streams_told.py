"""What streams tell beside new posts, to whom, and what is the same for many."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest

from actors.queries import by_id
from federation.database import Transaction
from federation.events import Event
from inbox import announcements
from inbox.announcements import Draft
from maillage.sockets import StreamProtocol
from outbox.farewell import delete_actor
from tests.serving import Running, Start, started
from tests.web.mastodon.streaming_clients import another_token, reader
from web.mastodon import streams, telling


@pytest.fixture
async def site(start_node: Start) -> Running:
    return await start_node(name="Les Tilleuls")


async def test_an_edit_comes_as_status_update(site: Running) -> None:
    claire, denis = await reader(site, "claire"), await reader(site, "denis")
    await denis.follow(claire)
    posted = await claire.post("Avant")
    async with denis.socket("user") as socket, denis.socket("public") as public:
        await claire.ask("PUT", f"v1/statuses/{posted['id']}", status="Après")
        for one in (socket, public):
            _, event, payload = await one.event()
            assert (event, payload["id"]) == ("status.update", posted["id"])
            assert "Après" in payload["content"]


async def test_what_an_account_wrote_goes_from_the_streams_with_it(site: Running) -> None:
    claire, denis = await reader(site, "claire"), await reader(site, "denis")
    erik = await reader(site, "erik")
    await denis.follow(claire)
    private = (await claire.post("Pour les miens", "private"))["id"]
    public = (await claire.post("Pour tous"))["id"]
    row = await by_id(site.node.db, int(claire.id))
    assert row is not None
    async with (
        denis.socket("user") as near,
        erik.socket("user") as far,
        erik.socket("public") as everywhere,
    ):
        await site.node.db.write(lambda tx: delete_actor(site.node, tx, row))
        told = [(await near.event())[1:] for _ in range(2)]
        assert told == [("delete", int(public)), ("delete", int(private))]
        assert (await everywhere.event())[1:] == ("delete", int(public))
        # Nobody hears of what she could not see, nor in a home where it could not stand.
        assert await everywhere.silent()
        assert await far.silent()


async def test_a_conversation_comes_to_those_who_are_in_it(site: Running) -> None:
    claire, denis = await reader(site, "claire"), await reader(site, "denis")
    erik = await reader(site, "erik")
    async with denis.socket("direct") as socket, erik.lines("direct") as other:
        sent = await claire.post("@denis un mot", "direct")
        stream, event, payload = await socket.event()
        assert (stream, event) == (["direct"], "conversation")
        assert payload["last_status"]["id"] == sent["id"]
        assert [one["id"] for one in payload["accounts"]] == [claire.id]
        with pytest.raises(TimeoutError):
            await other.event(0.2)


async def test_filters_are_said_to_have_changed_to_their_owner_alone(site: Running) -> None:
    claire, denis = await reader(site, "claire"), await reader(site, "denis")
    async with denis.socket("user") as socket, claire.socket("user") as other:
        await denis.ask("POST", "v2/filters", title="x", context=["home"])
        assert await socket.frame() == {"stream": ["user"], "event": "filters_changed"}
        assert await other.silent()


async def test_announcements_come_to_everybody(site: Running) -> None:
    claire, denis = await reader(site, "claire"), await reader(site, "denis")
    node = site.node

    async def publish(tx: Transaction) -> int:
        return await announcements.announce(node, tx, Draft("Fermé lundi"))

    async with denis.socket("user") as socket, claire.lines("user") as lines:
        number = await node.db.write(publish)
        _, event, payload = await socket.event()
        assert (event, payload["id"]) == ("announcement", str(number))
        assert "read" not in payload
        assert (await lines.event())[0] == "announcement"
        status, _ = await claire.call("PUT", f"v1/announcements/{number}/reactions/👍")
        assert status == 200
        assert (await socket.event())[1:] == (
            "announcement.reaction",
            {"name": "👍", "count": 1, "announcement_id": str(number)},
        )
        await node.db.write(lambda tx: announcements.withdraw(node, tx, number))
        assert (await socket.event())[1:] == ("announcement.delete", number)


async def test_requests_that_were_accepted_are_said_to_be_merged(site: Running) -> None:
    denis = await reader(site, "denis")
    half = await another_token(site, denis.actor, "read:statuses")
    async with denis.socket("user:notification") as socket, half.socket("user") as without:
        site.node.events.tell(Event("merged", actor_id=denis.actor["id"]))
        frame = await socket.frame()
        assert (frame["event"], frame["payload"]) == ("notifications_merged", "1")
        assert await without.silent()


async def test_what_filters_say_is_said_to_their_owner_alone(site: Running) -> None:
    claire, denis = await reader(site, "claire"), await reader(site, "denis")
    erik = await reader(site, "erik")
    for context, action, word in (("public", "warn", "chocolat"), ("public", "hide", "sucre")):
        await denis.ask(
            "POST",
            "v2/filters",
            title=word,
            context=[context],
            filter_action=action,
            keywords_attributes=[{"keyword": word}],
        )
    async with denis.socket("public") as hers, erik.socket("public") as his:
        await claire.post("Du chocolat")
        mine, other = (await hers.event())[2], (await his.event())[2]
        assert [one["filter"]["title"] for one in mine["filtered"]] == ["chocolat"]
        assert other["filtered"] == []
        await claire.post("Du sucre")
        assert "sucre" in (await his.event())[2]["content"]
        assert await hers.silent()


async def test_each_is_shown_her_own_flags_and_the_rest_is_rendered_once(
    site: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    claire = await reader(site, "claire")
    others = [await reader(site, f"lectrice{i}") for i in range(6)]
    posted = await claire.post("Bonjour")
    await others[0].ask("POST", f"v1/statuses/{posted['id']}/favourite")
    rendered: list[int] = []
    plain = telling.statuses_by_id

    async def counted(view: Any, *args: Any) -> Any:
        rendered.append(view.actor_id)
        return await plain(view, *args)

    monkeypatch.setattr(telling, "statuses_by_id", counted)
    async with AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(one.socket("public")) for one in (claire, *others)
        ]
        await claire.ask("PUT", f"v1/statuses/{posted['id']}", status="Bonsoir")
        payloads = [(await socket.event())[2] for socket in opened]
    assert [one["favourited"] for one in payloads] == [False, True, *[False] * 5]
    assert ["pinned" in one for one in payloads] == [True, *[False] * 6]
    assert sorted(rendered) == sorted([0, claire.actor["id"], others[0].actor["id"]])
    # The same as each reads by asking.
    for reading, payload in zip((claire, *others), payloads, strict=True):
        assert await reading.ask("GET", f"v1/statuses/{posted['id']}") == payload


async def test_who_does_not_read_is_cut_off_and_nobody_waits(
    site: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.mastodon.streams.FRAMES_MAX", 5)
    monkeypatch.setattr("web.mastodon.streams.BEAT_S", 3600)
    claire, denis = await reader(site, "claire"), await reader(site, "denis")
    held = asyncio.Event()
    send = StreamProtocol.send
    slow: list[StreamProtocol] = []

    async def stuck(self: StreamProtocol, message: Any) -> None:
        if self in slow and message["type"] == "websocket.send":
            await held.wait()
        await send(self, message)

    monkeypatch.setattr(StreamProtocol, "send", stuck)
    opened: list[StreamProtocol] = []
    made = StreamProtocol.connection_made

    def noted(self: StreamProtocol, transport: Any) -> None:
        opened.append(self)
        made(self, transport)

    monkeypatch.setattr(StreamProtocol, "connection_made", noted)
    async with claire.socket("public") as lazy:
        slow += opened
        async with denis.socket("public") as quick:
            for number in range(10):
                posted = await claire.post(f"Numéro {number}")
                assert (await quick.event())[2]["id"] == posted["id"]
            assert await lazy.closed() == streams.SLOW
    held.set()


async def test_a_node_that_stops_closes_what_is_open_and_waits_for_nobody(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    async with aiohttp.ClientSession() as http, AsyncExitStack() as open_streams:
        async with started(tmp_path / "stopping") as running:
            denis = replace(await reader(running, "denis"), running=replace(running, http=http))
            socket = await open_streams.enter_async_context(denis.socket("user"))
            lines = await open_streams.enter_async_context(denis.lines("user"))
            closed = asyncio.create_task(socket.closed())
            ended = asyncio.create_task(lines.ended())
            await asyncio.sleep(0.1)
            stopped_at = loop.time()
        assert loop.time() - stopped_at < 3
        assert await closed == streams.STOPPING
        assert await ended


async def test_too_many_streams_of_one_person_are_refused(
    site: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.mastodon.streams.STREAMS_PER_PERSON_MAX", 2)
    monkeypatch.setattr("web.mastodon.streams.CHANNELS_MAX", 1)
    claire, denis = await reader(site, "claire"), await reader(site, "denis")
    async with denis.socket("user") as socket, denis.lines("user"), claire.socket("user"):
        url = f"{site.origin}/api/v1/streaming/user"
        async with site.http.get(url, headers=denis.headers) as answer:
            assert answer.status == 429
            assert orjson.loads(await answer.read())["error"]
        await socket.send(type="subscribe", stream="public")
        assert (await socket.frame())["status"] == 429
    async with denis.socket("user") as again:
        assert await again.silent(0.05)
