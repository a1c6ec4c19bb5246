"""What this site does with an organisation: found it, invite into it, join it, leave it.

The list of sites is made of the relations its lead has confirmed, and of nothing else: whoever is
taken out of one is taken out of the other.
"""

from collections.abc import Sequence

from federation.activity import iso
from federation.agreements import Party
from federation.database import Reader, Row, Transaction
from federation.errors import Invalid, NotFound, Refused, describe
from federation.fingerprints import same
from federation.node import Node
from federation.organisation_lists import (
    FULL,
    NAME_CHARACTERS_MAX,
    Introduction,
    Listed,
    claimed,
    introduction_update,
    list_update,
    organisation_uri,
)
from federation.organisations import (
    Organisation,
    begin,
    dissolve,
    keep_partners,
    own_organisation,
    partners_told,
    relist,
)
from federation.pairing_codes import PairingCode
from federation.partnerships import Partnership
from federation.site_documents import Site, own_fingerprint, plain
from inbox import pairing
from inbox.audit import record
from inbox.offer_texts import DAYS_MAX
from inbox.pairing import By, needed, send
from inbox.partnership_acts import address_of, end

describe(
    {
        "organisation.none": "This site belongs to no organisation.",
        "organisation.name": "An organisation needs a name of 1 to {expected} characters on one"
        " line.",
        "organisation.not_lead_here": "{name} is led by {origin}; this is done there.",
        "organisation.lead_stays": "{name} still has other sites; remove them before the site that"
        " leads it leaves.",
        "organisation.no_site": "{origin} is no site of {name}.",
    }
)

_STANDS = "('active', 'paused', 'key_changed')"


async def create(node: Node, name: str, by: By) -> Organisation:
    """Found an organisation that this site leads; raise Refused when it belongs to one already."""
    typed = plain(name)
    if not typed or len(name.strip()) > NAME_CHARACTERS_MAX:
        raise Invalid("organisation.name", field="name", expected=str(NAME_CHARACTERS_MAX))
    key = await node.keyring.instance_ed25519()
    fingerprint = await own_fingerprint(node.db, node.uris)

    async def work(tx: Transaction) -> Organisation:
        await _check_alone(tx)
        await begin(node, tx, organisation_uri(node.origin), typed, is_ours=True)
        made = await relist(node, tx, key, [_us(node, fingerprint, None)])
        await record(node, tx, by.uri, "organisation.create", made.uri)
        return made

    return await node.db.write(work)


async def invite(node: Node, tx: Transaction, origin: str, by: By) -> PairingCode:
    """Invite a site into the organisation led here; the code is shown this once."""
    _led_here(node, await own_organisation(tx))
    return await pairing.invite(node, tx, origin, FULL, by, "site")


async def look(node: Node, typed: str) -> tuple[Site, str, str]:
    """Who stands behind a code, and the id and name of the organisation it leads.

    Raises as `pairing.look`, Refused when it leads none.
    """
    code, site = await pairing.look(node, typed)
    uri, name = claimed(site.document) or ("", "")
    if uri != organisation_uri(code.origin):
        raise Refused("organisation.not_lead", origin=code.origin)
    return site, uri, name


async def join(node: Node, typed: str, by: By) -> Partnership:
    """Offer to be a site of the organisation that gave us the code, and wait for its person."""
    await _check_alone(node.db)
    _, uri, _ = await look(node, typed)
    return await pairing.offer(node, typed, FULL, FULL, by, DAYS_MAX, uri)


async def remove(node: Node, origin: str, by: By) -> None:
    """Take a site out of the organisation led here: its relation with every site ends."""
    own = _led_here(node, await own_organisation(node.db))
    known = await needed(node, origin)
    if known.kind != "site" or known.organisation_uri != own.uri or known.state == "ended":
        raise Refused("organisation.no_site", origin=origin, name=own.name)
    await end(node, origin, by)
    await list_sites(node)


async def leave(node: Node, by: By) -> None:
    """Leave the organisation: the relation with its lead ends, and so with every other site.

    The lead leaves last, and then there is no organisation any more.
    """
    own = _known(await own_organisation(node.db))
    if not own.is_led_by(node.origin):
        await end(node, own.lead_origin, by)
        node.organisation_wake.set()
        return

    async def work(tx: Transaction) -> None:
        if await _members(tx, own.uri):
            raise Refused("organisation.lead_stays", name=own.name)
        await dissolve(node, tx, own.uri)
        await record(node, tx, by.uri, "organisation.dissolve", own.uri)

    await node.db.write(work)


async def list_sites(node: Node) -> bool:
    """State the next list when the confirmed relations are others than it says; say whether.

    Every site, and every partner, is sent it.
    """
    key = await node.keyring.instance_ed25519()
    fingerprint = await own_fingerprint(node.db, node.uris)

    async def work(tx: Transaction) -> bool:
        own = await own_organisation(tx)
        if own is None or not own.is_led_by(node.origin):
            return False
        wanted = [_us(node, fingerprint, own), *await _wanted(node, tx, own)]
        had = () if own.listed is None else own.listed.sites
        if sorted(wanted, key=lambda site: site.origin) == list(had):
            return False
        made = await relist(node, tx, key, wanted)
        await _tell(node, tx, made)
        await record(node, tx, "maillage", "organisation.list", own.uri, str(made.number))
        return True

    changed = await node.db.write(work)
    if changed:
        node.delivery_wake.set()
    return changed


