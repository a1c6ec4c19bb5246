"""Proves that a partner's new key is believed with the old and the new proof and never else."""

from typing import Any

import orjson
import pytest

from federation.activity import iso
from federation.agreements import Agreement
from federation.database import Transaction
from federation.errors import Refused
from federation.keys import PrivateKey, generate_ed25519
from federation.message_signatures import sign_message
from federation.pairing_documents import PLACE, update_document
from federation.partnerships import standing
from federation.proofs import make_proof
from federation.site_documents import fetch_site, own_fingerprint
from federation.vocabulary import Document
from inbox import key_changes, pairing
from inbox.key_changes import announce_once, forget_retired_once, rotate, with_keys
from inbox.partner_notices import notices
from inbox.partner_probe import probe
from inbox.partnership_acts import not_us
from tests.conftest import Start
from tests.nodes.partners import BY, both, invited, paired, post, post_as, state_of
from tests.nodes.test_partners_in_force import follow, has, like, person, write
from tests.serving import Running, eventually

Sites = tuple[Running, Running]


@pytest.fixture
async def partners(start_node: Start, no_greetings: None) -> Sites:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other)
    return one, other


async def pinned(at: Running, of: Running) -> list[str]:
    known = await standing(at.node.db, of.origin)
    assert known is not None
    return [key.key_id for key in known.keys]


async def test_a_new_key_is_taken_with_both_proofs_and_both_are_told(partners: Sites) -> None:
    one, other = partners
    before = await pinned(one, other)
    fingerprint = await rotate(other.node, BY)
    assert await pinned(one, other) == before, "not before it was announced"
    assert await announce_once(other.node) == {one.origin: ""}
    mine, yours = await both(one, other)
    assert mine.agreement == yours.agreement
    assert mine.agreement.party(other.origin).fingerprint == fingerprint == mine.fingerprint
    # The former key counts a moment more, the new one first.
    now = await pinned(one, other)
    assert now[1:] == before
    assert now[0] != before[0]
    assert [notice.code for notice in await notices(one.node.db, unseen=True)] == [
        "partner.notice_keys_changed"
    ]
    assert [notice.code for notice in await notices(other.node.db, unseen=True)] == [
        "partner.notice_own_keys"
    ]
    assert await announce_once(other.node) == {}, "once"
    checks = await probe(one.node, other.origin, BY)
    assert [check.name for check in checks if not check.is_green] == []
    assert await state_of(one, other) == "active"


async def test_what_was_on_its_way_arrives_before_and_after(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await person(other, "alice"), await person(one, "bruno")
    await follow(one, bruno, alice)
    await rotate(other.node, BY)
    # The partner does not know the new key yet: it is signed to with the one it knows.
    first = await write(other, alice, "Signé de l’ancienne clé")
    await eventually(lambda: has(one, first))
    old = await other.node.keyring.site_key(one.origin)
    await announce_once(other.node)
    assert (await other.node.keyring.site_key(one.origin)).key_id != old.key_id
    second = await write(other, alice, "Signé de la nouvelle")
    await eventually(lambda: has(one, second))
    # Signed a moment before the change, and only now here.
    body, url = orjson.dumps(like(alice["uri"], 5)), f"{one.origin}/inbox"
    late = sign_message(old, "POST", url, body, one.node.clock())
    assert (await post(one, body, late, "/inbox"))[0] == 202
    back = await write(one, bruno, "Et retour")
    await follow(other, alice, bruno)
    again = await write(one, bruno, "Et retour encore")
    await eventually(lambda: has(other, again))
    assert back["uri"] != again["uri"]

    async def long_ago(tx: Transaction) -> None:
        await tx.execute("UPDATE key SET retired_at = 1 WHERE retired_at IS NOT NULL")

    for site in (one, other):
        await site.node.db.write(long_ago)
        assert await forget_retired_once(site.node) >= 1
    body = orjson.dumps(like(alice["uri"], 6))
    late = sign_message(old, "POST", url, body, one.node.clock())
    assert (await post(one, body, late, "/inbox"))[0] == 401
    third = await write(other, alice, "Toujours")
    await eventually(lambda: has(one, third))


@pytest.mark.usefixtures("no_greetings")
async def test_a_partner_that_is_away_is_told_when_it_is_back(start_node: Start) -> None:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other)
    alice, bruno = await person(other, "alice"), await person(one, "bruno")
    await follow(one, bruno, alice)
    await rotate(other.node, BY)
    # A second change before anybody heard of the first.
    await rotate(other.node, BY)
    assert await announce_once(other.node) == {one.origin: ""}
    status = await write(other, alice, "Deux fois")
    await eventually(lambda: has(one, status))
    mine, yours = await both(one, other)
    assert mine.agreement == yours.agreement
    # What is agreed afterwards is proved by the new key.
    await pairing.renew(other.node, one.origin, BY, days=700)

    async def arrived() -> bool:
        here, _ = await both(one, other)
        return here.awaits_us

    await eventually(arrived)


