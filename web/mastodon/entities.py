"""Pages of statuses and accounts as their reader sees them, in a fixed number of queries.

For a page of statuses: what is boosted, who wrote, what the viewer did; and for those that
are not yet rendered who is named, tags, media and application. The number of queries never
depends on the length of the page.
"""

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from actors.queries import by_ids
from federation.database import Row, marks
from outbox.visibility import may_see_sql
from web.mastodon.call import Call
from web.mastodon.polls import polls
from web.mastodon.rendering import BOOSTED, COUNTS, FLAGS, KEPT, LIKED, MINE, NO_COUNTS, by_status

# Of an author whose head is kept, only these change.
_AUTHORS = (
    "SELECT id, updated_at, followers_count, following_count, statuses_count, last_status_at"
    " FROM actor WHERE id IN ({})"
)
# The end of a status that nobody in particular reads, and of one without boost and poll.
_NO_FLAGS = b"}"
_PLAIN = b',"reblog":null,"poll":null'
# What is needed of a status whose head is kept.
_LINE = (
    "id",
    "actor_id",
    "reblog_of_id",
    "type",
    "edited_at",
    "in_reply_to_id",
    "replies_count",
    "reblogs_count",
    "favourites_count",
)
ID, ACTOR, REBLOG_OF, TYPE, EDITED, REPLY_TO = range(6)
Line = tuple[Any, ...]
# The same as columns of a query over statuses `s`.
LINE_COLUMNS = ", ".join(f"s.{name}" for name in _LINE)


async def accounts(call: Call, ids: Iterable[int]) -> dict[int, bytes]:
    """The Accounts of these actors, by id; what is unknown is left out."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    renderings, node = call.memory.renderings, call.node
    rows = await node.db.rows(_AUTHORS.format(marks(wanted)), *wanted)
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

    The rows have LINE_COLUMNS at least. What a boost boosts is asked for again under the
    reader's own view.
    """
    if not rows:
        return []
    read = _reader_of(rows[0])
    lines = [read(row) for row in rows]
    boosted = await _boosted(call, [line[REBLOG_OF] for line in lines if line[REBLOG_OF]])
    shown = {line[ID]: line for line in map(_reader_of(boosted[0]), boosted)} if boosted else {}
    everything = [*lines, *shown.values()]
    heads = await _heads(call, everything, [*rows, *boosted])
    people = await accounts(call, [line[ACTOR] for line in everything])
    seen = await _seen(call, everything)
    questions = [line[ID] for line in everything if line[TYPE] == "Question"]
    tallies = await polls(call, questions) if questions else {}
    viewer_id = call.viewer_id

    def joined(line: Line, reblog: bytes | None = None) -> bytes:
        status_id, actor_id, reblog_of_id, _, _, _, replies, boosts, likes = line
        counts = NO_COUNTS
        if replies or boosts or likes:
            counts = COUNTS % (replies, boosts, likes)
        end = _PLAIN
        if reblog is not None:
            end = b',"reblog":%b,"poll":null' % reblog
        elif status_id in tallies:
            end = b',"reblog":null,"poll":' + tallies[status_id]
        flags = _NO_FLAGS
        if seen is not None:
            mask = seen.get(reblog_of_id or status_id, 0)
            own = actor_id == viewer_id and reblog_of_id is None
            flags = FLAGS[mask | MINE if own else mask]
        return b"".join((heads[status_id], counts, people[actor_id], end, flags))

    return [
        joined(line) if line[REBLOG_OF] is None else joined(line, joined(shown[line[REBLOG_OF]]))
        for line in lines
        if line[ID] in heads and (line[REBLOG_OF] is None or line[REBLOG_OF] in shown)
    ]


def _reader_of(row: Row) -> Callable[[Row], Line]:
    """What takes a `Line` from a row: by place, since a column's name is searched for."""
    names = list(row.keys())
    return itemgetter(*(names.index(name) for name in _LINE))


async def _boosted(call: Call, ids: Sequence[int]) -> Sequence[Row]:
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    condition, args = may_see_sql(call.who)
    return await call.node.db.rows(
        f"SELECT status.* FROM status WHERE status.id IN ({marks(wanted)}) AND {condition}",
        *wanted,
        *args,
    )


async def _heads(call: Call, lines: Sequence[Line], rows: Sequence[Row]) -> dict[int, bytes]:
    kept, language = call.memory.renderings.statuses, call.language
    found: dict[int, bytes] = {}
    missing: list[Row] = []
    for line, row in zip(lines, rows, strict=True):
        head = kept.get((line[ID], line[EDITED], line[REPLY_TO], language))
        if head is None:
            missing.append(row)
        else:
            found[line[ID]] = head
    if missing:
        found |= await _render(call, await _whole(call, missing))
    return found


async def _whole(call: Call, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows with all their columns; what was deleted this moment is left out."""
    if "content_html" in rows[0].keys() and "content_html" in rows[-1].keys():  # noqa: SIM118
        return rows
    ids = [row["id"] for row in rows]
    return await call.node.db.rows(f"SELECT * FROM status WHERE id IN ({marks(ids)})", *ids)


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
            call.language,
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


async def _seen(call: Call, lines: Sequence[Line]) -> dict[int, int] | None:
    """The mask of all the viewer did, by status; None when nobody in particular views."""
    viewer_id = call.viewer_id
    if viewer_id is None:
        return None
    # What one did, one did to the original.
    ids = [line[ID] for line in lines if line[REBLOG_OF] is None]
    if not ids:
        return {}
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
    masks: dict[int, int] = {}
    for row in found:
        masks[row["status_id"]] = masks.get(row["status_id"], 0) | row["what"]
    return masks
