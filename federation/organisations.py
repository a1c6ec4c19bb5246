"""Organisations as they are kept: the one of this site, and those of partners.

A site belongs to one organisation at most. Its list is replaced by a later one of the same lead
and by nothing else; how far each listed site is related stands beside it.
"""

from dataclasses import dataclass

import orjson

from federation.activity import iso
from federation.database import Reader, Row, Transaction
from federation.errors import NodeError, describe
from federation.keys import PrivateKey
from federation.node import Node
from federation.organisation_lists import Introduction, Listed, SiteList, lead_of, read_list
from federation.proofs import make_proof
from federation.vocabulary import Document

describe(
    {
        "organisation.older": "List {came} of {origin} is not later than number {number}, which is"
        " kept here; send one with a higher number.",
    }
)

LISTED, RELATED, PROPOSED = "listed", "active", "proposed"
"""Of a site on a list: no relation yet, a relation, and waiting for a person's confirmation."""
REFUSED = "refused"
"""Of a site on a partner's list: a person here said no; she can still confirm it later."""


class OtherList(NodeError):
    """409: another list stands already under this number, or a later one."""

    status = 409


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation; `listed` is None until its first list has come."""

    uri: str
    name: str
    lead_origin: str
    number: int
    listed: SiteList | None
    proof: Document | None
    is_ours: bool

    def is_led_by(self, origin: str) -> bool:
        """Whether this origin is its lead."""
        return self.lead_origin == origin


async def own_organisation(reader: Reader) -> Organisation | None:
    """The organisation of this site; None when it is alone."""
    row = await reader.row("SELECT * FROM organisation WHERE is_ours")
    return None if row is None else _read(row)


async def organisation(reader: Reader, uri: str) -> Organisation | None:
    """The organisation of this id, ours or another's; None when nothing is known of it."""
    row = await reader.row("SELECT * FROM organisation WHERE uri = ?", uri)
    return None if row is None else _read(row)


async def begin(node: Node, tx: Transaction, uri: str, name: str, *, is_ours: bool) -> None:
    """Know of an organisation whose list has not come yet; nothing when it is known."""
    now = node.clock()
    made = await tx.execute(
        "INSERT INTO organisation (uri, name, lead_origin, number, sites, proof, is_ours,"
        " updated_at) VALUES (?, ?, ?, 0, ?, '', ?, ?) ON CONFLICT (uri) DO UPDATE"
        " SET is_ours = TRUE WHERE excluded.is_ours AND NOT organisation.is_ours",
        uri,
        name,
        lead_of(uri),
        b"",
        is_ours,
        now,
    )
    if made and is_ours:
        await _say_so(node, tx)


async def keep(node: Node, tx: Transaction, listed: SiteList, proof: Document) -> bool:
    """Put a list in the place of the former; False when it is the one that is kept.

    The organisation is known already. Raises OtherList unless the number is higher.
    """
    row = await tx.row("SELECT * FROM organisation WHERE uri = ?", listed.uri)
    assert row is not None, "whoever keeps a list knows its organisation"
    if listed.number <= row["number"]:
        if listed.number == row["number"] and bytes(row["sites"]) == listed.to_bytes():
            return False
        raise OtherList(
            "organisation.older",
            came=str(listed.number),
            origin=listed.lead_origin,
            number=str(row["number"]),
        )
    await tx.execute(
        "UPDATE organisation SET name = ?, number = ?, sites = ?, proof = ?, updated_at = ?"
        " WHERE uri = ?",
        listed.name,
        listed.number,
        listed.to_bytes(),
        orjson.dumps(proof).decode(),
        node.clock(),
        listed.uri,
    )
    await _keep_sites(tx, listed, LISTED if row["is_ours"] else PROPOSED)
    if row["is_ours"]:
        await _say_so(node, tx)
    return True


async def _keep_sites(tx: Transaction, listed: SiteList, state: str) -> None:
    """Take over who is listed; whoever has other keys than before begins anew."""
    known = {
        row["origin"]: row
        for row in await tx.rows(
            "SELECT * FROM organisation_site WHERE organisation_uri = ?", listed.uri
        )
    }
    for site in listed.sites:
        row = known.pop(site.origin, None)
        if row is not None and (row["fingerprint"], row["since"]) == (site.fingerprint, site.since):
            await tx.execute(
                "UPDATE organisation_site SET name = ?, next_attempt_at = 0"
                " WHERE organisation_uri = ? AND origin = ?",
                site.name,
                listed.uri,
                site.origin,
            )
            continue
        await _forget(tx, listed.uri, site.origin)
        await tx.execute(
            "INSERT INTO organisation_site (organisation_uri, origin, fingerprint, state, name,"
            " since) VALUES (?, ?, ?, ?, ?, ?)",
            listed.uri,
            site.origin,
            site.fingerprint,
            state,
            site.name,
            site.since,
        )
    for origin in known:
        await _forget(tx, listed.uri, origin)


async def _forget(tx: Transaction, uri: str, origin: str) -> None:
    await tx.execute(
        "DELETE FROM organisation_site WHERE organisation_uri = ? AND origin = ?", uri, origin
    )


