"""Who an object is for: audience rows, addresses on the wire, and inboxes delivered to."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import ne
from typing import Literal, NamedTuple

from federation.activity import uris, values
from federation.admission import ALLOWED_POLICIES
from federation.database import Reader, Row, Transaction, marks
from federation.node import Node
from federation.plain_peers import ONLY_PUBLIC
from federation.vocabulary import PUBLIC, Document
from outbox.circles import ACROSS_SITES, Site, origins_of
from outbox.visibility import PUBLIC_KINDS

VISIBILITY_KINDS = {
    "public": "public",
    "unlisted": "unlisted",
    "private": "followers",
    "direct": "named",
    "local": "site",
    "organisation": "organisation",
    "partners": "partners",
    "named_partners": "named_partners",
}
# From widest to narrowest, where one contains the next.
WIDTH = {"public": 4, "unlisted": 3, "followers": 2, "site": 2, "named": 1}
# The same among the audiences of sites.
SITES_WIDTH = {"partners": 4, "named_partners": 3, "organisation": 2, "site": 1}


class Recipient(NamedTuple):
    """One inbox that gets a copy; `actor_id` when it is one person's own inbox."""

    inbox_url: str
    origin: str
    actor_id: int | None = None


Narrowing = Literal["any", "organisation", "site"]
"""How an answer may narrow an audience of several sites: to each narrower one in a conversation
that began here; in one that began elsewhere in our organisation to that; else to this site."""


def narrowed(kind: str, parent: Row | None, author_id: int, narrowing: Narrowing = "any") -> str:
    """The kind a reply may have: its parent's or a narrower one, never wider.

    Somebody else's followers are a circle that the replier cannot name, so a reply into it
    goes to the people named in the conversation. In an audience of several sites followers and
    everybody are others than those who read, so such an answer stays what the parent is.
    """
    if parent is None or parent["audience_kind"] in PUBLIC_KINDS:
        unlisted = parent is not None and parent["audience_kind"] == "unlisted"
        return "unlisted" if unlisted and kind == "public" else kind
    if parent["audience_kind"] in ACROSS_SITES:
        known = {
            "any": ("named_partners", "organisation", "site"),
            "organisation": ("organisation", "site"),
            "site": ("site",),
        }[narrowing]
        narrower = SITES_WIDTH.get(kind, 9) < SITES_WIDTH[parent["audience_kind"]]
        fits = kind == "named" or (kind in known and narrower)
        return kind if fits else parent["audience_kind"]
    if parent["audience_kind"] == "site":
        return kind if kind == "named" else "site"
    if parent["audience_kind"] == "followers" and parent["actor_id"] == author_id:
        return kind if kind == "named" else "followers"
    return "named"


def addressing(
    kind: str, author: Row, mentioned: Sequence[str], circle_uri: str | None = None
) -> tuple[list[str], list[str]]:
    """(to, cc) of an object of this kind; nothing at all for what never leaves the site.

    An audience of several sites is addressed by its uri alone, whoever is named in the text.
    """
    if kind in ACROSS_SITES:
        return ([circle_uri], []) if circle_uri else ([], [])
    followers = author["followers_url"]
    match kind:
        case "public":
            return [PUBLIC], [followers, *mentioned]
        case "unlisted":
            return [followers], [PUBLIC, *mentioned]
        case "followers":
            return [followers], list(mentioned)
        case "named":
            return list(mentioned), []
        case _:
            return [], []


def read_kind(document: Document, fallback: Document, author: Row) -> tuple[str, list[str]]:
    """Return (kind, addressed uris) of a received object.

    The activity's addresses stand in for an object without any. Without *everybody* it is
    never public, whatever it answers.
    """
    source = document if values(document, "to") or values(document, "cc") else fallback
    to, cc = uris(source, "to"), uris(source, "cc")
    audience = uris(document, "audience")
    named = [uri for uri in dict.fromkeys([*to, *cc, *audience]) if uri != PUBLIC]
    if PUBLIC in to:
        return "public", named
    if PUBLIC in cc:
        return "unlisted", named
    if author["followers_url"] and author["followers_url"] in named:
        return "followers", named
    return "named", named


async def store_audience(
    node: Node, tx: Transaction, kind: str, author: Row, member_ids: Iterable[int] = ()
) -> int:
    """The id of the audience row of this kind; a new one with members for named people."""
    owner = author["origin"]
    uri = {
        "public": PUBLIC,
        "unlisted": f"{PUBLIC}-unlisted",
        "site": f"{node.origin}#site",
        "followers": author["followers_url"] or f"{author['uri']}#followers",
    }.get(kind)
    if uri is not None:
        found = await tx.value("SELECT id FROM audience WHERE uri = ?", uri)
        if found is not None:
            return found
    audience_id = node.ids.next()
    await tx.execute(
        "INSERT INTO audience (id, kind, uri, owner, created_at) VALUES (?, ?, ?, ?, ?)",
        audience_id,
        kind,
        uri,
        owner if kind in ("named", "followers", "site") else "",
        node.clock(),
    )
    members = set(member_ids)
    if members:
        await tx.many(
            "INSERT INTO audience_member (audience_id, actor_id) VALUES (?, ?)",
            [(audience_id, member) for member in members],
        )
    return audience_id


