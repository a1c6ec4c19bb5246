"""Opening what is confidential: the conversation around what was reported, by two persons.

One person of staff asks and says why, another confirms with another account; then both, and
nobody else, may read it for a day. Neither may take part in that conversation. Asking,
answering and each reading are written in the record, and whoever of this node takes part is
told, unless a legal reason to wait was given and written down as well.
"""

from collections.abc import Mapping, Sequence

from actors import strikes
from federation.database import Reader, Row, Transaction, marks
from federation.errors import Invalid, NotFound, Refused, describe
from federation.node import Node
from inbox.audit import record
from inbox.notifications import notify_warned
from inbox.reports import numbers

HOUR_MS = 3_600_000
ASKED_MS = 72 * HOUR_MS
OPEN_MS = 24 * HOUR_MS
REASON_CHARACTERS_MIN, REASON_CHARACTERS_MAX = 20, 500
STATUSES_MAX = 200

describe(
    {
        "disclosure.reason": "Say why in {min} to {max} characters: the people concerned and the"
        " record keep it.",
        "disclosure.nothing": "Nothing was reported in this report that stands in a conversation.",
        "disclosure.asked": "This was asked for already; a second person answers it.",
        "disclosure.second": "A second person has to answer this, with another account.",
        "disclosure.part": "You take part in this conversation: somebody else has to decide.",
        "disclosure.over": "This request was answered already, or is too old; ask again.",
        "disclosure.closed": "This conversation is not open to you.",
    }
)


async def ask(
    node: Node, tx: Transaction, report: Row, staff: Row, reason: str, hold: str = ""
) -> int:
    """Ask to read the conversation of a report; return the number of the request.

    `hold` is why those concerned are not told. Raises Invalid for a reason that says too little
    or too much, Refused for who takes part or when a request is open.
    """
    for field, text, least in (("reason", reason, REASON_CHARACTERS_MIN), ("hold", hold, 0)):
        if not least <= len(text) <= REASON_CHARACTERS_MAX:
            limits = {"min": str(REASON_CHARACTERS_MIN), "max": str(REASON_CHARACTERS_MAX)}
            raise Invalid("disclosure.reason", field=field, **limits)
    if not await _roots(tx, report):
        raise Refused("disclosure.nothing")
    await _check_apart(tx, report, staff)
    if await current(node, tx, report["id"]) is not None:
        raise Refused("disclosure.asked")
    number, now = node.ids.next(), node.clock()
    await tx.execute(
        "INSERT INTO disclosure (id, report_id, asked_by_id, reason, hold, asked_until,"
        " created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        number,
        report["id"],
        staff["id"],
        reason,
        hold,
        now + ASKED_MS,
        now,
    )
    await record(node, tx, staff["uri"], "disclosure.ask", str(report["id"]), reason)
    if hold:
        await record(node, tx, staff["uri"], "disclosure.hold", str(report["id"]), hold)
    return number


async def answer(
    node: Node,
    tx: Transaction,
    report: Row,
    staff: Row,
    *,
    confirmed: bool,
    texts: Mapping[str, str],
) -> None:
    """Confirm or refuse what somebody else asked; `texts` is what those concerned are told, by
    language, with `{reason}` in it.

    Raises Refused for the one who asked (who may take her request back), for who takes part,
    and when nothing waits.
    """
    held = await current(node, tx, report["id"])
    if held is None or held["answered_at"] is not None:
        raise Refused("disclosure.over")
    if held["asked_by_id"] == staff["id"] and confirmed:
        raise Refused("disclosure.second")
    await _check_apart(tx, report, staff)
    now = node.clock()
    await tx.execute(
        "UPDATE disclosure SET answered_by_id = ?, answered_at = ?, is_confirmed = ?,"
        " open_until = CAST(? AS BIGINT) WHERE id = ?",
        staff["id"],
        now,
        confirmed,
        now + OPEN_MS if confirmed else None,
        held["id"],
    )
    deed = "disclosure.confirm" if confirmed else "disclosure.refuse"
    await record(node, tx, staff["uri"], deed, str(report["id"]), held["reason"])
    if confirmed and not held["hold"]:
        await _tell(node, tx, report, held, texts)


