"""Audiences of several sites as addresses: each site finds only itself there.

So partners never learn of each other; who does not belong gets the answer of what is not there.
"""

import re

from federation.node import Node
from outbox.circles import belongs, is_held
from outbox.visibility import Origin
from web.collections import collection
from web.raw import Answer
from web.reading import Reading

_OWN = re.compile(r"/audiences/[A-Za-z0-9_-]{22}")
_ASKED = re.compile(r"/actor/audiences/([0-9a-f]{64})")


class Circles:
    """Answers for the audiences of one node; None where there is nothing for this reader."""

    def __init__(self, node: Node) -> None:
        self.node = node

    async def get(self, reading: Reading, path: str) -> Answer | None:
        """The audience that began here, or whether this site belongs to one of elsewhere."""
        if not isinstance(reading.who, Origin):
            return None
        if _OWN.fullmatch(path):
            return await self._own(reading.who.origin, path)
        asked = _ASKED.fullmatch(path)
        if asked is not None and await is_held(self.node.db, asked[1], reading.who.origin):
            return self._only(path, self.node.origin)
        return None

    async def _own(self, origin: str, path: str) -> Answer | None:
        uri = self.node.origin + path
        audience_id = await self.node.db.value("SELECT id FROM audience WHERE uri = ?", uri)
        if audience_id is None or not await belongs(self.node.db, origin, audience_id):
            return None
        return self._only(path, origin)

    def _only(self, path: str, origin: str) -> Answer:
        """A collection of one instance actor."""
        uri = self.node.origin + path
        return collection(uri, "Collection", total=1, items=[f"{origin}/actor"])
