"""Public keys as actors state them in their documents.

A key counts only where its owner names it: in the owner's own document, with the owner (or
controller) it says it has. A key that names an owner proves nothing by itself.
"""

from federation.activity import is_uri, text, values
from federation.admission import host_of
from federation.errors import Malformed
from federation.keys import PublicKey, load_public_pem
from federation.multikeys import load_public_multibase
from federation.origins import authority_of, origin_of
from federation.vocabulary import ACTOR_TYPES, Document

_KEYS_MAX = 10


def key_in(document: Document, key_id: str) -> PublicKey | None:
    """Return the key `key_id` as its owner's `document` states it, or None when it does not.

    Raises Malformed when the key is named and cannot be read.
    """
    owner = text(document, "id")
    is_actor = any(kind in ACTOR_TYPES for kind in values(document, "type"))
    if owner is None or not is_actor or not _same_origin(owner, key_id):
        return None
    for key in values(document, "publicKey")[:_KEYS_MAX]:
        if _is_named(key, key_id, owner, "owner"):
            pem = text(key, "publicKeyPem")
            if pem is None:
                raise Malformed("key.malformed", reason="publicKeyPem is missing")
            return PublicKey(key_id, owner, load_public_pem(pem))
    for key in values(document, "assertionMethod")[:_KEYS_MAX]:
        if _is_named(key, key_id, owner, "controller") and "Multikey" in values(key, "type"):
            multibase = text(key, "publicKeyMultibase")
            if multibase is None or text(key, "controller") is None:
                raise Malformed("multikey.malformed", reason="controller or key is missing")
            vouches = is_instance_actor(document)
            return PublicKey(key_id, owner, load_public_multibase(multibase), vouches)
    return None


def owner_claimed(document: Document, key_id: str) -> str | None:
    """Return who is said to own `key_id` by a document that is not its owner's, or None.

    A stub actor with the key inside (GoToSocial's `/main-key`), or the key alone.
    """
    for key in [*values(document, "publicKey")[:_KEYS_MAX], document]:
        if isinstance(key, dict) and text(key, "id") == key_id:
            owner = text(key, "owner") or text(key, "controller")
            if owner is not None and is_uri(owner) and _same_origin(owner, key_id):
                return owner
    return None


def is_instance_actor(document: Document) -> bool:
    """Say whether a document is the actor of its whole origin, as this software has them.

    Strict, since its Ed25519 key signs for everybody there: type Application, at the one path
    that no member can get, and named like its host.
    """
    uri = text(document, "id") or ""
    try:
        origin = origin_of(uri)
    except Malformed:
        return False
    names = {authority_of(origin), host_of(origin)}
    return (
        uri == f"{origin}/actor"
        and values(document, "type") == ["Application"]
        and (text(document, "preferredUsername") or "").lower() in names
    )


def _is_named(key: object, key_id: str, owner: str, owner_name: str) -> bool:
    if not isinstance(key, dict) or text(key, "id") != key_id:
        return False
    return text(key, owner_name) in {None, owner}


def _same_origin(one: str, other: str) -> bool:
    try:
        return origin_of(one) == origin_of(other)
    except Malformed:
        return False
