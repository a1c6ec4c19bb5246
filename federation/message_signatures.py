"""HTTP message signatures of RFC 9421, as this software signs and as others may.

The signature base, how `Signature-Input` is read and how ours are written. Who may sign what is
decided in `http_signatures`.
"""

import re
from base64 import b64encode
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Callable
from urllib.parse import parse_qsl, quote

from federation.digests import content_digest_header
from federation.errors import BadSignature
from federation.keys import PrivateKey
from federation.origins import authority_of, split_url
from federation.received import ClaimedSignature, ReceivedRequest
from federation.structured_fields import (
    InnerList,
    Item,
    Token,
    parse_dictionary,
    serialise_item,
    serialise_list,
    serialise_string,
)
from federation.vocabulary import ACTIVITY_TYPE

# What this software says in an answer, so that its own kind signs this way at once (5.1).
ACCEPT_SIGNATURE = 'sig1=("@method" "@target-uri" "content-digest");created;keyid;alg="ed25519"'

_LABELS_MAX = 8
_COVERED_MAX = 64
# Component identifiers as they are serialised, and how each is read off a request (2.2).
_DERIVED: dict[str, Callable[[ReceivedRequest, str], str]] = {
    '"@method"': lambda request, _: request.method,
    '"@target-uri"': lambda request, origin: origin + request.target,
    '"@authority"': lambda _, origin: authority_of(origin),
    '"@scheme"': lambda _, origin: origin.partition(":")[0],
    '"@request-target"': lambda request, _: request.target,
    '"@path"': lambda request, _: request.target.partition("?")[0],
    '"@query"': lambda request, _: "?" + request.target.partition("?")[2],
}
_FIELD_NAME = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+")
_QUERY_FIELDS_MAX = 100

# One label, names without parameters, each parameter in its canonical form: what is matched whole
# by this is its own canonical text, and need not be parsed and written again.
_COMMON = re.compile(
    r'([a-z*][a-z0-9_.*-]*)=(\(("[@a-z0-9-]+"(?: "[@a-z0-9-]+")*)\)'
    r'((?:;(?:created|expires)=(?:0|[1-9][0-9]{0,14})|;(?:keyid|alg|nonce|tag)="[ !#-\[\]-~]*")+))'
)
_COMMON_PARAM = re.compile(r';([a-z]+)=(?:"([^"]*)"|([0-9]+))')
_COMMON_SIGNATURE = re.compile(r"([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/=]+):")


def _malformed(reason: str) -> BadSignature:
    return BadSignature("signature.malformed", reason=reason)


def _parse_common(signature_input: str, signature: str) -> ClaimedSignature | None:
    """Read the shape that nearly everybody sends, or return None: ten times cheaper."""
    found = _COMMON.fullmatch(signature_input)
    value = _COMMON_SIGNATURE.fullmatch(signature)
    if found is None or value is None or found[1] != value[1]:
        return None
    pairs = _COMMON_PARAM.findall(found[4])
    params: dict[str, str] = {name: text or number for name, text, number in pairs}
    covered = tuple(found[3].split(" "))
    known = len(covered) <= _COVERED_MAX and all(
        name in _DERIVED for name in covered if "@" in name
    )
    if len(params) != len(pairs) or len(set(covered)) != len(covered) or not known:
        return None
    if not params.get("keyid"):
        return None
    created, expires = params.get("created"), params.get("expires")
    try:
        raw = a2b_base64(value[2], strict_mode=True)
    except Base64Error:
        return None
    return ClaimedSignature(
        form="rfc9421",
        key_id=params["keyid"],
        algorithm=params.get("alg"),
        covered=covered,
        created_s=None if created is None else int(created),
        expires_s=None if expires is None else int(expires),
        signature=raw,
        params=found[2],
    )


def _seconds(inner: InnerList, name: str) -> int | None:
    value = inner.params.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _malformed(f"{name} is not a number of seconds")
    return value


def _text(inner: InnerList, name: str) -> str | None:
    value = inner.params.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or isinstance(value, Token):
        raise _malformed(f"{name} is not a string")
    return value


def _check_component(item: Item) -> None:
    name = item.value
    if isinstance(name, str) and not isinstance(name, Token):
        if name == "@query-param" and set(item.params) == {"name"}:
            return
        # sf, bs, key, tr and req change what is signed; nobody in this network sends them.
        plain = f'"{name}"' in _DERIVED or _FIELD_NAME.fullmatch(name)
        if not item.params and plain:
            return
    raise BadSignature("signature.component", component=serialise_item(item))


