"""What the commands about stops and ends do to a node; they work while the server runs."""

from federation.node import Node
from federation.origins import authority_of
from federation.stops import ALL
from inbox import partner_stops, partnership_acts
from inbox.pairing import By, needed, origin_typed
from inbox.partings import consequences, last_parting
from maillage.commands import with_node
from maillage.messages import Language, say
from maillage.settings import Settings
from web.partings import consequences_entity, proof_entity

__all__ = ["Language", "end", "go_on", "preview", "proof", "stop"]

BY = By()
_NOTHING_AGREED = frozenset({"offered", "asked", "ended"})


async def stop(settings: Settings, host: str | None) -> str:
    """Stop the exchange with one site, with all when None; return what to call it."""

    async def work(node: Node) -> str:
        origin = ALL if host is None else origin_typed(node, host)
        await partner_stops.stop(node, origin, BY)
        return _named(node, origin)

    return await with_node(settings, work)


async def go_on(settings: Settings, host: str | None) -> str:
    """Let the exchange with one site go on, with all when None; return what to call it."""

    async def work(node: Node) -> str:
        origin = ALL if host is None else origin_typed(node, host)
        await partner_stops.go_on(node, origin, BY)
        return _named(node, origin)

    return await with_node(settings, work)


async def preview(settings: Settings, host: str) -> list[str]:
    """What an end would mean, line by line; nothing for what is only offered, or has ended."""

    async def work(node: Node) -> list[str]:
        known = await needed(node, origin_typed(node, host))
        if known.state in _NOTHING_AGREED:
            return []
        found = await consequences(node, known)
        partner = known.name or authority_of(known.origin)
        return list(consequences_entity(found, node.language, partner)["words"])

    return await with_node(settings, work)


async def end(settings: Settings, host: str) -> str:
    """End the agreement with a site, or drop what is only offered; return its origin."""

    async def work(node: Node) -> str:
        origin = origin_typed(node, host)
        await partnership_acts.end(node, origin, BY)
        return origin

    return await with_node(settings, work)


async def proof(settings: Settings, host: str) -> list[str]:
    """The proof of the latest end, line by line."""

    async def work(node: Node) -> list[str]:
        parting = await last_parting(node.db, origin_typed(node, host))
        return list(proof_entity(node, parting, node.language)["words"])

    return await with_node(settings, work)


def _named(node: Node, origin: str) -> str:
    return say(node.language, "partner.everybody") if origin == ALL else origin
