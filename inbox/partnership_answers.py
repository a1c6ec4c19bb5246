"""What another site says about an agreement, taken in or refused at the door, never half.

Whoever calls has verified the signature with a key of `site` that speaks for it; here the text,
its proofs and the state decide. What came before once has no effect again.
"""

from dataclasses import replace

from federation import pairing_invitations
from federation.activity import iso, time_ms
from federation.agreements import Agreement, winner
from federation.database import Row, Transaction
from federation.errors import Refused, TooMany, describe
from federation.fetch import as_object
from federation.fingerprints import same
from federation.keys import PublicKey
from federation.node import Node
from federation.organisations import introduced, own_organisation
from federation.pairing_documents import Act, proof_subject, update_document
from federation.partnership_changes import (
    activate,
    apply,
    forget_offer,
    keep_offer,
    locked,
    wake_lane,
)
from federation.partnerships import Offered, Partnership, partner
from federation.proofs import make_proof
from federation.scopes import narrower
from federation.seen import digest_of, take_in
from federation.site_documents import Site, fetch_site
from inbox.audit import record
from inbox.ends_heard import take_undo
from inbox.lost_follows import end_ungranted, give_back
from inbox.offer_checks import check_crossing, check_parties, follows
from inbox.pairing import send
from inbox.partner_notices import tell
from inbox.partnership_acts import address_of
from inbox.past_requests import ask_past_of_site
from inbox.receipts import is_receipt, take_receipt

describe(
    {
        "pairing.no_offer": "This answers no offer that waits here.",
        "pairing.other_text": "The agreement is not the one that was offered.",
        "pairing.other_kind": "The invitation of {origin} is for another relation: a partner, or a"
        " site of the same organisation; use the command that goes with the code.",
        "organisation.not_lead": "{origin} leads no organisation; join by the site that does.",
        "organisation.already": "This site belongs to {name} already; leave it first.",
        "pairing.full": "Too many offers wait to be confirmed here; come back later.",
        "partner.no_agreement": "There is no agreement with {origin} that this could change.",
        "partner.widening": "This is no narrowing of revision {revision}; what gives more needs"
        " both: offer it.",
    }
)

UNCONFIRMED_MAX = 20
_LATER_S = 3_600


async def take(node: Node, act: Act, site: Site, signed_at_ms: int) -> None:
    """Bring one act to its effect, or raise what its sender is told; a second time is nothing."""
    match act.kind:
        case "Offer":
            await _take_offer(node, act, site, signed_at_ms)
        case "Accept" if is_receipt(act):
            await take_receipt(node, act, site, signed_at_ms)
        case "Accept":
            await _take_accept(node, act, site, signed_at_ms)
        case "Reject":
            await _take_reject(node, act, site, signed_at_ms)
        case "Update":
            await _take_update(node, act, site, signed_at_ms)
        case "Undo":
            await take_undo(node, act, site, signed_at_ms)
    node.keyring.forget_form(site.origin)
    node.delivery_wake.set()
    node.organisation_wake.set()


# Offer ------------------------------------------------------------------------------------------


async def _take_offer(node: Node, act: Act, site: Site, signed_at_ms: int) -> None:
    agreement = act.needed()
    if not site.document:
        site = await _in_full(node, site)
    await check_parties(node, act, site, agreement)
    key = next(key for key in site.keys if key.vouches_for_origin)
    act.proof_by(key)
    known = await partner(node.db, site.origin)
    invitation, kind = None, act.partnership_kind
    if known is None or known.kind != kind or not follows(known, site, agreement):
        invitation = await _invitation(node, act, site, agreement)
    offered = Offered(
        activity=act.document,
        agreement=agreement,
        site=site,
        is_ours=False,
        limit=None if invitation is None else pairing_invitations.scope_of(invitation),
        invitation_id=None if invitation is None else invitation["id"],
        kind=kind,
        organisation_uri=await _organisation(node, act, known, site),
    )

    async def work(tx: Transaction) -> None:
        now = await locked(tx, site.origin)
        check_crossing(node, now, agreement, site.origin)
        # Only in this write, so that what is refused now may be said again.
        if not await _is_new(tx, act, signed_at_ms):
            return
        waiting = await tx.value(
            "SELECT count(*) FROM partnership WHERE offer IS NOT NULL AND state <> 'offered'"
            " AND origin <> ?",
            site.origin,
        )
        if waiting >= UNCONFIRMED_MAX:
            raise TooMany("pairing.full", retry_after_s=_LATER_S)
        await keep_offer(node, tx, offered, None)
        await record(node, tx, act.actor_uri, "partner.offered", site.origin)

    await node.db.write(work)