def _claim(member: Item | InnerList, signature: Item | InnerList | None) -> ClaimedSignature:
    if not isinstance(member, InnerList):
        raise _malformed("Signature-Input does not hold a list")
    if not isinstance(signature, Item) or not isinstance(signature.value, bytes):
        raise _malformed("there is no byte sequence in Signature for the label of Signature-Input")
    if len(member.items) > _COVERED_MAX:
        raise _malformed(f"{len(member.items)} components are covered")
    for item in member.items:
        _check_component(item)
    covered = tuple(map(serialise_item, member.items))
    for component in covered:
        if covered.count(component) > 1:
            raise BadSignature("signature.covered_twice", component=component)
    key_id = _text(member, "keyid")
    if not key_id:
        raise _malformed("keyid is missing")
    return ClaimedSignature(
        form="rfc9421",
        key_id=key_id,
        algorithm=_text(member, "alg"),
        covered=covered,
        created_s=_seconds(member, "created"),
        expires_s=_seconds(member, "expires"),
        signature=signature.value,
        params=serialise_list(member),
    )


def parse(signature_input: str, signature: str) -> list[ClaimedSignature | BadSignature]:
    """Read both headers: for each label, in order, what it claims or why it cannot be used.

    Raises BadSignature when the headers as a whole are malformed or hold more than 8 labels.
    """
    if (common := _parse_common(signature_input, signature)) is not None:
        return [common]
    try:
        inputs = parse_dictionary(signature_input)
        signatures = parse_dictionary(signature)
    except ValueError as error:
        raise _malformed(str(error)) from error
    if not 0 < len(inputs) <= _LABELS_MAX:
        raise _malformed(f"{len(inputs)} labels")
    claims: list[ClaimedSignature | BadSignature] = []
    for label, member in inputs.items():
        try:
            claims.append(_claim(member, signatures.get(label)))
        except BadSignature as error:
            claims.append(error)
    return claims


def _encoded(text: str) -> str:
    # The percent-encode set of application/x-www-form-urlencoded, with %20 for a space (2.2.8).
    return quote(text, safe="*").replace("~", "%7E")


def _query_param(component: str, query: str) -> str:
    wanted = component.removeprefix('"@query-param";name="')[:-1]
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_QUERY_FIELDS_MAX)
    except ValueError as error:
        raise BadSignature("signature.field_missing", component=component) from error
    values = [_encoded(value) for name, value in pairs if _encoded(name) == wanted]
    if len(values) != 1:
        raise BadSignature("signature.field_missing", component=component)
    return values[0]


def _value(component: str, request: ReceivedRequest, origin: str) -> str:
    if derive := _DERIVED.get(component):
        return derive(request, origin)
    if component.startswith('"@'):
        return _query_param(component, request.target.partition("?")[2])
    value = request.fields.get(component[1:-1])
    if value is None or "\n" in value or "\r" in value:
        raise BadSignature("signature.field_missing", component=component)
    return value


def signature_base(claimed: ClaimedSignature, request: ReceivedRequest, origin: str) -> bytes:
    """Return the bytes that the signature was made over (2.5).

    Scheme and authority are those of `origin`, never what the request says of them. Raises
    BadSignature when a covered component is not in the request.
    """
    lines = [f"{name}: {_value(name, request, origin)}" for name in claimed.covered]
    lines.append(f'"@signature-params": {claimed.params}')
    try:
        return "\n".join(lines).encode("latin-1")
    except UnicodeEncodeError as error:
        raise _malformed("a header is not bytes") from error


def sign_message(
    key: PrivateKey,
    method: str,
    url: str,
    body: bytes | None,
    now_ms: int,
    *,
    content_digest: str | None = None,
    content_type: str = ACTIVITY_TYPE,
) -> dict[str, str]:
    """Return the headers of a request to `url`: Host, Signature-Input, Signature, with a body more.

    `content_digest` is `content_digest_header(body)` when the caller has it already. Send them as
    they are, to the target that `origins.split_url` gives.
    """
    origin, target = split_url(url)
    headers = {"Host": authority_of(origin)}
    covered = '"@method" "@target-uri"'
    base = f'"@method": {method}\n"@target-uri": {origin}{target}\n'
    if body is not None:
        digest = content_digest or content_digest_header(body)
        headers["Content-Digest"] = digest
        headers["Content-Type"] = content_type
        covered += ' "content-digest"'
        base += f'"content-digest": {digest}\n'
    params = (
        f"({covered});created={now_ms // 1000};keyid={serialise_string(key.key_id)}"
        f';alg="{key.message_algorithm}"'
    )
    signature = key.sign(f'{base}"@signature-params": {params}'.encode("latin-1"))
    headers["Signature-Input"] = f"sig1={params}"
    headers["Signature"] = f"sig1=:{b64encode(signature).decode('ascii')}:"
    return headers


def accepts_ed25519(accept_signature: str) -> bool:
    """Whether an `Accept-Signature` header asks for RFC 9421 with Ed25519; never raises."""
    try:
        members = parse_dictionary(accept_signature)
    except ValueError:
        return False
    return any(
        isinstance(member, InnerList) and member.params.get("alg") == "ed25519"
        for member in members.values()
    )
