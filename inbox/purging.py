"""Purging: after an end, what the partner said is removed here, and a receipt is signed.

Bit by bit, each bit one write together with its count, so that a crash loses and repeats
nothing. What an open report needs stays until it is closed, thirty days at most.
"""

import asyncio
from hashlib import sha256

import orjson
import structlog

from federation.activity import iso
from federation.database import Row, Transaction, marks
from federation.node import Node
from federation.pairing_documents import PLACE, receipt_document
from federation.proofs import make_proof
from federation.vocabulary import Document
from inbox.audit import record
from inbox.pairing import send
from inbox.partings import Parting, read_parting
from outbox.copies import path_of
from outbox.polls import withdraw_votes
from outbox.reactions import undo_reactions
from outbox.statuses import remove

AT_ONCE = 50
REPORTS_KEPT_MS = 30 * 86_400_000
LOOK_S = 5.0
# Of what an actor `a` did at a moment: it does not come under an agreement made since.
_ENDED = (
    "({at} <= ? OR NOT EXISTS (SELECT 1 FROM partnership p WHERE p.origin = a.origin"
    " AND p.state IN ('active', 'paused')))"
)
_SAID = _ENDED.format(at="s.published_at")

_log = structlog.get_logger(__name__)


async def purge_once(node: Node) -> int:
    """Bring every end that is under way as far as it goes; return how many receipts were made."""
    rows = await node.db.rows(
        "SELECT * FROM parting WHERE progress = 'purging' ORDER BY ended_at, agreement_uri"
    )
    made = 0
    for row in rows:
        parting = read_parting(row)
        if parting.we_keep or await _purge(node, parting):
            made += await _sign_receipt(node, parting)
    return made


async def _purge(node: Node, parting: Parting) -> bool:
    """Remove all that may go; False when something has to stay for now, or is there again."""
    spared = await _reported(node, parting)
    while await node.db.write(lambda tx: _remove_some(node, tx, parting, spared)):
        pass
    for step in (_reactions, _votes, _notifications, _bodies, _profiles, _pasts):
        while await node.db.write(lambda tx, step=step: step(node, tx, parting)):
            pass
    await _copies(node, parting)
    return await _left(node, parting) == 0


async def _reported(node: Node, parting: Parting) -> list[int]:
    """The statuses that open reports are about, as long as they may be kept for them."""
    if node.clock() >= parting.ended_at + REPORTS_KEPT_MS:
        return []
    rows = await node.db.rows(
        "SELECT r.status_ids FROM report r JOIN actor a ON a.id = r.target_id"
        " WHERE a.origin = ? AND r.action_taken_at IS NULL",
        parting.origin,
    )
    return sorted({int(one) for row in rows for one in orjson.loads(row["status_ids"])})


async def _remove_some(node: Node, tx: Transaction, parting: Parting, spared: list[int]) -> int:
    """Remove some statuses of the partner; only what came before the end belongs to it."""
    kept = f" AND s.id NOT IN ({marks(spared)})" if spared else ""
    rows = await tx.rows(
        "SELECT s.* FROM status s JOIN actor a ON a.id = s.actor_id"
        f" WHERE a.origin = ? AND NOT s.is_local AND {_SAID}{kept} ORDER BY s.id LIMIT ?",
        parting.origin,
        parting.ended_at,
        *spared,
        AT_ONCE,
    )
    for row in rows:
        await remove(node, tx, row)
    gone = [row["uri"] for row in rows]
    if gone:
        # Its author has not deleted it: after a new agreement it may come again.
        await tx.execute(f"DELETE FROM tombstone WHERE uri IN ({marks(gone)})", *gone)
    objects = [row["uri"] for row in rows if row["reblog_of_id"] is None]
    before = await tx.value(
        "SELECT objects_digest FROM parting WHERE agreement_uri = ?", parting.agreement_uri
    )
    await tx.execute(
        "UPDATE parting SET objects = objects + ?, objects_digest = ? WHERE agreement_uri = ?",
        len(objects),
        digest_with(before or "", objects),
        parting.agreement_uri,
    )
    return len(rows)


