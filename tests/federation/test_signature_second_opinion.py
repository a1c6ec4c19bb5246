"""httpsig 1.3.0 as a second opinion on draft-cavage signatures, and the forgery that it accepts."""

import importlib
import sys
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from federation.errors import BadSignature
from federation.http_signatures import (
    ReceivedRequest,
    check_signature,
    digest_header,
    parse_signature,
    sign_cavage,
)
from federation.keys import PrivateKey, PublicKey, public_pem
from tests.federation.signing import ALICE, BODY, DATE, KEYS, NOW_S, ORIGIN

URL = f"{ORIGIN}/inbox?shared=1"
NOW_MS = NOW_S * 1000


@pytest.fixture
def key() -> PrivateKey:
    return KEYS["rsa"]


@pytest.fixture
def public(key: PrivateKey) -> PublicKey:
    return key.public(ALICE)


@pytest.fixture(scope="module")
def httpsig() -> ModuleType:
    # Its first line wants a module that setuptools no longer has.
    stub = ModuleType("pkg_resources")
    vars(stub).update(get_distribution=ModuleType, DistributionNotFound=AttributeError)
    before = sys.modules.get("pkg_resources")
    sys.modules["pkg_resources"] = stub
    try:
        return importlib.import_module("httpsig")
    finally:
        del sys.modules["pkg_resources"]
        if before is not None:
            sys.modules["pkg_resources"] = before


def received(headers: dict[str, str]) -> ReceivedRequest:
    return ReceivedRequest("POST", "/inbox?shared=1", tuple(headers.items()), BODY)


def check(request: ReceivedRequest, key: PublicKey) -> None:
    check_signature(parse_signature(request), request, key, ORIGIN, NOW_MS)


def test_httpsig_verifies_what_we_sign(httpsig: Any, key: PrivateKey, public: PublicKey) -> None:
    headers = sign_cavage(key, "POST", URL, BODY, NOW_MS)
    pem = public_pem(public.key)

    def verified(target: str) -> bool:
        return httpsig.HeaderVerifier(
            headers,
            pem,
            required_headers=["(request-target)", "host", "date", "digest", "content-type"],
            method="POST",
            path=target,
            sign_header="signature",
        ).verify()

    assert verified("/inbox?shared=1") is True
    assert verified("/inbox?shared=2") is False


@pytest.mark.parametrize("where", ["authorization", "signature"])
def test_we_verify_what_httpsig_signs(
    where: str, httpsig: Any, key: PrivateKey, public: PublicKey
) -> None:
    pem = key.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    signer = httpsig.HeaderSigner(
        key.key_id,
        pem,
        algorithm="rsa-sha256",
        headers=["(request-target)", "host", "date", "digest", "x-extra"],
        sign_header=where,
    )
    unsigned = {
        "Host": "node.test",
        "Date": DATE,
        "Digest": digest_header(BODY),
        "X-Extra": "anything",
    }
    headers = dict(signer.sign(unsigned, method="POST", path="/inbox?shared=1"))
    check(received(headers), public)
    headers["X-Extra"] = "anything else"
    with pytest.raises(BadSignature):
        check(received(headers), public)


def test_the_forgery_that_httpsig_accepts_is_refused(
    httpsig: Any, key: PrivateKey, public: PublicKey
) -> None:
    # SEC-001: the public key, known to all, used as the secret of an HMAC.
    pem = public_pem(public.key)
    for secret in (pem, pem.strip(), pem.encode(), pem.strip().encode()):
        for algorithm in ("hmac-sha256", "hmac-sha1", "hmac-sha512"):
            signer = httpsig.HeaderSigner(
                key.key_id,
                secret,
                algorithm=algorithm,
                headers=["(request-target)", "host", "date", "digest"],
                sign_header="signature",
            )
            unsigned = {
                "Host": "node.test",
                "Date": DATE,
                "Digest": digest_header(BODY),
            }
            forged = dict(signer.sign(unsigned, method="POST", path="/inbox?shared=1"))
            accepted = httpsig.HeaderVerifier(
                forged, secret, method="POST", path="/inbox?shared=1", sign_header="signature"
            )
            assert accepted.verify() is True
            for name in (algorithm, "rsa-sha256", "hs2019"):
                relabelled = forged | {"signature": forged["signature"].replace(algorithm, name)}
                with pytest.raises(BadSignature):
                    check(received(relabelled), public)
    check(received(sign_cavage(key, "POST", URL, BODY, NOW_MS)), public)
