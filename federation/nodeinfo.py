"""NodeInfo, both directions: what this node says of itself, and which software a peer says it is.

What a peer says here may narrow what it gets and never widens it. A closed node gives no
numbers about its people (NodeInfo 2.0 and 2.1, FEP-0151, FEP-2677).
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

from federation.activity import uri_of, values
from federation.client import GuardedClient, Signer
from federation.errors import Malformed, Refused, describe
from federation.fetch import as_object, raise_for_status, read_json
from federation.origins import origin_of
from federation.vocabulary import AS2, Document

describe(
    {
        "nodeinfo.no_software": "{uri} names no software; give software.name.",
        "nodeinfo.no_link": "{uri} links to no NodeInfo 2 document; add one.",
        "nodeinfo.other_origin": "{uri} links to {came}; serve it on the same origin.",
    }
)

SchemaVersion = Literal["2.0", "2.1"]
APPLICATION_REL = f"{AS2}#Application"
_SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/"
_RELS = tuple(f"{_SCHEMA}{version}" for version in ("2.1", "2.0", "2.2"))
_JSON_TYPES = frozenset({"application/json", "application/jrd+json", "application/activity+json"})
_BYTES_MAX = 100_000
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_SOFTWARE = "maillage"


@dataclass(frozen=True, slots=True)
class Usage:
    """The numbers that an open node gives: people, and posts written here."""

    people: int
    active_month: int
    active_half_year: int
    posts: int


@dataclass(frozen=True, slots=True)
class Software:
    """What a peer says it runs: a name in lower case, and a version as it came."""

    name: str
    version: str


def nodeinfo_links(origin: str, instance_actor_uri: str) -> Document:
    """Build `/.well-known/nodeinfo`: both schemas, and the instance actor (FEP-2677)."""
    schemas = [
        {"rel": f"{_SCHEMA}{version}", "href": f"{origin}/nodeinfo/{version}"}
        for version in ("2.0", "2.1")
    ]
    return {"links": [*schemas, {"rel": APPLICATION_REL, "href": instance_actor_uri}]}


def nodeinfo_type(version: SchemaVersion) -> str:
    """Return the Content-Type of a NodeInfo document."""
    return f'application/json; profile="{_SCHEMA}{version}#"'


def nodeinfo_document(
    version: SchemaVersion,
    *,
    software_version: str,
    open_registrations: bool,
    usage: Usage | None,
    metadata: dict[str, Any] | None = None,
    repository_url: str | None = None,
) -> Document:
    """Build the document of one schema; without `usage` (a closed node) it holds no number."""
    software = {"name": _SOFTWARE, "version": software_version}
    if version == "2.1" and repository_url is not None:
        software["repository"] = repository_url
    return {
        "version": version,
        "software": software,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": open_registrations,
        "usage": _usage(usage),
        "metadata": metadata or {},
    }


async def fetch_software(
    client: GuardedClient, origin: str, *, sign: Signer | None = None
) -> Software:
    """Ask a peer which software it runs; raise ClientError, NotFound, Malformed and the like."""
    index_url = f"{origin}/.well-known/nodeinfo"
    index = await _fetch(client, index_url, sign)
    url = _link(index, index_url)
    if origin_of(url) != origin_of(origin):
        raise Refused("nodeinfo.other_origin", uri=index_url, came=url)
    software = as_object((await _fetch(client, url, sign)).get("software"))
    name, version = software.get("name"), software.get("version")
    if not isinstance(name, str) or not _NAME.fullmatch(name.lower()):
        raise Malformed("nodeinfo.no_software", uri=url)
    return Software(name.lower(), version[:100] if isinstance(version, str) else "")


async def _fetch(client: GuardedClient, url: str, sign: Signer | None) -> Document:
    answer = await client.get(
        url, headers={"Accept": "application/json"}, sign=sign, limit_bytes=_BYTES_MAX
    )
    raise_for_status(answer, url)
    return read_json(answer, _JSON_TYPES)


def _link(index: Document, index_url: str) -> str:
    found: dict[str, str] = {}
    for link in values(index, "links"):
        described = as_object(link)
        url = uri_of(described.get("href"))
        if url is not None:
            found.setdefault(str(described.get("rel")), url)
    for rel in _RELS:
        if rel in found:
            return found[rel]
    raise Malformed("nodeinfo.no_link", uri=index_url)


def _usage(usage: Usage | None) -> Document:
    if usage is None:
        return {"users": {}}
    people = {
        "total": usage.people,
        "activeMonth": usage.active_month,
        "activeHalfyear": usage.active_half_year,
    }
    return {"users": people, "localPosts": usage.posts}
