"""The erasure of a person: asked by herself or by staff, hidden at once, done after two weeks.

Until then she can take it back, by a link that she alone was given and her password; afterwards
the same link shows what each other site says. Nothing that she wrote is kept for it.
"""

import secrets
from dataclasses import dataclass
from hashlib import sha256

import orjson

from actors import mails, queries
from actors.logins import end_logins
from actors.roles import check_replaceable
from actors.strikes import enforce, lift
from federation.database import Reader, Row, Transaction
from federation.errors import NotFound, Refused, describe
from federation.node import Node
from inbox.erasure_sites import note_sites
from outbox.farewell import delete_actor

DAY_MS = 86_400_000
WAIT_MS = 14 * DAY_MS
LINK_MS = 180 * DAY_MS
PATH = "/erasure"
# What a profile says of somebody; it comes back when she takes her erasure back.
_SAID = ("display_name", "search_words", "summary_html", "fields", "icon_url", "image_url")
_EMPTY = {"search_words": " ", "fields": "[]", "icon_url": None, "image_url": None}

describe(
    {
        "erasure.waits": "The erasure of this account was asked for already.",
        "erasure.none": "There is no erasure under this address.",
        "erasure.over": "It is too late to take this erasure back, or it was taken back.",
    }
)


@dataclass(frozen=True, slots=True)
class Asked:
    """An erasure that waits: its number, the secret of its link, and when it is due (ms)."""

    number: int
    token: str
    due_at: int


async def ask(node: Node, tx: Transaction, actor: Row, *, is_own: bool) -> Asked:
    """Hide a person at once, end her logins, and note that she is erased in two weeks.

    Raises Refused for the last administrator, and when it was asked before.
    """
    account = await queries.account_of_actor(tx, actor["id"])
    if account is None:
        raise NotFound("actor.not_found")
    await check_replaceable(tx, account["id"])
    if await waiting_of(tx, actor["uri"]) is not None:
        raise Refused("erasure.waits")
    number, token, now = node.ids.next(), secrets.token_urlsafe(32), node.clock()
    due_at = now + WAIT_MS
    await end_logins(node, tx, account["id"])
    await tx.execute(
        "INSERT INTO erasure (id, actor_uri, progress, is_own, link_hash, asked_at, due_at)"
        " VALUES (?, ?, 'waiting', ?, ?, ?, ?)",
        number,
        actor["uri"],
        is_own,
        _digest(token),
        now,
        due_at,
    )
    if actor["suspended_at"] is None:
        said = await _hide(node, tx, actor, due_at)
        sealed = node.keyring.seal(f"erasure {number}", said)
        await tx.execute("UPDATE erasure SET hidden = ? WHERE id = ?", sealed, number)
    if account["email"] and mails.is_on(node):
        params = {"username": actor["username"], "link": link(node, token)}
        await mails.send(
            node, tx, account["email"], "erasure_asked", params, language=account["locale"]
        )
    tx.after_commit(node.erasure_wake.set)
    return Asked(number, token, due_at)


async def _hide(node: Node, tx: Transaction, actor: Row, until: int) -> bytes:
    """Take a profile off every page, and return what it said."""
    said = orjson.dumps({name: actor[name] for name in _SAID})
    # Her pictures stay in the store as long as she can come back.
    await tx.execute(
        "UPDATE media_file SET created_at = ? WHERE actor_id = ? AND purpose = 'picture'",
        until,
        actor["id"],
    )
    changes = ", ".join(f"{name} = ?" for name in _SAID)
    await tx.execute(
        f"UPDATE actor SET {changes} WHERE id = ?",
        *(_EMPTY.get(name, "") for name in _SAID),
        actor["id"],
    )
    await enforce(node, tx, actor, "suspend")
    return said


async def take_back(node: Node, tx: Transaction, erasure: Row) -> None:
    """Let her be here again as she was; she signs in anew. Raises Refused when it is too late."""
    changed = await tx.execute(
        "UPDATE erasure SET progress = 'taken_back', ended_at = ?, hidden = NULL"
        " WHERE id = ? AND progress = 'waiting'",
        node.clock(),
        erasure["id"],
    )
    actor = await queries.by_uri(tx, erasure["actor_uri"])
    if not changed or actor is None:
        raise Refused("erasure.over")
    if erasure["hidden"] is None:
        return
    sealed = bytes(erasure["hidden"])
    said = orjson.loads(node.keyring.unseal(f"erasure {erasure['id']}", sealed))
    changes = ", ".join(f"{name} = CAST(? AS TEXT)" for name in _SAID)
    await tx.execute(
        f"UPDATE actor SET {changes} WHERE id = ?", *(said[name] for name in _SAID), actor["id"]
    )
    await tx.execute(
        "UPDATE media_file SET created_at = ? WHERE actor_id = ? AND purpose = 'picture'",
        node.clock(),
        actor["id"],
    )
    await lift(node, tx, actor, "suspend")


