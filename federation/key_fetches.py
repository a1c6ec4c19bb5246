"""Keys of strangers are fetched while their request waits, so every bound stands here.

One flight for each key, three seconds in all, four at once for each origin and thirty-two in
all; what failed is not asked again for a while. Nothing fetched is believed for longer than a
minute: it is stored only once a signature was verified with it (`Keyring.store`).
"""

import asyncio
from collections import Counter
from collections.abc import Callable

from federation.client import GuardedClient, Signer
from federation.client_errors import ClientError
from federation.errors import BadSignature, Gone, NodeError, Unavailable, describe
from federation.fetch import FetchBudget, fetch_document
from federation.key_documents import key_in, owner_claimed
from federation.keys import PublicKey
from federation.origins import origin_of
from federation.remembered import Remembered
from federation.vocabulary import Document

describe(
    {
        "key.busy": "Too many unknown keys are being fetched; come back in {retry_after_s} s.",
        "key.gone": "The key {key_id} is gone with its owner.",
        "key.not_found": "The key {key_id} cannot be used ({reason}); serve its owner's document"
        " with that key in it.",
        "key.not_named": "The owner of the key {key_id} does not name it; list it in publicKey or"
        " assertionMethod of the owner's document.",
        "key.unreachable": "The key {key_id} cannot be fetched now ({reason}); come back in"
        " {retry_after_s} s.",
    }
)

FLIGHT_S = 3.0
FLIGHTS_MAX = 32
FLIGHTS_PER_ORIGIN_MAX = 4
_FETCHES_MAX = 3
_BUSY_AFTER_S = 5
_RETRY_AFTER_S = 30
_MINUTE_MS = 60_000
_REFUSED_MS = 5 * _MINUTE_MS
# Another answer may come the next time: the sender is asked to return.
_PASSING = frozenset({"dns", "connect", "tls", "timeout", "broken"})


class KeyFetches:
    """The flights under way, and what the last ones brought.

    Invariants
        A result is a key that its owner names, with owner and key on one origin.
    """

    def __init__(self, client: GuardedClient, sign: Signer, clock: Callable[[], int]) -> None:
        self._client = client
        self._sign = sign
        self._flights: dict[str, asyncio.Task[PublicKey]] = {}
        self._origins: Counter[str] = Counter()
        self._fetched: Remembered[str, PublicKey] = Remembered(500, _MINUTE_MS, clock)
        self._documents: Remembered[str, Document] = Remembered(32, _MINUTE_MS, clock)
        self._refused: Remembered[str, BadSignature] = Remembered(2000, _REFUSED_MS, clock)
        self._paused: Remembered[str, Unavailable] = Remembered(500, _RETRY_AFTER_S * 1000, clock)

    def document(self, uri: str) -> Document | None:
        """The owner's document that a flight of the last minute brought."""
        return self._documents.get(uri)

    def recent(self, key_id: str) -> PublicKey | None:
        """The key that a flight of the last minute brought, verified or not."""
        return self._fetched.get(key_id)

    def forget(self, key_id: str) -> None:
        """Drop what a flight of the last minute brought."""
        self._fetched.forget(key_id)

    async def fetch(self, key_id: str) -> PublicKey:
        """Fetch a key, or join the flight that does; raise BadSignature or Unavailable."""
        flight = self._flights.get(key_id)
        if flight is None:
            flight = self._start(key_id, origin_of(key_id))
        return await asyncio.shield(flight)

    def _start(self, key_id: str, origin: str) -> asyncio.Task[PublicKey]:
        if (known := self._refused.get(key_id)) is not None:
            raise type(known)(known.code, **known.params)
        if self._paused.get(origin) is not None:
            raise _unreachable(key_id, "its server does not answer")
        if len(self._flights) >= FLIGHTS_MAX or self._origins[origin] >= FLIGHTS_PER_ORIGIN_MAX:
            raise Unavailable("key.busy", retry_after_s=_BUSY_AFTER_S)
        flight = asyncio.create_task(self._fly(key_id, origin), name="key-fetch")
        self._flights[key_id] = flight
        self._origins[origin] += 1
        flight.add_done_callback(lambda ended: self._end(key_id, origin, ended))
        return flight

    def _end(self, key_id: str, origin: str, flight: asyncio.Task[PublicKey]) -> None:
        del self._flights[key_id]
        self._origins[origin] -= 1
        if not self._origins[origin]:
            del self._origins[origin]
        if not flight.cancelled():
            # Whoever waited may be gone: then nobody else would look at the error.
            flight.exception()

    async def _fly(self, key_id: str, origin: str) -> PublicKey:
        try:
            async with asyncio.timeout(FLIGHT_S):
                key, document = await self._find(key_id)
        except (NodeError, TimeoutError) as error:
            failure = _failure(key_id, error)
            if isinstance(failure, BadSignature):
                self._refused.put(key_id, failure)
            elif isinstance(error, (ClientError, TimeoutError)):
                self._paused.put(origin, failure)
            raise failure from error
        self._fetched.put(key_id, key)
        self._documents.put(key.owner_uri, document)
        return key

    async def _find(self, key_id: str) -> tuple[PublicKey, Document]:
        budget = FetchBudget(_FETCHES_MAX)
        document = await fetch_document(
            self._client, key_id, sign=self._sign, budget=budget, accept_key_stub=True
        )
        # A stub under the key's own address is not the owner's word, even if it looks complete.
        if document.get("id") == key_id.partition("#")[0]:
            key = key_in(document, key_id)
            if key is not None:
                return key, document
        owner = owner_claimed(document, key_id)
        if owner is None or owner == document.get("id") == key_id.partition("#")[0]:
            raise BadSignature("key.not_named", key_id=key_id)
        document = await fetch_document(self._client, owner, sign=self._sign, budget=budget)
        key = key_in(document, key_id)
        if key is None or key.owner_uri != owner:
            raise BadSignature("key.not_named", key_id=key_id)
        return key, document


def _unreachable(key_id: str, reason: str, retry_after_s: int = _RETRY_AFTER_S) -> Unavailable:
    return Unavailable("key.unreachable", retry_after_s=retry_after_s, key_id=key_id, reason=reason)


def _failure(key_id: str, error: NodeError | TimeoutError) -> BadSignature | Unavailable:
    """Say what a failed flight means for the request: come back, or never mind."""
    if isinstance(error, TimeoutError):
        return _unreachable(key_id, "it took too long")
    if isinstance(error, BadSignature):
        return error
    if isinstance(error, Gone):
        return BadSignature("key.gone", key_id=key_id)
    if isinstance(error, Unavailable):
        return _unreachable(key_id, str(error), max(error.retry_after_s, 1))
    # It may not have admitted us yet: a refusal of today says nothing about tomorrow.
    passing = error.code == "fetch.refused" or (
        isinstance(error, ClientError) and error.reason in _PASSING
    )
    if passing:
        return _unreachable(key_id, str(error))
    return BadSignature("key.not_found", key_id=key_id, reason=str(error))
