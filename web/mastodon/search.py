"""Search: people, statuses by their address, tags. With `resolve` it may ask other nodes.

What the node already holds is never asked for again on behalf of a reader who may not see
it: the answer is that of an address behind which there is nothing, and nothing is sent.
"""

import re
from collections.abc import Sequence

import orjson
from starlette.responses import Response

from actors import queries as actors
from actors.remote import find_by_handle, find_by_url
from federation.database import Row
from federation.errors import NodeError
from federation.fetch import FetchBudget
from federation.origins import origin_of
from inbox.fetching import fetch_status
from outbox.compose import fold_tag
from outbox.received import upsert_remote
from outbox.visibility import may_see_sql, visible
from web.mastodon.call import Call, Entry, answer_bytes, answer_list
from web.mastodon.entities import account, statuses
from web.mastodon.params import Params
from web.mastodon.serializers import tag

LIMIT_DEFAULT, LIMIT_MAX = 20, 40
QUERY_CHARACTERS_MAX = 1_000
OFFSET_MAX = 1_000
# One search may cost few requests: the page, its author, the author's name.
FETCHES_MAX = 8
TYPES = ("accounts", "statuses", "hashtags", "collections")
HANDLE = re.compile(r"^@?[\w.-]{1,255}@[^\s@/?#]{1,255}$")


async def search(call: Call) -> Response:
    """GET /api/v2/search: `q`, `type`, `resolve`, `limit`, `offset`, `following`."""
    query = call.query
    text = query.required("q", QUERY_CHARACTERS_MAX).strip()
    kind = query.choice("type", TYPES)
    is_url = text.startswith(("https://", "http://"))
    people: Sequence[Row] = []
    found: Sequence[Row] = []
    if is_url:
        found = await _status_at(call, text) if kind in (None, "statuses") else []
        if kind in (None, "accounts") and not found:
            people = await _account_at(call, text)
    elif kind in (None, "accounts"):
        people = await _people(call, text)
    tags: Sequence[Row] = []
    if kind in (None, "hashtags") and not is_url:
        tags = await _tags(call, text)
    return answer_bytes(
        b'{"accounts":[%b],"statuses":[%b],"hashtags":%b,"collections":[]}'
        % (
            b",".join([await account(call, row) for row in people]),
            b",".join(await statuses(call, found)),
            orjson.dumps([tag(call.node, row, personal=True) for row in tags]),
        )
    )


async def accounts_search(call: Call) -> Response:
    """GET /api/v1/accounts/search: `q`, `resolve`, `limit`, `offset`, `following`."""
    text = call.query.required("q", QUERY_CHARACTERS_MAX).strip()
    return answer_list([await account(call, row) for row in await _people(call, text)])


def _page(query: Params) -> tuple[int, int]:
    limit = query.number("limit")
    offset = query.number("offset", most=OFFSET_MAX) or 0
    return (LIMIT_DEFAULT if not limit else min(limit, LIMIT_MAX)), offset


async def _people(call: Call, text: str) -> Sequence[Row]:
    if HANDLE.match(text):
        row = await _by_handle(call, text.removeprefix("@"))
        if row is not None or call.query.flag("resolve"):
            return [row] if row is not None else []
    return await _known_people(call, text.removeprefix("@"))


async def _by_handle(call: Call, handle: str) -> Row | None:
    username, _, host = handle.partition("@")
    row = await actors.by_handle(call.node.db, username, host)
    if row is None and host.lower() != call.node.host and call.query.flag("resolve"):
        try:
            row = await find_by_handle(call.node, handle, budget=FetchBudget(FETCHES_MAX))
        except NodeError:
            # Not a partner, not there, no answer: to the reader, nobody is called so.
            row = None
    return None if row is None or row["deleted_at"] is not None else row


async def _known_people(call: Call, text: str) -> Sequence[Row]:
    limit, offset = _page(call.query)
    pattern = text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    followed = (
        " AND EXISTS (SELECT 1 FROM follow f WHERE f.follower_id = ? AND f.target_id = a.id"
        " AND f.state = 'accepted')"
        if call.query.flag("following")
        else ""
    )
    return await call.node.db.rows(
        "SELECT a.* FROM actor a WHERE a.deleted_at IS NULL AND a.suspended_at IS NULL"
        " AND a.uri <> ? AND (lower(a.username) LIKE ? ESCAPE '\\'"
        f" OR lower(a.display_name) LIKE ? ESCAPE '\\'){followed}"
        " ORDER BY a.is_local DESC, lower(a.username), a.id LIMIT ? OFFSET ?",
        call.node.uris.instance_actor,
        f"{pattern}%",
        f"%{pattern}%",
        *([call.actor_id] if followed else []),
        limit,
        offset,
    )


async def _account_at(call: Call, url: str) -> Sequence[Row]:
    row = await actors.by_uri(call.node.db, url) or await call.node.db.row(
        "SELECT actor.* FROM actor WHERE url = ? AND deleted_at IS NULL", url
    )
    if row is None and call.query.flag("resolve") and not _is_ours(call, url):
        try:
            row = await find_by_url(call.node, url, budget=FetchBudget(FETCHES_MAX))
        except NodeError:
            row = None
    return [] if row is None or row["deleted_at"] is not None else [row]


async def _status_at(call: Call, url: str) -> Sequence[Row]:
    known = await _stored(call, url)
    if known is None and call.query.flag("resolve") and not _is_ours(call, url):
        known = await _fetched(call, url)
    if known is None:
        return []
    row = await visible(call.node.db, call.who, known)
    return [] if row is None else [row]


async def _stored(call: Call, url: str) -> int | None:
    return await call.node.db.value(
        "SELECT id FROM status WHERE uri = ?", url
    ) or await call.node.db.value("SELECT id FROM status WHERE url = ? LIMIT 1", url)


def _is_ours(call: Call, url: str) -> bool:
    try:
        return origin_of(url) == call.node.origin
    except NodeError:
        return True


async def _fetched(call: Call, url: str) -> int | None:
    """The id of a status fetched for this reader; None for whatever is not one."""
    if await actors.by_uri(call.node.db, url) is not None:
        return None
    try:
        found = await fetch_status(call.node, url, FetchBudget(FETCHES_MAX))
        if found is None:
            return None
        row, _ = await call.node.db.write(
            lambda tx: upsert_remote(call.node, tx, found.document, found.author, backfill=True)
        )
    except NodeError:
        return None
    return row["id"]


async def _tags(call: Call, text: str) -> Sequence[Row]:
    """Tags that begin so and stand on something the caller may see."""
    limit, offset = _page(call.query)
    name = fold_tag(text)
    if not name:
        return []
    condition, args = may_see_sql(call.who)
    pattern = name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return await call.node.db.rows(
        "SELECT tag.* FROM tag WHERE tag.name LIKE ? ESCAPE '\\' AND EXISTS"
        " (SELECT 1 FROM status_tag st JOIN status ON status.id = st.status_id"
        f" WHERE st.tag_id = tag.id AND {condition}) ORDER BY tag.name LIMIT ? OFFSET ?",
        f"{pattern}%",
        *args,
        limit,
        offset,
    )


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", "/api/v1/accounts/search", "person", "read:accounts", accounts_search),
    Entry("GET", "/api/v2/search", "person", "read:search", search),
)
