"""Proves that a node restored from a backup brings nothing back and loses nothing for good.

Real nodes: the folder (or the database alone) is copied, life goes on, the copy is put back.
"""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ENGINE
from tests.nodes.mesh import Mesh
from tests.nodes.people import Person, eventually
from tests.nodes.sites import Site
from tests.nodes.test_partner_commands import state
from tests.postgres_cluster import Cluster

HOUR_MS = 3_600_000
FREE = ("--grant", "follow=free", "--grant", "messages=anyone")
Post = dict[str, Any]
ASK = ("--ask", "follow=free", "--ask", "messages=anyone")


class Backup:
    """A copy of one stopped node: its folder, and its database where that is elsewhere."""

    def __init__(self, site: Site, folder: Path, cluster: Cluster | None) -> None:
        self.site = site
        self.folder = folder
        self.cluster = cluster
        self.name = site.database_url.rpartition("/")[2]

    async def take(self) -> None:
        await asyncio.to_thread(shutil.copytree, self.site.data, self.folder)
        if self.cluster is not None:
            await self.cluster.create_now(f"{self.name}_backup", self.name)

    async def put_back(self, *, whole: bool) -> None:
        """The whole folder, or the database alone."""
        for path in self.folder.iterdir():
            if path.is_file() and (whole or path.name.startswith("maillage.db")):
                shutil.copyfile(path, self.site.data / path.name)
        for left in ("maillage.db-wal", "maillage.db-shm"):
            (self.site.data / left).unlink(missing_ok=True)
        if self.cluster is not None:
            await self.cluster.drop_now(self.name)
            await self.cluster.create_now(self.name, f"{self.name}_backup")
            await self.cluster.drop_now(f"{self.name}_backup")


async def paired(one: Site, other: Site) -> None:
    code = await one.command("partner", "invite", other.host, *FREE)
    await other.command("partner", "accept", code, "--yes", *FREE, *ASK)
    await one.command("partner", "confirm", other.host, "--yes")

    async def agreed() -> bool:
        return await state(other, one) == "en vigueur"

    await eventually(agreed, "the agreement holds")


async def reads(who: Person, author: Person, uri: str) -> bool:
    return uri in await who.read_of(author)


async def revision(at: Site) -> int:
    return await at.store.value("SELECT revision FROM partnership")


async def life_goes_on(mesh: Mesh, doomed: Post, theirs: Post) -> Post:
    """What happens after the backup; what Bob wrote then."""
    one, other = mesh.tilleuls, mesh.roses
    alice, bob, brigitte = mesh.alice, mesh.bob, mesh.brigitte
    await alice.delete(doomed)
    await bob.delete(theirs)
    new = await bob.post("Écrit après la sauvegarde")
    lost = await alice.post("Perdu avec la sauvegarde")
    await eventually(lambda: reads(bob, alice, lost["uri"]), "Bob reads what will be lost")
    await eventually(lambda: reads(alice, bob, new["uri"]), "Alice reads what came")

    async def gone() -> bool:
        return doomed["uri"] not in await bob.read_of(alice)

    await eventually(gone, "Bob reads no more what Alice deleted")
    await brigitte.ask("POST", f"/api/v1/accounts/{await brigitte.find(alice)}/unfollow")
    await one.command("partner", "narrow", other.host, "--grant", "audiences=false")

    async def narrowed() -> bool:
        return await revision(other) == 2

    await eventually(narrowed, "the narrowing is known there")
    return new


