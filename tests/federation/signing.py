"""A signer that does as it is told: signs one thing, and sends another if so asked."""

from base64 import b64encode

from federation.http_signatures import (
    ReceivedRequest,
    content_digest_header,
    digest_header,
    parse_signature,
)
from federation.keys import PrivateKey, PublicKey, generate_ed25519, generate_rsa

ORIGIN = "https://node.test"
ALICE = "https://good.test/users/alice"
KEY_ID = f"{ALICE}#main-key"
DATE = "Wed, 22 Nov 2023 10:00:00 GMT"
NOW_S = 1_700_647_200
BODY = b'{"type":"Create"}'
DIGEST = digest_header(BODY)
CONTENT_DIGEST = content_digest_header(BODY)
KEYS: dict[str, PrivateKey] = {
    "rsa": PrivateKey(KEY_ID, generate_rsa()),
    "ed25519": PrivateKey(KEY_ID, generate_ed25519()),
}

Headers = dict[str, str]


def cavage(
    method: str = "POST",
    target: str = "/inbox",
    headers: Headers | None = None,
    covered: str = "(request-target) host date digest",
    *,
    algorithm: str | None = "rsa-sha256",
    signed_target: str | None = None,
    created: int | None = None,
    expires: int | None = None,
    body: bytes | None = None,
    received_target: str | None = None,
    received_method: str | None = None,
    key: str = "rsa",
) -> ReceivedRequest:
    """Sign one thing and receive another, if so asked."""
    if headers is None:
        headers = {"Host": "node.test", "Date": DATE, "Digest": DIGEST}
        if method == "GET":
            del headers["Digest"]
    fields = {name.lower(): value for name, value in headers.items()}
    fields["(request-target)"] = f"{method.lower()} {signed_target or target}"
    fields |= {"(created)": str(created), "(expires)": str(expires)}
    lines = [f"{name.lower()}: {fields.get(name.lower(), '')}" for name in covered.split()]
    signature = b64encode(KEYS[key].sign("\n".join(lines).encode())).decode()
    parts = [f'keyId="{KEY_ID}"', f'headers="{covered}"', f'signature="{signature}"']
    parts += [f'algorithm="{algorithm}"'] if algorithm else []
    parts += [f"created={created}"] if created else []
    parts += [f"expires={expires}"] if expires else []
    return ReceivedRequest(
        received_method or method,
        received_target or target,
        (*headers.items(), ("Signature", ",".join(parts))),
        (b"" if method == "GET" else BODY) if body is None else body,
    )


def message(
    method: str = "POST",
    target: str = "/inbox",
    headers: Headers | None = None,
    covered: str = '"@method" "@target-uri" "content-digest"',
    *,
    params: str = f';created={NOW_S};keyid="{KEY_ID}"',
    body: bytes | None = None,
    received_target: str | None = None,
    received_method: str | None = None,
    key: str = "rsa",
    others: tuple[str, str] = ("", ""),
) -> ReceivedRequest:
    """Sign one thing and receive another, if so asked."""
    if headers is None:
        headers = {"Host": "node.test", "Content-Digest": CONTENT_DIGEST}
        if method == "GET":
            del headers["Content-Digest"]
    path, _, query = target.partition("?")
    values = {f'"{name.lower()}"': value for name, value in headers.items()}
    values |= {'"@method"': method, '"@target-uri"': ORIGIN + target, '"@path"': path}
    values |= {'"@query"': f"?{query}", '"@authority"': "node.test", '"@request-target"': target}
    lines = [f"{name}: {values.get(name, '')}" for name in covered.split()]
    base = "\n".join([*lines, f'"@signature-params": ({covered}){params}'])
    signature = b64encode(KEYS[key].sign(base.encode())).decode()
    more = {
        "Signature-Input": f"{others[0]}sig1=({covered}){params}",
        "Signature": f"{others[1]}sig1=:{signature}:",
    }
    return ReceivedRequest(
        received_method or method,
        received_target or target,
        tuple((headers | more).items()),
        (b"" if method == "GET" else BODY) if body is None else body,
    )


def host(name: str) -> Headers:
    return {"Host": name, "Date": DATE, "Digest": DIGEST}


def dated(date: str) -> Headers:
    return {"Host": "node.test", "Date": date, "Digest": DIGEST}


def digested(value: str, name: str = "Digest") -> Headers:
    return {"Host": "node.test", "Date": DATE, name: value}


GET = "(request-target) host date"
CREATED = "(request-target) host (created) digest"
GET_MESSAGE = '"@method" "@target-uri"'
ID = f';keyid="{KEY_ID}"'


def key_of(request: ReceivedRequest) -> PublicKey:
    """The key with which the test signed: the shorter signatures are Ed25519."""
    claimed = parse_signature(request)
    kind = "ed25519" if len(claimed.signature) == 64 else "rsa"
    return KEYS[kind].public(ALICE)