async def needs_list(node: Node, own: Organisation) -> bool:
    """Whether the list of the organisation led here is not that of its relations; only reads."""
    rows = await _members(node.db, own.uri)
    related = {(row["origin"], row["fingerprint"], row["name"]) for row in rows}
    had = () if own.listed is None else own.listed.sites
    related.add((node.origin, await own_fingerprint(node.db, node.uris), plain(node.name)))
    return related != {(site.origin, site.fingerprint, site.name) for site in had}


async def tell_list(node: Node, tx: Transaction, own: Organisation, origin: str) -> None:
    """Queue the list as it is for one site or partner.

    Who does not know the newest key of this site could not believe it: it is told after that key.
    """
    if own.listed is None or own.proof is None:
        return
    if await tx.value("SELECT signs_with FROM partnership WHERE origin = ?", origin) is not None:
        return
    address = address_of(node, origin, "sites")
    said = list_update(*address, iso(node.clock()), own.listed, own.proof)
    await send(node, tx, origin, said)


async def tell_list_after_key(node: Node, tx: Transaction, origin: str) -> None:
    """Queue the list for whoever has just taken the newest key, once it is stated with that key."""
    own = await own_organisation(tx)
    if own is None or own.listed is None or not own.is_led_by(node.origin):
        return
    us = own.listed.site(node.origin)
    if us is not None and same(us.fingerprint, await own_fingerprint(tx, node.uris)):
        await tell_list(node, tx, own, origin)


async def introduce(node: Node) -> bool:
    """Name to every site which partners the lead, this site, has, when that has changed.

    A new partner is sent the list.
    """

    async def work(tx: Transaction) -> bool:
        own = await own_organisation(tx)
        if own is None or not own.is_led_by(node.origin):
            return False
        had, now = await partners_told(tx, own.uri), await partners_of(tx)
        if had == now:
            return False
        said = _introduction(node, own, now)
        await keep_partners(tx, said)
        for row in await _members(tx, own.uri):
            await _name_partners(node, tx, own, said, row["origin"])
        for origin, _ in sorted(now - had):
            await tell_list(node, tx, own, origin)
        return True

    changed = await node.db.write(work)
    if changed:
        node.delivery_wake.set()
    return changed


async def partners_of(reader: Reader) -> set[tuple[str, str]]:
    """(origin, fingerprint) of the partners of this site whose agreement is in force."""
    rows = await reader.rows(
        "SELECT origin, fingerprint FROM partnership WHERE kind = 'partner'"
        " AND organisation_uri IS NULL AND state IN ('active', 'paused')"
    )
    return {(row["origin"], row["fingerprint"]) for row in rows}


def _introduction(node: Node, own: Organisation, of: set[tuple[str, str]]) -> Introduction:
    return Introduction(own.uri, node.ids.next(), tuple(Party(*one) for one in sorted(of)))


async def _name_partners(
    node: Node, tx: Transaction, own: Organisation, said: Introduction, origin: str
) -> None:
    address, now = address_of(node, origin, "partners"), iso(node.clock())
    await send(node, tx, origin, introduction_update(*address, now, own.name, said))


async def _tell(node: Node, tx: Transaction, own: Organisation) -> None:
    told = await partners_told(tx, own.uri)
    said = _introduction(node, own, told)
    for row in await tx.rows(
        f"SELECT origin, kind FROM partnership WHERE state IN {_STANDS} ORDER BY origin"
    ):
        await tell_list(node, tx, own, row["origin"])
        if told and row["kind"] == "site":
            await _name_partners(node, tx, own, said, row["origin"])


async def _wanted(node: Node, tx: Transaction, own: Organisation) -> list[Listed]:
    now = iso(node.clock())
    sites: list[Listed] = []
    for row in await _members(tx, own.uri):
        had = None if own.listed is None else own.listed.site(row["origin"])
        since = now if had is None else had.since
        sites.append(Listed(row["origin"], row["fingerprint"], row["name"], since))
    return sites


async def _members(reader: Reader, uri: str) -> Sequence[Row]:
    return await reader.rows(
        "SELECT origin, fingerprint, name FROM partnership WHERE kind = 'site'"
        f" AND organisation_uri = ? AND state IN {_STANDS} ORDER BY origin",
        uri,
    )


def _us(node: Node, fingerprint: str, own: Organisation | None) -> Listed:
    had = None if own is None or own.listed is None else own.listed.site(node.origin)
    since = iso(node.clock()) if had is None else had.since
    return Listed(node.origin, fingerprint, plain(node.name), since)


def _known(own: Organisation | None) -> Organisation:
    if own is None:
        raise NotFound("organisation.none")
    return own


def _led_here(node: Node, own: Organisation | None) -> Organisation:
    known = _known(own)
    if not known.is_led_by(node.origin):
        raise Refused("organisation.not_lead_here", name=known.name, origin=known.lead_origin)
    return known


async def _check_alone(reader: Reader) -> None:
    own = await own_organisation(reader)
    if own is not None:
        raise Refused("organisation.already", name=own.name)
