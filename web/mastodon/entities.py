"""Pages of statuses and accounts as their reader sees them, in a fixed number of queries.

For a page of statuses: what is boosted, who wrote, what the viewer did; and for those that
are not yet rendered who is named, tags, media and application. The number of queries never
depends on the length of the page.
"""

from collections.abc import Iterable, Sequence

import orjson

from actors.queries import by_ids
from federation.database import Row, marks
from outbox.visibility import may_see_sql
from web.mastodon.call import Call
from web.mastodon.polls import polls
from web.mastodon.rendering import NOBODY, by_status, flags, join_status
from web.translations import Language, say

# Of an author whose head is kept, only these change.
_COUNTS = (
    "SELECT id, updated_at, followers_count, following_count, statuses_count, last_status_at"
    " FROM actor WHERE id IN ({})"
)
LIKED, KEPT, BOOSTED = 1, 2, 3
_AUDIENCES: dict[tuple[int, str, Language], bytes] = {}
_AUDIENCES_MAX = 5_000


async def accounts(call: Call, ids: Iterable[int]) -> dict[int, bytes]:
    """The Accounts of these actors, by id; what is unknown is left out."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    renderings, node = call.memory.renderings, call.node
    rows = await node.db.rows(_COUNTS.format(marks(wanted)), *wanted)
    missing = [row["id"] for row in rows if not renderings.knows_account(row)]
    whole = await by_ids(node.db, missing)
    return {row["id"]: renderings.account(node, whole.get(row["id"], row)) for row in rows}


async def account(call: Call, actor: Row) -> bytes:
    """One Account, from its whole row."""
    return call.memory.renderings.account(call.node, actor)


async def status(call: Call, row: Row) -> bytes:
    """One Status that the caller was already found to see."""
    return (await statuses(call, [row]))[0]


async def statuses(call: Call, rows: Sequence[Row]) -> list[bytes]:
    """The Statuses of these rows, all of which the caller was already found to see.

    What a boost boosts is asked for again under the reader's own view.
    """
    if not rows:
        return []
    boosted = await _boosted(call, rows)
    everything = [*rows, *boosted.values()]
    authors = await accounts(call, (row["actor_id"] for row in everything))
    heads = await _heads(call, everything)
    seen = await _seen(call, everything)
    tallies = await polls(call, [row["id"] for row in everything if row["type"] == "Question"])

    def joined(row: Row, reblog: bytes = b"null") -> bytes:
        status_id = row["id"]
        return join_status(
            heads[status_id],
            row,
            account=authors[row["actor_id"]],
            reblog=reblog,
            poll=tallies.get(status_id, b"null"),
            audience=_audience(row, call.language),
            viewer=NOBODY if seen is None else _flags(seen, row, call.viewer_id),
        )

    found: list[bytes] = []
    for row in rows:
        target_id = row["reblog_of_id"]
        if target_id is None:
            found.append(joined(row))
        elif (target := boosted.get(target_id)) is not None:
            found.append(joined(row, joined(target)))
    return found


async def _boosted(call: Call, rows: Sequence[Row]) -> dict[int, Row]:
    ids = list({row["reblog_of_id"] for row in rows if row["reblog_of_id"] is not None})
    if not ids:
        return {}
    condition, args = may_see_sql(call.who)
    found = await call.node.db.rows(
        f"SELECT status.* FROM status WHERE status.id IN ({marks(ids)}) AND {condition}",
        *ids,
        *args,
    )
    return {row["id"]: row for row in found}


async def _heads(call: Call, rows: Sequence[Row]) -> dict[int, bytes]:
    renderings = call.memory.renderings
    found: dict[int, bytes] = {}
    missing: list[Row] = []
    for row in rows:
        head = renderings.status(row)
        if head is None:
            missing.append(row)
        else:
            found[row["id"]] = head
    if missing:
        found |= await _render(call, missing)
    return found


async def _render(call: Call, rows: Sequence[Row]) -> dict[int, bytes]:
    db, node = call.node.db, call.node
    ids = [row["id"] for row in rows]
    listed = marks(ids)
    mentions = by_status(
        await db.rows(
            "SELECT mention.status_id, actor.* FROM mention JOIN actor"
            f" ON actor.id = mention.actor_id WHERE mention.status_id IN ({listed})"
            " AND NOT mention.silent ORDER BY actor.id",
            *ids,
        )
    )
    tags = by_status(
        await db.rows(
            "SELECT status_tag.status_id, tag.name FROM status_tag JOIN tag"
            f" ON tag.id = status_tag.tag_id WHERE status_tag.status_id IN ({listed})"
            " ORDER BY tag.name",
            *ids,
        )
    )
    media = by_status(
        await db.rows(
            f"SELECT attachment.* FROM attachment WHERE status_id IN ({listed})"
            " ORDER BY position, id",
            *ids,
        )
    )
    applications = await _applications(call, rows)
    return {
        row["id"]: call.memory.renderings.keep_status(
            node,
            row,
            mentions=mentions.get(row["id"], ()),
            tags=[tag["name"] for tag in tags.get(row["id"], ())],
            media=media.get(row["id"], ()),
            application=applications.get(row["application_id"]),
        )
        for row in rows
    }


async def _applications(call: Call, rows: Sequence[Row]) -> dict[int, Row]:
    ids = list({row["application_id"] for row in rows if row["application_id"] is not None})
    if not ids:
        return {}
    found = await call.node.db.rows(
        f"SELECT id, name, website FROM application WHERE id IN ({marks(ids)})", *ids
    )
    return {row["id"]: row for row in found}


async def _seen(call: Call, rows: Sequence[Row]) -> set[tuple[int, int]] | None:
    """(what, status) for all the viewer did to these statuses; None when nobody views."""
    viewer_id = call.viewer_id
    if viewer_id is None:
        return None
    # What one did, one did to the original.
    ids = [row["id"] for row in rows if row["reblog_of_id"] is None]
    if not ids:
        return set()
    listed = marks(ids)
    found = await call.node.db.rows(
        f"SELECT {LIKED} AS what, status_id FROM favourite WHERE actor_id = ?"
        f" AND status_id IN ({listed}) UNION ALL"
        f" SELECT {KEPT}, status_id FROM bookmark WHERE actor_id = ?"
        f" AND status_id IN ({listed}) UNION ALL"
        f" SELECT {BOOSTED}, reblog_of_id FROM status WHERE actor_id = ?"
        f" AND reblog_of_id IN ({listed})",
        *(viewer_id, *ids, viewer_id, *ids, viewer_id, *ids),
    )
    return {(row["what"], row["status_id"]) for row in found}


def _flags(seen: set[tuple[int, int]], row: Row, viewer_id: int | None) -> bytes:
    status_id = row["reblog_of_id"] or row["id"]
    mine = row["reblog_of_id"] is None and row["actor_id"] == viewer_id
    pinnable = b',"pinned":false' if mine else NOBODY
    return (
        flags((LIKED, status_id) in seen, (BOOSTED, status_id) in seen, (KEPT, status_id) in seen)
        + pinnable
    )


def _audience(row: Row, language: Language) -> bytes:
    """Who reads it, by name: ours, beside the four words of `visibility`."""
    key = (row["audience_id"], row["audience_kind"], language)
    found = _AUDIENCES.get(key)
    if found is None:
        if len(_AUDIENCES) >= _AUDIENCES_MAX:
            _AUDIENCES.clear()
        found = orjson.dumps(
            {
                "id": str(row["audience_id"]),
                "kind": row["audience_kind"],
                "words": say(language, f"audience.{row['audience_kind']}"),
            }
        )
        _AUDIENCES[key] = found
    return found
