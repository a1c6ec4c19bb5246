"""Without a fault: three nodes exchange, and what the other tests rely on is so."""

from tests.nodes.mesh import Mesh
from tests.nodes.oracle import check_mesh, check_same, check_told_once


async def test_what_is_posted_reaches_every_follower_once(mesh: Mesh) -> None:
    for number in range(5):
        await mesh.alice.post(f"Le jardin est ouvert ({number})")
        await mesh.bob.post(f"@{mesh.alice.handle} merci ({number})")
    taken_back = await mesh.alice.post("Une erreur")
    await check_same(mesh.alice, mesh.claire)
    await mesh.alice.delete(taken_back)
    await check_mesh(mesh)
    to_alice = [s["uri"] for s in await mesh.bob.own()]
    assert len(to_alice) == 5
    await check_told_once(mesh.alice, "mention", to_alice)
    assert len(await check_same(mesh.alice, mesh.bob)) == 5
