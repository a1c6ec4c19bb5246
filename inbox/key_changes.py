"""A new key of a site: announced under the old and the new one, believed only with both proofs.

Until a partner has taken the new key it is signed to with the one it knows. Administrators of
both sides are told, and can say that it was not them, which pauses the exchange.
"""

from dataclasses import replace

import orjson

from actors.documents import actor_document
from actors.queries import by_uri
from federation.activity import iso
from federation.agreements import Agreement, Party
from federation.client_errors import ClientError
from federation.database import Transaction
from federation.errors import NodeError, Refused, describe
from federation.fetch import as_object
from federation.fingerprints import fingerprint_of, same
from federation.keyring import public_text
from federation.keys import PrivateKey, PublicKey, generate_ed25519
from federation.message_signatures import sign_message
from federation.node import Node
from federation.pairing_documents import Act, update_document
from federation.partnership_changes import apply, locked
from federation.partnerships import IN_FORCE, Partnership, partner, standing
from federation.proofs import make_proof
from federation.seen import digest_of, take_in
from federation.site_documents import Site, own_fingerprint, read_site
from inbox.audit import record
from inbox.organisation import tell_list_after_key
from inbox.pairing import By
from inbox.partner_notices import tell
from inbox.partnership_acts import address_of

describe(
    {
        "key.offer_waits": "An offer waits to be confirmed ({origin}); settle it before the key of"
        " this site changes.",
        "key.not_rotated": "The change of keys of {origin} is not proved by the key of the"
        " agreement and by the new one.",
    }
)

SITE = "site"
"""Where an Update about an agreement holds the instance actor with its new keys."""
# What was signed with the old key a moment ago may still be on its way.
GRACE_MS = 600_000
_DEADLINE_S = 15.0
# Where other keys were met a new code is needed in any case.
_STANDS = "('active', 'paused', 'ended', 'expired')"


async def rotate(node: Node, by: By) -> str:
    """Give this site a new key; return its fingerprint. Partners are told by `announce_once`.

    Open invitations end, since their codes name the old key. Raises Refused while an offer waits.
    """
    private = PrivateKey(
        f"{node.uris.instance_actor}#ed25519-{node.ids.next()}", generate_ed25519()
    )
    actor = node.uris.instance_actor

    async def work(tx: Transaction) -> None:
        waits = await tx.value("SELECT origin FROM partnership WHERE offer IS NOT NULL")
        if waits is not None:
            raise Refused("key.offer_waits", origin=waits)
        now = node.clock()
        old = await tx.value(
            "SELECT key_id FROM key WHERE owner_uri = ? AND algorithm = 'ed25519'"
            " AND private_encrypted IS NOT NULL AND retired_at IS NULL",
            actor,
        )
        await tx.execute("UPDATE key SET retired_at = ? WHERE key_id = ?", now, old)
        await node.keyring.add_local(tx, actor, private.key_id, private, vouches=True)
        await tx.execute(
            "UPDATE partnership SET signs_with = ? WHERE signs_with IS NULL"
            f" AND state IN {_STANDS}",
            old,
        )
        await tx.execute(
            "UPDATE invitation_to_pair SET closed_at = ? WHERE used_at IS NULL"
            " AND closed_at IS NULL",
            now,
        )
        await tx.execute("UPDATE actor SET updated_at = updated_at + 1 WHERE uri = ?", actor)
        await record(node, tx, by.uri, "key.rotate", private.key_id)
        await tell(node, tx, node.origin, "own_keys", private.key_id)

    await node.db.write(work)
    node.keyring.forget_form("")
    return await own_fingerprint(node.db, node.uris)


async def announce_once(node: Node) -> dict[str, str]:
    """Tell the new key to every partner that does not know it; say of each what came of it.

    `""` when it has taken it, else the code of what kept it from that; it is asked again later.
    """
    rows = await node.db.rows(
        "SELECT origin FROM partnership p WHERE signs_with IS NOT NULL"
        " AND state IN ('active', 'paused') AND NOT EXISTS (SELECT 1 FROM delivery d"
        # What was proved with the old key goes before.
        " WHERE d.origin = p.origin AND d.progress = 'pending' AND d.audience_kind = 'agreement')"
        " ORDER BY origin"
    )
    found: dict[str, str] = {}
    for row in rows:
        try:
            found[row["origin"]] = await _announce(node, row["origin"])
        except NodeError as error:
            found[row["origin"]] = error.code
    return found


async def _announce(node: Node, origin: str) -> str:
    known = await partner(node.db, origin)
    if known is None or known.state not in IN_FORCE:
        return "partner.not_in_force"
    old, new = await node.keyring.site_key(origin), await node.keyring.instance_ed25519()
    now = iso(node.clock())
    text = with_keys(known.agreement, node.origin, await own_fingerprint(node.db, node.uris))
    proof = make_proof(text.document(), new, now)
    said = update_document(*address_of(node, origin, "keys"), now, text, proof)
    said["object"]["agreement"]["proof"] = [make_proof(text.document(), old, now), proof]
    row = await by_uri(node.db, node.uris.instance_actor)
    assert row is not None, "made with the node"
    said[SITE] = await actor_document(node, row)
    body, url = orjson.dumps(said), f"{origin}/actor/inbox"
    headers = await node.keyring.sign_as("ed25519", node.uris.instance_actor, "POST", url, body)
    try:
        answer = await node.client.post(url, body=body, headers=headers, deadline_s=_DEADLINE_S)
        if answer.status == 401 and known.kind == "site":
            # The list of the organisation came there first, and named the new key.
            headers = sign_message(new, "POST", url, body, node.clock())
            answer = await node.client.post(url, body=body, headers=headers, deadline_s=_DEADLINE_S)
    except ClientError as error:
        return error.code
    if answer.status != 202:
        return f"answer.{answer.status}"

    async def taken(tx: Transaction) -> None:
        current = await locked(tx, origin)
        if current is None or current.agreement != known.agreement:
            # It goes by the text that both have now, at the next attempt.
            return
        await apply(tx, origin, text, (proof, None), node.clock())
        await tx.execute("UPDATE partnership SET signs_with = NULL WHERE origin = ?", origin)
        await tell_list_after_key(node, tx, origin)
        await record(node, tx, "maillage", "partner.key_taken", origin)

    await node.db.write(taken)
    node.keyring.forget_form(origin)
    node.delivery_wake.set()
    return ""


