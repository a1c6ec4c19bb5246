"""Who reads by a signed GET: a whole origin, a person elsewhere, or nobody in particular.

An instance actor reads as its origin, exactly what would be delivered there; a person's actor
as that person. On a closed node unsigned and strangers are turned away before anything is
looked up (protocol: 401, 403); whoever is admitted and may not see gets 404.
"""

import asyncio
import contextlib
import re
from dataclasses import dataclass

import structlog

from actors.queries import by_uri
from actors.remote import ensure_actor, require_admitted
from federation.errors import (
    BadSignature,
    NodeError,
    Stranger,
    Unavailable,
    Unsigned,
    describe,
)
from federation.fetch import FetchBudget
from federation.holds import check as check_held
from federation.http_signatures import SignedRequest, parse_signature, verify_request
from federation.keys import PublicKey
from federation.node import Node
from federation.origins import origin_of
from federation.partner_refusals import Refusals
from federation.partnerships import CLOSED, PINNED, WAITING, Standing, standing
from federation.peers import heard_from
from federation.received import ReceivedRequest
from federation.remembered import Remembered
from federation.stops import check as check_stopped
from inbox.ends_repeated import goes_on
from outbox.visibility import Anyone, Origin, Visitor
from web.raw import Asked

# The key id, in either form of signature. What it says here only decides whom to ask for
# admission: the signature is parsed and verified afterwards, and its origin asked again
# when it turns out to be another one.
KEY_ID = re.compile(r'keyid\s*=\s*"([^"]{1,2048})"', re.IGNORECASE)
HEARD_EVERY_MS = 1_000
TOLD_EVERY_MS = 3_600_000
PAUSED_RETRY_S = 3_600

_log = structlog.get_logger(__name__)

describe(
    {
        "partner.over": "The agreement with {origin} is over; only what takes something back is"
        " still heard.",
        "partner.paused": "The agreement is paused; what waits is kept. Come back in"
        " {retry_after_s} s.",
        "signature.not_by_site": "Between partners the site itself signs (RFC 9421, Ed25519), with"
        " the key of the agreement; this is not signed by the site {origin}.",
    }
)

Reader_ = Visitor | Origin | Anyone


class Ended(Stranger):
    """403: there was an agreement with this origin, and it is over."""


@dataclass(frozen=True, slots=True)
class Reading:
    """As whom a GET reads; `origin` is None when it was not signed."""

    who: Reader_
    origin: str | None