async def change(
    of: Running, to: Running, old: PrivateKey | None, new: PrivateKey, **more: Any
) -> Document:
    """An announcement of a new key, as the holder of these two would make it."""
    _, there = await both(to, of)
    site = await fetch_site(to.node.client, of.origin)
    rsa = next(key for key in site.document["publicKey"] if key) if isinstance(
        site.document["publicKey"], list) else site.document["publicKey"]  # fmt: skip
    public = new.public(f"{of.origin}/actor", vouches_for_origin=True)
    stated = dict(site.document)
    stated["publicKey"] = rsa
    stated["assertionMethod"] = [
        {
            "id": new.key_id,
            "type": "Multikey",
            "controller": f"{of.origin}/actor",
            "publicKeyMultibase": key_changes.public_text(public),
        }
    ]
    fingerprint = key_changes.read_site(of.origin, stated).fingerprint
    text: Agreement = more.get("text") or with_keys(there.agreement, of.origin, fingerprint)
    now = iso(to.node.clock())
    uri = f"{of.origin}{PLACE}{of.node.ids.next()}/keys"
    proof = make_proof(text.document(), new, now)
    said = update_document(uri, f"{of.origin}/actor", f"{to.origin}/actor", now, text, proof)
    proofs = [proof] if old is None else [make_proof(text.document(), old, now), proof]
    said["object"]["agreement"]["proof"] = more.get("proofs") or proofs
    said["site"] = more.get("site") or stated
    return said


def fresh(of: Running, name: str = "stolen") -> PrivateKey:
    return PrivateKey(f"{of.origin}/actor#{name}", generate_ed25519())


async def test_a_stolen_name_cannot_change_the_key(partners: Sites) -> None:
    """SEC-220: whoever answers at the name, with another key, moves no pin."""
    one, other = partners
    before, digest = await pinned(one, other), (await both(one, other))[0].agreement.digest
    thief, real = fresh(other), await other.node.keyring.instance_ed25519()

    async def tried(said: Document, key: PrivateKey) -> int:
        body, url = orjson.dumps(said), f"{one.origin}/actor/inbox"
        headers = sign_message(key, "POST", url, body, one.node.clock())
        return (await post(one, body, headers))[0]

    # By the new key alone, whatever it proves, and with a proof it made up for the old one.
    assert await tried(await change(other, one, None, thief), thief) == 401
    forged = PrivateKey(real.key_id, generate_ed25519())
    assert await tried(await change(other, one, forged, thief), thief) == 401
    assert await tried(await change(other, one, forged, thief), forged) == 401
    # Sent by the true site, but without the proof of one of the two.
    assert await tried(await change(other, one, None, thief), real) == 401
    assert await tried(await change(other, one, forged, thief), real) == 401
    only_old = await change(other, one, real, thief)
    only_old["object"]["agreement"]["proof"] = only_old["object"]["agreement"]["proof"][:1]
    assert await tried(only_old, real) == 401
    assert await pinned(one, other) == before
    assert (await both(one, other))[0].agreement.digest == digest
    assert await notices(one.node.db) == []
    # Its twin: with both proofs, by the key that counts.
    assert await tried(await change(other, one, real, thief), real) == 202
    assert (await pinned(one, other))[0] == thief.key_id


