"""A list of sites that came, taken in or refused: only the pinned lead's own counts.

Its proof is checked by the key that was pinned when two people confirmed, so whoever answers in
the lead's name, and any other site of the same organisation, changes nothing.
"""

from collections.abc import Iterable

from federation.activity import parse_json_object, values
from federation.client_errors import ClientError
from federation.database import Transaction
from federation.errors import Refused, Unavailable, describe
from federation.fetch import as_object
from federation.fingerprints import same
from federation.keys import PublicKey
from federation.node import Node
from federation.organisation_lists import SITES_PATH, Introduction, SiteList, read_list
from federation.organisations import (
    Organisation,
    begin,
    keep,
    keep_partners,
    organisation,
    own_organisation,
)
from federation.partnerships import IN_FORCE, Partnership, partner, standing
from federation.proofs import check_proof
from federation.vocabulary import Document
from inbox.audit import record
from inbox.partner_notices import tell

describe(
    {
        "organisation.not_pinned": "{origin} is not the site that leads the organisation of this"
        " list, or there is no agreement with it; its list counts for nothing here.",
        "organisation.lead_keys": "The list names other keys for {origin} than those it is known by"
        " here.",
        "organisation.unreachable": "The list of sites cannot be asked of {origin} ({reason}).",
    }
)

_DEADLINE_S = 10.0
_BYTES_MAX = 400_000


async def take_list(node: Node, stated: Document, origin: str, keys: Iterable[PublicKey]) -> None:
    """Keep a list that `origin` sent or served; `keys` are those pinned for it.

    Raises Malformed for what is no list, BadSignature for a wrong proof or another's, Refused
    unless it is by the pinned lead of our organisation or of a partner's, OtherList for a number
    that is not higher. The same list again is nothing.
    """
    listed = read_list(stated)
    lead = await partner(node.db, origin)
    if lead is None or not _may_list(lead, listed):
        raise Refused("organisation.not_pinned", origin=origin)
    (proof, *_) = [*values(stated, "proof"), {}]
    check_proof(listed.document(), proof, _proving(proof, keys, origin))
    itself = listed.site(origin)
    if itself is None or not same(itself.fingerprint, lead.fingerprint):
        raise Refused("organisation.lead_keys", origin=origin)

    async def work(tx: Transaction) -> None:
        if lead.kind == "partner":
            await begin(node, tx, listed.uri, listed.name, is_ours=False)
        elif await organisation(tx, listed.uri) is None:
            raise Refused("organisation.not_pinned", origin=origin)
        before = await organisation(tx, listed.uri)
        if await keep(node, tx, listed, proof):
            if lead.kind == "partner":
                await _tell_new(node, tx, before, listed)
            what = f"{listed.uri} {listed.number}"
            await record(node, tx, f"{origin}/actor", "organisation.list", what)

    await node.db.write(work)
    node.organisation_wake.set()


async def take_introduction(node: Node, said: Introduction, origin: str) -> None:
    """Keep which partners the lead of our organisation has; its site signed the request.

    Raises Refused when `origin` does not lead it. What is not later than what is known is nothing.
    """
    lead = await partner(node.db, origin)
    own = await own_organisation(node.db)
    leads = own is not None and own.uri == said.uri and own.is_led_by(origin)
    if lead is None or not leads or lead.kind != "site" or lead.organisation_uri != said.uri:
        raise Refused("organisation.not_pinned", origin=origin)

    async def work(tx: Transaction) -> None:
        if await keep_partners(tx, said):
            await record(node, tx, f"{origin}/actor", "organisation.partners", said.uri)

    await node.db.write(work)
    node.organisation_wake.set()


def _proving(proof: object, keys: Iterable[PublicKey], origin: str) -> PublicKey:
    """The pinned key that a proof names, else the newest: against that it does not hold."""
    pinned = [key for key in keys if key.vouches_for_origin]
    if not pinned:
        raise Refused("organisation.not_pinned", origin=origin)
    named = as_object(proof).get("verificationMethod")
    return next((key for key in pinned if key.key_id == named), pinned[0])


async def _tell_new(
    node: Node, tx: Transaction, before: Organisation | None, listed: SiteList
) -> None:
    """Tell who manages partners which sites a partner has added since its first list."""
    if before is None or before.listed is None:
        return
    for site in listed.sites:
        if before.listed.site(site.origin) is None:
            about = f"{listed.uri} {site.since}"
            await tell(node, tx, site.origin, "site_added", about, name=listed.name)


def _may_list(lead: Partnership, listed: SiteList) -> bool:
    """Whether a partner speaks of its own organisation, and of ours only when it leads that."""
    if lead.state not in IN_FORCE or listed.lead_origin != lead.origin:
        return False
    return lead.kind == "partner" or lead.organisation_uri == listed.uri


async def fetch_list(node: Node, origin: str) -> None:
    """Ask the lead for its list as it is now, and take it in; raises as `take_list`."""
    try:
        answer = await node.client.get(
            origin + SITES_PATH,
            headers={"Accept": "application/activity+json"},
            sign=node.keyring.signer(node.uris.instance_actor),
            limit_bytes=_BYTES_MAX,
            deadline_s=_DEADLINE_S,
            redirects=0,
        )
    except ClientError as error:
        raise Unavailable(
            "organisation.unreachable", retry_after_s=60, origin=origin, reason=error.reason
        ) from error
    if answer.status != 200:
        raise Unavailable(
            "organisation.unreachable", retry_after_s=60, origin=origin, reason=str(answer.status)
        )
    held = await standing(node.db, origin)
    await take_list(node, parse_json_object(answer.body), origin, () if held is None else held.keys)
