"""How far a new status goes: the audience it gets, and the other sites where it will be read.

The same answer is given to whoever is about to publish and used when she does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from federation.database import Reader, Row, marks
from federation.errors import Invalid, describe
from federation.node import Node
from outbox.audience import SITES_WIDTH, Narrowing, admitted, narrowed
from outbox.circles import ACROSS_SITES, Site, sites_for, sites_of

describe(
    {
        "audience.partners": "{got} is no partner to whom what is said here may go;"
        " choose among the partners with an agreement.",
        "audience.none": "Name at least one partner for this audience.",
        "status.outsiders": "{got} is outside this audience and would get nothing;"
        " send it to them as a private message.",
    }
)


@dataclass(frozen=True, slots=True)
class Reach:
    """The audience of a new status: an existing one of its conversation, or one to be made.

    Invariants
        `audience_id` is None for all but answers within an audience of several sites; `origins`
        are the named partners of one to be made; `sites` are where it is delivered.
    """

    kind: str
    audience_id: int | None = None
    origins: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()


async def reach_of(
    node: Node,
    reader: Reader,
    kind: str,
    parent: Row | None,
    author_id: int,
    origins: Sequence[str] = (),
) -> Reach:
    """What becomes of a wish for `kind` (and named partners), in answer to `parent`.

    An answer copies the audience of its conversation or narrows it. Raises Invalid for a named
    partner that is none.
    """
    kind = narrowed(kind, parent, author_id, await _narrowing(node, reader, parent))
    if kind not in ACROSS_SITES:
        return Reach(kind)
    if parent is not None and parent["audience_kind"] == kind:
        sites = admitted(node, await sites_of(reader, parent["audience_id"]))
        return Reach(kind, parent["audience_id"], sites=tuple(sites))
    chosen = tuple(dict.fromkeys(origins)) if kind == "named_partners" else ()
    sites = admitted(node, await sites_for(reader, kind, chosen))
    if kind == "named_partners":
        _check_partners(chosen, sites)
    return Reach(kind, None, chosen, tuple(sites))


async def _narrowing(node: Node, reader: Reader, parent: Row | None) -> Narrowing:
    if parent is None or parent["audience_kind"] not in ACROSS_SITES:
        return "any"
    owner = await reader.value("SELECT owner FROM audience WHERE id = ?", parent["audience_id"])
    if owner == node.origin:
        return "any"
    inside = await reader.value(
        "SELECT 1 FROM partnership WHERE origin = ? AND kind = 'site'", owner
    )
    return "organisation" if inside else "site"


def _check_partners(chosen: Sequence[str], sites: Iterable[Site]) -> None:
    if not chosen:
        raise Invalid("audience.none", field="audience")
    partners = {site.origin for site in sites}
    for origin in chosen:
        if origin not in partners:
            raise Invalid("audience.partners", field="audience", got=origin[:200])


async def refuse_outsiders(
    node: Node, reader: Reader, kind: str, sites: Iterable[Site], named_ids: Sequence[int]
) -> None:
    """Refuse to name somebody who lives outside an audience of several sites.

    She would get nothing, and is never added to the audience. Raises Invalid with her name.
    """
    if kind not in ACROSS_SITES or not named_ids:
        return
    inside = {node.origin, *(site.origin for site in sites)}
    rows = await reader.rows(
        "SELECT username, handle_host, origin FROM actor"
        f" WHERE id IN ({marks(named_ids)}) ORDER BY id",
        *named_ids,
    )
    outside = [row for row in rows if row["origin"] not in inside]
    if outside:
        names = ", ".join(f"@{row['username']}@{row['handle_host']}" for row in outside)
        raise Invalid("status.outsiders", field="status", got=names)


async def covers(node: Node, reader: Reader, quoted: Row, reach: Reach) -> bool:
    """Whether everybody whom a new status reaches may read one of ours that is not public.

    Among audiences of sites that is so within the same conversation, at this site, and from
    each that began here to a narrower one; else only for the same kind.
    """
    kind = quoted["audience_kind"]
    if kind not in ACROSS_SITES:
        return kind == reach.kind
    if reach.kind == "site" or reach.audience_id == quoted["audience_id"]:
        return True
    owner = await reader.value("SELECT owner FROM audience WHERE id = ?", quoted["audience_id"])
    if owner != node.origin or reach.audience_id is not None or reach.kind not in ACROSS_SITES:
        return False
    known = {site.origin for site in await sites_of(reader, quoted["audience_id"])}
    return all(site.origin in known for site in reach.sites) and (
        SITES_WIDTH[reach.kind] <= SITES_WIDTH[kind]
    )
