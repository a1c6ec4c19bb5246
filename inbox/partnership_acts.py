"""What this site does with an agreement in force: narrow it, pause it, end it; and its expiry.

Narrowing and ending need nobody's consent: they hold here at once, and the partner is told.
"""

from dataclasses import replace

from actors.strikes import sever_all
from federation.activity import iso, time_ms
from federation.database import Transaction
from federation.errors import Invalid, Refused, describe
from federation.node import Node
from federation.organisation_lists import organisation_uri
from federation.pairing_documents import PLACE, undo_document, update_document
from federation.partnership_changes import apply, close, locked, set_state
from federation.partnerships import Partnership, State
from federation.proofs import make_proof
from federation.scopes import Scope
from federation.vocabulary import Document
from inbox.audit import record
from inbox.lost_follows import end_ungranted, keep_lost, tell_lost
from inbox.pairing import By, drop_offer, needed, send
from inbox.partings import BY_TIME, begin_parting
from inbox.partner_notices import tell
from outbox.circles import forget_member

describe(
    {
        "partner.not_in_force": "The agreement with {origin} is not in force ({state}).",
        "partner.not_narrower": "A narrowing grants less than now and nothing more; for anything"
        " else renew the agreement, which {origin} must confirm.",
        "partner.not_paused": "The agreement with {origin} is not paused ({state}).",
        "partner.same_organisation": "{origin} is a site of the same organisation: nothing is"
        " narrowed or ended between two that are on its list. Leave the organisation, or have the"
        " lead remove the site.",
        "partner.changed_meanwhile": "The agreement with {origin} has just changed; look at it"
        " again.",
    }
)

SECOND_MS = 1_000


async def narrow(node: Node, origin: str, ours: Scope, by: By) -> Partnership:
    """Grant less, from now on; Invalid (field `scope`) when it is not less."""
    known = _in_force(await needed(node, origin))
    if known.kind == "site":
        raise Refused("partner.same_organisation", origin=origin)
    if ours == known.ours or not ours.is_within(known.ours):
        raise Invalid("partner.not_narrower", field="scope", origin=origin)
    text = known.agreement.with_grant(node.origin, ours)
    now = iso(node.clock())
    proof = make_proof(text.document(), await node.keyring.site_key(origin), now)
    said = update_document(*address_of(node, origin, "update"), now, text, proof)

    async def work(tx: Transaction) -> None:
        await _unchanged(tx, known)
        await apply(tx, origin, text, (proof, None), node.clock())
        await end_ungranted(node, tx, origin)
        # It is asked at once what it holds: what is no more for it is asked back.
        await tx.execute(
            "UPDATE partnership SET compared_at = 0, ask_after = 0 WHERE origin = ?", origin
        )
        await send(node, tx, origin, said)
        await record(node, tx, by.uri, "partner.narrow", origin)

    await node.db.write(work)
    node.delivery_wake.set()
    return await needed(node, origin)


async def pause(node: Node, origin: str, by: By) -> Partnership:
    """Take and send nothing for now: the partner hears 503, and both queues stay as they are."""
    known = _in_force(await needed(node, origin))

    async def work(tx: Transaction) -> None:
        await _unchanged(tx, known)
        await set_state(tx, origin, "paused", node.clock(), paused_by=by.uri)
        await record(node, tx, by.uri, "partner.pause", origin)

    await node.db.write(work)
    return await needed(node, origin)


async def not_us(node: Node, origin: str, by: By) -> Partnership:
    """Pause at once, since a change of keys was not made by those who should; tell the others.

    Nothing goes on before a person has resumed it, or both have paired anew.
    """
    known = _in_force(await needed(node, origin))

    async def work(tx: Transaction) -> None:
        now = node.clock()
        await set_state(tx, origin, "paused", now, paused_by=by.uri)
        await record(node, tx, by.uri, "partner.not_us", origin, known.fingerprint)
        await tell(node, tx, origin, "not_us", f"{known.fingerprint} {now}")

    await node.db.write(work)
    return await needed(node, origin)


async def resume(node: Node, origin: str, by: By) -> Partnership:
    """Go on after a pause: what waited here goes, and the partner hears that it may send."""
    known = await needed(node, origin)
    if known.state != "paused":
        raise Refused("partner.not_paused", origin=origin, state=known.state)
    said = await ping(node, known)

    async def work(tx: Transaction) -> None:
        await _unchanged(tx, known)
        await set_state(tx, origin, "active", node.clock())
        await send(node, tx, origin, said)
        await record(node, tx, by.uri, "partner.resume", origin)

    await node.db.write(work)
    node.delivery_wake.set()
    return await needed(node, origin)