def digest_with(before: str, uris: list[str]) -> str:
    """The digest of a set of ids, some more in it: the SHA-256 of each, joined by XOR, in hex.

    The same for whoever knows the same ids, in whatever order.
    """
    number = int(before or "0", 16)
    for uri in uris:
        number ^= int.from_bytes(sha256(uri.encode()).digest(), "big")
    return f"{number:064x}"


async def _reactions(node: Node, tx: Transaction, parting: Parting) -> int:
    """Take back what the partner's people thanked for and reacted to, of whatever stays here."""
    del node
    done = " UNION ".join(
        f"SELECT r.actor_id, r.status_id FROM {table} r JOIN actor a ON a.id = r.actor_id"
        f" WHERE a.origin = ? AND NOT a.is_local AND {_ENDED.format(at='r.created_at')}"
        for table in ("favourite", "reaction")
    )
    of = (parting.origin, parting.ended_at)
    rows = await tx.rows(f"{done} ORDER BY 1, 2 LIMIT ?", *of, *of, AT_ONCE)
    for row in rows:
        await undo_reactions(tx, row["actor_id"], row["status_id"], None)
    return len(rows)


async def _votes(node: Node, tx: Transaction, parting: Parting) -> int:
    """Take the votes of the partner's people out of the polls of this site."""
    rows = await tx.rows(
        "SELECT DISTINCT v.poll_id, v.actor_id FROM poll_vote v JOIN actor a ON a.id = v.actor_id"
        f" WHERE a.origin = ? AND NOT a.is_local AND {_ENDED.format(at='v.created_at')}"
        " ORDER BY 1, 2 LIMIT ?",
        parting.origin,
        parting.ended_at,
        AT_ONCE,
    )
    for row in rows:
        await withdraw_votes(node, tx, row["poll_id"], row["actor_id"])
    return len(rows)


async def _notifications(node: Node, tx: Transaction, parting: Parting) -> int:
    del node
    gone = await tx.execute(
        "DELETE FROM notification WHERE id IN (SELECT n.id FROM notification n"
        " JOIN actor a ON a.id = n.from_actor_id WHERE a.origin = ? AND NOT a.is_local LIMIT ?)",
        parting.origin,
        AT_ONCE * 10,
    )
    await _count(tx, parting, "notifications", gone)
    return gone


async def _bodies(node: Node, tx: Transaction, parting: Parting) -> int:
    """Empty what the partner sent, as it came: the log keeps only that something came."""
    del node
    start = f"{parting.origin}/"
    return await tx.execute(
        "UPDATE activity SET body = NULL WHERE id IN (SELECT id FROM activity"
        " WHERE origin = 'remote' AND body IS NOT NULL AND progress <> 'pending'"
        " AND substr(actor_uri, 1, ?) = ? AND type NOT IN ('Delete', 'Undo') LIMIT ?)",
        len(start),
        start,
        AT_ONCE * 10,
    )


async def _profiles(node: Node, tx: Transaction, parting: Parting) -> int:
    """Empty the profiles of the partner's people; their ids stay, by which they can come back."""
    now = node.clock()
    gone = await tx.execute(
        "UPDATE actor SET display_name = '', summary_html = '', icon_url = NULL, image_url = NULL,"
        " icon_description = '', image_description = '', fields = '[]', emojis = '[]',"
        " also_known_as = '[]', search_words = ' ', fetched_at = NULL,"
        " updated_at = CASE WHEN updated_at >= ? THEN updated_at + 1 ELSE ? END"
        " WHERE id IN (SELECT id FROM actor WHERE origin = ? AND NOT is_local"
        " AND (fetched_at IS NOT NULL OR display_name <> '' OR summary_html <> ''"
        " OR icon_url IS NOT NULL OR image_url IS NOT NULL OR fields <> '[]') LIMIT ?)",
        now,
        now,
        parting.origin,
        AT_ONCE * 10,
    )
    await _count(tx, parting, "profiles", gone)
    return gone


