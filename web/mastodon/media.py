"""Uploads: sent, described, and taken back, each by its sender alone and while no status has it."""

import asyncio
import math
from pathlib import Path

from starlette.responses import Response

from federation.database import Row, Transaction
from federation.errors import Invalid, NotFound, describe
from outbox import previews, uploads
from outbox.attachments import DESCRIPTION_CHARACTERS_MAX
from outbox.uploads import About, work_folder
from web.mastodon.attachments import own_media
from web.mastodon.call import Call, Entry, answer
from web.mastodon.params import Params
from web.mastodon.uploads import MEDIA_PATH, Sent, sent

describe({"media.focus": "{field} must be two numbers from -1 to 1, with a comma between."})


async def create_at_once(call: Call) -> Response:
    """POST /api/v1/media: answers when the file is processed."""
    row = await _create(call, at_once=True)
    if row["progress"] == "failed":
        await uploads.forget(call.node, row["id"])
        raise Invalid(row["failure"], field="file")
    return answer(own_media(call, row))


async def create(call: Call) -> Response:
    """POST /api/v2/media: 200 when the file is processed, 202 while it waits for that."""
    row = await _create(call, at_once=False)
    return answer(own_media(call, row), 200 if row["progress"] == "done" else 202)


async def _create(call: Call, *, at_once: bool) -> Row:
    node = call.node
    async with sent(call) as came, work_folder(node) as folder:
        about = _about(came)
        path = await came.save("file", folder)
        thumbnail = await _thumbnail(call, came, folder / "thumbnail")
        row = await uploads.take_in(node, call.actor_id, path, about, at_once=at_once)
        if thumbnail is not None and row["type"] != "image":
            await previews.replace(node, row["id"], thumbnail)
        return await uploads.get(node, row["id"])


async def _thumbnail(call: Call, came: Sent, folder: Path) -> uploads.Made | None:
    if "thumbnail" not in came:
        return None
    await asyncio.to_thread(folder.mkdir)
    return await previews.made_of(
        call.node, await came.save("thumbnail", folder), folder, "thumbnail"
    )


def _about(came: Sent) -> About:
    return About(
        description=_description(came.params),
        focus=_focus(came.params),
        file_name=came.file_name("file") if "file" in came else None,
    )


def _description(params: Params) -> str | None:
    return params.text("description", DESCRIPTION_CHARACTERS_MAX)


def _focus(params: Params) -> tuple[float, float] | None:
    text = params.text("focus", 100)
    if not text:
        return None
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Invalid("media.focus", field="focus") from error
    if not all(math.isfinite(n) and -1 <= n <= 1 for n in (x, y)):
        raise Invalid("media.focus", field="focus")
    return x, y


async def show(call: Call) -> Response:
    """GET /api/v1/media/:id: 206 while it is processed; 422 when nothing came of it."""
    row = await call.node.db.row(
        "SELECT * FROM attachment WHERE id = ? AND actor_id = ?", call.path_id(), call.actor_id
    )
    if row is None:
        raise NotFound("record.not_found")
    if row["progress"] == "failed":
        raise Invalid(row["failure"], field="file")
    return answer(own_media(call, row), 200 if row["progress"] == "done" else 206)


async def _own(call: Call) -> Row:
    row = await call.node.db.row(
        "SELECT * FROM attachment WHERE id = ? AND actor_id = ? AND status_id IS NULL",
        call.path_id(),
        call.actor_id,
    )
    if row is None:
        raise NotFound("record.not_found")
    return row


async def update(call: Call) -> Response:
    """PUT /api/v1/media/:id: alternative text, focal point, thumbnail."""
    row = await _own(call)
    node = call.node
    async with sent(call) as came, work_folder(node) as folder:
        params = came.params
        changes: dict[str, object] = {}
        if "description" in params:
            changes["description"] = _description(params) or None
        focus = _focus(params)
        if focus is not None:
            changes["focus_x"], changes["focus_y"] = focus
        thumbnail = await _thumbnail(call, came, folder / "thumbnail")
        if changes:
            await node.db.write(lambda tx: _change(tx, row["id"], changes))
        if thumbnail is not None and row["type"] != "image":
            await previews.replace(node, row["id"], thumbnail)
    return answer(own_media(call, await _own(call)))


async def _change(tx: Transaction, media_id: int, changes: dict[str, object]) -> None:
    settings = ", ".join(f"{name} = ?" for name in changes)
    await tx.execute(
        f"UPDATE attachment SET {settings} WHERE id = ? AND status_id IS NULL",
        *changes.values(),
        media_id,
    )


async def delete(call: Call) -> Response:
    """DELETE /api/v1/media/:id."""
    row = await _own(call)
    await uploads.forget(call.node, row["id"])
    return answer({})


ENTRIES: tuple[Entry, ...] = (
    Entry("POST", MEDIA_PATH, "person", "write:media", create_at_once),
    Entry("POST", "/api/v2/media", "person", "write:media", create),
    Entry("GET", "/api/v1/media/{id}", "person", "write:media", show),
    Entry("PUT PATCH", "/api/v1/media/{id}", "person", "write:media", update),
    Entry("DELETE", "/api/v1/media/{id}", "person", "write:media", delete),
)