async def recipients(node: Node, reader: Reader, status: Row) -> list[Recipient]:
    """The inboxes at other origins that this status goes to, each once.

    Pure in the status and the relations stored: followers' shared inboxes, the people named, or
    the sites of an audience of several, whoever follows or is named elsewhere. A closed node
    sends to allowed peers only; a blocked peer never gets anything.
    """
    if not status["is_local"] or status["audience_kind"] == "site":
        return []
    if status["audience_kind"] in ACROSS_SITES:
        # Only nodes of this software have agreements: their inbox is known.
        sends_at = _sends(node)
        return [
            Recipient(site["origin"] + "/inbox", site["origin"])
            for site in await origins_of(reader, status["audience_id"])
            if sends_at(site["policy"])
        ]
    found: dict[str, Recipient] = {}
    if status["audience_kind"] != "named":
        for row in await reader.rows(
            "SELECT DISTINCT COALESCE(r.shared_inbox_url, r.inbox_url) AS inbox_url, r.origin"
            " FROM follow f JOIN actor r ON r.id = f.follower_id"
            " WHERE f.target_id = ? AND f.state = 'accepted' AND NOT r.is_local"
            " AND r.deleted_at IS NULL AND r.suspended_at IS NULL"
            f" AND {_admitted(node)} AND {_keeps(status)}",
            status["actor_id"],
        ):
            found[row["inbox_url"]] = Recipient(row["inbox_url"], row["origin"])
    for recipient in await _named_recipients(node, reader, status):
        found.setdefault(recipient.inbox_url, recipient)
    return list(found.values())


async def _named_recipients(node: Node, reader: Reader, status: Row) -> list[Recipient]:
    """The inboxes of those named; of whom the author blocks only when everybody may read it."""
    named = status["audience_kind"] == "named"
    blocked = "SELECT 1 FROM block b WHERE b.actor_id = ? AND b.target_id = r.id"
    table, key, value = (
        ("audience_member", "audience_id", status["audience_id"])
        if named
        else ("mention", "status_id", status["id"])
    )
    rows = await reader.rows(
        f"SELECT r.id, r.inbox_url, r.shared_inbox_url, r.origin FROM {table} m"
        f" JOIN actor r ON r.id = m.actor_id WHERE m.{key} = ? AND NOT r.is_local"
        " AND r.deleted_at IS NULL AND r.suspended_at IS NULL"
        f" AND (? OR NOT EXISTS ({blocked})) AND {_admitted(node)} AND {_keeps(status)}",
        value,
        status["audience_kind"] in PUBLIC_KINDS,
        status["actor_id"],
    )
    return [
        Recipient(row["inbox_url"], row["origin"], row["id"])
        if named
        else Recipient(row["shared_inbox_url"] or row["inbox_url"], row["origin"])
        for row in rows
    ]


async def follower_recipients(node: Node, reader: Reader, actor_id: int) -> list[Recipient]:
    """Where news about an actor itself go (Update, Delete of a profile): its followers."""
    rows = await reader.rows(
        "SELECT DISTINCT COALESCE(r.shared_inbox_url, r.inbox_url) AS inbox_url, r.origin"
        " FROM follow f JOIN actor r ON r.id = f.follower_id"
        f" WHERE f.target_id = ? AND f.state = 'accepted' AND NOT r.is_local AND {_admitted(node)}",
        actor_id,
    )
    return [Recipient(row["inbox_url"], row["origin"]) for row in rows]


def admitted(node: Node, sites: Iterable[Site]) -> list[Site]:
    """Those of the sites of an audience to which this node sends, by its own decision on each."""
    sends_at = _sends(node)
    return [site for site in sites if sends_at(site.policy)]


def _sends(node: Node) -> Callable[[str | None], bool]:
    """By the policy of a peer: a closed node sends to those it allows, an open one to those it
    does not block.
    """
    return ALLOWED_POLICIES.__contains__ if node.is_closed else partial(ne, "blocked")


def _admitted(node: Node) -> str:
    """Condition on an actor row `r`: its origin is one that we send to."""
    if node.is_closed:
        return (
            "EXISTS (SELECT 1 FROM peer p WHERE p.origin = r.origin"
            " AND p.policy IN ('allowed', 'limited'))"
        )
    return "NOT EXISTS (SELECT 1 FROM peer p WHERE p.origin = r.origin AND p.policy = 'blocked')"


def _keeps(status: Row) -> str:
    """Condition on an actor row `r`: its software shows such a status to nobody else."""
    if status["audience_kind"] in PUBLIC_KINDS:
        return "1 = 1"
    return f"NOT EXISTS (SELECT 1 FROM peer q WHERE q.origin = r.origin AND {ONLY_PUBLIC})"


