"""RFC 9421, appendix B and section 4.3: the published vectors, with another library as control."""

from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from http_message_signatures import _algorithms as algorithms
from http_message_signatures.resolvers import HTTPSignatureKeyResolver
from http_message_signatures.signatures import HTTPMessageVerifier

from federation import message_signatures
from federation.errors import BadSignature
from federation.http_signatures import (
    ClaimedSignature,
    ReceivedRequest,
    check_signature,
    parse_signature,
)
from federation.keys import PrivateKey, PublicKey, load_public_pem
from federation.message_signatures import signature_base

# RFC 9421, appendix B.1.
RSA_PEM = b"""-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEAhAKYdtoeoy8zcAcR874L8cnZxKzAGwd7v36APp7Pv6Q2jdsPBRrw
WEBnez6d0UDKDwGbc6nxfEXAy5mbhgajzrw3MOEt8uA5txSKobBpKDeBLOsdJKFq
MGmXCQvEG7YemcxDTRPxAleIAgYYRjTSd/QBwVW9OwNFhekro3RtlinV0a75jfZg
kne/YiktSvLG34lw2zqXBDTC5NHROUqGTlML4PlNZS5Ri2U4aCNx2rUPRcKIlE0P
uKxI4T+HIaFpv8+rdV6eUgOrB2xeI1dSFFn/nnv5OoZJEIB+VmuKn3DCUcCZSFlQ
PSXSfBDiUGhwOw76WuSSsf1D4b/vLoJ10wIDAQAB
-----END RSA PUBLIC KEY-----
"""
RSA_PSS_PEM = b"""-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----
"""
ECC_PEM = b"""-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END PUBLIC KEY-----
"""
ED25519_PEM = b"""-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----
"""
ED25519_PRIVATE_PEM = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----
"""
SHARED_SECRET = (
    "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
)
CREATED_MS = 1618884473_000
EXAMPLE = "https://example.com"
HEADERS = (
    ("Host", "example.com"),
    ("Date", "Tue, 20 Apr 2021 02:07:55 GMT"),
    ("Content-Type", "application/json"),
    (
        "Content-Digest",
        (
            "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHW"
            "XvJwew==:"
        ),
    ),
    ("Content-Length", "18"),
)
BODY = b'{"hello": "world"}'
REQUEST_LINES = {
    '"date"': "Tue, 20 Apr 2021 02:07:55 GMT",
    '"@method"': "POST",
    '"@path"': "/foo",
    '"@query"': "?param=Value&Pet=dog",
    '"@authority"': "example.com",
    '"content-type"': "application/json",
    '"content-digest"': HEADERS[3][1],
    '"content-length"': "18",
    '"@query-param";name="Pet"': "dog",
}


@dataclass(frozen=True)
class Vector:
    """One signature of appendix B.2."""

    covered: tuple[str, ...]
    params: str
    signature: str
    algorithm: Any
    key: bytes


PSS = algorithms.RSA_PSS_SHA512
VECTORS = {
    "sig-b21": Vector(
        (),
        ';created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"',
        "d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtR"
        "xf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhz"
        "x2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP"
        "5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==",
        PSS,
        RSA_PSS_PEM,
    ),
    "sig-b22": Vector(
        ('"@authority"', '"content-digest"', '"@query-param";name="Pet"'),
        ';created=1618884473;keyid="test-key-rsa-pss";tag="header-example"',
        "LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE"
        "5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17S"
        "ARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY"
        "3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==",
        PSS,
        RSA_PSS_PEM,
    ),
    "sig-b23": Vector(
        (
            '"date"',
            '"@method"',
            '"@path"',
            '"@query"',
            '"@authority"',
            '"content-type"',
            '"content-digest"',
            '"content-length"',
        ),
        ';created=1618884473;keyid="test-key-rsa-pss"',
        "bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRp"
        "RRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH"
        "1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui"
        "9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==",
        PSS,
        RSA_PSS_PEM,
    ),
    "sig-b25": Vector(
        ('"date"', '"@authority"', '"content-type"'),
        ';created=1618884473;keyid="test-shared-secret"',
        "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=",
        algorithms.HMAC_SHA256,
        b"",
    ),
    "sig-b26": Vector(
        ('"date"', '"@method"', '"@path"', '"@authority"', '"content-type"', '"content-length"'),
        ';created=1618884473;keyid="test-key-ed25519"',
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
        algorithms.ED25519,
        ED25519_PEM,
    ),
}


def secret_of(vector: Vector) -> Any:
    """The key as the control library takes it."""
    return vector.key or b64decode(SHARED_SECRET)


@dataclass
class Message:
    """A message as the control library reads it."""

    headers: dict[str, str]
    method: str = "POST"
    url: str = "https://example.com/foo?param=Value&Pet=dog"


@dataclass
class Answer:
    """A response as the control library reads it."""

    headers: dict[str, str]
    status_code: int = 200
    request: None = field(default=None)


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, key: Any) -> None:
        self.key = key

    def resolve_public_key(self, key_id: str) -> Any:
        assert key_id.startswith("test-")
        return self.key


class _Verifier(HTTPMessageVerifier):
    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """The vectors are old."""


def control(message: Any, algorithm: Any, key: Any) -> int:
    """How many signatures the control library verifies; it raises when one is wrong."""
    verifier = _Verifier(signature_algorithm=algorithm, key_resolver=_Keys(key))
    return len(verifier.verify(message))


def signed(label: str, vector: Vector) -> dict[str, str]:
    """The two headers of a vector."""
    return {
        "Signature-Input": f"{label}=({' '.join(vector.covered)}){vector.params}",
        "Signature": f"{label}=:{vector.signature}:",
    }


def claim(headers: dict[str, str]) -> ClaimedSignature:
    """The only claim that two headers make."""
    (found,) = message_signatures.parse(headers["Signature-Input"], headers["Signature"])
    assert isinstance(found, ClaimedSignature)
    return found


def request_with(headers: dict[str, str], target: str = "/foo?param=Value&Pet=dog") -> Any:
    """The request of appendix B.2 with more headers."""
    return ReceivedRequest("POST", target, (*HEADERS, *headers.items()), BODY)


@pytest.mark.parametrize("label", VECTORS)
def test_the_signature_bases_of_appendix_b_and_their_control(label: str) -> None:
    vector = VECTORS[label]
    headers = signed(label, vector)
    base = signature_base(claim(headers), request_with(headers), EXAMPLE).decode()
    lines = [f"{name}: {REQUEST_LINES[name]}" for name in vector.covered]
    params = f"({' '.join(vector.covered)}){vector.params}"
    assert base == "\n".join([*lines, f'"@signature-params": {params}'])
    message = Message(dict(HEADERS) | headers)
    assert control(message, vector.algorithm, secret_of(vector)) == 1


def test_the_vector_of_a_response_is_for_the_control_only() -> None:
    headers = {
        "Content-Type": "application/json",
        "Content-Digest": "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69w"
        "WdXymyU0rjJuahq4l5aGgfLQ==:",
        "Content-Length": "23",
        "Signature-Input": 'sig-b24=("@status" "content-type" "content-digest" "content-length")'
        ';created=1618884473;keyid="test-key-ecc-p256"',
        "Signature": "sig-b24=:wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5"
        "eCdlYUEkLIj+32oiasw==:",
    }
    assert control(Answer(headers), algorithms.ECDSA_P256_SHA256, ECC_PEM) == 1
    with pytest.raises(BadSignature) as refused:
        parse_signature(ReceivedRequest("POST", "/", tuple(headers.items()), b""))
    assert refused.value.code == "signature.component"


def test_ed25519_is_verified_and_reproduced_byte_for_byte() -> None:
    vector = VECTORS["sig-b26"]
    headers = signed("sig-b26", vector)
    claimed = claim(headers)
    base = signature_base(claimed, request_with(headers), EXAMPLE)
    private = load_pem_private_key(ED25519_PRIVATE_PEM, password=None)
    assert isinstance(private, Ed25519PrivateKey)
    key = PrivateKey("test-key-ed25519", private)
    assert key.sign(base) == claimed.signature
    assert key.public("x").verify(claimed.signature, base)
    assert not key.public("x").verify(claimed.signature, base + b" ")


def check_with_pss(request: ReceivedRequest) -> None:
    claimed = parse_signature(request)
    pss = load_public_pem(RSA_PSS_PEM.decode())
    key = PublicKey(claimed.key_id, "https://good.test", pss)
    check_signature(claimed, request, key, EXAMPLE, CREATED_MS)


@pytest.mark.parametrize("label", VECTORS)
@pytest.mark.parametrize("alg", ["rsa-pss-sha512", "hmac-sha256", "ecdsa-p256-sha256", "none", ""])
def test_algorithms_that_are_not_ours_are_refused(label: str, alg: str) -> None:
    vector = VECTORS[label]
    for params in (vector.params, f'{vector.params};alg="{alg}"'):
        whole = '("@method" "@target-uri" "content-digest")'
        named = params.replace('keyid="test', 'keyid="https://good.test')
        headers = {
            "Signature-Input": f"{label}={whole}{named}",
            "Signature": f"{label}=:{vector.signature}:",
        }
        request = request_with(headers)
        with pytest.raises(BadSignature) as refused:
            check_with_pss(request)
        expected = "signature.wrong" if params == vector.params else "signature.algorithm"
        assert refused.value.code == expected


def test_pss_made_by_the_right_key_over_the_right_base_is_refused() -> None:
    # B.2.3 covers all that we require: only the algorithm is not ours.
    vector = VECTORS["sig-b23"]
    headers = signed("sig-b23", vector)
    base = signature_base(claim(headers), request_with(headers), EXAMPLE)
    pss = load_public_pem(RSA_PSS_PEM.decode())
    key = PublicKey("test-key-rsa-pss", "https://good.test", pss)
    assert control(Message(dict(HEADERS) | headers), PSS, RSA_PSS_PEM) == 1
    assert not key.verify(claim(headers).signature, base)


def test_the_proxy_of_section_4_3() -> None:
    headers = {
        "Forwarded": "for=192.0.2.123;host=example.com;proto=https",
        "Signature-Input": 'sig1=("@method" "@authority" "@path" "content-digest" "content-type" '
        '"content-length");created=1618884475;keyid="test-key-ecc-p256", proxy_sig=("@method" '
        '"@authority" "@path" "content-digest" "content-type" "content-length" "forwarded")'
        ';created=1618884480;keyid="test-key-rsa";alg="rsa-v1_5-sha256";expires=1618884540',
        "Signature": "sig1=:X5spyd6CFnAG5QnDyHfqoSNICd+BUP4LYMz2Q0JXlb//4Ijpzp+kve2w4NIyqeAuM7jTDX"
        "+sNalzA8ESSaHD3A==:, proxy_sig=:S6ZzPXSdAMOPjN/6KXfXWNO/f7V6cHm7BXYUh3YD/fRad4BCaRZxP+JH+8"
        "XY1I6+8Cy+CM5g92iHgxtRPz+MjniOaYmdkDcnL9cCpXJleXsOckpURl49GwiyUpZ10KHgOEe11sx3G2gxI8S0jnxQ"
        "B+Pu68U9vVcasqOWAEObtNKKZd8tSFu7LB5YAv0RAGhB8tmpv7sFnIm9y+7X5kXQfi8NMaZaA8i2ZHwpBdg7a6CMfw"
        "nnrtflzvZdXAsD3LH2TwevU+/PBPv0B6NMNk93wUs/vfJvye+YuI87HU38lZHowtznbLVdp770I6VHR6WfgS9ddzir"
        "rswsE1w5o0LV/g==:",
    }
    inner, proxy = message_signatures.parse(headers["Signature-Input"], headers["Signature"])
    assert isinstance(inner, ClaimedSignature)
    assert isinstance(proxy, ClaimedSignature)
    request = request_with(headers)
    key = PublicKey("test-key-rsa", "x", load_public_pem(RSA_PEM.decode()))
    base = signature_base(proxy, request, "https://origin.host.internal.example")
    assert key.verify(proxy.signature, base)
    assert (proxy.algorithm, proxy.expires_s) == ("rsa-v1_5-sha256", 1618884540)
    # The host is ours, not the request's: with another one the same signature does not fit.
    assert not key.verify(proxy.signature, signature_base(proxy, request, EXAMPLE))


def test_the_base_of_the_tls_proxy_of_appendix_b3() -> None:
    headers = {
        "Signature-Input": 'ttrp=("@path" "@query" "@method" "@authority" "client-cert")'
        ';created=1618884473;keyid="test-key-ecc-p256"',
        "Signature": "ttrp=:xVMHVpawaAC/0SbHrKRs9i8I3eOs5RtTMGCWXm/9nvZzoHsIg6Mce9315T6xoklyy0yzhD"
        "9ah4JHRwMLOgmizw==:",
        "Client-Cert": ":MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50a"
        "WNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0"
        "xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdg"
        "J1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3Wj"
        "La38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwE"
        "YEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6bMjeSkC3dFCOOB8"
        "TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=:",
    }
    request = request_with(headers)
    base = signature_base(claim(headers), request, "https://service.internal.example")
    assert base.decode().split("\n")[:4] == [
        '"@path": /foo',
        '"@query": ?param=Value&Pet=dog',
        '"@method": POST',
        '"@authority": service.internal.example',
    ]
    message = Message(
        dict(HEADERS) | headers, url="https://service.internal.example/foo?param=Value&Pet=dog"
    )
    assert control(message, algorithms.ECDSA_P256_SHA256, ECC_PEM) == 1
