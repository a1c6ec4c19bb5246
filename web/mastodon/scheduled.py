"""Scheduled statuses: each seen, moved and cancelled by its author alone."""

from starlette.responses import Response

from federation.errors import Invalid
from outbox import scheduled
from outbox.drafts import Draft
from outbox.scheduled import Scheduled
from web.mastodon.attachments import own_media
from web.mastodon.call import Call, Entry, answer
from web.mastodon.drafts import read_moment
from web.mastodon.pagination import bounds, link_header, page_of
from web.mastodon.preferences import VISIBILITIES
from web.mastodon.rendering import newest_first
from web.mastodon.serializers import Entity, timestamp


async def schedule_draft(call: Call, draft: Draft, moment: int) -> Response:
    """Keep a draft for later and answer the ScheduledStatus."""
    viewer = await call.viewer()
    kept = await scheduled.schedule(call.node, viewer, call.account_id, draft, moment)
    return answer(_entity(call, kept))


async def listing(call: Call) -> Response:
    """GET /api/v1/scheduled_statuses: newest first."""
    page = page_of(call)
    condition, args, order = bounds(page, "s.id")
    rows = await call.node.db.rows(
        f"SELECT s.* FROM scheduled_status s WHERE s.account_id = ? AND {condition}"
        f" ORDER BY {order} LIMIT ?",
        call.account_id,
        *args,
        page.limit,
    )
    rows = newest_first(rows, turned=page.min_id is not None)
    found = [_entity(call, await scheduled.read(call.node.db, row)) for row in rows]
    return answer(found, headers=link_header(call, page, [row["id"] for row in rows]))


async def show(call: Call) -> Response:
    """GET /api/v1/scheduled_statuses/:id."""
    return answer(_entity(call, await scheduled.get(call.node.db, call.account_id, call.path_id())))


async def move(call: Call) -> Response:
    """PUT /api/v1/scheduled_statuses/:id: publish it at another moment."""
    kept = await scheduled.get(call.node.db, call.account_id, call.path_id())
    moment = read_moment(await call.params(), "scheduled_at")
    if moment is None:
        raise Invalid("param.missing", field="scheduled_at")
    return answer(_entity(call, await scheduled.move(call.node, call.account_id, kept.id, moment)))


async def cancel(call: Call) -> Response:
    """DELETE /api/v1/scheduled_statuses/:id."""
    await scheduled.cancel(call.node, call.account_id, call.path_id())
    return answer({})


def _entity(call: Call, kept: Scheduled) -> Entity:
    """A ScheduledStatus."""
    draft, poll = kept.draft, kept.draft.poll
    params: Entity = {
        "text": draft.text,
        "poll": None
        if poll is None
        else {
            "options": list(poll.options),
            "expires_in": poll.lasts_s,
            "multiple": poll.multiple,
            "hide_totals": poll.hide_totals,
        },
        "media_ids": [str(media["id"]) for media in kept.media] or None,
        "sensitive": draft.sensitive,
        "spoiler_text": draft.spoiler_text or None,
        # Clients know four words; who reads a post for this site alone is said when it is out.
        "visibility": draft.visibility if draft.visibility in VISIBILITIES else "private",
        "in_reply_to_id": draft.in_reply_to_id,
        "language": draft.language,
        "application_id": draft.application_id or 0,
        "scheduled_at": None,
        "idempotency": draft.idempotency_key,
        "with_rate_limit": False,
        "quoted_status_id": None if draft.quoted_status_id is None else str(draft.quoted_status_id),
        "quote_approval_policy": draft.quote_policy,
    }
    return {
        "id": str(kept.id),
        "scheduled_at": timestamp(kept.scheduled_at),
        "params": params,
        "media_attachments": [own_media(call, row) for row in kept.media],
    }


PATH = "/api/v1/scheduled_statuses"

ENTRIES: tuple[Entry, ...] = (
    Entry("GET", PATH, "person", "read:statuses", listing),
    Entry("GET", f"{PATH}/{{id}}", "person", "read:statuses", show),
    Entry("PUT PATCH", f"{PATH}/{{id}}", "person", "write:statuses", move),
    Entry("DELETE", f"{PATH}/{{id}}", "person", "write:statuses", cancel),
)