@pytest.mark.parametrize("way", ["the database alone", "the whole folder", "said by command"])
async def test_nothing_deleted_comes_back_and_nothing_is_lost(
    mesh: Mesh, tmp_path: Path, request: pytest.FixtureRequest, way: str
) -> None:
    cluster = request.getfixturevalue("postgres") if ENGINE == "postgres" else None
    one, other = mesh.tilleuls, mesh.roses
    alice, bob, brigitte = mesh.alice, mesh.bob, mesh.brigitte
    await paired(one, other)
    doomed = await alice.post("Effacé après la sauvegarde")
    kept = await alice.post("Gardé")
    theirs = await bob.post("Effacé par Bob après la sauvegarde")
    await eventually(lambda: reads(bob, alice, kept["uri"]), "Bob reads Alice")
    await eventually(lambda: reads(brigitte, alice, kept["uri"]), "Brigitte reads Alice")
    await eventually(lambda: reads(alice, bob, theirs["uri"]), "Alice reads Bob")
    await one.stop()
    backup = Backup(one, tmp_path / "backup", cluster)
    await backup.take()
    await one.start()

    new = await life_goes_on(mesh, doomed, theirs)

    # And back.
    await one.stop()
    await backup.put_back(whole=way != "the database alone")
    mesh.set_clock(HOUR_MS if way == "the whole folder" else 0)
    if way == "said by command":
        assert "1 partenaire" in await one.command("restored")
        assert "restauré" in await one.command("status")
        assert "restauré" in await one.command("partner", "show", other.host)
    await one.start()

    async def released() -> bool:
        sql = "SELECT held_for FROM reconciliation"
        return await one.store.value(sql) is None and "attente" not in await one.command("status")

    await eventually(released, "both have compared")
    await eventually(lambda: reads(alice, bob, new["uri"]), "what was lost is sent again")
    uris = [entry["uri"] for entry in await alice.own()]
    assert doomed["uri"] not in uris
    assert kept["uri"] in uris
    assert (await alice.call("GET", f"/api/v1/statuses/{doomed['id']}")).status == 404
    assert theirs["uri"] not in await alice.read_of(bob)
    # Nobody sees anything twice, nor what was deleted.
    assert await bob.read_of(alice) == list(dict.fromkeys(await bob.read_of(alice)))
    assert doomed["uri"] not in await bob.read_of(alice)
    assert doomed["uri"] not in await brigitte.read_of(alice)
    assert (await revision(one), await revision(other)) == (2, 2)
    assert not await one.store.value("SELECT gives_audiences FROM partnership")
    sql = (
        "SELECT count(*) FROM follow f JOIN actor a ON a.id = f.follower_id"
        " JOIN actor b ON b.id = f.target_id WHERE a.uri = ? AND b.uri = ?"
    )

    async def unfollowed() -> bool:
        return await one.store.value(sql, brigitte.actor_uri, alice.actor_uri) == 0

    await eventually(unfollowed, "Brigitte follows no more")
    assert await one.store.value(sql, bob.actor_uri, alice.actor_uri) == 1
    # And life goes on again.
    after = await alice.post("Après la restauration")
    await eventually(lambda: reads(bob, alice, after["uri"]), "Bob reads Alice again")
    answer = await bob.post("Bienvenue")
    await eventually(lambda: reads(alice, bob, answer["uri"]), "Alice reads Bob again")


async def test_a_partner_that_does_not_answer_stays_held(
    mesh: Mesh, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    cluster = request.getfixturevalue("postgres") if ENGINE == "postgres" else None
    one, other = mesh.tilleuls, mesh.roses
    await paired(one, other)
    doomed = await mesh.alice.post("Effacé après la sauvegarde")
    await eventually(lambda: reads(mesh.bob, mesh.alice, doomed["uri"]), "Bob reads Alice")
    await one.stop()
    backup = Backup(one, tmp_path / "backup", cluster)
    await backup.take()
    await one.start()
    await mesh.alice.delete(doomed)

    async def gone() -> bool:
        return doomed["uri"] not in await mesh.bob.read_of(mesh.alice)

    await eventually(gone, "Bob reads no more what Alice deleted")
    await one.stop()
    await other.stop()
    await backup.put_back(whole=False)
    await one.start()
    waiting = await mesh.alice.post("Attend la comparaison")

    async def says_so() -> bool:
        return "n'a pas abouti" in await one.command("status")

    await eventually(says_so, "the status names the partner")
    # Valmont, which has no agreement, is not kept waiting.
    public = await mesh.alice.post("Pour Valmont", "public")
    await eventually(lambda: reads(mesh.claire, mesh.alice, public["uri"]), "Claire reads Alice")
    assert await one.store.value("SELECT held_for FROM reconciliation") == "restored"
    await other.start()
    await eventually(lambda: reads(mesh.bob, mesh.alice, waiting["uri"]), "it goes on", 60)
    assert doomed["uri"] not in [entry["uri"] for entry in await mesh.alice.own()]
    assert doomed["uri"] not in await mesh.bob.read_of(mesh.alice)
