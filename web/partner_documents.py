"""What partners ask each other beside the conversation: a proof of the key, and the agreement.

The agreement is what a probe asks for: whoever may not read it is refused, so its answer shows
that both directions of trust work.
"""

from urllib.parse import parse_qsl

import orjson

from federation.errors import Malformed
from federation.node import Node
from federation.partnerships import IN_FORCE, partner
from federation.site_proofs import prove
from inbox.comparisons import comparison, saw, withdrawn
from inbox.holdings import document_of, holdings
from inbox.partner_directory import own_list
from inbox.relation_lists import told_relations
from inbox.terms import served
from web.raw import Answer, Asked, Header
from web.reading import Doorkeeper

NO_STORE: list[Header] = [(b"cache-control", b"no-store")]
JSON = b"application/json"
QUERY_CHARACTERS_MAX = 200
SINCE_DIGITS_MAX = 14


class PartnerDocuments:
    """Answers the questions of partners to one node."""

    def __init__(self, node: Node, doorkeeper: Doorkeeper) -> None:
        self._node = node
        self._doorkeeper = doorkeeper

    async def proof(self, asked: Asked) -> Answer:
        """GET /actor/proof?challenge=…: this site's key signs it, for whoever asks."""
        if len(asked.query) > QUERY_CHARACTERS_MAX:
            raise Malformed("proof.challenge")
        fields = dict(parse_qsl(asked.query))
        keys = await self._node.keyring.site_keys()
        said = prove(self._node.origin, fields.get("challenge", ""), keys)
        return Answer(200, orjson.dumps(said), JSON, [*NO_STORE])

    async def agreement(self, asked: Asked) -> Answer:
        """GET /actor/agreement: the agreement with whoever asks; 404 for whoever has none."""
        reading = await self._doorkeeper.read_as(asked)
        known = await partner(self._node.db, reading.origin or "")
        if known is None or known.state not in IN_FORCE:
            return Answer(404, b"Not found\n", headers=[*NO_STORE])
        said = {"agreement": known.agreement.document(), "digest": known.agreement.digest}
        return Answer(200, orjson.dumps(said), JSON, [*NO_STORE])

    async def terms(self, asked: Asked) -> Answer:
        """GET /actor/terms?digest=…: the text of a convention, for whoever was told its digest."""
        fields = dict(parse_qsl(asked.query[:QUERY_CHARACTERS_MAX]))
        content = await served(self._node.db, fields.get("digest", ""))
        return Answer(200, content.encode(), b"text/plain; charset=utf-8", [*NO_STORE])

    async def directory(self, asked: Asked) -> Answer:
        """GET /actor/directory: the people who let a partner that is granted them know of them."""
        reading = await self._doorkeeper.read_as(asked)
        said = await own_list(self._node, reading.origin or "")
        return Answer(200, orjson.dumps(said), JSON, [*NO_STORE])

    async def holdings(self, asked: Asked) -> Answer:
        """GET /actor/holdings?after=…&since=…: what is held of the objects of whoever asks."""
        reading = await self._doorkeeper.read_as(asked, held_may=True)
        known = await partner(self._node.db, reading.origin or "")
        if known is None or known.state != "active":
            return Answer(404, b"Not found\n", headers=[*NO_STORE])
        fields = dict(parse_qsl(asked.query))
        since = fields.get("since", "0")
        if not (since.isascii() and since.isdecimal() and len(since) <= SINCE_DIGITS_MAX):
            raise Malformed("holdings.cursor", came=since[:80])
        page = await holdings(self._node.db, known.origin, fields.get("after"), int(since))
        said = document_of(self._node.origin, known.origin, page)
        return Answer(200, orjson.dumps(said), JSON, [*NO_STORE])

    async def comparison(self, asked: Asked) -> Answer:
        """GET /actor/comparison?number=…&restored=…: what both compare; also for who is held."""
        reading = await self._doorkeeper.read_as(asked, held_may=True)
        known = await partner(self._node.db, reading.origin or "")
        if known is None or not known.is_in_force:
            return Answer(404, b"Not found\n", headers=[*NO_STORE])
        fields = dict(parse_qsl(asked.query[:QUERY_CHARACTERS_MAX]))
        number, restored = _digits(fields, "number"), fields.get("restored") == "1"
        node, origin = self._node, known.origin
        said = await comparison(node, known)
        if await node.db.write(lambda tx: saw(tx, origin, number, is_restored=restored)):
            node.reconcile_wake.set()
        return Answer(200, orjson.dumps(said), JSON, [*NO_STORE])

    async def relations(self, asked: Asked) -> Answer:
        """GET /actor/relations?since=…: follows and blocks between both, and what was deleted."""
        reading = await self._doorkeeper.read_as(asked, held_may=True)
        known = await partner(self._node.db, reading.origin or "")
        if known is None or not known.is_in_force:
            return Answer(404, b"Not found\n", headers=[*NO_STORE])
        since = _digits(dict(parse_qsl(asked.query[:QUERY_CHARACTERS_MAX])), "since")
        said = (await told_relations(self._node, known.origin)).document()
        said["withdrawn"] = await withdrawn(self._node.db, known.origin, since)
        return Answer(200, orjson.dumps(said), JSON, [*NO_STORE])


def _digits(fields: dict[str, str], name: str) -> int:
    """A number of a query; raises Malformed, naming it."""
    text = fields.get(name, "0")
    if not (text.isascii() and text.isdecimal() and len(text) <= SINCE_DIGITS_MAX):
        raise Malformed("comparison.malformed", reason=name)
    return int(text)
