"""Reconciling with partners: after a restore, after an absence, and once every night.

One attempt takes in the higher revision of the agreement, removes what either side has deleted,
repairs follows and blocks, and sends again what the other one lacks. A held partner is released
at its end; what fails is tried again, and nothing flows meanwhile.
"""

import asyncio
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlencode

import structlog

from actors.queries import by_id
from federation import holds
from federation.activity import parse_json_object
from federation.agreements import winner
from federation.client import FETCH_BYTES_MAX
from federation.database import Row, Transaction
from federation.errors import BadSignature, Malformed, NodeError, Refused, Unavailable, describe
from federation.node import Node
from federation.partnership_changes import apply, locked, wake_lane
from federation.partnerships import Partnership, partner, standing
from federation.proofs import check_proof
from federation.vocabulary import Document
from inbox import ledger
from inbox.audit import record
from inbox.comparisons import (
    PATH,
    RELATIONS_PATH,
    Comparison,
    digest_of,
    handed_over,
    own_number,
    read_comparison,
    saw,
)
from inbox.holdings import Holding
from inbox.lost_follows import give_back
from inbox.pairing import send
from inbox.partnership_acts import ping
from inbox.relation_lists import Sides, read_relations, relations, repair
from outbox import documents
from outbox.audience import Recipient
from outbox.classes import is_protected
from outbox.publish import publish
from outbox.statuses import by_uri, delete, remove
from outbox.visibility import Origin, visible

describe({"comparison.refused": "{origin} does not compare with this site now ({status})."})

DAY_MS = 86_400_000
LOOK_S = 5.0
FIRST_WAIT_MS = 2_000
HELD_WAIT_MS_MAX = 30_000
CALM_WAIT_MS = 600_000
GRACE_MS = 5 * 60_000

_log = structlog.get_logger(__name__)


async def reconcile_loop(node: Node) -> None:
    """Compare with whom it is due, until cancelled."""
    while True:
        try:
            await reconcile_once(node)
        except Exception:  # noqa: BLE001 - the store may be away; the loop outlives it
            _log.exception("reconciling.loop_rests")
        await node.reconcile_wake.wait(LOOK_S)


async def reconcile_once(node: Node) -> int:
    """Compare with every partner that is due, side by side; return how many compared."""
    now = node.clock()
    rows = await node.db.rows(
        "SELECT p.origin, r.next_at FROM partnership p LEFT JOIN reconciliation r"
        " ON r.origin = p.origin WHERE p.state = 'active' ORDER BY p.origin"
    )
    fresh = [row["origin"] for row in rows if row["next_at"] is None]
    if fresh:
        # What was agreed a moment ago is compared for the first time tomorrow.
        await node.db.write(lambda tx: _expect(tx, fresh, now + DAY_MS))
    due = [row for row in rows if row["next_at"] is not None and row["next_at"] <= now]
    return sum(await asyncio.gather(*(_attempt(node, row["origin"]) for row in due)))


async def _expect(tx: Transaction, origins: list[str], at: int) -> None:
    await tx.many(
        "INSERT INTO reconciliation (origin, next_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(origin, at) for origin in origins],
    )


async def _attempt(node: Node, origin: str) -> bool:
    try:
        await reconcile(node, origin)
    except NodeError as error:
        code = error.code
        _log.info("reconciling.waits", origin=origin, code=code)
        await node.db.write(lambda tx: _later(tx, origin, node.clock(), code))
        return False
    return True


async def _later(tx: Transaction, origin: str, now: int, code: str) -> None:
    row = await tx.row("SELECT held_for, attempts FROM reconciliation WHERE origin = ?", origin)
    if row is None:
        return
    wait = CALM_WAIT_MS
    if row["held_for"] is not None:
        wait = min(FIRST_WAIT_MS << min(row["attempts"], 10), HELD_WAIT_MS_MAX)
    await tx.execute(
        "UPDATE reconciliation SET attempts = attempts + 1, next_at = ?, note = ? WHERE origin = ?",
        now + wait,
        code,
        origin,
    )


async def reconcile(node: Node, origin: str) -> None:
    """Compare with one partner and repair what differs; raises NodeError when it cannot."""
    known = await partner(node.db, origin)
    if known is None or not known.is_in_force:
        return
    began = node.clock()
    said = await _compared(node, known)
    reason = await holds.held_for(node.db, origin)
    await _take_agreement(node, origin, said)
    lost = bool(await node.db.value("SELECT lost FROM reconciliation WHERE origin = ?", origin))
    sides = Sides(we_lost=reason == "restored", they_lost=lost)
    if reason is not None or lost or said.held != digest_of(await handed_over(node.db, origin)):
        sides = await _compare_objects(node, known.origin, sides)
    await _compare_relations(node, origin, said, sides, reason is not None)
    await _settle(node, origin, began)


