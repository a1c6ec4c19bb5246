"""What an RFC 9421 request may look like: each context that others distinguish.

The list of contexts follows what Mastodon tells apart when it verifies; requests and expectations
are ours.
"""

from collections.abc import Callable

import pytest

from federation.errors import BadSignature
from federation.http_signatures import (
    ReceivedRequest,
    check_signature,
    parse_signature,
    verify_request,
)
from federation.keys import PublicKey, generate_ed25519
from tests.federation.signing import (
    ALICE,
    CONTENT_DIGEST,
    GET_MESSAGE,
    ID,
    KEY_ID,
    NOW_S,
    ORIGIN,
    digested,
    key_of,
    message,
)

ACCEPTED: dict[str, Callable[[], ReceivedRequest]] = {
    "GET": lambda: message("GET", covered=GET_MESSAGE),
    "GET with a query": lambda: message("GET", "/a?b=42", covered=GET_MESSAGE),
    "POST": message,
    "POST with Ed25519": lambda: message(key="ed25519"),
    "by parts": lambda: message(
        target="/a?b", covered='"@method" "@authority" "@path" "@query" "content-digest"'
    ),
    "by parts, without a query": lambda: message(
        covered='"@method" "@path" "@authority" "content-digest"'
    ),
    "by request target": lambda: message(
        target="/a?b", covered='"@method" "@request-target" "@authority" "content-digest"'
    ),
    "with its algorithm": lambda: message(params=f';created={NOW_S}{ID};alg="rsa-v1_5-sha256"'),
    "with all parameters": lambda: message(
        params=f';expires={NOW_S + 9}{ID};nonce="n";tag="t";created={NOW_S};more=?0;x'
    ),
    "another digest beside": lambda: message(
        headers=digested(f"md5=:AA==:, {CONTENT_DIGEST}", "Content-Digest")
    ),
    "the second of several labels": lambda: message(
        others=('a=("@status");created=1;keyid="x", b=5, ', "a=:AA==:, b=:AA==:, c=:AA==:, ")
    ),
    "an hour old": lambda: message(params=f";created={NOW_S - 3600}{ID}"),
    "five minutes ahead": lambda: message(params=f";created={NOW_S + 300}{ID}"),
}

REFUSED: dict[str, tuple[str, Callable[[], ReceivedRequest]]] = {
    "another query": (
        "signature.wrong",
        lambda: message("GET", "/a?b=42", covered=GET_MESSAGE, received_target="/a?b=43"),
    ),
    "a query added": (
        "signature.wrong",
        lambda: message("GET", "/a", covered=GET_MESSAGE, received_target="/a?b=43"),
    ),
    "another path": ("signature.wrong", lambda: message(received_target="/b")),
    "another method": (
        "signature.wrong",
        lambda: message("GET", covered=GET_MESSAGE, received_method="HEAD"),
    ),
    "a GET sent as POST": (
        "signature.uncovered",
        lambda: message("GET", covered=GET_MESSAGE, received_method="POST"),
    ),
    "no method": (
        "signature.uncovered",
        lambda: message(covered='"@target-uri" "content-digest"'),
    ),
    "no target": (
        "signature.uncovered",
        lambda: message(covered='"@method" "content-digest"'),
    ),
    "a path without its host": (
        "signature.uncovered",
        lambda: message(covered='"@method" "@path" "content-digest"'),
    ),
    "a path without its query": (
        "signature.uncovered",
        lambda: message(target="/a?b", covered='"@method" "@path" "@authority" "content-digest"'),
    ),
    "no digest": ("signature.uncovered", lambda: message(covered=GET_MESSAGE)),
    "nothing": ("signature.uncovered", lambda: message(covered="")),
    "another body": ("digest.mismatch", lambda: message(body=b"{}")),
    "no Content-Digest": (
        "signature.field_missing",
        lambda: message(headers={"Host": "node.test"}),
    ),
    "a digest of an unknown kind": (
        "digest.unknown_algorithm",
        lambda: message(headers=digested("md5=:AA==:", "Content-Digest")),
    ),
    "a digest that is not one": (
        "digest.malformed",
        lambda: message(headers=digested("sha-256=AA", "Content-Digest")),
    ),
    "no time": ("signature.created_missing", lambda: message(params=ID)),
    "too old": (
        "signature.expired",
        lambda: message(params=f";created={NOW_S - 3601}{ID}"),
    ),
    "too new": (
        "signature.future",
        lambda: message(params=f";created={NOW_S + 301}{ID}"),
    ),
    "expired": (
        "signature.expired",
        lambda: message(params=f";created={NOW_S - 5};expires={NOW_S}{ID}"),
    ),
    "long expiry of an old one": (
        "signature.expired",
        lambda: message(params=f";created={NOW_S - 7200};expires={NOW_S + 9}{ID}"),
    ),
    "no key": ("signature.malformed", lambda: message(params=f";created={NOW_S}")),
    "a wrong algorithm": (
        "signature.algorithm",
        lambda: message(params=f';created={NOW_S}{ID};alg="ed25519"'),
    ),
    "an unknown algorithm": (
        "signature.algorithm",
        lambda: message(params=f';created={NOW_S}{ID};alg="hs2019"'),
    ),
    "another host": (
        "signature.host",
        lambda: message(headers={"Host": "other.test", "Content-Digest": CONTENT_DIGEST}),
    ),
}


@pytest.mark.parametrize("context", ACCEPTED)
def test_accepted(context: str) -> None:
    request = ACCEPTED[context]()
    claimed = parse_signature(request)
    check_signature(claimed, request, key_of(request), ORIGIN, NOW_S * 1000)
    other = PublicKey(KEY_ID, ALICE, generate_ed25519().public_key())
    with pytest.raises(BadSignature):
        check_signature(claimed, request, other, ORIGIN, NOW_S * 1000)


@pytest.mark.parametrize("context", REFUSED)
def test_refused(context: str) -> None:
    code, make = REFUSED[context]
    request = make()
    with pytest.raises(BadSignature) as refused:
        check_signature(parse_signature(request), request, key_of(request), ORIGIN, NOW_S * 1000)
    assert refused.value.code == code
    assert refused.value.status == 401


@pytest.mark.parametrize("context", REFUSED)
async def test_no_key_is_sought_for_what_is_refused_anyway(context: str) -> None:
    code, make = REFUSED[context]
    request = make()
    asked: list[bool] = []

    async def find_key(key_id: str, refresh: bool) -> PublicKey:
        assert key_id == KEY_ID
        asked.append(refresh)
        return key_of(request)

    with pytest.raises(BadSignature) as refused:
        await verify_request(request, ORIGIN, NOW_S * 1000, find_key)
    assert refused.value.code == code
    of_the_key = code == "signature.wrong" or (
        code == "signature.algorithm" and "unknown" not in context
    )
    assert asked == ([False, True] if of_the_key else [])
