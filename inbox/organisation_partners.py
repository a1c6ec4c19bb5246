"""Partners of an organisation: a site of it and a partner of its lead agree, without a code.

The lead vouches both ways: its list names the site and its keys to the partner, its introduction
names the partner to the site. Still a person on each side confirms, and each agreement ends alone
or with what vouched for it.
"""

from dataclasses import replace

from federation.admission import admits
from federation.agreements import NEW_SITES
from federation.database import Transaction
from federation.errors import NodeError, NotFound, Refused, describe
from federation.fingerprints import same
from federation.node import Node
from federation.organisation_lists import Listed, claimed
from federation.organisations import PROPOSED, REFUSED, Organisation, dissolve, others
from federation.partnership_changes import forget_offer, locked
from federation.partnerships import CLOSED, Partnership, partner
from federation.site_documents import Site, fetch_site
from federation.site_proofs import ask_proof
from inbox.audit import record
from inbox.offer_texts import DAYS, make_offer, new_agreement
from inbox.pairing import By, hand_over
from inbox.partnership_acts import cut

describe(
    {
        "organisation.other_keys": "{origin} does not have the keys that the list of the"
        " organisation names; nothing is exchanged with it.",
        "organisation.unclaimed": "{origin} is on the list of the organisation and does not say"
        " that it belongs to it; nothing is exchanged with it.",
        "organisation.not_proposed": "{origin} is no site that a partner's organisation lists.",
    }
)


ACCEPTED = NEW_SITES[1]
_FIRST_WAIT_MS = 250
_WAIT_MS_MAX = 3_600_000


async def meet(node: Node, uri: str, listed: Listed) -> Site:
    """Ask a listed site who it is: its keys, its claim, and a proof that it holds the keys.

    Raises Refused for a site that is blocked, has other keys or does not claim the organisation;
    whatever `fetch_site` and `ask_proof` raise.
    """
    origin = listed.origin
    if await admits(node.db, node_closed=True, origin=origin) == "blocked":
        raise Refused("pairing.blocked", origin=origin)
    site = await fetch_site(node.client, origin)
    if not same(site.fingerprint, listed.fingerprint):
        raise Refused("organisation.other_keys", origin=origin)
    if (claimed(site.document) or ("", ""))[0] != uri:
        raise Refused("organisation.unclaimed", origin=origin)
    await ask_proof(node.client, origin, [key for key in site.keys if key.vouches_for_origin])
    return site


def wait_ms(attempts: int) -> int:
    """How long to wait after so many attempts at a listed site: a quarter of a second to an hour.

    Sites that are told of each other at the same moment are rarely ready at the same moment.
    """
    return min(_FIRST_WAIT_MS << min(attempts, 14), _WAIT_MS_MAX)


async def proposed(node: Node, origin: str) -> tuple[Organisation, Listed, Partnership]:
    """What is known of a site that a partner's list names, and the agreement with its lead.

    Raises NotFound when no partner lists it.
    """
    for known in await others(node.db):
        listed = None if known.listed is None else known.listed.site(origin)
        lead = await partner(node.db, known.lead_origin)
        if listed is not None and lead is not None and lead.is_in_force:
            return known, listed, lead
    raise NotFound("organisation.not_proposed", origin=origin)


async def confirm(node: Node, origin: str, by: By) -> Partnership:
    """Offer the agreement of its lead to a site that a partner's organisation lists.

    A person there confirms it as well. Raises as `proposed`, `meet` and `pairing.hand_over`.
    """
    known, listed, lead = await proposed(node, origin)
    site = await meet(node, known.uri, listed)
    text = await new_agreement(node, site, lead.ours, lead.theirs, DAYS)
    text = replace(text, ends=lead.agreement.ends)
    offered, proof = await make_offer(node, site, text, "partner", known.uri)
    return await hand_over(node, offered, proof, by)


