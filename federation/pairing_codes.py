"""Pairing codes: what one administrator prints and another types, once.

A code says which site invites, proves by a random token that its bearer was invited, and
carries the beginning of the site's fingerprint, so that whoever answers in its name is found
out before anything is sent. A checksum catches what was mistyped.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from federation.errors import Invalid, Malformed, describe
from federation.fingerprints import HEAD_BYTES, head_of
from federation.origins import origin_of

describe(
    {
        "code.unreadable": "This is not a whole pairing code; copy it again, all its groups of"
        " four characters.",
        "code.mistyped": "The pairing code has a wrong character; compare it group by group.",
    }
)

TOKEN_BYTES = 16
_CHECK_BYTES = 4
_GROUP = 4
_VERSION = 1
_ORIGIN_BYTES_MAX = 255
# What is easily misread for a character of base32, which has no 0, 1 and 8.
_MISREAD = str.maketrans("018", "OIB")
_SPACES = re.compile(r"[\s-]+")


@dataclass(frozen=True, slots=True)
class PairingCode:
    """The site that invites, its token, and the first 80 bits of its fingerprint."""

    origin: str
    token: bytes
    fingerprint_head: bytes

    def text(self) -> str:
        """The code in groups of four capital letters and digits."""
        origin = self.origin.encode()
        said = bytes([_VERSION, len(origin)]) + origin + self.token + self.fingerprint_head
        coded = base64.b32encode(said + _check(said)).decode("ascii").rstrip("=")
        return "-".join(coded[at : at + _GROUP] for at in range(0, len(coded), _GROUP))

    def fits(self, fingerprint: str) -> bool:
        """Whether a site's fingerprint is the one this code was printed for."""
        return hmac.compare_digest(self.fingerprint_head, head_of(fingerprint))

    @property
    def token_hash(self) -> bytes:
        """What the inviting site keeps of the token."""
        return hashlib.sha256(self.token).digest()


def new_code(origin: str, fingerprint: str) -> PairingCode:
    """A code nobody has seen: 128 random bits for `origin` with this fingerprint."""
    return PairingCode(origin, secrets.token_bytes(TOKEN_BYTES), head_of(fingerprint))


def read_code(text: str) -> PairingCode:
    """Read what a person typed; case, spaces, hyphens and misread characters do not matter.

    Raises Invalid (field `code`) for what is no code, or a mistyped one.
    """
    plain = _SPACES.sub("", text).upper().translate(_MISREAD)
    try:
        said = base64.b32decode(plain + "=" * (-len(plain) % 8))
    except (binascii.Error, ValueError) as error:
        raise Invalid("code.unreadable", field="code") from error
    body, check = said[:-_CHECK_BYTES], said[-_CHECK_BYTES:]
    length = body[1] if len(body) > 1 else _ORIGIN_BYTES_MAX
    if len(body) != 2 + length + TOKEN_BYTES + HEAD_BYTES or body[0] != _VERSION:
        raise Invalid("code.unreadable", field="code")
    if not hmac.compare_digest(check, _check(body)):
        raise Invalid("code.mistyped", field="code")
    origin, rest = body[2 : 2 + length], body[2 + length :]
    try:
        plain_origin = origin_of(origin.decode())
    except (UnicodeDecodeError, Malformed) as error:
        raise Invalid("code.unreadable", field="code") from error
    return PairingCode(plain_origin, rest[:TOKEN_BYTES], rest[TOKEN_BYTES:])


def _check(said: bytes) -> bytes:
    return hashlib.sha256(said).digest()[:_CHECK_BYTES]
