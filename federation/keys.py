"""Keys as values: made, read from and written to the wire, and kept encrypted at rest.

The key's type alone decides the algorithm: RSA is RSASSA-PKCS1-v1_5 with SHA-256, Ed25519 is
Ed25519. No header can make a key do anything else.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_pem_public_key,
)

from federation.errors import Malformed, Misconfigured

KeyAlgorithm = Literal["rsa", "ed25519"]

SECRET_BYTES = 32
RSA_BITS_MIN = 2048
RSA_BITS_MAX = 8192

_PADDING = PKCS1v15()
_SHA256 = SHA256()
_NONCE_BYTES = 12
# The first byte of an encrypted key names the way it was encrypted.
_AES_256_GCM = b"\x01"
# A public exponent as long as the modulus would make each verification as dear as a signature.
_RSA_EXPONENT_BITS_MAX = 64
_PEM = re.compile(
    r"-----BEGIN ((?:RSA )?PUBLIC KEY)-----[A-Za-z0-9+/=\s]+-----END \1-----", re.ASCII
)
_PEM_CHARS_MAX = 4096


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key with the actor that owns it.

    `vouches_for_origin` is set for the key of an instance actor, which signs for any actor of its
    own origin.
    """

    key_id: str
    owner_uri: str
    key: RSAPublicKey | Ed25519PublicKey
    vouches_for_origin: bool = False

    @property
    def algorithm(self) -> KeyAlgorithm:
        """What the key can do."""
        return "ed25519" if isinstance(self.key, Ed25519PublicKey) else "rsa"

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether `signature` was made over `message` with the private half."""
        try:
            if isinstance(self.key, Ed25519PublicKey):
                self.key.verify(signature, message)
            else:
                self.key.verify(signature, message, _PADDING, _SHA256)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A key of this node, by which one of its actors signs."""

    key_id: str
    key: RSAPrivateKey | Ed25519PrivateKey

    @property
    def algorithm(self) -> KeyAlgorithm:
        """What the key can do."""
        return "ed25519" if isinstance(self.key, Ed25519PrivateKey) else "rsa"

    @property
    def cavage_algorithm(self) -> str:
        """Its name in draft-cavage signatures: the one that every peer knows."""
        return "ed25519" if self.algorithm == "ed25519" else "rsa-sha256"

    @property
    def message_algorithm(self) -> str:
        """Its name in RFC 9421 signatures (3.3)."""
        return "ed25519" if self.algorithm == "ed25519" else "rsa-v1_5-sha256"

    def sign(self, message: bytes) -> bytes:
        """Sign `message`; RSA takes about a millisecond, Ed25519 a twentieth of that."""
        if isinstance(self.key, Ed25519PrivateKey):
            return self.key.sign(message)
        return self.key.sign(message, _PADDING, _SHA256)

    def public(self, owner_uri: str, *, vouches_for_origin: bool = False) -> PublicKey:
        """Return the public half, owned by `owner_uri`."""
        return PublicKey(self.key_id, owner_uri, self.key.public_key(), vouches_for_origin)


def generate_rsa() -> RSAPrivateKey:
    """Make an RSA-2048 key. Takes some 70 ms: call it in a thread."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def generate_ed25519() -> Ed25519PrivateKey:
    """Make an Ed25519 key."""
    return Ed25519PrivateKey.generate()


def public_pem(key: RSAPublicKey | Ed25519PublicKey) -> str:
    """Return the SubjectPublicKeyInfo PEM that `publicKeyPem` holds."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def load_public_pem(pem: str) -> RSAPublicKey:
    """Read another server's `publicKeyPem`: one RSA key of 2048 to 8192 bits.

    Raises Malformed for anything else, anything after the END line included (SEC-022).
    """
    text = pem.strip()
    if len(text) > _PEM_CHARS_MAX or not _PEM.fullmatch(text):
        raise Malformed("key.malformed", reason="not exactly one PEM block")
    try:
        key = load_pem_public_key(text.encode("ascii"))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Malformed("key.malformed", reason=str(error)) from error
    if not isinstance(key, RSAPublicKey):
        raise Malformed("key.not_rsa")
    if not RSA_BITS_MIN <= key.key_size <= RSA_BITS_MAX:
        expected = f"{RSA_BITS_MIN} to {RSA_BITS_MAX}"
        raise Malformed("key.size", came=str(key.key_size), expected=expected)
    if key.public_numbers().e.bit_length() > _RSA_EXPONENT_BITS_MAX:
        raise Malformed("key.malformed", reason="its public exponent is too long")
    return key


def encrypt_private(key: PrivateKey, secret: bytes) -> bytes:
    """Return the key encrypted with AES-256-GCM under `secret`, bound to its key id."""
    der = key.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    nonce = os.urandom(_NONCE_BYTES)
    return _AES_256_GCM + nonce + AESGCM(secret).encrypt(nonce, der, key.key_id.encode())


def decrypt_private(data: bytes, key_id: str, secret: bytes) -> PrivateKey:
    """Read what `encrypt_private` wrote for `key_id`.

    Raises Misconfigured when the secret or the key id is another one, or the data was altered.
    """
    head, nonce, sealed = data[:1], data[1 : 1 + _NONCE_BYTES], data[1 + _NONCE_BYTES :]
    if head != _AES_256_GCM or len(nonce) != _NONCE_BYTES:
        raise Misconfigured("key.unreadable", key_id=key_id)
    try:
        der = AESGCM(secret).decrypt(nonce, sealed, key_id.encode())
    except InvalidTag as error:
        raise Misconfigured("key.unreadable", key_id=key_id) from error
    # Ours and authenticated: checking an RSA key again would hold the event loop for 55 ms.
    key = load_der_private_key(der, password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise Misconfigured("key.unreadable", key_id=key_id)
    return PrivateKey(key_id, key)


def make_secret(path: Path) -> bytes:
    """Write a new 32-byte secret to `path` for its owner only, and return it.

    Raises FileExistsError rather than replace one: keys encrypted with it would be lost.
    """
    secret = os.urandom(SECRET_BYTES)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    return secret


def read_secret(path: Path) -> bytes:
    """Return the secret in `path`; raise Misconfigured unless it is 32 bytes that only we read."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode & 0o777
            secret = file.read(SECRET_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Misconfigured("secret.missing", path=str(path), reason=reason) from error
    if mode & 0o077:
        raise Misconfigured("secret.exposed", path=str(path), came=f"{mode:04o}")
    if len(secret) != SECRET_BYTES:
        raise Misconfigured(
            "secret.size", path=str(path), came=str(len(secret)), expected=str(SECRET_BYTES)
        )
    return secret
