"""The list of an organisation's sites: what the lead states, signs and numbers, as a value.

Its bytes are RFC 8785. Two sites of one list find in it, each for itself, the same text of the
agreement between them, so no further code is needed inside an organisation.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any, cast

import rfc8785

from federation.agreements import Agreement, Party
from federation.errors import Malformed, describe
from federation.fingerprints import PREFIX
from federation.origins import authority_of, origin_of
from federation.scopes import Scope
from federation.site_documents import plain
from federation.vocabulary import CONTEXT, Document

describe({"organisation.list": "The list of sites cannot be read ({reason})."})

PATH = "/actor/organisation"
SITES_PATH = f"{PATH}/sites"
SITES_MAX = 1_000
NUMBER_MAX = 2**31
NAME_CHARACTERS_MAX = 200
# An agreement inside an organisation ends when a site is no longer on the list.
ENDS = "9999-12-31T23:59:59Z"
FULL = Scope(
    directory="sync",
    follow="free",
    audiences=True,
    messages="anyone",
    backfill_days=3_650,
    media="copy",
    resharing="site",
    reports=True,
    retention_after_end="delete",
    backup_days=30,
)
"""What sites of one organisation grant each other."""

_FIELDS = {"id", "type", "organization", "name", "number", "updated", "sites"}
_SITE_FIELDS = {"origin", "fingerprint", "name", "since"}
_FINGERPRINT = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True)
class Listed:
    """One site: the keys that speak for it, its name, and since when it is on the list."""

    origin: str
    fingerprint: str
    name: str
    since: str


@dataclass(frozen=True, slots=True)
class SiteList:
    """The sites of an organisation, in the order of their origins; the lead is one of them.

    Invariants
        `uri` is at the lead's own origin; no origin twice.
    """

    uri: str
    name: str
    number: int
    updated: str
    sites: tuple[Listed, ...]

    @property
    def lead_origin(self) -> str:
        """The one site whose proof counts."""
        return lead_of(self.uri)

    def site(self, origin: str) -> Listed | None:
        """The site of this origin, or None."""
        return next((site for site in self.sites if site.origin == origin), None)

    def document(self) -> Document:
        """The list as JSON, without its proof."""
        return {
            "id": f"{self.lead_origin}{SITES_PATH}",
            "type": "Collection",
            "organization": self.uri,
            "name": self.name,
            "number": self.number,
            "updated": self.updated,
            "sites": [
                {
                    "origin": site.origin,
                    "fingerprint": site.fingerprint,
                    "name": site.name,
                    "since": site.since,
                }
                for site in self.sites
            ],
        }

    def to_bytes(self) -> bytes:
        """The RFC 8785 form: what the lead proves and every site keeps."""
        return rfc8785.dumps(self.document())


def organisation_uri(lead_origin: str) -> str:
    """The id of the organisation that a site leads."""
    return f"{lead_origin}{PATH}"


def handle_name(lead_origin: str) -> str:
    """The name before the @ by which an organisation is found; no person can have one like it."""
    return f"organisation.{authority_of(lead_origin)}"


def lead_of(uri: str) -> str:
    """The origin that leads an organisation; raise Malformed for what is no id of one."""
    origin = origin_of(uri)
    if uri != organisation_uri(origin):
        raise _malformed("id")
    return origin


def relation(listed: SiteList, one: Listed, other: Listed) -> Agreement:
    """The agreement between two sites of a list: the same bytes for whoever of them computes it."""
    first, second = sorted((one, other), key=lambda site: site.origin)
    starts = max(first.since, second.since)
    said = f"{listed.uri}\n{first.origin}\n{second.origin}\n{starts}".encode()
    return Agreement(
        uri=f"{first.origin}/agreements/{hashlib.sha256(said).hexdigest()[:32]}",
        revision=1,
        parties=(
            Party(first.origin, first.fingerprint),
            Party(second.origin, second.fingerprint),
        ),
        grants=((first.origin, FULL), (second.origin, FULL)),
        starts=starts,
        ends=ENDS,
    )


def organisation_document(uri: str, name: str) -> Document:
    """The Organization actor, as its lead serves it to its sites and their partners."""
    lead = lead_of(uri)
    return {
        "@context": CONTEXT,
        "id": uri,
        "type": "Organization",
        "preferredUsername": handle_name(lead),
        "name": name,
        "url": f"{lead}/",
        "inbox": f"{lead}/actor/inbox",
        "outbox": f"{lead}/actor/outbox",
        "attributedTo": f"{lead}/actor",
        "sites": f"{lead}{SITES_PATH}",
    }


def list_update(
    uri: str, us: str, them: str, published: str, listed: SiteList, proof: Document
) -> Document:
    """Update{Organization}: the list as its lead has just proved it, for one site or partner."""
    whole = organisation_document(listed.uri, listed.name)
    return {
        "@context": CONTEXT,
        "id": uri,
        "type": "Update",
        "actor": us,
        "to": [them],
        "published": published,
        "object": whole | {"sites": listed.document() | {"proof": proof}},
    }


@dataclass(frozen=True, slots=True)
class Introduction:
    """Which partners the lead has, as it tells its sites and nobody else; a later one counts."""

    uri: str
    number: int
    partners: tuple[Party, ...]


def introduction_update(
    uri: str, us: str, them: str, published: str, name: str, said: Introduction
) -> Document:
    """Update{Organization} with its partners, for one of its own sites."""
    partners = [
        {"origin": party.origin, "fingerprint": party.fingerprint} for party in said.partners
    ]
    whole = organisation_document(said.uri, name)
    return {
        "@context": CONTEXT,
        "id": uri,
        "type": "Update",
        "actor": us,
        "to": [them],
        "published": published,
        "object": whole | {"partners": {"number": said.number, "items": partners}},
    }


def introduction_in(document: Document) -> Introduction | None:
    """The partners that an Update of an Organization names; None for any other activity.

    Raises Malformed when they cannot be read.
    """
    item = document.get("object")
    if document.get("type") != "Update" or not isinstance(item, dict):
        return None
    said = cast(Document, item)
    partners = said.get("partners")
    if said.get("type") != "Organization" or not isinstance(partners, dict):
        return None
    stated = cast(Document, partners)
    number, items, uri = stated.get("number"), stated.get("items"), said.get("id")
    if type(number) is not int or not 0 < number < 2**63 or not isinstance(uri, str):
        raise _malformed("number of the partners")
    if not isinstance(items, list) or len(cast(list[Any], items)) > SITES_MAX:
        raise _malformed("partners")
    found = tuple(_party(one) for one in cast(list[Any], items))
    if len({party.origin for party in found}) != len(found):
        raise _malformed("partners: each once")
    lead_of(uri)
    return Introduction(uri, number, found)


def list_in(document: Document) -> Document | None:
    """The list, with its proof, that an Update of an Organization brings; None for any other."""
    item = document.get("object")
    if document.get("type") != "Update" or not isinstance(item, dict):
        return None
    said = cast(Document, item)
    sites = said.get("sites")
    if said.get("type") != "Organization" or not isinstance(sites, dict):
        return None
    return cast(Document, sites)


def claim(uri: str, name: str) -> Document:
    """How a site says in its instance actor to which organisation it belongs."""
    return {"type": "Organization", "id": uri, "name": name}


def claimed(document: Document) -> tuple[str, str] | None:
    """(id, name) of the organisation that an instance actor claims; None without a usable one."""
    stated = document.get("organization")
    if not isinstance(stated, dict):
        return None
    said = cast(Document, stated)
    uri = said.get("id")
    if not isinstance(uri, str):
        return None
    try:
        lead_of(uri)
    except Malformed:
        return None
    return uri, plain(said.get("name"))


def read_list(stated: Any) -> SiteList:
    """Read a list that came, its proof left aside; raise Malformed for what is none.

    Nothing is passed over: a list with a field that is not known here is refused, since its
    bytes would be others.
    """
    document = _object(stated, _FIELDS)
    uri, number = _text(document, "organization"), document.get("number")
    lead = lead_of(uri)
    if (document.get("id"), document.get("type")) != (f"{lead}{SITES_PATH}", "Collection"):
        raise _malformed("id or type")
    if type(number) is not int or not 1 <= number < NUMBER_MAX:
        raise _malformed("number")
    found = document.get("sites")
    if not isinstance(found, list) or len(cast(list[Any], found)) > SITES_MAX:
        raise _malformed("sites")
    sites = tuple(_site(one) for one in cast(list[Any], found))
    origins = [site.origin for site in sites]
    if origins != sorted(set(origins)) or lead not in origins:
        raise _malformed("sites: each once, by origin, the lead among them")
    name = _text(document, "name")
    if plain(name) != name:
        raise _malformed("name")
    return SiteList(uri, name, number, _time(document, "updated"), sites)


def _party(stated: Any) -> Party:
    party = _object(stated, {"origin", "fingerprint"})
    origin, fingerprint = _text(party, "origin"), _text(party, "fingerprint")
    if origin_of(origin) != origin or not _FINGERPRINT.fullmatch(fingerprint):
        raise _malformed("a partner's origin or fingerprint")
    return Party(origin, fingerprint)


def _site(stated: Any) -> Listed:
    site = _object(stated, _SITE_FIELDS)
    origin, fingerprint, name = _text(site, "origin"), _text(site, "fingerprint"), site.get("name")
    if origin_of(origin) != origin or not _FINGERPRINT.fullmatch(fingerprint):
        raise _malformed("a site's origin or fingerprint")
    if not isinstance(name, str) or plain(name) != name:
        raise _malformed("a site's name")
    return Listed(origin, fingerprint, name, _time(site, "since"))


def _object(value: Any, known: set[str]) -> Document:
    if not isinstance(value, dict):
        raise _malformed("no object")
    stated = {name: part for name, part in cast(Document, value).items() if name != "proof"}
    if set(stated) != known:
        raise _malformed("its fields")
    return stated


def _text(stated: Document, name: str) -> str:
    value = stated.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= NAME_CHARACTERS_MAX + 300:
        raise _malformed(name)
    return value


def _time(stated: Document, name: str) -> str:
    value = _text(stated, name)
    if not _TIME.fullmatch(value):
        raise _malformed(name)
    return value


def _malformed(reason: str) -> Malformed:
    return Malformed("organisation.list", reason=reason)
