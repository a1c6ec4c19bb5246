"""What the commands do to a node, each as a function that opens it and closes it again.

They work while the server runs: each is one short write, and the server looks by itself.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from actors import moves, passkeys, resets, second_factors
from actors.local import create_account
from actors.logins import end_logins
from actors.queries import account_of_actor, local_by_username
from federation import VERSION, peers
from federation.database import Row, Transaction
from federation.errors import NotFound, Refused, describe
from federation.keys import make_secret
from federation.node import Node
from maillage.held_lines import held_lines
from maillage.messages import Language, say
from maillage.nodes import close_node, open_node, prepare
from maillage.settings import Settings
from maillage.settings_file import FILE_NAME
from outbox import moves as outbox_moves
from web.scopes import parse_scopes
from web.tokens import issue_token

T = TypeVar("T")

describe(
    {
        "account.unknown": "There is no account {name} on this node.",
        "peer.own": "{origin} is this node itself.",
    }
)


async def with_node(settings: Settings, work: Callable[[Node], Awaitable[T]]) -> T:
    """Open the node, do one thing, close it."""
    node = await open_node(settings, upgrades=False)
    try:
        return await work(node)
    finally:
        await close_node(node)


def write_file(path: Path, text: str) -> None:
    """Write a file that only its owner reads; FileExistsError rather than replace one."""
    with path.open("x", encoding="utf-8") as file:
        path.chmod(0o600)
        file.write(text)


def settings_text(
    *, origin: str, name: str, language: Language, federation: str, database: str | None, bind: str
) -> str:
    """The text of a new `maillage.toml`."""
    lines = [
        f"# {FILE_NAME}",
        f"origin = {_quoted(origin)}",
        f"name = {_quoted(name)}",
        f"language = {_quoted(language)}",
        "",
        "[federation]",
        f"mode = {_quoted(federation)}",
        "",
        "[server]",
        f"bind = {_quoted(bind)}",
    ]
    if database:
        lines += ["", "[database]", f"url = {_quoted(database)}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in escaped) + '"'


async def initialise(settings: Settings) -> None:
    """Make the secret, the database and the instance actor with its keys."""
    make_secret(settings.data / "secret")
    node = await open_node(settings)
    try:
        await prepare(node)
    finally:
        await close_node(node)


async def add_account(
    settings: Settings, *, name: str, password: str, email: str | None, role: str
) -> str:
    """Make an account and return its handle; Invalid names what is wrong."""

    async def work(node: Node) -> str:
        actor = await create_account(node, username=name, password=password, email=email, role=role)
        return f"{actor['username']}@{node.host}"

    return await with_node(settings, work)


async def reset_account(settings: Settings, name: str, *, second_step: bool) -> str:
    """End all logins of an account and return a link that works once, within an hour.

    `second_step` also removes its codes and passkeys, for who has lost them.
    """

    async def work(node: Node) -> str:
        actor = await local_by_username(node, node.db, name.removeprefix("@"))
        account = None if actor is None else await account_of_actor(node.db, actor["id"])
        if account is None:
            raise NotFound("account.unknown", name=name)

        async def write(tx: Transaction) -> str:
            await end_logins(node, tx, account["id"])
            if second_step:
                await second_factors.remove(tx, account["id"])
                await passkeys.remove_all(tx, account["id"])
            return await resets.issue(node, tx, account["id"])

        return resets.link(node, await node.db.write(write))

    return await with_node(settings, work)


async def change_alias(settings: Settings, name: str, acct: str, *, on: bool) -> list[str]:
    """Add or remove an alias of an account and return the aliases it has now."""

    async def work(node: Node) -> list[str]:
        actor = await _local(node, name)
        return moves.aliases_of(await outbox_moves.change_alias(node, actor, acct, on=on))

    return await with_node(settings, work)


async def move_account(settings: Settings, name: str, acct: str) -> str:
    """Move an account to another address, which names it as an alias; return that address."""

    async def work(node: Node) -> str:
        target = await outbox_moves.move(node, await _local(node, name), acct)
        return target["uri"]

    return await with_node(settings, work)


async def keep_account(settings: Settings, name: str) -> None:
    """Take the move of an account back."""

    async def work(node: Node) -> None:
        await outbox_moves.stay(node, await _local(node, name))

    await with_node(settings, work)


async def _local(node: Node, name: str) -> Row:
    actor = await local_by_username(node, node.db, name.removeprefix("@"))
    if actor is None or actor["uri"] == node.uris.instance_actor:
        raise NotFound("account.unknown", name=name)
    return actor


async def add_token(settings: Settings, name: str, scopes: str) -> str:
    """Make a token for an account and return it; it can be used at once."""
    wanted = parse_scopes(scopes)

    async def work(node: Node) -> str:
        actor = await local_by_username(node, node.db, name.removeprefix("@"))
        account = None if actor is None else await account_of_actor(node.db, actor["id"])
        if account is None:
            raise NotFound("account.unknown", name=name)

        async def write(tx: Transaction) -> str:
            _, token = await issue_token(
                node, tx, application_id=None, account_id=account["id"], scopes=wanted
            )
            return token

        return await node.db.write(write)

    return await with_node(settings, work)


async def set_peer(settings: Settings, action: str, origin: str) -> str:
    """Allow or block a peer; return the origin as it is kept."""
    change = peers.allow if action == "allow" else peers.block

    async def work(node: Node) -> str:
        if peers.read_origin(origin) == node.origin:
            raise Refused("peer.own", origin=node.origin)
        return await node.db.write(lambda tx: change(tx, origin, node.clock()))

    return await with_node(settings, work)


async def list_peers(settings: Settings) -> list[str]:
    """One line for each peer: its origin, the policy, when it was heard, what waits."""

    async def work(node: Node) -> list[str]:
        rows = await peers.listing(node.db)
        return [
            "\t".join(
                [
                    row["origin"],
                    say(node.language, f"policy.{row['policy']}"),
                    _heard(node, row["last_heard_at"]),
                    *([_waiting(node, row["waiting"])] if row["waiting"] else []),
                ]
            )
            for row in rows
        ] or [say(node.language, "peer.none")]

    return await with_node(settings, work)


def _heard(node: Node, at_ms: int | None) -> str:
    if at_ms is None:
        return say(node.language, "peer.never")
    return say(node.language, "peer.heard", age=age_text(node.clock() - at_ms))


def _waiting(node: Node, count: int) -> str:
    return say(node.language, "status.deliveries", count=count, age="")


def age_text(age_ms: int) -> str:
    """A length of time in its largest whole unit."""
    seconds = max(0, age_ms) // 1000
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


async def status_lines(settings: Settings) -> list[str]:
    """How the node is: people, queues with their ages, partners for whom something waits."""

    async def work(node: Node) -> list[str]:
        language, db = node.language, node.db
        count = db.value
        lines = [
            say(
                language,
                "status.node",
                name=node.name,
                origin=node.origin,
                mode=say(language, f"mode.{node.federation}"),
                version=VERSION,
            ),
            say(language, "status.accounts", count=await count("SELECT count(*) FROM account")),
            say(
                language,
                "status.statuses",
                count=await count("SELECT count(*) FROM status WHERE is_local"),
            ),
            await _queue_line(node, "activity", "status.inbox"),
            await _queue_line(node, "delivery", "status.deliveries"),
            say(
                language,
                "status.refused",
                count=await count(
                    "SELECT count(*) FROM delivery WHERE progress IN ('refused', 'failed')"
                ),
            ),
        ]
        return lines + await _waiting_lines(node) + await held_lines(node)

    return await with_node(settings, work)


async def _queue_line(node: Node, table: str, code: str) -> str:
    row = await node.db.row(
        f"SELECT count(*) AS n, min(created_at) AS oldest FROM {table} WHERE progress = 'pending'"
    )
    assert row is not None, "an aggregate has one row"
    age = ""
    if row["oldest"] is not None:
        age = say(node.language, "status.oldest", age=age_text(node.clock() - row["oldest"]))
    return say(node.language, code, count=row["n"], age=age)


async def _waiting_lines(node: Node) -> list[str]:
    rows = await node.db.rows(
        "SELECT d.origin, count(*) AS n, min(d.created_at) AS oldest, max(p.note) AS note,"
        " max(d.last_error) AS error FROM delivery d LEFT JOIN peer p ON p.origin = d.origin"
        " WHERE d.progress = 'pending' GROUP BY d.origin ORDER BY d.origin"
    )
    return [
        say(
            node.language,
            "status.waiting",
            origin=row["origin"],
            count=row["n"],
            age=age_text(node.clock() - row["oldest"]),
            reason=f" ({row['note'] or row['error']})" if row["note"] or row["error"] else "",
        )
        for row in rows
    ]
