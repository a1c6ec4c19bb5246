"""Partnerships as they change: each function is part of one write, and leaves one clear state.

Keys of the other site are pinned in the write that makes an agreement active, never before.
"""

from dataclasses import asdict

import orjson

from federation import peers
from federation.activity import time_ms
from federation.agreements import Agreement
from federation.database import Row, Transaction
from federation.keyring import public_text
from federation.node import Node
from federation.organisation_lists import claimed
from federation.organisations import begin
from federation.partnerships import (
    IN_FORCE,
    WAITING,
    Offered,
    Partnership,
    State,
    read_partnership,
)
from federation.site_documents import Site
from federation.vocabulary import Document

NOTE_PAUSED = "paused"
FAR_MS = 2**62
# An offer may bring these back: until then they stay what they are.
_RENEWED = frozenset({"key_changed", "expired"})
_CHANGES = "agreement_uri = ?, revision = ?, agreement = ?, digest = ?, gives_audiences = ?,\
 takes_audiences = ?, gives_follow = ?, ends_at = ?, our_proof = ?, their_proof = ?"


async def locked(tx: Transaction, origin: str) -> Partnership | None:
    """The partnership as it is within this write."""
    row: Row | None = await tx.row("SELECT * FROM partnership WHERE origin = ?", origin)
    return None if row is None else read_partnership(row)


async def keep_offer(node: Node, tx: Transaction, offered: Offered, proof: Document | None) -> None:
    """Keep an offer apart until it is confirmed; what is in force stays so meanwhile."""
    agreement, site, now = offered.agreement, offered.site, node.clock()
    known = await locked(tx, site.origin)
    kept = orjson.dumps(
        {
            "activity": offered.activity,
            "agreement": agreement.document(),
            "site": site.document,
            "is_ours": offered.is_ours,
            "limit": None if offered.limit is None else asdict(offered.limit),
            "invitation_id": offered.invitation_id,
            "kind": offered.kind,
            "organisation_uri": offered.organisation_uri,
        }
    )
    if known is not None and (known.is_in_force or known.state in _RENEWED):
        await tx.execute(
            "UPDATE partnership SET offer = ?, offer_uri = ?, changed_at = ? WHERE origin = ?",
            kept,
            offered.activity["id"],
            now,
            site.origin,
        )
        return
    await _insert(tx, site, agreement, "offered" if offered.is_ours else "asked", now)
    await tx.execute(
        "UPDATE partnership SET kind = ?, organisation_uri = ?, our_proof = ?, offer_uri = ?,"
        " offer = ? WHERE origin = ?",
        offered.kind,
        offered.organisation_uri,
        _text(proof),
        offered.activity["id"],
        kept,
        site.origin,
    )


async def _insert(
    tx: Transaction, site: Site, agreement: Agreement, state: State, now: int
) -> None:
    await tx.execute("DELETE FROM partnership WHERE origin = ?", site.origin)
    await tx.execute(
        "INSERT INTO partnership (origin, kind, state, name, contact, agreement_uri, revision,"
        " agreement, digest, fingerprint, ends_at, created_at, changed_at)"
        " VALUES (?, 'partner', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        site.origin,
        state,
        site.name,
        site.contact,
        agreement.uri,
        agreement.revision,
        agreement.to_bytes(),
        agreement.digest,
        site.fingerprint,
        time_ms(agreement.ends) or 0,
        now,
        now,
    )


async def activate(
    node: Node,
    tx: Transaction,
    offered: Offered,
    proofs: tuple[Document, Document],
    confirmed_by: int | None = None,
) -> None:
    """Put what was offered, with both proofs (ours, theirs), in force and pin all keys of the site.

    Ends what is unconfirmed. A pause goes on. Raises as `peers.allow`. Whoever offers to be a
    site of an organisation belongs to it, and says so, from this commit on.
    """
    await _stand(node, tx, offered.site, offered.agreement, proofs)
    organisation_uri = offered.organisation_uri
    await tx.execute(
        "UPDATE partnership SET kind = ?, organisation_uri = ?,"
        " confirmed_by = COALESCE(CAST(? AS BIGINT), confirmed_by) WHERE origin = ?",
        offered.kind,
        organisation_uri,
        confirmed_by,
        offered.site.origin,
    )
    if offered.kind == "site" and organisation_uri is not None:
        _, name = claimed(offered.site.document) or ("", offered.site.name)
        await begin(node, tx, organisation_uri, name, is_ours=True)


async def relate(
    node: Node, tx: Transaction, site: Site, agreement: Agreement, organisation_uri: str
) -> None:
    """Put the agreement in force that follows from the list of our organisation.

    Its proof is that of the list. A pause goes on, and so does what a person offers meanwhile.
    """
    known = await locked(tx, site.origin)
    if known is None or not known.is_in_force:
        await _insert(tx, site, agreement, "ended", node.clock())
    await _stand(node, tx, site, agreement, (None, None))
    await tx.execute(
        "UPDATE partnership SET kind = 'site', organisation_uri = ? WHERE origin = ?",
        organisation_uri,
        site.origin,
    )


