"""What the inbox fetches to understand an activity: from its own, admitted origin only.

The node's fetch shows nothing to a person: what is stored keeps its own audience.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from actors.remote import ensure_actor
from federation.activity import text, uri_of
from federation.admission import admits
from federation.database import Row, marks
from federation.errors import NodeError, Refused, Stranger, describe
from federation.fetch import FetchBudget, fetch_document
from federation.node import Node
from federation.origins import origin_of
from federation.vocabulary import STATUS_TYPES, Document
from inbox.relevance import authors, same_origin

describe(
    {
        "object.own_origin": "{came} is of this node, which does not ask itself.",
        "object.stranger": "{came} is of an origin with which this node does not exchange.",
        "object.no_author": "{came} names no author on its own origin.",
        "object.suspended": "The author of {came} is suspended here.",
    }
)

_WRAPPERS = frozenset({"Create", "Update", "Announce"})
_PEOPLE_MAX = 8
_MEETING_S = 3.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """An object as its own origin serves it, with its author."""

    document: Document
    author: Row

    @property
    def uri(self) -> str:
        """Its id."""
        return uri_of(self.document.get("id")) or ""


async def check_admitted(node: Node, uri: str) -> None:
    """Raise Stranger for an id of an origin that takes no part, Refused for one of ours."""
    origin = origin_of(uri)
    if origin == node.origin:
        raise Refused("object.own_origin", came=uri)
    if await admits(node.db, node.is_closed, origin) != "admitted":
        raise Stranger("object.stranger", came=uri)


async def fetch_signed(node: Node, uri: str, budget: FetchBudget) -> Document:
    """Fetch any document of an admitted origin, signed by the instance actor.

    Raises as `fetch_document` does, Stranger and Refused as `check_admitted`.
    """
    await check_admitted(node, uri)
    sign = node.keyring.signer(node.uris.instance_actor)
    return await fetch_document(node.client, uri, sign=sign, budget=budget)


async def fetch_status(node: Node, uri: str, budget: FetchBudget) -> Fetched | None:
    """Fetch the object `uri` means, with its author; None when it is no kind of status.

    A Create or an Announce found there is opened once: the object inside counts because it is
    fetched again from its own origin (NodeBB announces its Announces).
    """
    document = await fetch_signed(node, uri, budget)
    if text(document, "type") in _WRAPPERS:
        inner = uri_of(document.get("object"))
        if inner is None:
            return None
        document = await fetch_signed(node, inner, budget)
    if text(document, "type") not in STATUS_TYPES:
        return None
    return Fetched(document, await _author(node, document, budget))


async def _author(node: Node, document: Document, budget: FetchBudget) -> Row:
    uri = uri_of(document.get("id")) or ""
    # PeerTube and Lemmy attribute to a person and a channel or group: the first is the author.
    author_uri = next((found for found in authors(document) if same_origin(found, uri)), None)
    if author_uri is None:
        raise Refused("object.no_author", came=uri)
    author = await ensure_actor(node, author_uri, budget=budget)
    if author["suspended_at"] is not None or author["deleted_at"] is not None:
        raise Refused("object.suspended", came=uri)
    return author


async def meet(node: Node, named: Iterable[str], budget: FetchBudget) -> None:
    """Get to know those of these actors whom nobody here has met, in three seconds at most.

    An answer among several people goes to all of them: whoever is a stranger to this node when
    it comes would be left out of what is answered here. Who cannot be asked stays unknown.
    """
    wanted = list(dict.fromkeys(uri for uri in named if not node.uris.is_ours(uri)))[:_PEOPLE_MAX]
    if not wanted:
        return
    rows = await node.db.rows(f"SELECT uri FROM actor WHERE uri IN ({marks(wanted)})", *wanted)
    known = {row["uri"] for row in rows}

    async def one(uri: str) -> None:
        try:
            await ensure_actor(node, uri, budget=budget)
        except NodeError:
            return

    try:
        async with asyncio.timeout(_MEETING_S):
            await asyncio.gather(*(one(uri) for uri in wanted if uri not in known))
    except TimeoutError:
        return
