"""How this node is found: WebFinger, NodeInfo, host-meta, and whether it is up.

On a closed node people are found by admitted origins only; what is not there and what is not
for the one who asks are the same answer.
"""

from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import orjson

from actors.local import local_actor_reachable
from actors.queries import by_uri, local_by_username
from federation import VERSION
from federation.database import Row
from federation.errors import Malformed, NodeError, Refused, Unavailable, describe
from federation.node import Node
from federation.nodeinfo import (
    SchemaVersion,
    Usage,
    nodeinfo_document,
    nodeinfo_links,
    nodeinfo_type,
)
from federation.organisation_lists import handle_name, organisation_uri
from federation.origins import origin_of
from federation.webfinger import (
    JRD_TYPE,
    XRD_TYPE,
    Handle,
    host_meta,
    instance_jrd,
    parse_resource,
    person_jrd,
    with_links,
)
from inbox.figures import PERSONS_MIN, all_written
from web.organisation_documents import led_here_for
from web.raw import Answer, Asked, Header
from web.reading import Doorkeeper, Reading

QUERY_CHARACTERS_MAX = 4_000
MONTH_MS = 30 * 86_400_000
USAGE_KEPT_MS = 3_600_000

OPEN: Header = (b"access-control-allow-origin", b"*")
PUBLIC: list[Header] = [OPEN, (b"cache-control", b"public, max-age=3600")]
PRIVATE: list[Header] = [
    OPEN,
    (b"cache-control", b"private, max-age=0"),
    (b"vary", b"Signature, Signature-Input, Authorization"),
]

describe({"webfinger.query": "Say which resource, as in ?resource=acct:name@host."})


@lru_cache(maxsize=1024)
def read_query(query: str) -> tuple[str, tuple[str, ...]]:
    """(resource, rels) of a WebFinger query; Malformed without exactly one resource."""
    if len(query) > QUERY_CHARACTERS_MAX:
        raise Malformed("webfinger.query")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=50, errors="strict")
    except (ValueError, UnicodeDecodeError) as error:
        raise Malformed("webfinger.query") from error
    resources = [value for name, value in pairs if name == "resource"]
    if len(resources) != 1 or not resources[0].strip():
        raise Malformed("webfinger.query")
    return resources[0], tuple(value for name, value in pairs if name == "rel")


@lru_cache(maxsize=1024)
def read_resource(resource: str) -> Handle | str:
    """The handle or the address asked for; Malformed for anything else."""
    return parse_resource(resource)


