"""Pairing: how two sites come to an agreement, a person on each side confirming what she has seen.

One site invites, the other offers with the code, the first confirms: then both hold the same
text with both proofs. Whatever one of them changes goes back as an offer of its own.
"""

from dataclasses import dataclass, replace

import orjson

from actors import queries
from federation import pairing_invitations
from federation.activity import iso
from federation.admission import admits
from federation.agreements import NEW_SITES
from federation.client_errors import ClientError
from federation.database import Row, Transaction
from federation.errors import Invalid, Malformed, NotFound, Refused, Unavailable, describe
from federation.fingerprints import safety_number, same
from federation.node import Node
from federation.pairing_codes import PairingCode, read_code
from federation.pairing_documents import (
    AGREEMENT,
    PLACE,
    accept_document,
    proof_subject,
    reject_document,
    withdraw_document,
)
from federation.partnership_changes import activate, forget_offer, keep_offer, locked
from federation.partnerships import Offered, Partnership, partner
from federation.peers import read_origin
from federation.proofs import make_proof, pairing_proof
from federation.scopes import Scope, narrower
from federation.site_documents import Site, fetch_site, own_fingerprint, plain
from federation.vocabulary import Document
from inbox.audit import record
from inbox.lost_follows import give_back
from inbox.offer_texts import DAY_MS, DAYS, check_days, make_offer, new_agreement
from inbox.past_requests import ask_past_of_site
from inbox.terms import check_read, stated
from outbox.audience import Recipient
from outbox.publish import publish

describe(
    {
        "pairing.own": "{origin} is this site itself.",
        "pairing.blocked": "{origin} is blocked by this site; lift the block first.",
        "pairing.fingerprint": "Whoever answers at {origin} does not have the keys of the code: ask"
        " its administrator by another way, and type nothing there.",
        "pairing.already": "There is an agreement with {origin} already; renew it instead.",
        "pairing.waits_for_you": "{origin} has made an offer already: look at it and confirm it.",
        "pairing.nothing": "No offer of {origin} waits to be confirmed.",
        "pairing.refused": "{origin} did not take the offer ({status}): {said}",
        "pairing.unreachable": "{origin} cannot be reached ({reason}); nothing is agreed. Give the"
        " code again later.",
        "pairing.safety_number": "This is not the safety number of the two sites; compare it with"
        " the other administrator, and read it once more.",
        "partner.unknown": "There is no partnership with {origin}.",
    }
)

_DEADLINE_S = 15.0
_SAID_MAX = 300


@dataclass(frozen=True, slots=True)
class By:
    """Who acts: a person of staff, or whoever has the machine (`maillage`, no account)."""

    uri: str = "maillage"
    account_id: int | None = None


def origin_typed(node: Node, text: str) -> str:
    """The origin of another site as a person writes it; raise Invalid for what is none, or ours."""
    written = text.strip().rstrip("/")
    try:
        origin = read_origin(written) if "://" in written else node.client.origin_at(written)
    except Malformed as error:
        raise Invalid("uri.malformed", field="host", came=written) from error
    if origin == node.origin:
        raise Invalid("pairing.own", field="host", origin=origin)
    return origin


async def invite(
    node: Node, tx: Transaction, origin: str, scope: Scope, by: By, kind: str = "partner"
) -> PairingCode:
    """Invite one site, ready to grant it `scope`; raise Refused for one that is blocked."""
    if await admits(tx, node_closed=True, origin=origin) == "blocked":
        raise Refused("pairing.blocked", origin=origin)
    code = await pairing_invitations.invite(node, tx, origin, scope, by.account_id, kind)
    await record(node, tx, by.uri, f"{kind}.invite", origin)
    return code


async def look(node: Node, typed: str) -> tuple[PairingCode, Site]:
    """Who stands behind a code: asked there, and compared with the fingerprint in the code.

    Raises Invalid for a code that cannot be read, Refused when somebody else answers there.
    """
    code = read_code(typed)
    if code.origin == node.origin:
        raise Invalid("pairing.own", field="code", origin=code.origin)
    if await admits(node.db, node_closed=True, origin=code.origin) == "blocked":
        raise Refused("pairing.blocked", origin=code.origin)
    site = await fetch_site(node.client, code.origin)
    if not code.fits(site.fingerprint):
        raise Refused("pairing.fingerprint", origin=code.origin)
    return code, site


async def safety_number_with(node: Node, origin: str, fingerprint: str) -> str:
    """The 60 digits that both administrators read."""
    ours = await own_fingerprint(node.db, node.uris)
    return safety_number([(node.origin, ours), (origin, fingerprint)])


def check_number(expected: str, came: str) -> None:
    """Raise Invalid unless a person gave the safety number; spaces do not matter."""
    if not same("".join(expected.split()), "".join(came.split())):
        raise Invalid("pairing.safety_number", field="safety_number")