async def ping(node: Node, known: Partnership) -> Document:
    """The agreement as it is, said once more: a sign of life that changes nothing."""
    now = iso(node.clock())
    proof = make_proof(known.agreement.document(), await node.keyring.site_key(known.origin), now)
    address = address_of(node, known.origin, "ping")
    return update_document(*address, now, known.agreement, proof)


async def end(node: Node, origin: str, by: By) -> Partnership | None:
    """End an agreement, or drop what is only offered; None when nothing is left of it.

    From this commit on only what takes back passes, in both directions, and nobody follows
    anybody across. What was said is removed on both sides as agreed. Nothing happens when it has
    ended before; of one that ran out it is the decision that it does not go on.
    """
    known = await needed(node, origin)
    if known.state in {"offered", "asked"}:
        await drop_offer(node, origin, by)
        return None
    if known.state == "ended":
        return known
    if known.kind == "site" and not _begins_or_ends_at(node, known):
        raise Refused("partner.same_organisation", origin=origin)
    now = node.clock()
    starts = time_ms(known.agreement.starts) or 0
    ends = iso(max(now, starts + SECOND_MS))
    text = replace(
        known.agreement,
        revision=known.agreement.revision + 1,
        ends=min(ends, known.agreement.ends),
    )
    proof = make_proof(text.document(), await node.keyring.site_key(origin), iso(now))
    said = undo_document(*address_of(node, origin, "end"), iso(now), text, proof)

    async def work(tx: Transaction) -> None:
        await _unchanged(tx, known)
        await apply(tx, origin, text, (proof, None), now)
        await cut(node, tx, origin, "ended", node.origin, said["id"])
        await send(node, tx, origin, said)
        await record(node, tx, by.uri, "partner.end", origin)

    await node.db.write(work)
    node.delivery_wake.set()
    return await needed(node, origin)


def _begins_or_ends_at(node: Node, known: Partnership) -> bool:
    """Whether one of the two leads the organisation: then the end takes the other one out of it."""
    leads = {organisation_uri(node.origin), organisation_uri(known.origin)}
    return known.organisation_uri in leads


async def cut(
    node: Node,
    tx: Transaction,
    origin: str,
    state: State,
    ended_by: str,
    undo_uri: str | None = None,
) -> None:
    """Close an agreement and end every follow across it; people are told once what they lost.

    `ended_by` is the origin that did it, or time. What follows from it is done by the purge.
    """
    known = await locked(tx, origin)
    if known is not None:
        await keep_lost(node, tx, origin, known.fingerprint)
        await begin_parting(node, tx, known, ended_by, undo_uri)
    await forget_member(node, tx, origin)
    keeps = known is not None and known.theirs.retention_after_end == "keep"
    await close(tx, origin, state, node.clock(), keeps=keeps)
    rows = await tx.rows("SELECT id FROM actor WHERE origin = ? AND NOT is_local", origin)
    await tell_lost(node, tx, origin, await sever_all(tx, [row["id"] for row in rows]))


async def expire_once(node: Node) -> int:
    """Close every agreement whose time is over; return how many there were."""
    now = node.clock()
    rows = await node.db.rows(
        "SELECT origin FROM partnership WHERE state IN ('active', 'paused', 'key_changed')"
        " AND ends_at <= ? ORDER BY origin",
        now,
    )
    for row in rows:
        await node.db.write(lambda tx, origin=row["origin"]: _expire(node, tx, origin, now))
    return len(rows)


async def _expire(node: Node, tx: Transaction, origin: str, now: int) -> None:
    known = await locked(tx, origin)
    if known is not None and known.ends_at <= now:
        await cut(node, tx, origin, "expired", BY_TIME)
        await record(node, tx, "maillage", "partner.expire", origin)


def _in_force(known: Partnership) -> Partnership:
    if not known.is_in_force:
        raise Refused("partner.not_in_force", origin=known.origin, state=known.state)
    return known


async def _unchanged(tx: Transaction, known: Partnership) -> None:
    now = await locked(tx, known.origin)
    if now is None or (now.state, now.agreement) != (known.state, known.agreement):
        raise Refused("partner.changed_meanwhile", origin=known.origin)


def address_of(node: Node, origin: str, word: str) -> tuple[str, str, str]:
    """A new id of ours, this site, and the other one: how each act begins."""
    uri = f"{node.origin}{PLACE}{node.ids.next()}/{word}"
    return uri, node.uris.instance_actor, f"{origin}/actor"
