"""Signatures of draft-cavage-http-signatures-12, as nearly all ActivityPub software sends them.

The text that is signed, how it is read and how ours are written. Who may sign what is decided in
`http_signatures`.
"""

import re
from base64 import b64encode
from binascii import Error as Base64Error
from binascii import a2b_base64
from email.utils import formatdate
from functools import lru_cache

from federation.digests import digest_header
from federation.errors import BadSignature
from federation.keys import PrivateKey
from federation.origins import authority_of, split_url
from federation.received import ClaimedSignature, ReceivedRequest
from federation.vocabulary import ACTIVITY_TYPE

# A comma or the end closes each parameter. No escapes: no key id or header name needs one.
_PARAMETER = re.compile(
    r'[ \t]*([A-Za-z][A-Za-z0-9_-]*)=(?:"([^"\\]*)"|([A-Za-z0-9+/.=_-]+))[ \t]*(?:,|$)'
)
# Whole seconds as they are signed: with a fraction or a leading zero the text would differ.
_SECONDS = re.compile(r"0|[1-9][0-9]{0,11}")
# draft-cavage-12 2.3: (created) and (expires) only with algorithms that do not name an old scheme.
_WITHOUT_CREATED = frozenset({"rsa-sha256", "rsa-v1_5-sha256"})
_COVERED_MAX = 64
_PSEUDO_HEADERS = ("(created)", "(expires)")


def _parameters(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    position = 0
    while position < len(text):
        parameter = _PARAMETER.match(text, position)
        if parameter is None:
            raise BadSignature("signature.malformed", reason=f"at character {position}")
        name = parameter[1]
        if name in found:
            raise BadSignature("signature.malformed", reason=f"{name} occurs twice")
        found[name] = parameter[2] if parameter[3] is None else parameter[3]
        position = parameter.end()
    return found


def _seconds(found: dict[str, str], name: str) -> int | None:
    value = found.get(name)
    if value is None:
        return None
    if not _SECONDS.fullmatch(value):
        raise BadSignature("signature.malformed", reason=f"{name} is not a number of seconds")
    return int(value)


def parse(text: str) -> ClaimedSignature:
    """Read the value of a `Signature` header; raise BadSignature when it is malformed.

    An absent `headers` means `date` (2.1.6); an empty one covers nothing and is refused.
    """
    found = _parameters(text)
    if not found.get("keyId") or not found.get("signature"):
        raise BadSignature("signature.malformed", reason="keyId or signature is missing")
    try:
        signature = a2b_base64(found["signature"], strict_mode=True)
    except (Base64Error, ValueError) as error:
        raise BadSignature("signature.malformed", reason="signature is not base64") from error
    covered = tuple(found.get("headers", "date").lower().split())
    if not 0 < len(covered) <= _COVERED_MAX:
        raise BadSignature("signature.malformed", reason=f"headers names {len(covered)} headers")
    # Each name once: a long header named a thousand times would have us hash megabytes.
    if len(set(covered)) != len(covered):
        twice = next(name for name in covered if covered.count(name) > 1)
        raise BadSignature("signature.covered_twice", component=twice)
    algorithm = found.get("algorithm")
    return ClaimedSignature(
        form="cavage",
        key_id=found["keyId"],
        algorithm=None if algorithm is None else algorithm.lower(),
        covered=covered,
        created_s=_seconds(found, "created"),
        expires_s=_seconds(found, "expires"),
        signature=signature,
    )


def check_pseudo_headers(claimed: ClaimedSignature) -> None:
    """Raise BadSignature when (created) or (expires) is covered where the draft forbids it."""
    if claimed.algorithm in _WITHOUT_CREATED:
        for name in _PSEUDO_HEADERS:
            if name in claimed.covered:
                raise BadSignature(
                    "signature.pseudo_header", component=name, came=claimed.algorithm or ""
                )


def _value(name: str, claimed: ClaimedSignature, request: ReceivedRequest, target: str) -> str:
    if name == "(request-target)":
        return f"{request.method.lower()} {target}"
    if name == "(created)" and claimed.created_s is not None:
        return str(claimed.created_s)
    if name == "(expires)" and claimed.expires_s is not None:
        return str(claimed.expires_s)
    value = request.fields.get(name)
    if value is None or "\n" in value or "\r" in value:
        raise BadSignature("signature.field_missing", component=name)
    return value


def signing_string(claimed: ClaimedSignature, request: ReceivedRequest, target: str) -> bytes:
    """Return the bytes that the signature was made over, with `target` as the request target.

    Raises BadSignature when a covered header is not in the request.
    """
    lines = [f"{name}: {_value(name, claimed, request, target)}" for name in claimed.covered]
    try:
        return "\n".join(lines).encode("latin-1")
    except UnicodeEncodeError as error:
        raise BadSignature("signature.malformed", reason="a header is not bytes") from error


@lru_cache(maxsize=8)
def _http_date(second: int) -> str:
    return formatdate(second, usegmt=True)


def sign_cavage(
    key: PrivateKey,
    method: str,
    url: str,
    body: bytes | None,
    now_ms: int,
    *,
    digest: str | None = None,
    content_type: str = ACTIVITY_TYPE,
) -> dict[str, str]:
    """Return the headers of a request to `url`: Host, Date, Signature, with a body its two more.

    `digest` is `digest_header(body)` when the caller has it already. Send them as they are, to
    the target that `origins.split_url` gives. Takes about a millisecond with an RSA key.
    """
    origin, target = split_url(url)
    headers = {"Host": authority_of(origin), "Date": _http_date(now_ms // 1000)}
    covered = "(request-target) host date"
    text = f"(request-target): {method.lower()} {target}\n"
    text += f"host: {headers['Host']}\ndate: {headers['Date']}"
    if body is not None:
        headers["Digest"] = digest or digest_header(body)
        headers["Content-Type"] = content_type
        covered += " digest content-type"
        text += f"\ndigest: {headers['Digest']}\ncontent-type: {content_type}"
    signature = b64encode(key.sign(text.encode("latin-1"))).decode("ascii")
    headers["Signature"] = (
        f'keyId="{key.key_id}",algorithm="{key.cavage_algorithm}",'
        f'headers="{covered}",signature="{signature}"'
    )
    return headers
