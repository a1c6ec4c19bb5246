"""Accounts: looked up, listed, and the caller's own profile."""

from collections.abc import Sequence
from functools import partial
from typing import Literal

import orjson
from starlette.responses import Response

from actors import queries as actors
from actors.follows import find_block
from actors.profiles import ProfileChanges, update_profile
from federation.database import Row
from federation.errors import NotFound, describe
from federation.html import plain_text
from inbox import timelines
from inbox.timelines import Page
from outbox.profiles import publish_profile
from outbox.visibility import Person
from web.mastodon.call import Call, Entry, answer_bytes, answer_list
from web.mastodon.entities import account, accounts
from web.mastodon.pagination import accounts_page, bounds, link_header, page_of
from web.mastodon.params import Params
from web.mastodon.pictures import pictures_in, taken_off
from web.mastodon.preferences import (
    audience_word,
    own_defaults,
    read_defaults,
    shown_visibility,
    store_defaults,
)
from web.mastodon.rendering import newest_first
from web.mastodon.roles import role_entity
from web.mastodon.serializers import Entity, fields
from web.mastodon.status_pages import answer_page
from web.mastodon.uploads import sent

SEVERAL_MAX = 40
DOMAINS_READ_MAX = 200
FLAGS: tuple[
    Literal[
        "locked",
        "discoverable",
        "indexable",
        "bot",
        "hide_collections",
        "show_media",
        "show_media_replies",
        "show_featured",
    ],
    ...,
] = (
    "locked",
    "discoverable",
    "indexable",
    "bot",
    "hide_collections",
    "show_media",
    "show_media_replies",
    "show_featured",
)

describe({"status.not_yet": "{field} cannot be used on this node yet."})


async def load(call: Call) -> Row:
    """The actor of the path; NotFound when there is none that the caller may know of."""
    return shown(call, await actors.by_id(call.node.db, call.path_id()))


def shown(call: Call, row: Row | None) -> Row:
    """The row, when the caller may know of this actor; NotFound else."""
    if row is None or not is_shown(call, row):
        raise NotFound("record.not_found")
    return row


def is_shown(call: Call, row: Row) -> bool:
    """Whether the caller may know of this actor.

    Who has no account here learns only of people of this node who are reachable from outside.
    """
    if row["deleted_at"] is not None:
        return False
    if isinstance(call.who, Person):
        return True
    return bool(row["is_local"] and row["reachable"]) and row["suspended_at"] is None


async def show(call: Call) -> Response:
    """GET /api/v1/accounts/:id."""
    return answer_bytes(await account(call, await load(call)))


async def several(call: Call) -> Response:
    """GET /api/v1/accounts?id[]=: those that exist, in their order."""
    rows = await actors.by_ids(call.node.db, call.query.ids("id", SEVERAL_MAX))
    return answer_list([await account(call, row) for row in rows.values() if is_shown(call, row)])


async def lookup(call: Call) -> Response:
    """GET /api/v1/accounts/lookup?acct=: by name, without asking any other node."""
    name = call.query.required("acct", 500).strip().removeprefix("@")
    username, _, host = name.partition("@")
    row = await actors.by_handle(call.node.db, username, host or call.node.host)
    return answer_bytes(await account(call, shown(call, row)))


async def account_statuses(call: Call) -> Response:
    """GET /api/v1/accounts/:id/statuses: what this account wrote that the caller may see."""
    actor = await load(call)
    page = page_of(call)
    query = call.query
    pinned = bool(query.flag("pinned"))
    find = partial(
        timelines.account,
        exclude_replies=bool(query.flag("exclude_replies")),
        exclude_reblogs=bool(query.flag("exclude_reblogs")),
        only_media=bool(query.flag("only_media")),
        pinned=pinned,
        tagged=query.text("tagged", 200),
    )

    async def read(part: Page) -> Sequence[Row]:
        # What is pinned is one page, in an order of its own.
        if pinned and part is not page:
            return []
        return await find(call.node.db, call.who, actor["id"], part)

    return await answer_page(call, page, read, "account")


async def blocks_caller(call: Call, actor: Row) -> bool:
    """Say whether the caller is blocked by this account, and so sees nobody around it."""
    viewer_id = call.viewer_id
    return (
        viewer_id is not None and await find_block(call.node.db, actor["id"], viewer_id) is not None
    )


async def followers(call: Call) -> Response:
    """GET /api/v1/accounts/:id/followers, as far as this node knows them."""
    return await _follows(call, "target_id", "follower_id")


async def following(call: Call) -> Response:
    """GET /api/v1/accounts/:id/following, as far as this node knows them."""
    return await _follows(call, "follower_id", "target_id")


