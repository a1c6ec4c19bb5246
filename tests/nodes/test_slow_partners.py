"""Slow, dead and returning partners cost nobody else anything.

What is asserted is the order of events, never a time: the partners that answer have everything
while those that hang still hang.
"""

import asyncio
from collections.abc import Awaitable, Callable

import orjson

from federation.retry import HOUR_MS
from tests.nodes.door import Exchange, drip, reply, tarpit
from tests.nodes.mesh import PARTNERS, Mesh
from tests.nodes.oracle import check_same, delivered, tried
from tests.nodes.partner import ACCEPTED, Partner, StartPartner, taking
from tests.nodes.people import Person, eventually
from tests.nodes.sites import Site

POSTS = 4
BACKLOG = 2_000


async def followers(start_partner: StartPartner, person: Person) -> list[Partner]:
    """A dozen partners, at each of which somebody follows a person."""
    partners = [await start_partner(number) for number in range(PARTNERS)]
    follows = [partner.activity("zoe", "Follow", person.actor_uri) for partner in partners]
    sent = [p.send(person.site, f) for p, f in zip(partners, follows, strict=True)]
    assert set(await asyncio.gather(*sent)) == {202}

    async def accepted() -> bool:
        return all(any(a["type"] == "Accept" for a in partner.accepted) for partner in partners)

    await eventually(accepted, "all follows are accepted")
    await delivered(person.site)
    return partners


def texts(partner: Partner) -> list[str]:
    return [a["object"]["content"] for a in partner.accepted if a["type"] == "Create"]


async def check_live_half_first(
    mesh: Mesh, start_partner: StartPartner, fail: Callable[[int, Partner], Awaitable[None]]
) -> list[Partner]:
    """Check that the well have everything while the others hold what they were sent first."""
    partners = await followers(start_partner, mesh.alice)
    slow, live = partners[: PARTNERS // 2], partners[PARTNERS // 2 :]
    for number, partner in enumerate(slow):
        await fail(number, partner)
    for number in range(POSTS):
        await mesh.alice.post(f"n° {number}")

    async def all_live() -> bool:
        return all(len(texts(partner)) == POSTS for partner in live)

    await eventually(all_live, "the partners that answer have everything", patience_s=15)
    for partner in live:
        assert texts(partner) == [f"<p>n° {number}</p>" for number in range(POSTS)]
    await check_same(mesh.alice, mesh.bob, mesh.brigitte, mesh.claire, patience_s=15)
    assert not any(map(texts, slow))
    return slow


async def test_rel_014_partners_that_hang_or_drip_delay_nobody(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    async def hang(number: int, partner: Partner) -> None:
        partner.take = drip if number % 2 else tarpit

    slow = await check_live_half_first(mesh, start_partner, hang)
    for partner in slow:
        # The first one is in flight, and no other.
        assert [e.status for e in partner.door.posts if e.type == "Create"] == [None]


async def test_rel_015_half_of_the_partners_down_delays_nobody(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    async def down(_: int, partner: Partner) -> None:
        await partner.door.close()

    await check_live_half_first(mesh, start_partner, down)


async def queue_backlog(site: Site, partner: Partner) -> None:
    """Put deliveries into the lane of a partner, as if it had been away for long."""
    now = int(await site.store.value("SELECT max(created_at) FROM activity"))
    sender = f"{site.origin}/actor"
    uris = [f"{site.origin}/activities/{n}" for n in range(1, BACKLOG + 1)]
    objects = [f"{partner.origin}/notes/{n}" for n in range(1, BACKLOG + 1)]
    bodies = [
        orjson.dumps({"id": uri, "type": "Like", "number": n}) for n, uri in enumerate(uris, 1)
    ]
    await site.store.insert(
        "INSERT INTO activity (id, uri, type, actor_uri, object_uri, origin, body, progress,"
        " created_at) VALUES (?, ?, 'Like', ?, ?, 'local', ?, 'done', ?)",
        [
            (n, uri, sender, about, body, now)
            for n, (uri, about, body) in enumerate(zip(uris, objects, bodies, strict=True), 1)
        ],
    )
    await site.store.insert(
        "INSERT INTO delivery (id, activity_id, inbox_url, origin, sender_uri, object_uri,"
        " activity_type, audience_kind, progress, next_attempt_at, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, 'Like', 'named', 'pending', ?, ?)",
        [
            (n, n, f"{partner.origin}/inbox", partner.origin, sender, about, now, now)
            for n, about in enumerate(objects, 1)
        ],
    )


async def test_rel_016_a_backlog_is_drained_one_by_one_and_delays_no_new_post(
    stopped_mesh: Mesh, start_partner: StartPartner
) -> None:
    mesh, site, partner = stopped_mesh, stopped_mesh.tilleuls, await start_partner()
    await queue_backlog(site, partner)
    in_flight, most, order = 0, 0, list[int]()

    async def take(exchange: Exchange) -> None:
        nonlocal in_flight, most
        in_flight += 1
        most = max(most, in_flight)
        await exchange.answer(ACCEPTED)
        order.append(exchange.document["number"])
        in_flight -= 1

    partner.take = take
    await mesh.start()

    async def begun() -> bool:
        return len(order) > BACKLOG // 20

    await eventually(begun, "the backlog is being sent")
    await mesh.alice.post("Entre-temps")
    await check_same(mesh.alice, mesh.bob, mesh.brigitte, mesh.claire)
    assert len(order) < BACKLOG, "the new post went past the backlog"
    await delivered(site, patience_s=60)
    assert order == list(range(1, BACKLOG + 1))
    assert most == 1


async def test_a_partner_away_for_hours_is_not_hammered(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    partner = await start_partner()
    follow = partner.activity("zoe", "Follow", mesh.alice.actor_uri)
    assert await partner.send(mesh.tilleuls, follow) == 202
    await delivered(mesh.tilleuls)
    partner.take = taking(reply(503))
    before = len(partner.door.posts)
    for number in range(POSTS):
        await mesh.alice.post(f"n° {number}")
    await tried(mesh.tilleuls, partner)
    for hours in range(1, 4):
        mesh.set_clock(hours * HOUR_MS)
        await tried(mesh.tilleuls, partner, since=hours)
    assert len(partner.door.posts) - before == 4, "one attempt each time, for the whole lane"
