"""Who may see a status: the only predicate, in SQL and in Python side by side.

Every surface asks here: API, ActivityPub GET, timelines, search, notifications. A property
test builds random worlds and proves that both forms agree, and that an origin may read
exactly what `recipients` would deliver to it.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from federation.database import Reader, Row
from federation.plain_peers import ONLY_PUBLIC
from outbox.circles import ACROSS_SITES, ACROSS_SQL, RECEIVED_BY, TAKEN

Act = Literal["see", "reply", "favourite", "reblog", "quote"]
PUBLIC_KINDS = ("public", "unlisted")
# What stands in the common timelines of a site, as far as its members may see it.
FOR_MEMBERS = ("public", "site", *ACROSS_SITES)


@dataclass(frozen=True, slots=True)
class Person:
    """A local account reading; a guest is not a member of the site."""

    actor_id: int
    is_guest: bool = False


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person of another origin who signed a GET."""

    actor_id: int
    public_is_open: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """A whole origin, by the signature of its instance actor: reads what it would be sent."""

    origin: str
    public_is_open: bool = False


@dataclass(frozen=True, slots=True)
class Anyone:
    """Nobody in particular: sees what is public on an open node, nothing on a closed one."""

    public_is_open: bool = False


Who = Person | Visitor | Origin | Anyone

_FOLLOWS = (
    "EXISTS (SELECT 1 FROM follow f WHERE f.follower_id = ? AND f.target_id = {s}.actor_id"
    " AND f.state = 'accepted')"
)
_MENTIONED = "EXISTS (SELECT 1 FROM mention m WHERE m.status_id = {s}.id AND m.actor_id = ?)"
_NAMED = (
    "EXISTS (SELECT 1 FROM audience_member am WHERE am.audience_id = {s}.audience_id"
    " AND am.actor_id = ?)"
)
_BLOCKED = "EXISTS (SELECT 1 FROM block b WHERE b.actor_id = {s}.actor_id AND b.target_id = ?)"
_OPEN_AUTHOR = (
    "EXISTS (SELECT 1 FROM actor w WHERE w.id = {s}.actor_id AND w.reachable"
    " AND w.suspended_at IS NULL AND w.silenced_at IS NULL)"
)
_ACTIVE_AUTHOR = (
    "EXISTS (SELECT 1 FROM actor w WHERE w.id = {s}.actor_id AND w.suspended_at IS NULL)"
)
# Whom staff limited is read by followers and those addressed, as if nothing were public.
_HEARD_AUTHOR = (
    "EXISTS (SELECT 1 FROM actor w WHERE w.id = {s}.actor_id AND w.suspended_at IS NULL"
    " AND (w.silenced_at IS NULL"
    f" OR {_FOLLOWS} OR {_MENTIONED} OR {{s}}.audience_kind = 'named'))"
)
_FOLLOWED_FROM = (
    "EXISTS (SELECT 1 FROM follow f JOIN actor r ON r.id = f.follower_id"
    " WHERE f.target_id = {s}.actor_id AND f.state = 'accepted' AND r.origin = ?)"
)
# Of an actor `r`: whom the author blocks stands for nobody where it is for few. Her follow ended
# with the block. What is for everybody others of her site may read, in the same conversation.
_NOT_BLOCKED = (
    "NOT EXISTS (SELECT 1 FROM block b WHERE b.actor_id = {s}.actor_id AND b.target_id = r.id)"
)
_MENTIONED_FROM = (
    "EXISTS (SELECT 1 FROM mention m JOIN actor r ON r.id = m.actor_id"
    f" WHERE m.status_id = {{s}}.id AND r.origin = ?"
    f" AND ({{s}}.audience_kind IN ('public', 'unlisted') OR {_NOT_BLOCKED}))"
)
_NAMED_FROM = (
    "EXISTS (SELECT 1 FROM audience_member am JOIN actor r ON r.id = am.actor_id"
    f" WHERE am.audience_id = {{s}}.audience_id AND r.origin = ? AND {_NOT_BLOCKED})"
)
_ORIGIN_KEEPS_AUDIENCES = f"NOT EXISTS (SELECT 1 FROM peer q WHERE q.origin = ? AND {ONLY_PUBLIC})"
_KEEPS_AUDIENCES = (
    "NOT EXISTS (SELECT 1 FROM actor v JOIN peer q ON q.origin = v.origin"
    f" WHERE v.id = ? AND {ONLY_PUBLIC})"
)
# Members of this site: what is for it alone, and audiences of several sites that it belongs to.
_MEMBERS = (
    "({s}.audience_kind = 'site' AND {s}.is_local)"
    f" OR ({{s}}.audience_kind IN {ACROSS_SQL} AND ({{s}}.is_local OR {TAKEN}))"
)


def may_see_sql(who: Who, s: str = "status") -> tuple[str, list[Any]]:
    """A condition over the status row `s`, and its arguments in order.

    A boost is seen by who may see both the boost and what it boosts; elsewhere it is only the
    address of what is boosted, so for readers there it is enough that this is public.
    """
    match who:
        case Anyone(is_other):
            sql, places = _condition(Anyone, is_other, s)
            return sql, [None] * places
        case Person(subject, is_other) | Visitor(subject, is_other) | Origin(subject, is_other):
            sql, places = _condition(type(who), is_other, s)
            return sql, [subject] * places


