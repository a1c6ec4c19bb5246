"""Web Push, as bytes: messages that only their subscriber can read, and who vouches for them.

Encryption of RFC 8291 (aes128gcm of RFC 8188), and the older `aesgcm` that applications still
expect that do not ask for the standard; both with a key pair made for the one message.
Identification of the sender by RFC 8292 (VAPID).
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from federation.errors import Malformed, describe

POINT_BYTES = 65
AUTH_BYTES = 16
SALT_BYTES = 16
RECORD_BYTES = 4096
# What a push service must take is 4,096 bytes, header and tag included (RFC 8030, 7.2).
PLAIN_BYTES_MAX = 3_900
CURVE = SECP256R1()

describe(
    {
        "push.key": "The subscription's {name} is no key for Web Push; send what the push service"
        " of the device gave, in base64url.",
    }
)


def to_base64(data: bytes) -> str:
    """Base64url without padding, as all of Web Push writes bytes."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64(text: str) -> bytes:
    """The bytes of base64url or base64, padded or not; ValueError for what is neither."""
    plain = text.strip().rstrip("=").replace("+", "-").replace("/", "_")
    if not plain.isascii():
        raise ValueError("not base64")
    return urlsafe_b64decode(plain + "=" * (-len(plain) % 4))


def generate_key() -> EllipticCurvePrivateKey:
    """A new key pair on P-256."""
    return generate_private_key(CURVE)


def private_bytes(key: EllipticCurvePrivateKey) -> bytes:
    """The private number of a key, to be sealed."""
    return key.private_numbers().private_value.to_bytes(32, "big")


def load_private(data: bytes) -> EllipticCurvePrivateKey:
    """The key of `private_bytes`."""
    return derive_private_key(int.from_bytes(data, "big"), CURVE)


def point_of(key: EllipticCurvePublicKey) -> bytes:
    """The public key as an uncompressed point."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass(frozen=True, slots=True)
class Keys:
    """What a subscriber gave: its public point, and the secret shared with the sender."""

    p256dh: bytes
    auth: bytes


def read_keys(p256dh: str, auth: str) -> Keys:
    """The keys of a subscription; Malformed for what is no point on the curve or too short."""
    try:
        point = from_base64(p256dh)
        EllipticCurvePublicKey.from_encoded_point(CURVE, point)
        if len(point) != POINT_BYTES:
            raise ValueError("compressed")  # noqa: TRY301 - one answer for all that is no key
    except ValueError as error:
        raise Malformed("push.key", name="p256dh") from error
    try:
        secret = from_base64(auth)
    except ValueError as error:
        raise Malformed("push.key", name="auth") from error
    if len(secret) != AUTH_BYTES:
        raise Malformed("push.key", name="auth")
    return Keys(point, secret)


def _derive(secret: bytes, salt: bytes, info: bytes, size: int) -> bytes:
    return HKDF(SHA256(), size, salt, info).derive(secret)


def _shared(own: EllipticCurvePrivateKey, keys: Keys) -> bytes:
    theirs = EllipticCurvePublicKey.from_encoded_point(CURVE, keys.p256dh)
    return own.exchange(ECDH(), theirs)


def encrypt(
    keys: Keys,
    plain: bytes,
    *,
    own: EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of a push message in one record of `aes128gcm` (RFC 8291, section 3.4).

    `own` and `salt` are made anew for each message; only checks against vectors give them.
    """
    assert len(plain) <= PLAIN_BYTES_MAX, "cut to size by who composed it"
    own, salt = own or generate_key(), salt or os.urandom(SALT_BYTES)
    point = point_of(own.public_key())
    info = b"WebPush: info\x00" + keys.p256dh + point
    material = _derive(_shared(own, keys), keys.auth, info, 32)
    key = _derive(material, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derive(material, salt, b"Content-Encoding: nonce\x00", 12)
    sealed = AESGCM(key).encrypt(nonce, plain + b"\x02", None)
    return salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(point)]) + point + sealed


def encrypt_old(
    keys: Keys,
    plain: bytes,
    *,
    own: EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> tuple[bytes, Mapping[str, str]]:
    """Body and headers in `aesgcm` (draft-ietf-webpush-encryption-04)."""
    assert len(plain) <= PLAIN_BYTES_MAX, "cut to size by who composed it"
    own, salt = own or generate_key(), salt or os.urandom(SALT_BYTES)
    point = point_of(own.public_key())
    material = _derive(_shared(own, keys), keys.auth, b"Content-Encoding: auth\x00", 32)
    size = POINT_BYTES.to_bytes(2, "big")
    context = b"P-256\x00" + size + keys.p256dh + size + point
    key = _derive(material, salt, b"Content-Encoding: aesgcm\x00" + context, 16)
    nonce = _derive(material, salt, b"Content-Encoding: nonce\x00" + context, 12)
    sealed = AESGCM(key).encrypt(nonce, b"\x00\x00" + plain, None)
    return sealed, {
        "Content-Encoding": "aesgcm",
        "Encryption": f"salt={to_base64(salt)}",
        "Crypto-Key": f"dh={to_base64(point)}",
    }


def vapid_token(
    key: EllipticCurvePrivateKey, *, audience: str, subject: str, expires_s: int
) -> str:
    """The signed token by which a push service knows the node (RFC 8292, section 2)."""
    head = to_base64(orjson.dumps({"typ": "JWT", "alg": "ES256"}))
    claims = to_base64(orjson.dumps({"aud": audience, "exp": expires_s, "sub": subject}))
    signed = f"{head}.{claims}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ECDSA(SHA256())))
    return f"{signed}.{to_base64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def message(
    keys: Keys, plain: bytes, *, standard: bool, vapid: str, server_key: str
) -> tuple[bytes, Mapping[str, str]]:
    """Body and headers of one push message, in the way that the subscriber expects."""
    if standard:
        return encrypt(keys, plain), {
            "Content-Encoding": "aes128gcm",
            "Authorization": f"vapid t={vapid}, k={server_key}",
        }
    body, headers = encrypt_old(keys, plain)
    return body, {
        **headers,
        "Crypto-Key": f"{headers['Crypto-Key']};p256ecdsa={server_key}",
        "Authorization": f"WebPush {vapid}",
    }
