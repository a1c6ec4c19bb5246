"""Polls of statuses as their reader sees them; voting comes with the pages that make polls."""

from collections.abc import Sequence

import orjson

from federation.database import Row, marks
from web.mastodon.call import Call
from web.mastodon.serializers import poll


async def polls(call: Call, status_ids: Sequence[int]) -> dict[int, bytes]:
    """The Polls of these statuses, by the id of the status."""
    if not status_ids:
        return {}
    db = call.node.db
    rows = await db.rows(
        f"SELECT poll.* FROM poll WHERE status_id IN ({marks(status_ids)})", *status_ids
    )
    ids = [row["id"] for row in rows]
    if not ids:
        return {}
    options: dict[int, list[Row]] = {}
    for option in await db.rows(
        f"SELECT poll_option.* FROM poll_option WHERE poll_id IN ({marks(ids)})"
        " ORDER BY poll_id, position",
        *ids,
    ):
        options.setdefault(option["poll_id"], []).append(option)
    own = await _own(call, ids)
    now = call.node.clock()
    return {
        row["status_id"]: orjson.dumps(
            poll(
                row,
                options.get(row["id"], []),
                now,
                None if call.viewer_id is None else own.get(row["id"], []),
            )
        )
        for row in rows
    }


async def _own(call: Call, poll_ids: Sequence[int]) -> dict[int, list[int]]:
    if call.viewer_id is None:
        return {}
    found: dict[int, list[int]] = {}
    for vote in await call.node.db.rows(
        f"SELECT poll_id, choice FROM poll_vote WHERE actor_id = ?"
        f" AND poll_id IN ({marks(poll_ids)}) ORDER BY choice",
        call.viewer_id,
        *poll_ids,
    ):
        found.setdefault(vote["poll_id"], []).append(vote["choice"])
    return found
