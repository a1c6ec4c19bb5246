"""Where an actor of this node lives besides, and where it went: its aliases and its new address."""

from typing import Any

import orjson

from actors import queries
from federation.database import Row, Transaction
from federation.errors import Invalid, Refused, describe
from federation.node import Node

ALIASES_MAX = 20

describe(
    {
        "move.self": "An account cannot be its own alias or move to itself.",
        "move.aliases_max": "An account has at most {expected} aliases.",
        "move.no_alias": "{target} does not name {uri} among its aliases; add it there first.",
        "move.gone": "This account has moved; publish from the new one.",
        "move.suspended": "{target} is suspended here.",
    }
)


def aliases_of(actor: Row) -> list[str]:
    """The ids of the actors that an actor says it is too."""
    found: list[Any] = orjson.loads(actor["also_known_as"])
    return [uri for uri in found if isinstance(uri, str)]


def refuse_moved(actor: Row) -> None:
    """Raise Refused for an actor that moved away: it publishes nothing any more."""
    if actor["moved_to_uri"] is not None:
        raise Refused("move.gone")


async def set_alias(node: Node, tx: Transaction, actor: Row, alias_uri: str, *, on: bool) -> Row:
    """Add or remove an alias and return the actor as it is now; Invalid naming `alias`.

    Whoever is named so may move here with its followers.
    """
    if alias_uri == actor["uri"]:
        raise Invalid("move.self", field="alias")
    aliases = [uri for uri in aliases_of(actor) if uri != alias_uri]
    if on:
        aliases.append(alias_uri)
    if len(aliases) > ALIASES_MAX:
        raise Invalid("move.aliases_max", field="alias", expected=str(ALIASES_MAX))
    return await _change(node, tx, actor, "also_known_as", orjson.dumps(aliases).decode())


async def set_moved(node: Node, tx: Transaction, actor: Row, target: Row | None) -> Row:
    """Note where an actor went, None when it stays, and return it as it is now.

    Raises Invalid naming `target` unless the new address names the old one among its aliases.
    """
    if target is None:
        return await _change(node, tx, actor, "moved_to_uri", None)
    if target["id"] == actor["id"]:
        raise Invalid("move.self", field="target")
    if target["suspended_at"] is not None:
        raise Invalid("move.suspended", field="target", target=target["uri"])
    if actor["uri"] not in aliases_of(target):
        raise Invalid("move.no_alias", field="target", target=target["uri"], uri=actor["uri"])
    return await _change(node, tx, actor, "moved_to_uri", target["uri"])


async def _change(node: Node, tx: Transaction, actor: Row, column: str, value: Any) -> Row:
    await tx.execute(
        f"UPDATE actor SET {column} = ?, updated_at = ? WHERE id = ?",
        value,
        max(node.clock(), actor["updated_at"] + 1),
        actor["id"],
    )
    return await queries.get_by_id(tx, actor["id"])
