"""Pages of statuses and accounts as their reader sees them, in a fixed number of queries.

For a page of statuses: what is boosted, who wrote, what the viewer did; and for those that
are not yet rendered who is named, tags, media and application. The number of queries never
depends on the length of the page.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import cast

from actors.queries import by_ids
from federation.database import Reader, Row, marks, values_of
from inbox.filters import Context
from outbox.visibility import may_see_sql
from web.mastodon.attachments import card_of, media_of, opened
from web.mastodon.filtered import Filtered, filtered
from web.mastodon.joining import FILTERS, Joining, known_pieces
from web.mastodon.lines import (
    ACTOR,
    EDITED,
    ID,
    LINE_COLUMNS,
    POLICY,
    QUOTE_OF,
    QUOTE_STATE,
    REBLOG_OF,
    THREAD,
    TYPE,
    Line,
    lines_of,
)
from web.mastodon.polls import polls
from web.mastodon.private_heads import Head
from web.mastodon.quoted import Quote, circles_of, read_quoted
from web.mastodon.rendering import BOOSTED, KEPT, LIKED, MUTED, PINNED, by_status, status_key
from web.mastodon.view import View

# Of an author whose head is kept, only these change.
_AUTHORS = (
    "SELECT id, updated_at, followers_count, following_count, statuses_count, last_status_at,"
    " moved_to_uri FROM actor WHERE id IN ({})"
)


async def accounts(call: View, ids: Iterable[int]) -> dict[int, bytes]:
    """The Accounts of these actors, by id; what is unknown is left out."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    renderings, node = call.memory.renderings, call.node
    await renderings.refresh()
    rows = values_of(await node.db.rows(_AUTHORS.format(marks(wanted)), *wanted))
    found = {row[0]: renderings.people.get(row) for row in rows}
    missing = [actor_id for actor_id, rendered in found.items() if rendered is None]
    if missing:
        whole = await by_ids(node.db, missing)
        for row in rows:
            if found[row[0]] is None and row[0] in whole:
                found[row[0]] = renderings.keep_person(node, row, whole[row[0]])
    known = {actor_id: rendered for actor_id, rendered in found.items() if rendered is not None}
    moved = {row[0]: row[-1] for row in rows if row[-1] is not None and row[0] in known}
    return await _with_moved(call, moved, known) if moved else known


async def account(call: View, actor: Row) -> bytes:
    """One Account, from its whole row; with the one it moved to, when that is known here."""
    await call.memory.renderings.refresh()
    own = {actor["id"]: call.memory.renderings.account(call.node, actor)}
    if actor["moved_to_uri"] is not None:
        own = await _with_moved(call, {actor["id"]: actor["moved_to_uri"]}, own)
    return own[actor["id"]]


async def _with_moved(
    call: View, moved: Mapping[int, str], rendered: dict[int, bytes]
) -> dict[int, bytes]:
    """The Accounts with those they `moved` to, by id, where these are known here."""
    uris = list(set(moved.values()))
    targets = await call.node.db.rows(
        f"SELECT * FROM actor WHERE uri IN ({marks(uris)}) AND deleted_at IS NULL", *uris
    )
    found = {row["uri"]: row for row in targets}
    for actor_id, uri in moved.items():
        if uri in found and found[uri]["id"] != actor_id:
            target = call.memory.renderings.account(call.node, found[uri])
            rendered[actor_id] = b'%b,"moved":%b}' % (rendered[actor_id][:-1], target)
    return rendered


async def status(call: View, row: Row) -> bytes:
    """One Status that the caller was already found to see."""
    return (await statuses(call, [row]))[0]


async def statuses(call: View, rows: Sequence[Row], context: Context | None = None) -> list[bytes]:
    """The Statuses of `statuses_by_id`, in the order of the rows."""
    return list((await statuses_by_id(call, rows, context)).values())


