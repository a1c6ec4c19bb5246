"""Of which site, and of which organisation, a person is: said by the keys of sites alone.

An actor belongs to the site that its origin is. What that site is called, and whether it is of
our organisation or a partner's, comes from agreements and signed lists, never from a profile.
"""

from typing import Any

from federation.node import Node
from federation.organisations import own_organisation
from federation.origins import authority_of

KEPT_MS = 5_000

Entity = dict[str, Any]


class Affiliations:
    """What is known of the sites of one node, read again at most every five seconds."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._read_at: int | None = None
        self._known: dict[str, Entity] = {}
        self._own = _entity(node.name, node.origin, "own", None)

    async def refresh(self) -> bool:
        """Read what changed; whether it is other than before, so that nothing kept holds."""
        now = self._node.clock()
        if self._read_at is not None and 0 <= now - self._read_at < KEPT_MS:
            return False
        own, known = await self._read()
        is_first, changed = self._read_at is None, (own, known) != (self._own, self._known)
        self._read_at, self._own, self._known = now, own, known
        return changed and not is_first

    def of(self, origin: str, *, is_local: bool) -> Entity:
        """The site of an actor, and its organisation when that is known."""
        if is_local:
            return self._own
        return self._known.get(origin) or _entity(authority_of(origin), origin, "plain", None)

    async def _read(self) -> tuple[Entity, dict[str, Entity]]:
        node = self._node
        ours = await own_organisation(node.db)
        name = None if ours is None else ours.name
        theirs = {
            row["origin"]: row["name"]
            for row in await node.db.rows(
                "SELECT s.origin, o.name FROM organisation o JOIN organisation_site s"
                " ON s.organisation_uri = o.uri WHERE NOT o.is_ours"
            )
        }
        known: dict[str, Entity] = {}
        for row in await node.db.rows(
            "SELECT origin, name, kind FROM partnership WHERE state IN ('active', 'paused')"
        ):
            origin, is_ours = row["origin"], row["kind"] == "site"
            known[origin] = _entity(
                row["name"] or authority_of(origin),
                origin,
                "organisation" if is_ours else "partner",
                name if is_ours else theirs.get(origin),
            )
        return _entity(node.name, node.origin, "own", name), known


def _entity(name: str, origin: str, kind: str, organisation: str | None) -> Entity:
    return {"site": {"name": name, "origin": origin, "kind": kind}, "organisation": organisation}