async def _stand(
    node: Node,
    tx: Transaction,
    site: Site,
    agreement: Agreement,
    proofs: tuple[Document | None, Document | None],
) -> None:
    now, origin = node.clock(), site.origin
    known = await locked(tx, origin)
    await apply(tx, origin, agreement, proofs, now)
    await tx.execute(
        "UPDATE partnership SET state = ?, name = ?, contact = ?, fingerprint = ?, offer = NULL"
        " WHERE origin = ?",
        "paused" if known is not None and known.state == "paused" else "active",
        site.name,
        site.contact,
        site.fingerprint,
        origin,
    )
    await _pin(tx, site, now)
    if known is not None and known.is_in_force:
        return
    await peers.allow(tx, origin, now)
    await peers.note_accept_signature(tx, origin, takes=True, now=now)


async def apply(
    tx: Transaction,
    origin: str,
    agreement: Agreement,
    proofs: tuple[Document | None, Document | None],
    now: int,
) -> None:
    """Write the text that holds, and what of it decides each request."""
    us = agreement.other(origin).origin
    ours, theirs = agreement.grant_of(us), agreement.grant_of(origin)
    await tx.execute(
        f"UPDATE partnership SET {_CHANGES}, changed_at = ? WHERE origin = ?",
        agreement.uri,
        agreement.revision,
        agreement.to_bytes(),
        agreement.digest,
        ours.audiences,
        theirs.audiences,
        ours.follow,
        time_ms(agreement.ends) or 0,
        _text(proofs[0]),
        _text(proofs[1]),
        now,
        origin,
    )
    await _ask_directory(tx, origin, now, is_granted=theirs.directory == "sync")
    if theirs.media != "copy":
        sql = "UPDATE proxied SET until_at = ? WHERE origin = ? AND until_at IS NULL"
        await tx.execute(sql, now, origin)


async def _ask_directory(tx: Transaction, origin: str, now: int, *, is_granted: bool) -> None:
    """Have the people of a partner read anew, or forget them when they are not granted."""
    if is_granted:
        await tx.execute("UPDATE directory_source SET due_at = ? WHERE origin = ?", now, origin)
        return
    await tx.execute("DELETE FROM directory_entry WHERE origin = ?", origin)
    await tx.execute("DELETE FROM directory_source WHERE origin = ?", origin)


async def set_state(
    tx: Transaction, origin: str, state: State, now: int, *, paused_by: str | None = None
) -> None:
    """Change the state alone, and let what waits for the partner wait or go on."""
    await tx.execute(
        "UPDATE partnership SET state = ?, paused_by = ?, changed_at = ? WHERE origin = ?",
        state,
        paused_by,
        now,
        origin,
    )
    if state in WAITING:
        await tx.execute(
            "UPDATE peer SET next_attempt_at = ?, note = ? WHERE origin = ?",
            FAR_MS,
            NOTE_PAUSED,
            origin,
        )
    elif state == "active":
        await wake_lane(tx, origin, now)


async def wake_lane(tx: Transaction, origin: str, now: int) -> None:
    """Let what waits for an origin go now: it said itself that it takes again.

    It may have said so since the people it tells of have changed.
    """
    await _ask_directory(tx, origin, now, is_granted=True)
    await tx.execute(
        "UPDATE peer SET next_attempt_at = ?, attempts = 0, failing_since = NULL, note = ?"
        " WHERE origin = ?",
        now,
        peers.NOTE_ALLOWED,
        origin,
    )


async def close(
    tx: Transaction, origin: str, state: State, now: int, *, keeps: bool = False
) -> None:
    """End an agreement: its scope grants nothing, the origin is a stranger, its keys stay pinned.

    They count for nothing but what takes back. `keeps`: what could be read of it still can be.
    """
    await _ask_directory(tx, origin, now, is_granted=False)
    await tx.execute("UPDATE proxied SET until_at = ? WHERE origin = ?", now, origin)
    await tx.execute(
        "UPDATE partnership SET state = ?,"
        " keeps = CASE WHEN takes_audiences OR kind = 'site' THEN CAST(? AS BOOLEAN)"
        " ELSE keeps END, gives_audiences = FALSE, takes_audiences = FALSE,"
        " gives_follow = 'none', paused_by = NULL, offer = NULL, offer_uri = NULL,"
        " changed_at = ? WHERE origin = ?",
        state,
        keeps,
        now,
        origin,
    )
    await tx.execute(
        "UPDATE peer SET policy = 'known', next_attempt_at = ?, note = NULL"
        " WHERE origin = ? AND policy <> 'blocked'",
        now,
        origin,
    )


async def forget_offer(tx: Transaction, known: Partnership, now: int) -> None:
    """Drop what was offered: what is in force stays, a mere offer leaves no partnership."""
    if known.state in IN_FORCE or known.state in _RENEWED:
        await tx.execute(
            "UPDATE partnership SET offer = NULL, offer_uri = NULL, changed_at = ?"
            " WHERE origin = ?",
            now,
            known.origin,
        )
    else:
        await tx.execute("DELETE FROM partnership WHERE origin = ?", known.origin)


async def _pin(tx: Transaction, site: Site, now: int) -> None:
    await tx.execute("DELETE FROM key WHERE origin = ? AND private_encrypted IS NULL", site.origin)
    for key in site.keys:
        await tx.execute(
            "INSERT INTO key (key_id, owner_uri, origin, algorithm, public_text,"
            " vouches_for_origin, pinned_at, fetched_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            key.key_id,
            key.owner_uri,
            site.origin,
            key.algorithm,
            public_text(key),
            key.vouches_for_origin,
            now,
            now,
        )


def _text(proof: Document | None) -> str | None:
    return None if proof is None else orjson.dumps(proof).decode()