async def offer(
    node: Node,
    typed: str,
    ours: Scope,
    theirs: Scope,
    by: By,
    days: int = DAYS,
    organisation_uri: str | None = None,
    new_sites: str = NEW_SITES[0],
) -> Partnership:
    """Offer an agreement to whoever gave us the code, and wait for its person.

    The person here has seen site, scope and safety number. With `organisation_uri`, offer to be
    a site of the organisation that the other one leads; with `new_sites` *accepted*, agree to
    whom its organisation lists later, too. Raises as `look`, Refused with what
    the other site said, Unavailable when it cannot be reached: then nothing is left behind.
    """
    code, site = await look(node, typed)
    agreement = await new_agreement(node, site, ours, theirs, days)
    agreement = replace(agreement, new_sites=new_sites)
    kind = "partner" if organisation_uri is None else "site"
    offered, proof = await make_offer(node, site, agreement, kind, organisation_uri)
    us = await own_fingerprint(node.db, node.uris)
    subject = proof_subject(offered.activity, agreement.digest, (site.fingerprint, us))
    offered.activity["pairingProof"] = pairing_proof(code.token_hash, subject)
    return await hand_over(node, offered, proof, by)


async def hand_over(node: Node, offered: Offered, proof: Document, by: By) -> Partnership:
    """Keep an offer of ours and post it; raise Refused with what the other site said.

    Nothing is left behind when it was refused; what could not be posted can be said again.
    """
    site, kind = offered.site, offered.kind

    async def keep(tx: Transaction) -> None:
        known = await locked(tx, site.origin)
        if known is not None and known.awaits_us:
            raise Refused("pairing.waits_for_you", origin=site.origin)
        stands = known is not None and known.is_in_force and known.kind in {kind, "site"}
        if known is not None and stands and same(known.fingerprint, site.fingerprint):
            raise Refused("pairing.already", origin=site.origin)
        await keep_offer(node, tx, offered, proof)
        await record(node, tx, by.uri, f"{kind}.offer", site.origin)

    await node.db.write(keep)
    try:
        await _post(node, site, offered.activity)
    except Refused:
        await node.db.write(lambda tx: _take_back(node, tx, site.origin, offered))
        raise
    return await needed(node, site.origin)


async def needed(node: Node, origin: str) -> Partnership:
    """The partnership with an origin; raise NotFound when there is none."""
    found = await partner(node.db, origin)
    if found is None:
        raise NotFound("partner.unknown", origin=origin)
    return found


async def confirm(node: Node, origin: str, by: By, *, ours: Scope | None = None) -> Partnership:
    """Confirm what a site offered, as a person here has seen it; active on return.

    When it asks for more than its invitation, or than `ours`, grants, the narrower text goes
    back as a counter-offer instead, and the state is *offered*. Raises Refused without an offer.
    """
    key = await node.keyring.site_key(origin)
    now = iso(node.clock())
    # What is signed is looked at again in the write: it must be the same offer.
    seen = await needed(node, origin)
    offered = _theirs(seen)
    await check_read(node.db, offered.agreement)
    asked = offered.agreement.grant_of(node.origin)
    limit = narrower(ours or asked, offered.limit or asked)
    if not asked.is_within(limit):
        return await _counter(node, seen, offered, narrower(asked, limit), by)
    proof = make_proof(offered.agreement.document(), key, now)
    their_proof = _proofs(offered.activity)[0]
    accept = accept_document(
        f"{node.origin}{PLACE}{node.ids.next()}/accept",
        node.uris.instance_actor,
        f"{origin}/actor",
        now,
        offered.activity["id"],
        offered.agreement,
        [their_proof, proof],
        offered.kind,
    )

    async def work(tx: Transaction) -> None:
        await _same_offer(tx, origin, offered)
        await _use(node, tx, origin, offered)
        await activate(node, tx, offered, (proof, their_proof), by.account_id)
        await ask_past_of_site(node, tx, origin)
        await send(node, tx, origin, accept)
        await give_back(node, tx, origin)
        await record(node, tx, by.uri, "partner.confirm", origin)

    await node.db.write(work)
    node.keyring.forget_form(origin)
    node.delivery_wake.set()
    node.organisation_wake.set()
    return await needed(node, origin)


async def _counter(
    node: Node, seen: Partnership, offered: Offered, grant: Scope, by: By
) -> Partnership:
    changed = offered.agreement.with_grant(node.origin, grant)
    counter, proof = await make_offer(
        node, offered.site, changed, offered.kind, offered.organisation_uri
    )

    async def work(tx: Transaction) -> None:
        await _same_offer(tx, seen.origin, offered)
        await _use(node, tx, seen.origin, offered)
        await keep_offer(node, tx, counter, proof)
        await send(node, tx, seen.origin, counter.activity)
        await record(node, tx, by.uri, "partner.counter_offer", seen.origin)

    await node.db.write(work)
    node.delivery_wake.set()
    return await needed(node, seen.origin)


