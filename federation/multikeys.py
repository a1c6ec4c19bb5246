"""Multikey (FEP-521a): an Ed25519 public key as ``z…``, base58btc of multicodec 0xed01."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from federation.errors import Malformed

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {char: value for value, char in enumerate(_ALPHABET)}
_ED25519_PUB = b"\xed\x01"
_KEY_BYTES = 32
_TEXT_CHARS_MAX = 64


def base58_encode(data: bytes) -> str:
    """Return base58btc of `data`; leading zero bytes become leading ones."""
    number = int.from_bytes(data)
    text = ""
    while number:
        number, digit = divmod(number, 58)
        text = _ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def base58_decode(text: str) -> bytes:
    """Return the bytes of base58btc `text`; raise ValueError for a foreign character."""
    number = 0
    for char in text:
        if char not in _VALUES:
            raise ValueError(f"{char!r} is not base58btc")
        number = number * 58 + _VALUES[char]
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def public_multibase(key: Ed25519PublicKey) -> str:
    """Return `publicKeyMultibase` of `key`."""
    return "z" + base58_encode(_ED25519_PUB + key.public_bytes_raw())


def load_public_multibase(text: str) -> Ed25519PublicKey:
    """Read another server's `publicKeyMultibase`; raise Malformed unless it is one Ed25519 key."""
    if not text.startswith("z") or len(text) > _TEXT_CHARS_MAX:
        raise Malformed("multikey.malformed", reason="it does not begin with z or is too long")
    try:
        data = base58_decode(text[1:])
    except ValueError as error:
        raise Malformed("multikey.malformed", reason=str(error)) from error
    if not data.startswith(_ED25519_PUB) or len(data) != len(_ED25519_PUB) + _KEY_BYTES:
        raise Malformed("multikey.malformed", reason="it is not an Ed25519 public key")
    return Ed25519PublicKey.from_public_bytes(data[len(_ED25519_PUB) :])