async def erase_now(node: Node, tx: Transaction, actor: Row, *, is_own: bool = False) -> int:
    """Erase somebody without waiting, and return the number under which it is kept."""
    known = await waiting_of(tx, actor["uri"])
    number, now = node.ids.next() if known is None else known["id"], node.clock()
    if known is None:
        await tx.execute(
            "INSERT INTO erasure (id, actor_uri, progress, is_own, link_hash, asked_at, due_at)"
            " VALUES (?, ?, 'waiting', ?, ?, ?, ?)",
            number,
            actor["uri"],
            is_own,
            _digest(secrets.token_urlsafe(32)),
            now,
            now,
        )
    await delete_actor(node, tx, actor)
    await _forget(node, tx, actor)
    await note_sites(tx, number, actor["uri"])
    await tx.execute(
        "UPDATE erasure SET progress = 'done', ended_at = ?, hidden = NULL WHERE id = ?",
        now,
        number,
    )
    tx.after_commit(node.erasure_wake.set)
    tx.after_commit(node.media_wake.set)
    tx.after_commit(node.export_wake.set)
    return number


async def _forget(node: Node, tx: Transaction, actor: Row) -> None:
    """What else is about her alone, and the bodies of all she sent that has gone."""
    for sql in (
        "DELETE FROM lost_follow WHERE person_id = ?",
        "DELETE FROM strike WHERE target_id = ?",
        "DELETE FROM directory_choice WHERE actor_id = ?",
    ):
        await tx.execute(sql, actor["id"])
    await tx.execute(
        "UPDATE delivery SET progress = 'refused', last_error = 'delivery.object_gone', done_at = ?"
        " WHERE sender_uri = ? AND progress = 'pending'"
        " AND activity_type NOT IN ('Delete', 'Undo', 'Reject', 'Block')",
        node.clock(),
        actor["uri"],
    )
    await tx.execute(
        "UPDATE activity SET body = NULL WHERE actor_uri = ? AND body IS NOT NULL"
        " AND progress <> 'pending' AND NOT EXISTS (SELECT 1 FROM delivery d"
        " WHERE d.activity_id = activity.id AND d.progress = 'pending')",
        actor["uri"],
    )


async def hide_again(tx: Transaction) -> None:
    """Keep whoever waits to be erased off every page, whatever was taken back meanwhile."""
    await tx.execute(
        "UPDATE actor SET suspended_at = (SELECT MIN(e.asked_at) FROM erasure e"
        " WHERE e.actor_uri = actor.uri AND e.progress = 'waiting')"
        " WHERE suspended_at IS NULL AND uri IN"
        " (SELECT e.actor_uri FROM erasure e WHERE e.progress = 'waiting')"
    )


# Reading ----------------------------------------------------------------------------------------


def link(node: Node, token: str) -> str:
    """Where an erasure is taken back, and looked at afterwards."""
    return f"{node.origin}{PATH}/{token}"


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


async def waiting_of(reader: Reader, actor_uri: str) -> Row | None:
    """The erasure of this person that waits; None when there is none."""
    return await reader.row(
        "SELECT erasure.* FROM erasure WHERE actor_uri = ? AND progress = 'waiting'", actor_uri
    )


async def by_link(node: Node, reader: Reader, token: str) -> Row:
    """The erasure whose link has this secret, for half a year; NotFound for any other."""
    row = await reader.row(
        "SELECT erasure.* FROM erasure WHERE link_hash = ? AND asked_at > ?",
        _digest(token),
        node.clock() - LINK_MS,
    )
    if row is None or row["progress"] == "taken_back":
        raise NotFound("erasure.none")
    return row


async def by_number(reader: Reader, number: int) -> Row:
    """An erasure by its number; NotFound when there is none."""
    row = await reader.row("SELECT erasure.* FROM erasure WHERE id = ?", number)
    if row is None:
        raise NotFound("erasure.none")
    return row


async def due(node: Node, reader: Reader) -> list[Row]:
    """The erasures whose waiting time is over."""
    return list(
        await reader.rows(
            "SELECT erasure.* FROM erasure WHERE progress = 'waiting' AND due_at <= ?"
            " ORDER BY due_at",
            node.clock(),
        )
    )
