"""What a draft-cavage request may look like: each context that others distinguish.

The list of contexts follows what Mastodon tells apart when it verifies; requests and expectations
are ours.
"""

from collections.abc import Callable

import pytest

from federation.errors import BadSignature
from federation.http_signatures import (
    ReceivedRequest,
    check_signature,
    digest_header,
    parse_signature,
    verify_request,
)
from federation.keys import PublicKey, generate_ed25519
from tests.federation.signing import (
    ALICE,
    BODY,
    CREATED,
    DATE,
    DIGEST,
    GET,
    KEY_ID,
    NOW_S,
    ORIGIN,
    cavage,
    dated,
    digested,
    host,
    key_of,
)

ACCEPTED: dict[str, Callable[[], ReceivedRequest]] = {
    "GET": lambda: cavage("GET", covered=GET),
    "GET, names in another order and case": lambda: cavage(
        "GET", covered="Date HOST (Request-Target)"
    ),
    "GET with a query": lambda: cavage("GET", "/a?b=42", covered=GET),
    "GET, the query left out": lambda: cavage("GET", "/a?b=42", covered=GET, signed_target="/a"),
    "GET with a body and its digest": lambda: cavage("GET", headers=dated(DATE), body=BODY),
    "POST": cavage,
    "POST with a query": lambda: cavage(target="/inbox?b=42"),
    "POST, the query left out": lambda: cavage(target="/inbox?b", signed_target="/inbox"),
    "POST without a body": lambda: cavage(headers=digested(digest_header(b"")), body=b""),
    "more headers covered": lambda: cavage(
        headers=dated(DATE) | {"Content-Type": "x", "Collection-Synchronization": ""},
        covered="(request-target) host date digest content-type collection-synchronization",
    ),
    "no algorithm named": lambda: cavage(algorithm=None),
    "hs2019": lambda: cavage(algorithm="hs2019"),
    "hs2019 with (created)": lambda: cavage(covered=CREATED, algorithm="hs2019", created=NOW_S),
    "hs2019 with (created) and (expires)": lambda: cavage(
        covered=f"{CREATED} (expires)", algorithm="hs2019", created=NOW_S, expires=NOW_S + 60
    ),
    "hs2019 with an Ed25519 key": lambda: cavage(algorithm="hs2019", key="ed25519"),
    "an hour old": lambda: cavage(headers=dated("Wed, 22 Nov 2023 09:00:00 GMT")),
    "five minutes ahead": lambda: cavage(headers=dated("Wed, 22 Nov 2023 10:05:00 GMT")),
    "the day not written": lambda: cavage(headers=dated("22 Nov 2023 10:00:00 +0000")),
    "several digests": lambda: cavage(headers=digested(f"MD5=x,{DIGEST}, UNIXSUM=1")),
    "a digest with its name in small letters": lambda: cavage(
        headers=digested(DIGEST.replace("SHA", "sha"))
    ),
    "our host with its port": lambda: cavage(headers=host("node.test:443")),
    "our host in capitals": lambda: cavage(headers=host("Node.TEST")),
}

