"""ActivityPub addresses read by GET: actors, statuses, activities, each as its reader may see it.

What does not exist and what one may not see are one answer, made by the same statements.
"""

import re
from collections.abc import Awaitable, Callable

import orjson

from actors.documents import actor_document
from actors.queries import by_id, by_uri
from federation.database import Row
from federation.errors import NodeError, NotFound, describe
from federation.message_signatures import ACCEPT_SIGNATURE
from federation.node import Node
from federation.origins import origin_of
from federation.remembered import Remembered
from federation.vocabulary import ACTIVITY_TYPE, CONTEXT, Document
from outbox import documents
from outbox.circles import wire_uri
from outbox.quote_documents import stamp_of
from outbox.visibility import PUBLIC_KINDS, Anyone, may_see_sql, visible
from web.circles import Circles
from web.collections import Collections
from web.negotiation import wanted
from web.raw import Answer, Asked, Header
from web.reading import Doorkeeper, Reading

describe(
    {
        "document.none": "Not found",
        "document.type": "This address has an ActivityPub document and a page; ask for"
        " application/activity+json or text/html.",
        "document.method": "This address does not take {came}.",
    }
)

DOCUMENT_TYPE = b"application/activity+json; charset=utf-8"
VARY = (b"vary", b"Accept, Signature, Signature-Input, Authorization")
OFFER = (b"accept-signature", ACCEPT_SIGNATURE.encode())
PRIVATE: list[Header] = [VARY, OFFER, (b"cache-control", b"private, max-age=0")]
PUBLIC_HEADERS: list[Header] = [VARY, OFFER, (b"cache-control", b"public, max-age=300")]
DOCUMENTS_MAX = 2_000

PATH = re.compile(
    r"/(?P<kind>users|notes|follows|activities|contexts)/(?P<id>[0-9]{1,19})"
    r"(?:/(?P<part>[a-z]+)(?P<rest>/[0-9a-z/]{1,60})?)?"
)


class NotAcceptable(NodeError):
    """406: neither a document nor a page is wanted."""

    status = 406


class WrongMethod(NodeError):
    """405: there is something here, but not for this method."""

    status = 405


Part = Callable[[Reading, int, Asked], Awaitable[Answer]]


