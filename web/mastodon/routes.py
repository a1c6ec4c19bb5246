"""Every path of the client API: the entries of its modules in one table, and the way to each.

The table is the whole truth about access: the tests try each entry with each scope. A path
written out wins over one with a place for an id, whatever their order.
"""

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from federation.errors import NotFound
from web.mastodon import (
    accounts,
    announcements,
    apps,
    audiences,
    conversations,
    directory,
    domain_blocks,
    edits,
    emojis,
    endorsements,
    export,
    filters,
    filters_v1,
    grouped_notifications,
    instance,
    lists,
    media,
    notification_requests,
    notifications,
    polls,
    preferences,
    profile,
    push,
    quotes,
    relationships,
    reports,
    scheduled,
    search,
    signup,
    site,
    statuses,
    streaming,
    tags,
    timelines,
    translations,
    trends,
)
from web.mastodon.admin.entries import ENTRIES as ADMIN_ENTRIES
from web.mastodon.call import Call, Endpoint, Entry

TABLE: tuple[Entry, ...] = (
    *accounts.ENTRIES,
    *ADMIN_ENTRIES,
    *announcements.ENTRIES,
    *apps.ENTRIES,
    *audiences.ENTRIES,
    *directory.ENTRIES,
    *conversations.ENTRIES,
    *domain_blocks.ENTRIES,
    *edits.ENTRIES,
    *emojis.ENTRIES,
    *endorsements.ENTRIES,
    *export.ENTRIES,
    *filters.ENTRIES,
    *filters_v1.ENTRIES,
    *grouped_notifications.ENTRIES,
    *instance.ENTRIES,
    *lists.ENTRIES,
    *media.ENTRIES,
    *notification_requests.ENTRIES,
    *notifications.ENTRIES,
    *polls.ENTRIES,
    *preferences.ENTRIES,
    *push.ENTRIES,
    *profile.ENTRIES,
    *quotes.ENTRIES,
    *relationships.ENTRIES,
    *reports.ENTRIES,
    *scheduled.ENTRIES,
    *search.ENTRIES,
    *signup.ENTRIES,
    *site.ENTRIES,
    *statuses.ENTRIES,
    *streaming.ENTRIES,
    *tags.ENTRIES,
    *timelines.ENTRIES,
    *trends.ENTRIES,
    *translations.ENTRIES,
)


async def unknown(_call: Call) -> Response:
    """Whatever this release does not have answers as if it had never been heard of."""
    raise NotFound("record.not_found")


class Paths:
    """Finds the endpoint of a path in a few steps, however many there are."""

    def __init__(self, table: tuple[Entry, ...]) -> None:
        self._written: dict[tuple[str, str], Endpoint] = {}
        # By method, number of segments and collection; then in the order of the table.
        self._placed: dict[tuple[str, int, str], list[tuple[list[str], Endpoint]]] = {}
        for entry in table:
            endpoint = Endpoint(entry.handler, entry.access, entry.scope, entry.permission)
            for method in entry.methods.split():
                self._add(method, entry.path, endpoint)
        # Clients tell an old server from a broken one by this 404, so no path answers 405.
        self._unknown = Endpoint(unknown, "anybody", None)

    def _add(self, method: str, path: str, endpoint: Endpoint) -> None:
        if "{" not in path:
            self._written[method, path] = endpoint
            return
        segments = path.split("/")
        key = (method, len(segments), segments[3])
        self._placed.setdefault(key, []).append((segments, endpoint))

    def find(self, method: str, path: str) -> tuple[Endpoint, dict[str, str]]:
        """The endpoint of a path and what stands at its places."""
        method = "GET" if method == "HEAD" else method
        # Mastodon.py asks for /api/v2/instance/.
        path = path.removesuffix("/")
        endpoint = self._written.get((method, path))
        if endpoint is not None:
            return endpoint, {}
        segments = path.split("/")
        if len(segments) > 3:
            for wanted, candidate in self._placed.get((method, len(segments), segments[3]), ()):
                places = _places(wanted, segments)
                if places is not None:
                    return candidate, places
        return self._unknown, {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        endpoint, scope["path_params"] = self.find(scope["method"], scope["path"])
        await endpoint(scope, receive, send)


def _places(wanted: list[str], came: list[str]) -> dict[str, str] | None:
    places: dict[str, str] = {}
    for pattern, segment in zip(wanted, came, strict=True):
        if pattern[:1] == "{":
            if not segment:
                return None
            places[pattern[1:-1]] = segment
        elif pattern != segment:
            return None
    return places