REFUSED: dict[str, tuple[str, Callable[[], ReceivedRequest]]] = {
    "another query": (
        "signature.wrong",
        lambda: cavage("GET", "/a?b=42", covered=GET, received_target="/a?b=43"),
    ),
    "another path": ("signature.wrong", lambda: cavage("GET", covered=GET, received_target="/b")),
    "another path on POST": ("signature.wrong", lambda: cavage(received_target="/b")),
    "another method": (
        "signature.wrong",
        lambda: cavage("GET", covered=GET, received_method="HEAD"),
    ),
    "a GET sent as POST": (
        "signature.uncovered",
        lambda: cavage("GET", covered=GET, received_method="POST"),
    ),
    "a body added to a GET": ("signature.uncovered", lambda: cavage("GET", covered=GET, body=BODY)),
    "no date that can be read": ("signature.date", lambda: cavage(headers=dated("wrong date"))),
    "a date that does not exist": (
        "signature.date",
        lambda: cavage(headers=dated("Thu, 30 Feb 2023 10:00:00 GMT")),
    ),
    "an hour that does not exist": (
        "signature.date",
        lambda: cavage(headers=dated("Wed, 22 Nov 2023 25:00:00 GMT")),
    ),
    "two dates": ("signature.date", lambda: cavage(headers=dated(f"{DATE}, {DATE}"))),
    "an empty date": ("signature.date", lambda: cavage(headers=dated(""))),
    "more than an hour old": (
        "signature.expired",
        lambda: cavage(headers=dated("Wed, 22 Nov 2023 08:59:59 GMT")),
    ),
    "a day old": (
        "signature.expired",
        lambda: cavage(headers=dated("Tue, 21 Nov 2023 10:00:00 GMT")),
    ),
    "more than five minutes ahead": (
        "signature.future",
        lambda: cavage(headers=dated("Wed, 22 Nov 2023 10:05:01 GMT")),
    ),
    "an old date beside a new (created)": (
        "signature.expired",
        lambda: cavage(
            headers=dated("Tue, 21 Nov 2023 10:00:00 GMT"),
            algorithm="hs2019",
            covered=f"{CREATED} date",
            created=NOW_S,
        ),
    ),
    "created long ago": (
        "signature.expired",
        lambda: cavage(covered=CREATED, algorithm="hs2019", created=NOW_S - 3601),
    ),
    "created in the future": (
        "signature.future",
        lambda: cavage(covered=CREATED, algorithm="hs2019", created=NOW_S + 301),
    ),
    "(created) without its value": (
        "signature.created_missing",
        lambda: cavage(covered=CREATED, algorithm="hs2019"),
    ),
    "(created) with rsa-sha256": (
        "signature.pseudo_header",
        lambda: cavage(covered=CREATED, created=NOW_S),
    ),
    "(expires) with rsa-sha256": (
        "signature.pseudo_header",
        lambda: cavage(covered=f"{GET} digest (expires)", expires=NOW_S + 9),
    ),
    "(expires) without its value": (
        "signature.field_missing",
        lambda: cavage(covered=f"{CREATED} (expires)", algorithm="hs2019", created=NOW_S),
    ),
    "expired": ("signature.expired", lambda: cavage(expires=NOW_S)),
    "no date covered": (
        "signature.uncovered",
        lambda: cavage(covered="(request-target) host digest"),
    ),
    "created said but not covered": (
        "signature.uncovered",
        lambda: cavage(covered="(request-target) host digest", algorithm="hs2019", created=NOW_S),
    ),
    "no host covered": (
        "signature.uncovered",
        lambda: cavage(covered="(request-target) date digest"),
    ),
    "no target covered": ("signature.uncovered", lambda: cavage(covered="host date digest")),
    "only the date covered": ("signature.uncovered", lambda: cavage(covered="date")),
    "no digest covered": ("signature.uncovered", lambda: cavage(covered=GET)),
    "a covered header that is not there": (
        "signature.field_missing",
        lambda: cavage(covered=f"{GET} digest x-lost"),
    ),
    "a header covered twice": (
        "signature.covered_twice",
        lambda: cavage(covered=f"{GET} digest Date"),
    ),
    "another body": ("digest.mismatch", lambda: cavage(body=BODY + b" ")),
    "the body left out": ("digest.mismatch", lambda: cavage(body=b"")),
    "no Digest": (
        "signature.field_missing",
        lambda: cavage(headers={"Host": "node.test", "Date": DATE}),
    ),
    "an empty Digest": ("digest.unknown_algorithm", lambda: cavage(headers=digested(""))),
    "a Digest of an unknown kind": (
        "digest.unknown_algorithm",
        lambda: cavage(headers=digested("MD5=x")),
    ),
    "a Digest in hexadecimal": (
        "digest.mismatch",
        lambda: cavage(headers=digested("SHA-256=" + "0" * 64)),
    ),
    "a Digest that is not one": ("digest.malformed", lambda: cavage(headers=digested("SHA-256"))),
    "two digests of which one is wrong": (
        "digest.mismatch",
        lambda: cavage(headers=digested(f"{DIGEST}, SHA-512=AAAA")),
    ),
    "another algorithm than the key's": (
        "signature.algorithm",
        lambda: cavage(algorithm="ed25519"),
    ),
    "another algorithm than the Ed25519 key's": (
        "signature.algorithm",
        lambda: cavage(key="ed25519"),
    ),
    "an unknown algorithm": ("signature.algorithm", lambda: cavage(algorithm="rsa-sha1")),
    "an empty host": ("signature.host", lambda: cavage(headers=host(""))),
    "another host": ("signature.host", lambda: cavage(headers=host("other.test"))),
    "another port": ("signature.host", lambda: cavage(headers=host("node.test:8443"))),
    "two hosts": ("signature.host", lambda: cavage(headers=host("node.test, node.test"))),
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