class Documents:
    """Answers the GETs of one node's ActivityPub addresses."""

    def __init__(self, node: Node, doorkeeper: Doorkeeper) -> None:
        self.node = node
        self._doorkeeper = doorkeeper
        self._collections = Collections(node)
        self._circles = Circles(node)
        self._bytes: Remembered[tuple[int, int], bytes] = Remembered(DOCUMENTS_MAX)
        self._parts: dict[tuple[str, str], Part] = {
            ("users", ""): self._actor,
            ("users", "followers"): self._followers,
            ("users", "following"): self._following,
            ("users", "synchronization"): self._synchronization,
            ("users", "outbox"): self._outbox,
            ("users", "featured"): self._featured,
            ("users", "tags"): self._featured_tags,
            ("notes", ""): self._status,
            ("notes", "replies"): self._replies,
            ("contexts", ""): self._context,
        }

    async def get(self, asked: Asked) -> Answer:
        """The document at this address for whoever asks; raises what it is refused with."""
        if asked.method not in {"GET", "HEAD"}:
            raise WrongMethod("document.method", came=asked.method)
        kind = wanted(asked.header(b"accept"))
        if kind == "nothing":
            raise NotAcceptable("document.type")
        if asked.path == "/actor":
            return await self._instance_actor(kind == "page")
        reading = await self._doorkeeper.read_as(asked)
        found = PATH.fullmatch(asked.path)
        if found is None:
            circle = await self._circles.get(reading, asked.path)
            return circle or await self._collections.instance(asked.path) or missing()
        if kind == "page":
            return await self._page(reading, found["kind"], int(found["id"]))
        if found["kind"] == "notes" and found["part"] == "quotes" and found["rest"]:
            return await self._stamp(reading, int(found["id"]), found["rest"][1:])
        part = self._parts.get((found["kind"], found["part"] or ""))
        if part is not None and not found["rest"]:
            return await part(reading, int(found["id"]), asked)
        return await self._activity(reading, asked)

    async def _instance_actor(self, as_page: bool) -> Answer:
        # Readable unsigned: two nodes that verify everything would wait for each other.
        if as_page:
            return Answer(302, headers=[VARY, (b"location", f"{self.node.origin}/".encode())])
        row = await by_uri(self.node.db, self.node.uris.instance_actor)
        if row is None:
            raise NotFound("document.none")
        return Answer(200, await self._actor_bytes(row), DOCUMENT_TYPE, PUBLIC_HEADERS)

    async def _actor_bytes(self, row: Row) -> bytes:
        key = (row["id"], row["updated_at"])
        known = self._bytes.get(key)
        if known is None:
            known = orjson.dumps(await actor_document(self.node, row))
            self._bytes.put(key, known)
        return known

    async def _reachable_actor(self, reading: Reading, actor_id: int) -> Row | None:
        """The local actor, when this reader may know of it."""
        row = await by_id(self.node.db, actor_id)
        if row is None or not row["is_local"]:
            return None
        hidden = isinstance(reading.who, Anyone) and not row["reachable"]
        return None if hidden else row

    async def _actor(self, reading: Reading, actor_id: int, _: Asked) -> Answer:
        row = await self._reachable_actor(reading, actor_id)
        if row is None:
            return missing()
        if row["deleted_at"] is not None:
            return tombstone(row["uri"], row["type"])
        return Answer(200, await self._actor_bytes(row), DOCUMENT_TYPE, PRIVATE)

    async def _status(self, reading: Reading, status_id: int, _: Asked) -> Answer:
        node = self.node
        status = await visible(node.db, reading.who, status_id)
        if status is None or not status["is_local"]:
            return await self._gone(reading, node.uris.status(status_id))
        if status["reblog_of_id"] is not None:
            return await self._boost(status)
        return Answer(200, await self._status_bytes(status), DOCUMENT_TYPE, PRIVATE)

    async def _status_bytes(self, status: Row) -> bytes:
        """The document, which is the same for every reader until it is edited or voted on."""
        changes = (status["edited_at"], status["quote_state"], status["quote_automatic"])
        key = (status["id"], hash(changes))
        known = self._bytes.get(key)
        if known is None:
            document = await documents.note_document(self.node, self.node.db, status)
            known = documents.serialise(document)
            if status["type"] != "Question":
                self._bytes.put(key, known)
        return known

    async def _stamp(self, reading: Reading, quoted_id: int, quoting: str) -> Answer:
        """The stamp of a quote that stands, for whoever may see what is quoted, whoever wrote
        the quote, and anybody who takes part when it is public: readers of the quote check it."""
        if not quoting.isdecimal() or len(quoting) > 19:
            return missing()
        stamp = await stamp_of(self.node, self.node.db, quoted_id, int(quoting))
        if stamp is None:
            return missing()
        wrote = origin_of(stamp["interactingObject"]) == reading.origin
        if not wrote and await visible(self.node.db, reading.who, quoted_id) is None:
            kind = await self.node.db.value(
                "SELECT audience_kind FROM status WHERE id = ?", quoted_id
            )
            if kind not in PUBLIC_KINDS:
                return missing()
        return Answer(200, documents.serialise(stamp), DOCUMENT_TYPE, PRIVATE)

    async def _boost(self, boost: Row) -> Answer:
        reader = self.node.db
        original = await reader.row("SELECT * FROM status WHERE id = ?", boost["reblog_of_id"])
        author = await by_id(reader, boost["actor_id"])
        if original is None or author is None:
            return missing()
        original_author = await by_id(reader, original["actor_id"])
        assert original_author is not None, "a status has its author by foreign key"
        circle_uri = await wire_uri(reader, boost)
        document = documents.announce_document(boost, author, original, original_author, circle_uri)
        return Answer(200, documents.serialise(document), DOCUMENT_TYPE, PRIVATE)

    async def _gone(self, reading: Reading, uri: str) -> Answer:
        """404, or 410 for the origins that had the object: others learn nothing of it."""
        row = await self.node.db.row(
            "SELECT tombstone.former_type FROM tombstone JOIN held ON held.object_uri = uri"
            " WHERE uri = ? AND held.origin = ?",
            uri,
            reading.origin or "",
        )
        return missing() if row is None else tombstone(uri, row["former_type"])

    async def _activity(self, reading: Reading, asked: Asked) -> Answer:
        """An activity of this node, as long as its body is kept: what was sent to the origin
        that asks, or what is about a status that it may see."""
        condition, args = may_see_sql(reading.who, "s")
        row = await self.node.db.row(
            "SELECT a.body FROM activity a WHERE a.uri = ? AND a.origin = 'local' AND ("
            "EXISTS (SELECT 1 FROM delivery d WHERE d.activity_id = a.id AND d.origin = ?)"
            " OR (a.type IN ('Create', 'Announce', 'Update') AND EXISTS (SELECT 1 FROM status s"
            f" WHERE s.uri IN (a.uri, a.object_uri) AND s.is_local AND {condition})))",
            self.node.origin + asked.path,
            reading.origin or "",
            *args,
        )
        if row is None or row["body"] is None:
            return missing()
        return Answer(200, bytes(row["body"]), DOCUMENT_TYPE, PRIVATE)

    async def _page(self, reading: Reading, kind: str, number: int) -> Answer:
        """Lead a browser to the page of what it may see."""
        url: str | None = None
        if kind == "users":
            row = await self._reachable_actor(reading, number)
            url = None if row is None or row["deleted_at"] is not None else row["url"]
        elif kind == "notes":
            status = await visible(self.node.db, reading.who, number)
            url = None if status is None else status["url"]
        if url is None:
            raise NotFound("document.none")
        return Answer(302, headers=[*PRIVATE, (b"location", url.encode())])

    async def _followers(self, reading: Reading, actor_id: int, asked: Asked) -> Answer:
        row = await self._reachable_actor(reading, actor_id)
        return await self._collections.relations(reading, row, asked, followers=True) or missing()

    async def _following(self, reading: Reading, actor_id: int, asked: Asked) -> Answer:
        row = await self._reachable_actor(reading, actor_id)
        return await self._collections.relations(reading, row, asked, followers=False) or missing()

    async def _synchronization(self, reading: Reading, actor_id: int, _: Asked) -> Answer:
        row = await self._reachable_actor(reading, actor_id)
        return await self._collections.followers_there(reading, row) or missing()

    async def _outbox(self, reading: Reading, actor_id: int, asked: Asked) -> Answer:
        row = await self._reachable_actor(reading, actor_id)
        return await self._collections.outbox(reading, row, asked) or missing()

    async def _featured_tags(self, reading: Reading, actor_id: int, _: Asked) -> Answer:
        row = await self._reachable_actor(reading, actor_id)
        return await self._collections.featured_tags(row) or missing()

    async def _featured(self, reading: Reading, actor_id: int, _: Asked) -> Answer:
        row = await self._reachable_actor(reading, actor_id)
        return await self._collections.featured(reading, row) or missing()

    async def _replies(self, reading: Reading, status_id: int, asked: Asked) -> Answer:
        return await self._collections.replies(reading, status_id, asked) or missing()

    async def _context(self, reading: Reading, root_id: int, asked: Asked) -> Answer:
        return await self._collections.context(reading, root_id, asked) or missing()


def missing() -> Answer:
    """The one answer for what is not there and for what one may not see."""
    return Answer(404, b"Not found\n", headers=PRIVATE)


def tombstone(uri: str, former_type: str) -> Answer:
    """410 with what is left."""
    document: Document = {
        "@context": CONTEXT[0],
        "id": uri,
        "type": "Tombstone",
        "formerType": former_type,
    }
    return Answer(410, orjson.dumps(document), DOCUMENT_TYPE, PRIVATE)


__all__ = ["ACTIVITY_TYPE", "Documents", "NotAcceptable", "WrongMethod", "missing", "tombstone"]
