"""Partnerships as they are read: with whom there is an agreement, what it grants, whose keys count.

An agreement is in force while it is active or paused; then only the pinned keys of the other
site count, for whatever comes from its origin.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, cast

import orjson

from federation.agreements import Agreement, read_agreement
from federation.database import Reader, Row
from federation.keys import PublicKey
from federation.scopes import Scope
from federation.site_documents import Site, read_site, stored_key
from federation.vocabulary import Document

State = Literal["offered", "asked", "active", "paused", "ended", "expired", "key_changed"]

IN_FORCE = frozenset({"active", "paused"})
WAITING = frozenset({"paused", "key_changed"})
"""While one of these holds, both queues stay as they are."""
PINNED = frozenset({"active", "paused", "key_changed", "ended", "expired"})
"""While one of these holds, only pinned keys count; after the end, for what takes back."""
CLOSED = frozenset({"ended", "expired"})


@dataclass(frozen=True, slots=True)
class Partnership:
    """One row, read: `ours` is what this node grants, `theirs` what it is granted."""

    origin: str
    kind: str
    state: State
    name: str
    contact: str
    agreement: Agreement
    ours: Scope
    theirs: Scope
    ends_at: int
    fingerprint: str
    our_proof: Document | None
    their_proof: Document | None
    offer: "Offered | None"
    offer_uri: str | None
    paused_by: str | None
    probe: Sequence[Document]
    probed_at: int | None
    organisation_uri: str | None = None

    @property
    def is_in_force(self) -> bool:
        """Whether something is agreed that both sides keep."""
        return self.state in IN_FORCE

    @property
    def awaits_us(self) -> bool:
        """Whether something waits for a person of this site."""
        return self.offer is not None and not self.offer.is_ours


@dataclass(frozen=True, slots=True)
class Offered:
    """What was offered and nobody has confirmed: kept apart, as it came.

    `limit` is what an invitation said could be granted, None without one. Of the kind `site`,
    one of the two joins the organisation of the other, which leads it.
    """

    activity: Document
    agreement: Agreement
    site: Site
    is_ours: bool
    limit: Scope | None = None
    invitation_id: int | None = None
    kind: str = "partner"
    organisation_uri: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a request from an origin is judged by: the state, and the keys that count there.

    The newest key is the first; one that it followed counts for a moment more.
    """

    state: State
    ends_at: int
    keys: tuple[PublicKey, ...]

    def state_at(self, now: int) -> State:
        """The state at a moment: an agreement ends at its time, whether somebody looked or not."""
        return "expired" if self.state in IN_FORCE and self.ends_at <= now else self.state

    def key(self, key_id: str) -> PublicKey | None:
        """The pinned key of this id."""
        return next((key for key in self.keys if key.key_id == key_id), None)


async def partner(reader: Reader, origin: str) -> Partnership | None:
    """The partnership with an origin, in whatever state; None when there never was one."""
    row = await reader.row("SELECT * FROM partnership WHERE origin = ?", origin)
    return None if row is None else read_partnership(row)


async def listing(reader: Reader) -> list[Partnership]:
    """All partnerships, by origin."""
    rows = await reader.rows("SELECT partnership.* FROM partnership ORDER BY origin")
    return [read_partnership(row) for row in rows]


async def is_pinned(reader: Reader, origin: str) -> bool:
    """Whether an agreement is in force, so that only the pinned key counts."""
    state = await reader.value("SELECT state FROM partnership WHERE origin = ?", origin)
    return state in IN_FORCE


async def active_origins(reader: Reader) -> list[str]:
    """The origins with which an agreement is active, in order."""
    rows = await reader.rows(
        "SELECT origin FROM partnership WHERE state = 'active' ORDER BY origin"
    )
    return [row["origin"] for row in rows]


async def standing(reader: Reader, origin: str) -> Standing | None:
    """What decides about a request from an origin, by one statement; None for plain peers."""
    rows = await reader.rows(
        "SELECT p.state, p.ends_at, k.key_id, k.owner_uri, k.algorithm, k.public_text"
        " FROM partnership p LEFT JOIN key k ON k.origin = p.origin AND k.pinned_at IS NOT NULL"
        " AND k.algorithm = 'ed25519' WHERE p.origin = ?"
        " ORDER BY CASE WHEN k.retired_at IS NULL THEN 0 ELSE 1 END, k.key_id",
        origin,
    )
    if not rows:
        return None
    keys = tuple(
        _parsed(row["key_id"], row["owner_uri"], row["algorithm"], row["public_text"])
        for row in rows
        if row["key_id"] is not None
    )
    return Standing(rows[0]["state"], rows[0]["ends_at"], keys)


_parsed = lru_cache(maxsize=2_048)(stored_key)


def read_partnership(row: Row) -> Partnership:
    """Read a row of `partnership`."""
    agreement = agreed_text(row)
    origin = row["origin"]
    us = agreement.other(origin)
    return Partnership(
        origin=origin,
        kind=row["kind"],
        state=row["state"],
        name=row["name"],
        contact=row["contact"],
        agreement=agreement,
        ours=agreement.grant_of(us.origin),
        theirs=agreement.grant_of(origin),
        ends_at=row["ends_at"],
        fingerprint=row["fingerprint"],
        our_proof=_document(row["our_proof"]),
        their_proof=_document(row["their_proof"]),
        offer=None if row["offer"] is None else _offered(origin, orjson.loads(row["offer"])),
        offer_uri=row["offer_uri"],
        paused_by=row["paused_by"],
        probe=orjson.loads(row["probe"]),
        probed_at=row["probed_at"],
        organisation_uri=row["organisation_uri"],
    )


def agreed_text(row: Row) -> Agreement:
    """The agreement of a row of `partnership`, of which only `agreement` is read."""
    return _agreement(bytes(row["agreement"]))


@lru_cache(maxsize=2_048)
def _agreement(stored: bytes) -> Agreement:
    return read_agreement(orjson.loads(stored))


def _document(text: str | None) -> Document | None:
    return None if text is None else orjson.loads(text)


def _offered(origin: str, stored: dict[str, Any]) -> Offered:
    activity = cast(Document, stored["activity"])
    limit = stored.get("limit")
    return Offered(
        activity=activity,
        agreement=read_agreement(stored["agreement"]),
        site=read_site(origin, stored["site"]),
        is_ours=bool(stored["is_ours"]),
        limit=None if limit is None else Scope(**limit),
        invitation_id=stored.get("invitation_id"),
        kind=stored.get("kind", "partner"),
        organisation_uri=stored.get("organisation_uri"),
    )
