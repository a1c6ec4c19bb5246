"""SIGTERM while there is much to do: a quick end, nothing lost, and no server error on the way."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from tests.nodes.door import deliveries, tarpit, transparent
from tests.nodes.mesh import Mesh
from tests.nodes.oracle import check_same, check_told_once, settled
from tests.nodes.partner import Partner, StartPartner
from tests.nodes.people import Person, eventually
from tests.nodes.sites import Site
from tests.nodes.test_crashes import to_somebody

STOP_S = 10.0
GONE = (aiohttp.ClientError, OSError)


async def write_until_gone(person: Person, answers: list[int]) -> None:
    number = 0
    while True:
        try:
            got = await person.call(
                "POST", "/api/v1/statuses", status=f"n° {number}", visibility="private"
            )
        except GONE:
            return
        answers.append(got.status)
        number += 1


async def send_until_gone(
    partner: Partner, person: Person, answers: list[int], accepted: list[str]
) -> None:
    while True:
        activity = to_somebody(partner, person, "Bonjour")
        try:
            answers.append(await partner.send(person.site, activity))
        except GONE:
            return
        if answers[-1] == 202:
            accepted.append(activity["object"]["id"])


@asynccontextmanager
async def held_request(site: Site) -> AsyncIterator[None]:
    """Begin a request and do not end it."""
    _, writer = await asyncio.open_connection("127.0.0.1", site.port)
    head = f"POST /oauth/token HTTP/1.1\r\nHost: {site.host}\r\nContent-Length: 100\r\n\r\n"
    writer.write(head.encode() + b"grant_type=")
    try:
        await writer.drain()
        yield
    finally:
        writer.close()


async def test_rel_006_sigterm_under_load_ends_in_time_and_loses_nothing(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    partner = await start_partner()
    answers: list[int] = []
    accepted: list[str] = []
    # Deliveries are in flight to a partner that never answers, and a client is slow.
    mesh.valmont.proxy.act = deliveries(tarpit)
    async with held_request(mesh.tilleuls):
        work = [write_until_gone(mesh.alice, answers) for _ in range(4)]
        work += [send_until_gone(partner, mesh.alice, answers, accepted) for _ in range(4)]
        tasks = [asyncio.create_task(one) for one in work]

        async def busy() -> bool:
            return len(answers) >= 60

        await eventually(busy, "the node is under load")
        begun = time.monotonic()
        mesh.tilleuls.terminate()
        await asyncio.gather(*tasks)
        assert await mesh.tilleuls.ended() == 0, mesh.tilleuls.log
        assert time.monotonic() - begun < STOP_S
    assert set(answers) <= {200, 202}
    mesh.valmont.proxy.act = transparent
    await mesh.tilleuls.start()
    written = await check_same(mesh.alice, mesh.bob, mesh.claire)
    assert len(written) >= answers.count(200) > 0
    await settled(mesh.tilleuls)
    told = {uri for kind, uri in await mesh.alice.told_of() if kind == "mention"}
    assert told >= set(accepted)
    await check_told_once(mesh.alice, "mention", list(told))
