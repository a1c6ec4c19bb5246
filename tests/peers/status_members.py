"""The members of an expected `status`, each read from what is stored of it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from federation.database import Row
from federation.html import plain_text
from tests.peers.stage import Stage

VISIBILITY = {"public": "public", "unlisted": "unlisted", "followers": "private", "named": "direct"}


async def check_status(stage: Stage, row: Row, expected: dict[str, Any]) -> None:
    shown = await _shown(stage, row)
    text = f"{row['title'] or ''}\n{plain_text(row['content_html'])}"
    for name, value in expected.items():
        if name == "content_contains":
            assert value in text
        elif name == "content_lacks":
            assert value not in text
        elif value == "not_after_now":
            assert row["published_at"] <= stage.clock.now_ms
        else:
            assert shown[name] == value, f"{name} is {shown[name]!r}"


async def _shown(stage: Stage, row: Row) -> dict[str, Any]:
    db, status_id = stage.node.db, row["id"]
    tags = await db.rows(
        "SELECT t.name FROM status_tag st JOIN tag t ON t.id = st.tag_id WHERE st.status_id = ?"
        " ORDER BY t.name",
        status_id,
    )
    media = await db.rows(
        "SELECT * FROM attachment WHERE status_id = ? ORDER BY position", status_id
    )
    named = "SELECT count(*) FROM mention WHERE status_id = ? AND NOT silent"
    return {
        "type": row["type"],
        "url": row["url"],
        "spoiler_text": row["summary"],
        "sensitive": bool(row["sensitive"]),
        "visibility": VISIBILITY[row["audience_kind"]],
        "language": row["language"],
        "mentions": await db.value(named, status_id),
        "tags": [tag["name"] for tag in tags],
        "emojis": [emoji["shortcode"] for emoji in orjson.loads(row["emojis"])],
        "in_reply_to": row["in_reply_to_uri"],
        "quote": row["quote_uri"],
        "created_at": _moment(row["published_at"]),
        "edited": row["edited_at"] is not None,
        "edited_at": _moment(row["edited_at"] or 0),
        **_media(media),
        **await _poll(stage, status_id),
    }


def _media(media: Sequence[Row]) -> dict[str, Any]:
    first: Any = media[0] if media else {"blurhash": None, "focus_x": None, "focus_y": None}
    return {
        "attachments": len(media),
        "attachment_types": [item["type"] for item in media],
        "descriptions": [item["description"] or "" for item in media],
        "blurhash": first["blurhash"],
        "focus": [first["focus_x"], first["focus_y"]],
    }


async def _poll(stage: Stage, status_id: int) -> dict[str, Any]:
    poll = await stage.node.db.row("SELECT * FROM poll WHERE status_id = ?", status_id)
    if poll is None:
        return {}
    options = await stage.node.db.rows(
        "SELECT * FROM poll_option WHERE poll_id = ? ORDER BY position", poll["id"]
    )
    return {
        "poll_options": [option["title"] for option in options],
        "poll_votes": [option["votes_count"] for option in options],
        "poll_multiple": bool(poll["multiple"]),
        "voters": poll["voters_count"],
    }


def _moment(at_ms: int) -> str:
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at_ms % 1000:03d}Z"
