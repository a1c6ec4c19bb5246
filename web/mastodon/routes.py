"""Every path of the client API, who may call it, and the scope that takes.

The table is the whole truth about access: the tests try each row with each scope. Hot paths
stand first, since routes are tried in order.
"""

from typing import NamedTuple

from starlette.responses import Response
from starlette.routing import Route

from federation.errors import NotFound
from outbox import interactions, relations
from web.mastodon import (
    accounts,
    apps,
    instance,
    notifications,
    preferences,
    relationships,
    search,
    statuses,
    timelines,
)
from web.mastodon.call import Access, Call, Endpoint, Handler
from web.mastodon.relationships import decide, deed
from web.mastodon.statuses import act


class Row(NamedTuple):
    """One method of one path."""

    methods: str
    path: str
    access: Access
    scope: str | None
    handler: Handler


async def unknown(_call: Call) -> Response:
    """Whatever this release does not have answers as if it had never been heard of."""
    raise NotFound("record.not_found")


A, S = "/api/v1/accounts", "/api/v1/statuses"
UPDATE = "PUT PATCH"

TABLE: tuple[Row, ...] = (
    Row("GET", "/api/v1/timelines/home", "person", "read:statuses", timelines.home),
    Row("GET", "/api/v1/timelines/public", "reader", "read:statuses", timelines.public),
    Row("GET", "/api/v1/timelines/tag/{hashtag}", "reader", "read:statuses", timelines.tag),
    Row("GET", "/api/v1/notifications", "person", "read:notifications", notifications.listing),
    Row("GET", f"{S}/{{id}}", "reader", "read:statuses", statuses.show),
    Row("POST", S, "person", "write:statuses", statuses.create),
    Row("GET", S, "reader", "read:statuses", statuses.several),
    Row("DELETE", f"{S}/{{id}}", "person", "write:statuses", statuses.delete),
    Row("GET", f"{S}/{{id}}/context", "reader", "read:statuses", statuses.context),
    Row("GET", f"{S}/{{id}}/source", "person", "read:statuses", statuses.source),
    Row("GET", f"{S}/{{id}}/favourited_by", "reader", "read:statuses", statuses.favourited_by),
    Row("GET", f"{S}/{{id}}/reblogged_by", "reader", "read:statuses", statuses.reblogged_by),
    Row("POST", f"{S}/{{id}}/reblog", "person", "write:statuses", statuses.reblog),
    Row("POST", f"{S}/{{id}}/unreblog", "person", "write:statuses", act(interactions.unreblog)),
    Row(
        "POST",
        f"{S}/{{id}}/favourite",
        "person",
        "write:favourites",
        act(interactions.favourite),
    ),
    Row(
        "POST",
        f"{S}/{{id}}/unfavourite",
        "person",
        "write:favourites",
        act(interactions.unfavourite),
    ),
    Row("POST", f"{S}/{{id}}/bookmark", "person", "write:bookmarks", act(interactions.bookmark)),
    Row(
        "POST", f"{S}/{{id}}/unbookmark", "person", "write:bookmarks", act(interactions.unbookmark)
    ),
    Row("GET", f"{A}/verify_credentials", "person", "profile", accounts.verify_credentials),
    Row(UPDATE, f"{A}/update_credentials", "person", "write:accounts", accounts.update_credentials),
    Row("GET", f"{A}/relationships", "person", "read:follows", relationships.relationships),
    Row("GET", f"{A}/search", "person", "read:accounts", search.accounts_search),
    Row("GET", f"{A}/lookup", "reader", "read:accounts", accounts.lookup),
    Row("GET", A, "reader", "read:accounts", accounts.several),
    Row("GET", f"{A}/{{id}}", "reader", "read:accounts", accounts.show),
    Row("GET", f"{A}/{{id}}/statuses", "reader", "read:statuses", accounts.account_statuses),
    Row("GET", f"{A}/{{id}}/followers", "reader", "read:accounts", accounts.followers),
    Row("GET", f"{A}/{{id}}/following", "reader", "read:accounts", accounts.following),
    Row("POST", f"{A}/{{id}}/follow", "person", "write:follows", relationships.follow),
    Row("POST", f"{A}/{{id}}/unfollow", "person", "write:follows", deed(relations.unfollow)),
    Row(
        "POST",
        f"{A}/{{id}}/remove_from_followers",
        "person",
        "write:follows",
        deed(relationships.remove_follower),
    ),
    Row("POST", f"{A}/{{id}}/block", "person", "write:blocks", deed(relations.block)),
    Row("POST", f"{A}/{{id}}/unblock", "person", "write:blocks", deed(relations.unblock)),
    Row("POST", f"{A}/{{id}}/mute", "person", "write:mutes", relationships.mute),
    Row("POST", f"{A}/{{id}}/unmute", "person", "write:mutes", relationships.unmute),
    Row("GET", "/api/v1/blocks", "person", "read:blocks", relationships.blocks),
    Row("GET", "/api/v1/mutes", "person", "read:mutes", relationships.mutes),
    Row("GET", "/api/v1/follow_requests", "person", "read:follows", relationships.follow_requests),
    Row(
        "POST",
        "/api/v1/follow_requests/{id}/authorize",
        "person",
        "write:follows",
        decide(relations.accept_follow),
    ),
    Row(
        "POST",
        "/api/v1/follow_requests/{id}/reject",
        "person",
        "write:follows",
        decide(relations.reject_follow),
    ),
    Row("GET", "/api/v1/favourites", "person", "read:favourites", timelines.favourites),
    Row("GET", "/api/v1/bookmarks", "person", "read:bookmarks", timelines.bookmarks),
    Row(
        "GET",
        "/api/v1/notifications/unread_count",
        "person",
        "read:notifications",
        notifications.unread_count,
    ),
    Row(
        "POST", "/api/v1/notifications/clear", "person", "write:notifications", notifications.clear
    ),
    Row("GET", "/api/v1/notifications/{id}", "person", "read:notifications", notifications.show),
    Row(
        "POST",
        "/api/v1/notifications/{id}/dismiss",
        "person",
        "write:notifications",
        notifications.dismiss,
    ),
    Row("GET", "/api/v1/markers", "person", "read:statuses", notifications.markers),
    Row("POST", "/api/v1/markers", "person", "write:statuses", notifications.move_markers),
    Row("GET", "/api/v2/search", "person", "read:search", search.search),
    Row("GET", "/api/v1/preferences", "person", "read:accounts", preferences.preferences),
    Row("POST", "/api/v1/apps", "anybody", None, apps.register),
    Row("GET", "/api/v1/apps/verify_credentials", "application", None, apps.verify_credentials),
    Row("GET", "/api/v1/instance", "anybody", None, instance.instance_v1),
    Row("GET", "/api/v2/instance", "anybody", None, instance.instance_v2),
    Row("GET", "/api/v1/instance/rules", "anybody", None, instance.empty_list),
    Row(
        "GET",
        "/api/v1/instance/extended_description",
        "anybody",
        None,
        instance.extended_description,
    ),
    Row("GET", "/api/v1/custom_emojis", "anybody", None, instance.empty_list),
    # Nothing can be made of these yet, so nobody has any; clients ask at their start.
    Row("GET", "/api/v1/announcements", "person", None, instance.empty_list),
    Row("GET", "/api/v1/filters", "person", "read:filters", instance.empty_list),
    Row("GET", "/api/v2/filters", "person", "read:filters", instance.empty_list),
    Row("GET", "/api/v1/lists", "person", "read:lists", instance.empty_list),
)

ROUTES: list[Route] = [
    Route(row.path, Endpoint(row.handler, row.access, row.scope), methods=row.methods.split())
    for row in TABLE
]
# Clients tell an old server from a broken one by this 404, so no path answers 405.
ROUTES.append(Route("/api/{path:path}", Endpoint(unknown, "anybody", None)))
