"""The door for what two sites say to each other about their agreement: `POST /actor/inbox`.

Here, and only here, a stranger may be heard: for an offer, in few and small requests, and only
when somebody of this site has invited that origin.
"""

from federation.activity import uri_of
from federation.errors import BadSignature, NodeError, Refused, TooLarge, describe
from federation.http_signatures import SignedRequest, verify_request
from federation.keys import PublicKey
from federation.node import Node
from federation.organisation_lists import introduction_in, list_in
from federation.organisations import introduced
from federation.pairing_documents import BYTES_MAX, Act
from federation.pairing_invitations import open_for
from federation.partnerships import IN_FORCE, PINNED, Partnership, partner, standing
from federation.received import ReceivedRequest
from federation.site_documents import Site, fetch_site
from federation.vocabulary import Document
from inbox.key_changes import is_change, take_change
from inbox.organisation_answers import take_introduction, take_list
from inbox.partnership_answers import take
from web.rates import Rate, Rates

describe(
    {
        "pairing.not_site": "An agreement is a matter of the sites themselves; the actor has to be"
        " {expected}.",
    }
)

INBOX = "/actor/inbox"
# An administrator types a code a few times; whoever guesses is slowed down.
OFFERS_PER_ADDRESS = Rate(5, 60_000)


class PartnerDoor:
    """Takes in what other sites say about agreements with one node."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._rates = Rates(node.clock)

    async def take(self, request: ReceivedRequest, act: Act, claimed: str, address: str) -> None:
        """Verify one act and let it have its effect; raises what its sender is told."""
        if len(request.body) > BYTES_MAX:
            raise TooLarge("body.too_large", max=str(BYTES_MAX))
        if act.kind == "Offer" and self._node.limits.rate_limits:
            self._rates.spend(f"offer:{address}", OFFERS_PER_ADDRESS)
        site, signed = await self._verified(request, act, claimed)
        expected = f"{claimed}/actor"
        if signed.key.owner_uri != expected or act.actor_uri != expected:
            raise Refused("pairing.not_site", expected=expected)
        if act.kind == "Offer" and self._node.limits.rate_limits:
            # After the signature: nobody else can use up what the invited site may try.
            self._rates.spend(f"offer of:{claimed}", OFFERS_PER_ADDRESS)
        if is_change(act):
            await take_change(self._node, act, site, signed.signed_at_ms)
        else:
            await take(self._node, act, site, signed.signed_at_ms)

    async def take_organisation(
        self, request: ReceivedRequest, document: Document, claimed: str
    ) -> bool:
        """Verify and take in what a lead says of its organisation; only its pinned key counts.

        False for anything else.
        """
        stated, said = list_in(document), introduction_in(document)
        if stated is None and said is None:
            return False
        held = await standing(self._node.db, claimed)
        if held is None or held.state_at(self._node.clock()) not in IN_FORCE:
            raise Refused("organisation.not_pinned", origin=claimed)
        site = Site(claimed, "", "", held.keys, {})
        signed = await self._signed_by(request, site)
        actor_uri = uri_of(document.get("actor"))
        if not actor_uri == signed.key.owner_uri == f"{claimed}/actor":
            raise Refused("pairing.not_site", expected=f"{claimed}/actor")
        if stated is not None:
            await take_list(self._node, stated, claimed, held.keys)
        if said is not None:
            await take_introduction(self._node, said, claimed)
        return True

    async def _verified(
        self, request: ReceivedRequest, act: Act, claimed: str
    ) -> tuple[Site, SignedRequest]:
        known = await partner(self._node.db, claimed)
        first: NodeError = BadSignature("signature.not_by_site", origin=claimed)
        site = await self._known_site(known)
        if site is not None:
            try:
                return site, await self._signed_by(request, site)
            except BadSignature as error:
                first = error
        now = self._node.clock()
        if act.kind != "Offer":
            raise first
        is_named = await introduced(self._node, claimed) is not None
        if not is_named and not await open_for(self._node.db, claimed, now):
            raise first if site else Refused("pairing.no_invitation", origin=claimed)
        fetched = await fetch_site(self._node.client, claimed)
        return fetched, await self._signed_by(request, fetched)

    async def _known_site(self, known: Partnership | None) -> Site | None:
        """The site by the keys that count: those that are pinned, else those of the offer."""
        if known is None:
            return None
        if known.state in PINNED:
            held = await standing(self._node.db, known.origin)
            if held is not None and held.keys:
                return _pinned(known, held.keys)
        return None if known.offer is None else known.offer.site

    async def _signed_by(self, request: ReceivedRequest, site: Site) -> SignedRequest:
        async def find(key_id: str, _refresh: bool) -> PublicKey:
            key = site.vouching(key_id)
            if key is None:
                raise BadSignature("signature.not_by_site", origin=site.origin)
            return key

        node = self._node
        signed = await verify_request(request, node.origin, node.clock(), find)
        if signed.form != "rfc9421":
            raise BadSignature("signature.not_by_site", origin=site.origin)
        return signed


def _pinned(known: Partnership, keys: tuple[PublicKey, ...]) -> Site:
    return Site(known.origin, known.name, known.contact, keys, {}, known.fingerprint)
