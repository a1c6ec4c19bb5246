"""What another site says about an end: of an agreement, or of an offer that nobody needs any more.

One proof is enough for it. What came before once has no effect again.
"""

from federation.database import Transaction
from federation.errors import Refused
from federation.fetch import as_object
from federation.node import Node
from federation.pairing_documents import Act
from federation.partnership_changes import apply, forget_offer, locked
from federation.partnerships import PINNED, Partnership
from federation.seen import digest_of, take_in
from federation.site_documents import Site
from federation.vocabulary import Document
from inbox.audit import record
from inbox.partnership_acts import cut


async def take_undo(node: Node, act: Act, site: Site, signed_at_ms: int) -> None:
    """End what an Undo names, as the other site did; raise Refused when there is no such thing."""
    digest = digest_of(act.uri, act.kind, act.actor_uri, act.document)
    kind = as_object(act.document.get("object")).get("type")

    async def work(tx: Transaction) -> None:
        known = await locked(tx, site.origin)
        if known is None or not await take_in(tx, digest, signed_at_ms):
            return
        if kind == "Offer":
            offered = known.offer
            if offered is not None and offered.activity["id"] == act.object_uri:
                await forget_offer(tx, known, node.clock())
            elif known.is_in_force and known.offer_uri == act.object_uri and _is_first(known):
                # It was withdrawn while it was confirmed here: there is no agreement.
                await cut(node, tx, site.origin, "ended", site.origin, act.uri)
            return
        if known.state not in PINNED or known.state == "ended":
            return
        if act.agreement is None or act.agreement.uri != known.agreement.uri:
            raise Refused("partner.no_agreement", origin=site.origin)
        if act.agreement.narrows(known.agreement):
            await apply(tx, site.origin, act.agreement, (None, _proof(act)), node.clock())
        await cut(node, tx, site.origin, "ended", site.origin, act.uri)
        await record(node, tx, act.actor_uri, "partner.ended", site.origin)

    await node.db.write(work)


def _is_first(known: Partnership) -> bool:
    return known.agreement.revision == 1


def _proof(act: Act) -> Document | None:
    return act.proofs[0] if act.proofs else None
