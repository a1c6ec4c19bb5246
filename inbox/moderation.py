"""Reports: what is said against a person of this node, and who is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from actors.permissions import Permission, roles_with
from federation.database import Reader, Transaction, marks
from federation.node import Node
from inbox.notifications import notify_all

COMMENT_CHARACTERS_MAX = 5_000
STATUSES_MAX = 50
CATEGORIES = ("spam", "legal", "violation", "other")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a report says; `uri` is the Flag's id, None for a second target of the same Flag."""

    reporter_id: int
    target_id: int
    status_ids: Sequence[int] = ()
    comment: str = ""
    category: str = "other"
    uri: str | None = None
    rule_ids: Sequence[int] = ()
    is_forwarded: bool = False


async def file_report(node: Node, tx: Transaction, complaint: Complaint) -> int:
    """Store a report, tell whoever may read reports, and return its id."""
    report_id = node.ids.next()
    await tx.execute(
        "INSERT INTO report (id, uri, actor_id, target_id, status_ids, comment, category,"
        " rule_ids, is_forwarded, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        report_id,
        complaint.uri,
        complaint.reporter_id,
        complaint.target_id,
        orjson.dumps(list(complaint.status_ids)[:STATUSES_MAX]).decode(),
        complaint.comment[:COMMENT_CHARACTERS_MAX],
        complaint.category if complaint.category in CATEGORIES else "other",
        orjson.dumps(list(complaint.rule_ids)).decode(),
        complaint.is_forwarded,
        node.clock(),
    )
    readers = await report_readers(tx)
    await notify_all(node, tx, readers, "admin.report", complaint.reporter_id, report_id)
    return report_id


async def report_readers(reader: Reader) -> list[int]:
    """The actors of those people here whose role lets them read reports."""
    return await staff_with(reader, Permission.READ_REPORTS)


async def staff_with(reader: Reader, permission: Permission) -> list[int]:
    """The actors of those people here whose role has a permission."""
    roles = roles_with(permission)
    rows = await reader.rows(
        f"SELECT actor_id FROM account WHERE role IN ({marks(roles)}) AND disabled_at IS NULL"
        " AND is_approved AND is_confirmed ORDER BY actor_id",
        *roles,
    )
    return [row["actor_id"] for row in rows]
