"""Proofs inside documents: `eddsa-jcs-2022` (W3C Data Integrity) and the proof of an invitation.

A proof says that the owner of an Ed25519 key stated exactly these bytes, whoever passed them
on. What the key may state is the reader's business.
"""

import hashlib
import hmac
from typing import Any, cast

import rfc8785

from federation.errors import BadSignature, Malformed, describe
from federation.keys import PrivateKey, PublicKey
from federation.multikeys import base58_decode, base58_encode
from federation.vocabulary import Document

describe(
    {
        "proof.malformed": "The proof cannot be read ({reason}); send one eddsa-jcs-2022 proof.",
        "proof.wrong": "The proof does not fit the document and the key {key_id}; state what is"
        " sent, with the key that is published there.",
    }
)

SUITE = "eddsa-jcs-2022"
_PROOF_CHARS_MAX = 128
_PAIRING_VERSION = "v1:"


def make_proof(document: Document, key: PrivateKey, created: str) -> Document:
    """A proof by `key` (Ed25519, of this node) that it states `document`, made at `created`."""
    proof: Document = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "verificationMethod": key.key_id,
        "proofPurpose": "assertionMethod",
        "created": created,
    }
    return proof | {"proofValue": "z" + base58_encode(key.sign(_stated(document, proof)))}


def check_proof(document: Document, proof: Any, key: PublicKey) -> None:
    """Return when `proof` shows that `key` states `document` (without its own `proof`).

    Raises Malformed for what is no proof of this kind, BadSignature for one that does not hold
    or is by another key.
    """
    if not isinstance(proof, dict) or key.algorithm != "ed25519":
        raise Malformed("proof.malformed", reason="it is no object, or the key is not Ed25519")
    stated = cast(Document, proof)
    value = stated.get("proofValue")
    kind = (stated.get("type"), stated.get("cryptosuite"), stated.get("proofPurpose"))
    if kind != ("DataIntegrityProof", SUITE, "assertionMethod"):
        raise Malformed("proof.malformed", reason="it is of another kind")
    if not isinstance(value, str) or value[:1] != "z" or len(value) > _PROOF_CHARS_MAX:
        raise Malformed("proof.malformed", reason="proofValue is not base58btc")
    if stated.get("verificationMethod") != key.key_id:
        raise BadSignature("proof.wrong", key_id=key.key_id)
    try:
        signature = base58_decode(value[1:])
    except ValueError as error:
        raise Malformed("proof.malformed", reason=str(error)) from error
    options = {name: part for name, part in stated.items() if name != "proofValue"}
    if not key.verify(signature, _stated(document, options)):
        raise BadSignature("proof.wrong", key_id=key.key_id)


def _stated(document: Document, options: Document) -> bytes:
    """What is signed (eddsa-jcs-2022 3.3): the hash of the options, then of the document."""
    plain = {name: part for name, part in document.items() if name != "proof"}
    try:
        parts = (rfc8785.dumps(options), rfc8785.dumps(plain))
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise Malformed("proof.malformed", reason="the document has no canonical form") from error
    return b"".join(hashlib.sha256(part).digest() for part in parts)


def pairing_proof(token_hash: bytes, stated: Document) -> str:
    """The proof that its maker holds the token of an invitation, over what an offer states.

    HMAC-SHA256 by the token's hash, over the RFC 8785 form of `stated`; the token itself never
    travels, and the inviting site keeps nothing but the hash.
    """
    digest = hmac.new(token_hash, rfc8785.dumps(stated), hashlib.sha256).hexdigest()
    return _PAIRING_VERSION + digest


def is_pairing_proof(token_hash: bytes, stated: Document, came: str) -> bool:
    """Whether `came` is the pairing proof of `stated`, compared in constant time."""
    return hmac.compare_digest(pairing_proof(token_hash, stated).encode(), came.encode())