async def _compared(node: Node, known: Partnership) -> Comparison:
    """Ask, and notice from the answer that this node is not what it was."""
    origin = known.origin
    reason = await holds.held_for(node.db, origin)
    number = await own_number(node.db)
    said = await _ask(node, origin, number, is_restored=reason == "restored")
    newer = said.agreement.uri == known.agreement.uri and (
        said.agreement.revision > known.agreement.revision and reason is not None
    )
    if reason != "restored" and (said.seen > number or newer):
        await _is_restored(node, said.seen)
        said = await _ask(node, origin, await own_number(node.db), is_restored=True)
    await node.db.write(lambda tx: saw(tx, origin, said.number, is_restored=said.is_restored))
    return said


async def _is_restored(node: Node, seen: int) -> None:
    """Hold everybody: a partner knows of this node what it does not know itself."""
    now = node.clock()

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE incarnation SET number = ? WHERE id = 1 AND number <= ?", seen + 1, seen
        )
        count = await holds.hold_all(tx, "restored", now)
        await record(node, tx, "maillage", "site.restored", str(count))

    await node.db.write(work)
    _log.warning("partners.held", reason="restored")


async def _ask(node: Node, origin: str, number: int, *, is_restored: bool) -> Comparison:
    fields = {"number": str(number), "restored": "1" if is_restored else "0"}
    document = await _get(node, origin, f"{PATH}?{urlencode(fields)}")
    return read_comparison(document, origin, node.origin)


async def _get(node: Node, origin: str, target: str) -> Document:
    answer = await node.client.get(
        origin + target,
        headers={"Accept": "application/json"},
        sign=node.keyring.signer(node.uris.instance_actor),
        limit_bytes=FETCH_BYTES_MAX,
        redirects=0,
    )
    if answer.status == 200:
        return parse_json_object(answer.body)
    status = str(answer.status)
    if answer.status in {401, 403, 404, 410}:
        raise Refused("comparison.refused", origin=origin, status=status)
    raise Unavailable("comparison.refused", retry_after_s=60, origin=origin, status=status)


# The agreement ----------------------------------------------------------------------------------


async def _take_agreement(node: Node, origin: str, said: Comparison) -> None:
    """Put the higher revision in force, when its proofs hold; of two equal ones the narrower."""
    held = await standing(node.db, origin)
    own = (await node.keyring.instance_ed25519()).public(node.uris.instance_actor)
    keys = () if held is None else held.keys
    theirs = _proof(said, [key for key in keys if key.vouches_for_origin])
    ours = _proof(said, [own])

    async def work(tx: Transaction) -> None:
        known = await locked(tx, origin)
        if known is None or not known.is_in_force or known.agreement == said.agreement:
            return
        had, came = known.agreement, said.agreement
        if had.uri != came.uri or winner(had, came) != came:
            return
        before = replace(had, revision=min(had.revision, came.revision - 1))
        enough = (ours is not None or theirs is not None) and came.narrows(before)
        if not enough and (ours is None or theirs is None):
            raise Refused("partner.widening", revision=str(had.revision))
        await apply(tx, origin, came, (ours, theirs), node.clock())
        await give_back(node, tx, origin)
        await record(node, tx, "maillage", "partner.revision_taken", origin)

    await node.db.write(work)


def _proof(said: Comparison, keys: list[Any]) -> Document | None:
    for proof in said.proofs:
        for key in keys:
            if proof.get("verificationMethod") == key.key_id:
                try:
                    check_proof(said.agreement.document(), proof, key)
                except (BadSignature, Malformed):
                    continue
                return proof
    return None


# Objects ----------------------------------------------------------------------------------------


async def _compare_objects(node: Node, origin: str, sides: Sides) -> Sides:
    """Compare what the partner holds of ours; a restored node learns its own deletions back."""
    found: dict[str, Holding] = {}
    async for items in ledger.pages(node, origin):
        found |= {item.uri: item for item in items}
    was_away = not sides.we_lost and await holds.held_for(node.db, origin) == "away"
    if was_away and await _knows_more(node, found):
        await _is_restored(node, 0)
        sides = replace(sides, we_lost=True)
    if sides.we_lost:
        for item in found.values():
            if item.state == "deleted" and not item.is_taken_back:
                await _delete_again(node, item.uri)
    listed = list(found.values())
    for start in range(0, len(listed), 200):
        some = listed[start : start + 200]
        await node.db.write(lambda tx, some=some: ledger.keep(node, tx, origin, some))
    await _send_again(node, origin, found, sides)
    return sides


async def _knows_more(node: Node, found: dict[str, Holding]) -> bool:
    """Whether a partner has something of ours of which nothing is known here at all."""
    for item in found.values():
        if node.uris.read(item.uri) is None or item.state == "refused":
            continue
        known = await node.db.value(
            "SELECT 1 FROM status WHERE uri = ? UNION ALL"
            " SELECT 1 FROM tombstone WHERE uri = ? LIMIT 1",
            item.uri,
            item.uri,
        )
        if known is None:
            return True
    return False


async def _delete_again(node: Node, uri: str) -> None:
    """Delete here what a partner knows to be deleted, and say so to whoever else was handed it."""
    status = await by_uri(node.db, uri)
    if status is None or not status["is_local"] or await is_protected(node.db, status["id"]):
        return
    author = await by_id(node.db, status["actor_id"])
    assert author is not None, "a status has its author by foreign key"
    await delete(node, author, status, keep_media=False)


