"""Small secrets at rest: sealed with the node's secret, each for the one place it stands in.

What is sealed here is of no use to whoever has the database alone, and cannot be moved from
one row to another.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from federation.errors import Misconfigured, describe

_NONCE_BYTES = 12
# The first byte names the way it was sealed: AES-256-GCM.
_AES_256_GCM = b"\x01"

describe(
    {
        "sealed.unreadable": "What is kept for {place} cannot be opened; put back the secret file"
        " with which it was sealed.",
    }
)


def seal(secret: bytes, place: str, data: bytes) -> bytes:
    """Return `data` encrypted under `secret`, to be opened for the same `place` only."""
    nonce = os.urandom(_NONCE_BYTES)
    return _AES_256_GCM + nonce + AESGCM(secret).encrypt(nonce, data, _label(place))


def unseal(secret: bytes, place: str, sealed: bytes) -> bytes:
    """Return what was sealed for `place`; Misconfigured when the secret is another one."""
    head, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if head != _AES_256_GCM or len(nonce) != _NONCE_BYTES:
        raise Misconfigured("sealed.unreadable", place=place)
    try:
        return AESGCM(secret).decrypt(nonce, body, _label(place))
    except InvalidTag as error:
        raise Misconfigured("sealed.unreadable", place=place) from error


def _label(place: str) -> bytes:
    # No key id looks like this, so that a sealed thing is never read as a key.
    return f"maillage sealed {place}".encode()
