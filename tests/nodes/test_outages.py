"""Partners and senders that are away for hours or weeks: all comes, in order, once it can."""

import asyncio

from federation.retry import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from tests.nodes.door import Exchange, transparent
from tests.nodes.mesh import Mesh
from tests.nodes.oracle import check_same, check_told_once, delivered_to, tried
from tests.nodes.people import eventually
from tests.nodes.sites import Site

OUTAGES_MS = (4 * HOUR_MS, 3 * DAY_MS, 8 * DAY_MS, 29 * DAY_MS)


async def test_rel_007_and_008_a_partner_back_after_hours_or_weeks_gets_all_in_order(
    mesh: Mesh,
) -> None:
    alice, roses = mesh.alice, mesh.roses
    now, expected = 0, list[str]()
    for outage_ms in OUTAGES_MS:
        await roses.kill()
        for number in range(3):
            status = await alice.post(f"@{mesh.bob.handle} {outage_ms} {number}")
            expected.append(status["uri"])
            await tried(mesh.tilleuls, roses, since=number)
            # What is signed at one time must not arrive at another.
            await delivered_to(mesh.tilleuls, mesh.valmont)
            now += outage_ms // 3
            mesh.set_clock(now)
        # The next attempt is minutes away.
        await tried(mesh.tilleuls, roses, since=3)
        await check_same(alice, mesh.claire)
        # Nothing but its own word, at its start, brings it what waits.
        await roses.start()
        assert await check_same(alice, mesh.bob, mesh.brigitte) == expected
    await check_told_once(mesh.bob, "mention", expected)


async def test_rel_008_past_thirty_days_the_sender_sees_what_was_not_delivered(
    mesh: Mesh,
) -> None:
    lost = await mesh.alice.post("Pour des gens partis")
    await check_same(mesh.alice, mesh.bob, mesh.claire)
    await mesh.roses.kill()
    await mesh.alice.delete(lost)
    await mesh.alice.post("Personne ne lit")
    await tried(mesh.tilleuls, mesh.roses)
    mesh.set_clock(31 * DAY_MS)

    async def given_up() -> bool:
        rows = await mesh.tilleuls.store.rows(
            "SELECT last_error FROM delivery WHERE progress = 'failed'"
        )
        return [row["last_error"] for row in rows] == ["delivery.silent_30_days"] * 2

    await eventually(given_up, "what nobody took for thirty days is given up")
    seen = await mesh.tilleuls.command("status")
    assert "Refusés ou abandonnés : 2" in seen
    # What is new is tried as if nothing had been.
    await mesh.roses.start()
    after = await mesh.alice.post("Vous revoilà")

    async def arrived() -> bool:
        return after["uri"] in await mesh.bob.read_of(mesh.alice)

    await eventually(arrived, "the next post arrives")


async def test_rel_007_a_partner_that_stays_silent_is_tried_again_within_one_back_off(
    mesh: Mesh,
) -> None:
    await mesh.roses.kill()
    await mesh.alice.post("Un")
    await tried(mesh.tilleuls, mesh.roses)
    mesh.tilleuls.proxy.act = deaf_to(mesh.roses)
    await mesh.roses.start()
    for _ in range(2):
        await mesh.alice.post("Encore un")
    assert not mesh.roses.proxy.posts[1:], "nothing overtakes, nothing is hammered"
    mesh.set_clock(6 * MINUTE_MS)
    assert len(await check_same(mesh.alice, mesh.bob, mesh.brigitte)) == 3


def deaf_to(site: Site):  # noqa: ANN201
    """Lose every GET that a site sends, as its greeting may be lost."""

    async def act(exchange: Exchange) -> None:
        if exchange.method == "GET" and exchange.signer.startswith(site.origin):
            exchange.reset()
        else:
            await transparent(exchange)

    return act


async def test_rel_009_a_partner_that_speaks_first_is_answered_at_once(mesh: Mesh) -> None:
    await mesh.roses.kill()
    for number in range(3):
        await mesh.alice.post(f"n° {number}")
    for attempts, seconds in enumerate((40, 120, 150)):
        await tried(mesh.tilleuls, mesh.roses, since=attempts)
        await delivered_to(mesh.tilleuls, mesh.valmont)
        # Whoever has just been heard of is not listened to again for some seconds; the next
        # attempt, the fourth, is minutes away.
        mesh.set_clock(seconds * SECOND_MS)
    mesh.tilleuls.proxy.act = deaf_to(mesh.roses)
    await mesh.roses.start()
    assert not await mesh.bob.read_of(mesh.alice)
    said = await mesh.bob.post("Nous sommes revenus")
    assert len(await check_same(mesh.alice, mesh.bob, mesh.brigitte)) == 3
    assert await mesh.alice.read_of(mesh.bob) == [said["uri"]]


async def test_rel_010_a_sender_back_after_four_hours_has_lost_nothing(mesh: Mesh) -> None:
    await mesh.tilleuls.kill()
    expected: list[str] = []
    for number in range(3):
        status = await mesh.bob.post(f"@{mesh.alice.handle} {number}")
        expected.append(status["uri"])
        await mesh.claire.post(f"Depuis Valmont ({number})")
    await asyncio.gather(tried(mesh.roses, mesh.tilleuls), tried(mesh.valmont, mesh.tilleuls))
    mesh.set_clock(4 * HOUR_MS)
    await mesh.tilleuls.start()
    assert await check_same(mesh.bob, mesh.alice, mesh.claire) == expected
    await check_same(mesh.claire, mesh.alice, mesh.bob)
    await check_told_once(mesh.alice, "mention", expected)


async def test_rel_020_a_split_between_nodes_heals_on_both_sides(mesh: Mesh) -> None:
    # Tilleuls is cut off from both others, in both directions.
    mesh.tilleuls.proxy.act = broken
    for site in (mesh.roses, mesh.valmont):
        site.proxy.act = cut_off_from(mesh.tilleuls)
    for number in range(3):
        mesh.set_clock(number * 20 * MINUTE_MS)
        for author in (mesh.alice, mesh.bob, mesh.claire):
            await author.post(f"{author.name} {number}")
        await delivered_to(mesh.roses, mesh.valmont)
        await delivered_to(mesh.valmont, mesh.roses)
    await check_same(mesh.bob, mesh.claire)
    assert not await mesh.bob.read_of(mesh.alice)
    for site in mesh.sites.values():
        site.proxy.act = transparent
    mesh.set_clock(2 * HOUR_MS)
    await check_same(mesh.alice, mesh.bob, mesh.brigitte, mesh.claire)
    await check_same(mesh.bob, mesh.alice, mesh.claire)
    await check_same(mesh.claire, mesh.alice, mesh.bob)


async def broken(exchange: Exchange) -> None:
    exchange.reset()


def cut_off_from(site: Site):  # noqa: ANN201
    """Lose whatever a site sends."""

    async def act(exchange: Exchange) -> None:
        await (broken if exchange.signer.startswith(site.origin) else transparent)(exchange)

    return act
