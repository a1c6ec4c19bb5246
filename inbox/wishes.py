"""What a person wants to read and what not, as conditions over statuses `s`.

Whoever wishes nothing in particular pays for nothing: each condition stands only where there
is something for it to say.
"""

from dataclasses import dataclass, field

import orjson

from federation.database import Reader, marks
from inbox.paging import TRUE, Condition
from outbox.visibility import Person, Who

_WISHES = (
    "SELECT 'hidden' AS kind, target_id AS id, '' AS words FROM block WHERE actor_id = ?"
    " UNION ALL SELECT 'hidden', actor_id, '' FROM block WHERE target_id = ?"
    " UNION ALL SELECT 'hidden', target_id, '' FROM mute WHERE actor_id = ?"
    " AND (expires_at IS NULL OR expires_at > ?)"
    " UNION ALL SELECT 'domain', id, domain FROM domain_block WHERE actor_id = ?"
    " UNION ALL SELECT 'tag', tag_id, '' FROM tag_follow WHERE actor_id = ?"
    " UNION ALL SELECT 'exclusive', m.actor_id, '' FROM list l"
    " JOIN list_member m ON m.list_id = l.id WHERE l.actor_id = ? AND l.exclusive"
    " UNION ALL SELECT CASE WHEN show_reblogs THEN 'heard' ELSE 'silent' END, target_id, languages"
    " FROM follow WHERE follower_id = ? AND state = 'accepted'"
    " AND (NOT show_reblogs OR languages <> '[]')"
)


@dataclass(slots=True)
class Wishes:
    """What one person set; ids of actors and tags, folded domains.

    `silent` are those whose boosts she does not want, `languages` the languages in which she
    wants to read somebody (JSON list → actors), `exclusive` who stands only on her lists.
    """

    silent: list[int] = field(default_factory=list[int])
    languages: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    hidden: list[int] = field(default_factory=list[int])
    domains: list[str] = field(default_factory=list[str])
    tags: list[int] = field(default_factory=list[int])
    exclusive: list[int] = field(default_factory=list[int])


async def wishes_of(reader: Reader, viewer: Person, now_ms: int) -> Wishes:
    """Everything one person set about what she reads, by one query."""
    own = viewer.actor_id
    found = Wishes()
    for row in await reader.rows(_WISHES, own, own, own, now_ms, own, own, own, own):
        match row["kind"]:
            case "hidden":
                found.hidden.append(row["id"])
            case "domain":
                found.domains.append(row["words"])
            case "tag":
                found.tags.append(row["id"])
            case "exclusive":
                found.exclusive.append(row["id"])
            case kind:
                if kind == "silent":
                    found.silent.append(row["id"])
                if row["words"] != "[]":
                    found.languages.setdefault(row["words"], []).append(row["id"])
    return found


def not_hidden(hidden: list[int]) -> Condition:
    """Neither by these actors, nor a boost of them, nor an answer to them."""
    if not hidden:
        return TRUE
    listed = marks(hidden)
    return Condition(
        f"s.actor_id NOT IN ({listed})"
        f" AND (s.in_reply_to_actor_id IS NULL OR s.in_reply_to_actor_id NOT IN ({listed}))"
        " AND (s.reblog_of_id IS NULL OR NOT EXISTS (SELECT 1 FROM status o"
        f" WHERE o.id = s.reblog_of_id AND o.actor_id IN ({listed})))",
        hidden * 3,
    )


def not_from(domains: list[str]) -> Condition:
    """Neither by people of these domains, nor a boost of them, nor an answer to them."""
    if not domains:
        return TRUE
    theirs = f"NOT d.is_local AND d.handle_host IN ({marks(domains)})"
    return Condition(
        "NOT EXISTS (SELECT 1 FROM actor d WHERE d.id IN (s.actor_id, s.in_reply_to_actor_id)"
        f" AND {theirs}) AND (s.reblog_of_id IS NULL OR NOT EXISTS (SELECT 1 FROM status o"
        f" JOIN actor d ON d.id = o.actor_id WHERE o.id = s.reblog_of_id AND {theirs}))",
        domains * 2,
    )


def understood(languages: dict[str, list[int]]) -> Condition:
    """In one of the languages in which the author is read; what names none is shown."""
    found = TRUE
    for words, authors in languages.items():
        codes = [str(code) for code in orjson.loads(words)]
        spoken = f"IN ({marks(codes)})"
        found &= Condition(
            f"(s.actor_id NOT IN ({marks(authors)}) OR CASE WHEN s.reblog_of_id IS NULL THEN"
            f" s.language IS NULL OR s.language {spoken} ELSE EXISTS (SELECT 1 FROM status o"
            " WHERE o.id = s.reblog_of_id AND (o.language IS NULL"
            f" OR o.language {spoken})) END)",
            [*authors, *codes, *codes],
        )
    return found


async def blocked_domains(reader: Reader, who: Who) -> list[str]:
    """The domains of which a person wants to hear nothing."""
    if not isinstance(who, Person):
        return []
    rows = await reader.rows(
        "SELECT domain FROM domain_block WHERE actor_id = ? ORDER BY id", who.actor_id
    )
    return [row["domain"] for row in rows]
