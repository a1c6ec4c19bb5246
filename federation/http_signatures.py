"""The one place where a stranger becomes a known sender.

A request claims a signature; the receiver, not the signer, fixes what must be signed, how old it
may be, which host it must be meant for and which algorithm the key's type allows. Only when all
that holds and the bytes verify is a `SignedRequest` made, and only when the key belongs to the
activity's actor a `SignedActivity`. Both are made here and nowhere else; code that takes one never
asks again.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast

from federation import cavage, message_signatures
from federation.cavage import sign_cavage
from federation.digests import check_digests, content_digest_header, digest_header
from federation.errors import BadSignature, Malformed, Refused, Unsigned
from federation.keys import PublicKey
from federation.message_signatures import sign_message
from federation.origins import authority_of, origin_of
from federation.received import ClaimedSignature, ReceivedRequest, SignatureForm
from federation.vocabulary import Document

__all__ = [
    "ClaimedSignature",
    "ReceivedRequest",
    "SignedActivity",
    "SignedRequest",
    "bind_activity",
    "check_signature",
    "content_digest_header",
    "digest_header",
    "parse_signature",
    "sign_cavage",
    "sign_message",
    "verify_request",
]

FindKey = Callable[[str, bool], Awaitable[PublicKey]]

AGE_S_MAX = 3600
AHEAD_S_MAX = 300

# The names that say what a key of the type does anyway; hs2019 and none leave it to the key.
_ALGORITHMS: dict[tuple[SignatureForm, str], frozenset[str]] = {
    ("cavage", "rsa"): frozenset({"rsa-sha256", "hs2019", "rsa-v1_5-sha256"}),
    ("cavage", "ed25519"): frozenset({"ed25519", "hs2019"}),
    ("rfc9421", "rsa"): frozenset({"rsa-v1_5-sha256"}),
    ("rfc9421", "ed25519"): frozenset({"ed25519"}),
}
_KNOWN: dict[SignatureForm, frozenset[str]] = {
    form: _ALGORITHMS[form, "rsa"] | _ALGORITHMS[form, "ed25519"] for form in ("cavage", "rfc9421")
}
_HTTP_DATE = re.compile(
    r"(?:[A-Z][a-z]{2}, )?([0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2})"
    r" (?:GMT|UTC|\+0000)"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_AUTHORIZATION = "signature "


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request of which `key` signed all that matters, for this node, within the window.

    `signed_at_ms` is when, to the second, by the signer's clock.
    """

    key: PublicKey
    form: SignatureForm
    request: ReceivedRequest
    signed_at_ms: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class SignedActivity:
    """An activity that its actor signed, or the instance actor of that actor's origin for it."""

    activity: Document
    actor_uri: str
    key_id: str
    key_owner_uri: str
    body: bytes
    signed_at_ms: int = field(default=0, compare=False)


def _cavage_text(request: ReceivedRequest) -> str:
    values = [value for name, value in request.headers if name.lower() == "signature"]
    credentials = request.fields.get("authorization", "")
    if len(values) > 1:
        raise BadSignature("signature.several")
    if credentials[: len(_AUTHORIZATION)].lower() == _AUTHORIZATION:
        values.append(credentials[len(_AUTHORIZATION) :])
    if not values:
        raise Unsigned("signature.missing")
    # Some libraries send the same text both ways.
    if len({value.strip(" \t") for value in values}) > 1:
        raise BadSignature("signature.several")
    return values[0]


def _acceptable(
    claims: list[ClaimedSignature | BadSignature], request: ReceivedRequest
) -> ClaimedSignature:
    first: BadSignature | None = None
    for claim in claims:
        try:
            if isinstance(claim, BadSignature):
                raise claim
            _check_claim(claim, request)
        except BadSignature as error:
            first = first or error
        else:
            return claim
    raise first or Unsigned("signature.missing")


def parse_signature(request: ReceivedRequest) -> ClaimedSignature:
    """Return what the request says of its signature, in either form, if that can be accepted.

    Of several RFC 9421 labels the first one that can. Nothing is proved yet, but everything that
    needs neither key nor clock holds: cover, algorithm name, form of the key id. Raises Unsigned
    without a signature, BadSignature for one that cannot be accepted, and nothing else.
    """
    if not request.target.startswith("/"):
        raise BadSignature("signature.target", came=request.target)
    signature_input = request.fields.get("signature-input")
    if signature_input is None:
        claimed = cavage.parse(_cavage_text(request))
        _check_claim(claimed, request)
        return claimed
    signature = request.fields.get("signature")
    if signature is None:
        raise BadSignature("signature.malformed", reason="Signature-Input without Signature")
    return _acceptable(message_signatures.parse(signature_input, signature), request)


