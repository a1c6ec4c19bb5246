"""What staff said of tags, posts, links and publishers that many speak of.

Nothing needs a decision to be counted; what was refused is never shown as a trend, and the last
decision stands.
"""

from collections.abc import Iterable
from typing import Literal

from federation.admission import host_of
from federation.database import Reader, Row, Transaction, marks
from federation.errors import Malformed
from federation.node import Node
from federation.origins import origin_of

Kind = Literal["status", "link", "publisher"]


async def decide(
    node: Node, tx: Transaction, kind: Kind, subject: str, *, is_allowed: bool
) -> None:
    """Allow or refuse a status (its id), a link (its address) or a publisher (its host)."""
    await tx.execute(
        "INSERT INTO trend_decision (kind, subject, is_allowed, decided_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (kind, subject) DO UPDATE SET is_allowed = excluded.is_allowed,"
        " decided_at = excluded.decided_at",
        kind,
        subject,
        is_allowed,
        node.clock(),
    )


async def decide_tag(node: Node, tx: Transaction, tag_id: int, **flags: bool | str | None) -> None:
    """Set what may be done with a tag: `display_name`, `is_usable`, `is_listable`,
    `is_trendable`; what is not named stays."""
    await tx.execute(
        "INSERT INTO tag_decision (tag_id) VALUES (?) ON CONFLICT (tag_id) DO NOTHING", tag_id
    )
    assert set(flags) <= {"display_name", "is_usable", "is_listable", "is_trendable"}
    changes = "".join(f"{name} = ?, " for name in flags)
    await tx.execute(
        f"UPDATE tag_decision SET {changes}reviewed_at = ? WHERE tag_id = ?",
        *flags.values(),
        node.clock(),
        tag_id,
    )


async def decided(reader: Reader, kind: Kind, subjects: Iterable[str]) -> dict[str, Row]:
    """The decision (is_allowed, decided_at) about each of these; others are left out."""
    wanted = list(dict.fromkeys(subjects))
    rows = await reader.rows(
        f"SELECT subject, is_allowed, decided_at FROM trend_decision WHERE kind = ?"
        f" AND subject IN ({marks(wanted)})",
        kind,
        *wanted,
    )
    return {row["subject"]: row for row in rows}


async def decisions(reader: Reader, kind: Kind, subjects: Iterable[str]) -> dict[str, bool]:
    """What was decided about each of these; those without a decision are left out."""
    found = await decided(reader, kind, subjects)
    return {subject: bool(row["is_allowed"]) for subject, row in found.items()}


# Over a tag `t`: staff did not keep it from being shown as a trend.
TAG_NOT_REFUSED = (
    "NOT EXISTS (SELECT 1 FROM tag_decision td WHERE td.tag_id = t.id"
    " AND (NOT td.is_listable OR NOT COALESCE(td.is_trendable, TRUE)))"
)


async def refused_tags(reader: Reader, tag_ids: Iterable[int]) -> set[int]:
    """Those of these tags that are never shown as trends."""
    wanted = list(dict.fromkeys(tag_ids))
    rows = await reader.rows(
        f"SELECT tag_id FROM tag_decision WHERE tag_id IN ({marks(wanted)})"
        " AND (is_trendable = ? OR is_listable = ?)",
        *wanted,
        False,
        False,
    )
    return {row["tag_id"] for row in rows}


async def refused_statuses(reader: Reader, status_ids: Iterable[int]) -> set[int]:
    """Those of these statuses that are never shown as trends."""
    found = await decisions(reader, "status", map(str, status_ids))
    return {int(subject) for subject, is_allowed in found.items() if not is_allowed}


async def refused_links(reader: Reader, urls: Iterable[str]) -> set[str]:
    """Those of these addresses that are never shown as trends, by themselves or their host."""
    wanted = list(urls)
    by_link = await decisions(reader, "link", wanted)
    by_host = await decisions(reader, "publisher", map(publisher_of, wanted))
    return {url for url in wanted if not by_link.get(url, by_host.get(publisher_of(url), True))}


def publisher_of(url: str) -> str:
    """The host of an address; empty for what is none."""
    try:
        return host_of(origin_of("/".join(url.split("/", 3)[:3])))
    except Malformed:
        return ""