async def refuse(node: Node, origin: str, by: By) -> None:
    """Note that a person here refused a site that a partner's list proposes; it is asked no more.

    Nobody is told. Raises as `proposed`, Refused when there is an agreement with it already.
    """
    known, _, _ = await proposed(node, origin)

    async def work(tx: Transaction) -> None:
        held = await locked(tx, origin)
        if held is not None and held.state not in CLOSED:
            raise Refused("pairing.already", origin=origin)
        await tx.execute(
            "UPDATE organisation_site SET state = ? WHERE organisation_uri = ? AND origin = ?",
            REFUSED,
            known.uri,
            origin,
        )
        await record(node, tx, by.uri, "organisation.refuse", origin)

    await node.db.write(work)


async def offer_accepted(node: Node) -> None:
    """Offer to every listed site to which an agreement accepts new ones, each once per list."""
    rows = await node.db.rows(
        "SELECT s.origin, s.organisation_uri, s.attempts FROM organisation_site s"
        " JOIN organisation o ON o.uri = s.organisation_uri WHERE NOT o.is_ours AND s.state = ?"
        " AND s.next_attempt_at <= ? AND s.origin <> o.lead_origin AND NOT EXISTS"
        " (SELECT 1 FROM partnership p WHERE p.origin = s.origin) ORDER BY s.origin",
        PROPOSED,
        node.clock(),
    )
    for row in rows:
        try:
            _, _, lead = await proposed(node, row["origin"])
            if lead.agreement.new_sites != ACCEPTED:
                continue
            await confirm(node, row["origin"], By())
        except NodeError as error:
            await node.db.write(
                lambda tx, row=row, code=error.code: tx.execute(
                    "UPDATE organisation_site SET reason = ?, attempts = attempts + 1,"
                    " next_attempt_at = ?"
                    " WHERE organisation_uri = ? AND origin = ?",
                    code,
                    node.clock() + wait_ms(row["attempts"]),
                    row["organisation_uri"],
                    row["origin"],
                )
            )


async def follow_others(node: Node) -> None:
    """End what a partner's list no longer vouches for, at once."""
    for known in await others(node.db):
        lead = await partner(node.db, known.lead_origin)
        is_over = lead is None or lead.state in CLOSED or lead.kind != "partner"
        sites = () if is_over or known.listed is None else known.listed.sites
        kept = frozenset(site.origin for site in sites)
        if is_over or await _has_others(node, known.uri, kept):
            await node.db.write(
                lambda tx, uri=known.uri, kept=kept, over=is_over: _let_go(
                    node, tx, uri, kept, over=over
                )
            )


async def _let_go(
    node: Node, tx: Transaction, uri: str, kept: frozenset[str], *, over: bool
) -> None:
    await end_introduced(node, tx, uri, kept)
    if over:
        await dissolve(node, tx, uri)


async def end_unnamed(node: Node, uri: str) -> None:
    """End the agreements that came by the lead of our organisation, with whom it names no more."""
    rows = await node.db.rows(
        "SELECT origin FROM organisation_partner WHERE organisation_uri = ?", uri
    )
    kept = frozenset(row["origin"] for row in rows)
    if await _has_others(node, uri, kept):
        await node.db.write(lambda tx: end_introduced(node, tx, uri, kept))


_VOUCHED = (
    "SELECT origin FROM partnership WHERE kind = 'partner' AND organisation_uri = ?"
    " AND state NOT IN ('ended', 'expired') ORDER BY origin"
)


async def _has_others(node: Node, uri: str, kept: frozenset[str]) -> bool:
    rows = await node.db.rows(_VOUCHED, uri)
    return any(row["origin"] not in kept for row in rows)


async def end_introduced(node: Node, tx: Transaction, uri: str, kept: frozenset[str]) -> None:
    """End every agreement that an organisation's lead vouched for, but with those that are kept."""
    for row in await tx.rows(_VOUCHED, uri):
        known = await locked(tx, row["origin"])
        if row["origin"] in kept or known is None:
            continue
        if known.state in {"offered", "asked"}:
            await forget_offer(tx, known, node.clock())
            continue
        await cut(node, tx, row["origin"], "ended", node.origin)
        await record(node, tx, "maillage", "organisation.partner_left", row["origin"])
        tx.after_commit(lambda origin=row["origin"]: node.keyring.forget_form(origin))
