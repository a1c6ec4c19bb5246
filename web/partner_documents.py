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
from web.raw import Answer, Asked, Header
from web.reading import Doorkeeper

NO_STORE: list[Header] = [(b"cache-control", b"no-store")]
JSON = b"application/json"
QUERY_CHARACTERS_MAX = 200


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
        key = await self._node.keyring.instance_ed25519()
        said = prove(self._node.origin, fields.get("challenge", ""), key)
        return Answer(200, orjson.dumps(said), JSON, [*NO_STORE])

    async def agreement(self, asked: Asked) -> Answer:
        """GET /actor/agreement: the agreement with whoever asks; 404 for whoever has none."""
        reading = await self._doorkeeper.read_as(asked)
        known = await partner(self._node.db, reading.origin or "")
        if known is None or known.state not in IN_FORCE:
            return Answer(404, b"Not found\n", headers=[*NO_STORE])
        said = {"agreement": known.agreement.document(), "digest": known.agreement.digest}
        return Answer(200, orjson.dumps(said), JSON, [*NO_STORE])
