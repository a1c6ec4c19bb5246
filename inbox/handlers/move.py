"""Move: an actor lives elsewhere now, and both addresses say so.

The old one by signing the Move, the new one by naming the old among its aliases, as its own
origin serves it (SEC-198). Followers of this node then ask to follow the new address.
"""

from typing import Any

import orjson

from actors import follows, lists
from actors.queries import by_ids
from actors.remote import ensure_actor
from federation.activity import Activity, uri_of
from federation.database import Row, Transaction
from federation.fetch import FetchBudget
from federation.node import Node
from inbox.outcome import Outcome
from outbox.relations import say_follow, undo_follow


async def check_move(_node: Node, sender: Row | None, activity: Activity) -> Outcome | None:
    """Refuse a Move of somebody else; ignore one of whom nobody here knows."""
    if activity.object_uri != activity.actor_uri:
        return Outcome.refused("refused.not_author")
    target_uri = uri_of(activity.document.get("target"))
    if target_uri is None or target_uri == activity.actor_uri:
        return Outcome.refused("refused.move_target")
    if sender is None:
        return Outcome.ignored("ignored.unknown_actor")
    return None


async def gather(node: Node, _sender: Row, activity: Activity, budget: FetchBudget) -> Row:
    """The new address as its own origin serves it now."""
    target_uri = uri_of(activity.document.get("target")) or ""
    return await ensure_actor(node, target_uri, budget=budget, refresh=True)


async def on_move(
    node: Node, tx: Transaction, sender: Row, _activity: Activity, target: Row
) -> Outcome:
    """Note the new address, and let each follower here follow it instead."""
    if target["suspended_at"] is not None:
        return Outcome.refused("refused.suspended")
    aliases: list[Any] = orjson.loads(target["also_known_as"])
    if sender["uri"] not in aliases:
        return Outcome.refused("refused.move_alias", target=target["uri"])
    if sender["is_local"] and sender["moved_to_uri"] != target["uri"]:
        # Taken back, or moved on, before this was read.
        return Outcome.ignored("ignored.gone")
    await tx.execute("UPDATE actor SET moved_to_uri = ? WHERE id = ?", target["uri"], sender["id"])
    # Followers elsewhere hear of it from the sender, as those here do.
    rows = await tx.rows(
        "SELECT f.follower_id FROM follow f JOIN actor a ON a.id = f.follower_id"
        " WHERE f.target_id = ? AND f.state = 'accepted' AND a.is_local",
        sender["id"],
    )
    followers = await by_ids(tx, [row["follower_id"] for row in rows])
    for follower in followers.values():
        await _follow_instead(node, tx, follower, sender, target)
    return Outcome.done("move.done")


async def _follow_instead(
    node: Node, tx: Transaction, follower: Row, old: Row, target: Row
) -> None:
    before = await follows.find(tx, follower["id"], old["id"])
    held = await lists.holding(tx, follower["id"], old["id"])
    ended = await follows.remove(tx, follower["id"], old["id"])
    if ended is not None:
        await undo_follow(node, tx, follower, old, ended)
    blocked = await follows.is_blocked(tx, follower["id"], target["id"])
    if blocked or follower["id"] == target["id"]:
        return
    if await follows.find(tx, follower["id"], target["id"]) is not None:
        return
    uri = node.uris.follow(node.ids.next())
    asked = await follows.ask(node, tx, follower, target, uri, follows.PENDING)
    if before is not None:
        await follows.set_options(
            tx,
            asked["id"],
            notify=bool(before["notify"]),
            show_reblogs=bool(before["show_reblogs"]),
            languages=orjson.loads(before["languages"]),
        )
    await lists.move_member(node, tx, [row["id"] for row in held], target["id"], asked["id"])
    await say_follow(node, tx, follower, target, uri)
