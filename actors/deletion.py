"""The end of an actor: what it left here goes with it, and only tombstones stay.

One transaction, so that counters of others never lie, and nothing comes back by an activity
that arrives late.
"""

from collections.abc import Sequence

from federation.database import Row, Transaction, marks
from federation.node import Node

_BATCH = 500
_OWN = "SELECT id FROM status WHERE actor_id = ?"
# Rows that concern an actor in one column or the other and carry no counter.
_RELATIONS = (
    ("follow", "follower_id", "target_id"),
    ("block", "actor_id", "target_id"),
    ("mute", "actor_id", "target_id"),
    ("membership", "group_id", "member_id"),
    ("notification", "recipient_id", "from_actor_id"),
    ("notification_permission", "actor_id", "from_actor_id"),
    ("endorsement", "actor_id", "target_id"),
    ("private_note", "actor_id", "target_id"),
    ("suggestion_dismissed", "actor_id", "target_id"),
)
_BELONGINGS = (
    "account",
    "attachment",
    "audience_member",
    "bookmark",
    "content_filter",
    "conversation",
    "domain_block",
    "favourite",
    "featured_tag",
    "filter_version",
    "link_check",
    "list",
    "list_member",
    "mention",
    "notification_policy",
    "pin",
    "poll_vote",
    "reaction",
    "severance",
    "tag_follow",
    "thread_mute",
)


async def mark_deleted(node: Node, tx: Transaction, actor: Row) -> None:
    """Erase an actor and its statuses, leaving tombstones under their ids; idempotent.

    The row of a local actor stays, emptied, so that its username is never given again
    (SEC-142), with its key, by which its Delete is signed; so does the row of one about whom
    or by whom there is a report. Sends nothing.
    """
    now = node.clock()
    await tx.execute(
        "INSERT INTO tombstone (uri, former_type, actor_uri, deleted_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (uri) DO NOTHING",
        actor["uri"],
        actor["type"],
        actor["uri"],
        now,
    )
    await _bury_statuses(tx, actor, now)
    await _count_down(tx, actor["id"])
    await _remove_statuses(tx, actor)
    for table, one, other in _RELATIONS:
        sql = f"DELETE FROM {table} WHERE {one} = ? OR {other} = ?"
        await tx.execute(sql, actor["id"], actor["id"])
    for table in _BELONGINGS:
        await tx.execute(f"DELETE FROM {table} WHERE actor_id = ?", actor["id"])
    await _remove_actor(tx, actor, now)


async def _bury_statuses(tx: Transaction, actor: Row, now_ms: int) -> None:
    await tx.execute(
        "INSERT INTO tombstone (uri, former_type, actor_uri, deleted_at)"
        " SELECT uri, type, CAST(? AS TEXT), CAST(? AS BIGINT) FROM status WHERE actor_id = ?"
        " ON CONFLICT (uri) DO NOTHING",
        actor["uri"],
        now_ms,
        actor["id"],
    )


async def _count_down(tx: Transaction, actor_id: int) -> None:
    """Take what the actor did out of the counters of what stays."""
    for counter, column in (
        ("replies_count", "in_reply_to_id"),
        ("reblogs_count", "reblog_of_id"),
    ):
        await tx.execute(
            f"UPDATE status SET {counter} = {counter} - (SELECT COUNT(*) FROM status own"
            f" WHERE own.{column} = status.id AND own.actor_id = ?)"
            f" WHERE id IN (SELECT {column} FROM status WHERE actor_id = ?)",
            actor_id,
            actor_id,
        )
    await tx.execute(
        "UPDATE status SET quotes_count = quotes_count - (SELECT COUNT(*) FROM status own"
        " WHERE own.quote_of_id = status.id AND own.actor_id = ? AND own.quote_state = 'accepted')"
        " WHERE id IN (SELECT quote_of_id FROM status WHERE actor_id = ?)",
        actor_id,
        actor_id,
    )
    await tx.execute(
        "UPDATE status SET favourites_count = favourites_count - 1"
        " WHERE id IN (SELECT status_id FROM favourite WHERE actor_id = ?)",
        actor_id,
    )
    for counter, theirs, own in (
        ("followers_count", "target_id", "follower_id"),
        ("following_count", "follower_id", "target_id"),
    ):
        await tx.execute(
            f"UPDATE actor SET {counter} = {counter} - 1 WHERE id IN"
            f" (SELECT {theirs} FROM follow WHERE {own} = ? AND state = 'accepted')",
            actor_id,
        )


async def _remove_statuses(tx: Transaction, actor: Row) -> None:
    actor_id = actor["id"]
    audiences = await tx.rows(
        "SELECT DISTINCT audience_id FROM status WHERE actor_id = ? AND audience_kind = 'named'",
        actor_id,
    )
    boosts = f"SELECT id FROM status WHERE reblog_of_id IN ({_OWN})"
    await tx.execute(
        f"DELETE FROM notification WHERE status_id IN ({_OWN}) OR status_id IN ({boosts})",
        actor_id,
        actor_id,
    )
    # Their answers stay; what they answered is known by its id only.
    await tx.execute(
        "UPDATE status SET in_reply_to_id = NULL, in_reply_to_actor_id = NULL"
        f" WHERE in_reply_to_id IN ({_OWN})",
        actor_id,
    )
    await tx.execute(
        "UPDATE status SET quote_state = 'deleted', quote_of_id = NULL"
        f" WHERE quote_of_id IN ({_OWN})",
        actor_id,
    )
    await tx.execute(f"DELETE FROM status WHERE reblog_of_id IN ({_OWN})", actor_id)
    await tx.execute("DELETE FROM status WHERE actor_id = ?", actor_id)
    await _remove_audiences(tx, [row["audience_id"] for row in audiences])


async def _remove_audiences(tx: Transaction, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        await tx.execute(
            f"DELETE FROM audience WHERE id IN ({marks(some)}) AND NOT EXISTS"
            " (SELECT 1 FROM status WHERE status.audience_id = audience.id)",
            *some,
        )


async def _remove_actor(tx: Transaction, actor: Row, now_ms: int) -> None:
    reported = await tx.value(
        "SELECT 1 FROM report WHERE actor_id = ? OR target_id = ?", actor["id"], actor["id"]
    )
    if not actor["is_local"]:
        sql = "DELETE FROM key WHERE owner_uri = ? AND private_encrypted IS NULL"
        await tx.execute(sql, actor["uri"])
        if not reported:
            await tx.execute("DELETE FROM actor WHERE id = ?", actor["id"])
            return
    await tx.execute(
        "UPDATE actor SET display_name = '', search_words = ' ', summary_html = '',"
        " icon_url = NULL, image_url = NULL, fields = '[]', emojis = '[]', also_known_as = '[]',"
        " moved_to_uri = NULL, discoverable = FALSE, indexable = FALSE, reachable = FALSE,"
        " followers_count = 0, following_count = 0, statuses_count = 0, last_status_at = NULL,"
        " updated_at = ?, deleted_at = COALESCE(deleted_at, ?) WHERE id = ?",
        now_ms,
        now_ms,
        actor["id"],
    )
