"""The activities by which two sites agree: Offer, Accept, Reject, Update, Undo of a Relationship.

Written and read here and nowhere else. What is read is a claim until its signature, its proofs
and the state it meets were compared.
"""

from dataclasses import dataclass
from typing import Any, Literal, cast

from federation.activity import text, uri_of, values
from federation.agreements import Agreement, read_agreement
from federation.errors import BadSignature, Malformed, describe
from federation.fetch import as_object
from federation.keys import PublicKey
from federation.proofs import check_proof
from federation.vocabulary import CONTEXT, Document

describe({"pairing.malformed": "The {type} of an agreement cannot be read ({reason})."})

TERMS = "urn:x-maillage:"
"""The namespace of the words that are ours."""
PARTNER_OF = f"{TERMS}partnerOf"
SITE_OF = f"{TERMS}siteOf"
"""The relation of a site to the one that leads its organisation."""
RELATIONS = {"partner": PARTNER_OF, "site": SITE_OF}
PLACE = "/partnerships/"
AGREEMENT = "agreement"
"""The audience kind of deliveries that are about an agreement: they go whatever else is refused,
and always signed by the site."""
BYTES_MAX = 64_000
_CONTEXT: list[Any] = [
    *CONTEXT,
    "https://w3id.org/security/data-integrity/v1",
    {
        "p": TERMS,
        "agreement": {"@id": "p:agreement", "@type": "@json"},
        "fingerprint": "p:fingerprint",
        "pairingProof": "p:pairingProof",
        "receipt": {"@id": "p:receipt", "@type": "@json"},
    },
]
_PROOFS_MAX = 2

Kind = Literal["Offer", "Accept", "Reject", "Update", "Undo"]


@dataclass(frozen=True, slots=True)
class Act:
    """One step of two sites towards each other, or apart; `object_uri` is what it is about."""

    kind: Kind
    uri: str
    actor_uri: str
    object_uri: str
    document: Document
    agreement: Agreement | None
    proofs: tuple[Document, ...]

    @property
    def partnership_kind(self) -> str:
        """`site` when one joins the organisation of the other, else `partner`."""
        held = as_object(self.document.get("result" if self.kind == "Accept" else "object"))
        return "site" if held.get("relationship") == SITE_OF else "partner"

    @property
    def fingerprint(self) -> str:
        """What the sender says its keys are."""
        return text(self.document, "fingerprint") or ""

    @property
    def pairing_proof(self) -> str:
        """The proof that an invitation was held; empty without one."""
        return text(self.document, "pairingProof") or ""

    def proof_by(self, key: PublicKey) -> Document:
        """The proof by this key over the agreement; Malformed or BadSignature when none holds."""
        agreement = self.needed()
        for proof in self.proofs:
            if proof.get("verificationMethod") == key.key_id:
                check_proof(agreement.document(), proof, key)
                return proof
        raise BadSignature("proof.wrong", key_id=key.key_id)

    def needed(self) -> Agreement:
        """The agreement; Malformed when the act has none."""
        if self.agreement is None:
            raise Malformed("pairing.malformed", type=self.kind, reason="agreement")
        return self.agreement


def read_act(document: Document) -> Act | None:
    """Read an activity about a partnership; None for any other, Malformed for a broken one."""
    kind = document.get("type")
    if kind not in {"Offer", "Accept", "Reject", "Update", "Undo"}:
        return None
    item = as_object(document.get("object"))
    held = as_object(document.get("result")) if kind == "Accept" else item
    object_uri = uri_of(document.get("object")) or ""
    if "Relationship" not in values(held, "type") and PLACE not in object_uri:
        return None
    uri, actor_uri = text(document, "id"), uri_of(document.get("actor"))
    if uri is None or actor_uri is None or not object_uri:
        raise Malformed("pairing.malformed", type=kind, reason="id, actor or object")
    stated = held.get("agreement")
    if stated is None:
        return Act(kind, uri, actor_uri, object_uri, document, None, ())
    agreed = as_object(stated)
    plain = {name: value for name, value in agreed.items() if name != "proof"}
    proofs = [cast(Document, one) for one in values(agreed, "proof") if isinstance(one, dict)]
    return Act(
        kind,
        uri,
        actor_uri,
        object_uri,
        document,
        read_agreement(plain),
        tuple(proofs[:_PROOFS_MAX]),
    )


