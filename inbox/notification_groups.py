"""Which notifications belong together: thanks and boosts of one status, new followers.

The key is decided when a notification is made and never changes: the kind, the status, and the
hour in which its group began; a group takes what comes within twelve hours of that.
"""

from dataclasses import dataclass

from federation.database import ID_MAX, Reader, Row, Transaction, marks
from inbox.paging import TRUE, Condition, Page, within

GROUPABLE = ("favourite", "follow", "reblog", "admin.sign_up")
HOUR_MS = 3_600_000
SPAN_HOURS = 12
SAMPLE = 8
FEW = 1_000
ALONE = "ungrouped-"


@dataclass(frozen=True, slots=True)
class Group:
    """Notifications told as one: their newest on a page, and what is known of the rest.

    `oldest_id` is the oldest of them within the page; `sender_ids` the latest few, newest first.
    """

    key: str
    row: Row
    count: int
    newest_id: int
    newest_at: int
    oldest_id: int
    sender_ids: tuple[int, ...]


class _Members:
    """What is known of one group while it is read, newest first."""

    __slots__ = ("newest", "oldest_id", "sender_ids", "total")

    def __init__(self, newest: Row) -> None:
        self.newest = newest
        self.total = 0
        self.oldest_id: int | None = None
        self.sender_ids: list[int] = []

    def add(self, row: Row) -> None:
        if len(self.sender_ids) < SAMPLE:
            self.sender_ids.append(row["from_actor_id"])


async def key_for(
    tx: Transaction, recipient_id: int, kind: str, status_id: int, now_ms: int
) -> str | None:
    """The group of a notification that is made now; None for a kind that stands alone."""
    if kind not in GROUPABLE:
        return None
    prefix = f"{kind}-{status_id}" if kind in ("favourite", "reblog") else kind
    hour = now_ms // HOUR_MS
    newest = await tx.value(
        "SELECT group_key FROM notification WHERE recipient_id = ? AND type = ?"
        " AND status_id = ? AND group_key IS NOT NULL ORDER BY id DESC LIMIT 1",
        recipient_id,
        kind,
        status_id,
    )
    began = int(newest.rpartition("-")[2]) if newest is not None else None
    return f"{prefix}-{began if began is not None and hour < began + SPAN_HOURS else hour}"


def of_key(key: str) -> Condition | None:
    """The notifications `n` of a group by its key; None for what can be no key."""
    if not key.startswith(ALONE):
        return Condition("n.group_key = ?", [key]) if "\0" not in key else None
    number = key.removeprefix(ALONE)
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        return None
    return Condition("n.id = ?", [int(number)])


def key_of(group_key: str | None, notification_id: int) -> str:
    """The key under which clients know a notification's group."""
    return group_key or f"{ALONE}{notification_id}"


async def read_groups(
    reader: Reader, where: Condition, page: Page, types: frozenset[str]
) -> list[Group]:
    """One page of groups of the notifications `n` by actors `a` that meet `where`, newest first.

    Types outside `types` stand alone. A page is bounded by the ids of notifications: a group
    that goes on beyond it may come again on another page, under the same key.
    """
    heads = await _heads(reader, where, page, types)
    if not heads:
        return []
    is_full = len(heads) >= page.limit
    ascending = page.min_id is not None
    lowest, highest = heads[-1]["id"], heads[0]["id"]
    if not is_full and ascending:
        highest = (page.max_id or ID_MAX) - 1
    elif not is_full:
        lowest = (page.since_id or -1) + 1
    return await _filled(reader, where, heads, types, (lowest, highest))


async def group_of(
    reader: Reader, where: Condition, key: str, types: frozenset[str]
) -> Group | None:
    """The whole group of a key, as far as it meets `where`; None when nothing of it does."""
    wanted = of_key(key)
    if wanted is None:
        return None
    heads = await _newest(reader, where & wanted, ascending=False, rows_max=1)
    grouped = types if not key.startswith(ALONE) else frozenset[str]()
    found = await _filled(reader, where, heads, grouped, (0, ID_MAX)) if heads else []
    return found[0] if found else None


async def _heads(reader: Reader, where: Condition, page: Page, types: frozenset[str]) -> list[Row]:
    """The first notification of each group as the page is walked, newest first."""
    ascending = page.min_id is not None
    found: dict[str, Row] = {}
    beyond: int | None = None
    while True:
        asked = where & within(page, "n.id") & _not_again(found)
        if beyond is not None:
            asked &= Condition(f"n.id {'>' if ascending else '<'} ?", [beyond])
        rows = await _newest(reader, asked, ascending=ascending, rows_max=page.limit)
        for row in rows:
            if len(found) < page.limit:
                found.setdefault(_key(row, types), row)
        if len(rows) < page.limit or len(found) >= page.limit:
            return sorted(found.values(), key=lambda row: row["id"], reverse=True)
        beyond = rows[-1]["id"]