async def _send_again(node: Node, origin: str, found: dict[str, Holding], sides: Sides) -> None:
    """Send again what the ledger says was taken there, and is not there, or is there as it was."""
    rows = await node.db.rows(
        "SELECT s.*, h.last_at FROM held h JOIN status s ON s.uri = h.object_uri"
        " WHERE h.origin = ? AND h.state IN ('handed_over', 'held') AND s.is_local"
        " AND s.reblog_of_id IS NULL ORDER BY s.id",
        origin,
    )
    before = node.clock() - (0 if sides.they_lost else GRACE_MS)
    for row in rows:
        item = found.get(row["uri"])
        lacks = item is None or (sides.they_lost and _is_older(item, row))
        if row["last_at"] > before or not lacks:
            continue
        if await visible(node.db, Origin(origin), row["id"]) is not None:
            await node.db.write(
                lambda tx, row=row, new=item is None: _queue(node, tx, origin, row, is_new=new)
            )


def _is_older(item: Holding, status: Row) -> bool:
    """Whether what is held there is a former version; the wire says seconds alone."""
    edited_s = (status["edited_at"] or 0) // 1_000
    return item.state == "held" and (item.edited_at or 0) // 1_000 < edited_s


async def _queue(node: Node, tx: Transaction, origin: str, row: Row, *, is_new: bool) -> None:
    """Queue one status for one partner, under a new id: the former one has had its effect."""
    if not await _still_lacks(tx, origin, row):
        return
    author = await tx.row("SELECT * FROM actor WHERE id = ?", row["actor_id"])
    assert author is not None, "a status has its author by foreign key"
    note = await documents.note_document(node, tx, row)
    if is_new:
        said = documents.create_document(note) | {"id": node.uris.activity(node.ids.next())}
    else:
        said = documents.update_document(note, author["uri"], node.ids.next(), [])
    inbox = Recipient(f"{origin}/inbox", origin)
    await publish(
        node, tx, said, sender=author, recipients=[inbox], local=False,
        audience_kind=row["audience_kind"],
    )  # fmt: skip


async def _still_lacks(tx: Transaction, origin: str, row: Row) -> bool:
    """Whether nothing about a status was sent there, nor waits to be, since it was compared."""
    last_at = await tx.value(
        "SELECT last_at FROM held WHERE object_uri = ? AND origin = ?", row["uri"], origin
    )
    waits = await tx.value(
        "SELECT 1 FROM delivery WHERE origin = ? AND progress = 'pending' AND object_uri = ?"
        " LIMIT 1",
        origin,
        row["uri"],
    )
    return last_at == row["last_at"] and waits is None


# Relations, and what the partner took back --------------------------------------------------------


async def _compare_relations(
    node: Node, origin: str, said: Comparison, sides: Sides, is_held: bool
) -> None:
    had = await relations(node.db, origin)
    if not is_held and not sides.they_lost and had.digest == said.relations and _calm(had.follows):
        return
    since = 0 if sides.we_lost else node.clock() - 30 * DAY_MS
    document = await _get(node, origin, f"{RELATIONS_PATH}?since={max(since, 0)}")
    theirs = read_relations(document, (node.origin, origin))
    await _withdraw(node, origin, document)
    await repair(node, had, theirs, sides)


def _calm(follows: dict[tuple[str, str], str]) -> bool:
    """Whether nothing waits for an answer: that may be one that was lost."""
    return all(state == "accepted" for state in follows.values())


async def _withdraw(node: Node, origin: str, document: Document) -> None:
    """Remove what the partner says that it has deleted of its own."""
    listed: Any = document.get("withdrawn")
    if not isinstance(listed, list):
        raise Malformed("comparison.malformed", reason="withdrawn")
    for uri in cast(list[Any], listed):
        if not isinstance(uri, str) or not uri.startswith(f"{origin}/"):
            raise Malformed("comparison.malformed", reason="withdrawn")
        status = await by_uri(node.db, uri)
        if status is not None and not status["is_local"]:
            await node.db.write(lambda tx, status=status: remove(node, tx, status))


# The end ----------------------------------------------------------------------------------------


async def _settle(node: Node, origin: str, began: int) -> None:
    """Write that both know the same; let go on what was held, and say so to the partner."""
    known = await partner(node.db, origin)
    was_held = await holds.held_for(node.db, origin) is not None
    said = await ping(node, known) if known is not None and known.is_in_force else None

    async def work(tx: Transaction) -> None:
        await holds.release(tx, origin)
        await tx.execute(
            "UPDATE reconciliation SET compared_at = ?, next_at = ?, attempts = 0, note = NULL,"
            " lost = FALSE WHERE origin = ?",
            began,
            began + DAY_MS,
            origin,
        )
        if was_held and said is not None:
            # A sign of life that changes nothing: what waits there goes, as does what waits here.
            await wake_lane(tx, origin, began)
            await send(node, tx, origin, said)
            await record(node, tx, "maillage", "partner.compared", origin)

    await node.db.write(work)
    node.delivery_wake.set()
