"""The door for other servers: `POST /inbox` and each actor's own inbox.

In this order, and nothing before its turn: size and type, the origin's policy, the signature,
duplicate, commit, 202. Nothing but a verified activity leaves anything behind.
"""

import asyncio

from actors.queries import by_uri
from federation.activity import parse_json_object, uri_of
from federation.errors import (
    Gone,
    Malformed,
    NodeError,
    NotFound,
    Refused,
    Unavailable,
    Unsigned,
    Unsupported,
    describe,
)
from federation.fetch import FetchBudget, is_activity_type
from federation.follower_digests import HEADER, read_header
from federation.http_signatures import bind_activity
from federation.message_signatures import ACCEPT_SIGNATURE
from federation.node import Node
from federation.origins import origin_of
from federation.pairing_documents import BYTES_MAX, Act, read_act
from federation.remembered import Remembered
from federation.vocabulary import Document
from inbox.effects import ALWAYS_HEARD
from inbox.fetching import fetch_signed
from inbox.follower_checks import stated_followers
from inbox.receive import receive
from outbox.farewell import erase_actor
from web.partner_door import INBOX, PartnerDoor
from web.raw import Answer, Asked, check_length
from web.reading import Doorkeeper, Ended

describe(
    {
        "inbox.content_type": "The Content-Type {came} is not accepted; send"
        " application/activity+json, or application/ld+json with the profile of"
        " ActivityStreams.",
        "inbox.nobody": "There is no such inbox.",
        "inbox.deleted": "The owner of this inbox is gone.",
    }
)

# A Delete whose signature does not hold makes us ask its origin, once in this time.
ASK_AGAIN_MS = 5 * 60_000
ACCEPTED = Answer(
    202, headers=[(b"accept-signature", ACCEPT_SIGNATURE.encode()), (b"cache-control", b"no-store")]
)


class Inboxes:
    """Takes in what other servers send to one node."""

    def __init__(self, node: Node, doorkeeper: Doorkeeper) -> None:
        self.node = node
        self._doorkeeper = doorkeeper
        self._partners = PartnerDoor(node)
        self._asked: Remembered[str, bool] = Remembered(5_000, ASK_AGAIN_MS, node.clock)

    async def post(self, asked: Asked) -> Answer:
        """Take one activity; raises what the sender is told instead of 202."""
        node, keeper = self.node, self._doorkeeper
        bytes_max = node.limits.body_bytes_max
        check_length(asked.headers, bytes_max)
        content_type = asked.header(b"content-type")
        if not is_activity_type(content_type):
            raise Unsupported("inbox.content_type", came=content_type or "-")
        refusal: NodeError | None = None
        try:
            claimed = await keeper.admit(asked, unsigned_may=False)
        except (Refused, Unavailable) as error:
            refusal, claimed = error, keeper.claimed_origin(asked)
            if error.code in {"peer.blocked", "partner.stopped"} or not (
                asked.path == INBOX or isinstance(error, Ended)
            ):
                raise
        assert claimed is not None, "unsigned was refused"
        body = await asked.body(bytes_max if refusal is None else BYTES_MAX)
        document = _read(body)
        if await self._is_between_sites(asked, body, document, claimed, refusal):
            return ACCEPTED
        if refusal is not None and not _is_heard(refusal, document):
            raise await self._turned_away(refusal, claimed)
        if document is not None and await self._is_delete_of_nobody(document):
            return ACCEPTED
        request = asked.received(body)
        try:
            proof = await keeper.verify(request, claimed)
        except Unsigned:
            if document is not None and await self._is_gone(document):
                return ACCEPTED
            raise
        activity = document if document is not None else parse_json_object(body)
        signed = bind_activity(proof, activity)
        await self._check_owner(asked.path)
        inbox = "" if asked.path == "/inbox" else node.origin + asked.path[:-6]
        # Both writes share one commit, and the answer waits for it.
        await asyncio.gather(
            receive(node, signed, inbox), keeper.heard(origin_of(proof.key.key_id))
        )
        await self._compare_followers(asked, uri_of(activity.get("actor")) or "")
        return ACCEPTED

    async def _compare_followers(self, asked: Asked, actor_uri: str) -> None:
        """Take note of what a verified sender says of its followers here (FEP-8fcf)."""
        stated = read_header(asked.header(HEADER.lower().encode()))
        if stated is not None:
            await stated_followers(self.node, actor_uri, stated)

    async def _is_between_sites(
        self,
        asked: Asked,
        body: bytes,
        document: Document | None,
        claimed: str,
        refusal: NodeError | None,
    ) -> bool:
        """Take in what one site says to another about the two of them; False when it does not."""
        if document is None or asked.path != INBOX:
            return False
        act = _read_act(document, refusal)
        if act is not None:
            await self._partners.take(asked.received(body), act, claimed, asked.address)
            return True
        if refusal is not None:
            return False
        return await self._partners.take_organisation(asked.received(body), document, claimed)

    async def _turned_away(self, refusal: NodeError, origin: str) -> NodeError:
        """What to raise; a former partner that goes on as before is told again of the end."""
        if isinstance(refusal, Ended):
            await self._doorkeeper.goes_on(origin)
        return refusal

    async def _check_owner(self, path: str) -> None:
        """Raise unless the inbox has an owner; only whoever proved an identity learns it."""
        if path in {"/inbox", "/actor/inbox"}:
            return
        row = await by_uri(self.node.db, self.node.origin + path[: -len("/inbox")])
        if row is None or not row["is_local"]:
            raise NotFound("inbox.nobody")
        if row["deleted_at"] is not None:
            raise Gone("inbox.deleted")

    async def _is_delete_of_nobody(self, document: Document) -> bool:
        """A Delete by an actor we do not know concerns nothing here: every server of the
        network receives floods of them, and their keys are gone already."""
        if document.get("type") != "Delete":
            return False
        actor_uri = uri_of(document.get("actor"))
        return actor_uri is not None and await by_uri(self.node.db, actor_uri) is None

    async def _is_gone(self, document: Document) -> bool:
        """An actor that deletes itself may have no key left: its own origin is asked once,
        and 404 or 410 from there deletes it."""
        node = self.node
        actor_uri = uri_of(document.get("actor"))
        if (
            document.get("type") != "Delete"
            or actor_uri is None
            or uri_of(document.get("object")) != actor_uri
            or self._asked.get(actor_uri) is not None
        ):
            return False
        self._asked.put(actor_uri, value=True)
        try:
            answer = await fetch_signed(node, actor_uri, FetchBudget(1))
            if answer.get("type") != "Tombstone":
                return False
        except (Gone, NotFound):
            pass
        except NodeError:
            return False
        actor = await by_uri(node.db, actor_uri)
        if actor is not None and not actor["is_local"]:
            await node.db.write(lambda tx: erase_actor(node, tx, actor))
        return True


def _read_act(document: Document, refusal: NodeError | None) -> Act | None:
    """What one site says to another about their agreement; a stranger may say no more than that."""
    try:
        return read_act(document)
    except NodeError:
        if refusal is None or document.get("type") == "Offer":
            raise
        return None


def _is_heard(refusal: NodeError, document: Document | None) -> bool:
    """Whether a former partner takes something back: that is heard after the end as well."""
    return isinstance(refusal, Ended) and (document or {}).get("type") in ALWAYS_HEARD


def _read(body: bytes) -> Document | None:
    """The document, or None for what is none: that is said once the signature holds."""
    try:
        return parse_json_object(body)
    except Malformed:
        return None