def _check_claim(claimed: ClaimedSignature, request: ReceivedRequest) -> None:
    algorithm = claimed.algorithm
    if algorithm is not None and algorithm not in _KNOWN[claimed.form]:
        expected = " or ".join(sorted(_KNOWN[claimed.form]))
        raise BadSignature("signature.algorithm", came=algorithm, expected=expected)
    if claimed.form == "cavage":
        _check_cavage_cover(claimed, request)
    else:
        _check_message_cover(claimed, request)
    try:
        origin_of(claimed.key_id)
    except Malformed as error:
        raise BadSignature("signature.key_id", came=claimed.key_id) from error


def _require(covered: bool, component: str) -> None:
    if not covered:
        raise BadSignature("signature.uncovered", component=component)


def _check_cavage_cover(claimed: ClaimedSignature, request: ReceivedRequest) -> None:
    covered = claimed.covered
    cavage.check_pseudo_headers(claimed)
    _require("(request-target)" in covered, "(request-target)")
    _require("host" in covered, "host")
    _require("date" in covered or "(created)" in covered, "date or (created)")
    _require("digest" in covered or not request.digest_needed, "digest")


def _check_message_cover(claimed: ClaimedSignature, request: ReceivedRequest) -> None:
    covered = claimed.covered
    _require('"@method"' in covered, "@method")
    whole = '"@request-target"' in covered or (
        '"@path"' in covered and ('"@query"' in covered or "?" not in request.target)
    )
    _require(
        '"@target-uri"' in covered or (whole and '"@authority"' in covered),
        "@target-uri, or @authority with @path and @query",
    )
    _require('"content-digest"' in covered or not request.digest_needed, "content-digest")
    if claimed.created_s is None:
        raise BadSignature("signature.created_missing")


@lru_cache(maxsize=1024)
def _date_s(text: str) -> int:
    found = _HTTP_DATE.fullmatch(text)
    if found is None:
        raise BadSignature("signature.date", came=text)
    day, month, year, clock = found[1].split(" ")
    hour, minute, second = map(int, clock.split(":"))
    try:
        moment = datetime(
            int(year), _MONTHS.index(month) + 1, int(day), hour, minute, second, tzinfo=UTC
        )
    except ValueError as error:
        raise BadSignature("signature.date", came=text) from error
    return int(moment.timestamp())


def _check_time(made_s: int, now_s: int) -> None:
    if now_s - made_s > AGE_S_MAX:
        raise BadSignature("signature.expired", age_s=str(now_s - made_s))
    if made_s - now_s > AHEAD_S_MAX:
        raise BadSignature("signature.future", ahead_s=str(made_s - now_s))


def _check_times(claimed: ClaimedSignature, request: ReceivedRequest, now_s: int) -> None:
    if claimed.form == "rfc9421" or "(created)" in claimed.covered:
        if claimed.created_s is None:
            raise BadSignature("signature.created_missing")
        _check_time(claimed.created_s, now_s)
    if "date" in claimed.covered:
        _check_time(_date_s(request.fields.get("date", "")), now_s)
    if claimed.expires_s is not None and claimed.expires_s <= now_s:
        raise BadSignature("signature.expired", age_s=str(now_s - (claimed.created_s or now_s)))


def _signed_at_s(claimed: ClaimedSignature, request: ReceivedRequest) -> int:
    """Return the time that the signature covers; `_check_times` has seen that there is one."""
    if claimed.form == "rfc9421" or "(created)" in claimed.covered:
        return claimed.created_s or 0
    return _date_s(request.fields.get("date", ""))


@lru_cache(maxsize=16)
def _our_hosts(origin: str) -> frozenset[str]:
    authority = authority_of(origin)
    host = re.sub(r":[0-9]+$", "", authority)
    if host != authority:
        # Mastodon sends and signs the host without the port.
        return frozenset({authority, host})
    return frozenset({authority, f"{authority}:{443 if origin.startswith('https:') else 80}"})