class WellKnown:
    """Answers the discovery addresses of one node."""

    def __init__(self, node: Node, doorkeeper: Doorkeeper) -> None:
        self.node = node
        self._doorkeeper = doorkeeper
        self._usage: tuple[int, Usage] | None = None

    async def webfinger(self, asked: Asked) -> Answer:
        """The JRD of the node or of a person (RFC 7033, FEP-d556)."""
        resource, rels = read_query(asked.query)
        wanted = read_resource(resource)
        node = self.node
        if self._is_instance(wanted):
            jrd = instance_jrd(Handle(node.host, node.host), node.uris.instance_actor, node.origin)
            return _jrd(jrd, rels, PUBLIC)
        reading = await self._read(asked)
        if reading is not None and self._is_organisation(wanted):
            own = await led_here_for(node, reading.origin)
            if own is not None:
                handle = Handle(handle_name(node.origin), node.host)
                return _jrd(person_jrd(handle, own.uri, f"{node.origin}/"), rels, PRIVATE)
        row = await self._person(reading, wanted)
        if row is None:
            return Answer(404, b"Not found\n", headers=PRIVATE)
        handle = Handle(row["username"], node.host)
        template = None if node.is_closed else f"{node.origin}/authorize_interaction?uri={{uri}}"
        avatar = (row["icon_url"], "image/png") if row["icon_url"] else None
        jrd = person_jrd(handle, row["uri"], row["url"], subscribe_template=template, avatar=avatar)
        return _jrd(jrd, rels, PRIVATE)

    def _is_instance(self, wanted: Handle | str) -> bool:
        node = self.node
        if isinstance(wanted, str):
            return wanted.rstrip("/") == node.origin or wanted == node.uris.instance_actor
        return wanted == Handle(node.host, node.host) and wanted.username.lower() == node.host

    def _is_organisation(self, wanted: Handle | str) -> bool:
        node = self.node
        if isinstance(wanted, str):
            return wanted == organisation_uri(node.origin)
        return (wanted.username.lower(), wanted.host) == (handle_name(node.origin), node.host)

    async def _person(self, reading: Reading | None, wanted: Handle | str) -> Row | None:
        """The local actor that is asked for, when the one who asks may know."""
        if isinstance(wanted, str):
            row = await self._by_url(wanted)
        elif wanted.host == self.node.host:
            row = await local_by_username(self.node, self.node.db, wanted.username)
        else:
            # The same statement for a host that is not ours.
            row = await local_by_username(self.node, self.node.db, "")
        if row is None or row["deleted_at"] is not None or reading is None:
            return None
        admitted = reading.origin is not None
        return row if admitted or local_actor_reachable(self.node, row) else None

    async def _read(self, asked: Asked) -> Reading | None:
        """Who asks; None for somebody who is not told about people."""
        try:
            return await self._doorkeeper.read_as(asked)
        except (Refused, Unavailable):
            return None
        except NodeError:
            # Unsigned, on a closed node: the answer is the one for an unknown name.
            return None

    async def _by_url(self, url: str) -> Row | None:
        try:
            ours = origin_of(url) == self.node.origin
        except NodeError:
            ours = False
        path = url[len(self.node.origin) :] if ours else ""
        if path.startswith("/@"):
            return await local_by_username(self.node, self.node.db, path[2:])
        row = await by_uri(self.node.db, url if ours else "")
        return row if row is not None and row["is_local"] else None

    async def host_meta(self, _: Asked) -> Answer:
        """The XRD for clients older than RFC 7033."""
        body = host_meta(self.node.origin).encode()
        return Answer(200, body, f"{XRD_TYPE}; charset=utf-8".encode(), PUBLIC)

    async def nodeinfo_index(self, _: Asked) -> Answer:
        """Where the NodeInfo documents are."""
        links = nodeinfo_links(self.node.origin, self.node.uris.instance_actor)
        return Answer(200, orjson.dumps(links), b"application/json", PUBLIC)

    async def nodeinfo(self, asked: Asked) -> Answer:
        """One NodeInfo document; without any number on a closed node."""
        version: SchemaVersion = "2.1" if asked.path.endswith("/2.1") else "2.0"
        usage = None if self.node.is_closed else await self._count()
        metadata: dict[str, Any] = {
            "nodeName": self.node.name,
            "federation": {"enabled": True, "limited": self.node.is_closed},
        }
        document = nodeinfo_document(
            version,
            software_version=VERSION,
            open_registrations=False,
            usage=usage,
            metadata=metadata,
        )
        return Answer(200, orjson.dumps(document), nodeinfo_type(version).encode(), PUBLIC)

    async def _count(self) -> Usage:
        now = self.node.clock()
        if self._usage is None or now - self._usage[0] > USAGE_KEPT_MS:
            people = "SELECT count(*) FROM account JOIN actor ON actor.id = account.actor_id"
            db = self.node.db
            usage = Usage(
                people=_shown(await db.value(people)),
                active_month=_shown(
                    await db.value(f"{people} WHERE last_status_at > ?", now - MONTH_MS)
                ),
                active_half_year=_shown(
                    await db.value(f"{people} WHERE last_status_at > ?", now - 6 * MONTH_MS)
                ),
                posts=await all_written(db, now),
            )
            self._usage = (now, usage)
        return self._usage[1]

    async def healthz(self, _: Asked) -> Answer:
        """The process answers."""
        return Answer(200, b"ok\n", headers=[(b"cache-control", b"no-store")])

    async def readyz(self, _: Asked) -> Answer:
        """The process answers, and its database too."""
        try:
            await self.node.db.value("SELECT 1 FROM schema_version LIMIT 1")
        except Exception as error:
            raise Unavailable("database.unreachable", retry_after_s=5) from error
        return Answer(200, b"ready\n", headers=[(b"cache-control", b"no-store")])


def _shown(people: int) -> int:
    """A count of people; 0 for so few that it would tell of one of them."""
    return people if people >= PERSONS_MIN else 0


def _jrd(document: dict[str, Any], rels: tuple[str, ...], headers: list[Header]) -> Answer:
    body = orjson.dumps(with_links(document, rels))
    return Answer(200, body, JRD_TYPE.encode(), headers)
