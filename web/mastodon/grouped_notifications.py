"""Notifications told in groups: whom and what they are about once, then the groups by id."""

from collections.abc import Sequence

import orjson
from starlette.responses import Response

from actors.queries import by_ids
from federation.database import Row, Transaction
from federation.errors import NotFound
from inbox.notification_groups import (
    GROUPABLE,
    Group,
    count_groups,
    dismiss_group,
    group_of,
    of_key,
    read_groups,
)
from inbox.paging import Condition
from web.mastodon.call import Call, Entry, answer, answer_bytes, answer_list
from web.mastodon.entities import accounts
from web.mastodon.notification_parts import OF_STATUSES, Parts, parts_of, types_for
from web.mastodon.notifications import (
    LIMIT_DEFAULT,
    LIMIT_MAX,
    clear,
    count_limit,
    shown,
    unread,
)
from web.mastodon.pagination import accounts_page, bounds, link_header, page_of
from web.mastodon.rendering import newest_first
from web.mastodon.serializers import Entity, account_head, timestamp

_PARTIAL = ("id", "acct", "url", "avatar", "avatar_static", "locked", "bot")


def _grouped_types(call: Call) -> frozenset[str]:
    """The types that the client wants in groups, of those that come in groups here."""
    asked = call.query.texts("grouped_types")
    return frozenset(kind for kind in GROUPABLE if not asked or kind in asked)


async def listing(call: Call) -> Response:
    """GET /api/v2/notifications: a page of groups; `grouped_types[]`, `expand_accounts`."""
    page = page_of(call, LIMIT_DEFAULT, LIMIT_MAX)
    expand = call.query.choice("expand_accounts", ("full", "partial_avatars"))
    groups = await read_groups(call.node.db, shown(call), page, _grouped_types(call))
    body = await _envelope(call, groups, partial=expand == "partial_avatars", paged=True)
    return answer_bytes(body, 200, link_header(call, page, [group.row["id"] for group in groups]))


async def _envelope(
    call: Call, groups: Sequence[Group], *, partial: bool = False, paged: bool = False
) -> bytes:
    """The answer about these groups; those whose status may not be shown are left out."""
    parts = await parts_of(call, [group.row for group in groups])
    told = [group for group in groups if parts.of(group.row) is not None]
    first = [group.sender_ids[0] for group in told]
    sample = [one for group in told for one in group.sender_ids]
    people = await accounts(call, first if partial else sample)
    statuses = {
        group.row["status_id"]: parts.statuses[group.row["status_id"]]
        for group in told
        if group.row["type"] in OF_STATUSES
    }
    beside = b""
    if partial:
        few = [one for one in dict.fromkeys(sample) if one not in people]
        beside = b'"partial_accounts":%b,' % orjson.dumps(await _partial_accounts(call, few))
    return b'{"accounts":[%b],%b"statuses":[%b],"notification_groups":[%b]}' % (
        b",".join(people.values()),
        beside,
        b",".join(statuses.values()),
        b",".join(_entity(group, parts, paged=paged) for group in told),
    )


async def _partial_accounts(call: Call, ids: Sequence[int]) -> list[Entity]:
    rows = await by_ids(call.node.db, ids)
    heads = [account_head(call.node, rows[one]) for one in ids if one in rows]
    return [{name: head[name] for name in _PARTIAL} for head in heads]


def _entity(group: Group, parts: Parts, *, paged: bool) -> bytes:
    """A NotificationGroup; the id of its newest notification is a number here."""
    row = group.row
    part = parts.of(row) or b""
    if row["type"] in OF_STATUSES:
        part = b',"status_id":"%d"' % row["status_id"]
    if paged:
        part += b',"page_min_id":"%d","page_max_id":"%d","latest_page_notification_at":"%b"' % (
            group.oldest_id,
            group.newest_id,
            timestamp(group.newest_at).encode(),
        )
    return (
        b'{"group_key":"%b","notifications_count":%d,"type":"%b",'
        b'"most_recent_notification_id":%d,"sample_account_ids":[%b]%b}'
    ) % (
        group.key.encode(),
        group.count,
        row["type"].encode(),
        group.newest_id,
        b",".join(b'"%d"' % one for one in group.sender_ids),
        part,
    )


async def show(call: Call) -> Response:
    """GET /api/v2/notifications/:group_key: one of the caller's own groups, whole."""
    group = await group_of(call.node.db, _own(call), _key(call), frozenset(GROUPABLE))
    if group is None or (await parts_of(call, [group.row])).of(group.row) is None:
        raise NotFound("record.not_found")
    return answer_bytes(await _envelope(call, [group]))


def _key(call: Call) -> str:
    return call.path_text("group_key")


def _own(call: Call) -> Condition:
    """All notifications `n` of the caller by actors `a` who are there."""
    return Condition(
        "n.recipient_id = ? AND a.deleted_at IS NULL AND a.suspended_at IS NULL", [call.actor_id]
    )


async def dismiss(call: Call) -> Response:
    """POST /api/v2/notifications/:group_key/dismiss."""

    async def work(tx: Transaction) -> None:
        await dismiss_group(tx, call.actor_id, _key(call))

    await call.node.db.write(work)
    return answer({})


async def senders(call: Call) -> Response:
    """GET /api/v2/notifications/:group_key/accounts: everybody in the group, newest first."""
    wanted, page = of_key(_key(call)), accounts_page(call)
    if wanted is None:
        return answer_list([])
    rows = await _members(call, _own(call) & wanted)
    found = await accounts(call, (row["from_actor_id"] for row in rows))
    return answer_list(
        [found[row["from_actor_id"]] for row in rows if row["from_actor_id"] in found],
        link_header(call, page, [row["id"] for row in rows]),
    )


async def _members(call: Call, where: Condition) -> list[Row]:
    page, types = accounts_page(call), types_for(call)
    condition, args, order = bounds(page, "n.id")
    rows = await call.node.db.rows(
        "SELECT n.id, n.from_actor_id FROM notification n JOIN actor a ON a.id = n.from_actor_id"
        f" WHERE {where.sql} AND n.type IN ({', '.join('?' * len(types))}) AND {condition}"
        f" ORDER BY {order} LIMIT ?",
        *where.args,
        *types,
        *args,
        page.limit,
    )
    return newest_first(rows, turned=page.min_id is not None)


async def unread_count(call: Call) -> Response:
    """GET /api/v2/notifications/unread_count: groups since the marker, `limit` at most."""
    count = await count_groups(call.node.db, unread(call), _grouped_types(call), count_limit(call))
    return answer({"count": count})


_N = "/api/v2/notifications"
_READ, _WRITE = "read:notifications", "write:notifications"
ENTRIES: tuple[Entry, ...] = (
    Entry("GET", _N, "person", _READ, listing),
    Entry("GET", f"{_N}/unread_count", "person", _READ, unread_count),
    Entry("POST", f"{_N}/clear", "person", _WRITE, clear),
    Entry("GET", f"{_N}/{{group_key}}", "person", _READ, show),
    Entry("POST", f"{_N}/{{group_key}}/dismiss", "person", _WRITE, dismiss),
    Entry("GET", f"{_N}/{{group_key}}/accounts", "person", _READ, senders),
)