@lru_cache(maxsize=64)
def _condition(kind: type[Who], is_other: bool, s: str) -> tuple[str, int]:
    """The condition for readers of one kind, and how often it asks who reads.

    `is_other` is their second field: a guest, or an open node.
    """
    own, own_places = _plain(kind, is_other, s)
    inner, inner_places = _plain(kind, is_other, "boosted")
    if kind is not Person:
        inner = f"(boosted.audience_kind IN ('public', 'unlisted') OR {inner})"
    sql = (
        f"({own} AND ({s}.reblog_of_id IS NULL OR EXISTS (SELECT 1 FROM status boosted"
        f" WHERE boosted.id = {s}.reblog_of_id AND {inner})))"
    )
    return sql, own_places + inner_places


def _plain(kind: type[Who], is_other: bool, s: str) -> tuple[str, int]:
    opened = f"({s}.audience_kind IN ('public', 'unlisted') AND {_OPEN_AUTHOR}) OR "
    if kind is Person:
        members = "" if is_other else f" OR {_MEMBERS}"
        sql = (
            f"({s}.actor_id = ? OR (({s}.audience_kind IN ('public', 'unlisted'){members}"
            f" OR ({s}.audience_kind = 'followers' AND ({_FOLLOWS} OR {_MENTIONED}))"
            f" OR ({s}.audience_kind = 'named' AND {_NAMED}))"
            f" AND NOT {_BLOCKED} AND {_HEARD_AUTHOR}))"
        )
    elif kind is Visitor:
        sql = (
            f"({s}.is_local AND ({opened if is_other else ''}"
            f"({s}.audience_kind IN ('public', 'unlisted') AND ({_FOLLOWS} OR {_MENTIONED}))"
            f" OR (({s}.audience_kind = 'followers' AND ({_FOLLOWS} OR {_MENTIONED})"
            f" OR ({s}.audience_kind = 'named' AND {_NAMED})) AND {_KEEPS_AUDIENCES}))"
            f" AND NOT {_BLOCKED} AND {_ACTIVE_AUTHOR})"
        )
    elif kind is Origin:
        sql = (
            f"({s}.is_local AND ({opened if is_other else ''}"
            f"({s}.audience_kind IN ('public', 'unlisted')"
            f" AND ({_FOLLOWED_FROM} OR {_MENTIONED_FROM}))"
            f" OR (({s}.audience_kind = 'followers' AND ({_FOLLOWED_FROM} OR {_MENTIONED_FROM})"
            f" OR ({s}.audience_kind = 'named' AND {_NAMED_FROM}))"
            f" AND {_ORIGIN_KEEPS_AUDIENCES})"
            f" OR ({s}.audience_kind IN {ACROSS_SQL} AND {RECEIVED_BY}))"
            f" AND {_ACTIVE_AUTHOR})"
        )
    elif is_other:
        sql = f"({s}.is_local AND {s}.audience_kind IN ('public', 'unlisted') AND {_OPEN_AUTHOR})"
    else:
        sql = "(1 = 0)"
    return sql.format(s=s), sql.count("?")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the Python form decides from: the relation of one reader to one status."""

    kind: str
    is_local: bool
    is_author: bool
    author_active: bool
    author_reachable: bool
    follows: bool
    mentioned: bool
    named: bool
    blocked: bool
    author_silenced: bool = False
    taken: bool = False
    """It came from elsewhere under agreements that stand."""
    received: bool = False
    """It goes from here to the reading origin, which belongs to its audience."""
    only_public: bool = False
    """The reader lives where the software keeps no narrower audience."""


def sees(who: Who, facts: Facts) -> bool:
    """The Python form of `may_see_sql` for a status that is no boost."""
    public = facts.kind in PUBLIC_KINDS
    circle = (facts.kind == "followers" and (facts.follows or facts.mentioned)) or (
        facts.kind == "named" and facts.named
    )
    match who:
        case Person(_, is_guest):
            if facts.is_author:
                return True
            across = facts.kind in ACROSS_SITES and (facts.is_local or facts.taken)
            site = (across or (facts.kind == "site" and facts.is_local)) and not is_guest
            heard = not facts.author_silenced or facts.follows or facts.mentioned
            open_to_her = (public or site) and heard
            return (open_to_her or circle) and not facts.blocked and facts.author_active
        case Anyone(public_is_open):
            return (
                public_is_open
                and public
                and facts.is_local
                and facts.author_reachable
                and facts.author_active
                and not facts.author_silenced
            )
        case Visitor(_, public_is_open) | Origin(_, public_is_open):
            opened = (
                public_is_open and public and facts.author_reachable and not facts.author_silenced
            )
            sent = public and (facts.follows or facts.mentioned)
            across = isinstance(who, Origin) and facts.kind in ACROSS_SITES and facts.received
            return (
                facts.is_local
                and (opened or sent or (circle and not facts.only_public) or across)
                and not facts.blocked
                and facts.author_active
            )


async def member(reader: Reader, actor_id: int) -> Person:
    """A person of this node as a reader: whether she is a guest is read from her account."""
    is_guest = await reader.value("SELECT is_guest FROM account WHERE actor_id = ?", actor_id)
    return Person(actor_id, bool(is_guest))


async def visible(reader: Reader, who: Who, status_id: int) -> Row | None:
    """The status, if `who` may see it; None otherwise, by the same single statement."""
    condition, args = may_see_sql(who)
    return await reader.row(
        f"SELECT status.* FROM status WHERE status.id = ? AND {condition}", status_id, *args
    )


async def may(reader: Reader, who: Who, act: Act, status: Row) -> bool:
    """Whether `who` may do `act` to the status.

    What is not public may be passed on (reblog, quote) by its author alone.
    """
    if await visible(reader, who, status["id"]) is None:
        return False
    if act in ("reblog", "quote") and status["audience_kind"] not in PUBLIC_KINDS:
        return isinstance(who, Person | Visitor) and who.actor_id == status["actor_id"]
    return True
