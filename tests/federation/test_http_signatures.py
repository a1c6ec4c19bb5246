"""draft-cavage signatures: the published vectors, what we send, and properties of both forms."""

from base64 import b64encode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation import cavage
from federation.errors import BadSignature, NodeError, Unsigned
from federation.http_signatures import (
    ReceivedRequest,
    SignedRequest,
    check_signature,
    content_digest_header,
    digest_header,
    parse_signature,
    sign_cavage,
    sign_message,
    verify_request,
)
from federation.keys import PrivateKey, PublicKey, generate_ed25519, generate_rsa

ORIGIN = "https://node.test"
URL = f"{ORIGIN}/inbox?shared=1"
ALICE = "https://good.test/users/alice"
NOW_MS = 1_700_000_000_000
BODY = b'{"type":"Create"}'

# draft-cavage-http-signatures-12, appendix C.
VECTOR_KEY = b"""-----BEGIN RSA PRIVATE KEY-----
MIICXgIBAAKBgQDCFENGw33yGihy92pDjZQhl0C36rPJj+CvfSC8+q28hxA161QF
NUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6Z4UMR7EOcpfdUE9Hf3m/hs+F
UR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJwoYi+1hqp1fIekaxsyQIDAQAB
AoGBAJR8ZkCUvx5kzv+utdl7T5MnordT1TvoXXJGXK7ZZ+UuvMNUCdN2QPc4sBiA
QWvLw1cSKt5DsKZ8UETpYPy8pPYnnDEz2dDYiaew9+xEpubyeW2oH4Zx71wqBtOK
kqwrXa/pzdpiucRRjk6vE6YY7EBBs/g7uanVpGibOVAEsqH1AkEA7DkjVH28WDUg
f1nqvfn2Kj6CT7nIcE3jGJsZZ7zlZmBmHFDONMLUrXR/Zm3pR5m0tCmBqa5RK95u
412jt1dPIwJBANJT3v8pnkth48bQo/fKel6uEYyboRtA5/uHuHkZ6FQF7OUkGogc
mSJluOdc5t6hI1VsLn0QZEjQZMEOWr+wKSMCQQCC4kXJEsHAve77oP6HtG/IiEn7
kpyUXRNvFsDE0czpJJBvL/aRFUJxuRK91jhjC68sA7NsKMGg5OXb5I5Jj36xAkEA
gIT7aFOYBFwGgQAQkWNKLvySgKbAZRTeLBacpHMuQdl1DfdntvAyqpAZ0lY0RKmW
G6aFKaqQfOXKCyWoUiVknQJAXrlgySFci/2ueKlIE1QqIiLSZ8V8OlpFLRnb1pzI
7U1yQXnTAEFYM560yJlzUpOb1V4cScGd365tiSMvxLOvTA==
-----END RSA PRIVATE KEY-----
"""
VECTOR_REQUEST = ReceivedRequest(
    "POST",
    "/foo?param=value&pet=dog",
    (
        ("Host", "example.com"),
        ("Date", "Sun, 05 Jan 2014 21:31:40 GMT"),
        ("Content-Type", "application/json"),
        ("Digest", "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="),
        ("Content-Length", "18"),
    ),
    b'{"hello": "world"}',
)
ALL_HEADERS = "(request-target) host date content-type digest content-length"
VECTORS = [
    (
        None,
        (
            "SjWJWbWN7i0wzBvtPl8rbASWz5xQW6mcJmn+ibttBqtifLN7Sazz6m79cNfwwb8DMJ5cou1s7uEGKKCs+FLEEaDV"
            "5lp7q25WqS+lavg7T8hc0GppauB6hbgEKTwblDHYGEtbGmtdHgVCk9SuS13F0hZ8FD0k/5OxEPXe5WozsbM="
        ),
    ),
    (
        "(request-target) host date",
        (
            "qdx+H7PHHDZgy4y/Ahn9Tny9V3GP6YgBPyUXMmoxWtLbHpUnXS2mg2+SbrQDMCJypxBLSPQR2aAjn7ndmw2iicw3"
            "HMbe8VfEdKFYRqzic+efkb3nndiv/x1xSHDJWeSWkx3ButlYSuBskLu6kd9Fswtemr3lgdDEmn04swr2Os0="
        ),
    ),
    (
        ALL_HEADERS,
        (
            "vSdrb+dS3EceC9bcwHSo4MlyKS59iFIrhgYkz8+oVLEEzmYZZvRs8rgOp+63LEM3v+MFHB32NfpB2bEKBIvB1q52"
            "LaEUHFv120V01IL+TAD48XaERZFukWgHoBTLMhYS2Gb51gWxpeIq8knRmPnYePbF5MOkR0Zkly4zKH7s1dE="
        ),
    ),
]


@pytest.fixture(scope="module")
def key() -> PrivateKey:
    return PrivateKey(f"{ALICE}#main-key", generate_rsa())


