"""Clocks that are wrong: a window of an hour back and five minutes ahead, and a clear word."""

from federation.retry import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.nodes.mesh import Mesh
from tests.nodes.oracle import check_same, check_told_once, delivered_to, tried
from tests.nodes.partner import StartPartner
from tests.nodes.test_crashes import to_somebody

INSIDE_MS = (-59 * MINUTE_MS, -10 * MINUTE_MS, -30 * SECOND_MS, 30 * SECOND_MS, 4 * MINUTE_MS)
OUTSIDE_MS = (-25 * HOUR_MS, -2 * HOUR_MS, 10 * MINUTE_MS, 2 * HOUR_MS)


async def test_rel_033_a_sender_whose_clock_is_wrong_is_told_so_outside_the_window_only(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    partner, bob = await start_partner(), mesh.bob
    accepted: list[str] = []
    for ahead_ms in INSIDE_MS:
        partner.ahead_ms = ahead_ms
        activity = to_somebody(partner, bob, str(ahead_ms))
        assert await partner.send(mesh.roses, activity) == 202
        accepted.append(activity["object"]["id"])
    for ahead_ms in OUTSIDE_MS:
        partner.ahead_ms = ahead_ms
        activity = to_somebody(partner, bob, str(ahead_ms))
        got = await partner.post(mesh.roses, activity)
        assert got.status == 401
        assert b"clock" in got.body
        # Signed again with the clock set right, it is taken.
        partner.ahead_ms = 0
        assert await partner.send(mesh.roses, activity) == 202
        accepted.append(activity["object"]["id"])
    await check_told_once(bob, "mention", accepted)


async def test_rel_033_a_node_whose_clock_is_wrong_sends_all_once_it_is_set(
    mesh: Mesh,
) -> None:
    mesh.roses.set_clock(-20 * MINUTE_MS)
    expected = [(await mesh.alice.post(f"n° {number}"))["uri"] for number in range(2)]
    await tried(mesh.tilleuls, mesh.roses)
    await delivered_to(mesh.tilleuls, mesh.valmont)
    (peer,) = await mesh.tilleuls.store.rows(
        "SELECT note FROM peer WHERE origin = ?", mesh.roses.origin
    )
    assert peer["note"] == "signature_refused"
    assert "signature_refused" in await mesh.tilleuls.command("status")
    assert not await mesh.bob.read_of(mesh.alice)
    mesh.roses.set_clock(0)
    await mesh.tilleuls.command("peer", "allow", mesh.roses.origin)
    assert await check_same(mesh.alice, mesh.bob, mesh.brigitte, mesh.claire) == expected
