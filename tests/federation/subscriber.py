"""A subscriber of Web Push: what a phone does with a message, written from the RFCs alone."""

import re
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from federation.web_push import from_base64, point_of, to_base64


class Subscriber:
    """Has a key pair and a secret, and reads what is encrypted for them."""

    def __init__(
        self, key: EllipticCurvePrivateKey | None = None, auth: bytes = b"sixteen bytes ok"
    ) -> None:
        self.key = key or generate_private_key(SECP256R1())
        self.auth = auth

    @property
    def point(self) -> bytes:
        return point_of(self.key.public_key())

    @property
    def keys(self) -> dict[str, str]:
        return {"p256dh": to_base64(self.point), "auth": to_base64(self.auth)}

    def read(self, body: bytes, headers: Mapping[str, str]) -> bytes:
        """The plain text; raises when anything of it is not as it should be."""
        sent = {name.lower(): value for name, value in headers.items()}
        if sent["content-encoding"] == "aes128gcm":
            return self._standard(body)
        assert sent["content-encoding"] == "aesgcm"
        return self._old(body, sent["encryption"], sent["crypto-key"])

    def _standard(self, body: bytes) -> bytes:
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        point, sealed = body[21 : 21 + length], body[21 + length :]
        assert length == 65
        assert 17 <= len(sealed) <= size
        info = b"WebPush: info\0" + self.point + point
        material = _hkdf(self._shared(point), self.auth, info, 32)
        key = _hkdf(material, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(material, salt, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        assert plain.endswith(b"\x02")
        return plain[:-1]

    def _old(self, body: bytes, encryption: str, crypto_key: str) -> bytes:
        salt, point = _parameter(encryption, "salt"), _parameter(crypto_key, "dh")
        material = _hkdf(self._shared(point), self.auth, b"Content-Encoding: auth\0", 32)
        context = b"P-256\0\0\x41" + self.point + b"\0\x41" + point
        key = _hkdf(material, salt, b"Content-Encoding: aesgcm\0" + context, 16)
        nonce = _hkdf(material, salt, b"Content-Encoding: nonce\0" + context, 12)
        plain = AESGCM(key).decrypt(nonce, body, None)
        return plain[2 + int.from_bytes(plain[:2], "big") :]

    def _shared(self, point: bytes) -> bytes:
        theirs = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
        return self.key.exchange(ECDH(), theirs)


def _hkdf(secret: bytes, salt: bytes, info: bytes, size: int) -> bytes:
    return HKDF(SHA256(), size, salt, info).derive(secret)


def _parameter(header: str, name: str) -> bytes:
    found = re.search(rf"{name}=\"?([A-Za-z0-9_-]+)", header)
    assert found is not None
    return from_base64(found[1])
