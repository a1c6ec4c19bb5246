"""Proves `maillage organisation` on nodes that run: a lead, two sites that join, what they read."""

import re

import pytest

from tests.nodes.mesh import Mesh
from tests.nodes.people import eventually
from tests.nodes.sites import Site
from tests.nodes.test_partner_commands import NUMBER


async def states(at: Site) -> dict[str, str]:
    """The states that `organisation list` shows, by origin."""
    lines = (await at.command("organisation", "list")).splitlines()
    return {line.split("\t")[0]: line.split("\t")[1] for line in lines if "\t" in line}


async def test_sites_join_by_commands_and_read_each_other(mesh: Mesh) -> None:
    lead, roses, valmont = mesh.tilleuls, mesh.roses, mesh.valmont
    assert "aucune organisation" in await lead.command("organisation", "list")
    with pytest.raises(AssertionError, match="aucune organisation"):
        await lead.command("organisation", "invite", roses.host)
    assert "Les Deux Rives" in await lead.command("organisation", "create", "Les Deux Rives")
    for other in (roses, valmont):
        code = await lead.command("organisation", "invite", other.host)
        assert re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{1,4})+", code), "the code and nothing else"
        asked = await other.command("organisation", "join", code, "--yes")
        assert "Les Deux Rives" in asked
        shown = await lead.command("partner", "show", other.host)
        here, there = NUMBER.search(asked), NUMBER.search(shown)
        assert here is not None
        assert there is not None
        assert here[0] == there[0]
        assert "de la même organisation" in shown
        await lead.command("partner", "confirm", other.host, "--yes")
    every = {site.origin: "en vigueur" for site in (lead, roses, valmont)}
    for at in (lead, roses, valmont):

        async def is_whole(at: Site = at) -> bool:
            return await states(at) == every | {at.origin: "ce site"}

        await eventually(is_whole, f"every site stands at {at.name}", 40.0)
    probed = await roses.command("partner", "probe", valmont.host)
    assert "✓" in probed
    assert "✗" not in probed
    written = await mesh.bob.ask(
        "POST", "/api/v1/statuses", status="Entre nos sites", audience="organisation"
    )

    async def arrived() -> bool:
        return all(
            [
                written["uri"] in {entry["uri"] for entry in await reader.home()}
                for reader in (mesh.alice, mesh.claire)
            ]
        )

    await eventually(arrived, "both other sites have the post")
    assert "n'est plus" in await lead.command("organisation", "remove", valmont.host)

    async def gone() -> bool:
        return "aucune organisation" in await valmont.command("organisation", "list")

    await eventually(gone, "Valmont heard of it", 40.0)

    async def out() -> bool:
        return await states(roses) == {lead.origin: "en vigueur", roses.origin: "ce site"}

    await eventually(out, "Roses heard of it", 40.0)
    await roses.command("organisation", "leave")

    async def left() -> bool:
        return "aucune organisation" in await roses.command("organisation", "list")

    await eventually(left, "Roses is of no organisation any more", 40.0)
