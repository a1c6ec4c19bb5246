"""Agreements: the one text that two parties keep, the same bytes on both sides.

An agreement is a value: it is read, compared and written here, and nothing here knows whether
it is in force. Its bytes are RFC 8785, so its SHA-256 is the same for whoever computes it.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from typing import Any, cast

import rfc8785

from federation.errors import Invalid, Malformed, describe
from federation.fingerprints import PREFIX
from federation.origins import origin_of
from federation.scopes import Scope, read_scope
from federation.vocabulary import Document

describe({"agreement.malformed": "The agreement cannot be read ({reason})."})

BYTES_MAX = 64_000
NEW_SITES = ("proposed", "accepted")
_FIELDS = {"id", "revision", "parties", "grants", "newSites", "startTime", "endTime", "terms"}
_TERMS = {"name", "url", "digestMultibase"}
_TEXT_MAX = 2_048
_PARTIES = 2
_FINGERPRINT = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True)
class Party:
    """One side: an origin, and the keys that speak for it."""

    origin: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two parties agreed; `grants` says of each origin what *it* lets the other do.

    Invariants
        Two parties of different origins, in the order of these; a grant of each; times in UTC
        as `2026-11-22T00:00:00Z`, the end after the start.
    """

    uri: str
    revision: int
    parties: tuple[Party, Party]
    grants: tuple[tuple[str, Scope], tuple[str, Scope]]
    starts: str
    ends: str
    new_sites: str = "proposed"
    terms: tuple[tuple[str, str], ...] = ()

    def grant_of(self, origin: str) -> Scope:
        """What `origin` grants the other; KeyError when it is no party."""
        return dict(self.grants)[origin]

    def party(self, origin: str) -> Party:
        """The party of this origin; KeyError when it is none."""
        return {party.origin: party for party in self.parties}[origin]

    def other(self, origin: str) -> Party:
        """The party that `origin` has before it."""
        self.party(origin)
        return next(party for party in self.parties if party.origin != origin)

    def document(self) -> Document:
        """The agreement as JSON, without proofs."""
        made: Document = {
            "id": self.uri,
            "revision": self.revision,
            "parties": [
                {"origin": party.origin, "fingerprint": party.fingerprint} for party in self.parties
            ],
            "grants": {origin: scope.document() for origin, scope in self.grants},
            "newSites": self.new_sites,
            "startTime": self.starts,
            "endTime": self.ends,
        }
        return made | ({"terms": dict(self.terms)} if self.terms else {})

    def to_bytes(self) -> bytes:
        """The RFC 8785 form: what both sides keep."""
        return rfc8785.dumps(self.document())

    @property
    def digest(self) -> str:
        """The SHA-256 of the bytes in hexadecimal, as both sides show it."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def with_grant(self, origin: str, scope: Scope) -> "Agreement":
        """The next revision, in which `origin` grants `scope`."""
        grants = [(of, scope if of == origin else had) for of, had in self.grants]
        return replace(self, revision=self.revision + 1, grants=(grants[0], grants[1]))

    def narrows(self, former: "Agreement") -> bool:
        """Whether one proof is enough to put this in the place of `former`.

        It is the same agreement at a later revision, and grants, lasts and admits no more.
        """
        same = (self.uri, self.parties, self.terms) == (former.uri, former.parties, former.terms)
        return same and self.revision > former.revision and self.is_within(former)

    def is_within(self, other: "Agreement") -> bool:
        """Whether this lets nothing happen that `other` does not."""
        return (
            all(scope.is_within(other.grant_of(origin)) for origin, scope in self.grants)
            and self.ends <= other.ends
            and self.starts >= other.starts
            and NEW_SITES.index(self.new_sites) <= NEW_SITES.index(other.new_sites)
        )


def winner(one: Agreement, other: Agreement) -> Agreement:
    """Which of two texts of one agreement holds: the higher revision, else the narrower.

    Of two with neither within the other the one with the lower digest, so both sides choose
    the same.
    """
    if one.revision != other.revision:
        return one if one.revision > other.revision else other
    if one.is_within(other) != other.is_within(one):
        return one if one.is_within(other) else other
    return min(one, other, key=lambda agreement: agreement.digest)


def read_agreement(document: Any) -> Agreement:
    """Read an agreement that came; raise Malformed or Invalid, naming what cannot be accepted.

    Nothing is passed over: an agreement with a field that is not known here is refused.
    """
    stated = _object(document, _FIELDS, "agreement")
    first, second = _parties(stated.get("parties"))
    grants = _object(stated.get("grants"), {first.origin, second.origin}, "grants")
    if first.origin == second.origin or len(grants) != _PARTIES:
        raise _malformed("two parties, and a grant of each")
    revision, uri = stated.get("revision"), _text(stated, "id")
    if type(revision) is not int or not 1 <= revision < 2**31:
        raise _malformed("revision")
    if origin_of(uri) not in grants:
        raise _malformed("id is at neither party")
    starts, ends = _text(stated, "startTime"), _text(stated, "endTime")
    if not (_TIME.fullmatch(starts) and _TIME.fullmatch(ends) and starts < ends):
        raise _malformed("startTime and endTime")
    new_sites = stated.get("newSites", NEW_SITES[0])
    if new_sites not in NEW_SITES:
        raise Invalid(
            "grant.value", field="newSites", name="newSites", came="", expected=", ".join(NEW_SITES)
        )
    return Agreement(
        uri=uri,
        revision=revision,
        parties=(first, second),
        grants=(
            (first.origin, read_scope(grants[first.origin])),
            (second.origin, read_scope(grants[second.origin])),
        ),
        starts=starts,
        ends=ends,
        new_sites=new_sites,
        terms=_terms(stated.get("terms")),
    )


def _parties(stated: Any) -> list[Party]:
    if not isinstance(stated, list) or len(cast(list[Any], stated)) != _PARTIES:
        raise _malformed("two parties")
    parties = [_party(one) for one in cast(list[Any], stated)]
    return sorted(parties, key=lambda party: party.origin)


def _party(stated: Any) -> Party:
    party = _object(stated, {"origin", "fingerprint"}, "parties")
    origin, fingerprint = _text(party, "origin"), _text(party, "fingerprint")
    if origin_of(origin) != origin or not _FINGERPRINT.fullmatch(fingerprint):
        raise _malformed("a party's origin or fingerprint")
    return Party(origin, fingerprint)


def _terms(stated: Any) -> tuple[tuple[str, str], ...]:
    if stated is None:
        return ()
    terms = _object(stated, _TERMS, "terms")
    return tuple((name, _text(terms, name)) for name in sorted(terms))


def _object(value: Any, known: set[str], name: str) -> Document:
    if not isinstance(value, dict):
        raise _malformed(f"{name} is no object")
    stated = cast(Document, value)
    unknown = [key for key in stated if key not in known and key != "proof"]
    if unknown:
        raise Invalid("grant.unknown", field=name, name=unknown[0][:40])
    return stated


def _text(stated: Document, name: str) -> str:
    value = stated.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _TEXT_MAX:
        raise _malformed(name)
    return value


def _malformed(reason: str) -> Malformed:
    return Malformed("agreement.malformed", reason=reason)
