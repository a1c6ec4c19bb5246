"""Pages of statuses and accounts as their reader sees them, in a fixed number of queries.

For a page of statuses: what is boosted, who wrote, what the viewer did; and for those that
are not yet rendered who is named, tags, media and application. The number of queries never
depends on the length of the page.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, cast

from actors.queries import by_ids, by_uri
from federation.database import Row, marks
from inbox.filters import Context
from outbox.visibility import may_see_sql
from web.mastodon.attachments import card_of, media_of, opened
from web.mastodon.filtered import NOTHING_FILTERED, Filtered, filtered
from web.mastodon.polls import polls
from web.mastodon.private_heads import Head
from web.mastodon.quoted import (
    NOTHING,
    Quote,
    approval,
    circles_of,
    read_quoted,
    shallow_of,
    without_status,
)
from web.mastodon.rendering import (
    BOOSTED,
    COUNTS,
    FLAGS,
    KEPT,
    LIKED,
    MINE,
    MUTED,
    NO_COUNTS,
    PINNED,
    by_status,
)
from web.mastodon.view import View

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
    "quotes_count",
    "audience_kind",
    "thread_root_id",
    "quote_of_id",
    "quote_state",
    "quote_automatic",
    "quote_manual",
    "card_at",
)
FILTERS = 0
ID, ACTOR, REBLOG_OF, TYPE, EDITED, REPLY_TO = range(6)
KIND, THREAD, QUOTE_OF, QUOTE_STATE, QUOTE_AUTOMATIC, QUOTE_MANUAL, CARD = range(10, 17)
Line = tuple[Any, ...]
# The same as columns of a query over statuses `s`.
LINE_COLUMNS = ", ".join(f"s.{name}" for name in _LINE)


async def accounts(call: View, ids: Iterable[int]) -> dict[int, bytes]:
    """The Accounts of these actors, by id; what is unknown is left out."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    renderings, node = call.memory.renderings, call.node
    rows = await node.db.rows(_AUTHORS.format(marks(wanted)), *wanted)
    missing = [row["id"] for row in rows if not renderings.knows_account(row)]
    whole = await by_ids(node.db, missing)
    return {row["id"]: renderings.account(node, whole.get(row["id"], row)) for row in rows}


async def account(call: View, actor: Row) -> bytes:
    """One Account, from its whole row; with the one it moved to, when that is known here."""
    rendered = call.memory.renderings.account(call.node, actor)
    if actor["moved_to_uri"] is None:
        return rendered
    target = await by_uri(call.node.db, actor["moved_to_uri"])
    if target is None or target["deleted_at"] is not None or target["id"] == actor["id"]:
        return rendered
    moved = call.memory.renderings.account(call.node, target)
    return b'%b,"moved":%b}' % (rendered[:-1], moved)


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
    read = _reader_of(rows[0])
    lines = [read(row) for row in rows]
    boosted = await _boosted(call, [line[REBLOG_OF] for line in lines if line[REBLOG_OF]])
    shown = {line[ID]: line for line in map(_reader_of(boosted[0]), boosted)} if boosted else {}
    everything = [*lines, *shown.values()]
    quotes = await read_quoted(call, _quotes(everything))
    quoted: dict[int, Line] = {}
    inner = NOTHING
    if quotes.rows:
        quoted = {line[ID]: line for line in map(_reader_of(quotes.rows[0]), quotes.rows)}
        inner = await read_quoted(call, _quotes(quoted.values()))
        everything += quoted.values()
    circles = await circles_of(
        call, ((line[ACTOR], line[QUOTE_AUTOMATIC], line[QUOTE_MANUAL]) for line in everything)
    )
    heads = await _heads(call, everything, [*rows, *boosted, *quotes.rows])
    people = await accounts(call, [line[ACTOR] for line in everything])
    seen = await _seen(call, everything)
    marked = await _marked(call, everything, seen, context)
    questions = [line[ID] for line in everything if line[TYPE] == "Question"]
    tallies = await polls(call, questions) if questions else {}
    viewer_id = call.viewer_id

    def quote_of(status_id: int) -> bytes:
        state, quoted_id = quotes.states.get(status_id, ("", None))
        if quoted_id is None or quoted_id not in heads:
            return without_status(state)
        shown_there = joined(quoted[quoted_id], quote=shallow_of(inner, quoted_id))
        return b'{"state":"%b","quoted_status":%b}' % (state.encode(), shown_there)

    def joined(line: Line, reblog: bytes | None = None, quote: bytes = b"") -> bytes:
        status_id, actor_id, _, _, _, _, replies, boosts, likes, quotings, kind = line[:THREAD]
        counts = NO_COUNTS
        if replies or boosts or likes or quotings:
            counts = COUNTS % (replies, boosts, likes, quotings)
        end = _PLAIN
        if reblog is not None:
            end = b',"reblog":%b,"poll":null' % reblog
        elif status_id in tallies:
            end = b',"reblog":null,"poll":' + tallies[status_id]
        quote = quote or quote_of(status_id)
        may_quote = approval(viewer_id, actor_id, kind, line[QUOTE_AUTOMATIC:CARD], circles)
        end = b'%b,"quote":%b,"quote_approval":%b' % (end, quote, may_quote)
        flags = _NO_FLAGS
        if seen is not None:
            flags = _flags(line, reblog is not None, viewer_id, seen, marked)
        return b"".join((heads[status_id], counts, people[actor_id], end, flags))

    return {
        line[ID]: joined(line)
        if line[REBLOG_OF] is None
        else joined(line, joined(shown[line[REBLOG_OF]]))
        for line in lines
        if line[ID] in heads
        and (line[REBLOG_OF] is None or line[REBLOG_OF] in shown)
        and not (marked and _is_hidden(marked, line))
    }


