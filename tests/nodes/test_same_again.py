"""The same thing again, at once or after weeks, from a server or from a client: one effect."""

import asyncio
from typing import Any

import aiohttp
import orjson

from federation.retry import DAY_MS
from tests.nodes.mesh import Mesh
from tests.nodes.oracle import check_same, check_told_once, delivered, settled
from tests.nodes.partner import StartPartner
from tests.nodes.people import Person
from tests.nodes.test_crashes import to_somebody

AT_ONCE = 1_000
KEY = "une-seule-fois"


async def copies(person: Person, uri: str) -> int:
    """How often a status stands on a site."""
    return await person.site.store.value("SELECT count(*) FROM status WHERE uri = ?", uri)


async def test_rel_021_the_same_activity_a_thousand_times_at_once_has_one_effect(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    partner, bob = await start_partner(), mesh.bob
    activity = to_somebody(partner, bob, "Mille fois")
    body = orjson.dumps(activity)
    headers = partner.sign("zoe", "POST", f"{mesh.roses.origin}/inbox", body)
    gate = asyncio.Semaphore(100)

    async def send() -> int:
        async with gate:
            return (await mesh.roses.request("POST", "/inbox", data=body, headers=headers)).status

    answers = await asyncio.gather(*(send() for _ in range(AT_ONCE)))
    assert set(answers) == {202}
    uri = activity["object"]["id"]
    await check_told_once(bob, "mention", [uri])
    assert await copies(bob, uri) == 1
    rows = await mesh.roses.store.value(
        "SELECT count(*) FROM activity WHERE uri = ?", activity["id"]
    )
    assert rows == 1


async def test_rel_022_one_activity_to_several_inboxes_serves_each_recipient_once(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    partner, both = await start_partner(), (mesh.bob, mesh.brigitte)
    tags = [{"type": "Mention", "href": p.actor_uri, "name": f"@{p.handle}"} for p in both]
    note = partner.note("zoe", "À deux", to=[p.actor_uri for p in both], tag=tags)
    activity = partner.create(note)
    inboxes = [p.actor_uri.removeprefix(mesh.roses.origin) + "/inbox" for p in both]
    for path in (*inboxes, "/inbox", *inboxes):
        assert await partner.send(mesh.roses, activity, path) == 202
    for person in both:
        await check_told_once(person, "mention", [note["id"]])
        assert await copies(person, note["id"]) == 1
    arrivals = await mesh.roses.store.rows(
        "SELECT inbox FROM arrival JOIN activity ON activity.id = arrival.activity_id"
        " WHERE activity.uri = ?",
        activity["id"],
    )
    assert {row["inbox"] for row in arrivals} == {"", *(p.actor_uri for p in both)}


async def test_rel_023_a_repetition_after_the_activity_was_pruned_has_no_effect(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    partner, bob = await start_partner(), mesh.bob
    activity = to_somebody(partner, bob, "Une seule fois")
    uri = activity["object"]["id"]
    assert await partner.send(mesh.roses, activity) == 202
    await check_told_once(bob, "mention", [uri])
    await bob.ask("POST", "/api/v1/notifications/clear")
    partner.ahead_ms = 8 * DAY_MS
    mesh.set_clock(partner.ahead_ms)
    assert await partner.send(mesh.roses, activity) == 202
    await mesh.roses.store.insert("DELETE FROM activity WHERE uri = ?", [(activity["id"],)])
    partner.ahead_ms = 40 * DAY_MS
    mesh.set_clock(partner.ahead_ms)
    assert await partner.send(mesh.roses, activity) == 202
    after = to_somebody(partner, bob, "Une autre")
    assert await partner.send(mesh.roses, after) == 202
    await check_told_once(bob, "mention", [after["object"]["id"]])
    assert await copies(bob, uri) == 1


async def write(person: Person, text: str) -> dict[str, Any]:
    return await person.ask("POST", "/api/v1/statuses", key=KEY, status=text, visibility="private")


async def test_rel_047_one_key_at_once_and_after_kill_9_makes_one_post(mesh: Mesh) -> None:
    alice, text = mesh.alice, f"@{mesh.bob.handle} une fois"
    made = await asyncio.gather(*(write(alice, text) for _ in range(20)))
    assert len({status["id"] for status in made}) == 1
    await delivered(mesh.tilleuls)
    await mesh.tilleuls.kill()
    await mesh.tilleuls.start()
    assert (await write(alice, text))["id"] == made[0]["id"]
    assert await check_same(alice, mesh.bob, mesh.brigitte, mesh.claire) == [made[0]["uri"]]
    await check_told_once(mesh.bob, "mention", [made[0]["uri"]])
    creates = [e for e in mesh.valmont.proxy.posts if e.type == "Create"]
    assert len(creates) == 1, "one fan-out"
    # The key is the account's own, and another key is another post.
    assert (await write(mesh.bob, "De Bob"))["account"]["acct"] == "bob"
    assert (await alice.post(text))["id"] != made[0]["id"]


async def test_rel_047_a_client_that_hears_nothing_and_repeats_makes_one_post(
    stopped_mesh: Mesh,
) -> None:
    alice = stopped_mesh.alice
    await stopped_mesh.start("roses", "valmont")
    await stopped_mesh.tilleuls.start(dies_at="committed:INSERT INTO idempotency")
    try:
        await write(alice, "Entendu ?")
    except (aiohttp.ClientError, OSError):
        assert await stopped_mesh.tilleuls.ended() == -9
    await stopped_mesh.tilleuls.start()
    status = await write(alice, "Entendu ?")
    assert await check_same(alice, stopped_mesh.bob, stopped_mesh.claire) == [status["uri"]]
    await settled(stopped_mesh.tilleuls)
