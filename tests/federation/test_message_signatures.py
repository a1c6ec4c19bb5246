"""RFC 9421 beyond the vectors: transformed messages, each component, and quick reading."""

import time
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import _algorithms as algorithms
from http_message_signatures.exceptions import InvalidSignature
from http_message_signatures.resolvers import HTTPSignatureKeyResolver
from http_message_signatures.signatures import HTTPMessageVerifier
from hypothesis import given, settings
from hypothesis import strategies as st

from federation import message_signatures
from federation.errors import BadSignature
from federation.http_signatures import ClaimedSignature, ReceivedRequest, sign_message
from federation.keys import PrivateKey, PublicKey, generate_ed25519, generate_rsa
from federation.message_signatures import ACCEPT_SIGNATURE, accepts_ed25519, signature_base

EXAMPLE = "https://example.com"
BODY = b"{}"


def claim(headers: dict[str, str]) -> ClaimedSignature:
    """The only claim that two headers make."""
    (found,) = message_signatures.parse(headers["Signature-Input"], headers["Signature"])
    assert isinstance(found, ClaimedSignature)
    return found


@pytest.mark.parametrize(
    ("component", "value"),
    [
        ('"@method"', "POST"),
        ('"@target-uri"', "https://node.test:8443/path?var=this%20is&bar=with+plus&fa%C3%A7ade=x"),
        ('"@authority"', "node.test:8443"),
        ('"@scheme"', "https"),
        ('"@request-target"', "/path?var=this%20is&bar=with+plus&fa%C3%A7ade=x"),
        ('"@path"', "/path"),
        ('"@query"', "?var=this%20is&bar=with+plus&fa%C3%A7ade=x"),
        ('"@query-param";name="var"', "this%20is"),
        ('"@query-param";name="bar"', "with%20plus"),
        ('"@query-param";name="fa%C3%A7ade"', "x"),
        ('"x-twice"', "a, b"),
        ('"x-empty"', ""),
    ],
)
def test_each_component(component: str, value: str) -> None:
    request = ReceivedRequest(
        "POST",
        "/path?var=this%20is&bar=with+plus&fa%C3%A7ade=x",
        (("X-Twice", " a"), ("X-Empty", ""), ("x-twice", "b\t")),
        b"",
    )
    headers = {"Signature-Input": f's=({component});created=1;keyid="k"', "Signature": "s=:AA==:"}
    base = signature_base(claim(headers), request, "https://node.test:8443").decode()
    assert base == f'{component}: {value}\n"@signature-params": ({component});created=1;keyid="k"'


def test_a_missing_query_is_a_question_mark() -> None:
    headers = {"Signature-Input": 's=("@query");created=1;keyid="k"', "Signature": "s=:AA==:"}
    request = ReceivedRequest("GET", "/path", (), b"")
    assert signature_base(claim(headers), request, EXAMPLE).startswith(b'"@query": ?\n')


@pytest.mark.parametrize(
    "component",
    ['"x-absent"', '"@query-param";name="a"', '"@query-param";name="b"', '"x-folded"'],
)
def test_a_component_that_is_not_there_once_is_refused(component: str) -> None:
    headers = {"Signature-Input": f's=({component});created=1;keyid="k"', "Signature": "s=:AA==:"}
    request = ReceivedRequest("GET", "/?a=1&a=2", (("X-Folded", "a\n b"),), b"")
    with pytest.raises(BadSignature) as refused:
        signature_base(claim(headers), request, EXAMPLE)
    assert refused.value.code == "signature.field_missing"


# RFC 9421, B.1.4 and B.4.
VECTOR_KEY = Ed25519PublicKey.from_public_bytes(
    bytes.fromhex("26b40b8f93fff3d897112f7ebc582b232dbd72517d082fe83cfb30ddce43d1bb")
)
TRANSFORMED = {
    "Signature-Input": 'transform=("@method" "@path" "@authority" "accept");created=1618884473'
    ';keyid="test-key-ed25519"',
    "Signature": "transform=:ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMF"
    "FQ6cpLt2m0pmj3NDA==:",
}


