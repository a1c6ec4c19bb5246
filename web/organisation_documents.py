"""The organisation led by this site, as its sites and partners read it: the actor, and the list.

Whoever has no agreement with this site gets the answer of what is not there.
"""

import orjson

from federation.node import Node
from federation.organisation_lists import organisation_document
from federation.organisations import Organisation, own_organisation
from federation.partnerships import IN_FORCE, partner
from federation.vocabulary import Document
from web.partner_documents import NO_STORE
from web.raw import Answer, Asked
from web.reading import Doorkeeper

DOCUMENT_TYPE = b"application/activity+json; charset=utf-8"


class OrganisationDocuments:
    """Answers for the organisation that one node leads."""

    def __init__(self, node: Node, doorkeeper: Doorkeeper) -> None:
        self._node = node
        self._doorkeeper = doorkeeper

    async def actor(self, asked: Asked) -> Answer:
        """GET /actor/organisation: the Organization actor."""
        own = await self._own_for(asked)
        return _missing() if own is None else _answer(organisation_document(own.uri, own.name))

    async def sites(self, asked: Asked) -> Answer:
        """GET /actor/organisation/sites: the list with its proof."""
        own = await self._own_for(asked)
        if own is None or own.listed is None:
            return _missing()
        return _answer(own.listed.document() | {"proof": own.proof})

    async def _own_for(self, asked: Asked) -> Organisation | None:
        reading = await self._doorkeeper.read_as(asked)
        return await led_here_for(self._node, reading.origin)


async def led_here_for(node: Node, origin: str | None) -> Organisation | None:
    """The organisation led here, when the origin that asks is a site or a partner of ours."""
    known = None if origin is None else await partner(node.db, origin)
    if known is None or known.state not in IN_FORCE:
        return None
    own = await own_organisation(node.db)
    return own if own is not None and own.is_led_by(node.origin) else None


def _answer(document: Document) -> Answer:
    return Answer(200, orjson.dumps(document), DOCUMENT_TYPE, [*NO_STORE])


def _missing() -> Answer:
    return Answer(404, b"Not found\n", headers=[*NO_STORE])
