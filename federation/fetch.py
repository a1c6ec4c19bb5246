"""Documents of others: what a URI stands for is only what its own origin serves under that id.

A document is believed about itself alone. It must come from the origin that was asked, with a
type that only an ActivityPub server gives to what it wrote (never to an upload), and it must
call itself by the id that was asked or be found again under the id it claims.
"""

import asyncio
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

from federation.activity import DEPTH_MAX, parse_json_object, uri_of, values
from federation.client import FETCH_DEADLINE_S, Answer, GuardedClient, Signer
from federation.errors import Gone, Malformed, NotFound, Refused, Unavailable, describe
from federation.origins import origin_of
from federation.vocabulary import ACTIVITY_TYPE, AS2, AS2_TYPE, Document

describe(
    {
        "fetch.budget": "{uri} was not fetched: one activity may cause {limit} requests.",
        "fetch.content_type": "{uri} came as {came}; serve it as {expected}.",
        "fetch.gone": "{uri} was deleted there.",
        "fetch.id_differs": "{uri} calls itself {came}, also when asked there; serve each"
        " document under its own id.",
        "fetch.id_missing": "{uri} has no id; give it one.",
        "fetch.not_collection": "{uri} is a {came} where a collection was expected.",
        "fetch.not_found": "{uri} is not there, or not for this node.",
        "fetch.other_origin": "{uri} led to {came}, which another origin owns; serve it itself.",
        "fetch.refused": "{uri} was refused to this node with {status}.",
        "fetch.status": "{uri} answered with {status} where 200 was expected.",
        "fetch.too_complex": "{uri} is nested too deeply or has too many values.",
        "fetch.unavailable": "{uri} answered {status}; it is asked again later.",
    }
)

FETCHES_MAX = 30
ITEMS_MAX = 200
_ACCEPT = f"{AS2_TYPE}, {ACTIVITY_TYPE};q=0.9"
_CONTAINERS_MAX = 20_000
_VALUES_MAX = 60_000
_RETRY_AFTER_S = 60
_RETRY_AFTER_S_MAX = 86_400
_COLLECTIONS = frozenset(
    {"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"}
)
_PARAMETER = re.compile(
    r';[ \t]*([!#$&^_.+a-z0-9-]+)=(?:"([^"\\]*)"|([^\s;,"]*))[ \t]*', re.IGNORECASE
)


class BudgetSpent(Refused):
    """403: what one activity may cause this node to fetch has been fetched."""


class FetchBudget:
    """How many more documents one activity may make the node fetch (chains of replies, SEC-081)."""

    __slots__ = ("_limit", "left")

    def __init__(self, fetches_max: int = FETCHES_MAX) -> None:
        """Start with all of them left."""
        self._limit = fetches_max
        self.left = fetches_max

    def spend(self, uri: str) -> None:
        """Count one fetch; raise BudgetSpent when none is left."""
        if self.left <= 0:
            raise BudgetSpent("fetch.budget", uri=uri, limit=str(self._limit))
        self.left -= 1


@dataclass(frozen=True, slots=True)
class CollectionPage:
    """Part of a collection: items as they came, at most as many as were asked for.

    `next_uri` is on the collection's own origin. Items are claims: an embedded object counts
    only once it was fetched from its own origin.
    """

    items: tuple[Any, ...]
    next_uri: str | None
    total_items: int | None


async def fetch_document(
    client: GuardedClient,
    uri: str,
    *,
    sign: Signer | None,
    budget: FetchBudget,
    accept_key_stub: bool = False,
    deadline_s: float = FETCH_DEADLINE_S,
) -> Document:
    """Fetch what `uri` names; its `id` is `uri`, or one on the same origin found again there.

    A fragment is not part of what is asked. With `accept_key_stub`, a document whose
    `publicKey` has the id `uri` is returned as it is (GoToSocial serves such stubs under
    `/main-key`); it must not be stored as the actor. Raise NotFound, Gone, Refused,
    Unavailable, Malformed or ClientError.
    """
    ends = asyncio.get_running_loop().time() + deadline_s
    document = await _fetch(client, uri, sign, budget, deadline_s)
    named = _own_id(document, uri)
    if named in {uri, _without_fragment(uri)}:
        return document
    if accept_key_stub and _has_key(document, uri):
        return document
    if _without_fragment(named) == _without_fragment(uri):
        raise Malformed("fetch.id_differs", uri=uri, came=named)
    left_s = ends - asyncio.get_running_loop().time()
    document = await _fetch(client, named, sign, budget, left_s)
    if _own_id(document, named) != named:
        raise Malformed("fetch.id_differs", uri=uri, came=named)
    return document