async def hearers(node: Node, reader: Reader, status: Row) -> list[Recipient]:
    """Where what becomes of a status is said: an edit, the figures of its poll, its quotes.

    Also to whoever has it, where that is for everybody; and for sites, since one may belong
    again to an audience when it goes. New words for followers or named people go where the status
    itself would go now: an origin whose last follower left keeps what it has, and hears no more.
    """
    goes_to = await recipients(node, reader, status)
    if status["audience_kind"] not in (*PUBLIC_KINDS, *ACROSS_SITES):
        return goes_to
    return joined(goes_to, await holders(node, reader, status["uri"]))


def joined(some: Iterable[Recipient], others: Iterable[Recipient]) -> list[Recipient]:
    """All of `some`, each inbox once, and one inbox of every origin that only `others` have."""
    found = {recipient.inbox_url: recipient for recipient in some}
    origins = {recipient.origin for recipient in found.values()}
    for other in others:
        if other.origin not in origins:
            found[other.inbox_url] = other
            origins.add(other.origin)
    return list(found.values())


async def holders(node: Node, reader: Reader, object_uri: str) -> list[Recipient]:
    """Return the shared inboxes of the origins that were handed this object, or quote it.

    They must get its Delete, whatever the audience or the agreement has become: what may still
    be said to a former partner is judged when it goes.
    """
    rows = await reader.rows(
        "SELECT h.origin, MIN(COALESCE(r.shared_inbox_url, r.inbox_url)) AS inbox_url"
        " FROM (SELECT origin FROM held WHERE object_uri = ? UNION SELECT a.origin FROM status o"
        " JOIN status q ON q.quote_of_id = o.id AND q.quote_state = 'accepted'"
        " JOIN actor a ON a.id = q.actor_id WHERE o.uri = ? AND NOT a.is_local) h"
        f" JOIN actor r ON r.origin = h.origin WHERE r.deleted_at IS NULL AND {_admitted(node)}"
        " GROUP BY h.origin",
        object_uri,
        object_uri,
    )
    found = {row["origin"]: row["inbox_url"] for row in rows}
    partners = await reader.rows(
        "SELECT h.origin FROM held h WHERE h.object_uri = ? AND EXISTS (SELECT 1 FROM partnership p"
        " WHERE p.origin = h.origin UNION ALL SELECT 1 FROM parting e WHERE e.origin = h.origin)"
        " AND NOT EXISTS (SELECT 1 FROM peer b WHERE b.origin = h.origin AND b.policy = 'blocked')",
        object_uri,
    )
    # Nodes of this software: nobody there has to be known here, and the agreement may be over.
    found |= {row["origin"]: f"{row['origin']}/inbox" for row in partners}
    return [Recipient(url, origin) for origin, url in sorted(found.items())]


async def holders_of_all(node: Node, reader: Reader, actor_uri: str) -> list[Recipient]:
    """Return the shared inboxes of the origins that were handed anything of a deleted actor.

    The ledger says where that is: its statuses are tombstones by now.
    """
    objects = "SELECT ? AS uri UNION SELECT t.uri FROM tombstone t WHERE t.actor_uri = ?"
    handed = f"SELECT DISTINCT h.origin FROM held h JOIN ({objects}) o ON o.uri = h.object_uri"
    rows = await reader.rows(
        "SELECT h.origin, MIN(COALESCE(r.shared_inbox_url, r.inbox_url)) AS inbox_url"
        f" FROM ({handed}) h JOIN actor r ON r.origin = h.origin"
        f" WHERE r.deleted_at IS NULL AND {_admitted(node)} GROUP BY h.origin",
        actor_uri,
        actor_uri,
    )
    found = {row["origin"]: row["inbox_url"] for row in rows}
    partners = await reader.rows(
        f"SELECT h.origin FROM ({handed}) h WHERE EXISTS (SELECT 1 FROM partnership p"
        " WHERE p.origin = h.origin UNION ALL SELECT 1 FROM parting e WHERE e.origin = h.origin)"
        " AND NOT EXISTS (SELECT 1 FROM peer b WHERE b.origin = h.origin AND b.policy = 'blocked')",
        actor_uri,
        actor_uri,
    )
    found |= {row["origin"]: f"{row['origin']}/inbox" for row in partners}
    return [Recipient(url, origin) for origin, url in sorted(found.items())]


async def known_actor_ids(reader: Reader, addressed: Sequence[str]) -> dict[str, int]:
    """The ids of those addressed who are actors we know (uri → id)."""
    if not addressed:
        return {}
    rows = await reader.rows(
        f"SELECT id, uri FROM actor WHERE uri IN ({marks(addressed)}) AND deleted_at IS NULL",
        *addressed,
    )
    return {row["uri"]: row["id"] for row in rows}


async def mentioned_rows(reader: Reader, status_id: int) -> Sequence[Row]:
    """The actors a status names, in the order of their ids, with whether silently."""
    return await reader.rows(
        "SELECT actor.*, m.silent FROM mention m JOIN actor ON actor.id = m.actor_id"
        " WHERE m.status_id = ? ORDER BY actor.id",
        status_id,
    )
