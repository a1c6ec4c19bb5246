"""Partings: what is known and kept of the end of an agreement, and what it would mean beforehand.

One row for each agreement that ended, on either side. It outlives the agreement's own row, so
that the end can be proved later, also after the two sites have agreed anew.
"""

from dataclasses import dataclass
from typing import Literal

import orjson

from federation.database import Reader, Row, Transaction
from federation.errors import NotFound, describe
from federation.node import Node
from federation.partnerships import Partnership
from federation.vocabulary import Document

describe({"partner.no_end": "No agreement with {origin} has ended."})

Progress = Literal["waiting", "purging", "done", "renewed"]
"""`waiting`: it ran out, and nobody has decided yet what follows."""
BY_TIME = "time"


@dataclass(frozen=True, slots=True)
class Parting:
    """One end: who ended it (an origin, or `time`), what was agreed for then, and the receipts.

    `we_keep` says whether this site may keep what the partner said, `they_keep` the other way;
    the figures are of what was removed here.
    """

    origin: str
    name: str
    agreement_uri: str
    revision: int
    digest: str
    starts_at: str
    ended_by: str
    ended_at: int
    undo_uri: str | None
    we_keep: bool
    they_keep: bool
    our_backup_days: int
    their_backup_days: int
    progress: Progress
    objects: int
    media: int
    notifications: int
    profiles: int
    objects_digest: str
    our_receipt: Document | None
    their_receipt: Document | None
    receipt_at: int | None


@dataclass(frozen=True, slots=True)
class Consequences:
    """What an end would mean now: objects on both sides, follows, and what still waits."""

    they_hold: int
    we_hold: int
    followers: int
    following: int
    waiting: int
    we_keep: bool
    they_keep: bool
    our_backup_days: int
    their_backup_days: int


async def consequences(node: Node, known: Partnership) -> Consequences:
    """Count what ends with an agreement; nothing changes."""
    origin, start = known.origin, f"{node.origin}/notes/"
    they_hold = await node.db.value(
        "SELECT COUNT(*) FROM held WHERE origin = ? AND substr(object_uri, 1, ?) = ?"
        " AND state IN ('handed_over', 'held', 'delete_sent')",
        origin,
        len(start),
        start,
    )
    we_hold = await node.db.value(
        "SELECT COUNT(*) FROM status s JOIN actor a ON a.id = s.actor_id"
        " WHERE a.origin = ? AND NOT s.is_local AND s.reblog_of_id IS NULL",
        origin,
    )
    followers = await node.db.value(
        "SELECT COUNT(*) FROM follow f JOIN actor one ON one.id = f.follower_id"
        " WHERE f.state = 'accepted' AND one.origin = ?",
        origin,
    )
    following = await node.db.value(
        "SELECT COUNT(*) FROM follow f JOIN actor two ON two.id = f.target_id"
        " WHERE f.state = 'accepted' AND two.origin = ?",
        origin,
    )
    waiting = await node.db.value(
        "SELECT COUNT(*) FROM delivery WHERE origin = ? AND progress = 'pending'", origin
    )
    return Consequences(
        they_hold=they_hold or 0,
        we_hold=we_hold or 0,
        followers=followers or 0,
        following=following or 0,
        waiting=waiting or 0,
        we_keep=known.theirs.retention_after_end == "keep",
        they_keep=known.ours.retention_after_end == "keep",
        our_backup_days=known.ours.backup_days,
        their_backup_days=known.theirs.backup_days,
    )


async def begin_parting(
    node: Node, tx: Transaction, known: Partnership, ended_by: str, undo_uri: str | None
) -> None:
    """Write down that an agreement has ended; a person's decision takes the place of time's."""
    await tx.execute(
        "INSERT INTO parting (agreement_uri, origin, name, revision, digest, starts_at, ended_by,"
        " ended_at, undo_uri, we_keep, they_keep, our_backup_days, their_backup_days, progress,"
        " repeated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (agreement_uri) DO UPDATE SET revision = excluded.revision,"
        " digest = excluded.digest, ended_by = excluded.ended_by, ended_at = excluded.ended_at,"
        " undo_uri = excluded.undo_uri, we_keep = excluded.we_keep,"
        " they_keep = excluded.they_keep, progress = excluded.progress"
        " WHERE parting.progress IN ('waiting', 'renewed')",
        known.agreement.uri,
        known.origin,
        known.name,
        known.agreement.revision,
        known.agreement.digest,
        known.agreement.starts,
        ended_by,
        node.clock(),
        undo_uri,
        known.theirs.retention_after_end == "keep",
        known.ours.retention_after_end == "keep",
        known.ours.backup_days,
        known.theirs.backup_days,
        "waiting" if ended_by == BY_TIME else "purging",
        node.clock(),
    )


async def renewed(tx: Transaction, agreement_uri: str) -> None:
    """Write down that an agreement whose time was over goes on after all."""
    await tx.execute(
        "UPDATE parting SET progress = 'renewed' WHERE agreement_uri = ? AND progress = 'waiting'",
        agreement_uri,
    )


async def partings_with(reader: Reader, origin: str) -> list[Parting]:
    """The ends there were with an origin, the latest first."""
    rows = await reader.rows(
        "SELECT parting.* FROM parting WHERE origin = ? AND progress <> 'renewed'"
        " ORDER BY ended_at DESC",
        origin,
    )
    return [read_parting(row) for row in rows]


async def last_parting(reader: Reader, origin: str) -> Parting:
    """The latest end with an origin; raise NotFound without one."""
    found = await partings_with(reader, origin)
    if not found:
        raise NotFound("partner.no_end", origin=origin)
    return found[0]


def read_parting(row: Row) -> Parting:
    """Read a row of `parting`."""
    return Parting(
        origin=row["origin"],
        name=row["name"],
        agreement_uri=row["agreement_uri"],
        revision=row["revision"],
        digest=row["digest"],
        starts_at=row["starts_at"],
        ended_by=row["ended_by"],
        ended_at=row["ended_at"],
        undo_uri=row["undo_uri"],
        we_keep=bool(row["we_keep"]),
        they_keep=bool(row["they_keep"]),
        our_backup_days=row["our_backup_days"],
        their_backup_days=row["their_backup_days"],
        progress=row["progress"],
        objects=row["objects"],
        media=row["media"],
        notifications=row["notifications"],
        profiles=row["profiles"],
        objects_digest=row["objects_digest"],
        our_receipt=_document(row["our_receipt"]),
        their_receipt=_document(row["their_receipt"]),
        receipt_at=row["receipt_at"],
    )


def _document(text: str | None) -> Document | None:
    return None if text is None else orjson.loads(text)
