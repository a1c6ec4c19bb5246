"""Partners of a site, and what goes to them and comes from them, in rows."""

from typing import Any

from federation.database import Row
from federation.node import Node
from federation.vocabulary import Document
from outbox.audience import recipients
from outbox.received import upsert_remote
from outbox.visibility import visible
from tests.agreements import agree

TOKEN = "A" * 22


async def change(node: Node, origin: str, **changes: Any) -> None:
    await node.db.write(lambda tx: agree(tx, origin, **changes))


async def goes_to(node: Node, status: Row) -> set[str]:
    return {recipient.origin for recipient in await recipients(node, node.db, status)}


def said(author: Row, uri: str, number: int = 1, **changes: Any) -> Document:
    return {
        "id": f"{author['origin']}/notes/{number}",
        "type": "Note",
        "attributedTo": author["uri"],
        "content": "<p>Bonjour</p>",
        "published": "2026-01-05T09:00:00Z",
        "to": [uri],
        "cc": [],
        "audience": uri,
        **changes,
    }


async def take(node: Node, document: Document, author: Row) -> Row:
    status, _ = await node.db.write(lambda tx: upsert_remote(node, tx, document, author))
    return status


async def seen(node: Node, who: Any, status: Row) -> bool:
    return await visible(node.db, who, status["id"]) is not None
