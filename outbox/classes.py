"""The class of a status of this site: conversation, knowledge, or official.

It decides how long the status is kept. What is official is destroyed by nobody, not even by its
author, before somebody else has given a visa for that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from actors.permissions import Permission, allows
from actors.queries import by_uri
from federation.database import Reader, Row, Transaction, marks
from federation.errors import Invalid, NotFound, Refused, describe
from federation.node import Node
from outbox.visibility import FOR_MEMBERS

Class = Literal["conversation", "knowledge", "official"]
CLASSES: tuple[Class, ...] = ("conversation", "knowledge", "official")
# What is official is for everybody of the site at least, so that whoever decides can read it.
OFFICIAL_KINDS = (*FOR_MEMBERS, "unlisted")
_PROTECTED = "SELECT status_id FROM status_class WHERE class = 'official' AND visa_at IS NULL"

describe(
    {
        "class.not_ours": "Only what was written on this site has a class, and no boost.",
        "class.narrow": "Only what the whole site may read can be official.",
        "class.not_yours": "Your role does not allow to class this post.",
        "class.official": "This post is official: it stays so.",
        "class.protected": "This post is official. It is destroyed only after somebody who answers"
        " for data has given a visa for it, with a reason.",
        "class.files": "This post is official: its files stay with it.",
    }
)


@dataclass(frozen=True, slots=True)
class Classed:
    """The class of one status, and whether it is protected: official and without a visa."""

    name: Class
    is_protected: bool


CONVERSATION = Classed("conversation", is_protected=False)


async def classes_of(reader: Reader, ids: Iterable[int]) -> dict[int, Classed]:
    """The classes of these statuses, by id; what is not there is conversation."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = await reader.rows(
        f"SELECT status_id, class, visa_at FROM status_class WHERE status_id IN ({marks(wanted)})",
        *wanted,
    )
    return {
        row["status_id"]: Classed(
            row["class"], is_protected=row["class"] == "official" and row["visa_at"] is None
        )
        for row in rows
    }


def allowed(actor_id: int, role: str, status: Row, now: Class) -> list[Class]:
    """The classes to which this person may bring a status, besides the one it has now."""
    if not status["is_local"] or status["reblog_of_id"] is not None or now == "official":
        return []
    found: list[Class] = []
    is_own = status["actor_id"] == actor_id
    if is_own or allows(role, Permission.ANIMATE_COMMUNITIES):
        found.append("conversation" if now == "knowledge" else "knowledge")
    may_be = is_own and status["audience_kind"] in OFFICIAL_KINDS
    if may_be and allows(role, Permission.COMMUNICATE_OFFICIALLY):
        found.append("official")
    return found


async def classify(
    node: Node, tx: Transaction, actor: Row, role: str, status: Row, wanted: Class
) -> None:
    """Give a status a class; of the class already, nothing changes.

    Knowledge is marked by its author or by who animates, official by an author who may
    communicate officially. Raises Invalid for what can have no class, NotFound for what is gone
    meanwhile, Refused for whose role or post it is not, and for what is official already.
    """
    if not status["is_local"] or status["reblog_of_id"] is not None:
        raise Invalid("class.not_ours", field="id")
    if not await tx.value("SELECT 1 FROM status WHERE id = ?", status["id"]):
        raise NotFound("record.not_found")
    now = (await classes_of(tx, [status["id"]])).get(status["id"], CONVERSATION)
    if now.name == wanted:
        return
    if now.name == "official":
        raise Refused("class.official")
    if wanted == "official" and status["audience_kind"] not in OFFICIAL_KINDS:
        raise Invalid("class.narrow", field="id")
    if wanted not in allowed(actor["id"], role, status, now.name):
        raise Refused("class.not_yours")
    if wanted == "conversation":
        await tx.execute("DELETE FROM status_class WHERE status_id = ?", status["id"])
        return
    await tx.execute(
        "INSERT INTO status_class (status_id, class, set_by_uri, set_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (status_id) DO UPDATE SET class = excluded.class,"
        " set_by_uri = excluded.set_by_uri, set_at = excluded.set_at",
        status["id"],
        wanted,
        actor["uri"],
        node.clock(),
    )


async def is_protected(reader: Reader, status_id: int) -> bool:
    """Whether a status is official and nobody has given a visa for its end."""
    return bool(await reader.value(f"{_PROTECTED} AND status_id = ?", status_id))


async def refuse_protected(reader: Reader, status_id: int) -> None:
    """Raise Refused for what is official and has no visa."""
    if await is_protected(reader, status_id):
        raise Refused("class.protected")


async def keep_official(node: Node, tx: Transaction, actor: Row) -> list[int]:
    """What somebody wrote officially stays when she is erased, as written by the site.

    Her name, her files' owner and the address of the page that held her name are replaced; the
    text stays as it was. Returns the ids of what stays.
    """
    own = await tx.rows(f"{_PROTECTED} ORDER BY status_id")
    site = await by_uri(tx, node.uris.instance_actor)
    assert site is not None, "the node makes its own actor at its first start"
    kept: list[int] = []
    for status_id in (row["status_id"] for row in own):
        is_hers = await tx.execute(
            "UPDATE status SET actor_id = ?, url = ?, application_id = NULL"
            " WHERE id = ? AND actor_id = ?",
            site["id"],
            node.uris.status_page(site["username"], status_id),
            status_id,
            actor["id"],
        )
        if is_hers:
            kept.append(status_id)
    if not kept:
        return []
    for table, column in (("attachment", "actor_id"), ("status", "in_reply_to_actor_id")):
        about = "status_id" if table == "attachment" else "in_reply_to_id"
        await tx.execute(
            f"UPDATE {table} SET {column} = ? WHERE {column} = ? AND {about} IN ({_PROTECTED})",
            site["id"],
            actor["id"],
        )
    for who, step in ((site["id"], len(kept)), (actor["id"], -len(kept))):
        await tx.execute(
            "UPDATE actor SET statuses_count = statuses_count + ? WHERE id = ?", step, who
        )
    return kept
