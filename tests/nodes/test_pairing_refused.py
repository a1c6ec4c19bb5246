"""Proves that offers which are not what they should be leave nothing: each beside one that is.

Replayed, re-signed, truncated, of a third site, unsigned or signed by somebody else.
"""

from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from federation.activity import iso
from federation.agreements import Agreement
from federation.database import Transaction
from federation.keys import PrivateKey, generate_ed25519
from federation.message_signatures import sign_message
from federation.node import Limits
from federation.pairing_codes import read_code
from federation.pairing_documents import BYTES_MAX, proof_subject
from federation.proofs import make_proof, pairing_proof
from federation.scopes import Scope
from federation.site_documents import fetch_site, own_fingerprint
from federation.vocabulary import Document
from inbox import pairing
from inbox.offer_texts import make_offer, new_agreement
from tests.conftest import Start
from tests.nodes.partners import BY, invited, post, post_as, state_of
from tests.serving import Running

NO_LIMITS = Limits(rate_limits=False)


@dataclass
class Table:
    """A site that invites, one that is invited, and a stranger; and the code between them."""

    one: Running
    other: Running
    third: Running
    code: str

    async def offer(self, agreement: Agreement | None = None) -> Document:
        """An offer of the invited site that would be taken as it is."""
        node = self.other.node
        code = read_code(self.code)
        site = await fetch_site(node.client, self.one.origin)
        text = agreement or await new_agreement(node, site, Scope(), Scope(), 30)
        offered, _ = await make_offer(node, site, text)
        return await self.proved(offered.activity, text, code.token_hash)

    async def proved(self, activity: Document, text: Agreement, token_hash: bytes) -> Document:
        fingerprints = (text.party(self.one.origin).fingerprint,
                        text.party(self.other.origin).fingerprint)  # fmt: skip
        subject = proof_subject(activity, text.digest, fingerprints)
        return activity | {"pairingProof": pairing_proof(token_hash, subject)}

    async def nothing(self) -> bool:
        db = self.one.node.db
        kept = await db.value("SELECT count(*) FROM partnership")
        pinned = await db.value("SELECT count(*) FROM key WHERE pinned_at IS NOT NULL")
        admitted = await db.value("SELECT count(*) FROM peer WHERE policy = 'allowed'")
        return (kept, pinned, admitted) == (0, 0, 0)


@pytest.fixture
async def table(start_node: Start) -> Table:
    one = await start_node(name="Les Tilleuls", limits=NO_LIMITS)
    other = await start_node(name="Les Roses")
    third = await start_node(name="Ailleurs")
    return Table(one, other, third, await invited(one, other.origin))


async def test_an_offer_by_the_invited_site_is_taken_once(table: Table) -> None:
    document = await table.offer()
    assert await post_as(table.other.node, table.one, document) == (202, "")
    assert await state_of(table.one, table.other) == "asked"
    row = await table.one.node.db.row("SELECT offer_uri, changed_at FROM partnership")
    # The same again is heard, and changes nothing; also after it was refused by a person.
    assert (await post_as(table.other.node, table.one, document))[0] == 202
    assert await table.one.node.db.row("SELECT offer_uri, changed_at FROM partnership") == row
    await pairing.drop_offer(table.one.node, table.other.origin, BY)
    assert (await post_as(table.other.node, table.one, document))[0] == 403
    assert await table.nothing()


async def _without_proof(table: Table) -> Document:
    document = await table.offer()
    del document["pairingProof"]
    return document


async def _truncated(table: Table) -> Document:
    document = await table.offer()
    del document["object"]["agreement"]["grants"]
    return document


async def _wider_afterwards(table: Table) -> Document:
    document = await table.offer()
    grants = document["object"]["agreement"]["grants"]
    grants[table.one.origin]["directory"] = "sync"
    return document


async def _unknown_field(table: Table) -> Document:
    document = await table.offer()
    document["object"]["agreement"]["grants"][table.one.origin]["everything"] = True
    return document


async def _other_fingerprint(table: Table) -> Document:
    return await table.offer() | {"fingerprint": "SHA256:" + "A" * 43}


async def _without_agreement(table: Table) -> Document:
    document = await table.offer()
    del document["object"]["agreement"]
    return document


async def _of_a_third_site(table: Table) -> Document:
    """A text between the invited site and a third one."""
    node = table.other.node
    site = await fetch_site(node.client, table.third.origin)
    text = await new_agreement(node, site, Scope(), Scope(), 30)
    offered, _ = await make_offer(node, site, text)
    return offered.activity


async def _proof_of_nobody(table: Table) -> Document:
    document = await table.offer()
    agreement = document["object"]["agreement"]
    plain = {name: value for name, value in agreement.items() if name != "proof"}
    key = PrivateKey(f"{table.other.origin}/actor#ed25519-key", generate_ed25519())
    agreement["proof"] = [make_proof(plain, key, iso(table.one.node.clock()))]
    return document


MADE_WRONG = {
    "no pairing proof": (_without_proof, 403),
    "truncated": (_truncated, 400),
    "widened after it was proved": (_wider_afterwards, 401),
    "a field nobody knows": (_unknown_field, 422),
    "another fingerprint": (_other_fingerprint, 403),
    "no agreement": (_without_agreement, 400),
    "for a third site": (_of_a_third_site, 403),
    "proved by nobody": (_proof_of_nobody, 401),
}