def proof_subject(document: Document, digest: str, fingerprints: tuple[str, str]) -> Document:
    """What a pairing proof is made over: the offer, who offers to whom, their keys, the text.

    `fingerprints` are those of the site that invites and of the one that offers.
    """
    return {
        "offer": document["id"],
        "inviting": uri_of(as_object(document.get("object")).get("object")) or "",
        "offering": uri_of(document.get("actor")) or "",
        "invitingFingerprint": fingerprints[0],
        "offeringFingerprint": fingerprints[1],
        "agreement": digest,
        "published": text(document, "published") or "",
    }


def offer_document(
    uri: str, us: str, them: str, published: str, agreement: Agreement, proof: Document,
    kind: str = "partner",
) -> Document:  # fmt: skip
    """Offer{Relationship}: this is what we would agree to, and we prove it."""
    return _act(uri, "Offer", us, them, published) | {
        "object": _relationship(uri.rpartition("/")[0], us, them, agreement, [proof], kind),
        "fingerprint": agreement.other(_origin(them)).fingerprint,
    }


def accept_document(
    uri: str, us: str, them: str, published: str, offer_uri: str,
    agreement: Agreement, proofs: list[Document], kind: str = "partner",
) -> Document:  # fmt: skip
    """Accept{Offer}: the same text, now with the proofs of both."""
    return _act(uri, "Accept", us, them, published) | {
        "object": offer_uri,
        "result": _relationship(offer_uri.rpartition("/")[0], them, us, agreement, proofs, kind),
    }


def reject_document(uri: str, us: str, them: str, published: str, offer_uri: str) -> Document:
    """Reject{Offer}: a person here does not want it."""
    return _act(uri, "Reject", us, them, published) | {"object": offer_uri}


def update_document(
    uri: str, us: str, them: str, published: str, agreement: Agreement, proof: Document
) -> Document:
    """Update{Relationship}: the next revision, narrower; or the same one, as a sign of life."""
    return _act(uri, "Update", us, them, published) | {
        "object": _relationship(uri.rpartition("/")[0], us, them, agreement, [proof]),
    }


def undo_document(
    uri: str, us: str, them: str, published: str, agreement: Agreement, proof: Document
) -> Document:
    """Undo{Relationship}: it ends with this revision."""
    return _act(uri, "Undo", us, them, published) | {
        "object": _relationship(uri.rpartition("/")[0], us, them, agreement, [proof]),
    }


def receipt_document(
    uri: str, us: str, them: str, published: str, undo_uri: str, receipt: Document
) -> Document:
    """Accept{Undo}: the end is carried out, and this is what was removed."""
    return _act(uri, "Accept", us, them, published) | {"object": undo_uri, "receipt": receipt}


def withdraw_document(uri: str, us: str, them: str, published: str, offer_uri: str) -> Document:
    """Undo{Offer}: nobody needs to confirm it any more."""
    return _act(uri, "Undo", us, them, published) | {"object": {"id": offer_uri, "type": "Offer"}}


def _act(uri: str, kind: str, us: str, them: str, published: str) -> Document:
    return {
        "@context": _CONTEXT,
        "id": uri,
        "type": kind,
        "actor": us,
        "to": [them],
        "published": published,
    }


def _relationship(
    uri: str, subject: str, item: str, agreement: Agreement, proofs: list[Document],
    kind: str = "partner",
) -> Document:  # fmt: skip
    return {
        "id": uri,
        "type": "Relationship",
        "subject": subject,
        "relationship": RELATIONS[kind],
        "object": item,
        "agreement": agreement.document() | {"proof": proofs},
    }


def _origin(actor_uri: str) -> str:
    return actor_uri.removesuffix("/actor")
