"""Fingerprints: what stands for all public keys of a site, for machines and for two people.

The fingerprint is what a pairing pins; the safety number is the same said in digits, for two
people to read to each other. Both cover the origin, so the keys of one site are worth nothing
at another.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PREFIX = "SHA256:"
HEAD_BYTES = 10
"""How much of a fingerprint a printed code carries."""

# As many as Signal's safety numbers: a search for a near match costs that much more.
_ROUNDS = 5_200
_CHUNKS = 6
_CHUNK_BYTES = 5
_DIGITS = 5


def key_text(key: RSAPublicKey | Ed25519PublicKey) -> str:
    """One key in the spelling that fingerprints cover: base64 of its SubjectPublicKeyInfo."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode("ascii")


def fingerprint_of(origin: str, keys: Iterable[RSAPublicKey | Ed25519PublicKey]) -> str:
    """The fingerprint of a site: SHA-256 over the RFC 8785 form of its origin and all its keys.

    Written `SHA256:` and 43 characters of unpadded base64url. The order of the keys is nothing.
    """
    stated = {"origin": origin, "keys": sorted({key_text(key) for key in keys})}
    digest = hashlib.sha256(rfc8785.dumps(stated)).digest()
    return PREFIX + base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def head_of(fingerprint: str) -> bytes:
    """The first 80 bits of a fingerprint, as a printed code carries them."""
    text = fingerprint.removeprefix(PREFIX)
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))[:HEAD_BYTES]


def same(one: str, other: str) -> bool:
    """Whether two fingerprints are equal, without telling by time where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def safety_number(sites: Iterable[tuple[str, str]]) -> str:
    """The 60 digits of two sites, each an (origin, fingerprint), in twelve groups of five.

    30 digits for each, in the order of the origins, so both sides read the same.
    """
    halves = [_half(origin, fingerprint) for origin, fingerprint in sorted(sites)]
    return " ".join(group for half in halves for group in half)


def _half(origin: str, fingerprint: str) -> list[str]:
    stated = f"{origin}\n{fingerprint}".encode()
    digest = hashlib.sha512(stated).digest()
    for _ in range(_ROUNDS - 1):
        digest = hashlib.sha512(digest + stated).digest()
    chunks = [digest[at * _CHUNK_BYTES : (at + 1) * _CHUNK_BYTES] for at in range(_CHUNKS)]
    return [f"{int.from_bytes(chunk) % 10**_DIGITS:0{_DIGITS}d}" for chunk in chunks]
