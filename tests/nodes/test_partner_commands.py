"""Proves `maillage partner` on nodes that run: what is typed, what is read, and how it ends."""

import re

import pytest

from tests.nodes.mesh import Mesh
from tests.nodes.people import eventually
from tests.nodes.sites import Site

NUMBER = re.compile(r"\d{5}(?: \d{5}){11}")


async def state(at: Site, of: Site) -> str:
    lines = (await at.command("partner", "list")).splitlines()
    return next((line.split("\t")[1] for line in lines if line.startswith(of.origin)), "")


async def test_two_running_nodes_agree_and_part_by_commands(mesh: Mesh) -> None:
    one, other = mesh.tilleuls, mesh.roses
    code = await one.command("partner", "invite", other.host, "--grant", "backfillDays=30")
    assert re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{1,4})+", code), "the code and nothing else"
    with pytest.raises(AssertionError, match="caractère faux"):
        await other.command("partner", "accept", code[:10] + "A" + code[11:], "--yes")
    with pytest.raises(AssertionError, match="403"):
        await mesh.valmont.command("partner", "accept", code, "--yes")
    offered = await other.command("partner", "accept", code, "--yes", "--ask", "backfillDays=30")
    shown = await one.command("partner", "show", other.host)
    here, there = NUMBER.search(offered), NUMBER.search(shown)
    assert here is not None
    assert there is not None
    assert here[0] == there[0]
    await one.command("partner", "confirm", other.host, "--yes")

    async def agreed() -> bool:
        return await state(other, one) == "en vigueur"

    await eventually(agreed, "the agreement holds at Roses")
    probed = await one.command("partner", "probe", other.host)
    assert probed.count("✓") == 8
    assert "✗" not in probed
    # What was said by hand between allowed peers goes on, now signed by the sites.
    written = await mesh.alice.post("Bonjour aux Roses")

    async def arrived() -> bool:
        return written["uri"] in {entry["uri"] for entry in await mesh.bob.home()}

    await eventually(arrived, "the post arrives")
    await one.command("partner", "stop", "--all")
    with pytest.raises(AssertionError, match="à l’arrêt"):
        await one.command("partner", "resume", other.host)
    with pytest.raises(AssertionError, match="--all"):
        await one.command("partner", "stop")
    await one.stop()
    await one.start()
    await one.command("partner", "resume", "--all")
    seen = await one.command("partner", "end", other.host, "--preview")
    assert "1 message(s) d’ici" in seen
    assert await state(one, other) == "en vigueur", "looking changes nothing"
    with pytest.raises(AssertionError, match="Aucun accord"):
        await one.command("partner", "proof", other.host)
    await one.command("partner", "end", other.host, "--yes")

    async def over() -> bool:
        return await state(other, one) == "terminé"

    await eventually(over, "Roses heard of the end")
    assert await state(one, other) == "terminé"

    async def proved() -> bool:
        lines = await one.command("partner", "proof", other.host)
        return lines.count("a effacé ce qui venait de") == 2 and "sauvegardes" in lines

    await eventually(proved, "both receipts are in the proof")
    assert written["uri"] not in {entry["uri"] for entry in await mesh.bob.home()}
