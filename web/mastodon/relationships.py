"""What the caller is to others: follow, block, mute, requests, and the lists of these."""

from collections.abc import Awaitable, Callable

import orjson
from starlette.responses import Response

from actors import follows
from actors import queries as actors
from actors.relationships import Relationship, relationship_rows
from federation.database import Row
from federation.errors import Invalid, NotFound
from federation.node import Node
from outbox import relations
from web.mastodon.accounts import load
from web.mastodon.call import Call, Entry, answer, answer_list
from web.mastodon.entities import accounts
from web.mastodon.pagination import accounts_page, bounds, link_header
from web.mastodon.preferences import read_language_codes
from web.mastodon.rendering import newest_first
from web.mastodon.serializers import Entity, maybe_timestamp

ASKED_MAX = 300
DURATION_S_MAX = 10 * 366 * 86_400

Deed = Callable[[Node, Row, Row], Awaitable[object]]


def relationship(row: Relationship) -> Entity:
    """A Relationship entity."""
    return {
        "id": str(row["id"]),
        "following": row["following"],
        "showing_reblogs": row["showing_reblogs"],
        "notifying": row["notifying"],
        "languages": orjson.loads(row["languages"]) or None,
        "followed_by": row["followed_by"],
        "blocking": row["blocking"],
        "blocked_by": row["blocked_by"],
        "muting": row["muting"],
        "muting_notifications": row["muting_notifications"],
        "muting_expires_at": maybe_timestamp(row["muting_expires_at"]),
        "requested": row["requested"],
        "requested_by": row["requested_by"],
        "domain_blocking": row["domain_blocking"],
        "endorsed": row["endorsed"],
        "note": row["note"],
    }


async def relationships(call: Call) -> Response:
    """GET /api/v1/accounts/relationships?id[]=: in the order asked; unknown ids left out."""
    ids = call.query.ids("id", ASKED_MAX)
    known = await actors.by_ids(call.node.db, ids)
    wanted = [one for one in ids if one in known and known[one]["deleted_at"] is None]
    rows = await relationship_rows(call.node.db, call.actor_id, wanted, call.node.clock())
    return answer([relationship(row) for row in rows])


async def one(call: Call, target_id: int) -> Response:
    """The Relationship of the caller to one actor, as it is now."""
    rows = await relationship_rows(call.node.db, call.actor_id, [target_id], call.node.clock())
    return answer(relationship(rows[0]))


async def follow(call: Call) -> Response:
    """POST /api/v1/accounts/:id/follow; called again it changes its options.

    `reblogs`, `notify`, and `languages[]` in which to read this account (empty: in all).
    """
    params = await call.params()
    languages = read_language_codes(params, "languages") if "languages" in params else None
    target = await load(call)
    await relations.follow(
        call.node,
        await call.viewer(),
        target,
        notify=params.flag("notify"),
        reblogs=params.flag("reblogs"),
        languages=languages,
    )
    return await one(call, target["id"])


def deed(do: Deed) -> Callable[[Call], Awaitable[Response]]:
    """An endpoint that does `do` to the account of the path and answers the Relationship."""

    async def endpoint(call: Call) -> Response:
        target = await load(call)
        await do(call.node, await call.viewer(), target)
        return await one(call, target["id"])

    return endpoint


async def mute(call: Call) -> Response:
    """POST /api/v1/accounts/:id/mute: `notifications` too unless said, for `duration` s."""
    params = await call.params()
    duration_s = params.number("duration", most=DURATION_S_MAX) or 0
    notifications = params.flag("notifications")
    target = await load(call)
    if target["id"] == call.actor_id:
        raise Invalid("block.oneself", field="id")
    await call.node.db.write(
        lambda tx: follows.mute(
            call.node,
            tx,
            call.actor_id,
            target["id"],
            notifications=notifications is not False,
            duration_s=duration_s,
        )
    )
    return await one(call, target["id"])


async def unmute(call: Call) -> Response:
    """POST /api/v1/accounts/:id/unmute."""
    target = await load(call)
    await call.node.db.write(lambda tx: follows.unmute(tx, call.actor_id, target["id"]))
    return await one(call, target["id"])


