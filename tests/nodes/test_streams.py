"""Streams of real nodes: what is written elsewhere arrives, and a stop closes them in time."""

import asyncio
import time

import aiohttp
import orjson

from tests.nodes.mesh import Mesh
from tests.nodes.people import Person
from tests.nodes.test_stop import STOP_S

WITHIN_S = 20.0


async def opened(http: aiohttp.ClientSession, person: Person) -> aiohttp.ClientWebSocketResponse:
    """A socket as masto.js opens it: the token as sub-protocol, then a frame to subscribe.

    At the process itself, since the door before it speaks plain HTTP only.
    """
    socket = await http.ws_connect(
        f"http://127.0.0.1:{person.site.port}/api/v1/streaming",
        protocols=[person.token],
        headers={"Host": person.site.host},
    )
    await socket.send_str('{"type":"subscribe","stream":"user"}')
    await asyncio.sleep(0.2)
    return socket


async def event(socket: aiohttp.ClientWebSocketResponse, name: str) -> str:
    """The payload of the next event of a name; what else comes is passed over."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            frame = orjson.loads(await socket.receive_str())
            if frame["event"] == name:
                return frame["payload"]


async def test_what_is_written_on_another_node_arrives(mesh: Mesh) -> None:
    async with aiohttp.ClientSession() as http:
        bob, claire = await opened(http, mesh.bob), await opened(http, mesh.claire)
        posted = await mesh.alice.post(f"@{mesh.bob.handle} Bonjour")
        here = {}
        for socket in (bob, claire):
            here[socket] = orjson.loads(await event(socket, "update"))
            assert here[socket]["uri"] == posted["uri"]
        told = orjson.loads(await event(bob, "notification"))
        assert (told["type"], told["status"]["uri"]) == ("mention", posted["uri"])
        await mesh.alice.delete(posted)
        for socket, status in here.items():
            assert await event(socket, "delete") == status["id"]
            await socket.close()


async def test_a_stop_closes_streams_in_time(mesh: Mesh) -> None:
    async with aiohttp.ClientSession() as http:
        sockets = [await opened(http, mesh.alice) for _ in range(5)]
        url = f"http://127.0.0.1:{mesh.tilleuls.port}/api/v1/streaming/user"
        headers = {"Authorization": f"Bearer {mesh.alice.token}", "Host": mesh.tilleuls.host}
        async with http.get(url, headers=headers) as lines:
            reading = [asyncio.create_task(one.receive()) for one in sockets]
            rest = asyncio.create_task(lines.read())
            begun = time.monotonic()
            mesh.tilleuls.terminate()
            assert await mesh.tilleuls.ended() == 0, mesh.tilleuls.log
            assert time.monotonic() - begun < STOP_S
            assert [(await one).data for one in reading] == [1012] * 5
            assert (await rest).startswith(b":)")
    assert mesh.alice.token not in mesh.tilleuls.log
    for socket in sockets:
        await socket.close()
