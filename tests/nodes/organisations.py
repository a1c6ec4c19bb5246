"""Running nodes that become sites of one organisation, a person confirming on both sides."""

from federation.organisation_lists import SiteList
from federation.organisations import own_organisation
from inbox import organisation, pairing
from tests.nodes.partners import BY, becomes
from tests.serving import Running, eventually

NAME = "Les Deux Rives"
Sites = tuple[Running, Running, Running]


async def invited(lead: Running, other: Running) -> str:
    """A code with which `other` may join."""
    made = await lead.node.db.write(lambda tx: organisation.invite(lead.node, tx, other.origin, BY))
    return made.text()


async def joined(lead: Running, other: Running) -> None:
    """Let `other` join the organisation of `lead`."""
    await organisation.join(other.node, await invited(lead, other), BY)
    await pairing.confirm(lead.node, other.origin, BY)
    await becomes(other, lead, "active")


async def numbered(at: Running, number: int) -> SiteList:
    """Wait until a site keeps the list of this number; return it."""

    async def has() -> SiteList | None:
        own = await own_organisation(at.node.db)
        return own.listed if own is not None and own.number == number else None

    return await eventually(has)


async def united(lead: Running, roses: Running, valmont: Running) -> Sites:
    """Three sites of one organisation, the first leads it."""
    await organisation.create(lead.node, NAME, BY)
    for site in (roses, valmont):
        await joined(lead, site)
    await becomes(roses, valmont, "active")
    await becomes(valmont, roses, "active")
    return lead, roses, valmont
