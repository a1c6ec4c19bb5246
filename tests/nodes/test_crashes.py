"""kill -9 at every point of the way: what was accepted is done once, what was written is sent."""

import asyncio
import random

import aiohttp
import pytest

from federation.vocabulary import Document
from tests.nodes.door import Held, Swallowed, deliveries, transparent
from tests.nodes.mesh import Mesh
from tests.nodes.oracle import (
    check_same,
    check_told_once,
    delivered,
    delivered_to,
    settled,
)
from tests.nodes.partner import Partner, StartPartner
from tests.nodes.people import Person
from tests.nodes.sites import Site

ROUNDS = 10
AT_ONCE = 5
MOMENTS = (
    "execute:INSERT INTO status",
    "execute:INSERT INTO mention",
    "execute:INSERT INTO notification",
    "execute:UPDATE activity",
    "commit:UPDATE activity",
    "committed:UPDATE activity",
)


def to_somebody(partner: Partner, person: Person, text: str) -> Document:
    """A Create of a note for one person of a site, who is told of it."""
    tag = {"type": "Mention", "href": person.actor_uri, "name": f"@{person.handle}"}
    return partner.create(partner.note("zoe", text, to=[person.actor_uri], tag=[tag]))


async def offer(partner: Partner, site: Site, activity: Document) -> bool:
    """Send an activity; whether it was accepted before the receiver died."""
    try:
        status = await partner.send(site, activity)
    except (aiohttp.ClientError, OSError):
        return False
    assert status == 202
    return True


async def crash_again_and_again(
    partner: Partner, person: Person, chance: random.Random
) -> list[str]:
    """Kill a receiver at random moments after a 202; what it accepted is never sent again."""
    site, uris = person.site, []
    for number in range(ROUNDS):
        batch = [to_somebody(partner, person, f"{number}.{n}") for n in range(AT_ONCE)]
        uris += [activity["object"]["id"] for activity in batch]
        tasks = {asyncio.create_task(offer(partner, site, a)): a for a in batch}
        for task in list(tasks)[: chance.randrange(1, AT_ONCE + 1)]:
            await task
        await asyncio.sleep(chance.uniform(0, 0.02))
        await site.kill()
        accepted = await asyncio.gather(*tasks)
        assert any(accepted)
        await site.start()
        left = [activity for activity, taken in zip(batch, accepted, strict=True) if not taken]
        for activity in left:
            assert await offer(partner, site, activity)
    return uris


async def test_rel_001_a_receiver_killed_after_202_does_each_activity_once(
    stopped_mesh: Mesh, start_partner: StartPartner
) -> None:
    partner = await start_partner()
    await stopped_mesh.start("roses", "valmont")
    people = (stopped_mesh.bob, stopped_mesh.claire)
    chance = random.Random(1)
    found = await asyncio.gather(*(crash_again_and_again(partner, p, chance) for p in people))
    for person, uris in zip(people, found, strict=True):
        assert len(uris) == ROUNDS * AT_ONCE
        await settled(person.site)
        await check_told_once(person, "mention", uris)
        stored = await person.site.store.rows(
            "SELECT uri FROM status WHERE uri LIKE ?", f"{partner.origin}/%"
        )
        assert sorted(row["uri"] for row in stored) == sorted(uris)


async def test_rel_002_a_receiver_killed_while_it_works_leaves_all_or_nothing(
    stopped_mesh: Mesh, start_partner: StartPartner
) -> None:
    partner, site, bob = await start_partner(), stopped_mesh.roses, stopped_mesh.bob
    uris: list[str] = []
    for moment in MOMENTS:
        await site.start(dies_at=moment)
        activity = to_somebody(partner, bob, moment)
        uris.append(activity["object"]["id"])
        await offer(partner, site, activity)
        assert await site.ended() == -9
        done = await site.store.value("SELECT progress FROM activity WHERE uri = ?", activity["id"])
        effects = await site.store.value("SELECT count(*) FROM status WHERE uri = ?", uris[-1])
        assert (done, effects) in {("done", 1), ("pending", 0)}, moment
        assert (done == "done") == moment.startswith("committed"), moment
        await site.start()
        await settled(site)
        # A sender that heard no answer sends once more.
        assert await offer(partner, site, activity)
        await site.stop()
    await site.start()
    await check_told_once(bob, "mention", uris)


