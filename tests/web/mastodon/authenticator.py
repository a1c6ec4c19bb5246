"""A device that makes passkeys, in software: honest by default, told to lie by a test."""

import base64
import html
import json
import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

from tests.web.mastodon.asgi import Reply

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def options_of(page: Reply) -> dict[str, Any]:
    """What a page asks the browser for."""
    found = re.search(r'data-options="([^"]*)"', page.text)
    assert found is not None, page.text
    return json.loads(html.unescape(found[1]))


@dataclass
class Device:
    """One device with one passkey of one site."""

    origin: str
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(20))
    count: int = 0
    flags: int = PRESENT | VERIFIED

    def create(self, options: dict[str, Any], **lies: Any) -> str:
        """The answer to a request for a new passkey."""
        data = self._data(options["rp"]["id"], HAS_KEY)
        data += bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id
        data += self._public_key()
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options, lies)
        return self._answer(client, {"attestationObject": text(attestation)})

    def get(self, options: dict[str, Any], **lies: Any) -> str:
        """The answer to a request for a sign-in."""
        self.count += 1
        data = self._data(options["rpId"], 0)
        client = self._client("webauthn.get", options, lies)
        signature = self.key.sign(data + sha256(client).digest(), ECDSA(SHA256()))
        fields = {"authenticatorData": text(data), "signature": text(signature)}
        return self._answer(client, fields)

    def _data(self, host: str, flags: int) -> bytes:
        return (
            sha256(host.encode()).digest()
            + bytes([self.flags | flags])
            + self.count.to_bytes(4, "big")
        )

    def _client(self, kind: str, options: dict[str, Any], lies: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin} | lies
        return json.dumps(said).encode()

    def _answer(self, client: bytes, fields: dict[str, str]) -> str:
        return json.dumps(
            {
                "id": text(self.credential_id),
                "rawId": text(self.credential_id),
                "type": "public-key",
                "response": {"clientDataJSON": text(client), **fields},
            }
        )

    def _public_key(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
