"""What agreements let people do across sites: the same rule for who sends and who receives.

Whoever sends keeps to what the other site grants; whoever receives to what it granted itself.
"""

from collections.abc import Collection, Sequence
from typing import Literal

from federation.database import Reader, Row, marks
from federation.errors import Invalid, Refused, describe
from federation.granted import Granted, granted, granted_by
from outbox.circles import ACROSS_SITES

describe(
    {
        "follow.not_agreed": "The agreement with {origin} lets nobody here follow people there.",
        "status.not_agreed": "The agreement with their site does not let you write to {got}"
        " alone; whoever follows the other, or was written to first, may if it says *shared*.",
        "status.guest": "A guest writes to named people and to followers; this audience is for"
        " members of the site.",
        "reblog.not_agreed": "The agreement with {origin} lets nobody here pass on what is"
        " published there.",
        "quote.not_agreed": "The agreement with {origin} lets nobody here quote what is published"
        " there.",
        "refused.scope_follow": "Refused: our agreement with this partner lets its people follow"
        " nobody here.",
        "refused.scope_messages": "Refused: our agreement with this partner does not let its author"
        " write to the people named.",
        "refused.scope_resharing": "Refused: our agreement with this partner keeps what is"
        " published here from being passed on there.",
        "refused.scope_reports": "Refused: our agreement with this partner takes no reports.",
    }
)

Direction = Literal["sending", "receiving"]
CIRCLES = ("named", "followers")

# Of the people in the list: those tied to one person, by following in either direction, or by
# having written to her by name before.
_TIED = (
    "SELECT a.id FROM actor a WHERE a.id IN ({people}) AND (EXISTS (SELECT 1 FROM follow f"
    " WHERE f.state = 'accepted' AND ((f.follower_id = ? AND f.target_id = a.id)"
    " OR (f.target_id = ? AND f.follower_id = a.id)))"
    " OR EXISTS (SELECT 1 FROM status s JOIN audience_member m ON m.audience_id = s.audience_id"
    " WHERE s.actor_id = a.id AND s.audience_kind = 'named' AND m.actor_id = ?))"
)


async def refuse_follow(reader: Reader, target: Row) -> None:
    """Raise Refused when the site of `target` grants no follow to anybody here."""
    known = None if target["is_local"] else await granted(reader, target["origin"])
    if known is not None and known.theirs.follow == "none":
        raise Refused("follow.not_agreed", origin=target["origin"])


async def follow_granted(reader: Reader, follower: Row) -> str:
    """What this site grants to who wants to follow here: `none`, `approval` or `free`."""
    known = None if follower["is_local"] else await granted(reader, follower["origin"])
    return "free" if known is None else known.ours.follow


async def not_to_be_written_to(
    reader: Reader,
    author: Row,
    people: Sequence[Row],
    kind: str,
    direction: Direction,
) -> set[int]:
    """The ids of those among `people` to whom `author` may not write by name.

    Only what is for few (`named`, `followers`) is a message; a follower reads what is for
    followers in any case. `people` live here when receiving, elsewhere when sending.
    """
    if kind not in CIRCLES or not people:
        return set()
    where = [author["origin"]] if direction == "receiving" else [p["origin"] for p in people]
    agreed = await granted_by(reader, where)
    if not agreed:
        return set()
    asked = {person["id"]: _messages(agreed, author, person, direction) for person in people}
    limited = [person_id for person_id, value in asked.items() if value != "anyone"]
    free = await _readers(reader, author, limited) if kind == "followers" else set[int]()
    tied = await _tied(reader, author["id"], [p for p in limited if asked[p] == "shared"])
    return set(limited) - free - tied


def _messages(agreed: dict[str, Granted], author: Row, person: Row, direction: Direction) -> str:
    if direction == "receiving":
        known = agreed.get(author["origin"])
        return "anyone" if known is None else known.ours.messages
    known = agreed.get(person["origin"])
    return "anyone" if known is None else known.theirs.messages


async def _tied(reader: Reader, author_id: int, people: Sequence[int]) -> set[int]:
    if not people:
        return set()
    rows = await reader.rows(
        _TIED.format(people=marks(people)), *people, author_id, author_id, author_id
    )
    return {row["id"] for row in rows}


async def _readers(reader: Reader, author: Row, people: Sequence[int]) -> set[int]:
    if not people:
        return set()
    rows = await reader.rows(
        "SELECT follower_id FROM follow WHERE target_id = ? AND state = 'accepted'"
        f" AND follower_id IN ({marks(people)})",
        author["id"],
        *people,
    )
    return {row["follower_id"] for row in rows}


async def refuse_messages(reader: Reader, author: Row, kind: str, ids: Collection[int]) -> None:
    """Raise Invalid (field `status`) naming those elsewhere whom `author` may not write to."""
    if kind not in CIRCLES or not ids:
        return
    people = await reader.rows(
        "SELECT id, username, handle_host, origin FROM actor"
        f" WHERE id IN ({marks(list(ids))}) AND NOT is_local ORDER BY id",
        *ids,
    )
    refused = await not_to_be_written_to(reader, author, people, kind, "sending")
    if refused:
        names = [f"@{p['username']}@{p['handle_host']}" for p in people if p["id"] in refused]
        raise Invalid("status.not_agreed", field="status", got=", ".join(names))


def refuse_guest(kind: str, *, is_guest: bool) -> None:
    """Raise Invalid when a guest chooses an audience that she is no part of."""
    if is_guest and (kind == "site" or kind in ACROSS_SITES):
        raise Invalid("status.guest", field="visibility")


async def refuse_quote(reader: Reader, quoted: Row) -> None:
    """Raise Invalid when an agreement keeps what is quoted where it was published.

    The quote itself would leave this site, so *inside the site* is not enough.
    """
    author = await reader.row("SELECT is_local, origin FROM actor WHERE id = ?", quoted["actor_id"])
    if author is not None and await resharing_of(reader, author) != "all":
        raise Invalid("quote.not_agreed", field="quoted_status_id", origin=author["origin"])


async def resharing_of(reader: Reader, author: Row) -> str:
    """What may be done with what is public of an author elsewhere: `none`, `site` or `all`."""
    known = None if author["is_local"] else await granted(reader, author["origin"])
    return "all" if known is None else known.theirs.resharing


async def is_reshared_against_us(reader: Reader, who: Row, author: Row) -> bool:
    """Whether somebody elsewhere passes on what is ours though we grant it to stay there."""
    if who["is_local"] or not author["is_local"]:
        return False
    return await granted(reader, who["origin"]) is not None


async def may_report_to(reader: Reader, origin: str) -> bool:
    """Whether that site takes our reports."""
    known = await granted(reader, origin)
    return known is None or known.theirs.reports


async def takes_reports_of(reader: Reader, origin: str) -> bool:
    """Whether this site takes the reports of that one."""
    known = await granted(reader, origin)
    return known is None or known.ours.reports


async def keeps_copies_of(reader: Reader, origin: str) -> bool:
    """Whether that site lets us keep copies of its files."""
    known = await granted(reader, origin)
    return known is None or known.theirs.media == "copy"


async def lets_keep_copies(reader: Reader, origin: str) -> bool:
    """Whether this site lets that one keep copies of its files; only agreements do."""
    known = await granted(reader, origin)
    return known is not None and known.ours.media == "copy"