async def statuses_by_id(
    call: View, rows: Sequence[Row], context: Context | None = None
) -> dict[int, bytes]:
    """The Statuses of these rows, all of which the caller was already found to see.

    On a page of a `context`, what the reader's filters hide there is left out.

    The rows have LINE_COLUMNS at least. What a boost boosts is asked for again under the
    reader's own view.
    """
    if not rows:
        return {}
    lines = lines_of(rows)
    boosted = await _boosted(call, [line[REBLOG_OF] for line in lines if line[REBLOG_OF]])
    shown = {line[ID]: line for line in lines_of(boosted)}
    everything = [*lines, *shown.values()]
    pieces = known_pieces(call, everything)
    others = [line for line in everything if line[ID] not in pieces]
    quotes = await read_quoted(call, _quotes(others))
    quoted = lines_of(quotes.rows)
    everything += quoted
    others += quoted
    seen = await _seen(call, everything)
    questions = [line[ID] for line in others if line[TYPE] == "Question"]
    joining = Joining(
        call,
        pieces=pieces,
        heads=await _heads(call, others, [*rows, *boosted, *quotes.rows]),
        people=await accounts(call, [line[ACTOR] for line in everything]),
        seen=seen,
        marked=await _marked(call, everything, seen, context),
        tallies=await polls(call, questions),
        circles=await circles_of(call, ((line[ACTOR], *line[POLICY]) for line in others)),
        quotes=quotes,
        quoted={line[ID]: line for line in quoted},
        inner=await read_quoted(call, _quotes(quoted)),
    )
    return joining.page(lines, shown)


async def _marked(
    call: View, lines: Sequence[Line], seen: dict[int, int] | None, context: Context | None
) -> Mapping[int, Filtered]:
    """What the reader's filters say of what others wrote, by the id of the original."""
    version = seen.get(FILTERS, 0) if seen else 0
    if not version:
        return {}
    own = call.viewer_id
    keys = {
        (line[ID], line[EDITED]): None
        for line in lines
        if line[REBLOG_OF] is None and line[ACTOR] != own
    }
    return await filtered(call, version, list(keys), context)


def _quotes(lines: Iterable[Line]) -> list[Quote]:
    return [(line[ID], line[QUOTE_STATE], line[QUOTE_OF]) for line in lines if line[QUOTE_STATE]]


async def _boosted(call: View, ids: Sequence[int]) -> Sequence[Row]:
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    condition, args = may_see_sql(call.who, "s")
    return await call.node.db.rows(
        f"SELECT {LINE_COLUMNS} FROM status s WHERE s.id IN ({marks(wanted)}) AND {condition}",
        *wanted,
        *args,
    )


async def _heads(call: View, lines: Sequence[Line], rows: Sequence[Row]) -> dict[int, bytes]:
    kept, language = call.memory.renderings.statuses, call.language
    found: dict[int, Head] = {}
    missing: set[int] = set()
    closed = 0
    for line in lines:
        head = kept.get(status_key(line, language))
        if head is None:
            missing.add(line[ID])
        else:
            found[line[ID]] = head
            closed += type(head) is not bytes
    if missing:
        found |= await _render(call, await _whole(call, missing, rows))
    return opened(call, found) if closed or missing else cast(dict[int, bytes], found)


async def _whole(call: View, ids: Collection[int], rows: Sequence[Row]) -> Sequence[Row]:
    """The rows of these ids with all their columns; what was deleted this moment is left out."""
    wanted = [row for row in rows if row["id"] in ids]
    if all("content_html" in row.keys() for row in wanted):  # noqa: SIM118
        return wanted
    return await call.node.db.rows(f"SELECT * FROM status WHERE id IN ({marks(list(ids))})", *ids)