async def _pasts(node: Node, tx: Transaction, parting: Parting) -> int:
    """Forget that the past of its people was fetched: after a new agreement it may come again."""
    del node
    return await tx.execute(
        "DELETE FROM backfill WHERE actor_id IN"
        " (SELECT id FROM actor WHERE origin = ? AND NOT is_local)",
        parting.origin,
    )


async def _copies(node: Node, parting: Parting) -> None:
    rows = await node.db.rows("SELECT digest FROM proxied WHERE origin = ?", parting.origin)
    for row in rows:
        path_of(node, row["digest"]).unlink(missing_ok=True)

    async def work(tx: Transaction) -> None:
        gone = await tx.execute("DELETE FROM proxied WHERE origin = ?", parting.origin)
        await _count(tx, parting, "media", gone)

    if rows:
        await node.db.write(work)


async def _count(tx: Transaction, parting: Parting, column: str, more: int) -> None:
    if more:
        await tx.execute(
            f"UPDATE parting SET {column} = {column} + ? WHERE agreement_uri = ?",
            more,
            parting.agreement_uri,
        )


async def _left(node: Node, parting: Parting) -> int:
    return await node.db.value(
        "SELECT COUNT(*) FROM status s JOIN actor a ON a.id = s.actor_id"
        f" WHERE a.origin = ? AND NOT s.is_local AND {_SAID}",
        parting.origin,
        parting.ended_at,
    )


# The receipt ------------------------------------------------------------------------------------


async def _sign_receipt(node: Node, parting: Parting) -> bool:
    """State what was removed, signed by this site, keep it and send it; once."""
    row = await _row(node, parting)
    now = node.clock()
    stated = _receipt(node, read_parting(row), now)
    proof = make_proof(stated, await node.keyring.instance_ed25519(), iso(now))
    receipt = stated | {"proof": proof}
    uri = f"{node.origin}{PLACE}{node.ids.next()}/receipt"
    said = receipt_document(
        uri,
        node.uris.instance_actor,
        f"{parting.origin}/actor",
        iso(now),
        parting.undo_uri or f"{node.origin}{PLACE}0/end",
        receipt,
    )

    async def work(tx: Transaction) -> bool:
        done = await tx.execute(
            "UPDATE parting SET progress = 'done', our_receipt = ? WHERE agreement_uri = ?"
            " AND progress = 'purging'",
            orjson.dumps(receipt).decode(),
            parting.agreement_uri,
        )
        if done:
            await send(node, tx, parting.origin, said)
            await record(node, tx, "maillage", "partner.purged", parting.origin)
        return done > 0

    made = await node.db.write(work)
    node.delivery_wake.set()
    return made


def _receipt(node: Node, parting: Parting, now: int) -> Document:
    return {
        "agreement": parting.agreement_uri,
        "revision": parting.revision,
        "digest": parting.digest,
        "site": node.origin,
        "partner": parting.origin,
        "endedAt": iso(parting.ended_at),
        "completedAt": iso(now),
        "retention": "keep" if parting.we_keep else "delete",
        "objects": parting.objects,
        "objectsDigest": parting.objects_digest or digest_with("", []),
        "media": parting.media,
        "notifications": parting.notifications,
        "profiles": parting.profiles,
        "backupDays": parting.our_backup_days,
    }


async def _row(node: Node, parting: Parting) -> Row:
    row = await node.db.row("SELECT * FROM parting WHERE agreement_uri = ?", parting.agreement_uri)
    assert row is not None, "partings are never removed"
    return row


async def purging_loop(node: Node) -> None:
    """Purge what has to go, until cancelled."""
    while True:
        try:
            await purge_once(node)
        except Exception:  # noqa: BLE001 - the store may be away; the loop outlives it
            _log.exception("purging.loop_rests")
        await asyncio.sleep(LOOK_S)
