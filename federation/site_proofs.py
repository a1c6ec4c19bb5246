"""A partner proves, before it is told anything, that it holds the key that was pinned.

Names and certificates can be taken from a site; its key cannot. So before a request to a partner
is signed, it answers a challenge with its pinned key, once a minute at most.
"""

import base64
import binascii
import secrets
from collections.abc import Callable, Iterable, Sequence

from federation.activity import parse_json_object, values
from federation.client import GuardedClient
from federation.database import Database
from federation.errors import Malformed, Unavailable, describe
from federation.keys import PrivateKey, PublicKey
from federation.partnerships import PINNED, standing
from federation.remembered import Remembered
from federation.stops import check
from federation.vocabulary import Document

describe(
    {
        "partner.unproved": "{origin} does not show that it holds the key of our agreement; nothing"
        " is sent there. Its administrator has to look: the name may be in other hands.",
        "proof.challenge": "The challenge cannot be read; send 43 characters of base64url.",
    }
)

PATH = "/actor/proof"
PROVED_MS = 60_000
_CHALLENGE_BYTES = 32
_CHALLENGE_CHARACTERS = 43
_DEADLINE_S = 8.0
_ANSWER_BYTES_MAX = 4_096
_SIGNATURES_MAX = 10
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


class Unproved(Unavailable):
    """503: whoever answers in the partner's name does not hold its key."""


class SiteProofs:
    """Which partners have proved themselves a moment ago."""

    def __init__(self, db: Database, client: GuardedClient, clock: Callable[[], int]) -> None:
        self._db = db
        self._client = client
        self._proved: Remembered[str, bool] = Remembered(4_000, PROVED_MS, clock)

    async def ensure(self, origin: str) -> None:
        """Return when `origin` is no partner or has proved itself; raise Unproved, ClientError.

        Unavailable while the exchange with it is stopped.
        """
        await check(self._db, origin)
        if self._proved.get(origin) is not None:
            return
        known = await standing(self._db, origin)
        if known is None or known.state not in PINNED:
            return
        await ask_proof(self._client, origin, known.keys)
        self._proved.put(origin, value=True)

    def forget(self, origin: str) -> None:
        """Ask for the proof again at the next request."""
        self._proved.forget(origin)


async def ask_proof(client: GuardedClient, origin: str, keys: Iterable[PublicKey]) -> None:
    """Challenge a site to show that it holds one of these keys; raise Unproved or ClientError."""
    challenge = secrets.token_urlsafe(_CHALLENGE_BYTES)
    answer = await client.get(
        f"{origin}{PATH}?challenge={challenge}",
        headers={"Accept": "application/json"},
        sign=None,
        limit_bytes=_ANSWER_BYTES_MAX,
        deadline_s=_DEADLINE_S,
        redirects=0,
    )
    signatures = _signatures(answer.body) if answer.status == 200 else []
    said = stated(origin, challenge)
    if not any(key.verify(one, said) for key in keys for one in signatures):
        raise Unproved("partner.unproved", retry_after_s=60, origin=origin)


def prove(origin: str, challenge: str, keys: Sequence[PrivateKey]) -> Document:
    """The answer of the site `origin` to a challenge; raise Malformed for what is none.

    By each of its keys, the newest first: who asks may not have heard of that one yet.
    """
    if len(challenge) != _CHALLENGE_CHARACTERS or not _LETTERS.issuperset(challenge):
        raise Malformed("proof.challenge")
    said = stated(origin, challenge)
    signatures = [base64.b64encode(key.sign(said)).decode("ascii") for key in keys]
    answer: Document = {"origin": origin, "challenge": challenge, "signature": signatures[0]}
    return answer | ({"formerSignatures": signatures[1:]} if signatures[1:] else {})


def stated(origin: str, challenge: str) -> bytes:
    """What is signed: it can be mistaken for nothing else that the key signs."""
    return f"maillage-site-proof-v1\n{origin}\n{challenge}".encode()


def _signatures(body: bytes) -> list[bytes]:
    try:
        answer = parse_json_object(body)
        said = [answer.get("signature"), *values(answer, "formerSignatures")][:_SIGNATURES_MAX]
        return [base64.b64decode(one, validate=True) for one in said if isinstance(one, str)]
    except (Malformed, binascii.Error, ValueError):
        return []