async def relist(node: Node, tx: Transaction, key: PrivateKey, sites: list[Listed]) -> Organisation:
    """State and prove the next list of the organisation that this site leads."""
    known = await own_organisation(tx)
    assert known is not None, "only a lead lists"
    now = iso(node.clock())
    ordered = tuple(sorted(sites, key=lambda site: site.origin))
    listed = SiteList(known.uri, known.name, known.number + 1, now, ordered)
    await keep(node, tx, listed, make_proof(listed.document(), key, now))
    await tx.execute(
        "UPDATE organisation_site SET state = ? WHERE organisation_uri = ?", RELATED, known.uri
    )
    made = await own_organisation(tx)
    assert made is not None, "it was kept in this write"
    return made


async def dissolve(node: Node, tx: Transaction, uri: str) -> None:
    """Forget an organisation and its list; of our own, nothing claims it from this commit on."""
    ours = await tx.value("SELECT is_ours FROM organisation WHERE uri = ?", uri)
    await tx.execute("DELETE FROM organisation_site WHERE organisation_uri = ?", uri)
    await tx.execute("DELETE FROM organisation_partner WHERE organisation_uri = ?", uri)
    await tx.execute("DELETE FROM organisation WHERE uri = ?", uri)
    if ours:
        await _say_so(node, tx)


async def _say_so(node: Node, tx: Transaction) -> None:
    """Let the instance actor, whose document is kept by its last change, be written anew."""
    await tx.execute(
        "UPDATE actor SET updated_at = CASE WHEN updated_at < ? THEN ? ELSE updated_at + 1 END"
        " WHERE uri = ?",
        node.clock(),
        node.clock(),
        node.uris.instance_actor,
    )


def _read(row: Row) -> Organisation:
    sites = bytes(row["sites"])
    return Organisation(
        uri=row["uri"],
        name=row["name"],
        lead_origin=row["lead_origin"],
        number=row["number"],
        listed=read_list(orjson.loads(sites)) if sites else None,
        proof=orjson.loads(row["proof"]) if row["proof"] else None,
        is_ours=bool(row["is_ours"]),
    )


async def others(reader: Reader) -> list[Organisation]:
    """The organisations of partners, as their leads told of them, by id."""
    rows = await reader.rows("SELECT * FROM organisation WHERE NOT is_ours ORDER BY uri")
    return [_read(row) for row in rows]


async def names_by_site(reader: Reader) -> dict[str, str]:
    """The name of its organisation by the origin of each site that a list here names, and a lead's.

    A list counts for nobody else: of a partner's organisation, its own lead has told it.
    """
    rows = await reader.rows(
        "SELECT s.origin, o.name FROM organisation_site s JOIN organisation o"
        " ON o.uri = s.organisation_uri UNION SELECT lead_origin, name FROM organisation"
    )
    return {row["origin"]: row["name"] for row in rows}


async def introduced(node: Node, origin: str) -> str | None:
    """The fingerprint of a partner that the lead of our organisation has named to us, or None."""
    return await node.db.value(
        "SELECT p.fingerprint FROM organisation_partner p JOIN organisation o"
        " ON o.uri = p.organisation_uri WHERE o.is_ours AND o.lead_origin <> ? AND p.origin = ?",
        node.origin,
        origin,
    )


async def keep_partners(tx: Transaction, said: Introduction) -> bool:
    """Keep which partners the lead has; False when something later is known."""
    changed = await tx.execute(
        "UPDATE organisation SET partners_number = ? WHERE uri = ? AND partners_number < ?",
        said.number,
        said.uri,
        said.number,
    )
    if not changed:
        return False
    await tx.execute("DELETE FROM organisation_partner WHERE organisation_uri = ?", said.uri)
    await tx.many(
        "INSERT INTO organisation_partner (organisation_uri, origin, fingerprint) VALUES (?, ?, ?)",
        [(said.uri, party.origin, party.fingerprint) for party in said.partners],
    )
    return True


async def partners_told(reader: Reader, uri: str) -> set[tuple[str, str]]:
    """(origin, fingerprint) of the partners that an organisation's sites know of."""
    rows = await reader.rows(
        "SELECT origin, fingerprint FROM organisation_partner WHERE organisation_uri = ?", uri
    )
    return {(row["origin"], row["fingerprint"]) for row in rows}


@dataclass(frozen=True, slots=True)
class SiteStanding:
    """One site of an organisation as this one sees it; `reason` says why it is only listed.

    `state` is `own`, `listed`, `proposed`, `refused` or that of the partnership with it.
    """

    origin: str
    name: str
    is_lead: bool
    state: str
    reason: str | None


async def sites_of(node: Node, reader: Reader, known: Organisation) -> list[SiteStanding]:
    """The sites of an organisation, by origin, and how this one stands to each."""
    rows = await reader.rows(
        "SELECT s.origin, s.name, s.state, s.reason, p.state AS partnership"
        " FROM organisation_site s LEFT JOIN partnership p ON p.origin = s.origin"
        " WHERE s.organisation_uri = ? ORDER BY s.origin",
        known.uri,
    )
    return [_standing(node, known, row) for row in rows]


def _standing(node: Node, known: Organisation, row: Row) -> SiteStanding:
    origin, state = row["origin"], row["state"]
    is_lead = known.is_led_by(origin)
    if origin == node.origin:
        state = "own"
    elif is_lead or state in {RELATED, PROPOSED, REFUSED}:
        state = row["partnership"] or state
    return SiteStanding(origin, row["name"], is_lead, state, row["reason"])
