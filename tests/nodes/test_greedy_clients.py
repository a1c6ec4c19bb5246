"""Clients that send too much, or never come to an end: bounded, and the others are served."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import psutil

from tests.nodes.mesh import Mesh
from tests.nodes.oracle import check_told_once
from tests.nodes.partner import Partner, StartPartner
from tests.nodes.sites import Site
from tests.nodes.test_crashes import to_somebody

LIMIT = 1_000_000
ANNOUNCED = 50_000_000
GROWTH_BYTES_MAX = 40_000_000
DRIPS = 50
CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"


def memory(site: Site) -> int:
    return psutil.Process(site.pid).memory_info().rss


async def pour(site: Site, head: str, chunk: bytes, bytes_max: int) -> tuple[bytes, int]:
    """Send a head and then the chunk over and over; the first answer, and how much was sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    answer = asyncio.create_task(reader.read(20_000))
    sent = 0
    try:
        writer.write(head.encode())
        while not answer.done() and sent < bytes_max:
            with suppress(ConnectionError):
                writer.write(chunk)
                await writer.drain()
            sent += len(chunk)
            await asyncio.sleep(0)
        async with asyncio.timeout(10):
            return await answer, sent
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def head_of(site: Site, path: str, *more: str) -> str:
    lines = [f"POST {path} HTTP/1.1", f"Host: {site.host}"]
    return "\r\n".join([*lines, *more, "", ""])


async def test_rel_036_too_much_is_refused_in_bounded_memory(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    partner, site, bob = await start_partner(), mesh.roses, mesh.bob
    activity = to_somebody(partner, bob, "petit")
    assert await partner.send(site, activity) == 202
    before = memory(site)
    big = to_somebody(partner, bob, "x" * LIMIT)
    assert await partner.send(site, big) == 413
    signed = partner.sign("zoe", "POST", f"{site.origin}/inbox", b"")
    kind = "Content-Type: application/activity+json"
    signature = f"Signature: {signed['Signature']}"
    token = f"Authorization: Bearer {bob.token}"
    json = "Content-Type: application/json"
    for path, *fields in (("/inbox", kind, signature), ("/api/v1/statuses", json, token)):
        announced = head_of(site, path, *fields, f"Content-Length: {ANNOUNCED}")
        answer, sent = await pour(site, announced, b"x" * 1_000, ANNOUNCED)
        assert answer.startswith(b"HTTP/1.1 413"), path
        assert sent < ANNOUNCED, "said before all was there"
        endless = head_of(site, path, *fields, "Transfer-Encoding: chunked")
        answer, sent = await pour(site, endless, CHUNK, 200_000_000)
        assert answer.startswith(b"HTTP/1.1 413"), path
        assert sent < 100_000_000
    assert memory(site) - before < GROWTH_BYTES_MAX
    # At the limit nothing is refused that fits.
    fits = to_somebody(partner, bob, "x" * 100_000)
    assert await partner.send(site, fits) == 202
    await check_told_once(bob, "mention", [a["object"]["id"] for a in (activity, fits)])


@asynccontextmanager
async def dripping(site: Site, begun: str) -> AsyncIterator[asyncio.StreamReader]:
    """A connection that sends a part of a request, then a byte now and then."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(begun.encode())

    async def drip() -> None:
        while True:
            await asyncio.sleep(0.2)
            writer.write(b"x")

    task = asyncio.create_task(drip())
    try:
        yield reader
    finally:
        task.cancel()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def test_rel_037_fifty_slow_connections_keep_nobody_from_being_served(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    partner, site, bob = await start_partner(), mesh.roses, mesh.bob
    signature = f"Signature: {partner.sign('zoe', 'POST', f'{site.origin}/inbox')['Signature']}"
    begun = (
        f"POST /inbox HTTP/1.1\r\nHost: {site.host}\r\nX-Slow: ",
        head_of(site, "/inbox", signature, "Content-Type: application/activity+json",
                "Content-Length: 5000"),
        head_of(site, "/api/v1/statuses", f"Authorization: Bearer {bob.token}",
                "Content-Length: 5000"),
        head_of(site, "/oauth/token", "Content-Length: 5000"),
    )  # fmt: skip
    async with AsyncExitStack() as stack:
        slow = [
            await stack.enter_async_context(dripping(site, begun[number % len(begun)]))
            for number in range(DRIPS)
        ]
        await check_served(mesh, partner)
        assert not any(reader.at_eof() for reader in slow), "they were still there"


async def check_served(mesh: Mesh, partner: Partner) -> None:
    activity = to_somebody(partner, mesh.bob, "Bonjour")
    assert await partner.send(mesh.roses, activity) == 202
    await check_told_once(mesh.bob, "mention", [activity["object"]["id"]])
    status = await mesh.bob.post("Je peux écrire")
    assert [entry["id"] for entry in await mesh.bob.home()] == [status["id"]]
