"""Digests of a body: `Digest` (RFC 3230) and `Content-Digest` (RFC 9530), made and checked."""

import re
from base64 import b64encode
from hashlib import sha256, sha512

from federation.errors import BadSignature
from federation.received import ReceivedRequest

_HASHES = {"sha-256": sha256, "sha-512": sha512}
_EXPECTED = {
    "digest": "SHA-256=<base64 of the body's SHA-256>",
    "content-digest": "sha-256=:<base64 of the body's SHA-256>:",
}
_MEMBERS = {
    "digest": re.compile(r"([A-Za-z0-9-]+)=([A-Za-z0-9+/=_-]*)[ \t]*(?:,[ \t]*|$)"),
    "content-digest": re.compile(r"([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/=]*):[ \t]*(?:,[ \t]*|$)"),
}


def _base64(algorithm: str, body: bytes) -> str:
    return b64encode(_HASHES[algorithm](body).digest()).decode("ascii")


def digest_header(body: bytes) -> str:
    """Return the one `Digest` value that every peer parses: ``SHA-256=…``."""
    return f"SHA-256={_base64('sha-256', body)}"


def content_digest_header(body: bytes) -> str:
    """Return the `Content-Digest` value: ``sha-256=:…:``."""
    return f"sha-256=:{_base64('sha-256', body)}:"


def _check_field(name: str, value: str, body: bytes) -> bool:
    known = False
    position = 0
    while position < len(value):
        member = _MEMBERS[name].match(value, position)
        if member is None:
            raise BadSignature("digest.malformed", header=name, expected=_EXPECTED[name])
        position = member.end()
        algorithm = member[1].lower()
        if algorithm not in _HASHES:
            continue
        known = True
        expected = _base64(algorithm, body)
        if member[2] != expected:
            raise BadSignature(
                "digest.mismatch",
                header=name,
                algorithm=algorithm,
                came=member[2],
                expected=expected,
            )
    return known


def check_digests(request: ReceivedRequest, required: str | None) -> None:
    """Raise BadSignature unless every digest that came fits the body.

    `required` names the header that must be there with an algorithm we know. One that is not
    signed is checked too: two that disagree mean that somebody altered the request (SEC-018).
    """
    for name in _MEMBERS:
        value = request.fields.get(name)
        if value is None:
            if name == required:
                raise BadSignature("signature.field_missing", component=name)
        elif not _check_field(name, value, request.body) and name == required:
            raise BadSignature("digest.unknown_algorithm", header=name, expected=_EXPECTED[name])