async def _follows(call: Call, fixed: str, listed: str) -> Response:
    actor = await load(call)
    page = accounts_page(call)
    condition, args, order = bounds(page, "f.id")
    if actor["hide_collections"] and actor["id"] != call.viewer_id:
        return answer_list([])
    if await blocks_caller(call, actor):
        return answer_list([])
    outside = "" if isinstance(call.who, Person) else " AND a.is_local AND a.reachable"
    rows = await call.node.db.rows(
        f"SELECT f.id AS follow_id, a.id FROM follow f JOIN actor a ON a.id = f.{listed}"
        f" WHERE f.{fixed} = ? AND f.state = 'accepted' AND a.deleted_at IS NULL"
        f" AND a.suspended_at IS NULL{outside} AND {condition} ORDER BY {order} LIMIT ?",
        actor["id"],
        *args,
        page.limit,
    )
    rows = newest_first(rows, turned=page.min_id is not None)
    found = await accounts(call, (row["id"] for row in rows))
    links = link_header(call, page, [row["follow_id"] for row in rows])
    return answer_list([found[row["id"]] for row in rows], links)


async def verify_credentials(call: Call) -> Response:
    """GET /api/v1/accounts/verify_credentials: oneself, with what only oneself sees."""
    return await _credentials(call, await call.viewer())


async def _credentials(call: Call, actor: Row) -> Response:
    rendered = await account(call, actor)
    defaults = await own_defaults(call)
    requests = await call.node.db.value(
        "SELECT COUNT(*) FROM follow WHERE target_id = ? AND state = 'pending'", actor["id"]
    )
    more: Entity = {
        "source": {
            "privacy": shown_visibility(call.node, defaults),
            "audience": audience_word(call.node, defaults),
            "sensitive": defaults.get("sensitive", False),
            "language": defaults.get("language"),
            "note": plain_text(actor["summary_html"]),
            "fields": [
                field | {"value": plain_text(field["value"])} for field in fields(actor["fields"])
            ],
            "follow_requests_count": requests,
            "hide_collections": bool(actor["hide_collections"]),
            "discoverable": bool(actor["discoverable"]),
            "indexable": bool(actor["indexable"]),
            "attribution_domains": orjson.loads(actor["attribution_domains"]),
            "quote_policy": defaults.get("quote_policy", "public"),
        },
        "role": role_entity((call.token and call.token.role) or "member", call.language),
    }
    return answer_bytes(rendered[:-1] + b"," + orjson.dumps(more)[1:])


async def update_credentials(call: Call) -> Response:
    """PATCH /api/v1/accounts/update_credentials: change one's profile and tell followers."""
    async with sent(call) as came:
        changes = changes_in(came.params)
        defaults = read_defaults(came.params.table("source"))
        changes |= await pictures_in(call, came)
    actor = await call.viewer()
    changed = await update_profile(call.node, actor, changes) if changes else actor
    if defaults:
        await store_defaults(call, defaults)
    if changed["updated_at"] != actor["updated_at"]:
        await publish_profile(call.node, changed)
    return await _credentials(call, changed)


def changes_in(params: Params) -> ProfileChanges:
    """What a request changes of the caller's profile; Invalid naming what is no value."""
    changes: ProfileChanges = {}
    name, note = params.text("display_name"), params.text("note", 20_000)
    if name is not None:
        changes["display_name"] = name
    if note is not None:
        changes["summary"] = note
    for key in FLAGS:
        value = params.flag(key)
        if value is not None:
            changes[key] = value
    if (described := params.text("avatar_description")) is not None:
        changes["icon_description"] = described
    if (described := params.text("header_description")) is not None:
        changes["image_description"] = described
    if "attribution_domains" in params:
        changes["attribution_domains"] = params.texts("attribution_domains", DOMAINS_READ_MAX)
    if "fields_attributes" in params:
        changes["fields"] = [
            {"name": field.text("name") or "", "value": field.text("value") or ""}
            for field in params.tables("fields_attributes")
        ]
    return changes


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", "/api/v1/accounts/verify_credentials", "person", "profile", verify_credentials),
    Entry(
        "PUT PATCH",
        "/api/v1/accounts/update_credentials",
        "person",
        "write:accounts",
        update_credentials,
    ),
    Entry(
        "DELETE",
        "/api/v1/profile/avatar",
        "person",
        "write:accounts",
        taken_off({"icon_url": None, "icon_description": ""}, verify_credentials),
    ),
    Entry(
        "DELETE",
        "/api/v1/profile/header",
        "person",
        "write:accounts",
        taken_off({"image_url": None, "image_description": ""}, verify_credentials),
    ),
    Entry("GET", "/api/v1/accounts/lookup", "reader", "read:accounts", lookup),
    Entry("GET", "/api/v1/accounts", "reader", "read:accounts", several),
    Entry("GET", "/api/v1/accounts/{id}", "reader", "read:accounts", show),
    Entry("GET", "/api/v1/accounts/{id}/statuses", "reader", "read:statuses", account_statuses),
    Entry("GET", "/api/v1/accounts/{id}/followers", "reader", "read:accounts", followers),
    Entry("GET", "/api/v1/accounts/{id}/following", "reader", "read:accounts", following),
)