def _flags(
    line: Line,
    boosts: bool,
    viewer_id: int | None,
    seen: Mapping[int, int],
    marked: Mapping[int, Filtered],
) -> bytes:
    """The end of a status: what the viewer did to it, and what her filters say."""
    original_id = line[REBLOG_OF] or line[ID]
    mask = seen.get(original_id, 0)
    if not boosts:
        mask |= seen.get(line[THREAD], 0) & MUTED
    own = line[ACTOR] == viewer_id and line[REBLOG_OF] is None and line[KIND] != "named"
    flags = FLAGS[mask | MINE if own else mask]
    if marked and original_id in marked:
        flags = flags.replace(NOTHING_FILTERED, marked[original_id].flags)
    return flags


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


def _is_hidden(marked: Mapping[int, Filtered], line: Line) -> bool:
    found = marked.get(line[REBLOG_OF] or line[ID])
    return found is not None and found.hides


def _quotes(lines: Iterable[Line]) -> list[Quote]:
    return [(line[ID], line[QUOTE_STATE], line[QUOTE_OF]) for line in lines if line[QUOTE_STATE]]


def _reader_of(row: Row) -> Callable[[Row], Line]:
    """What takes a `Line` from a row: by place, since a column's name is searched for."""
    names = list(row.keys())
    return itemgetter(*(names.index(name) for name in _LINE))


async def _boosted(call: View, ids: Sequence[int]) -> Sequence[Row]:
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    condition, args = may_see_sql(call.who)
    return await call.node.db.rows(
        f"SELECT status.* FROM status WHERE status.id IN ({marks(wanted)}) AND {condition}",
        *wanted,
        *args,
    )


async def _heads(call: View, lines: Sequence[Line], rows: Sequence[Row]) -> dict[int, bytes]:
    kept, language = call.memory.renderings.statuses, call.language
    found: dict[int, Head] = {}
    missing: list[Row] = []
    closed = 0
    for line, row in zip(lines, rows, strict=True):
        head = kept.get((line[ID], line[EDITED], line[REPLY_TO], line[CARD], language))
        if head is None:
            missing.append(row)
        else:
            found[line[ID]] = head
            closed += type(head) is not bytes
    if missing:
        found |= await _render(call, await _whole(call, missing))
    return opened(call, found) if closed or missing else cast(dict[int, bytes], found)


async def _whole(call: View, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows with all their columns; what was deleted this moment is left out."""
    if "content_html" in rows[0].keys() and "content_html" in rows[-1].keys():  # noqa: SIM118
        return rows
    ids = [row["id"] for row in rows]
    return await call.node.db.rows(f"SELECT * FROM status WHERE id IN ({marks(ids)})", *ids)


async def _render(call: View, rows: Sequence[Row]) -> dict[int, Head]:
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
            "SELECT attachment.*, actor.reachable AS author_reachable FROM attachment JOIN actor"
            f" ON actor.id = attachment.actor_id WHERE status_id IN ({listed})"
            " ORDER BY attachment.position, attachment.id",
            *ids,
        )
    )
    links = by_status(await db.rows(f"SELECT * FROM card WHERE status_id IN ({listed})", *ids))
    applications = await _applications(call, rows)
    return {
        row["id"]: call.memory.renderings.keep_status(
            node,
            row,
            call.language,
            mentions=mentions.get(row["id"], ()),
            tags=[tag["name"] for tag in tags.get(row["id"], ())],
            media=media_of(node, row, media.get(row["id"], ())),
            link=card_of(node, row, links.get(row["id"], (None,))[0]),
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
