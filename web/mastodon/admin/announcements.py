"""Announcements as those who communicate for the site write them."""

from dataclasses import replace
from datetime import UTC, datetime

from starlette.responses import Response

from actors.permissions import Permission
from federation.database import Row
from federation.errors import Invalid, NotFound, describe
from inbox import announcements
from inbox.announcements import (
    ESSENTIAL_ACT,
    REASON_CHARACTERS_MAX,
    TEXT_CHARACTERS_MAX,
    Draft,
)
from web.mastodon.admin.acts import done
from web.mastodon.announcements import announcement_entity
from web.mastodon.call import Call, Entry, answer
from web.mastodon.params import Params
from web.mastodon.serializers import Entity, maybe_timestamp

describe({"announcement.moment": "{field} must be a moment such as 2026-01-31T08:00:00Z."})


async def _entity(call: Call, row: Row) -> Entity:
    """An Announcement with what only its writers see: its text and when it is to appear."""
    return await announcement_entity(call, row) | {
        "text": row["text"],
        "published": row["published_at"] is not None,
        "scheduled_at": maybe_timestamp(row["scheduled_at"]),
        "essential_reason": row["essential_reason"],
    }


async def listing(call: Call) -> Response:
    """GET /api/v1/admin/announcements: all, newest first."""
    rows = await announcements.everything(call.node.db)
    return answer([await _entity(call, row) for row in rows])


async def create(call: Call) -> Response:
    """POST /api/v1/admin/announcements: `text`, `starts_at`, `ends_at`, `all_day`,
    `scheduled_at`; `essential_reason` for one that reaches everybody at any hour."""
    params = await call.params()
    reason = params.text("essential_reason", REASON_CHARACTERS_MAX)
    draft = replace(
        _draft(params, None), essential_reason=None if reason is None else reason.strip()
    )
    return await _shown(call, await publish(call, draft))


async def show(call: Call) -> Response:
    """GET /api/v1/admin/announcements/:id."""
    return answer(await _entity(call, await _load(call, call.path_id())))


async def change(call: Call) -> Response:
    """PUT /api/v1/admin/announcements/:id: what is not sent stays."""
    row, params = await _load(call, call.path_id()), await call.params()
    if "essential_reason" in params:
        raise Invalid("announcement.essential_new", field="essential_reason")
    draft = _draft(params, row)
    await done(
        call,
        "announcement.change",
        str(row["id"]),
        lambda tx: announcements.change(call.node, tx, row, draft),
    )
    return await _shown(call, row["id"])


async def delete(call: Call) -> Response:
    """DELETE /api/v1/admin/announcements/:id."""
    await withdraw(call, call.path_id())
    return answer({})


async def publish(call: Call, draft: Draft) -> int:
    """Publish an announcement, in the record; its number. Raises Invalid and TooMany."""
    is_essential = draft.essential_reason is not None
    return await done(
        call,
        ESSENTIAL_ACT if is_essential else "announcement.add",
        draft.text[:50],
        lambda tx: announcements.announce(call.node, tx, draft),
        draft.essential_reason or "",
    )


async def withdraw(call: Call, number: int | None) -> None:
    """Take an announcement back, in the record; NotFound when there is none."""
    row = await _load(call, number)
    await done(
        call,
        "announcement.remove",
        str(row["id"]),
        lambda tx: announcements.withdraw(call.node, tx, row["id"]),
    )


async def _load(call: Call, number: int | None) -> Row:
    row = None if number is None else await announcements.by_id(call.node.db, number)
    if row is None:
        raise NotFound("record.not_found")
    return row


async def _shown(call: Call, number: int) -> Response:
    return answer(await _entity(call, await _load(call, number)))


def _draft(params: Params, before: Row | None) -> Draft:
    def moment(name: str) -> int | None:
        if name not in params:
            return None if before is None else before[name]
        return _moment(params, name)

    text = params.text("text", TEXT_CHARACTERS_MAX)
    all_day = params.flag("all_day")
    if text is None:
        text = before["text"] if before is not None else params.required("text")
    if all_day is None:
        all_day = before is not None and bool(before["all_day"])
    return Draft(
        text=text,
        starts_at=moment("starts_at"),
        ends_at=moment("ends_at"),
        all_day=all_day,
        scheduled_at=moment("scheduled_at"),
    )


def _moment(params: Params, name: str) -> int | None:
    text = (params.text(name, 50) or "").strip()
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
        at_ms = int((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError) as error:
        raise Invalid("announcement.moment", field=name) from error
    if not 0 <= at_ms < 1 << 45:
        raise Invalid("announcement.moment", field=name)
    return at_ms


_A, _MAY = "/api/v1/admin/announcements", Permission.COMMUNICATE_OFFICIALLY

ENTRIES: tuple[Entry, ...] = (
    Entry("GET", _A, "staff", "admin:read", listing, _MAY),
    Entry("POST", _A, "staff", "admin:write", create, _MAY),
    Entry("GET", f"{_A}/{{id}}", "staff", "admin:read", show, _MAY),
    Entry("PUT PATCH", f"{_A}/{{id}}", "staff", "admin:write", change, _MAY),
    Entry("DELETE", f"{_A}/{{id}}", "staff", "admin:write", delete, _MAY),
)
