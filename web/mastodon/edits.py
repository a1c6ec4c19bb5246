"""Edits: a status says something else, and what it said before can be read by its readers."""

import orjson
from starlette.responses import Response

from federation.errors import NotFound
from outbox.edits import edit
from outbox.history import Version, versions
from outbox.quotes import POLICIES, set_policy
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
    revision = read_revision(call, params)
    policy = params.choice("quote_approval_policy", POLICIES)
    edited = await edit(call.node, await call.viewer(), row, revision)
    if policy is not None:
        # No edit: who may quote it from now on, which clients send along.
        await set_policy(call.node, edited, policy)
        edited = await own(call)
    return answer_bytes(await status(call, edited))


async def history(call: Call) -> Response:
    """GET /api/v1/statuses/:id/history: all it said, oldest first, and what it says now."""
    row = await load(call)
    people = await accounts(call, [row["actor_id"]])
    author = people[row["actor_id"]]
    found = await versions(call.node.db, row)
    is_public = row["audience_kind"] in PUBLIC_KINDS
    edits = [orjson.dumps(_edit(call, version, is_public=is_public)) for version in found]
    # The account is rendered already: it is put in as bytes.
    return answer_list([b'{"account":%b,%b' % (author, entity[1:]) for entity in edits])


def _edit(call: Call, version: Version, *, is_public: bool) -> Entity:
    """A StatusEdit without its account."""
    media = [own_media(call, item, is_public=is_public) for item in version.media]
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