async def fetch_collection_page(
    client: GuardedClient,
    uri: str,
    *,
    sign: Signer | None,
    budget: FetchBudget,
    items_max: int = ITEMS_MAX,
) -> CollectionPage:
    """Fetch a collection or a page of one, its embedded first page included; errors as above."""
    document = await fetch_document(client, uri, sign=sign, budget=budget)
    kinds = values(document, "type")
    if not any(isinstance(kind, str) and kind in _COLLECTIONS for kind in kinds):
        raise Malformed("fetch.not_collection", uri=uri, came=str(kinds))
    items = _items(document, items_max)
    following: object = document.get("next")
    if not items:
        page = as_object(document.get("first"))
        items = _items(page, items_max)
        following = page.get("next") if page else following or document.get("first")
    next_uri = uri_of(following)
    if next_uri is not None and origin_of(next_uri) != origin_of(uri):
        next_uri = None
    total = document.get("totalItems")
    return CollectionPage(items, next_uri, total if type(total) is int and total >= 0 else None)


def media_type(header: str | None) -> tuple[str, dict[str, str]]:
    """Split a Content-Type into the type and its parameters, names in lower case."""
    essence, semicolon, rest = (header or "").partition(";")
    parameters = {
        name.lower(): quoted or plain
        for name, quoted, plain in _PARAMETER.findall(semicolon + rest)
    }
    return essence.strip().lower(), parameters


def is_activity_type(header: str | None) -> bool:
    """Say whether a Content-Type is one of the two that ActivityPub documents have."""
    essence, parameters = media_type(header)
    if essence == "application/ld+json":
        return AS2 in parameters.get("profile", "").split()
    return essence == ACTIVITY_TYPE


def as_object(value: object) -> Document:
    """Return a JSON object as it is, and an empty one for any other value."""
    return cast("Document", value) if isinstance(value, dict) else {}


def read_json(answer: Answer, accepted: Collection[str]) -> Document:
    """Read the JSON object of an answer of one of the `accepted` media types; raise Malformed."""
    header = answer.headers.get("Content-Type")
    if media_type(header)[0] not in accepted:
        expected = " or ".join(sorted(accepted))
        raise Malformed(
            "fetch.content_type", uri=answer.url, came=header or "nothing", expected=expected
        )
    return _read_object(answer)


def raise_for_status(answer: Answer, uri: str) -> None:
    """Return for 200; raise what any other status means for the one who asked."""
    status = answer.status
    if status == 200:
        return
    if status == 404:
        raise NotFound("fetch.not_found", uri=uri)
    if status == 410:
        raise Gone("fetch.gone", uri=uri)
    if status in {401, 403}:
        raise Refused("fetch.refused", uri=uri, status=str(status))
    if status in {408, 429} or status >= 500:
        raise Unavailable(
            "fetch.unavailable", retry_after_s=_retry_after_s(answer), uri=uri, status=str(status)
        )
    raise Malformed("fetch.status", uri=uri, status=str(status))


async def _fetch(
    client: GuardedClient, uri: str, sign: Signer | None, budget: FetchBudget, deadline_s: float
) -> Document:
    budget.spend(uri)
    origin = origin_of(uri)
    answer = await client.get(
        _without_fragment(uri), headers={"Accept": _ACCEPT}, sign=sign, deadline_s=deadline_s
    )
    # Before the status: a 410 of another origin deletes nothing here.
    if origin_of(answer.url) != origin:
        raise Refused("fetch.other_origin", uri=uri, came=answer.url)
    raise_for_status(answer, uri)
    header = answer.headers.get("Content-Type")
    if not is_activity_type(header):
        raise Malformed(
            "fetch.content_type", uri=uri, came=header or "nothing", expected=ACTIVITY_TYPE
        )
    return _read_object(answer)


def _read_object(answer: Answer) -> Document:
    body = answer.body
    containers = body.count(b"{") + body.count(b"[")
    if containers > _CONTAINERS_MAX or body.count(b",") > _VALUES_MAX:
        raise Malformed("fetch.too_complex", uri=answer.url)
    document = parse_json_object(body)
    if containers > DEPTH_MAX and _is_deep(document):
        raise Malformed("fetch.too_complex", uri=answer.url)
    return document


def _is_deep(document: Document) -> bool:
    level: list[Any] = [document]
    for _ in range(DEPTH_MAX):
        inner: list[Any] = []
        for value in level:
            inner.extend(
                cast("list[Any]", value) if isinstance(value, list) else as_object(value).values()
            )
        level = [value for value in inner if isinstance(value, (dict, list))]
        if not level:
            return False
    return True


def _own_id(document: Document, uri: str) -> str:
    """Return the id of a document that came from `uri`'s origin; another origin's is refused."""
    named = document.get("id")
    if not isinstance(named, str) or not named:
        raise Malformed("fetch.id_missing", uri=uri)
    if origin_of(named) != origin_of(uri):
        raise Refused("fetch.other_origin", uri=uri, came=named)
    return named


def _has_key(document: Document, key_uri: str) -> bool:
    return any(as_object(key).get("id") == key_uri for key in values(document, "publicKey"))


def _items(page: Document, items_max: int) -> tuple[Any, ...]:
    items = values(page, "orderedItems") or values(page, "items")
    return tuple(items[:items_max])


def _retry_after_s(answer: Answer) -> int:
    said = answer.headers.get("Retry-After", "")
    asked = int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else _RETRY_AFTER_S
    return min(asked, _RETRY_AFTER_S_MAX)


def _without_fragment(uri: str) -> str:
    return uri.partition("#")[0]
