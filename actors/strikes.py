"""What staff decides about somebody, and takes back: written down, told to her, and in force.

Suspending hides everything somebody wrote and ends her login; limiting leaves her posts to her
followers; `sensitive` covers her pictures, later ones too; `disable` closes the login alone.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import orjson

from actors.follows import remove
from actors.logins import end_logins
from actors.permissions import BADGES
from actors.queries import account_of_actor
from federation.database import Row, Transaction
from federation.errors import Invalid, Refused, describe
from federation.node import Node

Action = Literal["none", "sensitive", "disable", "silence", "suspend"]
ACTIONS: tuple[Action, ...] = ("none", "sensitive", "disable", "silence", "suspend")
TEXT_CHARACTERS_MAX = 5_000

describe(
    {
        "strike.not_local": "This can be done to an account of this site only; choose another act.",
        "strike.staff": "Only an administrator decides about somebody of staff.",
        "strike.oneself": "Nobody decides about herself.",
    }
)

_COLUMNS = {"sensitive": "sensitized_at", "silence": "silenced_at", "suspend": "suspended_at"}


def check_target(node: Node, staff_id: int, staff_role: str, target: Row) -> None:
    """Raise Refused for oneself, the node itself, and staff unless an administrator decides."""
    if target["id"] == staff_id or target["uri"] == node.uris.instance_actor:
        raise Refused("strike.oneself")
    if target["badge"] in BADGES and staff_role != "administrator":
        raise Refused("strike.staff")


async def strike(
    node: Node,
    tx: Transaction,
    target: Row,
    action: Action,
    *,
    text: str = "",
    report_id: int | None = None,
    status_ids: Sequence[int] = (),
) -> int:
    """Write down a decision and return its number; `enforce` puts it in force.

    Raises Invalid for closing a login that is not of this node.
    """
    if action == "disable" and not target["is_local"]:
        raise Invalid("strike.not_local", field="type")
    strike_id = node.ids.next()
    await tx.execute(
        "INSERT INTO strike (id, target_id, action, text, report_id, status_ids, created_at)"
        " VALUES (?, ?, ?, ?, CAST(? AS BIGINT), ?, ?)",
        strike_id,
        target["id"],
        action,
        text,
        report_id,
        orjson.dumps(list(status_ids)).decode(),
        node.clock(),
    )
    return strike_id


async def enforce(node: Node, tx: Transaction, target: Row, action: Action) -> None:
    """Put a decision in force; one that is in force already keeps its moment."""
    if action == "disable":
        await tx.execute(
            "UPDATE account SET disabled_at = COALESCE(disabled_at, ?) WHERE actor_id = ?",
            node.clock(),
            target["id"],
        )
    elif action in _COLUMNS:
        await _mark(node, tx, target["id"], _COLUMNS[action], node.clock())
    if action == "sensitive":
        await _cover(tx, target["id"], covered=True)
    if action in ("disable", "suspend"):
        await _end_sessions(node, tx, target["id"])


async def lift(node: Node, tx: Transaction, target: Row, action: Action) -> None:
    """Take a decision back; what was ended by it (sessions, follows) does not come back."""
    if action == "disable":
        await tx.execute("UPDATE account SET disabled_at = NULL WHERE actor_id = ?", target["id"])
    elif action in _COLUMNS:
        await _mark(node, tx, target["id"], _COLUMNS[action], None)
    if action == "sensitive":
        await _cover(tx, target["id"], covered=False)


async def sever(tx: Transaction, target_id: int) -> dict[int, tuple[int, int]]:
    """End all follows between an actor and people here.

    Returns (followers lost, following lost) of each person here.
    """
    rows = await tx.rows(
        "SELECT f.follower_id, f.target_id FROM follow f"
        " JOIN actor one ON one.id = f.follower_id JOIN actor other ON other.id = f.target_id"
        " WHERE (f.follower_id = ? AND other.is_local) OR (f.target_id = ? AND one.is_local)",
        target_id,
        target_id,
    )
    lost: dict[int, tuple[int, int]] = {}
    for row in rows:
        await remove(tx, row["follower_id"], row["target_id"])
        follows_us = row["follower_id"] == target_id
        person = row["target_id"] if follows_us else row["follower_id"]
        followers, following = lost.get(person, (0, 0))
        lost[person] = (followers + follows_us, following + (not follows_us))
    return lost


async def sever_all(tx: Transaction, target_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """As `sever`, for several actors: what each person here lost of them all."""
    lost: dict[int, tuple[int, int]] = {}
    for target_id in target_ids:
        for person, (followers, following) in (await sever(tx, target_id)).items():
            before = lost.get(person, (0, 0))
            lost[person] = (before[0] + followers, before[1] + following)
    return lost


async def _cover(tx: Transaction, target_id: int, *, covered: bool) -> None:
    """Cover the media of all she wrote, or no more; what she said of them herself stays."""
    await tx.execute("UPDATE status SET is_covered = ? WHERE actor_id = ?", covered, target_id)


async def _mark(node: Node, tx: Transaction, actor_id: int, column: str, at_ms: int | None) -> None:
    kept = f"COALESCE({column}, CAST(? AS BIGINT))" if at_ms is not None else "CAST(? AS BIGINT)"
    # What is rendered of an actor is kept until its updated_at moves.
    await tx.execute(
        f"UPDATE actor SET {column} = {kept},"
        " updated_at = CASE WHEN updated_at >= ? THEN updated_at + 1 ELSE ? END WHERE id = ?",
        at_ms,
        node.clock(),
        node.clock(),
        actor_id,
    )


async def _end_sessions(node: Node, tx: Transaction, actor_id: int) -> None:
    account = await account_of_actor(tx, actor_id)
    if account is not None:
        await end_logins(node, tx, account["id"])