async def current(node: Node, reader: Reader, report_id: int) -> Row | None:
    """The request of a report that waits or is open, with `asker` and `second`, their names."""
    return await reader.row(
        "SELECT disclosure.*, COALESCE(NULLIF(one.display_name, ''), one.username) AS asker,"
        " COALESCE(NULLIF(two.display_name, ''), two.username) AS second FROM disclosure"
        " JOIN actor one ON one.id = asked_by_id LEFT JOIN actor two ON two.id = answered_by_id"
        " WHERE report_id = ? AND ((answered_at IS NULL AND asked_until > ?) OR open_until > ?)"
        " ORDER BY disclosure.id DESC LIMIT 1",
        report_id,
        node.clock(),
        node.clock(),
    )


async def waiting(node: Node, reader: Reader, staff_id: int) -> int:
    """How many requests wait for somebody else than who asked them, such as this person."""
    count = await reader.value(
        "SELECT COUNT(*) FROM disclosure WHERE answered_at IS NULL AND asked_until > ?"
        " AND asked_by_id <> ?",
        node.clock(),
        staff_id,
    )
    return count or 0


async def read(node: Node, tx: Transaction, report: Row, staff: Row) -> list[Row]:
    """The conversation, oldest first, for one of the two while it is open; written down.

    Raises NotFound for anybody else and at any other time.
    """
    held = await current(node, tx, report["id"])
    both = () if held is None else (held["asked_by_id"], held["answered_by_id"])
    if held is None or not held["is_confirmed"] or staff["id"] not in both:
        raise NotFound("disclosure.closed")
    await record(node, tx, staff["uri"], "disclosure.read", str(report["id"]))
    return await _opened(tx, report)


async def _opened(tx: Transaction, report: Row) -> list[Row]:
    """All that was said in the conversation, whomever it was for."""
    roots = await _roots(tx, report)
    rows = await tx.rows(
        f"SELECT status.* FROM status WHERE thread_root_id IN ({marks(roots)})"
        " AND reblog_of_id IS NULL ORDER BY id LIMIT ?",
        *roots,
        STATUSES_MAX,
    )
    return list(rows)


async def _roots(reader: Reader, report: Row) -> list[int]:
    ids = numbers(report["status_ids"])
    if not ids:
        return []
    rows = await reader.rows(
        "SELECT DISTINCT thread_root_id FROM status"
        f" WHERE status.id IN ({marks(ids)}) AND actor_id = ?",
        *ids,
        report["target_id"],
    )
    return [row["thread_root_id"] for row in rows]


async def _concerned(reader: Reader, report: Row) -> Sequence[Row]:
    """Who of this node wrote in the conversation or is named in it, with her language."""
    roots = await _roots(reader, report)
    if not roots:
        return ()
    places = marks(roots)
    return await reader.rows(
        "SELECT actor.*, account.locale FROM actor JOIN account ON account.actor_id = actor.id"
        " WHERE actor.deleted_at IS NULL AND (actor.id IN (SELECT status.actor_id FROM status"
        f" WHERE thread_root_id IN ({places})) OR actor.id IN (SELECT mention.actor_id FROM mention"
        f" JOIN status ON status.id = mention.status_id WHERE thread_root_id IN ({places})))"
        " ORDER BY actor.id",
        *roots,
        *roots,
    )


async def _check_apart(tx: Transaction, report: Row, staff: Row) -> None:
    concerned = {row["id"] for row in await _concerned(tx, report)} | {report["target_id"]}
    if staff["id"] in concerned:
        raise Refused("disclosure.part")


async def _tell(
    node: Node, tx: Transaction, report: Row, held: Row, texts: Mapping[str, str]
) -> None:
    ids = numbers(report["status_ids"])
    for person in await _concerned(tx, report):
        text = texts[person["locale"] if person["locale"] in texts else node.language]
        hers = ids if person["id"] == report["target_id"] else ()
        number = await strikes.strike(
            node,
            tx,
            person,
            "none",
            text=text.replace("{reason}", held["reason"]),
            report_id=None,
            status_ids=hers,
        )
        await notify_warned(node, tx, person["id"], number)