async def test_rel_003_a_sender_killed_after_the_post_is_stored_sends_it_when_it_is_back(
    stopped_mesh: Mesh,
) -> None:
    alice = stopped_mesh.alice
    await stopped_mesh.start("roses", "valmont")
    await stopped_mesh.tilleuls.start(dies_at="committed:INSERT INTO delivery")
    with pytest.raises((aiohttp.ClientError, OSError)):
        await alice.post("Écrit, et pas encore envoyé")
    assert await stopped_mesh.tilleuls.ended() == -9
    assert not stopped_mesh.roses.proxy.posts
    await stopped_mesh.tilleuls.start()
    assert len(await check_same(alice, stopped_mesh.bob, stopped_mesh.claire)) == 1


async def test_a_sender_killed_before_the_commit_has_published_nothing(
    stopped_mesh: Mesh,
) -> None:
    alice = stopped_mesh.alice
    await stopped_mesh.start("roses", "valmont")
    await stopped_mesh.tilleuls.start(dies_at="commit:INSERT INTO delivery")
    with pytest.raises((aiohttp.ClientError, OSError)):
        await alice.post("Jamais écrit")
    assert await stopped_mesh.tilleuls.ended() == -9
    await stopped_mesh.tilleuls.start()
    await alice.post("Le suivant")
    assert len(await check_same(alice, stopped_mesh.bob, stopped_mesh.claire)) == 1


async def test_rel_004_a_sender_killed_half_way_sends_to_the_others_and_nothing_twice(
    mesh: Mesh,
) -> None:
    held = Held()
    mesh.valmont.proxy.act = deliveries(held)
    status = await mesh.alice.post(f"Pour @{mesh.bob.handle} et @{mesh.claire.handle}")
    await check_same(mesh.alice, mesh.bob)
    await delivered_to(mesh.tilleuls, mesh.roses)
    await held.came.wait()
    await mesh.tilleuls.kill()
    mesh.valmont.proxy.act = transparent
    await mesh.tilleuls.start()
    await check_same(mesh.alice, mesh.bob, mesh.brigitte, mesh.claire)
    for person in (mesh.bob, mesh.claire):
        await check_told_once(person, "mention", [status["uri"]])
    creates = [e for e in mesh.roses.proxy.posts if e.type == "Create"]
    assert len(creates) == 1, "what was recorded is not sent again"


async def test_rel_005_a_sender_killed_before_it_hears_202_sends_again_and_it_counts_once(
    mesh: Mesh,
) -> None:
    swallowed = Swallowed()
    mesh.roses.proxy.act = deliveries(swallowed)
    status = await mesh.alice.post(f"@{mesh.bob.handle} vient-il ?")
    await swallowed.happened.wait()
    assert b" 202 " in swallowed.answer[:20]
    await mesh.tilleuls.kill()
    mesh.roses.proxy.act = transparent
    await mesh.tilleuls.start()
    await delivered(mesh.tilleuls)
    creates = [e.document["id"] for e in mesh.roses.proxy.posts if e.type == "Create"]
    assert len(creates) == 2, "it was sent again"
    assert len(set(creates)) == 1, "under the same id"
    await check_same(mesh.alice, mesh.bob, mesh.brigitte)
    await check_told_once(mesh.bob, "mention", [status["uri"]])


async def test_sender_and_receivers_killed_at_random_lose_and_double_nothing(mesh: Mesh) -> None:
    chance = random.Random(2)
    expected: list[str] = []
    for number in range(6):
        for n in range(3):
            status = await mesh.alice.post(f"@{mesh.bob.handle} {number}.{n}")
            expected.append(status["uri"])
        await asyncio.sleep(chance.uniform(0, 0.1))
        victim = chance.choice(list(mesh.sites.values()))
        await victim.kill()
        await asyncio.sleep(chance.uniform(0, 0.1))
        await victim.start()
    mesh.set_clock(120_000)
    written = await check_same(mesh.alice, mesh.bob, mesh.brigitte, mesh.claire)
    assert written == expected
    await check_told_once(mesh.bob, "mention", expected)
