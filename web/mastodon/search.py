"""Search: people, statuses by words or address, tags. With `resolve` it may ask other nodes.

What the node already holds is never asked for again on behalf of a reader who may not see
it: the answer is that of an address behind which there is nothing, and nothing is sent.
"""

import re
from collections.abc import Sequence

import orjson
from starlette.responses import Response

from actors import queries as actors
from actors.addresses import held_status, plain_address
from actors.remote import find_by_handle, find_by_url
from actors.words import fold
from federation.database import Row
from federation.errors import NodeError
from federation.fetch import FetchBudget
from federation.origins import origin_of
from inbox.fetching import fetch_status
from inbox.search import Wanted, search_statuses
from inbox.search_query import parse_query
from outbox.compose import fold_tag
from outbox.received import upsert_remote
from outbox.visibility import may_see_sql, visible
from web.mastodon.call import Call, Entry, answer_bytes, answer_list
from web.mastodon.entities import account, statuses
from web.mastodon.lines import LINE_COLUMNS
from web.mastodon.params import Params
from web.mastodon.tags import entities as tag_entities

LIMIT_DEFAULT, LIMIT_MAX = 20, 40
QUERY_CHARACTERS_MAX = 1_000
WORDS_MAX = 10
OFFSET_MAX = 1_000
# One search may cost few requests: the page, its author, the author's name.
FETCHES_MAX = 8
TYPES = ("accounts", "statuses", "hashtags", "collections")
HANDLE = re.compile(r"^@?[\w.-]{1,255}@[^\s@/?#]{1,255}$")


async def search(call: Call) -> Response:
    """GET /api/v2/search: people, statuses and tags, or one `type` of these.

    `resolve` asks other nodes, `following` keeps to people one follows, `account_id` to what
    one account wrote, `min_id` and `max_id` bound the statuses. `exclude_unreviewed` changes
    nothing: here no tag waits for a review.
    """
    query = call.query
    text = query.required("q", QUERY_CHARACTERS_MAX).strip()
    kind = query.choice("type", TYPES)
    wanted = _wanted(query)
    is_url = text.startswith(("https://", "http://"))
    people: Sequence[Row] = []
    found: Sequence[Row] = []
    if is_url:
        found, people = await _at(call, text, kind)
    else:
        if kind in (None, "accounts"):
            people = await _people(call, text)
        if kind in (None, "statuses"):
            asked = parse_query(text)
            found = await search_statuses(
                call.node, call.person, asked, wanted, columns=LINE_COLUMNS
            )
    tags: Sequence[Row] = []
    if kind in (None, "hashtags") and not is_url:
        tags = await _tags(call, text)
    return answer_bytes(
        b'{"accounts":[%b],"statuses":[%b],"hashtags":%b,"collections":[]}'
        % (
            b",".join([await account(call, row) for row in people]),
            b",".join(await statuses(call, found)),
            orjson.dumps(await tag_entities(call, tags)),
        )
    )


async def accounts_search(call: Call) -> Response:
    """GET /api/v1/accounts/search: `q`, `resolve`, `limit`, `offset`, `following`."""
    text = call.query.required("q", QUERY_CHARACTERS_MAX).strip()
    return answer_list([await account(call, row) for row in await _people(call, text)])


def _wanted(query: Params) -> Wanted:
    limit, offset = _page(query)
    query.flag("exclude_unreviewed")
    return Wanted(
        limit=limit,
        offset=offset,
        max_id=query.id("max_id"),
        min_id=query.id("min_id"),
        author_id=query.id("account_id"),
    )


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
    """People one of whose names has words that begin so, those one follows first."""
    limit, offset = _page(call.query)
    words = fold(text).split()[:WORDS_MAX]
    if not words:
        return []
    named = " AND ".join("a.search_words LIKE ? ESCAPE '\\'" for _ in words)
    followed = (
        "EXISTS (SELECT 1 FROM follow f WHERE f.follower_id = ? AND f.target_id = a.id"
        " AND f.state = 'accepted')"
    )
    only = f" AND {followed}" if call.query.flag("following") else ""
    own = call.actor_id
    return await call.node.db.rows(
        f"SELECT a.* FROM actor a WHERE {named} AND a.deleted_at IS NULL"
        " AND a.suspended_at IS NULL AND a.uri <> ?"
        " AND NOT EXISTS (SELECT 1 FROM block b WHERE (b.actor_id = ? AND b.target_id = a.id)"
        " OR (b.target_id = ? AND b.actor_id = a.id)) AND NOT EXISTS (SELECT 1 FROM domain_block d"
        f" WHERE d.actor_id = ? AND d.domain = a.handle_host AND NOT a.is_local){only}"
        f" ORDER BY {followed} DESC, a.is_local DESC, lower(a.username), a.id LIMIT ? OFFSET ?",
        *(f"% {_literal(word)}%" for word in words),
        call.node.uris.instance_actor,
        *([own] * (4 + bool(only))),
        limit,
        offset,
    )


def _literal(text: str) -> str:
    """Text as a LIKE pattern that matches nothing else."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def _at(call: Call, written: str, kind: str | None) -> tuple[Sequence[Row], Sequence[Row]]:
    """The status or the account behind an address."""
    held = await held_status(call.node.db, written)
    if held is not None:
        row = await visible(call.node.db, call.who, held[0])
        return ([row] if row is not None and kind in (None, "statuses") else []), []
    url = plain_address(written)
    found = await _status_elsewhere(call, url) if kind in (None, "statuses") else []
    return found, await _account_at(call, url) if kind in (None, "accounts") and not found else []


async def _account_at(call: Call, url: str) -> Sequence[Row]:
    row = await actors.by_uri(call.node.db, url) or await call.node.db.row(
        "SELECT actor.* FROM actor WHERE url = ? AND deleted_at IS NULL", url
    )
    if row is None and call.query.flag("resolve") and not _is_ours(call, url):
        # What was fetched as a status just now, and is not shown, is not asked for as an account.
        if await held_status(call.node.db, url) is not None:
            return []
        try:
            row = await find_by_url(call.node, url, budget=FetchBudget(FETCHES_MAX))
        except NodeError:
            row = None
    return [] if row is None or row["deleted_at"] is not None else [row]


async def _status_elsewhere(call: Call, url: str) -> Sequence[Row]:
    if not call.query.flag("resolve") or _is_ours(call, url):
        return []
    fetched = await _fetched(call, url)
    row = None if fetched is None else await visible(call.node.db, call.who, fetched)
    return [] if row is None else [row]


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
    return await call.node.db.rows(
        "SELECT tag.* FROM tag WHERE tag.name LIKE ? ESCAPE '\\' AND EXISTS"
        " (SELECT 1 FROM status_tag st JOIN status ON status.id = st.status_id"
        f" WHERE st.tag_id = tag.id AND {condition}) ORDER BY tag.name LIMIT ? OFFSET ?",
        f"{_literal(name)}%",
        *args,
        limit,
        offset,
    )


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", "/api/v1/accounts/search", "person", "read:accounts", accounts_search),
    Entry("GET", "/api/v2/search", "person", "read:search", search),
)
