"""A store that is busy or away: 202 and 200 only for what is stored, 503 for the rest."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from federation.vocabulary import Document
from tests import postgres_cluster
from tests.conftest import ENGINE
from tests.nodes.mesh import Mesh
from tests.nodes.oracle import check_mesh, check_told_once, settled
from tests.nodes.partner import Partner, StartPartner
from tests.nodes.people import eventually
from tests.nodes.sites import Got, Site
from tests.nodes.test_crashes import to_somebody
from tests.postgres_cluster import Cluster


@contextmanager
def locked(site: Site) -> Iterator[None]:
    """Hold the write lock of a node's SQLite file, as another process may."""
    connection = sqlite3.connect(site.data / "maillage.db", isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    finally:
        connection.close()


def check_later(got: Got) -> None:
    assert got.status == 503, got.body
    headers = {name.lower(): value for name, value in got.headers.items()}
    assert int(headers["retry-after"]) > 0


if ENGINE == "sqlite":

    async def test_rel_030_a_file_locked_for_a_second_costs_patience_only(
        mesh: Mesh, start_partner: StartPartner
    ) -> None:
        partner, site, bob = await start_partner(), mesh.roses, mesh.bob
        activities = [to_somebody(partner, bob, str(n)) for n in range(5)]
        assert await partner.send(site, activities[0]) == 202
        with locked(site):
            waiting = [asyncio.create_task(partner.send(site, a)) for a in activities[1:]]
            writing = asyncio.create_task(bob.post("Entre-temps"))
            await asyncio.sleep(1)
            assert not any(task.done() for task in waiting), "nothing is promised before"
            # Who only reads does not wait.
            assert await bob.home() == []
        assert await asyncio.gather(*waiting) == [202] * 4
        assert (await writing)["content"] == "<p>Entre-temps</p>"
        await check_told_once(bob, "mention", [a["object"]["id"] for a in activities])

    async def test_rel_030_a_file_locked_for_long_gives_503_and_recovers_by_itself(
        mesh: Mesh, start_partner: StartPartner
    ) -> None:
        partner, site, bob = await start_partner(), mesh.roses, mesh.bob
        first, lost = to_somebody(partner, bob, "avant"), to_somebody(partner, bob, "pendant")
        assert await partner.send(site, first) == 202
        await settled(site)
        with locked(site):
            refused, got = await asyncio.gather(
                partner.post(site, lost),
                bob.call("POST", "/api/v1/statuses", status="Perdu ?", visibility="private"),
            )
            check_later(refused)
            check_later(got)
            assert await site.answers()
        assert not await site.store.rows("SELECT 1 FROM seen, activity WHERE uri = ?", lost["id"])
        assert await bob.own() == []
        # No restart: the sender comes back, and so does the person.
        assert await partner.send(site, lost) == 202
        await bob.post("Retrouvé")
        await check_told_once(bob, "mention", [a["object"]["id"] for a in (first, lost)])
        await check_mesh(mesh)


if ENGINE == "postgres":

    async def test_rel_031_a_restart_of_postgresql_loses_nothing(
        mesh: Mesh, start_partner: StartPartner, postgres: Cluster
    ) -> None:
        partner, site, bob = await start_partner(), mesh.roses, mesh.bob
        expected = []
        for turn in range(3):
            batch = [to_somebody(partner, bob, f"{turn}.{n}") for n in range(5)]
            expected += [a["object"]["id"] for a in batch]
            sending = [asyncio.create_task(deliver(partner, site, a)) for a in batch]
            await mesh.alice.post(f"n° {turn}")
            await asyncio.to_thread(restart, postgres)
            await asyncio.gather(*sending)
        mesh.set_clock(120_000)
        await check_told_once(bob, "mention", expected)
        await check_mesh(mesh)

    async def deliver(partner: Partner, site: Site, activity: Document) -> None:
        """Send as a sender does: again, until it is accepted."""

        async def accepted() -> bool:
            got = await partner.post(site, activity)
            if got.status != 202:
                check_later(got)
            return got.status == 202

        await eventually(accepted, "the activity is accepted", patience_s=40)

    def restart(cluster: Cluster) -> None:
        """Stop at once, as when the power fails, and start again."""
        data = str(cluster.folder / "data")
        postgres_cluster._run("pg_ctl", "-D", data, "-m", "immediate", "-w", "restart")
