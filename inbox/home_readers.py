"""In whose home a new status surely stands, by one statement for all who follow its author.

Only for those of whom nothing is to be asked beyond following: whoever set anything that could
keep it from her is left out here, and asked for by herself. So this never says yes where
`inbox.home` would say no.
"""

from federation.database import Reader, Row
from outbox.visibility import Person, may_see_sql

_NOBODY = 0
_READER = "f.follower_id"
_UNASKED = (
    "SELECT f.follower_id AS id FROM follow f JOIN account a ON a.actor_id = f.follower_id"
    " JOIN status s ON s.id = ? WHERE f.target_id = s.actor_id AND f.state = 'accepted'"
    " AND f.languages = '[]' AND NOT a.is_guest"
    " AND NOT EXISTS (SELECT 1 FROM block x WHERE x.actor_id = f.follower_id)"
    " AND NOT EXISTS (SELECT 1 FROM block x WHERE x.target_id = f.follower_id)"
    " AND NOT EXISTS (SELECT 1 FROM mute x WHERE x.actor_id = f.follower_id)"
    " AND NOT EXISTS (SELECT 1 FROM domain_block x WHERE x.actor_id = f.follower_id)"
    " AND NOT EXISTS (SELECT 1 FROM list x WHERE x.actor_id = f.follower_id AND x.exclusive)"
)


async def sure_readers(reader: Reader, status: Row) -> set[int]:
    """People of this node who find the status in their home, as they set nothing against it.

    None of a boost or an answer, which home judges by more than its author.
    """
    if status["reblog_of_id"] is not None or status["in_reply_to_uri"] is not None:
        return set()
    condition, args = may_see_sql(Person(_NOBODY), "s")
    assert set(args) == {_NOBODY}, "all that the predicate asks for is who reads"
    # The one predicate, for every reader at once: in place of one id stands the column.
    rows = await reader.rows(f"{_UNASKED} AND {condition.replace('?', _READER)}", status["id"])
    return {row["id"] for row in rows}