@pytest.fixture(scope="module")
def public(key: PrivateKey) -> PublicKey:
    return key.public(ALICE)


def received(
    headers: dict[str, str], *, method: str = "POST", target: str = "/inbox?shared=1"
) -> ReceivedRequest:
    body = b"" if method == "GET" else BODY
    return ReceivedRequest(method, target, tuple(headers.items()), body)


def check(request: ReceivedRequest, key: PublicKey, now_ms: int = NOW_MS) -> None:
    check_signature(parse_signature(request), request, key, ORIGIN, now_ms)


@pytest.mark.parametrize(("headers", "signature"), VECTORS, ids=["C.1", "C.2", "C.3"])
def test_the_vectors_of_appendix_c_byte_for_byte(headers: str | None, signature: str) -> None:
    private = load_pem_private_key(VECTOR_KEY, password=None)
    assert isinstance(private, RSAPrivateKey)
    vector_key = PrivateKey("Test", private)
    text = f'keyId="Test",algorithm="rsa-sha256",signature="{signature}"'
    claimed = cavage.parse(text if headers is None else f'{text},headers="{headers}"')
    message = cavage.signing_string(claimed, VECTOR_REQUEST, VECTOR_REQUEST.target)
    assert b64encode(vector_key.sign(message)).decode() == signature
    assert vector_key.public("x").verify(claimed.signature, message)
    assert not vector_key.public("x").verify(claimed.signature, message + b" ")


def test_the_vector_that_covers_all_is_accepted_whole_and_the_others_are_not() -> None:
    private = load_pem_private_key(VECTOR_KEY, password=None)
    assert isinstance(private, RSAPrivateKey)
    # The vectors name their key "Test", which is no address: the same signature, named well.
    public = PrivateKey(f"{ALICE}#main-key", private).public(ALICE)
    outcomes: list[str] = []
    for headers, signature in VECTORS:
        value = f'keyId="{ALICE}#main-key",algorithm="rsa-sha256",signature="{signature}"'
        value += f',headers="{headers}"' if headers else ""
        request = ReceivedRequest(
            "POST",
            VECTOR_REQUEST.target,
            (*VECTOR_REQUEST.headers, ("Signature", value)),
            VECTOR_REQUEST.body,
        )
        try:
            check_signature(
                parse_signature(request), request, public, "https://example.com", 1388957500_000
            )
            outcomes.append("accepted")
        except BadSignature as error:
            outcomes.append(error.params["component"])
    assert outcomes == ["(request-target)", "digest", "accepted"]


def test_the_example_for_reading_headers() -> None:
    # draft-cavage-12, 2.3: repeated values joined, blanks stripped, empty values kept.
    request = ReceivedRequest(
        "GET",
        "/foo",
        (
            ("Host", "example.org"),
            ("X-Example", "Example header  \t"),
            ("X-EmptyHeader", ""),
            ("Cache-Control", "max-age=60"),
            ("Cache-Control", "   must-revalidate"),
        ),
        b"",
    )
    claimed = cavage.parse(
        'keyId="k",signature="AAAA",created=1402170695,algorithm="hs2019",'
        'headers="(Request-Target) (created) host Cache-Control x-emptyheader X-EXAMPLE"'
    )
    assert cavage.signing_string(claimed, request, "/foo") == (
        b"(request-target): get /foo\n(created): 1402170695\nhost: example.org\n"
        b"cache-control: max-age=60, must-revalidate\nx-emptyheader: \nx-example: Example header"
    )


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("algorithm", ["rsa", "ed25519"])
@pytest.mark.parametrize("sign", [sign_cavage, sign_message])
def test_what_we_sign_we_accept(method: str, algorithm: str, sign: Any, key: PrivateKey) -> None:
    if algorithm == "ed25519":
        key = PrivateKey(key.key_id, generate_ed25519())
    body = BODY if method == "POST" else None
    headers: dict[str, str] = sign(key, method, URL, body, NOW_MS)
    request = received(headers, method=method)
    check(request, key.public(ALICE))
    with pytest.raises(BadSignature) as refused:
        check(received(headers, method=method, target="/inbox?shared=2"), key.public(ALICE))
    assert refused.value.code == "signature.wrong"


