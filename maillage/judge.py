"""Judges a delivery again when it is claimed: what was right when it was queued may not be now.

A peer may have been blocked since, a status deleted or a follower gone. What takes something
back (Delete, Undo, Reject, Block) goes to every peer that is still admitted.
"""

from federation.admission import admits
from federation.database import Row
from federation.delivery import Judge
from federation.errors import describe
from federation.holds import held_for
from federation.lanes import HELD, UNSURE
from federation.node import Node
from federation.pairing_documents import AGREEMENT
from federation.partnerships import CLOSED, WAITING, standing
from federation.stops import is_stopped
from outbox.agreed import not_to_be_written_to
from outbox.audience_members import ask_again
from outbox.visibility import PUBLIC_KINDS, Origin, visible

describe(
    {
        "delivery.peer_blocked": "Not delivered: the partner is blocked here.",
        "delivery.peer_stranger": "Not delivered: this node does not exchange with the partner.",
        "delivery.partner_over": "Not delivered: the agreement with the partner is over.",
        "delivery.object_gone": "Not delivered: what it is about was deleted.",
        "delivery.not_for_them": "Not delivered: nobody there may see it any more.",
        "delivery.not_agreed": "Not delivered: the agreement with the partner does not let its"
        " author write to the people named.",
    }
)

TAKES_BACK = frozenset({"Delete", "Undo", "Reject"})
ABOUT_A_STATUS = frozenset({"Create", "Update", "Announce"})


def judge_of(node: Node) -> Judge:
    """The judge of one node: the code of a reason to refuse a delivery row, or None."""

    async def judge(delivery: Row) -> str | None:
        if await is_stopped(node.db, delivery["origin"]):
            return HELD
        if delivery["audience_kind"] == AGREEMENT:
            # What two sites say about their agreement goes out whatever its state is.
            return None
        held = await standing(node.db, delivery["origin"])
        if held is not None:
            state = held.state_at(node.clock())
            if state in WAITING or (
                state not in CLOSED and await held_for(node.db, delivery["origin"])
            ):
                return HELD
            if state in CLOSED:
                return None if delivery["activity_type"] in TAKES_BACK else "delivery.partner_over"
        admission = await admits(node.db, node.is_closed, delivery["origin"])
        if admission != "admitted":
            return f"delivery.peer_{admission}"
        is_about = delivery["activity_type"] in ABOUT_A_STATUS
        return await _judge_status(node, delivery) if is_about else None

    return judge


async def _judge_status(node: Node, delivery: Row) -> str | None:
    kind, origin = delivery["activity_type"], delivery["origin"]
    if kind == "Announce":
        return await _judge_boost(node, delivery)
    read = node.uris.read(delivery["object_uri"] or "")
    if read is None or read[0] != "notes":
        # The Update of an actor: for whoever follows it, and that is all of it.
        return None
    if await visible(node.db, Origin(origin), read[1]) is None:
        return await _judge_hidden(node, delivery, read[1])
    refused = kind == "Create" and await _is_no_message(node, read[1], origin)
    return "delivery.not_agreed" if refused else None


async def _judge_hidden(node: Node, delivery: Row, status_id: int) -> str | None:
    """Judge what an origin may not see, unless it says that it still belongs to the audience."""
    kind, origin = delivery["activity_type"], delivery["origin"]
    belongs = await ask_again(node, status_id, origin)
    if belongs is None:
        return UNSURE
    if belongs and await visible(node.db, Origin(origin), status_id) is not None:
        return None
    audience_kind = await node.db.value("SELECT audience_kind FROM status WHERE id = ?", status_id)
    if audience_kind is None:
        return "delivery.object_gone"
    # What is for few goes to no site that its audience has no longer: it keeps what it holds, and
    # learns nothing more.
    public = audience_kind in PUBLIC_KINDS
    if kind == "Update" and public and await _holds(node, delivery["object_uri"], origin):
        return None
    return "delivery.not_for_them"


async def _is_no_message(node: Node, status_id: int, origin: str) -> bool:
    """Whether it is for named people, and the agreement keeps it from all of them there."""
    author = await node.db.row(
        "SELECT a.id, a.origin FROM status s JOIN actor a ON a.id = s.actor_id"
        " WHERE s.id = ? AND s.audience_kind = 'named'",
        status_id,
    )
    if author is None:
        return False
    people = await node.db.rows(
        "SELECT r.id, r.origin FROM status s JOIN audience_member m"
        " ON m.audience_id = s.audience_id JOIN actor r ON r.id = m.actor_id"
        " WHERE s.id = ? AND r.origin = ?",
        status_id,
        origin,
    )
    refused = await not_to_be_written_to(node.db, author, people, "named", "sending")
    return bool(refused) and len(refused) == len(people)


async def _judge_boost(node: Node, delivery: Row) -> str | None:
    boost = await node.db.row(
        "SELECT status.* FROM status JOIN activity ON activity.uri = status.uri"
        " WHERE activity.id = ?",
        delivery["activity_id"],
    )
    if boost is None:
        return "delivery.object_gone"
    if await visible(node.db, Origin(delivery["origin"]), boost["id"]) is not None:
        return None
    # Whoever wrote it is told of the boost, followed from there or not.
    author_there = await node.db.value(
        "SELECT 1 FROM status o JOIN actor a ON a.id = o.actor_id WHERE o.id = ? AND a.origin = ?",
        boost["reblog_of_id"],
        delivery["origin"],
    )
    return None if author_there else "delivery.not_for_them"


async def _holds(node: Node, object_uri: str, origin: str) -> bool:
    """Whether the origin was handed the object, quotes it with leave, or voted on it."""
    held = await node.db.value(
        "SELECT 1 FROM held WHERE object_uri = ? AND origin = ? UNION ALL"
        " SELECT 1 FROM status o JOIN status q ON q.quote_of_id = o.id"
        " AND q.quote_state = 'accepted' JOIN actor a ON a.id = q.actor_id"
        " WHERE o.uri = ? AND a.origin = ? UNION ALL"
        " SELECT 1 FROM status o JOIN poll p ON p.status_id = o.id"
        " JOIN poll_vote v ON v.poll_id = p.id JOIN actor a ON a.id = v.actor_id"
        " WHERE o.uri = ? AND a.origin = ? LIMIT 1",
        *(object_uri, origin, object_uri, origin, object_uri, origin),
    )
    return held is not None
