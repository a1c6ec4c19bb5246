"""Polls as their reader sees them, and votes; a poll is seen by whoever sees its status."""

from collections.abc import Sequence

import orjson
from starlette.responses import Response

from federation.database import Row, marks
from federation.errors import Invalid, NotFound
from inbox.poll_refreshing import want_figures
from outbox.drafts import PollDraft
from outbox.polls import OPTIONS_MAX
from outbox.tallies import cast_votes
from outbox.visibility import visible
from web.mastodon.call import Call, Entry, answer_bytes
from web.mastodon.params import Params
from web.mastodon.serializers import poll
from web.mastodon.view import View


async def polls(call: View, status_ids: Sequence[int]) -> dict[int, bytes]:
    """The Polls of these statuses, by the id of the status."""
    if not status_ids:
        return {}
    db = call.node.db
    rows = await db.rows(
        "SELECT poll.*, status.emojis FROM poll JOIN status ON status.id = poll.status_id"
        f" WHERE status_id IN ({marks(status_ids)})",
        *status_ids,
    )
    ids = [row["id"] for row in rows]
    if not ids:
        return {}
    options: dict[int, list[Row]] = {}
    for option in await db.rows(
        f"SELECT poll_option.* FROM poll_option WHERE poll_id IN ({marks(ids)})"
        " ORDER BY poll_id, position",
        *ids,
    ):
        options.setdefault(option["poll_id"], []).append(option)
    own = await _own(call, ids)
    now = call.node.clock()
    return {
        row["status_id"]: orjson.dumps(
            poll(
                call.node,
                row,
                options.get(row["id"], []),
                now,
                None if call.viewer_id is None else own.get(row["id"], []),
            )
        )
        for row in rows
    }


async def _own(call: View, poll_ids: Sequence[int]) -> dict[int, list[int]]:
    if call.viewer_id is None:
        return {}
    found: dict[int, list[int]] = {}
    for vote in await call.node.db.rows(
        f"SELECT poll_id, choice FROM poll_vote WHERE actor_id = ?"
        f" AND poll_id IN ({marks(poll_ids)}) ORDER BY choice",
        call.viewer_id,
        *poll_ids,
    ):
        found.setdefault(vote["poll_id"], []).append(vote["choice"])
    return found


def read_poll(params: Params) -> PollDraft | None:
    """The poll of a status that is written, from `poll[…]`; None when there is none."""
    table = params.table("poll")
    if not table.names():
        return None
    return PollDraft(
        tuple(table.texts("options")),
        table.number("expires_in"),
        bool(table.flag("multiple")),
        bool(table.flag("hide_totals")),
    )


async def show(call: Call) -> Response:
    """GET /api/v1/polls/:id: with the caller's own votes.

    For a person, one elsewhere is looked at again afterwards; the answer does not wait for it.
    """
    status = await _status(call)
    if call.viewer_id is not None:
        await want_figures(call.node, status)
    return await _answer(call, status)


async def vote(call: Call) -> Response:
    """POST /api/v1/polls/:id/votes: vote for the options at the places `choices[]`."""
    status = await _status(call)
    params = await call.params()
    texts = params.texts("choices", OPTIONS_MAX + 1)
    if not texts:
        raise Invalid("param.missing", field="choices")
    if not all(text.isascii() and text.isdigit() and len(text) < 4 for text in texts):
        raise Invalid("vote.unknown_option", field="choices")
    await cast_votes(call.node, await call.viewer(), status, [int(text) for text in texts])
    return await _answer(call, status)


async def _status(call: Call) -> Row:
    """The status of the poll of the path, if the caller may see it; NotFound for all else."""
    status_id = await call.node.db.value("SELECT status_id FROM poll WHERE id = ?", call.path_id())
    status = None if status_id is None else await visible(call.node.db, call.who, status_id)
    if status is None:
        raise NotFound("record.not_found")
    return status


async def _answer(call: Call, status: Row) -> Response:
    rendered = await polls(call, [status["id"]])
    if status["id"] not in rendered:
        raise NotFound("record.not_found")
    return answer_bytes(rendered[status["id"]])


ENTRIES: tuple[Entry, ...] = (
    Entry("GET", "/api/v1/polls/{id}", "reader", "read:statuses", show),
    Entry("POST", "/api/v1/polls/{id}/votes", "person", "write:statuses", vote),
)
