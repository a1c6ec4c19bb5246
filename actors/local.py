"""The actors of this node: made with their keys, changed by whom they belong to.

A username is given once: whoever had it, and was deleted, stays the only one who had it.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from actors import queries
from actors.passwords import check_acceptable, hash_password
from actors.permissions import PERMISSIONS, badge_of
from actors.profiles import NAME_CHARACTERS_MAX, ProfileChanges, update_profile
from actors.usernames import check_username
from actors.words import name_words
from federation.database import Row, Transaction
from federation.errors import Invalid, describe
from federation.html import clean_name
from federation.keys import PrivateKey, generate_ed25519, generate_rsa
from federation.node import Node

__all__ = [
    "ProfileChanges",
    "create_account",
    "create_actor",
    "create_instance_actor",
    "local_actor_reachable",
    "update_profile",
]

describe(
    {
        "email.invalid": "{came} is no e-mail address; write name@host.",
        "email.taken": "This e-mail address belongs to another account.",
        "role.unknown": "There is no role {came}; the roles are {expected}.",
        "actor.type_not_local": "A node makes actors of the types {expected}, not {came}.",
        "username.taken": "The username {came} is taken, or was.",
    }
)

EMAIL_CHARACTERS_MAX = 254
LOCALES = ("fr", "en")

_EMAIL = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,190}")
_LOCAL_TYPES = ("Group", "Organization", "Service")


async def create_instance_actor(node: Node) -> Row:
    """Return the actor that speaks for the node itself, making it with its keys at first."""
    uri = node.uris.instance_actor
    known = await queries.by_uri(node.db, uri)
    if known is not None:
        return known
    rsa = PrivateKey(node.uris.instance_rsa_key, await asyncio.to_thread(generate_rsa))
    ed25519 = PrivateKey(node.uris.instance_ed25519_key, generate_ed25519())

    async def work(tx: Transaction) -> Row:
        # A command and the server may both have found none.
        if (made := await queries.by_uri(tx, uri)) is not None:
            return made
        row = await _insert(
            node,
            tx,
            {
                "uri": uri,
                "type": "Application",
                "username": node.host,
                "display_name": clean_name(node.name)[:NAME_CHARACTERS_MAX],
                "url": f"{node.origin}/",
                "locked": True,
                "inbox_url": f"{uri}/inbox",
                "outbox_url": f"{uri}/outbox",
            },
        )
        await node.keyring.add_local(tx, uri, rsa.key_id, rsa)
        await node.keyring.add_local(tx, uri, ed25519.key_id, ed25519, vouches=True)
        return row

    return await node.db.write(work)


async def create_account(
    node: Node,
    *,
    username: str,
    password: str | None,
    email: str | None = None,
    role: str = "member",
    display_name: str = "",
    locale: str | None = None,
    is_guest: bool = False,
    also: Callable[[Transaction, Row], Awaitable[None]] | None = None,
) -> Row:
    """Make a person's actor and account, usable at once, and return the actor.

    Raises Invalid naming `username`, `password`, `email` or `role`. Without a password the
    person comes in by another way only. `also` is done in the same transaction.
    """
    if role not in PERMISSIONS:
        raise Invalid("role.unknown", field="role", came=role, expected=", ".join(PERMISSIONS))
    address = clean_email(email)
    if password is not None:
        check_acceptable(password)
    check_username(node, username)
    password_hash = None if password is None else await hash_password(password)
    rsa = await asyncio.to_thread(generate_rsa)

    async def work(tx: Transaction) -> Row:
        if address and await queries.account_by_login(tx, address) is not None:
            raise Invalid("email.taken", field="email")
        row = await _add_actor(node, tx, "Person", username, display_name)
        await node.keyring.add_local(tx, row["uri"], *_named(row["uri"], rsa))
        await tx.execute(
            "INSERT INTO account (id, actor_id, email, password_hash, role, locale, is_guest,"
            " created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            node.ids.next(),
            row["id"],
            address,
            password_hash,
            role,
            locale if locale in LOCALES else node.language,
            is_guest,
            node.clock(),
        )
        if badge := badge_of(role):
            await tx.execute("UPDATE actor SET badge = ? WHERE id = ?", badge, row["id"])
        if also is not None:
            await also(tx, row)
        return row

    return await node.db.write(work)


async def create_actor(
    node: Node,
    *,
    username: str,
    type: str,  # noqa: A002  # the word of ActivityPub
    display_name: str = "",
) -> Row:
    """Make a Group, Organization or Service of this node; raise Invalid as for accounts."""
    if type not in _LOCAL_TYPES:
        expected = ", ".join(_LOCAL_TYPES)
        raise Invalid("actor.type_not_local", field="type", came=type, expected=expected)
    check_username(node, username)
    rsa = await asyncio.to_thread(generate_rsa)

    async def work(tx: Transaction) -> Row:
        row = await _add_actor(node, tx, type, username, display_name)
        await node.keyring.add_local(tx, row["uri"], *_named(row["uri"], rsa))
        return row

    return await node.db.write(work)


def local_actor_reachable(node: Node, row: Row) -> bool:
    """Say whether strangers may find and read this actor: never on a closed node."""
    return not node.is_closed and bool(row["reachable"]) and row["deleted_at"] is None


def clean_email(email: str | None) -> str | None:
    """An e-mail address in the form it is stored, None for an empty one; raise Invalid."""
    address = (email or "").strip().lower()
    if not address:
        return None
    if len(address) > EMAIL_CHARACTERS_MAX or not _EMAIL.fullmatch(address):
        raise Invalid("email.invalid", field="email", came=address)
    return address


def _named(uri: str, key: Any) -> tuple[str, PrivateKey]:
    key_id = f"{uri}#main-key"
    return key_id, PrivateKey(key_id, key)


async def _add_actor(
    node: Node, tx: Transaction, kind: str, username: str, display_name: str
) -> Row:
    # Deleted ones keep their row, so a name is never given to somebody else (SEC-142).
    taken = await tx.value(
        "SELECT 1 FROM actor WHERE lower(username) = ? AND handle_host = ?",
        username.lower(),
        node.host,
    )
    if taken:
        raise Invalid("username.taken", field="username", came=username)
    actor_id = node.ids.next()
    uri = node.uris.actor(actor_id)
    collections = ("inbox", "outbox", "followers", "following", "featured")
    return await _insert(
        node,
        tx,
        {
            "id": actor_id,
            "uri": uri,
            "type": kind,
            "username": username,
            "display_name": clean_name(display_name)[:NAME_CHARACTERS_MAX],
            "url": node.uris.actor_page(username),
            # Inside a closed circle colleagues are to be found; elsewhere only who wishes.
            "discoverable": node.is_closed or kind != "Person",
            "indexable": node.is_closed or kind != "Person",
            **{f"{name}_url": f"{uri}/{name}" for name in collections},
        },
    )


async def _insert(node: Node, tx: Transaction, given: Mapping[str, Any]) -> Row:
    now = node.clock()
    columns: dict[str, Any] = {
        "id": node.ids.next(),
        "origin": node.origin,
        "is_local": True,
        "handle_host": node.host,
        "shared_inbox_url": node.uris.shared_inbox,
        "reachable": not node.is_closed,
        "created_at": now,
        "updated_at": now,
        "search_words": name_words(given["username"], given.get("display_name", "")),
        **given,
    }
    names, values = ", ".join(columns), ", ".join("?" * len(columns))
    await tx.execute(f"INSERT INTO actor ({names}) VALUES ({values})", *columns.values())
    return await queries.get_by_id(tx, columns["id"])
