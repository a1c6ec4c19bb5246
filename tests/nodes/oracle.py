"""What must hold after every fault: nothing lost, nothing twice, in the author's order."""

from collections import Counter

from tests.nodes.mesh import Mesh
from tests.nodes.partner import Partner
from tests.nodes.people import Person, eventually
from tests.nodes.sites import Site


async def settled(site: Site, patience_s: float = 20.0) -> None:
    """Wait until all that a node accepted has come to its end."""

    async def quiet() -> bool:
        return await site.store.unprocessed() == 0

    await eventually(quiet, f"all that {site.name} accepted is processed", patience_s)


async def delivered(site: Site, patience_s: float = 20.0) -> None:
    """Wait until nothing waits to be sent by a node."""

    async def quiet() -> bool:
        return await site.store.undelivered() == 0

    await eventually(quiet, f"{site.name} has sent everything", patience_s)


async def delivered_to(sender: Site, receiver: Site | Partner) -> None:
    """Wait until a sender has written down that a receiver has everything."""

    async def recorded() -> bool:
        return not await sender.store.value(
            "SELECT count(*) FROM delivery WHERE progress = 'pending' AND origin = ?",
            receiver.origin,
        )

    await eventually(recorded, f"{sender.name} knows what {receiver.origin} has")


async def tried(sender: Site, receiver: Site | Partner, since: int = 0) -> None:
    """Wait until a sender has written down that it cannot reach a receiver."""

    async def noted() -> bool:
        attempts = await sender.store.value(
            "SELECT max(attempts) FROM delivery WHERE progress = 'pending' AND origin = ?",
            receiver.origin,
        )
        return (attempts or 0) > since

    await eventually(noted, f"{sender.name} has tried {receiver.origin}")


async def check_same(author: Person, *readers: Person, patience_s: float = 20.0) -> list[str]:
    """Check that the readers have exactly what the author has, once each and in its order."""
    written = [status["uri"] for status in await author.own()]
    for reader in readers:

        async def complete(reader: Person = reader) -> bool:
            return set(await reader.read_of(author)) == set(written)

        await eventually(complete, f"{reader.name} has all of {author.name}", patience_s)
        await settled(reader.site)
        assert await reader.read_of(author) == written, f"{reader.name} reads {author.name}"
        stored = await reader.site.store.rows(
            "SELECT status.uri FROM status JOIN actor ON actor.id = status.actor_id"
            " WHERE actor.uri = ?",
            author.actor_uri,
        )
        assert Counter(row["uri"] for row in stored) == Counter(written)
    return written


async def check_told_once(person: Person, kind: str, uris: list[str]) -> None:
    """Check that a person was told of each of these exactly once, and of nothing else of it."""

    async def told() -> bool:
        return sum(n for (k, _), n in (await person.told_of()).items() if k == kind) >= len(uris)

    await eventually(told, f"{person.name} is told")
    await settled(person.site)
    found = {uri: count for (k, uri), count in (await person.told_of()).items() if k == kind}
    assert found == dict.fromkeys(uris, 1)


async def check_mesh(mesh: Mesh) -> None:
    """Check all follows of the mesh: every follower has all of whom it follows."""
    await check_same(mesh.alice, mesh.bob, mesh.brigitte, mesh.claire)
    await check_same(mesh.bob, mesh.alice, mesh.claire)
    await check_same(mesh.claire, mesh.alice, mesh.bob)
