"""Audiences made of sites: which origins belong to one, said once, for sending and for showing.

An audience of several sites is a row with an unguessable uri, one for each conversation. Its
owner is the origin where the conversation began, which alone knows all who belong to it.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from federation.activity import text, uris
from federation.database import Reader, Row, Transaction
from federation.node import Node
from federation.origins import origin_of
from federation.vocabulary import Document

ACROSS_SITES = ("organisation", "partners", "named_partners")
ACROSS_SQL = "('organisation', 'partners', 'named_partners')"
WIRE_KIND = "audienceKind"
FOR_NOBODY = "none"
"""The kind of what is taken back from the members of one site, in a Delete that is for it alone."""
TAKEN_BACK = "TakenBack"
"""What a tombstone calls it there, instead of its type: its author has not deleted it."""
_ON_THE_WIRE = re.compile(r"https?://[^/]+/audiences/[A-Za-z0-9_-]{22}")

_OURS = "EXISTS (SELECT 1 FROM actor me WHERE me.uri = au.owner || '/actor' AND me.is_local)"
# An audience with what is to be known of its owner, each asked once however many sites there
# are: the limit keeps both engines from asking again for each.
_CIRCLE = (
    f"(SELECT au.id, au.kind, au.owner, {_OURS} AS ours, EXISTS (SELECT 1 FROM partnership o"
    " WHERE o.origin = au.owner AND o.kind = 'site' AND o.state IN ('active', 'paused')) AS inside"
    " FROM audience au WHERE au.id = {audience} LIMIT 1) au"
)

# Of a partnership `p` and such an audience `au`: what we say in it goes to that origin, after a
# pause what was said during it: the door and the lanes keep it back meanwhile.
#
# In a conversation that began here the owner's answer is ours: the kind decides. In one that
# began elsewhere it goes back there, to those that are known to belong to it (its members, who
# are asked before each answer), and inside our organisation, which every audience of one of its
# sites contains. What is said while a member cannot be asked waits for it, and it is asked again
# before that goes: meanwhile it may have been taken out.
_RECEIVES = (
    "(p.state IN ('active', 'paused') AND (p.kind = 'site' OR p.gives_audiences)"
    " AND (p.origin = au.owner"
    " OR (au.ours AND (p.kind = 'site' OR au.kind = 'partners'))"
    " OR (au.inside AND p.kind = 'site')"
    " OR EXISTS (SELECT 1 FROM audience_member am"
    " WHERE am.audience_id = au.id AND am.origin = p.origin{is_sure})))"
)
RECEIVES = _RECEIVES.format(is_sure="")
_STANDS = "{p}.state IN ('active', 'paused') AND ({p}.kind = 'site' OR {p}.takes_audiences)"
# What came before an end can be read after it where that was agreed.
_READS = f"({_STANDS} OR ({{p}}.state = 'ended' AND {{p}}.keeps))"
# Of a status `{s}` of elsewhere: it came under agreements that still stand, or let it be kept,
# with the site of its author and with the one where the conversation began.
TAKEN = (
    "EXISTS (SELECT 1 FROM actor w JOIN partnership p ON p.origin = w.origin"
    " JOIN audience au ON au.id = {s}.audience_id"
    f" WHERE w.id = {{s}}.actor_id AND {_READS.format(p='p')} AND (au.owner = w.origin"
    f" OR {_OURS} OR EXISTS (SELECT 1 FROM partnership o WHERE o.origin = au.owner"
    f" AND {_READS.format(p='o')})))"
)
# Of a status `{s}` of ours: the origin in the place of the mark is sent it.
_IS_SURE = " AND ({s}.id < am.unsure_from OR am.unsure_from IS NULL)"
RECEIVED_BY = (
    f"EXISTS (SELECT 1 FROM {_CIRCLE.format(audience='{s}.audience_id')}"
    f" JOIN partnership p ON p.origin = ? WHERE {_RECEIVES.format(is_sure=_IS_SURE)})"
)


@dataclass(frozen=True, slots=True)
class Site:
    """Another site of an audience; `name` is what the agreement calls it."""

    origin: str
    name: str
    kind: str
    policy: str | None
    """What this node decided about the peer, beside the agreement."""
    waits: str = ""
    """Why what is sent there waits: `stopped` or `paused` here, or `silent` there; else empty."""


def digest_of(uri: str) -> str:
    """What stands for the uri of an audience where it must not be said."""
    return hashlib.sha256(uri.encode()).hexdigest()


async def new_circle(node: Node, tx: Transaction, kind: str, origins: Iterable[str] = ()) -> int:
    """A new audience of this kind that begins here; `origins` are its named partners."""
    uri = node.uris.audience(secrets.token_urlsafe(16))
    return await _store(node, tx, kind, uri, node.origin, origins)


async def _store(
    node: Node, tx: Transaction, kind: str, uri: str, owner: str, origins: Iterable[str] = ()
) -> int:
    audience_id = node.ids.next()
    await tx.execute(
        "INSERT INTO audience (id, kind, uri, owner, created_at, digest) VALUES (?, ?, ?, ?, ?, ?)",
        audience_id,
        kind,
        uri,
        owner,
        node.clock(),
        digest_of(uri),
    )
    await tx.many(
        "INSERT INTO audience_member (audience_id, origin) VALUES (?, ?)",
        [(audience_id, origin) for origin in sorted(set(origins))],
    )
    return audience_id


_SITES = (
    "SELECT p.origin, p.name, p.kind, q.policy, CASE WHEN EXISTS (SELECT 1 FROM stopped t"
    " WHERE t.origin IN ('*', p.origin)) THEN 'stopped' WHEN p.state = 'paused' THEN 'paused'"
    " WHEN q.failing_since IS NOT NULL THEN 'silent' ELSE '' END AS waits FROM {source}"
    " LEFT JOIN peer q ON q.origin = p.origin WHERE {where} ORDER BY p.origin"
)
_OF_AUDIENCE = _SITES.format(
    source=f"{_CIRCLE.format(audience='CAST(? AS BIGINT)')} JOIN partnership p ON {RECEIVES}",
    where="1 = 1",
)
_OF_ALL = _SITES.format(
    source="partnership p",
    where="p.state IN ('active', 'paused') AND (p.kind = 'site' OR p.gives_audiences)",
)

# For sending, without what is only shown: asked for each post and each site of an organisation.
_ORIGINS = (
    f"SELECT p.origin, q.policy FROM {_CIRCLE.format(audience='CAST(? AS BIGINT)')}"
    f" JOIN partnership p ON {RECEIVES} LEFT JOIN peer q ON q.origin = p.origin"
)


async def origins_of(reader: Reader, audience_id: int) -> Sequence[Row]:
    """The other origins to which goes what is said here in an audience: `origin`, `policy`."""
    return await reader.rows(_ORIGINS, audience_id)


async def sites_of(reader: Reader, audience_id: int) -> list[Site]:
    """The other sites to which goes what is said here in an audience, by origin."""
    return [_site(row) for row in await reader.rows(_OF_AUDIENCE, audience_id)]


async def sites_for(reader: Reader, kind: str, origins: Iterable[str] = ()) -> list[Site]:
    """The other sites that a new audience of this kind would have."""
    chosen = set(origins)
    sites = [_site(row) for row in await reader.rows(_OF_ALL)]
    return [
        site
        for site in sites
        if site.kind == "site"
        or kind == "partners"
        or (kind == "named_partners" and site.origin in chosen)
    ]


def _site(row: Row) -> Site:
    return Site(row["origin"], row["name"], row["kind"], row["policy"], row["waits"])


async def belongs(reader: Reader, origin: str, audience_id: int) -> bool:
    """Whether what is said here in an audience goes to this origin."""
    found = await reader.value(
        f"SELECT 1 FROM {_CIRCLE.format(audience='CAST(? AS BIGINT)')}"
        f" JOIN partnership p ON p.origin = ? WHERE {RECEIVES}",
        audience_id,
        origin,
    )
    return found is not None


async def wire_uri(reader: Reader, status: Row) -> str | None:
    """The uri that a status of several sites carries; None for every other kind."""
    if status["audience_kind"] not in ACROSS_SITES:
        return None
    return await reader.value("SELECT uri FROM audience WHERE id = ?", status["audience_id"])


def stated(document: Document) -> str | None:
    """The audience uri of a received object; None unless it has exactly the form of one.

    One uri, equal in `to` and `audience`, nobody in `cc`.
    """
    named = uris(document, "audience")
    if len(named) != 1 or uris(document, "to") != named or uris(document, "cc"):
        return None
    return named[0] if _ON_THE_WIRE.fullmatch(named[0]) else None


async def takes_from(reader: Reader, origin: str) -> bool:
    """Whether an agreement lets that origin say something to the members of this site."""
    found = await reader.value(
        f"SELECT 1 FROM partnership p WHERE p.origin = ? AND {_STANDS.format(p='p')}", origin
    )
    return found is not None


async def accept(
    node: Node, tx: Transaction, document: Document, author: Row
) -> tuple[str, int] | None:
    """(kind, id) of the audience that an author's own document states; None: for nobody here.

    Under agreement with the author's site, and with the site where the conversation began. In
    one that began here the author's site must belong to it. The kind is what we may say of it:
    an organisation's only when it began inside ours and says so.
    """
    uri = stated(document)
    if uri is None or not await takes_from(tx, author["origin"]):
        return None
    owner = origin_of(uri)
    known = await tx.row("SELECT * FROM audience WHERE uri = ?", uri)
    if owner == node.origin:
        if known is None or not await belongs(tx, author["origin"], known["id"]):
            return None
        return known["kind"], known["id"]
    if not await takes_from(tx, owner):
        return None
    if known is not None:
        return (known["kind"], known["id"]) if known["kind"] in ACROSS_SITES else None
    inside = await tx.value("SELECT 1 FROM partnership WHERE origin = ? AND kind = 'site'", owner)
    says = text(document, WIRE_KIND) == "organisation"
    kind = "organisation" if inside and says else "partners"
    return kind, await _store(node, tx, kind, uri, owner)


async def is_held(reader: Reader, digest: str, asking: str) -> bool:
    """Whether this site belongs to the audience of a digest, for a site that may tell us of it.

    Only a site with which audiences are exchanged both ways learns that we belong to it.
    """
    found = await reader.value(
        "SELECT 1 FROM audience au JOIN partnership p ON p.origin = ?"
        f" WHERE au.digest = ? AND {_STANDS.format(p='p')}"
        f" AND EXISTS (SELECT 1 FROM partnership o WHERE o.origin = au.owner"
        f" AND {_STANDS.format(p='o')})",
        asking,
        digest,
    )
    return found is not None


async def keep_members(
    node: Node,
    tx: Transaction,
    audience_id: int,
    belonging: Iterable[str],
    others: Iterable[str],
    silent: Iterable[str] = (),
) -> None:
    """Remember which other sites were found to belong to an audience, and which not.

    Of the `silent` ones it is not sure from now on: what is said is for them when they say so.
    """
    for origin in silent:
        await tx.execute(
            "UPDATE audience_member SET unsure_from = ?"
            " WHERE audience_id = ? AND origin = ? AND unsure_from IS NULL",
            node.ids.next(),
            audience_id,
            origin,
        )
    for origin in others:
        await tx.execute(
            "DELETE FROM audience_member WHERE audience_id = ? AND origin = ?", audience_id, origin
        )
    await tx.many(
        "INSERT INTO audience_member (audience_id, origin) VALUES (?, ?)"
        " ON CONFLICT (audience_id, origin) DO UPDATE SET unsure_from = NULL",
        [(audience_id, origin) for origin in belonging],
    )


async def forget_member(node: Node, tx: Transaction, origin: str) -> None:
    """Forget that a site with which nothing is agreed any more belonged to audiences of others.

    Only their owners know whether it still does when it is agreed with again: it is asked anew.
    """
    await tx.execute(
        "DELETE FROM audience_member WHERE origin = ? AND audience_id IN"
        " (SELECT id FROM audience WHERE owner <> ?)",
        origin,
        node.origin,
    )