def _not_again(found: dict[str, Row]) -> Condition:
    keys = [key for key in found if not key.startswith(ALONE)]
    if not keys:
        return TRUE
    return Condition(f"(n.group_key IS NULL OR n.group_key NOT IN ({marks(keys)}))", keys)


async def _newest(reader: Reader, where: Condition, *, ascending: bool, rows_max: int) -> list[Row]:
    order = "ASC" if ascending else "DESC"
    return list(
        await reader.rows(
            "SELECT n.id, n.type, n.from_actor_id, n.status_id, n.group_key, n.created_at"
            " FROM notification n JOIN actor a ON a.id = n.from_actor_id"
            f" WHERE {where.sql} ORDER BY n.id {order} LIMIT ?",
            *where.args,
            rows_max,
        )
    )


def _key(row: Row, types: frozenset[str]) -> str:
    return key_of(row["group_key"] if row["type"] in types else None, row["id"])


async def _filled(
    reader: Reader,
    where: Condition,
    heads: list[Row],
    types: frozenset[str],
    bounds: tuple[int, int],
) -> list[Group]:
    """The heads as groups, with what a query over all of them says of the rest."""
    keys = [row["group_key"] for row in heads if not _key(row, types).startswith(ALONE)]
    members = await _members(reader, where, keys, bounds) if keys else {}
    return [_group(_key(row, types), row, members) for row in heads]


async def _members(
    reader: Reader, where: Condition, keys: list[str], bounds: tuple[int, int]
) -> dict[str, _Members]:
    """What there is of each group: read as it is while it is little, else counted there."""
    lowest, highest = bounds
    source = (
        "FROM notification n JOIN actor a ON a.id = n.from_actor_id"
        # The plus keeps the engine from walking all notifications: few are in these groups.
        f" WHERE {where.sql} AND +n.id <= ? AND n.group_key IN ({marks(keys)})"
    )
    found: dict[str, _Members] = {}
    rows = await reader.rows(
        f"SELECT n.id, n.group_key, n.from_actor_id, n.created_at {source}"
        " ORDER BY +n.id DESC LIMIT ?",
        *where.args,
        highest,
        *keys,
        FEW,
    )
    if len(rows) < FEW:
        for row in rows:
            group = found.setdefault(row["group_key"], _Members(row))
            group.total += 1
            group.add(row)
            if row["id"] >= lowest:
                group.oldest_id = row["id"]
        return found
    for row in await reader.rows(
        "SELECT * FROM (SELECT n.id, n.group_key, n.from_actor_id, n.created_at,"
        " ROW_NUMBER() OVER (PARTITION BY n.group_key ORDER BY n.id DESC) AS place,"
        " COUNT(*) OVER (PARTITION BY n.group_key) AS total,"
        " MIN(CASE WHEN n.id >= ? THEN n.id END) OVER (PARTITION BY n.group_key) AS oldest_id"
        f" {source}) member WHERE place <= ? ORDER BY id DESC",
        lowest,
        *where.args,
        highest,
        *keys,
        SAMPLE,
    ):
        group = found.setdefault(row["group_key"], _Members(row))
        group.total, group.oldest_id = row["total"], row["oldest_id"]
        group.add(row)
    return found


def _group(key: str, head: Row, members: dict[str, _Members]) -> Group:
    found = members.get(key)
    if found is None:
        at, sender_id = head["created_at"], head["from_actor_id"]
        return Group(key, head, 1, head["id"], at, head["id"], (sender_id,))
    return Group(
        key=key,
        row=head,
        count=found.total,
        newest_id=found.newest["id"],
        newest_at=found.newest["created_at"],
        oldest_id=found.oldest_id or head["id"],
        sender_ids=tuple(found.sender_ids),
    )


async def count_groups(reader: Reader, where: Condition, types: frozenset[str], most: int) -> int:
    """How many groups meet `where`, counted no further than `most`."""
    listed = sorted(types)
    return await reader.value(
        "SELECT COUNT(*) FROM (SELECT DISTINCT CASE WHEN n.group_key IS NOT NULL"
        f" AND n.type IN ({marks(listed)}) THEN n.group_key"
        " ELSE CAST(n.id AS TEXT) END AS place FROM notification n"
        f" JOIN actor a ON a.id = n.from_actor_id WHERE {where.sql} LIMIT ?) counted",
        *listed,
        *where.args,
        most,
    )


async def dismiss_group(tx: Transaction, recipient_id: int, key: str) -> None:
    """Remove all notifications of one of a person's own groups; none is no error."""
    wanted = of_key(key)
    if wanted is not None:
        await tx.execute(
            "DELETE FROM notification WHERE id IN (SELECT n.id FROM notification n"
            f" WHERE n.recipient_id = ? AND {wanted.sql})",
            recipient_id,
            *wanted.args,
        )
