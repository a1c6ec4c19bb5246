"""What `maillage organisation` does to a node: each function opens it, does one thing, closes it.

They work while the server runs; what the other sites have to hear is queued, and the server
sends it.
"""

from federation.database import Transaction
from federation.node import Node
from federation.organisations import others, own_organisation, sites_of
from federation.origins import authority_of
from inbox import organisation, organisation_partners
from inbox.pairing import origin_typed, safety_number_with
from maillage.commands import with_node
from maillage.messages import say
from maillage.partner_commands import BY, number_lines, site_lines
from maillage.settings import Settings
from web.translations import sentence


async def create(settings: Settings, name: str) -> str:
    """Found an organisation that this site leads; return its name."""

    async def work(node: Node) -> str:
        return (await organisation.create(node, name, BY)).name

    return await with_node(settings, work)


async def invite(settings: Settings, host: str) -> tuple[str, str]:
    """The code for a host, and the host as it was understood."""

    async def work(node: Node) -> tuple[str, str]:
        origin = origin_typed(node, host)

        async def write(tx: Transaction) -> str:
            return (await organisation.invite(node, tx, origin, BY)).text()

        return await node.db.write(write), authority_of(origin)

    return await with_node(settings, work)


async def look(settings: Settings, code: str) -> tuple[str, list[str]]:
    """The name of the organisation behind a code, and the lines a person reads before joining."""

    async def work(node: Node) -> tuple[str, list[str]]:
        site, uri, name = await organisation.look(node, code)
        number = await safety_number_with(node, site.origin, site.fingerprint)
        return name, [
            say(node.language, "organisation.line", name=name, uri=uri),
            *site_lines(node.language, site.name, site.origin, site.contact),
            say(node.language, "organisation.all_sites"),
            *number_lines(node.language, number),
        ]

    return await with_node(settings, work)


async def join(settings: Settings, code: str) -> str:
    """Ask to be a site of the organisation that made a code; return the origin of its lead."""

    async def work(node: Node) -> str:
        return (await organisation.join(node, code, BY)).origin

    return await with_node(settings, work)


async def listing(settings: Settings) -> list[str]:
    """The organisation, then one line for each site: origin, state, name, what is special."""

    async def work(node: Node) -> list[str]:
        own = await own_organisation(node.db)
        if own is None:
            return [say(node.language, "organisation.alone")]
        lines = [say(node.language, "organisation.line", name=own.name, uri=own.uri)]
        for site in await sites_of(node, node.db, own):
            said = [site.origin, say(node.language, f"state.{site.state}"), site.name]
            if site.is_lead:
                said.append(say(node.language, "organisation.lead"))
            if site.reason is not None:
                said.append(sentence(node.language, site.reason, {"origin": site.origin}))
            lines.append("\t".join(said))
        return lines

    return await with_node(settings, work)


async def others_listing(settings: Settings) -> list[str]:
    """The organisations of partners with their sites: origin, state, name."""

    async def work(node: Node) -> list[str]:
        lines: list[str] = []
        for known in await others(node.db):
            lines.append(say(node.language, "organisation.others", name=known.name, uri=known.uri))
            lines += [
                "\t".join([site.origin, say(node.language, f"state.{site.state}"), site.name])
                for site in await sites_of(node, node.db, known)
            ]
        return lines

    return await with_node(settings, work)


async def look_at_proposed(settings: Settings, host: str) -> list[str]:
    """What a person reads before confirming a site that a partner's organisation lists."""

    async def work(node: Node) -> list[str]:
        origin = origin_typed(node, host)
        known, listed, _ = await organisation_partners.proposed(node, origin)
        number = await safety_number_with(node, origin, listed.fingerprint)
        return [
            say(node.language, "organisation.others", name=known.name, uri=known.uri),
            *site_lines(node.language, listed.name, origin, ""),
            *number_lines(node.language, number),
        ]

    return await with_node(settings, work)


async def confirm(settings: Settings, host: str) -> str:
    """Offer such a site the agreement of its lead; return its origin."""

    async def work(node: Node) -> str:
        return (await organisation_partners.confirm(node, origin_typed(node, host), BY)).origin

    return await with_node(settings, work)


async def remove(settings: Settings, host: str) -> str:
    """Take a site out of the organisation; return its origin."""

    async def work(node: Node) -> str:
        origin = origin_typed(node, host)
        await organisation.remove(node, origin, BY)
        return origin

    return await with_node(settings, work)


async def leave(settings: Settings) -> None:
    """Leave the organisation."""

    async def work(node: Node) -> None:
        await organisation.leave(node, BY)

    await with_node(settings, work)