def _check_addressed(
    claimed: ClaimedSignature, request: ReceivedRequest, origin: str, now_ms: int
) -> None:
    """Check all that needs no key: meant for us, recent, and with the body that was signed."""
    host = request.fields.get("host", "")
    if host.lower() not in _our_hosts(origin):
        raise BadSignature("signature.host", came=host, expected=authority_of(origin))
    _check_times(claimed, request, now_ms // 1000)
    required = "digest" if claimed.form == "cavage" else "content-digest"
    check_digests(request, required if request.digest_needed else None)
    if origin_of(claimed.key_id) == origin:
        raise BadSignature("signature.own_key", key_id=claimed.key_id)


def _check_algorithm(claimed: ClaimedSignature, key: PublicKey) -> None:
    allowed = _ALGORITHMS[claimed.form, key.algorithm]
    if claimed.algorithm is not None and claimed.algorithm not in allowed:
        expected = " or ".join(sorted(allowed))
        raise BadSignature("signature.algorithm", came=claimed.algorithm, expected=expected)


def _messages(
    claimed: ClaimedSignature, request: ReceivedRequest, origin: str
) -> tuple[bytes, ...]:
    """Return what may have been signed: one text, or two where peers differ."""
    if claimed.form == "rfc9421":
        return (message_signatures.signature_base(claimed, request, origin),)
    # Several peers leave the query out of what they sign: with it, then without.
    targets = dict.fromkeys((request.target, request.target.partition("?")[0]))
    return tuple(cavage.signing_string(claimed, request, target) for target in targets)


def _check_key(claimed: ClaimedSignature, messages: tuple[bytes, ...], key: PublicKey) -> None:
    if key.key_id != claimed.key_id:
        raise BadSignature("key.other", expected=claimed.key_id, came=key.key_id)
    _check_algorithm(claimed, key)
    if not any(key.verify(claimed.signature, message) for message in messages):
        raise BadSignature("signature.wrong", key_id=claimed.key_id)


def check_signature(
    claimed: ClaimedSignature, request: ReceivedRequest, key: PublicKey, origin: str, now_ms: int
) -> None:
    """Raise BadSignature unless `key` signed `request`, for `origin`, within the window.

    The window is one hour back and five minutes ahead; a longer `expires` does not widen it.
    """
    _check_claim(claimed, request)
    _check_addressed(claimed, request, origin, now_ms)
    _check_key(claimed, _messages(claimed, request, origin), key)


async def verify_request(
    request: ReceivedRequest, origin: str, now_ms: int, find_key: FindKey
) -> SignedRequest:
    """Return the proof that the request is signed, with whose key.

    `find_key(key_id, refresh)` is asked only when all that needs no key holds, and once more with
    refresh when the key does not fit: it limits how often it fetches, and what it raises passes
    through. Raises Unsigned or BadSignature.
    """
    claimed = parse_signature(request)
    _check_addressed(claimed, request, origin, now_ms)
    messages = _messages(claimed, request, origin)
    key = await find_key(claimed.key_id, False)
    try:
        _check_key(claimed, messages, key)
    except BadSignature:
        key = await find_key(claimed.key_id, True)
        _check_key(claimed, messages, key)
    if origin_of(key.owner_uri) != origin_of(key.key_id):
        raise BadSignature("key.foreign_owner", key_id=key.key_id, owner=key.owner_uri)
    return SignedRequest(key, claimed.form, request, _signed_at_s(claimed, request) * 1000)


def _actor_uri(document: Document) -> str:
    actor: Any = document.get("actor")
    if isinstance(actor, list):
        actors = cast("list[Any]", actor)
        actor = actors[0] if len(actors) == 1 else None
    if isinstance(actor, dict):
        actor = cast("Document", actor).get("id")
    if not isinstance(actor, str):
        raise Malformed("activity.actor")
    return actor


def bind_activity(signed: SignedRequest, document: Document) -> SignedActivity:
    """Return `document`, the body of `signed`, as an activity of the one who signed it.

    Raises Malformed without a single actor, Refused when the key belongs to somebody else: only
    the actor's own key counts, or that of the instance actor of its origin (SEC-003).
    """
    actor_uri = _actor_uri(document)
    key = signed.key
    if actor_uri != key.owner_uri:
        ours = key.vouches_for_origin and origin_of(actor_uri) == origin_of(key.owner_uri)
        if not ours:
            raise Refused("signature.not_actor", owner=key.owner_uri, actor=actor_uri)
    return SignedActivity(
        document, actor_uri, key.key_id, key.owner_uri, signed.request.body, signed.signed_at_ms
    )
