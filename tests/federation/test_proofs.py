"""Proofs inside documents, against the published vector and against every change."""

from typing import Any

import pytest

from federation.errors import BadSignature, Malformed
from federation.keys import PrivateKey, PublicKey, generate_ed25519, generate_rsa
from federation.multikeys import load_public_multibase
from federation.proofs import check_proof, is_pairing_proof, make_proof, pairing_proof

# W3C Data Integrity EdDSA Cryptosuites 1.0, appendix B.3 (eddsa-jcs-2022).
KEY_TEXT = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]
CREDENTIAL: dict[str, Any] = {
    "@context": CONTEXT,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
PROOF: dict[str, Any] = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "created": "2023-02-24T23:36:38Z",
    "verificationMethod": f"did:key:{KEY_TEXT}#{KEY_TEXT}",
    "proofPurpose": "assertionMethod",
    "@context": CONTEXT,
    "proofValue": (
        "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
    ),
}


def vector_key() -> PublicKey:
    return PublicKey(PROOF["verificationMethod"], "did:x", load_public_multibase(KEY_TEXT))


def test_the_published_vector() -> None:
    check_proof(CREDENTIAL, PROOF, vector_key())
    check_proof(CREDENTIAL | {"proof": PROOF}, PROOF, vector_key())
    for change in ({"name": "Another"}, {"more": 1}):
        with pytest.raises(BadSignature):
            check_proof(CREDENTIAL | change, PROOF, vector_key())
    with pytest.raises(BadSignature):
        check_proof(CREDENTIAL, PROOF | {"created": "2023-02-24T23:36:39Z"}, vector_key())


def test_our_own_proof_holds_and_nobody_elses() -> None:
    key = PrivateKey("https://a.example/actor#ed25519-key", generate_ed25519())
    stated = {"revision": 1, "parties": ["é", "b"]}
    proof = make_proof(stated, key, "2026-11-22T00:00:00Z")
    public = key.public("https://a.example/actor")
    check_proof(stated, proof, public)
    other = PrivateKey(key.key_id, generate_ed25519()).public("https://a.example/actor")
    for owner in (other, PublicKey("https://b.example/actor#k", "x", public.key)):
        with pytest.raises(BadSignature):
            check_proof(stated, proof, owner)


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "z1",
        {},
        PROOF | {"cryptosuite": "eddsa-rdfc-2022"},
        PROOF | {"proofPurpose": "authentication"},
        PROOF | {"proofValue": "u1"},
        PROOF | {"proofValue": "z0"},
        PROOF | {"proofValue": "z" + "1" * 200},
        PROOF | {"created": {1, 2}},
    ],
)
def test_what_is_no_proof(wrong: Any) -> None:
    with pytest.raises(Malformed):
        check_proof(CREDENTIAL, wrong, vector_key())


def test_an_rsa_key_states_nothing_here() -> None:
    rsa = PublicKey(PROOF["verificationMethod"], "x", generate_rsa().public_key())
    with pytest.raises(Malformed):
        check_proof(CREDENTIAL, PROOF, rsa)


def test_the_pairing_proof_is_for_one_token_and_one_offer() -> None:
    offer = {"offer": "https://b.example/o/1", "digest": "aa"}
    made = pairing_proof(b"t" * 32, offer)
    assert is_pairing_proof(b"t" * 32, offer, made)
    assert not is_pairing_proof(b"u" * 32, offer, made)
    assert not is_pairing_proof(b"t" * 32, offer | {"digest": "ab"}, made)
    assert not is_pairing_proof(b"t" * 32, offer, made.removeprefix("v1:"))