def with_keys(agreement: Agreement, origin: str, fingerprint: str) -> Agreement:
    """The next revision, in which this party has other keys and all else is the same."""
    first, second = (
        Party(origin, fingerprint) if party.origin == origin else party
        for party in agreement.parties
    )
    return replace(agreement, revision=agreement.revision + 1, parties=(first, second))


def is_change(act: Act) -> bool:
    """Whether an act about an agreement announces other keys of who sends it."""
    return act.kind == "Update" and SITE in act.document


async def take_change(node: Node, act: Act, site: Site, signed_at_ms: int) -> None:
    """Believe the new keys of a partner: proved by the pinned key and by the new one, in one text.

    Raises Refused without both proofs, or when the text says anything else than the one agreed.
    """
    came = act.needed()
    new_site = read_site(site.origin, as_object(act.document.get(SITE)))
    held = await standing(node.db, site.origin)
    known = await partner(node.db, site.origin)
    if known is None or known.state not in IN_FORCE or held is None or not held.keys:
        raise Refused("partner.no_agreement", origin=site.origin)
    if came == known.agreement:
        return
    fingerprint = fingerprint_of(site.origin, [key.key for key in new_site.keys])
    # The list of the organisation may have named the new key before its site could.
    is_pinned = known.kind == "site" and same(fingerprint, known.fingerprint)
    new_key = held.keys[0] if is_pinned else _new_key(new_site, held.keys)
    expected = with_keys(known.agreement, site.origin, fingerprint)
    if is_pinned and came.revision > expected.revision:
        expected = replace(expected, revision=came.revision)
    if came != expected:
        raise Refused("pairing.other_text")
    # The first is the newest: a key that was followed by another speaks for no further one.
    act.proof_by(held.keys[0])
    proof = act.proof_by(new_key)

    async def work(tx: Transaction) -> None:
        current = await locked(tx, site.origin)
        if current is None or current.agreement != known.agreement:
            raise Refused("partner.changed_meanwhile", origin=site.origin)
        digest = digest_of(act.uri, act.kind, act.actor_uri, act.document)
        if not await take_in(tx, digest, signed_at_ms):
            return
        now = node.clock()
        await apply(tx, site.origin, came, (None, proof), now)
        await tx.execute(
            "UPDATE partnership SET fingerprint = ? WHERE origin = ?", fingerprint, site.origin
        )
        if not is_pinned:
            await _repin(tx, known, new_site, now)
        await record(node, tx, act.actor_uri, "partner.keys_changed", site.origin)
        await tell(node, tx, site.origin, "keys_changed", fingerprint)

    await node.db.write(work)
    node.keyring.forget_form(site.origin)


def _new_key(site: Site, pinned: tuple[PublicKey, ...]) -> PublicKey:
    """The one key that speaks for the site and did not before; Refused unless there is just one."""
    vouching = [key for key in site.keys if key.vouches_for_origin]
    had = {public_text(key) for key in pinned} | {key.key_id for key in pinned}
    if len(vouching) != 1 or public_text(vouching[0]) in had or vouching[0].key_id in had:
        raise Refused("key.not_rotated", origin=site.origin)
    return vouching[0]


async def _repin(tx: Transaction, known: Partnership, site: Site, now: int) -> None:
    """Pin all keys of the new fingerprint; the former ones count until what is on its way came."""
    await tx.execute(
        "DELETE FROM key WHERE origin = ? AND retired_at IS NOT NULL AND private_encrypted IS NULL",
        known.origin,
    )
    await tx.execute(
        "UPDATE key SET retired_at = ? WHERE origin = ? AND pinned_at IS NOT NULL",
        now,
        known.origin,
    )
    for key in site.keys:
        await tx.execute("DELETE FROM key WHERE key_id = ?", key.key_id)
        await tx.execute(
            "INSERT INTO key (key_id, owner_uri, origin, algorithm, public_text,"
            " vouches_for_origin, pinned_at, fetched_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            key.key_id,
            key.owner_uri,
            known.origin,
            key.algorithm,
            public_text(key),
            key.vouches_for_origin,
            now,
            now,
        )


async def forget_retired_once(node: Node) -> int:
    """Forget keys that count for nothing any more, theirs and ours; return how many."""
    before = node.clock() - GRACE_MS

    async def work(tx: Transaction) -> int:
        return await tx.execute(
            "DELETE FROM key WHERE retired_at <= ? AND NOT EXISTS"
            " (SELECT 1 FROM partnership p WHERE p.signs_with = key.key_id)",
            before,
        )

    due = await node.db.value("SELECT 1 FROM key WHERE retired_at <= ? LIMIT 1", before)
    return 0 if due is None else await node.db.write(work)