async def test_a_change_of_keys_changes_nothing_else(partners: Sites) -> None:
    one, other = partners
    real, new = await other.node.keyring.instance_ed25519(), fresh(other)
    _, there = await both(one, other)
    site = await change(other, one, real, new)
    stated = key_changes.read_site(other.origin, site["site"]).fingerprint
    wider = with_keys(there.agreement, other.origin, stated).with_grant(one.origin, there.theirs)
    for text in (
        wider,
        with_keys(there.agreement, one.origin, stated),
        with_keys(there.agreement, other.origin, there.fingerprint),
    ):
        said = await change(other, one, real, new, text=text)
        assert (await post_as(other.node, one, said))[0] == 403
    # Two keys that would speak for the site, or the same one once more.
    both_keys = dict(site["site"])
    both_keys["assertionMethod"] = [
        *both_keys["assertionMethod"],
        {**both_keys["assertionMethod"][0], "id": f"{other.origin}/actor#another"},
    ]
    said = await change(other, one, real, new, site=both_keys)
    assert (await post_as(other.node, one, said))[0] == 403
    said = await change(other, one, real, real)
    assert (await post_as(other.node, one, said))[0] == 403
    replayed = await change(other, one, real, new)
    assert (await post_as(other.node, one, replayed))[0] == 202
    # The same again is heard and has no effect; the former key proves nothing further.
    body, url = orjson.dumps(replayed), f"{one.origin}/actor/inbox"
    headers = sign_message(new, "POST", url, body, one.node.clock())
    assert (await post(one, body, headers))[0] == 202
    third = fresh(other, "third")
    said = await change(other, one, real, third)
    assert (await post_as(other.node, one, said))[0] in {401, 403}
    assert (await pinned(one, other))[0] == new.key_id


async def test_this_was_not_us_pauses(partners: Sites) -> None:
    one, other = partners
    await rotate(other.node, BY)
    await announce_once(other.node)
    paused = await not_us(one.node, other.origin, BY)
    assert paused.state == "paused"
    alice = await person(other, "alice")
    status, _ = await post_as(other.node, one, like(alice["uri"]), "/inbox")
    assert status == 503
    codes = [notice.code for notice in await notices(one.node.db)]
    assert codes[0] == "partner.notice_not_us"
    audit = await one.node.db.value("SELECT count(*) FROM audit WHERE action = 'partner.not_us'")
    assert audit == 1
    mine = await not_us(other.node, one.origin, BY)
    assert mine.state == "paused"


async def test_the_key_does_not_change_under_an_offer_and_ends_open_codes(
    start_node: Start,
) -> None:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    code = await invited(one, other.origin)
    await pairing.offer(other.node, code, pairing.Scope(), pairing.Scope(), BY)
    with pytest.raises(Refused, match="waits to be confirmed"):
        await rotate(one.node, BY)
    await pairing.drop_offer(one.node, other.origin, BY)
    code = await invited(one, other.origin)
    before = await own_fingerprint(one.node.db, one.node.uris)
    assert await rotate(one.node, BY) != before
    with pytest.raises(Refused, match="does not have the keys"):
        await pairing.offer(other.node, code, pairing.Scope(), pairing.Scope(), BY)
    await paired(one, other)
    assert await state_of(one, other) == "active"


async def test_without_the_old_key_only_a_new_code_helps(partners: Sites) -> None:
    one, other = partners
    key = await other.node.keyring.instance_ed25519()

    async def lose(tx: Transaction) -> None:
        await tx.execute("DELETE FROM key WHERE key_id = ?", key.key_id)
        new = PrivateKey(f"{other.origin}/actor#ed25519-new", generate_ed25519())
        await other.node.keyring.add_local(
            tx, other.node.uris.instance_actor, new.key_id, new, vouches=True
        )
        actor = other.node.uris.instance_actor
        await tx.execute("UPDATE actor SET updated_at = updated_at + 1 WHERE uri = ?", actor)

    await other.node.db.write(lose)
    other.node.keyring.forget_form("")
    other.node.keyring.forget_form(one.origin)
    said = await change(other, one, None, await other.node.keyring.instance_ed25519())
    with_new = await other.node.keyring.instance_ed25519()
    body, url = orjson.dumps(said), f"{one.origin}/actor/inbox"
    headers = sign_message(with_new, "POST", url, body, one.node.clock())
    assert (await post(one, body, headers))[0] == 401
    checks = {check.name: check for check in await probe(one.node, other.origin, BY)}
    assert checks["keys"].came == "changed"
    assert await state_of(one, other) == "key_changed"
    codes = {notice.code for notice in await notices(one.node.db)}
    assert codes == {"partner.notice_key_changed"}

    async def forget(tx: Transaction) -> None:
        await tx.execute("DELETE FROM partnership")

    await other.node.db.write(forget)
    await paired(one, other)
    assert await state_of(one, other) == "active"
