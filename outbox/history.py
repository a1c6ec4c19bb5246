"""What a status said before: each version in full, with the moment from which it stood.

The version that stands now is the status itself; what was replaced is kept beside it. Versions
are known by their moment, so those of others may come in any order and stand in the right one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from federation.database import Reader, Row, Transaction
from federation.node import Node

# Of one status; an author elsewhere decides how many it sends.
VERSIONS_MAX = 200


class Kept(dict[str, Any]):
    """A row as it was kept once: a column that came later holds nothing."""

    def __missing__(self, key: str) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Version:
    """What a status said from `created_at` on; `media` are rows of attachments."""

    content_html: str
    summary: str
    sensitive: bool
    created_at: int
    emojis: str = "[]"
    media: tuple[Kept, ...] = ()
    poll_options: tuple[str, ...] | None = None


async def current_version(reader: Reader, status: Row) -> Version:
    """What a status says now."""
    media = await reader.rows(
        "SELECT * FROM attachment WHERE status_id = ? ORDER BY position, id", status["id"]
    )
    options: Sequence[Row] | None = None
    if status["type"] == "Question":
        options = await reader.rows(
            "SELECT o.title FROM poll_option o JOIN poll ON poll.id = o.poll_id"
            " WHERE poll.status_id = ? ORDER BY o.position",
            status["id"],
        )
    return Version(
        content_html=status["content_html"],
        summary=status["summary"],
        sensitive=bool(status["sensitive"]),
        created_at=status["edited_at"] or status["published_at"],
        emojis=status["emojis"],
        media=tuple(Kept(row) for row in media),
        poll_options=None if options is None else tuple(row["title"] for row in options),
    )


async def keep_version(node: Node, tx: Transaction, status_id: int, version: Version) -> None:
    """Keep what a status said; once for each moment, and never more than VERSIONS_MAX."""
    row = await tx.row(
        "SELECT count(*) AS kept, COALESCE(sum(CASE WHEN created_at = ? THEN 1 ELSE 0 END), 0)"
        " AS same FROM status_edit WHERE status_id = ?",
        version.created_at,
        status_id,
    )
    assert row is not None, "an aggregate always has a row"
    if row["same"] or row["kept"] >= VERSIONS_MAX:
        return
    options = version.poll_options
    await tx.execute(
        "INSERT INTO status_edit (id, status_id, content_html, summary, sensitive, created_at,"
        " emojis, media, poll_options) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        node.ids.next(),
        status_id,
        version.content_html,
        version.summary,
        version.sensitive,
        version.created_at,
        version.emojis,
        orjson.dumps(version.media).decode(),
        None if options is None else orjson.dumps(options).decode(),
    )


async def versions(reader: Reader, status: Row) -> list[Version]:
    """Everything a status said, oldest first; the last is what it says now."""
    rows = await reader.rows(
        "SELECT * FROM status_edit WHERE status_id = ? ORDER BY created_at, id", status["id"]
    )
    now = await current_version(reader, status)
    return [*(_read(row) for row in rows if row["created_at"] < now.created_at), now]


def _read(row: Row) -> Version:
    options = row["poll_options"]
    return Version(
        content_html=row["content_html"],
        summary=row["summary"],
        sensitive=bool(row["sensitive"]),
        created_at=row["created_at"],
        emojis=row["emojis"],
        media=tuple(Kept(item) for item in orjson.loads(row["media"])),
        poll_options=None if options is None else tuple(orjson.loads(options)),
    )