@pytest.mark.parametrize(
    ("method", "target", "origin", "accept", "holds"),
    [
        (
            "GET",
            "/demo?name1=Value1&Name2=value2",
            "https://example.org",
            ["application/json", "*/*"],
            True,
        ),
        (
            "GET",
            "/demo?name1=Value1&Name2=value2&param=added",
            "https://example.org",
            ["application/json", "*/*"],
            True,
        ),
        (
            "GET",
            "/demo?name1=Value1&Name2=value2",
            "https://example.org",
            ["application/json, */*"],
            True,
        ),
        (
            "POST",
            "/demo?name1=Value1&Name2=value2",
            "https://example.com",
            ["application/json", "*/*"],
            False,
        ),
        (
            "GET",
            "/demo?name1=Value1&Name2=value2",
            "https://example.org",
            ["*/*", "application/json"],
            False,
        ),
    ],
)
def test_the_transformed_messages_of_appendix_b4(
    method: str,
    target: str,
    origin: str,
    accept: list[str],
    holds: bool,
) -> None:
    key = PublicKey("test-key-ed25519", "x", VECTOR_KEY)
    headers = [("Accept", value) for value in accept]
    request = ReceivedRequest(method, target, tuple(headers), b"")
    claimed = claim(TRANSFORMED)
    assert key.verify(claimed.signature, signature_base(claimed, request, origin)) is holds


LABELS = st.sampled_from(["sig1", "s", "*x-1.a", "S"])
COMPONENTS = st.sampled_from(
    ['"@method"', '"@target-uri"', '"content-digest"', '"x"', '"@status"', '"X"', '"a@b"', "date"]
)
PARAMS = st.sampled_from(
    [
        ";created=1618884473",
        ";created=01",
        ";created=-1",
        ";created=1.5",
        ";expires=5",
        ';keyid="https://good.test/k"',
        ';keyid=""',
        ";keyid=token",
        ';alg="ed25519"',
        ';nonce="a;created=9"',
        ';tag="a\\"b"',
        ";other=1",
        ";flag",
        "; created=7",
    ]
)


@given(
    label=LABELS,
    other=LABELS,
    covered=st.lists(COMPONENTS, max_size=3),
    space=st.sampled_from([" ", "  "]),
    params=st.lists(PARAMS, max_size=4).map("".join),
    signature=st.sampled_from(["AAAA", "AA==", "AA=", "", "A A"]),
)
@settings(max_examples=600, deadline=None)
def test_reading_the_common_shape_quickly_changes_nothing(
    label: str, other: str, covered: list[str], space: str, params: str, signature: str
) -> None:
    text = f"{label}=({space.join(covered)}){params}"
    value = f"{other}=:{signature}:"
    quick = message_signatures._parse_common(text, value)
    if quick is not None:
        # A blank before the comma leaves the common shape, and means the same.
        (slow,) = message_signatures.parse(f"{text} , z=1", value)[:1]
        assert quick == slow


@dataclass
class Message:
    """A request as the other library reads it."""

    headers: dict[str, str]
    method: str
    url: str


class OneKey(HTTPSignatureKeyResolver):
    """The key of the test, for its own id only."""

    def __init__(self, key: PrivateKey) -> None:
        self.key = key

    def resolve_public_key(self, key_id: str) -> Any:
        assert key_id == self.key.key_id
        return self.key.key.public_key()


@pytest.mark.parametrize("body", [BODY, None])
@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_what_we_send_is_common_and_another_library_verifies_it(
    kind: str, body: bytes | None
) -> None:
    private = generate_ed25519() if kind == "ed25519" else generate_rsa()
    key = PrivateKey("https://good.test/actor#key", private)
    url, method = "https://node.test/inbox?a=b", "GET" if body is None else "POST"
    now_s = int(time.time())
    headers = sign_message(key, method, url, body, now_s * 1000)
    digest = "" if body is None else ' "content-digest"'
    assert list(headers) == [
        "Host",
        *([] if body is None else ["Content-Digest", "Content-Type"]),
        "Signature-Input",
        "Signature",
    ]
    assert headers["Signature-Input"] == (
        f'sig1=("@method" "@target-uri"{digest});created={now_s}'
        f';keyid="https://good.test/actor#key";alg="{key.message_algorithm}"'
    )
    quick = message_signatures._parse_common(headers["Signature-Input"], headers["Signature"])
    assert quick is not None
    algorithm = algorithms.ED25519 if kind == "ed25519" else algorithms.RSA_V1_5_SHA256
    verifier = HTTPMessageVerifier(signature_algorithm=algorithm, key_resolver=OneKey(key))
    assert len(verifier.verify(Message(headers, method, url))) == 1
    with pytest.raises(InvalidSignature):
        verifier.verify(Message(headers, method, url + "c"))


def test_we_say_that_we_take_ed25519_and_hear_it() -> None:
    assert accepts_ed25519(ACCEPT_SIGNATURE)
    assert accepts_ed25519('x=1, y=("@method");alg="ed25519"')
    for text in ("", "sig1", 'sig1=("@method");alg="rsa-v1_5-sha256"', 'sig1=("@method"', "é"):
        assert not accepts_ed25519(text)