# What a status may have beside its text, each under its name; most have none of it.
_PARTS = {
    "mentions": (
        "SELECT mention.status_id, actor.* FROM mention JOIN actor"
        " ON actor.id = mention.actor_id WHERE mention.status_id IN ({ids})"
        " AND NOT mention.silent ORDER BY actor.id"
    ),
    "tags": (
        "SELECT status_tag.status_id, tag.name FROM status_tag JOIN tag"
        " ON tag.id = status_tag.tag_id WHERE status_tag.status_id IN ({ids}) ORDER BY tag.name"
    ),
    "media": (
        "SELECT attachment.*, actor.reachable AS author_reachable FROM attachment JOIN actor"
        " ON actor.id = attachment.actor_id WHERE status_id IN ({ids})"
        " ORDER BY attachment.position, attachment.id"
    ),
    "links": "SELECT * FROM card WHERE status_id IN ({ids})",
}
_HAS_PARTS = "SELECT " + ", ".join(
    f"EXISTS (SELECT 1 FROM {table} WHERE status_id IN ({{ids}})) AS {name}"
    for name, table in zip(_PARTS, ("mention", "status_tag", "attachment", "card"), strict=True)
)


async def _parts(db: Reader, ids: list[int]) -> dict[str, dict[int, list[Row]]]:
    """What these statuses have beside their texts: by name, then by status."""
    listed = marks(ids)
    has = await db.row(_HAS_PARTS.format(ids=listed), *ids * len(_PARTS))
    assert has is not None, "a row of four answers"
    return {
        name: by_status(await db.rows(sql.format(ids=listed), *ids)) if has[name] else {}
        for name, sql in _PARTS.items()
    }


async def _render(call: View, rows: Sequence[Row]) -> dict[int, Head]:
    node = call.node
    parts = await _parts(node.db, [row["id"] for row in rows])
    applications = await _applications(call, rows)
    return {
        row["id"]: call.memory.renderings.keep_status(
            node,
            row,
            call.language,
            mentions=parts["mentions"].get(row["id"], ()),
            tags=[tag["name"] for tag in parts["tags"].get(row["id"], ())],
            media=media_of(node, row, parts["media"].get(row["id"], ())),
            link=card_of(node, row, parts["links"].get(row["id"], (None,))[0]),
            application=applications.get(row["application_id"]),
        )
        for row in rows
    }


async def _applications(call: View, rows: Sequence[Row]) -> dict[int, Row]:
    ids = list({row["application_id"] for row in rows if row["application_id"] is not None})
    if not ids:
        return {}
    found = await call.node.db.rows(
        f"SELECT id, name, website FROM application WHERE id IN ({marks(ids)})", *ids
    )
    return {row["id"]: row for row in found}


async def _seen(call: View, lines: Sequence[Line]) -> dict[int, int] | None:
    """The mask of all the viewer did, by status; None when nobody in particular views.

    Under FILTERS, which is no status, stands the version of her filters if she has any.
    """
    viewer_id = call.viewer_id
    if viewer_id is None:
        return None
    # What one did, one did to the original.
    ids = [line[ID] for line in lines if line[REBLOG_OF] is None]
    if not ids:
        return {}
    listed, roots = marks(ids), list({line[THREAD] for line in lines})
    found = await call.node.db.rows(
        f"SELECT {LIKED} AS what, status_id FROM favourite WHERE actor_id = ?"
        f" AND status_id IN ({listed}) UNION ALL"
        f" SELECT {KEPT}, status_id FROM bookmark WHERE actor_id = ?"
        f" AND status_id IN ({listed}) UNION ALL"
        f" SELECT {BOOSTED}, reblog_of_id FROM status WHERE actor_id = ?"
        f" AND reblog_of_id IN ({listed}) UNION ALL"
        f" SELECT {PINNED}, status_id FROM pin WHERE actor_id = ?"
        f" AND status_id IN ({listed}) UNION ALL"
        # A thread is known by its root, so this stands under the root's id.
        f" SELECT {MUTED}, thread_root_id FROM thread_mute WHERE actor_id = ?"
        f" AND thread_root_id IN ({marks(roots)}) UNION ALL"
        f" SELECT version, {FILTERS} FROM filter_version WHERE actor_id = ?",
        *(viewer_id, *ids, viewer_id, *ids, viewer_id, *ids, viewer_id, *ids),
        *(viewer_id, *roots, viewer_id),
    )
    masks: dict[int, int] = {}
    for row in found:
        masks[row["status_id"]] = masks.get(row["status_id"], 0) | row["what"]
    return masks