@pytest.mark.parametrize("name", MADE_WRONG)
async def test_a_wrong_offer_leaves_nothing(table: Table, name: str) -> None:
    make, status = MADE_WRONG[name]
    document = await make(table)
    came = await post_as(table.other.node, table.one, document)
    assert came[0] == status, came
    assert await table.nothing()
    assert (await post_as(table.other.node, table.one, await table.offer()))[0] == 202


async def test_an_offer_signed_by_anybody_else_leaves_nothing(table: Table) -> None:
    document = await table.offer()
    # The third site passes on what it saw, under its own name.
    assert (await post_as(table.third.node, table.one, document))[0] == 403
    body, url = orjson.dumps(document), f"{table.one.origin}/actor/inbox"
    forged = PrivateKey(f"{table.other.origin}/actor#ed25519-key", generate_ed25519())
    now = table.one.node.clock()
    assert (await post(table.one, body, sign_message(forged, "POST", url, body, now)))[0] == 401
    # The site's RSA key speaks to plain peers; an agreement takes the Ed25519 key.
    rsa = await table.other.node.keyring.private_key(table.other.node.uris.instance_actor)
    assert (await post(table.one, body, sign_message(rsa, "POST", url, body, now)))[0] == 401
    assert (await post(table.one, body, {}))[0] == 401
    stranger = document | {"actor": f"{table.third.origin}/actor"}
    assert (await post_as(table.other.node, table.one, stranger))[0] == 403
    assert await table.nothing()
    assert (await post_as(table.other.node, table.one, document))[0] == 202


async def test_a_stranger_may_offer_and_nothing_else(table: Table) -> None:
    note = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{table.other.origin}/activities/1",
        "type": "Follow",
        "actor": f"{table.other.origin}/actor",
        "object": f"{table.one.origin}/actor",
    }
    assert (await post_as(table.other.node, table.one, note))[0] == 403
    update = await table.offer() | {"type": "Update"}
    assert (await post_as(table.other.node, table.one, update))[0] == 401
    large = await table.offer() | {"padding": "x" * BYTES_MAX}
    assert (await post_as(table.other.node, table.one, large))[0] == 413
    # At another door the same offer is what a stranger says.
    offer = await table.offer()
    assert (await post_as(table.other.node, table.one, offer, "/inbox"))[0] == 403
    assert await table.nothing()
    assert (await post_as(table.other.node, table.one, offer))[0] == 202


async def test_a_blocked_site_is_not_heard_with_a_code(table: Table) -> None:
    document = await table.offer()
    from_there = table.other.origin

    async def set_policy(tx: Transaction, policy: str) -> Any:
        return await tx.execute(
            "INSERT INTO peer (origin, policy, created_at) VALUES (?, ?, 0)"
            " ON CONFLICT (origin) DO UPDATE SET policy = excluded.policy",
            from_there,
            policy,
        )

    await table.one.node.db.write(lambda tx: set_policy(tx, "blocked"))
    assert (await post_as(table.other.node, table.one, document))[0] == 403
    assert await table.nothing()
    await table.one.node.db.write(lambda tx: set_policy(tx, "known"))
    assert (await post_as(table.other.node, table.one, document))[0] == 202


async def test_at_most_twenty_offers_wait(table: Table) -> None:
    document = await table.offer()
    assert (await post_as(table.other.node, table.one, document))[0] == 202
    names = (
        "kind, state, agreement_uri, revision, agreement, digest, fingerprint, offer_uri, offer,"
        " ends_at, created_at, changed_at"
    )

    async def copies(tx: Transaction) -> None:
        for number in range(20):
            await tx.execute(
                f"INSERT INTO partnership (origin, {names}) SELECT ?, {names} FROM partnership"
                " WHERE origin = ?",
                f"http://127.0.0.3:{number + 1}",
                table.other.origin,
            )
        await tx.execute("DELETE FROM partnership WHERE origin = ?", table.other.origin)

    await table.one.node.db.write(copies)
    assert (await post_as(table.other.node, table.one, await table.offer()))[0] == 429
    assert await state_of(table.one, table.other) is None


async def test_five_attempts_a_minute_and_the_true_partner_is_not_shut_out(
    start_node: Start,
) -> None:
    one, other = await start_node(), await start_node()
    table = Table(one, other, other, await invited(one, other.origin))
    ours = await own_fingerprint(other.node.db, other.node.uris)
    assert ours.startswith("SHA256:")
    document = await table.offer()
    body, url = orjson.dumps(document), f"{one.origin}/actor/inbox"
    forged = PrivateKey(f"{other.origin}/actor#ed25519-key", generate_ed25519())
    came = [
        (await post(one, body, sign_message(forged, "POST", url, body, one.node.clock())))[0]
        for _ in range(6)
    ]
    assert came == [401] * 5 + [429]
    row = await one.node.db.row("SELECT wrong_proofs, closed_at FROM invitation_to_pair")
    assert row is not None
    assert (row["wrong_proofs"], row["closed_at"]) == (0, None), "only the invited site counts"