async def renew(
    node: Node,
    origin: str,
    by: By,
    *,
    days: int = DAYS,
    ours: Scope | None = None,
    theirs: Scope | None = None,
) -> Partnership:
    """Offer the next revision of an agreement in force: longer, or wider; both must prove it.

    One that ran out can still be renewed, as long as nobody has ended it.
    """
    check_days(days)
    known = await needed(node, origin)
    if not known.is_in_force and known.state != "expired":
        raise Refused("partner.not_in_force", origin=origin, state=known.state)
    if known.awaits_us:
        raise Refused("pairing.waits_for_you", origin=origin)
    site = await fetch_site(node.client, origin)
    if not same(site.fingerprint, known.fingerprint):
        raise Refused("pairing.fingerprint", origin=origin)
    text = known.agreement.with_grant(node.origin, ours or known.ours)
    text = replace(text.with_grant(origin, theirs or known.theirs), revision=text.revision)
    ends = max(text.ends, iso(node.clock() + days * DAY_MS))
    text = replace(text, ends=ends, terms=await stated(node) or text.terms)
    offered, proof = await make_offer(node, site, text, known.kind, known.organisation_uri)

    async def work(tx: Transaction) -> None:
        await keep_offer(node, tx, offered, proof)
        await send(node, tx, origin, offered.activity)
        await record(node, tx, by.uri, "partner.renew", origin)

    await node.db.write(work)
    node.delivery_wake.set()
    return await needed(node, origin)


async def drop_offer(node: Node, origin: str, by: By) -> None:
    """Refuse the offer of a site, or withdraw our own; what is in force stays."""
    now = iso(node.clock())
    uri = f"{node.origin}{PLACE}{node.ids.next()}"
    us, them = node.uris.instance_actor, f"{origin}/actor"

    async def work(tx: Transaction) -> None:
        known = await locked(tx, origin)
        if known is None or known.offer is None:
            raise Refused("pairing.nothing", origin=origin)
        offer_uri = known.offer.activity["id"]
        await _use(node, tx, origin, known.offer)
        await forget_offer(tx, known, node.clock())
        if known.offer.is_ours:
            said = withdraw_document(f"{uri}/withdrawal", us, them, now, offer_uri)
        else:
            said = reject_document(f"{uri}/reject", us, them, now, offer_uri)
        await send(node, tx, origin, said)
        await record(node, tx, by.uri, "partner.drop_offer", origin)

    await node.db.write(work)
    node.delivery_wake.set()


async def send(node: Node, tx: Transaction, origin: str, activity: Document) -> None:
    """Queue an act of this site for the inbox of another site itself."""
    sender = await instance_actor(node, tx)
    inbox = Recipient(f"{origin}/actor/inbox", origin)
    await publish(
        node, tx, activity, sender=sender, recipients=[inbox], local=False,
        audience_kind=AGREEMENT,
    )  # fmt: skip


async def instance_actor(node: Node, tx: Transaction) -> Row:
    """The row of this node's instance actor."""
    row = await queries.by_uri(tx, node.uris.instance_actor)
    assert row is not None, "made with the node"
    return row


async def _post(node: Node, site: Site, activity: Document) -> None:
    body = orjson.dumps(activity)
    url = site.inbox_url
    headers = await node.keyring.sign_as("ed25519", node.uris.instance_actor, "POST", url, body)
    try:
        answer = await node.client.post(url, body=body, headers=headers, deadline_s=_DEADLINE_S)
    except ClientError as error:
        raise Unavailable(
            "pairing.unreachable", retry_after_s=60, origin=site.origin, reason=error.reason
        ) from error
    if answer.status >= 500:
        raise Unavailable(
            "pairing.unreachable", retry_after_s=60, origin=site.origin, reason=str(answer.status)
        )
    if answer.status >= 300:
        said = plain(answer.body[:_SAID_MAX].decode("utf-8", "replace"))
        raise Refused("pairing.refused", origin=site.origin, status=str(answer.status), said=said)


async def _take_back(node: Node, tx: Transaction, origin: str, offered: Offered) -> None:
    """Leave nothing of an offer that was refused, unless something else stands there by now."""
    known = await locked(tx, origin)
    if known is None or known.offer is None or not known.offer.is_ours:
        return
    if known.offer.activity["id"] == offered.activity["id"]:
        await forget_offer(tx, known, node.clock())


async def _same_offer(tx: Transaction, origin: str, offered: Offered) -> None:
    known = await locked(tx, origin)
    if known is None or known.offer is None or known.offer.activity != offered.activity:
        raise Refused("pairing.nothing", origin=origin)


async def _use(node: Node, tx: Transaction, origin: str, offered: Offered) -> None:
    if offered.invitation_id is not None:
        await pairing_invitations.use(tx, offered.invitation_id, origin, node.clock())


def _theirs(known: Partnership) -> Offered:
    if known.offer is None or known.offer.is_ours:
        raise Refused("pairing.nothing", origin=known.origin)
    return known.offer


def _proofs(activity: Document) -> list[Document]:
    proofs = activity["object"]["agreement"]["proof"]
    return proofs if isinstance(proofs, list) else [proofs]
