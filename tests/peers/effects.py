"""What a reader can see after a delivery, compared with the `effect` of its file.

Each function here is named like the member of `effect` that it checks.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson

from actors import follows
from actors.queries import by_uri as actor_by_uri
from federation.database import Row
from outbox.statuses import by_uri
from tests.peers.documents import Delivery, fill
from tests.peers.stage import Applied, Stage
from tests.peers.status_members import check_status

# Rows whose number or content a person would notice.
_SEEN = {
    "status": ("id", "content_html", "replies_count", "reblogs_count", "favourites_count"),
    "favourite": ("id",),
    "follow": ("id", "state"),
    "block": ("id",),
    "pin": ("actor_id", "status_id"),
    "poll_vote": ("id",),
    "notification": ("id",),
    "report": ("id",),
}


@dataclass(frozen=True, slots=True)
class After:
    """All that a check looks at."""

    stage: Stage
    delivery: Delivery
    applied: Applied
    actor: Row | None
    seen_before: dict[str, list[tuple[Any, ...]]]

    @property
    def object_uri(self) -> str:
        """The id of the object of the delivery."""
        found = fill(self.delivery.document, self.stage.literals)["object"]
        return found if isinstance(found, str) else found["id"]

    @property
    def status_uri(self) -> str:
        """The id of the status it is about in the end: ours, else the innermost object's."""
        found = self.delivery.document
        while isinstance(found.get("object"), dict):
            found = found["object"]
        return self.stage.literals.get("LOCAL_STATUS") or fill(found["object"], self.stage.literals)


async def seen(stage: Stage) -> dict[str, list[tuple[Any, ...]]]:
    """All that a person could notice a change of."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table, columns in _SEEN.items():
        rows = await stage.node.db.rows(
            f"SELECT {', '.join(columns)} FROM {table} ORDER BY {columns[0]}, {columns[-1]}"
        )
        found[table] = [tuple(row[name] for name in columns) for row in rows]
    return found


async def check_effects(after: After, effect: dict[str, Any]) -> None:
    for name, expected in effect.items():
        await CHECKS[name](after, expected)


async def status(after: After, expected: dict[str, Any]) -> None:
    uri = expected.pop("uri", None) or after.object_uri
    row = await by_uri(after.stage.node.db, uri)
    assert row is not None, f"{uri} is not here"
    await check_status(after.stage, row, expected)


async def statuses(after: After, expected: int) -> None:
    sql = "SELECT count(*) FROM status WHERE NOT is_local AND reblog_of_id IS NULL"
    assert await after.stage.node.db.value(sql) == expected


async def deleted(after: After, expected: str) -> None:
    db = after.stage.node.db
    assert await by_uri(db, expected) is None
    assert await db.value("SELECT 1 FROM tombstone WHERE uri = ?", expected), "no tombstone"


async def boost_of(after: After, expected: str) -> None:
    original = await by_uri(after.stage.node.db, expected)
    assert original is not None
    assert after.actor is not None
    sql = "SELECT count(*) FROM status WHERE reblog_of_id = ? AND actor_id = ?"
    boosts = await after.stage.node.db.value(sql, original["id"], after.actor["id"])
    assert boosts == 1


async def favourites(after: After, expected: int) -> None:
    await _count(after, "favourites_count", expected)


async def reblogs(after: After, expected: int) -> None:
    await _count(after, "reblogs_count", expected)


async def _count(after: After, column: str, expected: int) -> None:
    row = await by_uri(after.stage.node.db, after.status_uri)
    assert row is not None
    assert row[column] == expected


async def votes(after: After, expected: list[int]) -> None:
    rows = await after.stage.node.db.rows(
        "SELECT o.votes_count FROM poll_option o JOIN poll p ON p.id = o.poll_id"
        " JOIN status s ON s.id = p.status_id WHERE s.uri = ? ORDER BY o.position",
        after.status_uri,
    )
    assert [row["votes_count"] for row in rows] == expected


async def follow(after: After, expected: str) -> None:
    await _check_follow(after, after.stage.local, after.actor, expected)


async def follower(after: After, expected: str) -> None:
    await _check_follow(after, after.actor, after.stage.local, expected)


async def _check_follow(
    after: After, follower: Row | None, target: Row | None, expected: str
) -> None:
    row = None
    if follower is not None and target is not None:
        row = await follows.find(after.stage.node.db, follower["id"], target["id"])
    assert (row["state"] if row is not None else "none") == expected


async def blocked_by(after: After, expected: bool) -> None:
    assert after.actor is not None
    local = after.stage.local
    row = await follows.find_block(after.stage.node.db, after.actor["id"], local["id"])
    assert (row is not None) == expected


async def featured(after: After, expected: list[str]) -> None:
    assert after.actor is not None
    rows = await after.stage.node.db.rows(
        "SELECT s.uri FROM pin p JOIN status s ON s.id = p.status_id WHERE p.actor_id = ?",
        after.actor["id"],
    )
    assert [row["uri"] for row in rows] == expected


async def report(after: After, expected: dict[str, Any]) -> None:
    rows = await after.stage.node.db.rows("SELECT * FROM report")
    assert len(rows) == 1
    assert rows[0]["target_id"] == after.stage.local["id"]
    assert len(orjson.loads(rows[0]["status_ids"])) == expected["statuses"]
    assert expected.get("comment_contains", "") in rows[0]["comment"]


async def actor(after: After, expected: dict[str, Any]) -> None:
    uri = after.stage.actor(after.delivery)["id"]
    row = await actor_by_uri(after.stage.node.db, uri)
    gone = row is None or row["deleted_at"] is not None
    assert gone == expected.get("gone", False)
    if gone:
        await deleted(after, uri)
        return
    assert row is not None
    for name, column in (("name", "display_name"), ("moved_to", "moved_to_uri")):
        assert row[column] == expected.get(name, row[column])
    assert bool(row["locked"]) == expected.get("locked", bool(row["locked"]))


async def sent(after: After, expected: list[str]) -> None:
    answers = await after.stage.answers()
    assert [answer["type"] for answer in answers] == expected
    assert all(answer["actor"] == after.stage.local["uri"] for answer in answers)


async def nothing(after: After, expected: bool) -> None:
    assert expected
    assert await seen(after.stage) == after.seen_before


async def fetches(after: After, expected: int) -> None:
    assert after.applied.fetches <= expected


CHECKS: dict[str, Callable[[After, Any], Awaitable[None]]] = {
    check.__name__: check
    for check in (
        status,
        statuses,
        deleted,
        boost_of,
        favourites,
        reblogs,
        votes,
        follow,
        follower,
        blocked_by,
        featured,
        report,
        actor,
        sent,
        nothing,
        fetches,
    )
}
