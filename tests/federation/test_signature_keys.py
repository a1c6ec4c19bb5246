"""Which key is asked for, when, and how often; and which host a request must be meant for."""

import pytest

from federation.errors import BadSignature, Unavailable, Unsigned
from federation.http_signatures import (
    ReceivedRequest,
    check_signature,
    parse_signature,
    verify_request,
)
from federation.keys import PublicKey, generate_ed25519, generate_rsa
from tests.federation.signing import (
    ALICE,
    KEY_ID,
    KEYS,
    NOW_S,
    ORIGIN,
    cavage,
    host,
    key_of,
    message,
)


def test_a_request_without_a_signature_is_unsigned() -> None:
    for headers in ((), (("Host", "node.test"),), (("Authorization", "Bearer x"),)):
        with pytest.raises(Unsigned) as refused:
            parse_signature(ReceivedRequest("GET", "/a", headers, b""))
        assert refused.value.code == "signature.missing"
        assert not isinstance(refused.value, BadSignature)


@pytest.mark.parametrize(
    ("origin", "name", "accepted"),
    [
        ("http://127.0.0.1:8480", "127.0.0.1:8480", True),
        # Mastodon leaves the port out, and signs what it sent.
        ("http://127.0.0.1:8480", "127.0.0.1", True),
        ("http://127.0.0.1:8480", "127.0.0.1:8481", False),
        ("http://127.0.0.1:8480", "127.0.0.1:80", False),
        ("http://[::1]:8480", "[::1]:8480", True),
        ("http://[::1]:8480", "[::1]", True),
        ("http://node.test", "node.test:80", True),
        ("http://node.test", "node.test:443", False),
    ],
)
def test_the_host_with_and_without_its_port(origin: str, name: str, accepted: bool) -> None:
    request = cavage(headers=host(name))
    claimed, key = parse_signature(request), key_of(request)
    if accepted:
        check_signature(claimed, request, key, origin, NOW_S * 1000)
        return
    with pytest.raises(BadSignature) as refused:
        check_signature(claimed, request, key, origin, NOW_S * 1000)
    assert refused.value.code == "signature.host"


async def test_a_rotated_key_is_asked_for_once_more() -> None:
    old = PublicKey(KEY_ID, ALICE, generate_rsa().public_key())
    asked: list[bool] = []

    async def find_key(key_id: str, refresh: bool) -> PublicKey:
        assert key_id == KEY_ID
        asked.append(refresh)
        return KEYS["rsa"].public(ALICE) if refresh else old

    for make in (cavage, message):
        asked.clear()
        signed = await verify_request(make(), ORIGIN, NOW_S * 1000, find_key)
        assert signed.key == KEYS["rsa"].public(ALICE)
        assert asked == [False, True]


async def test_a_key_that_does_not_fit_is_asked_for_no_third_time() -> None:
    asked: list[bool] = []

    async def find_key(key_id: str, refresh: bool) -> PublicKey:
        asked.append(refresh)
        return PublicKey(key_id, ALICE, generate_ed25519().public_key())

    with pytest.raises(BadSignature):
        await verify_request(message(), ORIGIN, NOW_S * 1000, find_key)
    assert asked == [False, True]


async def test_what_prevents_finding_a_key_is_the_answer() -> None:
    async def find_key(key_id: str, refresh: bool) -> PublicKey:
        raise Unavailable("key.busy", retry_after_s=5, key_id=key_id, refresh=str(refresh))

    with pytest.raises(Unavailable) as unavailable:
        await verify_request(cavage(), ORIGIN, NOW_S * 1000, find_key)
    assert unavailable.value.retry_after_s == 5