async def _in_full(node: Node, site: Site) -> Site:
    """All keys of a partner, as its fingerprint covers them."""
    fetched = await fetch_site(node.client, site.origin)
    if not same(fetched.fingerprint, site.fingerprint):
        raise Refused("pairing.other_keys", origin=site.origin)
    return fetched


async def _is_introduced(node: Node, act: Act, site: Site) -> bool:
    """Whether the lead of our organisation named this partner to us, with these keys."""
    fingerprint = await introduced(node, site.origin)
    kept = fingerprint is not None and same(fingerprint, site.fingerprint)
    return kept and act.partnership_kind == "partner"


async def _invitation(node: Node, act: Act, site: Site, agreement: Agreement) -> Row | None:
    now = node.clock()
    invitations = await pairing_invitations.open_for(node.db, site.origin, now)
    if not act.pairing_proof and await _is_introduced(node, act, site):
        return None
    if not invitations:
        raise Refused("pairing.no_invitation", origin=site.origin)
    fingerprints = (agreement.party(node.origin).fingerprint, site.fingerprint)
    subject = proof_subject(act.document, agreement.digest, fingerprints)
    found = pairing_invitations.fitting(invitations, subject, act.pairing_proof)
    if found is not None and found["kind"] != act.partnership_kind:
        raise Refused("pairing.other_kind", origin=site.origin)
    if found is not None:
        return found

    async def count(tx: Transaction) -> None:
        if await pairing_invitations.count_wrong(tx, site.origin, now):
            made_by = invitations[-1]["made_by"]
            reason = "" if made_by is None else f"account {made_by}"
            await record(node, tx, "maillage", "partner.invitation_closed", site.origin, reason)
            await tell(node, tx, site.origin, "invitation_closed", str(invitations[-1]["id"]))

    await node.db.write(count)
    raise Refused("pairing.wrong_proof", origin=site.origin)


async def _organisation(node: Node, act: Act, known: Partnership | None, site: Site) -> str | None:
    """By or into which organisation an offer comes: that of a relation it renews, else ours."""
    kind = act.partnership_kind
    if known is not None and known.kind == kind and known.is_in_force:
        return known.organisation_uri
    own = await own_organisation(node.db)
    if kind != "site":
        by_lead = not act.pairing_proof and await _is_introduced(node, act, site)
        return own.uri if own is not None and by_lead else None
    if own is None or not own.is_led_by(node.origin):
        raise Refused("organisation.not_lead", origin=node.origin)
    return own.uri


# Answers to ours --------------------------------------------------------------------------------


async def _take_accept(node: Node, act: Act, site: Site, signed_at_ms: int) -> None:
    agreement = act.needed()
    key = next(key for key in site.keys if key.vouches_for_origin)
    theirs = act.proof_by(key)
    own = (await node.keyring.site_key(site.origin)).public(node.uris.instance_actor)

    async def work(tx: Transaction) -> None:
        known = await locked(tx, site.origin)
        if known is not None and known.is_in_force and known.agreement == agreement:
            return
        if known is not None and _is_renewed(known, act, own):
            if await _is_new(tx, act, signed_at_ms):
                await apply(tx, site.origin, agreement, (act.proof_by(own), theirs), node.clock())
                await give_back(node, tx, site.origin)
                await record(node, tx, act.actor_uri, "partner.accepted", site.origin)
            return
        offered = _answered(known, act)
        if offered.agreement != agreement or not same(offered.site.fingerprint, site.fingerprint):
            raise Refused("pairing.other_text")
        if offered.kind != act.partnership_kind:
            raise Refused("pairing.other_kind", origin=site.origin)
        await _check_alone(tx, offered)
        if (time_ms(agreement.ends) or 0) <= node.clock():
            raise Refused("pairing.over")
        if not await _is_new(tx, act, signed_at_ms):
            return
        ours = as_object(offered.activity["object"]["agreement"]["proof"][0])
        await activate(node, tx, offered, (ours, theirs))
        await ask_past_of_site(node, tx, site.origin)
        await give_back(node, tx, site.origin)
        await record(node, tx, act.actor_uri, "partner.accepted", site.origin)

    await node.db.write(work)