async def remove_follower(node: Node, actor: Row, target: Row) -> None:
    """End the other's follow; nothing when there is none."""
    if await follows.find(node.db, target["id"], actor["id"]) is not None:
        await relations.reject_follow(node, actor, target)


def decide(do: Deed) -> Callable[[Call], Awaitable[Response]]:
    """An endpoint that answers the follow request of the account of the path."""

    async def endpoint(call: Call) -> Response:
        follower = await load(call)
        row = await follows.find(call.node.db, follower["id"], call.actor_id)
        if row is None or row["state"] != follows.PENDING:
            raise NotFound("record.not_found")
        await do(call.node, await call.viewer(), follower)
        return await one(call, follower["id"])

    return endpoint


async def follow_requests(call: Call) -> Response:
    """GET /api/v1/follow_requests: who asks to follow the caller."""
    return await _list(call, "follow", "target_id", "follower_id", "t.state = 'pending'")


async def blocks(call: Call) -> Response:
    """GET /api/v1/blocks."""
    return await _list(call, "block", "actor_id", "target_id", "1 = 1")


async def mutes(call: Call) -> Response:
    """GET /api/v1/mutes: each with when it ends."""
    return await _list(
        call,
        "mute",
        "actor_id",
        "target_id",
        "(t.expires_at IS NULL OR t.expires_at > ?)",
        call.node.clock(),
    )


async def _list(
    call: Call, table: str, fixed: str, listed: str, only: str, *only_args: int
) -> Response:
    page = accounts_page(call)
    condition, args, order = bounds(page, "t.id")
    ends = ", t.expires_at AS ends_at" if table == "mute" else ""
    rows = await call.node.db.rows(
        f"SELECT t.id AS entry_id, a.id{ends} FROM {table} t JOIN actor a ON a.id = t.{listed}"
        f" WHERE t.{fixed} = ? AND {only} AND a.deleted_at IS NULL AND {condition}"
        f" ORDER BY {order} LIMIT ?",
        call.actor_id,
        *only_args,
        *args,
        page.limit,
    )
    rows = newest_first(rows, turned=page.min_id is not None)
    found = await accounts(call, (row["id"] for row in rows))
    items = [found[row["id"]] for row in rows]
    if table == "mute":
        items = [
            item[:-1] + b"," + orjson.dumps(_ends(row))[1:]
            for item, row in zip(items, rows, strict=True)
        ]
    return answer_list(items, link_header(call, page, [row["entry_id"] for row in rows]))


def _ends(row: Row) -> Entity:
    return {"mute_expires_at": maybe_timestamp(row["ends_at"])}


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", "/api/v1/accounts/relationships", "person", "read:follows", relationships),
    Entry("POST", "/api/v1/accounts/{id}/follow", "person", "write:follows", follow),
    Entry(
        "POST",
        "/api/v1/accounts/{id}/unfollow",
        "person",
        "write:follows",
        deed(relations.unfollow),
    ),
    Entry(
        "POST",
        "/api/v1/accounts/{id}/remove_from_followers",
        "person",
        "write:follows",
        deed(remove_follower),
    ),
    Entry("POST", "/api/v1/accounts/{id}/block", "person", "write:blocks", deed(relations.block)),
    Entry(
        "POST", "/api/v1/accounts/{id}/unblock", "person", "write:blocks", deed(relations.unblock)
    ),
    Entry("POST", "/api/v1/accounts/{id}/mute", "person", "write:mutes", mute),
    Entry("POST", "/api/v1/accounts/{id}/unmute", "person", "write:mutes", unmute),
    Entry("GET", "/api/v1/blocks", "person", "read:blocks", blocks),
    Entry("GET", "/api/v1/mutes", "person", "read:mutes", mutes),
    Entry("GET", "/api/v1/follow_requests", "person", "read:follows", follow_requests),
    Entry(
        "POST",
        "/api/v1/follow_requests/{id}/authorize",
        "person",
        "write:follows",
        decide(relations.accept_follow),
    ),
    Entry(
        "POST",
        "/api/v1/follow_requests/{id}/reject",
        "person",
        "write:follows",
        decide(relations.reject_follow),
    ),
)
