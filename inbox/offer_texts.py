"""What this site offers, as a text and as an act with its proof; nothing here is kept or sent."""

from federation.activity import iso
from federation.agreements import Agreement, Party
from federation.errors import Invalid, describe
from federation.node import Node
from federation.pairing_documents import PLACE, offer_document
from federation.partnerships import Offered
from federation.proofs import make_proof
from federation.scopes import Scope
from federation.site_documents import Site, own_fingerprint
from federation.vocabulary import Document
from inbox import terms

describe({"pairing.days": "An agreement lasts from 1 to {expected} days."})

DAYS = 365
DAYS_MAX = 3_650
DAY_MS = 86_400_000


async def new_agreement(node: Node, site: Site, ours: Scope, theirs: Scope, days: int) -> Agreement:
    """The first text of an agreement of this node with a site, from today on."""
    check_days(days)
    now = node.clock()
    us = Party(node.origin, await own_fingerprint(node.db, node.uris))
    parties = sorted([us, Party(site.origin, site.fingerprint)], key=lambda party: party.origin)
    granted = {node.origin: ours, site.origin: theirs}
    first, second = parties
    return Agreement(
        uri=f"{node.origin}/agreements/{node.ids.next()}",
        revision=1,
        parties=(first, second),
        grants=((first.origin, granted[first.origin]), (second.origin, granted[second.origin])),
        starts=iso(now),
        ends=iso(now + days * DAY_MS),
        terms=await terms.stated(node),
    )


def check_days(days: int) -> None:
    """Raise Invalid unless an agreement can last so long."""
    if not 1 <= days <= DAYS_MAX:
        raise Invalid("pairing.days", field="days", expected=str(DAYS_MAX))


async def make_offer(
    node: Node,
    site: Site,
    agreement: Agreement,
    kind: str = "partner",
    organisation_uri: str | None = None,
) -> tuple[Offered, Document]:
    """Our offer of a text to a site, with our proof."""
    now = iso(node.clock())
    key = await node.keyring.site_key(site.origin)
    proof = make_proof(agreement.document(), key, now)
    uri = f"{node.origin}{PLACE}{node.ids.next()}/offer"
    activity = offer_document(
        uri, node.uris.instance_actor, f"{site.origin}/actor", now, agreement, proof, kind
    )
    offered = Offered(
        activity, agreement, site, is_ours=True, kind=kind, organisation_uri=organisation_uri
    )
    return offered, proof
