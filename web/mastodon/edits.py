"""Edits: a status says something else, and what it said before can be read by its readers."""

from collections.abc import Mapping
from typing import cast

import orjson
from starlette.responses import Response

from federation.database import Row
from federation.errors import NotFound
from outbox.edits import edit
from outbox.history import Kept, Version, versions
from outbox.visibility import PUBLIC_KINDS
from web.mastodon.attachments import own_media
from web.mastodon.call import Call, Entry, answer_bytes, answer_list
from web.mastodon.drafts import read_revision
from web.mastodon.entities import accounts, status
from web.mastodon.serializers import Entity, emojis, timestamp
from web.mastodon.statuses import load, own


async def update(call: Call) -> Response:
    """PUT /api/v1/statuses/:id: one's own status says this now; its readers stay the same."""
    row = await own(call)
    if row["reblog_of_id"] is not None:
        raise NotFound("record.not_found")
    params = await call.params()
    edited = await edit(call.node, await call.viewer(), row, read_revision(call, params))
    return answer_bytes(await status(call, edited))


async def history(call: Call) -> Response:
    """GET /api/v1/statuses/:id/history: all it said, oldest first, and what it says now."""
    row = await load(call)
    people = await accounts(call, [row["actor_id"]])
    author = people[row["actor_id"]]
    found = await versions(call.node.db, row)
    # An edit does not change what is quoted.
    quote = orjson.loads(await status(call, row))["quote"] if row["quote_state"] else None
    present = await _present(call, row)
    edits: list[bytes] = []
    for version in found:
        entity = _edit(call, version, [_media(call, row, item, present) for item in version.media])
        if quote is not None:
            entity["quote"] = quote
        # The account is rendered already: it is put in as bytes.
        edits.append(b'{"account":%b,%b' % (author, orjson.dumps(entity)[1:]))
    return answer_list(edits)


async def _present(call: Call, row: Row) -> dict[int | str, Row]:
    """The attachments that the caller can open: by their id, and by where they stand elsewhere."""
    rows = await call.node.db.rows(
        "SELECT * FROM attachment WHERE status_id = ? OR (actor_id = ? AND actor_id = ?"
        " AND status_id IS NULL)",
        row["id"],
        row["actor_id"],
        call.viewer_id or 0,
    )
    found: dict[int | str, Row] = {item["id"]: item for item in rows}
    return found | {item["remote_url"]: item for item in rows if item["remote_url"]}


def _media(call: Call, row: Row, item: Kept, present: Mapping[int | str, Row]) -> Entity:
    """A MediaAttachment of a version; without an address when its file can be read no more.

    Of somebody elsewhere each edit brings the attachments anew, under other ids.
    """
    is_public = row["audience_kind"] in PUBLIC_KINDS
    now = present.get(item["id"]) or present.get(item["remote_url"] or "")
    if now is None:
        entity = own_media(call, cast(Row, item), is_public=False)
        return entity | {"url": None, "preview_url": None}
    kept = Kept(now) | {name: item[name] for name in ("description", "focus_x", "focus_y")}
    return own_media(call, cast(Row, kept), is_public=is_public)


def _edit(call: Call, version: Version, media: list[Entity]) -> Entity:
    """A StatusEdit without its account."""
    entity: Entity = {
        "content": version.content_html,
        "spoiler_text": version.summary,
        "sensitive": version.sensitive,
        "created_at": timestamp(version.created_at),
        "media_attachments": media,
        "emojis": emojis(call.node, version.emojis),
    }
    if version.poll_options is not None:
        entity["poll"] = {"options": [{"title": title} for title in version.poll_options]}
    return entity


ENTRIES: tuple[Entry, ...] = (
    Entry("PUT PATCH", "/api/v1/statuses/{id}", "person", "write:statuses", update),
    Entry("GET", "/api/v1/statuses/{id}/history", "reader", "read:statuses", history),
)