async def _check_alone(tx: Transaction, offered: Offered) -> None:
    """A site belongs to one organisation: raise Refused when it joined another meanwhile."""
    own = await own_organisation(tx) if offered.kind == "site" else None
    if own is not None and own.uri != offered.organisation_uri:
        raise Refused("organisation.already", name=own.name)


def _is_renewed(known: Partnership, act: Act, own: PublicKey) -> bool:
    """Whether both have proved a later revision, though our offer of it was withdrawn since."""
    agreement = act.needed()
    if known.offer is not None or not known.is_in_force:
        return False
    later = agreement.revision > known.agreement.revision
    if not later or (agreement.uri, agreement.parties) != (
        known.agreement.uri,
        known.agreement.parties,
    ):
        return False
    act.proof_by(own)
    return True


async def _take_reject(node: Node, act: Act, site: Site, signed_at_ms: int) -> None:
    async def work(tx: Transaction) -> None:
        known = await locked(tx, site.origin)
        _answered(known, act)
        if known is not None and await _is_new(tx, act, signed_at_ms):
            await forget_offer(tx, known, node.clock())
            await record(node, tx, act.actor_uri, "partner.rejected", site.origin)

    await node.db.write(work)


def _answered(known: Partnership | None, act: Act) -> Offered:
    """The offer of ours that an act answers."""
    if known is None or known.offer is None or not known.offer.is_ours:
        raise Refused("pairing.no_offer")
    if known.offer.activity["id"] != act.object_uri:
        raise Refused("pairing.no_offer")
    return known.offer


# What changes an agreement in force -------------------------------------------------------------


async def _take_update(node: Node, act: Act, site: Site, signed_at_ms: int) -> None:
    came = act.needed()
    key = next(key for key in site.keys if key.vouches_for_origin)
    theirs = act.proof_by(key)
    own_key = await node.keyring.site_key(site.origin)
    at = iso(node.clock())

    async def work(tx: Transaction) -> None:
        known = await locked(tx, site.origin)
        if known is None or not known.is_in_force:
            raise Refused("partner.no_agreement", origin=site.origin)
        if not await _is_new(tx, act, signed_at_ms):
            return
        now, had = node.clock(), known.agreement
        if came == had:
            if known.state == "active":
                await wake_lane(tx, site.origin, now)
            return
        if came.revision < had.revision and came.uri == had.uri:
            # Said before it heard of our change, which waits here: a sign of life all the same.
            if known.state == "active":
                await wake_lane(tx, site.origin, now)
            return
        if came.narrows(had):
            await apply(tx, site.origin, came, (None, theirs), now)
            await end_ungranted(node, tx, site.origin)
            await record(node, tx, act.actor_uri, "partner.narrowed", site.origin)
            return
        merged = _crossed(had, came, site.origin)
        if merged is None:
            raise Refused("partner.widening", revision=str(had.revision))
        proof = make_proof(merged.document(), own_key, at)
        await apply(tx, site.origin, merged, (proof, None), now)
        await end_ungranted(node, tx, site.origin)
        said = update_document(*address_of(node, site.origin, "update"), at, merged, proof)
        await send(node, tx, site.origin, said)
        await record(node, tx, act.actor_uri, "partner.narrowed", site.origin)

    await node.db.write(work)


def _crossed(had: Agreement, came: Agreement, origin: str) -> Agreement | None:
    """The text after both have narrowed the same revision: what both still grant.

    The winner of the two is told on; its next revision takes nothing back that either took away.
    None when what came gives more than both had.
    """
    if came.revision != had.revision or (came.uri, came.parties) != (had.uri, had.parties):
        return None
    if not came.grant_of(origin).is_within(had.grant_of(origin)):
        return None
    base = winner(had, came)
    grants = [(of, narrower(had.grant_of(of), came.grant_of(of))) for of, _ in base.grants]
    return replace(
        base,
        revision=base.revision + 1,
        grants=(grants[0], grants[1]),
        ends=min(had.ends, came.ends),
        starts=max(had.starts, came.starts),
    )


async def _is_new(tx: Transaction, act: Act, signed_at_ms: int) -> bool:
    digest = digest_of(act.uri, act.kind, act.actor_uri, act.document)
    return await take_in(tx, digest, signed_at_ms)
