"""Proves the commands about keys, files of invitations and conventions on nodes that run."""

import stat
from pathlib import Path

import orjson
import pytest

from tests.nodes.mesh import Mesh
from tests.nodes.people import eventually
from tests.nodes.sites import Site
from tests.nodes.test_partner_commands import state


async def agreed(one: Site, other: Site) -> None:
    async def both() -> bool:
        return await state(other, one) == "en vigueur" == await state(one, other)

    await eventually(both, "the agreement holds on both sides")


async def test_an_invitation_travels_as_a_file_and_a_key_changes(
    mesh: Mesh, tmp_path: Path
) -> None:
    one, other = mesh.tilleuls, mesh.roses
    terms = tmp_path / "convention.txt"
    terms.write_text("Article 1. Rien ne sort d’ici sans accord.\n", encoding="utf-8")
    await other.command("partner", "terms", str(terms), "--name", "Convention 2026")
    path = tmp_path / "roses.partner"
    code = await one.command(
        "partner", "invite", other.host, "--file", str(path), "--qr", "--grant", "follow=free"
    )
    said = orjson.loads(path.read_bytes())
    assert (said["code"], said["for"]) == (code.splitlines()[-1].strip(), other.host)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for wrong in (("accept",), ("accept", code, "--file", str(path)), ("accept", "--file", "/x")):
        with pytest.raises(AssertionError):
            await other.command("partner", *wrong, "--yes")
    await other.command("partner", "accept", "--file", str(path), "--yes", "--ask", "follow=free")
    shown = await one.command("partner", "confirm", other.host, "--yes")
    assert "Article 1. Rien ne sort d’ici sans accord." in shown
    await agreed(one, other)
    rotated = await other.command("key", "rotate", "--yes")
    assert "SHA256:" in rotated
    assert f"✓ {one.origin}" in rotated
    # The server that runs signs with the new key within seconds, and is believed.
    written = await mesh.bob.post("Signé de la nouvelle clé, ou de l’ancienne à l’instant")
    assert written["uri"]
    probed = await one.command("partner", "probe", other.host)
    assert "✗" not in probed
    told = await one.command("partner", "notices")
    assert "a changé de clé" in told
    assert await one.command("partner", "notices") == "Rien de nouveau."
    await one.command("partner", "not-us", other.host)
    assert await state(one, other) == "en pause"


async def test_what_is_no_invitation_is_said_so(mesh: Mesh, tmp_path: Path) -> None:
    path = tmp_path / "x.partner"
    for content in (b"", b"[]", b'{"kind": "other"}', b'{"kind": "maillage partner invitation"}'):
        path.write_bytes(content)
        with pytest.raises(AssertionError, match="invitation"):
            await mesh.roses.command("partner", "accept", "--file", str(path), "--yes")
