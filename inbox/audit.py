"""The record of what staff did: each row holds the SHA-256 of the one before it.

Written in the same transaction as the act itself, so there is no act without its row. A row
that was changed or taken out is found by `verify_chain`; that the newest rows were cut off is
found by whoever kept the last digest elsewhere.
"""

from collections.abc import Sequence
from hashlib import sha256

import orjson

from federation.database import ID_MAX, Reader, Row, Transaction
from federation.node import Node

FIRST = "0" * 64
REASON_CHARACTERS_MAX = 500
_BATCH = 1_000


async def record(
    node: Node, tx: Transaction, staff_uri: str, action: str, target: str, reason: str = ""
) -> None:
    """Write down who did what to whom and why; content of posts never stands here."""
    last = await tx.row("SELECT number, digest FROM audit ORDER BY number DESC LIMIT 1")
    number, previous = (1, FIRST) if last is None else (last["number"] + 1, last["digest"])
    reason, now = reason[:REASON_CHARACTERS_MAX], node.clock()
    await tx.execute(
        "INSERT INTO audit (number, staff_uri, action, target, reason, at_ms, previous, digest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        number,
        staff_uri,
        action,
        target,
        reason,
        now,
        previous,
        _digest(number, staff_uri, action, target, reason, now, previous),
    )


async def verify_chain(reader: Reader) -> int | None:
    """The number of the first row that is not what it was, or whose forerunner is missing.

    None when the whole record stands.
    """
    number, previous = 0, FIRST
    while True:
        rows = await reader.rows(
            "SELECT audit.* FROM audit WHERE number > ? ORDER BY number LIMIT ?", number, _BATCH
        )
        for row in rows:
            if row["number"] != number + 1 or row["previous"] != previous or not _stands(row):
                return row["number"]
            number, previous = row["number"], row["digest"]
        if len(rows) < _BATCH:
            return None


async def newest(reader: Reader, count: int) -> Sequence[Row]:
    """The last rows, newest first."""
    return await page_before(reader, None, count)


async def page_before(reader: Reader, number: int | None, count: int) -> Sequence[Row]:
    """The last rows before one, or of all, newest first."""
    return await reader.rows(
        "SELECT audit.* FROM audit WHERE number < ? ORDER BY number DESC LIMIT ?",
        ID_MAX if number is None else number,
        count,
    )


def _stands(row: Row) -> bool:
    return row["digest"] == _digest(
        row["number"],
        row["staff_uri"],
        row["action"],
        row["target"],
        row["reason"],
        row["at_ms"],
        row["previous"],
    )


def _digest(*parts: str | int) -> str:
    return sha256(orjson.dumps(parts)).hexdigest()