class Doorkeeper:
    """Admits and verifies signed requests of one node; remembers whom it has just heard."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._refusals = Refusals(node)
        self._heard: Remembered[str, bool] = Remembered(5_000, HEARD_EVERY_MS, node.clock)
        self._told: Remembered[str, bool] = Remembered(5_000, TOLD_EVERY_MS, node.clock)
        self._tasks: set[asyncio.Task[None]] = set()

    def claimed_origin(self, asked: Asked) -> str | None:
        """The origin that a request claims by its key id; None when it is not signed."""
        text = asked.header(b"signature-input") or asked.header(b"signature")
        if not text:
            credentials = asked.header(b"authorization")
            if credentials[:10].lower() != "signature ":
                return None
            text = credentials
        found = KEY_ID.search(text)
        if found is None:
            # Says exactly what is wrong with it.
            return origin_of(parse_signature(asked.received(b"")).key_id)
        try:
            return origin_of(found[1])
        except NodeError as error:
            raise Unsigned("signature.key_id", came=found[1]) from error

    async def admit(
        self, asked: Asked, *, unsigned_may: bool, held_may: bool = False
    ) -> str | None:
        """The claimed origin, if it takes part; Unsigned, Stranger or Refused otherwise.

        Whoever is stopped and a partner whose agreement is paused hear 503, one whose agreement
        is over 403 (Ended).
        """
        origin = self.claimed_origin(asked)
        if origin is None:
            if not unsigned_may:
                raise Unsigned("signature.missing")
            return None
        await check_stopped(self.node.db, origin)
        held = await standing(self.node.db, origin)
        state = None if held is None else held.state_at(self.node.clock())
        if state in CLOSED:
            if asked.method == "GET":
                await self.goes_on(origin)
            raise Ended("partner.over", origin=origin)
        if state is not None:
            # Whatever is said of an end is about another agreement from now on.
            self._told.forget(origin)
        await require_admitted(self.node, origin)
        if state in WAITING:
            raise Unavailable("partner.paused", retry_after_s=PAUSED_RETRY_S)
        if state is not None and not held_may:
            await check_held(self.node.db, origin)
        return origin

    async def goes_on(self, origin: str) -> None:
        """Take note, once an hour at most, that a former partner goes on as if nothing had ended:
        it is told again."""
        if self._told.get(origin) is None:
            self._told.put(origin, value=True)
            await goes_on(self.node, origin)

    async def verify(self, request: ReceivedRequest, claimed: str) -> SignedRequest:
        """The proof that it is signed, its key now stored; raises as `verify_request`."""
        node = self.node
        held = await standing(node.db, claimed)
        if held is not None and held.state in PINNED:
            return await self._verify_partner(request, claimed, held)
        signed = await verify_request(request, node.origin, node.clock(), node.keyring.find)
        origin = origin_of(signed.key.key_id)
        if origin != claimed:
            await require_admitted(node, origin)
            other = await standing(node.db, origin)
            if other is not None and other.state in PINNED:
                raise BadSignature("signature.not_by_site", origin=origin)
        await node.keyring.store(signed.key)
        return signed

    async def _verify_partner(
        self, request: ReceivedRequest, origin: str, held: Standing
    ) -> SignedRequest:
        """The proof that a partner's site signed with its pinned key: nothing else counts."""

        async def find(key_id: str, _refresh: bool) -> PublicKey:
            key = held.key(key_id)
            if key is None:
                raise BadSignature("signature.not_by_site", origin=origin)
            return key

        try:
            signed = await verify_request(request, self.node.origin, self.node.clock(), find)
            if signed.form != "rfc9421":
                raise BadSignature("signature.not_by_site", origin=origin)  # noqa: TRY301
        except BadSignature as error:
            _log.warning("partner.refused", origin=origin, code=error.code)
            await self._refusals.count(origin, error.code)
            raise
        return signed

    async def heard(self, origin: str) -> None:
        """Take note that this origin is up, about once a second at most."""
        if self._heard.get(origin) is None:
            self._heard.put(origin, value=True)
            await heard_from(self.node, origin)

    async def read_as(self, asked: Asked, *, held_may: bool = False) -> Reading:
        """As whom this GET reads; raises what turns it away.

        With `held_may` also a partner that is held: for what both compare.
        """
        node = self.node
        opened = not node.is_closed
        claimed = await self.admit(asked, unsigned_may=opened, held_may=held_may)
        if claimed is None:
            return Reading(Anyone(public_is_open=True), None)
        key = (await self.verify(asked.received(), claimed)).key
        origin = origin_of(key.key_id)
        await self.heard(origin)
        if key.vouches_for_origin:
            return Reading(Origin(origin, opened), origin)
        actor = await by_uri(node.db, key.owner_uri)
        if actor is not None:
            as_origin = actor["type"] == "Application"
            return Reading(
                Origin(origin, opened) if as_origin else Visitor(actor["id"], opened), origin
            )
        document = node.keyring.fetched_document(key.owner_uri)
        if document is not None and document.get("type") == "Application":
            self._remember(key.owner_uri)
            return Reading(Origin(origin, opened), origin)
        # Somebody of whom nothing is known here: no relation gives access to anything.
        return Reading(Visitor(0, opened), origin)

    def _remember(self, actor_uri: str) -> None:
        """Store an instance actor seen for the first time, after the answer is given."""

        async def fetch() -> None:
            with contextlib.suppress(NodeError):
                await ensure_actor(self.node, actor_uri, budget=FetchBudget(5))

        task = asyncio.create_task(fetch())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