def test_the_headers_of_a_delivery(key: PrivateKey) -> None:
    headers = sign_cavage(key, "POST", "http://127.0.0.1:8480/inbox", BODY, NOW_MS)
    assert list(headers) == ["Host", "Date", "Digest", "Content-Type", "Signature"]
    assert headers["Host"] == "127.0.0.1:8480"
    assert headers["Date"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert headers["Digest"] == digest_header(BODY)
    assert headers["Digest"].startswith("SHA-256=")
    assert headers["Content-Type"] == "application/activity+json"
    assert headers["Signature"].startswith(
        f'keyId="{ALICE}#main-key",algorithm="rsa-sha256",'
        'headers="(request-target) host date digest content-type",signature="'
    )
    fetch = sign_cavage(key, "GET", URL, None, NOW_MS)
    assert list(fetch) == ["Host", "Date", "Signature"]
    assert 'headers="(request-target) host date"' in fetch["Signature"]


def test_a_digest_made_once_is_used_for_each_delivery(key: PrivateKey) -> None:
    digest, content_digest = digest_header(BODY), content_digest_header(BODY)
    assert sign_cavage(key, "POST", URL, BODY, NOW_MS, digest=digest) == sign_cavage(
        key, "POST", URL, BODY, NOW_MS
    )
    assert sign_message(
        key, "POST", URL, BODY, NOW_MS, content_digest=content_digest
    ) == sign_message(key, "POST", URL, BODY, NOW_MS)


SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
NAMES = st.sampled_from(
    ["signature", "signature-input", "authorization", "digest", "content-digest", "date", "host"]
)
PIECES = st.sampled_from(
    [
        'keyId="https://good.test/k"',
        'headers="(request-target) host date digest"',
        'signature="AAAA"',
        'algorithm="hs2019"',
        "created=1700000000",
        'sig1=("@method" "@target-uri" "content-digest");created=1700000000;keyid="https://a.b/c"',
        "sig1=:AAAA:",
        "Signature ",
        "SHA-256=",
        "sha-256=:",
        ",",
        ";",
        '"',
        "(",
        ")",
        "node.test",
        "Tue, 14 Nov 2023 22:13:20 GMT",
    ]
)
VALUES = st.lists(PIECES | st.text(max_size=8), max_size=6).map("".join)


@given(
    headers=st.lists(st.tuples(NAMES | st.text(max_size=5), VALUES | st.text()), max_size=6),
    method=st.sampled_from(["GET", "POST", "get", ""]),
    target=st.sampled_from(["/inbox", "/inbox?a=b", "", "*"]) | st.text(max_size=5),
    body=st.binary(max_size=5),
)
@settings(max_examples=400, deadline=None, suppress_health_check=SLOW)
def test_no_header_makes_anything_but_our_own_errors(
    public: PublicKey, headers: list[tuple[str, str]], method: str, target: str, body: bytes
) -> None:
    request = ReceivedRequest(method, target, tuple(headers), body)
    with pytest.raises(NodeError) as refused:
        check(request, public)
    assert isinstance(refused.value, Unsigned)
    assert refused.value.code in str(refused.value) or len(str(refused.value)) > 20


COVERED = [
    (sign_cavage, ["body", "target", "Host", "Date", "Digest", "Content-Type"]),
    (sign_message, ["body", "target", "Content-Digest", "Signature-Input"]),
]


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@pytest.mark.parametrize(("sign", "covered"), COVERED)
def test_any_altered_character_of_what_is_covered_is_refused(
    sign: Any, covered: list[str], key: PrivateKey, public: PublicKey, data: st.DataObject
) -> None:
    headers: dict[str, str] = sign(key, "POST", URL, BODY, NOW_MS)
    parts = {"body": BODY.decode(), "target": "/inbox?shared=1", **headers}
    check(received(headers), public)
    name = data.draw(st.sampled_from(covered))
    position = data.draw(st.integers(0, len(parts[name]) - 1))
    other = data.draw(
        st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=parts[name][position])
    )
    altered = parts[name][:position] + other + parts[name][position + 1 :]
    request = ReceivedRequest(
        "POST",
        altered if name == "target" else "/inbox?shared=1",
        tuple((headers | {name: altered}).items()),
        altered.encode() if name == "body" else BODY,
    )
    with pytest.raises(NodeError) as refused:
        check(request, public)
    assert refused.value.status == 401


@pytest.mark.parametrize("sign", [sign_cavage, sign_message])
def test_any_altered_byte_of_the_signature_is_refused(
    sign: Any, key: PrivateKey, public: PublicKey
) -> None:
    headers: dict[str, str] = sign(key, "POST", URL, BODY, NOW_MS)
    signature = parse_signature(received(headers)).signature
    for position in (0, 100, 255):
        changed = bytearray(signature)
        changed[position] ^= 1
        for forged in (bytes(changed), signature[:position], signature + bytes(changed)):
            value = headers["Signature"].replace(
                b64encode(signature).decode(), b64encode(forged).decode()
            )
            with pytest.raises(BadSignature):
                check(received(headers | {"Signature": value}), public)


async def test_a_proof_is_made_only_by_verification(key: PrivateKey, public: PublicKey) -> None:
    async def find_key(key_id: str, refresh: bool) -> PublicKey:
        assert (key_id, refresh) == (public.key_id, False)
        return public

    request = received(sign_cavage(key, "POST", URL, BODY, NOW_MS))
    signed = await verify_request(request, ORIGIN, NOW_MS, find_key)
    assert signed == SignedRequest(public, "cavage", request)
