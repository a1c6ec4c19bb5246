"""People to follow from a file that somebody brought: read at once, asked one by one by a loop.

Each is asked as if she had pressed *follow*: by the same rules, and with the same answer.
"""

import csv
from dataclasses import dataclass
from io import StringIO

import orjson
import structlog

from actors.moves import refuse_moved
from actors.queries import get_by_id
from actors.remote import find_by_handle
from federation.client_errors import ClientError
from federation.database import Reader, Row, Transaction
from federation.errors import Invalid, NodeError, TooMany, Unavailable, describe
from federation.node import Node
from federation.webfinger import parse_handle
from outbox import relations

LINES_MAX = 2_000
ATTEMPTS_MAX = 5
AT_ONCE = 20
KEPT_MS = 14 * 86_400_000
FIRST_WAIT_MS = 60_000
LOOK_S = 60.0
HEAD = "account address"
LANGUAGES_MAX = 10

_log = structlog.get_logger(__name__)

describe(
    {
        "wanted.empty": "This file names nobody. It must have one account on each line, such as"
        " name@host.",
        "wanted.too_many": "This file names more than {max} accounts; divide it.",
        "wanted.wrong": "Line {line} is no account: {came}",
        "wanted.unknown": "Nobody is called so, or that site is none that this one knows.",
    }
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line: whom to follow, and how."""

    acct: str
    reblogs: bool = True
    notify: bool = False
    languages: tuple[str, ...] = ()


def read_table(text: str, host: str) -> list[Wanted]:
    """Read a `following.csv` as Mastodon and this software write it, or a bare list of accounts.

    Raises Invalid naming `file`, and the first line that is wrong.
    """
    found: dict[str, Wanted] = {}
    try:
        lines = list(csv.reader(StringIO(text.removeprefix("\ufeff"))))
    except csv.Error as error:
        raise Invalid("wanted.wrong", field="file", line="1", came=str(error)) from error
    for number, cells in enumerate(lines, 1):
        if not cells or not cells[0].strip() or cells[0].strip().lower() == HEAD:
            continue
        one = _read_line(number, [cell.strip() for cell in cells], host)
        found.setdefault(one.acct.lower(), one)
        if len(found) > LINES_MAX:
            raise Invalid("wanted.too_many", field="file", max=str(LINES_MAX))
    if not found:
        raise Invalid("wanted.empty", field="file")
    return list(found.values())


def _read_line(number: int, cells: list[str], host: str) -> Wanted:
    name = cells[0].removeprefix("@")
    try:
        handle = parse_handle(name if "@" in name else f"{name}@{host}")
    except NodeError as error:
        raise Invalid(
            "wanted.wrong", field="file", line=str(number), came=cells[0][:100]
        ) from error
    languages = cells[3].replace(",", " ").split() if len(cells) > 3 else []
    return Wanted(
        f"{handle.username}@{handle.host}",
        reblogs=len(cells) < 2 or cells[1].lower() != "false",
        notify=len(cells) > 2 and cells[2].lower() == "true",
        languages=tuple(code for code in languages if code.isalpha())[:LANGUAGES_MAX],
    )


async def want(node: Node, tx: Transaction, account_id: int, wanted: list[Wanted]) -> None:
    """Note whom somebody wants to follow; who is noted already is asked again.

    Raises TooMany when more than the lines of one file wait.
    """
    now = node.clock()
    waiting = await tx.value(
        "SELECT COUNT(*) FROM follow_wanted WHERE account_id = ? AND progress = 'pending'",
        account_id,
    )
    if waiting + len(wanted) > LINES_MAX:
        raise TooMany("wanted.too_many", retry_after_s=600, max=str(LINES_MAX))
    for one in wanted:
        await tx.execute(
            "INSERT INTO follow_wanted (id, account_id, acct, reblogs, notify, languages,"
            " progress, next_at, created_at) VALUES (?, ?, ?, ?, ?, ?, 'pending', ?, ?)"
            " ON CONFLICT (account_id, acct) DO UPDATE SET progress = 'pending', attempts = 0,"
            " code = NULL, next_at = excluded.next_at, created_at = excluded.created_at",
            node.ids.next(),
            account_id,
            one.acct,
            one.reblogs,
            one.notify,
            orjson.dumps(one.languages).decode(),
            now,
            now,
        )
    tx.after_commit(node.wanted_wake.set)


async def progress_of(reader: Reader, account_id: int) -> tuple[dict[str, int], list[Row]]:
    """How many wait, are done and failed; and those that failed, by name."""
    rows = await reader.rows(
        "SELECT w.progress, COUNT(*) AS n FROM follow_wanted w WHERE account_id = ?"
        " GROUP BY w.progress",
        account_id,
    )
    failed = await reader.rows(
        "SELECT w.acct, w.code FROM follow_wanted w WHERE account_id = ? AND progress = 'failed'"
        " ORDER BY acct LIMIT 200",
        account_id,
    )
    return {row["progress"]: row["n"] for row in rows}, list(failed)


# The loop ---------------------------------------------------------------------------------------


async def wanted_once(node: Node) -> int:
    """Ask to follow some of those that are due; return how many were dealt with."""
    now = node.clock()
    rows = await node.db.rows(
        "SELECT w.*, c.actor_id FROM follow_wanted w JOIN account c ON c.id = w.account_id"
        " WHERE w.progress = 'pending' AND w.next_at <= ? ORDER BY w.next_at, w.id LIMIT ?",
        now,
        AT_ONCE,
    )
    for row in rows:
        await _ask(node, row)
    old = now - KEPT_MS
    if await node.db.value("SELECT 1 FROM follow_wanted WHERE created_at < ? LIMIT 1", old):
        await node.db.write(lambda tx: _forget(tx, old))
    return len(rows)


async def _ask(node: Node, row: Row) -> None:
    code: str | None = None
    is_for_later = False
    try:
        actor = await get_by_id(node.db, row["actor_id"])
        refuse_moved(actor)
        target = await find_by_handle(node, row["acct"])
        if target is None or target["deleted_at"] is not None:
            code = "wanted.unknown"
        else:
            await relations.follow(
                node,
                actor,
                target,
                notify=bool(row["notify"]),
                reblogs=bool(row["reblogs"]),
                languages=orjson.loads(row["languages"]),
            )
    except (Unavailable, ClientError) as error:
        code, is_for_later = error.code, row["attempts"] + 1 < ATTEMPTS_MAX
    except NodeError as error:
        code = error.code
    await node.db.write(lambda tx: _note(node, tx, row, code, is_for_later=is_for_later))


async def _note(
    node: Node, tx: Transaction, row: Row, code: str | None, *, is_for_later: bool
) -> None:
    progress = "pending" if is_for_later else "done" if code is None else "failed"
    await tx.execute(
        "UPDATE follow_wanted SET progress = ?, code = CAST(? AS TEXT), attempts = attempts + 1,"
        " next_at = ? WHERE id = ?",
        progress,
        code,
        node.clock() + (FIRST_WAIT_MS << row["attempts"]),
        row["id"],
    )


async def _forget(tx: Transaction, before: int) -> None:
    await tx.execute("DELETE FROM follow_wanted WHERE created_at < ?", before)


async def wanted_loop(node: Node) -> None:
    """Ask some at a time as long as some are due, and look every minute, until cancelled."""
    while True:
        asked = 0
        try:
            asked = await wanted_once(node)
        except Exception:  # noqa: BLE001 - the loop outlives whatever one round meets
            _log.exception("wanted.loop_rests")
        if not asked:
            await node.wanted_wake.wait(LOOK_S)
